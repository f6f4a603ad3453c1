// A hundred thousand goroutines, some parked, some deep; semaphores between them; yielding; GOMAXPROCS while they run.
// want-stderr: done 100000\n
// want-exit: 0
#include "support.h"
using namespace test;

static Atomic<int64_t> done;
static uint32_t finished, gate;

static void worker(Closure* c) {
  uint64_t i = c->more;
  if (i % 3 == 0) gosched();
  if (i % 100 == 0) CHECK(deep(300) > 0);
  if (i % 5 == 0) semacquire(&gate);
  if (i % 7 == 0) gosched();
  if (done.xadd(1) == 100000) semrelease(&finished);
}

GOABI void mainMain() {
  static Closure closures[100000];
  for (uint64_t i = 0; i < 100000; i++) {
    closures[i] = closure(worker, nullptr, i);
    newproc(asFunc(&closures[i]));
    if (i % 5 == 0 && i > 50000) semrelease(&gate);
    if (i == 30000) goGOMAXPROCS(4);
    if (i == 60000) goGOMAXPROCS(1);
    if (i == 70000) goGOMAXPROCS(3);
  }
  for (int i = 0; i < 20000; i++) semrelease(&gate);
  semacquire(&finished);
  rtPrint("done ", done.load(), "\n");
}
