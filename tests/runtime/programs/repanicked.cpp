// A deferred call recovers a panic and panics with the same value; then with another one.
// want-stderr: panic: first [recovered, repanicked]\n\ngoroutine 1 [running]:\n*
// want-exit: 2
#include "support.h"
using namespace test;
__attribute__((noinline)) static void again(Closure*) {
  Eface v = RECOVER();
  gopanic(v);
}
GOABI void mainMain() {
  Closure c = closure(again);
  DeferFrame f;
  DeferRecord d;
  if (deferenter(&f) == 0) {
    deferprocStack(&f, &d, asFunc(&c));
    panicText("first");
  }
}
