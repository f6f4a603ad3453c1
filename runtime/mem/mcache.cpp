// MCache: refilling, large objects, flushing, and the list of caches.
#include "mem/mcache.h"

#include "mem/heap_bitmap.h"
#include "mem/malloc.h"

#ifndef BURROW_HOSTED
#include "gc/gc.h"
#include "gc/sweep.h"
#include "gc/trace.h"
#endif

namespace burrow::rt {

MSpan emptymspan;
MCache* mcache0;
MCache* allmcaches;

namespace {

FixAlloc<MCache> mcacheAlloc;  // under the heap lock
// mcache0: needs no memory, so that a program may start before the heap exists. Not among the variables that the collector scans: what
// it knows of free slots (the next one, the end of the run) are addresses of objects, too, once those are taken.
__attribute__((section(".bss.noptr.runtime.mcache0"))) MCache firstCache;

ALWAYS_INLINE void heapGrows(int64_t live, int64_t scan) {
#ifndef BURROW_HOSTED
  gcController.update(live, scan);
#endif
}

#ifdef BURROW_HOSTED
bool marking() { return false; }
unsigned mostSlots(unsigned n) { return n; }
void countMarked(int64_t) {}
#else
bool marking() { return writeBarrier.enabled != 0; }
unsigned mostSlots(unsigned n) { return UNLIKELY(debug.gcalways != 0) ? 1 : n; }
void countMarked(int64_t bytes) { work.bytesMarked.xadd(uint64_t(bytes)); }
#endif

void change(uint64_t* word, uint64_t mask, bool set) {
  if (set) {
    __atomic_fetch_or(word, mask, __ATOMIC_RELEASE);
  } else {
    __atomic_fetch_and(word, ~mask, __ATOMIC_RELAXED);
  }
}

// Sets or clears the mark bits of slots [from, from + n).
void markSlots(MSpan* s, unsigned from, unsigned n, bool set) {
  while (n > 0) {
    const unsigned bit = from % 64, here = minOf(64 - bit, n);
    const uint64_t mask = (here == 64 ? ~uint64_t{0} : (uint64_t{1} << here) - 1) << bit;
    // Scanned before marked: whoever sees the mark has nothing to do.
    if (s->scanBySpan) change(s->scanBits() + from / 64, mask, set);
    change(reinterpret_cast<uint64_t*>(s->gcmarkBits) + from / 64, mask, set);
    from += here;
    n -= here;
  }
}

void reset(MCache* c) {
  for (MSpan*& s : c->alloc) s = &emptymspan;
}

}  // namespace

void initMCaches() {
  mcache0 = &firstCache;
  reset(mcache0);
  allmcaches = mcache0;
  mheap_.stats.mcachesInUse = 1;
}

MCache* allocmcache() {
  MCache* c = nullptr;
  systemstack([&] {
    lock(&mheap_.lock);
    c = mcacheAlloc.alloc(&mheap_.stats.mcacheSys);
    c->flushGen.store(mheap_.sweepgen.load());
    reset(c);
    c->nextCache = allmcaches;
    allmcaches = c;
    mheap_.stats.mcachesInUse++;
    unlock(&mheap_.lock);
  });
  return c;
}

void freemcache(MCache* c) {
  systemstack([&] {
    c->releaseAll();
    lock(&mheap_.lock);
    for (MCache** link = &allmcaches; *link; link = &(*link)->nextCache) {
      if (*link != c) continue;
      *link = c->nextCache;
      break;
    }
    mheap_.stats.mcachesInUse--;
    if (c != &firstCache) mcacheAlloc.free(c);
    unlock(&mheap_.lock);
  });
}

void MCache::refill(unsigned spanclass) {
  MSpan* s = alloc[spanclass];
  if (s != &emptymspan) {
    if (s->allocCount != s->nelems || runLeft(spanclass) != 0) throw_("refill of span with free space remaining");
    const unsigned n = unsigned(s->allocCount - s->allocCountBeforeCache);
    mheap_.stats.smallAllocCount[spanclass >> 1].xadd(n);
    if (!(spanclass & 1)) scanAlloc += n * s->elemsize;
    mheap_.central[spanclass].uncacheSpan(s);
  }
  s = mheap_.central[spanclass].cacheSpan();
  if (s == nullptr) throw_("out of memory");
  s->allocCountBeforeCache = s->allocCount;
  s->sweepgen.store(mheap_.sweepgen.load() + 3);
  if (spanclass == kTinySpanClass) {
    mheap_.stats.tinyAllocCount.xadd(tinyAllocs);
    tinyAllocs = 0;
  }
  s->allocLimit = s->nelems;
  if (memProfiler != nullptr) memProfiler->place(s);
  alloc[spanclass] = s;
  // The collector's pace counts the span as full from now on; what is given back unused is taken off again.
  heapGrows(int64_t((s->nelems - s->allocCount) * s->elemsize), int64_t(scanAlloc));
  scanAlloc = 0;
}

uint64_t MCache::takeRun(unsigned spanclass) {
  MSpan* s = alloc[spanclass];
  unsigned first;
  const unsigned room = s->allocLimit - s->firstFree();  // to the next sampled slot
  const unsigned n =
      s->takeSlots(minOf(mostSlots(unsigned(maxOf<uint64_t>(kRunBytes / s->elemsize, 1))), room), &first);
  const uint64_t from = s->base() + first * s->elemsize, bytes = n * s->elemsize;
  if (s->needzero) {
    memset(reinterpret_cast<void*>(from), 0, bytes);
    if (!s->noscan()) clearHeapBits(s, from, bytes);
  }
  runs[spanclass] = {from, from + bytes};
  if (LIKELY(!marking())) return 0;
  markSlots(s, first, n, true);
  s->freeIndexForScan = s->freeindex;
  countMarked(int64_t(bytes));
  return bytes;
}

void MCache::retireRuns(bool marked) {
  for (unsigned i = 0; i < abi::kNumRunClasses; i++) {
    const unsigned left = runLeft(i);
    if (left != 0) {
      MSpan* s = alloc[i];
      s->untakeSlots(left);
      if (marked) {
        markSlots(s, s->freeindex, left, false);
        countMarked(-int64_t(left * s->elemsize));
      }
    }
    runs[i] = {0, 0};
  }
}

MSpan* MCache::allocLarge(uint64_t size, bool noscan) {
  if (size + kPageSize < size) throw_("out of memory");
  const uint64_t npages = (size + kPageSize - 1) >> kPageShift;
  const unsigned spanclass = makeSpanClass(0, noscan);
#ifndef BURROW_HOSTED
  deductSweepCredit(npages * kPageSize);
#endif
  MSpan* s = mheap_.alloc(npages, spanclass);
  if (s == nullptr) throw_("out of memory");
  mheap_.stats.largeAlloc.xadd(npages * kPageSize);
  mheap_.stats.largeAllocCount.xadd(1);
  s->freeindex = 1;
  s->allocCount = 1;
  s->limit = s->base() + size;
  mheap_.central[spanclass].pushFullSwept(s);
  heapGrows(int64_t(npages * kPageSize), noscan ? 0 : int64_t(size));
  return s;
}

void MCache::releaseAll() {
  int64_t unused = 0;
  retireRuns(marking());
  for (unsigned i = 0; i < kNumSpanClasses; i++) {
    MSpan* s = alloc[i];
    if (s == &emptymspan) continue;
    mheap_.stats.smallAllocCount[i >> 1].xadd(unsigned(s->allocCount - s->allocCountBeforeCache));
    if (!(i & 1)) scanAlloc += unsigned(s->allocCount - s->allocCountBeforeCache) * s->elemsize;
    unused += int64_t((s->nelems - s->allocCount) * s->elemsize);
    if (s->allocCount == 0) {
      // Taken and never used: straight back to the heap.
      mheap_.freeSpan(s);
    } else {
      mheap_.central[i].uncacheSpan(s);
    }
    alloc[i] = &emptymspan;
  }
  tiny = {0, 0};
  mheap_.stats.tinyAllocCount.xadd(tinyAllocs);
  tinyAllocs = 0;
  heapGrows(-unused, int64_t(scanAlloc));
  scanAlloc = 0;
}

}  // namespace burrow::rt
