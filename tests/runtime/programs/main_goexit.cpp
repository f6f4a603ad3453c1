// main calls Goexit and the last goroutine ends.
// want-stderr: fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n*
// want-exit: 2
#include "support.h"
using namespace test;
static void once(Closure*) { gosched(); }
GOABI void mainMain() {
  static Closure c = closure(once);
  newproc(asFunc(&c));
  Goexit();
}
