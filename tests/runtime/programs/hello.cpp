// want-stderr: hello, world\n
// want-exit: 0
#include "support.h"
GOABI void mainMain() { burrow::rt::rtPrint("hello, world\n"); }
