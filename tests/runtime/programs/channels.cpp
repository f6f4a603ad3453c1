// Channels and select between many goroutines; a pair that passes a value back and forth.
// want-stderr: sum 499999500000\nselected 20000\npingpong\n
// want-exit: 0
#include "chan/chan.h"
#include "os/boot_info.h"
#include "support.h"
using namespace test;

static burrow::abi::Type intType = {.size = 8, .ptrBytes = 0, .align = 8, .fieldAlign = 8, .kind = burrow::abi::kInt};
static burrow::abi::ChanType chanType;
static HChan *c, *d;

static void sender(Closure* self) {
  for (int64_t i = int64_t(self->more); i < 1000000; i += 100) chansend1(c, &i);
}
static void echo(Closure*) {
  int64_t v;
  while (chanrecv2(c, &v)) chansend1(d, &v);
}
static void feeder(Closure* self) {
  HChan* ch = self->more & 1 ? c : d;
  for (int64_t i = 0; i < 1000; i++) chansend1(ch, &i);
}

GOABI void mainMain() {
  chanType.elem = &intType;
  // Unbuffered, and buffered.
  c = makechan(&chanType, 3);
  static Closure s[100];
  for (uint64_t i = 0; i < 100; i++) {
    s[i] = closure(sender, nullptr, i);
    newproc(asFunc(&s[i]));
  }
  int64_t sum = 0, v;
  for (int i = 0; i < 1000000; i++) {
    chanrecv1(c, &v);
    sum += v;
  }
  rtPrint("sum ", sum, "\n");

  c = makechan(&chanType, 0);
  d = makechan(&chanType, 0);
  for (uint64_t i = 0; i < 20; i++) {
    s[i] = closure(feeder, nullptr, i);
    newproc(asFunc(&s[i]));
  }
  int64_t n = 0;
  for (int i = 0; i < 20000; i++) {
    int64_t a, b;
    burrow::abi::SelectCase cases[2] = {{c, &a}, {d, &b}};
    uint16_t order[4];
    auto r = selectgo(cases, order, nullptr, 0, 2, true);
    CHECK(r.chosen == 0 || r.chosen == 1);
    n++;
  }
  rtPrint("selected ", n, "\n");

  c = makechan(&chanType, 0);
  d = makechan(&chanType, 0);
  static Closure e = closure(echo);
  newproc(asFunc(&e));
  int64_t t = nanotime();
  for (int64_t i = 0; i < 200000; i++) {
    chansend1(c, &i);
    chanrecv1(d, &v);
    CHECK(v == i);
  }
  t = nanotime() - t;
  if (gogetenv("TIMES")) rtPrint("pingpong ns ", t / 200000, "\n");
  closechan(c);
  rtPrint("pingpong\n");
}
