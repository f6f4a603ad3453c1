// runtime.main: the main goroutine. It finishes the boot (watching thread, package initialisation), runs main.main, exits.
#include "boot/boot.h"
#include "sched/maxprocs.h"
#include "mem/malloc.h"
#include "os/os.h"
#include "panic/rt_print.h"
#include "print/print.h"
#include "stack/stack.h"
#include "symtab/symtab.h"

namespace burrow::rt {

// Written by the link step: the records of all packages, in the language's order.
extern "C" {
extern abi::InitTask* const inittasks[] GO_SYM("runtime.inittasks") __attribute__((weak));
extern const uint64_t ninittasks GO_SYM("runtime.ninittasks") __attribute__((weak));
}
GOABI void mainMain() GO_SYM("main.main");
void gcenable() GO_SYM("runtime.gcenable") __attribute__((weak));
GOABI void runExitHooks(int64_t code) GO_SYM("os.runtime_beforeExit") __attribute__((weak));  // std/runtime/library.go
// Bytes and objects allocated so far, for inittrace.
void initTraceCounters(uint64_t* bytes, uint64_t* allocs) GO_SYM("runtime.initTraceCounters");

int64_t runtimeInitTime;
bool mainInitRunning;

namespace {

void doInit1(abi::InitTask* t) {
  if (t->state == 2) return;
  if (t->state == 1) throw_("recursive call during initialization - linker skew");
  t->state = 1;
  FuncVal* fns = reinterpret_cast<FuncVal*>(t + 1);
  int64_t start = 0;
  uint64_t bytes = 0, allocs = 0;
  if (debug.inittrace) {
    initTraceCounters(&bytes, &allocs);
    start = nanotime();
  }
  for (uint32_t i = 0; i < t->nfns; i++) callClosure(&fns[i]);  // a code pointer in memory is a closure without captures
  if (debug.inittrace) {
    int64_t end = nanotime();
    uint64_t bytes2 = 0, allocs2 = 0;
    initTraceCounters(&bytes2, &allocs2);
    ft::Name package = {"?", 1};
    if (const ft::FuncRecord* f = findfunc(uintptr_t(fns[0].code))) {
      package = functab.name(*f);
      package.size = f->packageLength;
    }
    rtFormat("init # @# ms, # ms clock, # bytes, # allocs\n",
             GoString{reinterpret_cast<const uint8_t*>(package.data), int64_t(package.size)}, Millis{start - runtimeInitTime},
             Millis{end - start}, bytes2 - bytes, allocs2 - allocs);
  }
  t->state = 2;
}

void doInit() {
  const uint64_t* count = &ninittasks;
  asm("" : "+r"(count));  // weak: may be absent
  if (count == nullptr) return;
  for (uint64_t i = 0; i < *count; i++) doInit1(inittasks[i]);
}

}  // namespace

extern "C" GOABI void rtMain() GO_SYM("runtime.main");
GOABI void rtMain() {
  G* gp = getg();
  gp->isMain = true;
  maxstacksize = 1000000000;
  maxstackceiling = 2 * maxstacksize;
  mainStarted = true;

  // From sysmon's first tick on this goroutine could be preempted and go on elsewhere, before it is tied to its thread.
  M* mp = acquirem();
  systemstack([] { newm(sysmon, nullptr); });

  // Libraries that must be called from the first thread can arrange for it while they initialise.
  lockOSThread();
  releasem(mp);
  if (getm() != &m0) throw_("runtime.main not on m0");
  runtimeInitTime = nanotime();
  if (runtimeInitTime == 0) throw_("nanotime returning zero");

  // Package runtime is the first of the tasks; nothing before them needs the collector.
  if (gcenable) gcenable();
  if (followProcs() != nullptr) followProcs()->start();
  mainInitRunning = true;
  doInit();
  mainInitRunning = false;
  unlockOSThread();

  mainMain();

  // A goroutine that panics right now gets the time to say so, with its deferred calls run first.
  if (runningPanicDefers.load() != 0) {
    for (int i = 0; i < 1000 && runningPanicDefers.load() != 0; i++) gosched();
  }
  if (runExitHooks) runExitHooks(0);
  if (panicking.load() != 0) gopark(nullptr, nullptr, WaitReason::PanicWait, TraceBlockReason::Forever);
  printFlush();
  exitProcess(0);
}

}  // namespace burrow::rt
