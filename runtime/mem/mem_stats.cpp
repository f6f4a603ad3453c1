// Adding up the counters for runtime.MemStats; the identities that its documentation promises hold by construction:
//   HeapSys = HeapIdle + HeapInuse      HeapObjects = Mallocs - Frees      Sys = sum of the *Sys fields
#include "mem/mem_stats.h"

#include "mem/mcache.h"

namespace burrow::rt {

void readMemStats(GoMemStats* out) {
  memset(static_cast<void*>(out), 0, sizeof *out);
  const HeapStats& h = mheap_.stats;

  // Objects that mcaches' spans gave out since they were cached.
  uint64_t smallAllocs[kNumSizeClasses];
  for (unsigned i = 0; i < kNumSizeClasses; i++) smallAllocs[i] = h.smallAllocCount[i].load();
  uint64_t tiny = h.tinyAllocCount.load();
  forEachMCache([&](MCache* c) {
    for (unsigned i = 0; i < kNumSpanClasses; i++) {
      const MSpan* s = c->alloc[i];
      smallAllocs[i >> 1] += unsigned(s->allocCount - s->allocCountBeforeCache) - c->runLeft(i);
    }
    tiny += c->tinyAllocs;
  });

  uint64_t totalAlloc = h.largeAlloc.load(), totalFree = h.largeFree.load();
  uint64_t mallocs = h.largeAllocCount.load(), frees = h.largeFreeCount.load();
  for (unsigned i = 1; i < kNumSizeClasses; i++) {
    const uint64_t freed = h.smallFreeCount[i].load();
    totalAlloc += smallAllocs[i] * kSizeClassToSize[i];
    totalFree += freed * kSizeClassToSize[i];
    mallocs += smallAllocs[i];
    frees += freed;
    if (i < 61) {
      out->bySize[i].size = kSizeClassToSize[i];
      out->bySize[i].mallocs = smallAllocs[i];
      out->bySize[i].frees = freed;
    }
  }
  // Pieces of tiny blocks count as objects that are freed at once; their block is counted above.
  mallocs += tiny;
  frees += tiny;

  out->totalAlloc = totalAlloc;
  out->alloc = out->heapAlloc = totalAlloc - totalFree;
  out->mallocs = mallocs;
  out->frees = frees;
  out->heapObjects = mallocs - frees;
  out->heapInuse = h.heapInUse.load();
  out->heapReleased = h.heapReleased.load();
  out->heapIdle = h.heapFree.load() + out->heapReleased;
  out->heapSys = out->heapInuse + out->heapIdle;
  out->stackInuse = h.stacksInUse.load();
  out->stackSys = out->stackInuse;
  out->mspanInuse = h.spansInUse * sizeof(MSpan);
  out->mspanSys = h.mspanSys.load();
  out->mcacheInuse = h.mcachesInUse * sizeof(MCache);
  out->mcacheSys = h.mcacheSys.load();
  out->buckHashSys = h.buckHashSys.load();
  out->gcSys = h.gcMiscSys.load();
  out->otherSys = h.otherSys.load();
  out->sys = out->heapSys + out->stackSys + out->mspanSys + out->mcacheSys + out->buckHashSys + out->gcSys + out->otherSys;
  out->enableGC = true;
}

}  // namespace burrow::rt
