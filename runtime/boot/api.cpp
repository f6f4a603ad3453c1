// Functions of package runtime that Go code declares without a body and that have no better home (std/runtime/extern.go,
// mem.go).
#include "boot/boot.h"
#include "mem/malloc.h"
#include "mem/mem_stats.h"
#include "os/boot_info.h"
#include "panic/panic.h"
#include "sched/proc.h"
#include "stack/stack.h"
#include "symtab/traceback.h"

namespace burrow::rt {

GOABI GoString goGetenv(GoString name) GO_SYM("runtime.getenv");
GOABI GoString goGetenv(GoString name) {
  for (char** e = bootInfo.envp; *e != nullptr; e++) {
    int64_t i = 0;
    while (i < name.len && (*e)[i] == char(name.data[i])) i++;
    if (i == name.len && (*e)[i] == '=') return goString(*e + i + 1);
  }
  return {nullptr, 0};
}

GOABI int64_t NumCPU() GO_SYM("runtime.NumCPU");
GOABI int64_t NumCPU() { return ncpu; }

GOABI int64_t NumGoroutine() GO_SYM("runtime.NumGoroutine");
GOABI int64_t NumGoroutine() {
  // Not by looking at each: a program that has had a million of them keeps as many Gs.
  int64_t n = allglen.load() - __atomic_load_n(&sched.gFree.dead, __ATOMIC_RELAXED) - sched.ngsys.load();
  for (int32_t i = 0; i < gomaxprocs; i++) n -= __atomic_load_n(&allp[i]->gFreeN, __ATOMIC_RELAXED);
  return maxOf<int64_t>(n, 1);  // read while others come and go
}

GOABI void Breakpoint() GO_SYM("runtime.Breakpoint");
GOABI void Breakpoint() { __builtin_debugtrap(); }

GOABI int64_t typekind(const abi::Type* t) GO_SYM("runtime.typekind");
GOABI int64_t typekind(const abi::Type* t) { return t->kind; }

GOABI int64_t stackText(uint8_t* buf, int64_t n, bool all) GO_SYM("runtime.stackText");
GOABI int64_t stackText(uint8_t* buf, int64_t n, bool all) {
  G* gp = getg();
  const uintptr_t pc = callerPC(__builtin_return_address(0));
  WorldStop w{};
  if (all) w = stopTheWorld("stack trace (all)");
  PrintBuffer out = {buf, 0, n};
  systemstack([&] {
    G* self = getg();
    self->writebuf = &out;
    goroutineheader(gp);
    tracebackCaller(gp, pc);
    if (all) tracebackothers(gp);
    self->writebuf = nullptr;
  });
  if (all) startTheWorld(w);
  return out.len;
}

// For GODEBUG=inittrace=1: bytes and objects allocated so far.
void initTraceCounters(uint64_t* bytes, uint64_t* allocs) GO_SYM("runtime.initTraceCounters");
void initTraceCounters(uint64_t* bytes, uint64_t* allocs) {
  const AllocTotals t = readAllocTotals();
  *bytes = t.bytes;
  *allocs = t.mallocs;
}

}  // namespace burrow::rt
