// What programs may ask of the collector and tell it: runtime.ReadMemStats, package runtime/debug's memory functions.
//
// MemStats is the allocator's figures (mem/mem_stats.cpp) with the collector's added. gc's identities hold: Sys is the sum of
// the *Sys fields; HeapSys + StackSys and what the runtime keeps for itself are counted once.
#include "boot/boot.h"
#include "gc/sweep.h"
#include "gc/trace.h"
#include "mem/mem_stats.h"
#include "stack/stack.h"

namespace burrow::rt {

GOABI void goGC() GO_SYM("runtime.GC");

GOABI void goReadMemStats(GoMemStats* m) GO_SYM("runtime.readmemstats");
GOABI void goReadMemStats(GoMemStats* m) {
  WorldStop w = stopTheWorld("read mem stats");
  systemstack([&] {
    readMemStats(m);
    // The heap's manual spans hold work buffers; goroutine stacks have memory of their own.
    m->gcSys += m->stackSys;
    m->stackInuse = uint64_t(stackInuse());
    m->stackSys = uint64_t(stackStats.sys.load());
    m->sys += m->stackSys;
    m->nextGC = gcController.heapGoal();
    m->lastGC = uint64_t(gcTotals.lastGCUnix.load());
    m->pauseTotalNs = gcTotals.pauseTotalNs.load();
    memcpy(m->pauseNs, gcTotals.pauseNs, sizeof m->pauseNs);
    memcpy(m->pauseEnd, gcTotals.pauseEnd, sizeof m->pauseEnd);
    m->numGC = gcTotals.numGC.load();
    m->numForcedGC = gcTotals.numForcedGC;
    m->gcCPUFraction = gcTotals.cpuFraction;
    m->enableGC = gcTotals.enableGC;
  });
  startTheWorld(w);
}

// ---- runtime/debug

GOABI void readGCStats(GoSlice* pauses) GO_SYM("runtime/debug.readGCStats");
// The slice has room for 2*256+3 numbers: pauses, newest first; their ends; then the last collection's time, how many there
// were, and all pauses together.
GOABI void readGCStats(GoSlice* pauses) {
  if (pauses->cap < 2 * 256 + 3) throw_("short slice passed to readGCStats");
  auto* out = static_cast<uint64_t*>(pauses->data);
  systemstack([&] {
    lock(&mheap_.lock);
    const uint32_t total = gcTotals.numGC.load();
    const uint32_t n = total < 256 ? total : 256;
    for (uint32_t i = 0; i < n; i++) {
      const uint32_t at = (total - 1 - i) % 256;
      out[i] = gcTotals.pauseNs[at];
      out[n + i] = gcTotals.pauseEnd[at];
    }
    out[2 * n] = uint64_t(gcTotals.lastGCUnix.load());
    out[2 * n + 1] = total;
    out[2 * n + 2] = gcTotals.pauseTotalNs.load();
    pauses->len = int64_t(2 * n + 3);
    unlock(&mheap_.lock);
  });
}

GOABI void freeOSMemory() GO_SYM("runtime/debug.freeOSMemory");
GOABI void freeOSMemory() {
  G* gp = getg();
  gp->rootless = uintptr_t(freeOSMemory);
  goGC();
  gp->rootless = 0;
  mheap_.scavenge(~uint64_t{0} / 2);
}

namespace {

// A new setting counts from now on: goal, trigger and sweep rate follow.
template <class F>
void changeSetting(F change) {
  WorldStop w = stopTheWorld("GOMAXPROCS");
  systemstack([&] {
    change();
    gcController.commit();
    uint64_t goal;
    gcPaceSweeper(gcController.trigger(&goal));
    scavengePace();
    if (gcphase == GCmark) gcController.revise();
  });
  startTheWorld(w);
}

}  // namespace

GOABI int32_t setGCPercent(int32_t in) GO_SYM("runtime/debug.setGCPercent");
GOABI int32_t setGCPercent(int32_t in) {
  int32_t old = 0;
  changeSetting([&] { old = gcController.setGCPercent(in); });
  // Turned off: a collection that is going on ends first, so that none is seen afterwards.
  if (in < 0) gcWaitOnMark(work.cycles.load());
  return old;
}

GOABI int64_t setMemoryLimit(int64_t in) GO_SYM("runtime/debug.setMemoryLimit");
GOABI int64_t setMemoryLimit(int64_t in) {
  if (in < 0) return gcController.memoryLimit.load();
  int64_t old = 0;
  changeSetting([&] { old = gcController.setMemoryLimit(in); });
  return old;
}

}  // namespace burrow::rt
