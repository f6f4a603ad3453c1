// GOTRACEBACK=crash: all stacks, and the end by SIGABRT.
// want-stderr: panic: x\n\ngoroutine 1 gp=* m=0 mp=* [running]:\n*
// want-exit: 134
// env: GOTRACEBACK=crash
#include "support.h"
GOABI void mainMain() { test::panicText("x"); }
