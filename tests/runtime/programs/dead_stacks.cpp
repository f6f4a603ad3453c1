// Dead goroutines keep their stacks for the next ones; those that nobody needs are given back, and the goroutines without one get a
// new one. Deep ones ask for larger first segments, so that kept ones are exchanged.
// want-stderr: kept: true\nstill kept: true\ngiven back: true\ndone 15000\n
// want-exit: 0
#include "support.h"
using namespace test;

static constexpr int kMany = 5000;
static constexpr int64_t kAbout = kMany * int64_t(kStackMin);  // bytes in their stacks, at least
static Atomic<int64_t> done;
static uint32_t finished, gate;
static Closure work;

static void worker(Closure* c) {
  semacquire(&gate);
  if (c->more != 0) CHECK(deep(int64_t(c->more)) > 0);
  if (done.xadd(1) % kMany == 0) semrelease(&finished);
}

static void round(uint64_t depth) {
  work = closure(worker, nullptr, depth);
  for (int i = 0; i < kMany; i++) newproc(asFunc(&work));
  for (int i = 0; i < kMany; i++) semrelease(&gate);
  semacquire(&finished);
  for (int i = 0; i < 100; i++) gosched();  // the last ones end
}

static int64_t inUse() {
  static int64_t n;
  systemstackCall([](void*) { n = stackInuse(); }, nullptr);
  return n;
}

static void trim() {
  systemstackCall([](void*) { gfTrim(); }, nullptr);
}

GOABI void mainMain() {
  goGOMAXPROCS(1);
  round(0);
  rtPrint("kept: ", inUse() > kAbout ? "true" : "false", "\n");
  trim();
  rtPrint("still kept: ", inUse() > kAbout ? "true" : "false", "\n");
  trim();
  rtPrint("given back: ", inUse() < kAbout / 4 ? "true" : "false", "\n");
  round(0);
  round(100);
  rtPrint("done ", done.load(), "\n");
}
