// mallocgc and what is built on it. The order of events in an allocation is the collector's contract:
//   1. take the slot (only this P looks at its cache);
//   2. clear it if the span's slots may hold old data (slots of runs, mem/mcache.h, are clear, and marked if need be);
//   3. write its pointer bits, header or large type;
//   4. a store fence (a compiler barrier on x86) so that whoever sees the pointer sees 2 and 3;
//   5. return.
// A conservative scan takes slots from freeIndexForScan on for free, so that it never meets a slot between 1 and 4. That
// index is moved when the collector starts (world stopped) and, while it marks, by every allocation.
//
// From 1 to 5 there is no call that could stop the goroutine; see mem/mcache.h. When the collector marks (or a checking
// mode wants to know of every allocation) the new object is marked after 4, with the M held, and the goroutine pays for it
// by marking too (gc/workers.cpp): that is the one test that the fast path makes for the collector.
#include "mem/malloc.h"

#include "gc/barrier.h"
#ifndef BURROW_HOSTED
#include "gc/gc.h"
#include "gc/trace.h"
#endif

namespace burrow::rt {

uint64_t zerobase;
const MemProfiler* memProfiler;

namespace {

ALWAYS_INLINE void publicationBarrier() { __asm__ volatile("" ::: "memory"); }

// One look for all: the low word says that the collector marks, the other one that a checking mode is on.
ALWAYS_INLINE bool allocationIsWatched() {
  return UNLIKELY(*reinterpret_cast<const volatile uint64_t*>(&writeBarrier) != 0);
}

#ifdef BURROW_HOSTED
ALWAYS_INLINE uint64_t watched(MSpan*, uint64_t, uint64_t result) { return result; }
ALWAYS_INLINE void gcMaybeStart() {}
ALWAYS_INLINE void gcTestTrigger() {}
ALWAYS_INLINE void payDebt() {}
ALWAYS_INLINE void noteDebt(M*, uint64_t) {}
ALWAYS_INLINE void releasemWithoutYield(M* m) { releasem(m); }
#else
// Tells the checking modes of an allocation, and marks for what the goroutine owes.
NO_INLINE void payDebt() {
  if (debug.gcalways != 0) gcAlways();
  if (gcBlackenEnabled.loadRelaxed() == 0) return;
  G* gp = getg();
  M* m = getm();
  if (gp != m->curg || m->locks > 0 || m->preemptoff != nullptr) return;
  if (gp->gcAssistBytes < 0) gcAssistAlloc(gp);
}
// `bytes` were allocated while the collector marks; m is held.
ALWAYS_INLINE void noteDebt(M* m, uint64_t bytes) {
  G* gp = getg();
  if (bytes != 0 && gp == m->curg && m->locks == 1) gp->gcAssistBytes -= int64_t(bytes);
}
// releasem, after which the caller goes on without a call that could stop it.
ALWAYS_INLINE void releasemWithoutYield(M* m) {
  if (UNLIKELY(m->locks == 1 && getg()->preempt.loadRelaxed())) releasemSlow();
  m->locks--;
}

// The collector's part of an allocation. m is held from before the call: until the object is marked nobody may stop us.
NO_INLINE uint64_t finishWatched(M* m, MSpan* s, uint64_t slot, uint64_t result) {
  if (writeBarrier.enabled != 0) gcmarknewobject(s, slot);
  s->freeIndexForScan = s->freeindex;
  if (gcBlackenEnabled.loadRelaxed() != 0) noteDebt(m, s->elemsize);
  releasem(m);
  payDebt();
  return result;
}
ALWAYS_INLINE uint64_t watched(MSpan* s, uint64_t slot, uint64_t result) {
  M* m = acquirem();
  return finishWatched(m, s, slot, result);
}
#endif

// Sees to it that the class's span has a free slot in its window, by way of the central or the heap if need be.
// A collection at every allocation comes before the span is taken: after it the caller would find the span flushed, for ever.
NO_INLINE void refillSlow(unsigned spanclass) {
#ifndef BURROW_HOSTED
  if (UNLIKELY(debug.gcalways != 0)) gcAlways();
#endif
  M* m = acquirem();
  if (m->mallocing) throw_("malloc deadlock");
  m->mallocing = 1;
  MCache* c = getMCache();
  MSpan* s = c->alloc[spanclass];
  const bool refill = !s->advance();
  if (refill) c->refill(spanclass);
  m->mallocing = 0;
  if (UNLIKELY(memProfiler != nullptr && !refill && memProfiler->due(s)))
    memProfiler->record(s->base() + s->firstFree() * s->elemsize, s->elemsize);
  releasem(m);
  if (refill) gcTestTrigger();
}

// The first slot of the class's next run. Whatever may stop the goroutine comes before the slot is taken and nothing after it:
// the pointer bits that the caller is going to write share a word with other slots' bits, which are the business of whichever P
// has the span. So the marking that is due for a run is noted, and paid by the next one.
NO_INLINE uint64_t runSlow(unsigned spanclass) {
  payDebt();
  const uint64_t slot = kSizeClassToSize[spanclass >> 1];
  M* m = acquirem();
  if (m->mallocing) throw_("malloc deadlock");
  m->mallocing = 1;
  uint64_t debt = 0;
  bool sampled = false;
  MCache* c;
  for (;;) {
    c = getMCache();
    // On the way here the goroutine may have been stopped, and this P's cache have got a run: it is used up before another one is
    // taken, and before its span is replaced.
    if (c->runs[spanclass].next + slot <= c->runs[spanclass].end) break;
    if (MSpan* s = c->alloc[spanclass]; s->advance()) {
      // A run ends before the next sampled slot, so that only its first one can be one.
      sampled = memProfiler != nullptr && memProfiler->due(s);
      debt = c->takeRun(spanclass);
      break;
    }
    c->refill(spanclass);
    m->mallocing = 0;
    releasem(m);
    gcTestTrigger();
    m = acquirem();
    m->mallocing = 1;
  }
  const uint64_t x = c->runs[spanclass].next;
  c->runs[spanclass].next = x + slot;
  m->mallocing = 0;
  if (UNLIKELY(sampled)) memProfiler->record(x, slot);
  noteDebt(m, debt);
  releasemWithoutYield(m);
  return x;
}

// A slot of a class that has runs: cleared, without pointer bits.
ALWAYS_INLINE uint64_t nextOfRun(unsigned spanclass) {
  AllocRun& run = getMCache()->runs[spanclass];
  const uint64_t x = run.next, after = x + kSizeClassToSize[spanclass >> 1];
  if (UNLIKELY(after > run.end)) return runSlow(spanclass);
  run.next = after;
  return x;
}

// A slot of a larger class; *span is its span. Not cleared. Its last act is the inlined fast path.
ALWAYS_INLINE uint64_t nextFree(unsigned spanclass, MSpan** span) {
  for (;;) {
    MSpan* s = getMCache()->alloc[spanclass];
    if (const uint64_t x = s->nextFreeFast(); LIKELY(x != 0)) {
      *span = s;
      return x;
    }
    refillSlow(spanclass);
  }
}

// A new tiny block of which `size` bytes are taken at once.
NO_INLINE uint64_t newTinyBlock(uint64_t size) {
  const uint64_t x = nextOfRun(kTinySpanClass);
  // Keep the block that has more room left for what comes. Read the cache again: the slow path may have changed P.
  MCache* c = getMCache();
  const uint64_t end = x + kTinySize;
  if (end - (x + size) > c->tiny.end - c->tiny.next || c->tiny.end == 0) c->tiny = {x + size, end};
  return x;
}

ALWAYS_INLINE uint64_t mallocTiny(uint64_t size) {
  MCache* c = getMCache();
  uint64_t x = c->tiny.next;
  // Aligned as the size suggests: nothing else is known about the object.
  if ((size & 7) == 0) x = alignUp<uint64_t>(x, 8);
  else if ((size & 3) == 0) x = alignUp<uint64_t>(x, 4);
  else if ((size & 1) == 0) x = alignUp<uint64_t>(x, 2);
  if (x + size <= c->tiny.end) {
    c->tiny.next = x + size;
    c->tinyAllocs++;
    return x;
  }
  return newTinyBlock(size);
}

ALWAYS_INLINE uint64_t mallocSmallNoscan(uint64_t size, bool needzero) {
  if (LIKELY(size <= abi::kMaxRunSlot)) {
    const uint64_t x = nextOfRun(makeSpanClass(sizeClassOf(size), true));
    publicationBarrier();
    return x;
  }
  MSpan* s;
  const uint64_t x = nextFree(makeSpanClass(sizeClassOf(size), true), &s);
  if (needzero && s->needzero) memset(reinterpret_cast<void*>(x), 0, s->elemsize);
  publicationBarrier();
  if (allocationIsWatched()) return watched(s, x, x);
  return x;
}

ALWAYS_INLINE uint64_t mallocSmallScan(uint64_t size, const Type* type) {
  if (size <= kMinSizeForMallocHeader) {
    const uint64_t x = nextOfRun(makeSpanClass(sizeClassOf(size), false));
    writeHeapBits(x, size, type);
    publicationBarrier();
    return x;
  }
  MSpan* s;
  const uint64_t x = nextFree(makeSpanClass(sizeClassOf(size + kMallocHeaderSize), false), &s);
  if (s->needzero) memset(reinterpret_cast<void*>(x), 0, s->elemsize);
  *reinterpret_cast<const Type**>(x) = type;
  publicationBarrier();
  if (allocationIsWatched()) return watched(s, x, x + kMallocHeaderSize);
  return x + kMallocHeaderSize;
}

// What of a large object is going to be written at once becomes resident in one go: all that is cleared here or that the caller copies to it,
// and this much behind that.
constexpr uint64_t kLargeAheadBytes = 64 << 10;

// The caller is going to write the first `written` bytes; with needzero the others are zero, and with pointers all are until then.
NO_INLINE uint64_t mallocLarge(uint64_t size, const Type* type, bool noscan, bool needzero, uint64_t written) {
  M* m = acquirem();
  MSpan* s = getMCache()->allocLarge(size, noscan);
  // From here on the object is one for the collector, without pointers until its type is published.
  s->freeIndexForScan = 1;
  uint64_t x = s->base();
  const bool clear = (needzero || !noscan) && s->needzero, absent = s->absent;
#ifdef BURROW_HOSTED
  releasem(m);
#else
  // Marked at once, and known to this stack: it may be preempted now.
  x = finishWatched(m, s, x, x);
  gcMaybeStart();
#endif
  if (absent && (clear || written != 0)) sysPopulate(reinterpret_cast<void*>(x), clear ? size : minOf(size, written + kLargeAheadBytes));
  if (clear) {
    const uint64_t from = noscan ? written : 0;
    memset(reinterpret_cast<void*>(x + from), 0, size - from);
  }
  publicationBarrier();
  if (!noscan) __atomic_store_n(&s->largeType, type, __ATOMIC_RELEASE);
  if (memProfiler != nullptr) memProfiler->large(x, s->elemsize);
  return x;
}

}  // namespace

void* mallocgc(uint64_t size, const Type* type, bool needzero) {
  if (UNLIKELY(size == 0)) return &zerobase;
  const bool noscan = type == nullptr || type->ptrBytes == 0;
  uint64_t x;
  if (LIKELY(size <= kMaxSmallSize - kMallocHeaderSize)) {
    if (!noscan) {
      x = mallocSmallScan(size, type);
    } else if (size < kTinySize) {
      x = mallocTiny(size);
    } else {
      x = mallocSmallNoscan(size, needzero);
    }
  } else {
    x = mallocLarge(size, type, noscan, needzero, 0);
  }
  return reinterpret_cast<void*>(x);
}

void* mallocToWrite(uint64_t size, const Type* type, uint64_t written) {
  const bool noscan = type == nullptr || type->ptrBytes == 0;
  if (UNLIKELY(size > kMaxSmallSize - kMallocHeaderSize)) return reinterpret_cast<void*>(mallocLarge(size, type, noscan, true, written));
  if (!noscan) return mallocgc(size, type, true);
  auto* p = static_cast<uint8_t*>(mallocgc(size, nullptr, false));
  memset(p + written, 0, size - written);
  return p;
}

void* newobject(const Type* type) { return mallocgc(type->size, type, true); }

void* newarray(const Type* type, int64_t n) {
  if (n == 1) return mallocgc(type->size, type, true);
  uint64_t bytes;
  if (__builtin_mul_overflow(type->size, uint64_t(n), &bytes) || bytes > kMaxAlloc || n < 0) {
    panicPlainError("runtime: allocation size out of range");
  }
  return mallocgc(bytes, type, true);
}

void* makeslice(const Type* elem, int64_t len, int64_t cap) {
  uint64_t bytes;
  const bool overflow = __builtin_mul_overflow(elem->size, uint64_t(cap), &bytes);
  if (UNLIKELY(overflow || bytes > kMaxAlloc || len < 0 || len > cap)) {
    // make([]T, n) has both wrong at once: the length is what the program wrote, so it is named first.
    uint64_t lenBytes;
    const bool lenOverflow = __builtin_mul_overflow(elem->size, uint64_t(len), &lenBytes);
    if (lenOverflow || lenBytes > kMaxAlloc || len < 0) panicErrorString("makeslice: len out of range");
    panicErrorString("makeslice: cap out of range");
  }
  return mallocgc(bytes, elem, true);
}

void panicmakeslice(int64_t len) {
  panicErrorString(len < 0 ? "makeslice: len out of range" : "makeslice: cap out of range");
}

bool findObject(uint64_t p, uint64_t* base, uint64_t* size) {
  MSpan* s = spanOfHeap(p);
  if (s == nullptr) return false;
  if (s->sizeClass() == 0) {
    *base = s->base();
    *size = s->elemsize;
    return true;
  }
  const uint64_t index = s->objIndex(p);
  if (s->isFree(index)) return false;
  *base = s->base() + index * s->elemsize;
  *size = s->elemsize;
  if (!s->noscan() && !heapBitsInSpan(s->elemsize)) {
    *base += kMallocHeaderSize;
    *size -= kMallocHeaderSize;
  }
  return true;
}

}  // namespace burrow::rt
