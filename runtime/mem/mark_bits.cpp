// Mark and allocation bits of spans, and the slow half of finding a free slot.
//
// Bits live outside the spans, in 64 KB arenas that are bump-allocated and recycled by generation. In one collection cycle
// a span's mark bits are `next` (being marked); at the sweep they become its allocation bits (`current`); when the span is
// swept again they are replaced, and nobody points to the arena any more (`previous`), so that the whole arena is free:
//
//     next --nextMarkBitArenaEpoch--> current --...--> previous --...--> free
//
// That makes both allocation and freeing of bits a pointer move. Rejected: bits inside the span, which share its first
// cache line with objects and would be touched for every span when marking starts.
#include "mem/mspan.h"
#include "mem/persistent_alloc.h"
#include "mem/mheap.h"

namespace burrow::rt {

namespace {

constexpr uint64_t kArenaBytes = 64 << 10;

struct BitsArena {
  Atomic<uint64_t> used;
  BitsArena* next;
  uint8_t bits[kArenaBytes - 16];
};
static_assert(sizeof(BitsArena) == kArenaBytes);

struct {
  Mutex lock;
  BitsArena* free;
  Atomic<BitsArena*> next;
  BitsArena* current;
  BitsArena* previous;
} gcBits;

// Bump allocation; nil when the arena is nil or full.
uint8_t* tryAlloc(BitsArena* a, uint64_t bytes) {
  if (a == nullptr || a->used.loadRelaxed() + bytes > sizeof a->bits) return nullptr;
  const uint64_t end = a->used.xadd(bytes);
  return end > sizeof a->bits ? nullptr : a->bits + (end - bytes);
}

}  // namespace

void initMarkBits() { lockInit(&gcBits.lock, LockRank::GcBits); }

uint8_t* newMarkBits(unsigned nelems) {
  const uint64_t bytes = alignUp<uint64_t>(nelems, 64) / 8;
  if (uint8_t* p = tryAlloc(gcBits.next.loadAcquire(), bytes)) return p;
  lock(&gcBits.lock);
  uint8_t* p = tryAlloc(gcBits.next.loadRelaxed(), bytes);  // somebody may have been quicker
  if (p == nullptr) {
    BitsArena* a = gcBits.free;
    if (a) {
      gcBits.free = a->next;
      memset(static_cast<void*>(a), 0, sizeof *a);
    } else {
      a = static_cast<BitsArena*>(persistentAlloc(sizeof *a, 64, &mheap_.stats.gcMiscSys));
    }
    p = tryAlloc(a, bytes);
    a->next = gcBits.next.loadRelaxed();
    gcBits.next.storeRelease(a);
  }
  unlock(&gcBits.lock);
  return p;
}

uint8_t* newAllocBits(unsigned nelems) { return newMarkBits(nelems); }

void nextMarkBitArenaEpoch() {
  lock(&gcBits.lock);
  if (BitsArena* last = gcBits.previous) {
    while (last->next) last = last->next;
    last->next = gcBits.free;
    gcBits.free = gcBits.previous;
  }
  gcBits.previous = gcBits.current;
  gcBits.current = gcBits.next.loadRelaxed();
  gcBits.next.storeRelease(nullptr);
  unlock(&gcBits.lock);
}

bool MSpan::advance() {
  if (freeindex >= nelems) return false;  // the empty span, too, which all Ps share and nobody writes to
  while (allocCache == 0) {
    const unsigned index = (freeindex + 64u) & ~63u;
    if (index >= nelems) {
      freeindex = nelems;
      return false;
    }
    refillAllocCache(index);
    freeindex = uint16_t(index);
  }
  if (freeindex + unsigned(__builtin_ctzll(allocCache)) >= nelems) {
    freeindex = nelems;
    return false;
  }
  return true;
}

void MSpan::resetWindow() {
  if (freeindex >= nelems) {
    allocCache = 0;
    return;
  }
  refillAllocCache(freeindex & ~63u);
  allocCache >>= freeindex % 64;
}

unsigned MSpan::takeSlots(unsigned most, unsigned* first) {
  const unsigned bit = unsigned(__builtin_ctzll(allocCache));
  const unsigned from = freeindex + bit;
  const unsigned limit = minOf<unsigned>(nelems, from + most);
  // Bits beyond the window were shifted in as zeros.
  const uint64_t taken = ~(allocCache >> bit);
  unsigned to = from + (taken == 0 ? 64 : unsigned(__builtin_ctzll(taken)));
  while (to < limit && to % 64 == 0) {
    uint64_t bits;
    __builtin_memcpy(&bits, allocBits + to / 8, 8);
    to += bits == 0 ? 64 : unsigned(__builtin_ctzll(bits));
    if (bits != 0) break;
  }
  if (to > limit) to = limit;
  freeindex = uint16_t(to);
  allocCount = uint16_t(allocCount + (to - from));
  resetWindow();
  *first = from;
  return to - from;
}

void MSpan::untakeSlots(unsigned n) {
  freeindex = uint16_t(freeindex - n);
  allocCount = uint16_t(allocCount - n);
  resetWindow();
}

unsigned MSpan::countAlloc() const {
  unsigned count = 0;
  for (unsigned i = 0; i < nelems; i++) count += !isFree(i);
  return count;
}

}  // namespace burrow::rt
