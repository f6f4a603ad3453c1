// The upper level: what one P allocates from, without locks and without atomic instructions.
//
// An mcache holds one span per span class, and for small slots a run of the span's free ones that lie side by side: cleared, without
// pointer bits, counted as allocated when the run was taken. Allocation is an addition and a comparison, and compiled code
// makes it by itself (abi/alloc_run.h); nothing of the span is touched, and nothing needs to be asked: while the collector
// marks, the slots of a run were marked, and paid for, when it was taken.
//
//     span    | live | free free | live | free free free free free free ... |       freeindex: behind the run
//                                          ^next                  ^end
//
// When the run is used up the next one is taken; when the span has none the cache goes to the central (refill). What is left
// of a run goes back (retireRuns) before anybody asks what is allocated: when marking begins and ends. Checking modes make runs of one
// slot, so that they see every allocation.
//
// Rejected: taking slot after slot out of the span's window (as larger slots still are): twice the instructions, and each
// object's own clearing, pointer bits and questions to the collector.
//
// Whoever runs on the P owns the cache; it cannot change hands in the middle of an allocation, because goroutines are
// preempted only at calls and the fast path makes none (slow paths hold the M, acquirem).
//
// The records live outside the heap, so that the collector need not look at them.
#pragma once

#include "abi/alloc_run.h"
#include "mem/mheap.h"

namespace burrow::rt {

struct AllocRun {
  uint64_t next, end;
};

// What a run is limited to: cleared at once, it should still be in the nearest cache when it is handed out.
inline constexpr uint64_t kRunBytes = 4096;
constexpr bool hasRuns(unsigned spanclass) { return spanclass < abi::kNumRunClasses; }

struct MCache {
  AllocRun runs[abi::kNumRunClasses];  // by span class
  AllocRun tiny;  // what is left of the block that pointer-free objects below kTinySize bytes share; zeros: there is none
  uint64_t tinyAllocs;  // since the last flush
  int64_t memProfRate;  // what the limits of its spans were drawn for (profile/mem_profile.cpp)
  uint64_t scanAlloc;   // bytes of scan objects since the last flush (pacer)
  MSpan* alloc[kNumSpanClasses];  // emptymspan when there is none
  Atomic<uint32_t> flushGen;      // sweepgen of the last flush
  MCache* nextCache;              // all caches in use, under the heap lock

  // Replaces the class's full span by one with a free slot. Throws "out of memory" when there is none.
  // Any stack; holds the M.
  void refill(unsigned spanclass);
  // A span of its own for an object of `size` bytes, which is counted as allocated. Not zeroed: see needzero.
  MSpan* allocLarge(uint64_t size, bool noscan);
  // Takes the class's next run; its span has a free slot (advance). Holds the M. Returns the bytes that are to be paid for by
  // marking.
  uint64_t takeRun(unsigned spanclass);
  // Gives what is left of the runs back to their spans; `marked`: the slots were marked. The owner, or the world is stopped.
  void retireRuns(bool marked);
  // Slots of the class that are counted as allocated and are not yet.
  unsigned runLeft(unsigned spanclass) const {
    if (!hasRuns(spanclass) || runs[spanclass].next == runs[spanclass].end) return 0;
    return unsigned((runs[spanclass].end - runs[spanclass].next) / alloc[spanclass]->elemsize);
  }
  // Gives all spans back to the centrals and adds the counts to the heap's. The owner, or the world is stopped.
  void releaseAll();
};

static_assert(offsetof(MCache, runs) == abi::kMCacheRuns && offsetof(MCache, tiny) == abi::kMCacheTiny);
static_assert(offsetof(MCache, tinyAllocs) == abi::kMCacheTinyAllocs && kTinySize == abi::kTinyBlock);
static_assert(makeSpanClass(sizeClassOf(abi::kMaxRunSlot), true) + 1 == abi::kNumRunClasses);
static_assert(abi::kMaxRunSlot == kMinSizeForMallocHeader && abi::kRunSpanBytes == kPageSize);

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
#ifdef BURROW_HOSTED
  MCache* c = getm()->p ? getm()->p->mcache : nullptr;
#else
  MCache* c = threadMCache();
#endif
  return LIKELY(c != nullptr) ? c : mcache0;
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
