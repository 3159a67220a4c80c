#include "CQhull.h"
int cqhull_placeholder(void) { return 0; }
