// A goroutine that never blocks, on the only P: sysmon makes it yield at a call. And stopping the world from several
// goroutines at once while others compute.
// want-stderr: preempted\nstopped 200\n
// want-exit: 0
#include "support.h"
using namespace test;

static Atomic<bool> stop;
static Atomic<int64_t> turns;
__attribute__((noinline)) static int64_t work(int64_t n) {
  volatile char room[64];
  room[n & 63] = 1;
  return n + room[n & 63];
}
static void spinner(Closure*) {
  int64_t x = 0;
  while (!stop.loadRelaxed()) {
    x = work(x);
    turns.storeRelaxed(x);
  }
}
static uint32_t done;
static void stopper(Closure*) {
  for (int i = 0; i < 50; i++) {
    WorldStop w = stopTheWorld("test");
    int64_t a = turns.loadRelaxed();
    usleep(10);
    CHECK(a == turns.loadRelaxed());
    startTheWorld(w);
    gosched();
  }
  semrelease(&done);
}
static void setter(Closure*) { stop.store(true); }

GOABI void mainMain() {
  goGOMAXPROCS(1);
  static Closure spin = closure(spinner), set = closure(setter);
  newproc(asFunc(&spin));
  newproc(asFunc(&set));
  gosched();  // runs `set` first or `spin` first; either way both end
  while (!stop.loadRelaxed()) gosched();
  rtPrint("preempted\n");
  stop.store(false);
  goGOMAXPROCS(4);
  for (int i = 0; i < 2; i++) newproc(asFunc(&spin));
  static Closure st = closure(stopper);
  for (int i = 0; i < 4; i++) newproc(asFunc(&st));
  for (int i = 0; i < 4; i++) semacquire(&done);
  stop.store(true);
  rtPrint("stopped 200\n");
}
