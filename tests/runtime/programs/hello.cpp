// want-stdout: none
// want-stderr: hello, world
// want-exit: 0
#include "support.h"
GOABI void mainMain() { burrow::rt::rtPrint("hello, world\n"); }
