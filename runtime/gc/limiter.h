// gcCPULimiter: the collector does not take more than half of the CPU for long, whatever the memory limit asks for.
//
// A program whose live heap comes near its memory limit collects more and more often, and pays for it with assists, until it
// does nothing else. The limiter lets the limit be passed before that. It is a bucket that CPU time of the collector fills
// and CPU time of the program drains, both without weights; while it is full goroutines do not assist and pages are not given
// back for the limit's sake (gcAssistAlloc, gcDrainN, MHeap::allocSpanLocked). Its size, a second per P, is what the collector
// may take at once.
//
//     change = collector's time - program's time;  0 <= fill <= a second per P;  limiting when fill is at its top
//
// The collector's time between two updates is a quarter of all (the background workers) while it marks, all while the world
// is stopped for it, none otherwise, and in addition what assists took. What nobody wanted counts for neither: marking by idle
// workers, which report it, and Ps without work, of which a sample is taken at each update.
//
// Rejected: stamps of when each P became idle, as gc has them, which cost every P two looks at the clock; updates come every
// 10 ms while marking, often enough for samples. Time before the last collection does not count in the bucket's favour: it
// is never less than empty.
#pragma once

#include "base/atomic.h"
#include "base/defs.h"

namespace burrow::rt {

struct GcCpuLimiter {
  static constexpr int64_t kCapacityPerProc = 1000 * 1000 * 1000;  // ns
  static constexpr int64_t kUpdatePeriod = 10 * 1000 * 1000;
  // What part of all CPU time was the collector's, in quarters.
  enum Share : int64_t { Off = 0, Marking = 1, Stopped = 4 };

  Atomic<uint32_t> full;
  Atomic<uint32_t> busy;  // somebody updates
  Atomic<int64_t> lastUpdate;
  int64_t fill;
  Atomic<int64_t> assistTime, idleMarkTime;  // since the last update
  uint32_t lastFullCycle;

  bool limiting() const { return full.loadRelaxed() != 0; }
  bool needsUpdate(int64_t now) const { return now - lastUpdate.loadRelaxed() > kUpdatePeriod; }

  // Accounts for the time since the last update, in which share was the collector's. Somebody else who does it right now has it
  // all; with the world stopped there is nobody else.
  ALWAYS_INLINE void update(int64_t now, Share share, int64_t procs, int64_t idleProcs, uint32_t cycle) {
    if (!busy.cas(0, 1)) return;
    const int64_t window = now - lastUpdate.loadRelaxed();
    if (window > 0) {
      lastUpdate.storeRelaxed(now);
      const int64_t ofCollector = window * procs / Stopped * share + assistTime.xchg(0);
      const int64_t wanted = window * (procs - idleProcs) - idleMarkTime.xchg(0);
      const int64_t capacity = procs * kCapacityPerProc;
      // The collector's less the program's, which has what is left of all.
      fill += 2 * ofCollector - (wanted > ofCollector ? wanted : ofCollector);
      if (fill < 0) fill = 0;
      const bool isFull = fill >= capacity;
      if (isFull) {
        fill = capacity;
        if (!limiting()) lastFullCycle = cycle;
      }
      full.storeRelaxed(isFull);
    }
    busy.store(0);
  }
};
extern GcCpuLimiter gcCpuLimiter __asm__("runtime.gcCPULimiter");

}  // namespace burrow::rt
