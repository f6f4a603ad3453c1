// Adding up the counters for runtime.MemStats; the identities that its documentation promises hold by construction:
//   HeapSys = HeapIdle + HeapInuse      HeapObjects = Mallocs - Frees      Sys = sum of the *Sys fields
#include "mem/mem_stats.h"

#include "mem/mcache.h"

namespace burrow::rt {

AllocTotals readAllocTotals() {
  const HeapStats& h = mheap_.stats;
  AllocTotals t = {h.largeAlloc.load(), h.largeAllocCount.load(), h.tinyAllocCount.load(), {}};
  for (unsigned i = 0; i < kNumSizeClasses; i++) t.small[i] = h.smallAllocCount[i].load();
  // Objects that mcaches' spans gave out since they were cached.
  forEachMCache([&](MCache* c) {
    for (unsigned i = 0; i < kNumSpanClasses; i++) {
      const MSpan* s = c->alloc[i];
      t.small[i >> 1] += unsigned(s->allocCount - s->allocCountBeforeCache) - c->runLeft(i);
    }
    t.tiny += c->tinyAllocs;
  });
  for (unsigned i = 1; i < kNumSizeClasses; i++) {
    t.bytes += t.small[i] * kSizeClassToSize[i];
    t.mallocs += t.small[i];
  }
  t.mallocs += t.tiny;
  return t;
}

void readMemStats(GoMemStats* out) {
  memset(static_cast<void*>(out), 0, sizeof *out);
  const HeapStats& h = mheap_.stats;
  const AllocTotals t = readAllocTotals();
  const uint64_t totalAlloc = t.bytes, mallocs = t.mallocs;
  // Pieces of tiny blocks count as objects that are freed at once; their block is counted too.
  uint64_t totalFree = h.largeFree.load(), frees = h.largeFreeCount.load() + t.tiny;
  for (unsigned i = 1; i < kNumSizeClasses; i++) {
    const uint64_t freed = h.smallFreeCount[i].load();
    totalFree += freed * kSizeClassToSize[i];
    frees += freed;
    if (i < 61) {
      out->bySize[i].size = kSizeClassToSize[i];
      out->bySize[i].mallocs = t.small[i];
      out->bySize[i].frees = freed;
    }
  }

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
