// GOTRACEBACK=none: what happened, no stacks.
// want-stderr: panic: x\n
// want-exit: 2
// env: GOTRACEBACK=none
#include "support.h"
GOABI void mainMain() { test::panicText("x"); }
