// runtime.MemStats, filled from the heap's own counters.
//
// The counters are kept where the events happen: in the spans that mcaches hold (allocCount since they were taken), in
// HeapStats when a span is given back, and for large objects at once. Reading adds the three up; nothing on the
// allocation path exists for the statistics alone.
#pragma once

#include "mem/mheap.h"

namespace burrow::rt {

// Layout of Go's runtime.MemStats.
struct GoMemStats {
  uint64_t alloc, totalAlloc, sys, lookups, mallocs, frees;
  uint64_t heapAlloc, heapSys, heapIdle, heapInuse, heapReleased, heapObjects;
  uint64_t stackInuse, stackSys, mspanInuse, mspanSys, mcacheInuse, mcacheSys, buckHashSys, gcSys, otherSys;
  uint64_t nextGC, lastGC, pauseTotalNs, pauseNs[256], pauseEnd[256];
  uint32_t numGC, numForcedGC;
  double gcCPUFraction;
  bool enableGC, debugGC;
  struct {
    uint32_t size;
    uint64_t mallocs, frees;
  } bySize[61];
};
static_assert(offsetof(GoMemStats, bySize) == 24 * 8 + 2 * 256 * 8 + 8 + 8 + 8);

// What was allocated so far: bytes, objects (pieces of tiny blocks and these blocks), and of these the pieces and the slots of each class.
struct AllocTotals {
  uint64_t bytes, mallocs, tiny, small[kNumSizeClasses];
};
AllocTotals readAllocTotals();

// Fills everything but the collector's figures. Exact when the world is stopped, else each figure is of some recent moment.
GO_DECL("runtime.readmemstats_m", void, readMemStats, (GoMemStats* stats));

}  // namespace burrow::rt
