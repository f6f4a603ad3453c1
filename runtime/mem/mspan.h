// A span: a run of pages that is handed out as a whole, cut into slots of one size (or one large object), or used by the
// runtime itself (goroutine stacks).
//
// Allocation in a span goes through `allocCache`, a window of 64 bits over allocBits, complemented (1 = free), whose lowest
// bit stands for slot `freeindex`: the next free slot is a count-trailing-zeros away, and there is no free list to be
// threaded through memory that nobody has touched yet.
//
//     allocBits   1 1 0 1 0 0 0 0 ...      what was live after the last sweep (nil bits: all free)
//     freeindex       ^                    slots before it are not looked at again in this cycle
//     allocCache      ...1 1 1 1 0 1       complement, shifted right by what was consumed
//
// The collector marks into gcmarkBits; sweeping makes them the new allocBits and clears a fresh pair. Pointer bits of
// scan slots up to kMinSizeForMallocHeader bytes lie in the last 128 bytes of the span (mem/heap_bitmap.h).
//
// sweepgen, relative to mheap_.sweepgen (which grows by 2 per collection):
//     h-2  needs sweeping      h-1  being swept      h    swept
//     h+1  was cached before the sweep began and is still cached: needs sweeping
//     h+3  swept and then cached
//
// Who may touch a span: while it is cached, the P whose mcache holds it; on a central list, the holder of that list's lock
// or whoever popped it; free, the heap lock. `state` is written by the heap under its lock, with release order after all
// other fields, so that a reader who found the span through an address sees a consistent one.
#pragma once

#include "abi/size_classes.h"
#include "mem/sys_mem.h"

namespace burrow::rt {

// manual: pages of the runtime's own, not objects.
struct SpanState {
  static constexpr uint8_t dead = 0, inUse = 1, manual = 2;
};

struct alignas(kCacheLine) MSpan {
  // The first cache line is all that marking looks at; the allocator's fields, which change with every slot, are in the second.
  uint64_t startAddr;
  uint64_t limit;       // end of the object data
  uint8_t* gcmarkBits;  // whole 64-bit words; spans that are scanned as a whole have scanBits() behind them
  uint8_t* allocBits;   // from newAllocBits; whole 64-bit words
  uint64_t elemsize;
  const Type* largeType;  // large scan object: its type, published after the memory is zero
  uint32_t divMul;      // for objIndex
  Atomic<uint32_t> sweepgen;
  uint16_t nelems;
  uint16_t freeIndexForScan;  // slots before it are objects for the marking collector; trails freeindex, but is nelems after a sweep
                              // that found all of them alive: no look at allocBits then
  uint8_t spanclass;
  Atomic<uint8_t> state;
  bool scanBySpan;      // small slots with pointers: the collector scans what is marked in the span together (gc/mark.cpp)
  Atomic<uint8_t> queued;  // it waits for that, or is being scanned

  MSpan* next;
  MSpan* prev;
  uint64_t allocCache;
  uint32_t npages;
  uint16_t freeindex;   // 0..nelems; scan for a free slot starts here
  uint16_t allocCount;
  uint16_t allocLimit;  // while cached: the fast path hands out slots below it, and runs end before it; nelems, or the next one that the memory
                        // profile samples (mem/malloc.h, MemProfiler)
  uint16_t allocCountBeforeCache;  // allocCount when the mcache took the span, for the statistics
  bool needzero;        // slots may hold old data and are cleared when they are handed out
  bool onCentralFull;   // which central list holds it
  bool onCentral;       // whether one does; the central's lock
  bool absent;          // some of its pages were not resident when the heap handed it out
  Mutex speciallock;
  void* specials;       // records hung on objects (finalizers, profile); sorted by offset
  int64_t allocTime;    // nanotime when the heap handed it out: its age, for the inspector

  uint64_t base() const { return startAddr; }
  uint64_t end() const { return startAddr + npages * kPageSize; }
  // Marked objects that were scanned, or need no scan.
  uint64_t* scanBits() const { return reinterpret_cast<uint64_t*>(gcmarkBits) + (nelems + 63u) / 64; }
  // How many bits newMarkBits is asked for.
  unsigned markBitCount() const { return scanBySpan ? 2 * ((nelems + 63u) & ~63u) : nelems; }
  bool noscan() const { return spanclass & 1; }
  unsigned sizeClass() const { return spanclass >> 1; }
  // Index of the slot that contains p; p is inside the span.
  uint64_t objIndex(uint64_t p) const { return ((p - startAddr) * divMul) >> 32; }
  bool isFree(uint64_t index) const {
    if (index < freeindex) return false;
    return (allocBits[index / 8] >> (index % 8) & 1) == 0;
  }

  // The same for the collector while it marks: a slot that is just being handed out, and has no pointer bits yet, is free.
  bool isFreeForScan(uint64_t index) const {
    if (index < freeIndexForScan) return false;
    return (allocBits[index / 8] >> (index % 8) & 1) == 0;
  }

  // Loads the window that contains slot `index` (a multiple of 64).
  void refillAllocCache(unsigned index) {
    uint64_t bits;
    __builtin_memcpy(&bits, allocBits + index / 8, 8);
    allocCache = ~bits;
  }

  // The window's first free slot; it has one (advance).
  unsigned firstFree() const { return freeindex + unsigned(__builtin_ctzll(allocCache)); }
  // The next free slot of the window below allocLimit: its address, or 0 when there is none (the slow path then sees why). Makes
  // no call: the caller cannot lose its P in between.
  ALWAYS_INLINE uint64_t nextFreeFast() {
    if (allocCache == 0) return 0;
    const unsigned bit = unsigned(__builtin_ctzll(allocCache));
    const unsigned result = freeindex + bit;
    if (result >= allocLimit) return 0;
    const unsigned after = result + 1;
    if (UNLIKELY(after % 64 == 0 && after != nelems)) {
      refillAllocCache(after);
    } else {
      allocCache >>= bit;
      allocCache >>= 1;
    }
    freeindex = uint16_t(after);
    allocCount++;
    return startAddr + result * elemsize;
  }

  // Moves the window on until it has a free slot; false when the span is full.
  bool advance();
  // Takes free slots that lie side by side, beginning with the window's first (advance found one): at most `most`. Returns their
  // number and the first.
  unsigned takeSlots(unsigned most, unsigned* first);
  // Gives the last `n` slots that takeSlots took back: nothing was taken since.
  void untakeSlots(unsigned n);
  // Loads the window so that freeindex is its lowest bit.
  void resetWindow();
  // Slots in use according to allocBits and freeindex, counted; for checks.
  unsigned countAlloc() const;
};

static_assert(sizeof(MSpan) == 2 * kCacheLine);

// Doubly linked list with a sentinel-free head; guarded by its owner.
struct SpanList {
  MSpan* first = nullptr;
  MSpan* last = nullptr;
  uint64_t count = 0;

  bool empty() const { return first == nullptr; }
  void pushBack(MSpan* s) {
    s->next = nullptr;
    s->prev = last;
    (last ? last->next : first) = s;
    last = s;
    count++;
  }
  void remove(MSpan* s) {
    (s->prev ? s->prev->next : first) = s->next;
    (s->next ? s->next->prev : last) = s->prev;
    s->next = s->prev = nullptr;
    count--;
  }
  MSpan* popFront() {
    MSpan* s = first;
    if (s) remove(s);
    return s;
  }
};

// Zeroed bit arrays for `nelems` slots, in whole 64-bit words; see mark_bits.cpp for their lifetime. Any lock may be held.
void initMarkBits();
uint8_t* newMarkBits(unsigned nelems);
uint8_t* newAllocBits(unsigned nelems);
// Called once at the start of each collection's mark phase, world stopped: the arenas of bits rotate.
void nextMarkBitArenaEpoch();

}  // namespace burrow::rt
