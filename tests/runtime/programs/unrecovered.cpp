// A panic that replaces a panic, nobody recovers.
// want-stderr: panic: first\n\tpanic: second\n\tmore\n\ngoroutine 1 [running]:\n*
// want-exit: 2
#include "support.h"
using namespace test;
static void again(Closure*) { panicText("second\nmore"); }
GOABI void mainMain() {
  Closure c = closure(again);
  DeferFrame f;
  DeferRecord d;
  if (deferenter(&f) == 0) {
    deferprocStack(&f, &d, asFunc(&c));
    panicText("first");
  }
}
