// mallocgc and what is built on it. The order of events in an allocation is the collector's contract:
//   1. take the slot (allocCount, allocCache: only this P looks at them);
//   2. clear it if the span's slots may hold old data;
//   3. write its pointer bits, header or large type;
//   4. a store fence (a compiler barrier on x86) so that whoever sees the pointer sees 2 and 3;
//   5. return.
// A conservative scan that finds the slot between 1 and 4 is kept away by freeIndexForScan, which the slow path advances.
//
// The fast path makes no call, so that it cannot be preempted and needs no acquirem; see mem/mcache.h.
#include "mem/malloc.h"

namespace burrow::rt {

uint64_t zerobase;

namespace {

ALWAYS_INLINE void publicationBarrier() { __asm__ volatile("" ::: "memory"); }

// A free slot of the class, by way of the central or the heap if need be.
NO_INLINE uint64_t nextFreeSlow(unsigned spanclass, MSpan** span) {
  M* m = acquirem();
  if (m->mallocing) throw_("malloc deadlock");
  m->mallocing = 1;
  MCache* c = getMCache();
  MSpan* s = c->alloc[spanclass];
  unsigned index = s->nextFreeIndex();
  if (index == s->nelems) {
    c->refill(spanclass);
    s = c->alloc[spanclass];
    index = s->nextFreeIndex();
  }
  if (index >= s->nelems) throw_("freeIndex is not valid");
  s->allocCount++;
  s->freeIndexForScan = s->freeindex;
  m->mallocing = 0;
  releasem(m);
  *span = s;
  return s->startAddr + index * s->elemsize;
}

// A slot of the class; *span is its span. Not cleared.
ALWAYS_INLINE uint64_t nextFree(MCache* c, unsigned spanclass, MSpan** span) {
  MSpan* s = c->alloc[spanclass];
  if (const uint64_t x = s->nextFreeFast(); LIKELY(x != 0)) {
    *span = s;
    return x;
  }
  return nextFreeSlow(spanclass, span);
}

// A new tiny block of which `size` bytes are taken at once.
NO_INLINE uint64_t newTinyBlock(uint64_t size) {
  MSpan* s;
  const uint64_t x = nextFree(getMCache(), kTinySpanClass, &s);
  auto* words = reinterpret_cast<uint64_t*>(x);
  words[0] = 0;
  words[1] = 0;
  // Keep the block that has more room left for what comes. Read the cache again: the slow path may have changed P.
  MCache* c = getMCache();
  if (size < c->tinyoffset || c->tiny == 0) {
    c->tiny = x;
    c->tinyoffset = size;
  }
  publicationBarrier();
  return x;
}

ALWAYS_INLINE uint64_t mallocTiny(uint64_t size) {
  MCache* c = getMCache();
  uint64_t off = c->tinyoffset;
  // Aligned as the size suggests: nothing else is known about the object.
  if ((size & 7) == 0) off = alignUp<uint64_t>(off, 8);
  else if ((size & 3) == 0) off = alignUp<uint64_t>(off, 4);
  else if ((size & 1) == 0) off = alignUp<uint64_t>(off, 2);
  if (off + size <= kTinySize && c->tiny != 0) {
    c->tinyoffset = off + size;
    c->tinyAllocs++;
    return c->tiny + off;
  }
  return newTinyBlock(size);
}

ALWAYS_INLINE uint64_t mallocSmallNoscan(uint64_t size, bool needzero) {
  MSpan* s;
  const uint64_t x = nextFree(getMCache(), makeSpanClass(sizeClassOf(size), true), &s);
  if (needzero && s->needzero) memset(reinterpret_cast<void*>(x), 0, s->elemsize);
  publicationBarrier();
  return x;
}

ALWAYS_INLINE uint64_t mallocSmallScan(uint64_t size, const Type* type) {
  MSpan* s;
  if (size <= kMinSizeForMallocHeader) {
    const uint64_t x = nextFree(getMCache(), makeSpanClass(sizeClassOf(size), false), &s);
    if (s->needzero) memset(reinterpret_cast<void*>(x), 0, s->elemsize);
    writeHeapBits(s, x, size, type);
    publicationBarrier();
    return x;
  }
  const uint64_t x = nextFree(getMCache(), makeSpanClass(sizeClassOf(size + kMallocHeaderSize), false), &s);
  if (s->needzero) memset(reinterpret_cast<void*>(x), 0, s->elemsize);
  *reinterpret_cast<const Type**>(x) = type;
  publicationBarrier();
  return x + kMallocHeaderSize;
}

NO_INLINE uint64_t mallocLarge(uint64_t size, const Type* type, bool noscan, bool needzero) {
  M* m = acquirem();
  MSpan* s = getMCache()->allocLarge(size, noscan);
  s->freeIndexForScan = 1;
  releasem(m);
  // Clearing may take long: it happens where the goroutine can be preempted. Until the type is published the collector
  // takes the object for one without pointers, which it is.
  if ((needzero || !noscan) && s->needzero) memset(reinterpret_cast<void*>(s->base()), 0, size);
  publicationBarrier();
  if (!noscan) __atomic_store_n(&s->largeType, type, __ATOMIC_RELEASE);
  return s->base();
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
    x = mallocLarge(size, type, noscan, needzero);
  }
  return reinterpret_cast<void*>(x);
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
