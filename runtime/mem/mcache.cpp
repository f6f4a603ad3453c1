// MCache: refilling, large objects, flushing, and the list of caches.
#include "mem/mcache.h"

#ifndef BURROW_HOSTED
#include "gc/sweep.h"
#endif

namespace burrow::rt {

MSpan emptymspan;
MCache* mcache0;
MCache* allmcaches;

namespace {

FixAlloc<MCache> mcacheAlloc;  // under the heap lock
MCache firstCache;             // mcache0: needs no memory, so that a program may start before the heap exists

ALWAYS_INLINE void heapGrows(int64_t live, int64_t scan) {
#ifndef BURROW_HOSTED
  gcController.update(live, scan);
#endif
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
    if (s->allocCount != s->nelems) throw_("refill of span with free space remaining");
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
  alloc[spanclass] = s;
  // The collector's pace counts the span as full from now on; what is given back unused is taken off again.
  heapGrows(int64_t((s->nelems - s->allocCount) * s->elemsize), int64_t(scanAlloc));
  scanAlloc = 0;
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
  tiny = 0;
  tinyoffset = 0;
  mheap_.stats.tinyAllocCount.xadd(tinyAllocs);
  tinyAllocs = 0;
  heapGrows(-unused, int64_t(scanAlloc));
  scanAlloc = 0;
}

}  // namespace burrow::rt
