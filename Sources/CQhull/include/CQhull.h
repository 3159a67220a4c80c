int cqhull_placeholder(void);
