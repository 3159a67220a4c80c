int cgemmi_placeholder(void);
