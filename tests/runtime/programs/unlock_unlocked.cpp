// throw: the runtime's own errors show its frames.
// want-stderr: fatal error: unlock of unlocked lock\n*goroutine 1 gp=* m=0 mp=* [running*
// want-exit: 2
#include "support.h"
using namespace test;
GOABI void mainMain() {
  Mutex m = {};
  unlock(&m);
}
