// Sweeping, span by span.
//
// After mark termination every span is unswept: its mark bits say what lives, its allocation bits what was allocated before. To
// sweep a span is to make the mark bits its allocation bits; no object is touched, so that it costs the same for a span
// full of garbage and for one full of life. Who sweeps: the background sweeper (bgsweep), which yields after each span; whoever
// needs a span of a class and finds an unswept one (MCentral::cacheSpan); and whoever allocates faster than the background
// sweeps (deductSweepCredit), so that all is swept when the next cycle begins.
//
// sweepgen (mem/mspan.h) makes each span swept exactly once: the compare-and-swap from h-2 to h-1 says who does it. The
// unswept lists of the centrals hold all spans that need it: mcaches give theirs back at mark termination.
//
// An unmarked object that has specials (gc/specials.h) is dealt with before the bits are replaced: a finalizer revives it, a weak
// pointer lets go of it.
#include "gc/sweep.h"

#include "gc/specials.h"
#include "mem/mcentral.h"
#include "panic/rt_print.h"

namespace burrow::rt {

SweepState sweep;

namespace {

constexpr uint32_t kSweepClasses = kNumSpanClasses * 2;

MSpan* nextSpanForSweep() {
  const uint32_t g = mheap_.sweepgen.load();
  for (uint32_t c = sweep.centralIndex.load(); c < kSweepClasses; c++) {
    MCentral& central = mheap_.central[c / 2];
    MSpan* s = c % 2 == 0 ? central.popFullUnswept(g) : central.popPartialUnswept(g);
    if (s == nullptr) continue;
    // Others may be further already; the index only grows.
    for (uint32_t now = sweep.centralIndex.load(); now < c && !sweep.centralIndex.cas(now, c);) now = sweep.centralIndex.load();
    return s;
  }
  sweep.centralIndex.store(kSweepClasses);
  return nullptr;
}

unsigned countMarked(const MSpan* s) {
  unsigned n = 0;
  const unsigned words = (s->nelems + 63) / 64;
  for (unsigned i = 0; i < words; i++) {
    uint64_t bits;
    memcpy(&bits, s->gcmarkBits + i * 8, 8);
    n += unsigned(__builtin_popcountll(bits));
  }
  return n;
}

void poisonUnmarked(MSpan* s) {
  for (unsigned i = 0; i < s->nelems; i++) {
    if (isMarked(s, i) || s->isFree(i)) continue;
    gcPoison(reinterpret_cast<void*>(s->base() + i * s->elemsize), s->elemsize);
  }
}

}  // namespace

bool sweepSpan(MSpan* s, bool preserve) {
  const uint32_t g = mheap_.sweepgen.load();
  if (s->state.load() != SpanState::inUse || s->sweepgen.load() != g - 1) throw_("mspan.sweep: bad span state");
  sweep.pagesSwept.xadd(s->npages);
  if (s->specials != nullptr) sweepSpecials(s);
  if (UNLIKELY(debug.gcpoison != 0)) poisonUnmarked(s);

  const unsigned live = countMarked(s);
  if (live > s->allocCount) throw_("sweep increased allocation count");
  const unsigned freed = s->allocCount - live;
  s->allocCount = uint16_t(live);
  s->freeindex = 0;
  s->freeIndexForScan = live == s->nelems ? s->nelems : 0;
  s->allocBits = s->gcmarkBits;
  s->gcmarkBits = newMarkBits(s->markBitCount());
  s->refillAllocCache(0);
  if (freed > 0) s->needzero = true;
  const unsigned spanclass = s->spanclass, sizeClass = s->sizeClass();
  // Everything above is visible to whoever sees the span swept.
  s->sweepgen.storeRelease(g);

  if (sizeClass != 0) {
    if (freed > 0) mheap_.stats.smallFreeCount[sizeClass].xadd(freed);
    if (preserve) return false;
    if (live == 0) {
      mheap_.freeSpan(s);
      return true;
    }
    mheap_.central[spanclass].pushSwept(s, live == s->nelems);
    return false;
  }
  if (preserve) return false;
  if (freed != 0) {
    mheap_.stats.largeFree.xadd(s->npages * kPageSize);
    mheap_.stats.largeFreeCount.xadd(1);
    mheap_.freeSpan(s);
    return true;
  }
  mheap_.central[spanclass].pushSwept(s, true);
  return false;
}

void sweepEnd() {
  if (!sweep.active.end() || debug.gcpacertrace <= 0) return;
  const uint64_t live = gcController.heapLive.load();
  rtFormat("pacer: sweep done at heap size #MB; allocated #MB during sweep; swept # pages at # pages/byte\n", live >> 20,
           (live - sweep.sweepHeapLiveBasis) >> 20, sweep.pagesSwept.load(), sweep.sweepPagesPerByte);
}

uint64_t sweepone() {
  M* m = acquirem();
  if (!sweep.active.begin()) {
    releasem(m);
    return kNothingToSweep;
  }
  uint64_t pages = kNothingToSweep;
  bool drained = false;
  for (;;) {
    MSpan* s = nextSpanForSweep();
    if (s == nullptr) {
      drained = sweep.active.markDrained();
      break;
    }
    if (!trySweepAcquire(s)) throw_("non in-use span in unswept list");
    pages = s->npages;
    if (!sweepSpan(s, false)) pages = 0;
    break;
  }
  sweepEnd();
  releasem(m);
  if (drained) wakeScavenger();
  return pages;
}

void finishsweep_m() {
  while (sweepone() != kNothingToSweep) sweep.npausesweep++;
  // Sweepers that began earlier and were preempted in between cannot be: they hold their M.
  if (!isSweepDone()) throw_("active sweepers found at start of mark phase");
  nextMarkBitArenaEpoch();
}

void gcSweep() {
  lock(&mheap_.lock);
  mheap_.sweepgen.store(mheap_.sweepgen.load() + 2);
  unlock(&mheap_.lock);
  sweep.active.reset();
  sweep.pagesSwept.store(0);
  sweep.pagesSweptBasis.store(0);
  sweep.centralIndex.store(0);
  lock(&sweep.lock);
  if (sweep.parked) {
    sweep.parked = false;
    ready(sweep.g, true);
  }
  unlock(&sweep.lock);
}

void bgsweep() {
  sweep.g = getg();
  sweep.g->rootless = uintptr_t(bgsweep);
  constexpr uint32_t kBatch = 10;  // spans between two looks at whether others want the thread
  for (;;) {
    for (uint32_t n = 0; sweepone() != kNothingToSweep;) {
      sweep.nbgsweep++;
      if (++n % kBatch == 0) gosched();
    }
    lock(&sweep.lock);
    if (!isSweepDone()) {
      // A new cycle's sweep may have begun, or another sweeper is still at it: look again.
      unlock(&sweep.lock);
      gosched();
      continue;
    }
    sweep.parked = true;
    goparkunlock(&sweep.lock, WaitReason::GCSweepWait, TraceBlockReason::GCSweep);
  }
}

void gcPaceSweeper(uint64_t trigger) {
  if (isSweepDone()) {
    sweep.sweepPagesPerByte = 0;
    return;
  }
  constexpr int64_t kReserve = 1 << 20;  // be done that much earlier
  const uint64_t live = gcController.heapLive.load();
  int64_t distance = int64_t(trigger) - int64_t(live) - kReserve;
  if (distance < int64_t(kPageSize)) distance = int64_t(kPageSize);
  const uint64_t swept = sweep.pagesSwept.load(), inUse = mheap_.stats.heapInUse.load() / kPageSize;
  if (inUse <= swept) {
    sweep.sweepPagesPerByte = 0;
    return;
  }
  sweep.sweepPagesPerByte = double(inUse - swept) / double(distance);
  sweep.sweepHeapLiveBasis = live;
  sweep.pagesSweptBasis.store(swept);  // last: a debt is computed against it
}

void deductSweepCredit(uint64_t spanBytes) {
  if (sweep.sweepPagesPerByte == 0) return;
  for (;;) {
    const uint64_t basis = sweep.pagesSweptBasis.load(), live = gcController.heapLive.load();
    uint64_t newLive = spanBytes;
    if (live > sweep.sweepHeapLiveBasis) newLive += live - sweep.sweepHeapLiveBasis;
    const int64_t target = int64_t(sweep.sweepPagesPerByte * double(newLive));
    bool again = false;
    while (target > int64_t(sweep.pagesSwept.load() - basis)) {
      if (sweepone() == kNothingToSweep) {
        sweep.sweepPagesPerByte = 0;
        return;
      }
      if (sweep.pagesSweptBasis.load() != basis) {
        again = true;
        break;
      }
    }
    if (!again) return;
  }
}

}  // namespace burrow::rt
