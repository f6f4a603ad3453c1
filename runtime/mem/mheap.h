// The heap itself: address space in arenas, spans of pages, and the way from an address to its span.
//
// Arenas are 64 MB of reserved, aligned addresses; memory in them becomes ready in steps of 4 MB as the heap grows, and
// resident as it is touched. For each arena there is a HeapArena record, found through a two-level index:
//
//     address   | 10 bits: level 1 | 11 bits: level 2 | 26 bits: inside the arena |
//               mheap_.arenas[l1] -> [l2] -> HeapArena -> spans[page] -> MSpan
//
// Level 1 is static, a level 2 block (16 KB, 128 GB of addresses) is made when the first arena falls into it.
//
// The lock order among the allocator's locks is MCentral, MHeap, GcBits, PersistentAlloc; nothing else is
// taken while one of them is held. Functions that take the heap lock run on g0 (systemstack), so that a goroutine's
// stack never has to grow under it: stacks come from this heap too.
#pragma once

#include "mem/mcentral.h"
#include "mem/page_alloc.h"
#include "mem/persistent_alloc.h"

namespace burrow::rt {

inline constexpr unsigned kArenaShift = 26;
inline constexpr uint64_t kHeapArenaBytes = uint64_t{1} << kArenaShift;
inline constexpr uint64_t kPagesPerArena = kHeapArenaBytes / kPageSize;
inline constexpr unsigned kArenaL2Bits = 11;
inline constexpr unsigned kArenaL1Bits = kHeapAddrBits - kArenaShift - kArenaL2Bits;
// What "len out of range" is measured against; the distribution's bound for this architecture.
inline constexpr uint64_t kMaxAlloc = uint64_t{1} << 48;

struct HeapArena {
  MSpan* spans[kPagesPerArena];  // every page of a span in use; for a free one whatever was there
  uint8_t pageInUse[kPagesPerArena / 8];     // first pages of in-use spans, one bit each
  uint8_t pageSpecials[kPagesPerArena / 8];  // first pages of spans with specials
  uint64_t zeroedBase;  // bytes from the arena's start that were never handed out begin here: still zero
};

// What the heap has from the system and what it does with it. Only the owner of the named lock changes a field; reads
// without a lock see a recent value.
struct HeapStats {
  SysMemStat heapMapped;    // ready address space of the heap (heap lock)
  SysMemStat heapReleased;  // of which is not resident: never touched, or given back
  Atomic<uint64_t> heapInUse;  // bytes of spans in state inUse
  Atomic<uint64_t> heapFree;   // free pages that are resident
  Atomic<uint64_t> stacksInUse;  // bytes of manual spans
  SysMemStat gcMiscSys, otherSys, mspanSys, mcacheSys, buckHashSys;
  // Objects, from mcaches that were flushed and from large allocations.
  Atomic<uint64_t> largeAlloc, largeAllocCount, largeFree, largeFreeCount;
  Atomic<uint64_t> smallAllocCount[kNumSizeClasses];
  Atomic<uint64_t> smallFreeCount[kNumSizeClasses];
  Atomic<uint64_t> tinyAllocCount;
  uint64_t spansInUse, mcachesInUse;  // records, heap lock
};

class MHeap {
 public:
  // A span of npages pages in state inUse for objects of the class; nil when there is no memory. Zero or not is in
  // span->needzero. Any stack; no lock above MHeap may be held.
  MSpan* alloc(uint64_t npages, unsigned spanclass);
  // Pages for the runtime's own use (state manual): not zeroed, no objects. nil when there is no memory.
  MSpan* allocManual(uint64_t npages);
  void freeManual(MSpan* s);
  // Gives an empty in-use span back.
  void freeSpan(MSpan* s);

  // The arena record of an address, or nil.
  HeapArena* arenaOf(uint64_t addr) const {
    const uint64_t i = addr >> kArenaShift;
    if (i >= (uint64_t{1} << (kArenaL1Bits + kArenaL2Bits))) return nullptr;
    HeapArena** l2 = arenas[i >> kArenaL2Bits].loadAcquire();
    return l2 ? __atomic_load_n(&l2[i & ((1u << kArenaL2Bits) - 1)], __ATOMIC_ACQUIRE) : nullptr;
  }

  // Gives free resident pages back to the system, up to `bytes`; returns how many bytes.
  uint64_t scavenge(uint64_t bytes);
  uint64_t scavengeLocked(uint64_t bytes);

  Mutex lock;
  PageAlloc pages;
  Atomic<uint32_t> sweepgen;  // see mspan.h; starts at 0
  MSpan** allspans = nullptr;  // every span record in use, in the order of their making
  uint64_t allspansLen = 0, allspansCap = 0;
  Atomic<HeapArena**> arenas[1u << kArenaL1Bits];
  uint64_t* allArenas = nullptr;  // addresses, in the order of their reservation
  uint64_t allArenasLen = 0, allArenasCap = 0;
  uint64_t curArena = 0, curArenaEnd = 0;  // reserved but not yet ready rest of the newest arena
  uint64_t arenaHint = 0;                  // number of the place where arenas are looked for
  uint64_t arenaLow = 0, arenaHigh = 0;    // every arena is between: a quick no for words that are not heap pointers
  uint64_t arenaNext = 0;                  // next address there; 0: its beginning
  HeapStats stats;
  MCentral central[kNumSpanClasses];
  FixAlloc<MSpan> spanAlloc;
  MSpan* deadSpans = nullptr;  // records to be used again, linked by `next`; they stay in allspans

 private:
  MSpan* allocSpanLocked(uint64_t npages, uint8_t state, unsigned spanclass);
  uint64_t takeAheadLocked(const MSpan* s);
  bool growLocked(uint64_t npages);
  uint64_t reserveArenas(uint64_t size);
  void recordArena(uint64_t base);
  void printOutOfMemory(uint64_t ask);
  void addReady(uint64_t base, uint64_t size);
  bool allocNeedsZero(uint64_t base, uint64_t npages);
  void setSpans(uint64_t base, uint64_t npages, MSpan* s);
  void freeSpanLocked(MSpan* s);
  MSpan* newSpanRecord();
};

extern MHeap mheap_ __asm__("runtime.mheap_");

// The span that contains the address, in any state, or nil. For pointers that are known to be into a live object.
inline MSpan* spanOf(uint64_t p) {
  HeapArena* a = mheap_.arenaOf(p);
  return a ? __atomic_load_n(&a->spans[p / kPageSize % kPagesPerArena], __ATOMIC_ACQUIRE) : nullptr;
}
// The in-use span whose object area contains p, or nil.
inline MSpan* spanOfHeap(uint64_t p) {
  MSpan* s = spanOf(p);
  if (s == nullptr || s->state.loadAcquire() != SpanState::inUse || p < s->base() || p >= s->limit) return nullptr;
  return s;
}

// Sets up the parts of the heap that are not zero: the classes of the centrals, mcache0. Touches no heap memory, reserves
// nothing: the first arena is reserved by the first allocation.
void mallocinit() __asm__("runtime.mallocinit");

}  // namespace burrow::rt
