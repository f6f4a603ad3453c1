// A goroutine panics, its deferred call lets main.main return meanwhile: the panic is still reported.
// want-stderr: panic: late\n\ngoroutine * [running]:\n*
// want-exit: 2
#include "support.h"
using namespace test;
static uint32_t go;
static void slow(Closure*) {
  semrelease(&go);
  for (int i = 0; i < 20; i++) gosched();
}
static void panicker(Closure*) {
  static Closure s = closure(slow);
  DeferFrame f;
  DeferRecord d;
  if (deferenter(&f) == 0) {
    deferprocStack(&f, &d, asFunc(&s));
    panicText("late");
  }
}
GOABI void mainMain() {
  static Closure c = closure(panicker);
  newproc(asFunc(&c));
  semacquire(&go);
}
