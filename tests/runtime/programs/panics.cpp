// defer, panic, recover, nested panics, Goexit; over segment boundaries.
// want-stderr: ok\n
// want-exit: 0
#include "support.h"
using namespace test;

static const char* recovered;
static int order;

__attribute__((noinline)) static void recoverer(Closure* c) {
  // The thunk jumps here, so that this frame's return address is the panic's.
  Eface v = RECOVER();
  if (v.type != nullptr) recovered = static_cast<const char*>(v.data);
  c->more = uint64_t(++order);
}
__attribute__((noinline)) static void counter(Closure* c) { c->more = uint64_t(++order); }
__attribute__((noinline)) static void recoverTooDeep(Closure*) {
  Closure inner = closure(recoverer);
  callClosure(asFunc(&inner));  // not called by the panic: recovers nothing
}
__attribute__((noinline)) static void bigFrameRecoverer(Closure* c) {
  volatile char room[6000];  // its prologue needs a further segment
  room[c->more % 6000] = 1;
  Eface v = RECOVER();
  if (v.type != nullptr) recovered = static_cast<const char*>(v.data);
}
__attribute__((noinline)) static void panicAgain(Closure*) { panicText("second"); }

__attribute__((noinline)) static void deepPanic(int n) {
  volatile char room[200];
  room[n % 200] = 1;
  if (n == 0) panicText("deep");
  deepPanic(n - 1);
  room[n % 100] = 2;
}

// f returns in result what it reached.
template <class Body>
__attribute__((noinline)) static int deferring(Closure* c1, Closure* c2, Body body) {
  volatile int result = 1;
  DeferFrame f;
  DeferRecord d1, d2;
  if (deferenter(&f) == 0) {
    if (c1) deferprocStack(&f, &d1, asFunc(c1));
    if (c2) deferprocStack(&f, &d2, asFunc(c2));
    result = 2;
    body();
    result = 3;
    deferreturn(&f);
    return result;
  }
  deferreturn(&f);
  return result + 10;
}

static void goexiter(Closure* c) {
  static Closure count = closure(counter), rec = closure(recoverer), again = closure(panicAgain);
  deferring(&count, nullptr, [] {
    deferring(&rec, &again, [] { Goexit(); });  // `again` panics during Goexit, `rec` recovers: Goexit goes on
    CHECK(!"went on after Goexit");
  });
  CHECK(!"went on after Goexit");
  (void)c;
}

static uint32_t finished;
static void finishing(Closure*) { semrelease(&finished); }
static void outer(Closure*) {
  static Closure fin = closure(finishing);
  deferring(&fin, nullptr, [] {
    Closure c = closure(nullptr);
    goexiter(&c);
  });
}

GOABI void mainMain() {
  Closure rec = closure(recoverer), count = closure(counter);
  // No panic: both run, last first, and recover nothing.
  CHECK(deferring(&rec, &count, [] {}) == 3 && recovered == nullptr && rec.more == 2 && count.more == 1);
  // A panic, recovered.
  CHECK(deferring(&rec, &count, [] { panicText("one"); }) == 12);
  CHECK(recovered && !test::differ(recovered, "one"));
  CHECK(getg()->panic == nullptr && getg()->deferTop == nullptr && runningPanicDefers.load() == 0);
  // From many segments further down; twice, the second time over kept segments.
  for (int i = 0; i < 2; i++) {
    recovered = nullptr;
    StackSegment* s = getg()->segment;
    CHECK(deferring(&rec, nullptr, [] { deepPanic(2000); }) == 12);
    CHECK(recovered && !test::differ(recovered, "deep") && getg()->segment == s);
  }
  // The recovering function itself lies behind a boundary.
  Closure big = closure(bigFrameRecoverer);
  recovered = nullptr;
  CHECK(deferring(&big, nullptr, [] { panicText("big"); }) == 12 && recovered && !test::differ(recovered, "big"));
  // Not called by the panic directly: goes on to the outer one.
  Closure tooDeep = closure(recoverTooDeep);
  recovered = nullptr;
  int inner = 0;
  CHECK(deferring(&rec, nullptr, [&] { inner = deferring(&tooDeep, nullptr, [] { panicText("x"); }); }) == 12);
  CHECK(inner == 0 && recovered && !test::differ(recovered, "x"));
  // A deferred call that panics replaces the panic; the first one is aborted.
  Closure again = closure(panicAgain);
  recovered = nullptr;
  CHECK(deferring(&rec, &again, [] { panicText("first"); }) == 12 && !test::differ(recovered, "second"));
  CHECK(getg()->panic == nullptr && runningPanicDefers.load() == 0);
  // A panic inside a deferred call, recovered inside it, does not disturb the first.
  recovered = nullptr;
  static Closure innerRec = closure(recoverer);
  Closure nested = closure([](Closure*) { deferring(&innerRec, nullptr, [] { panicText("inner"); }); });
  CHECK(deferring(&rec, &nested, [] { panicText("outer"); }) == 12 && !test::differ(recovered, "outer"));
  // Heap records, in a loop.
  order = 0;
  Closure cs[10];
  for (auto& c : cs) c = closure(counter);
  {
    DeferFrame f;
    if (deferenter(&f) == 0) {
      for (auto& c : cs) deferproc(&f, asFunc(&c));
    }
    deferreturn(&f);
  }
  for (int i = 0; i < 10; i++) CHECK(cs[i].more == uint64_t(10 - i));
  // Goexit.
  Closure g = closure(outer);
  newproc(asFunc(&g));
  semacquire(&finished);
  // A memory fault and a division become panics.
  recovered = nullptr;
  CHECK(deferring(&rec, nullptr, [] { int* volatile p = nullptr; *p = 1; }) == 12);
  CHECK(!test::differ(recovered, "runtime error: invalid memory address or nil pointer dereference"));
  CHECK(deferring(&rec, nullptr, [] {
    volatile int z = 0, r;
    asm volatile("cltd; idivl %2" : "=a"(r) : "a"(1), "r"(z) : "edx");
  }) == 12);
  CHECK(!test::differ(recovered, "runtime error: integer divide by zero"));
  rtPrint("ok\n");
}
