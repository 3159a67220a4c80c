extern "C" {
#include "CGemmi.h"
int cgemmi_placeholder(void) { return 0; }
}
