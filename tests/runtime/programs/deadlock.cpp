// Everybody waits.
// want-stderr: fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [semacquire]:\n*\ngoroutine * [semacquire]:\n*
// want-exit: 2
#include "support.h"
using namespace test;
static uint32_t never, never2;
static void waiter(Closure*) { semacquire(&never2); }
GOABI void mainMain() {
  static Closure c = closure(waiter);
  newproc(asFunc(&c));
  semacquire(&never);
}
