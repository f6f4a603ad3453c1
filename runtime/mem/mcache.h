// The upper level: what one P allocates from, without locks and without atomic instructions.
//
// An mcache holds one span per span class. Allocation takes the span's next free slot; only when there is none does it go
// to the central (refill). Whoever runs on the P owns the cache; it cannot change hands in the middle of an allocation,
// because goroutines are preempted only at calls and the fast path makes none (slow paths hold the M, acquirem).
//
// The records live outside the heap, so that the collector need not look at them.
#pragma once

#include "mem/mheap.h"

namespace burrow::rt {

struct MCache {
  // The block that pointer-free objects below kTinySize bytes share: [tiny, tiny + kTinySize), used up to tinyoffset.
  uint64_t tiny;
  uint64_t tinyoffset;
  uint64_t tinyAllocs;  // since the last flush
  uint64_t nextSample;  // bytes until the next profile sample
  uint64_t scanAlloc;   // bytes of scan objects since the last flush (pacer)
  MSpan* alloc[kNumSpanClasses];  // emptymspan when there is none
  Atomic<uint32_t> flushGen;      // sweepgen of the last flush
  MCache* nextCache;              // all caches in use, under the heap lock

  // Replaces the class's full span by one with a free slot. Throws "out of memory" when there is none.
  // Any stack; holds the M.
  void refill(unsigned spanclass);
  // A span of its own for an object of `size` bytes, which is counted as allocated. Not zeroed: see needzero.
  MSpan* allocLarge(uint64_t size, bool noscan);
  // Gives all spans back to the centrals and adds the counts to the heap's. The owner, or the world is stopped.
  void releaseAll();
};

// A span without slots, for mcaches that have nothing: nextFreeFast fails on it.
extern MSpan emptymspan __asm__("runtime.emptymspan");
// Serves allocations before there is a P.
extern MCache* mcache0 __asm__("runtime.mcache0");

MCache* allocmcache() __asm__("runtime.allocmcache");
// Flushes the cache and recycles the record.
void freemcache(MCache* c) __asm__("runtime.freemcache");
void initMCaches();

// Calls f for every cache in use; takes the heap lock on g0.
template <class F>
void forEachMCache(F f);

// The cache of the P that the caller runs on. Valid until the next call that may yield.
ALWAYS_INLINE MCache* getMCache() {
  const M* m = getm();
  return LIKELY(m->p != nullptr) ? m->p->mcache : mcache0;
}

extern MCache* allmcaches;
template <class F>
void forEachMCache(F f) {
  systemstack([&] {
    lock(&mheap_.lock);
    for (MCache* c = allmcaches; c; c = c->nextCache) f(c);
    unlock(&mheap_.lock);
  });
}

}  // namespace burrow::rt
