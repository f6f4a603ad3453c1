// MCentral: moving spans between the central sets, the mcaches and the heap.
#include "mem/mcentral.h"

#include "mem/mheap.h"
#ifndef BURROW_HOSTED
#include "gc/sweep.h"
#endif

namespace burrow::rt {

MSpan* MCentral::pop(SpanList& list) {
  lock(&lock_);
  MSpan* s = list.popFront();
  if (s != nullptr) s->onCentral = false;
  unlock(&lock_);
  return s;
}

MSpan* MCentral::grow() {
  const unsigned sizeClass = spanclass_ >> 1;
  MSpan* s = mheap_.alloc(kSizeClassToNPages[sizeClass], spanclass_);
  // Pointer bits of scan slots start as "no pointers"; with fresh pages they already are.
  if (s && !s->noscan() && heapBitsInSpan(s->elemsize) && s->needzero) {
    const uint64_t bytes = s->npages * kPageSize / kPtrSize / 8;
    memset(reinterpret_cast<void*>(s->end() - bytes), 0, bytes);
  }
  return s;
}

bool MCentral::takeUnswept(MSpan* s, uint32_t g) {
  lock(&lock_);
  const bool here = s->onCentral && s->sweepgen.load() == g - 2;
  if (here) {
    (s->onCentralFull ? full_ : partial_)[unsweptSet(g)].remove(s);
    s->onCentral = false;
  }
  unlock(&lock_);
  return here;
}

MSpan* MCentral::takePartlyFree(uint32_t g) {
  if (MSpan* s = pop(partial_[sweptSet(g)])) return s;
#ifndef BURROW_HOSTED
  // Full ones are swept in the hope of a free slot, but not for ever.
  constexpr int kSweepBudget = 100;
  if (!sweep.active.begin()) return nullptr;
  MSpan* found = nullptr;
  for (int i = 0; i < kSweepBudget && found == nullptr; i++) {
    MSpan* s = popPartialUnswept(g);
    if (s == nullptr) s = popFullUnswept(g);
    if (s == nullptr) break;
    if (!trySweepAcquire(s)) throw_("span on an unswept list cannot be swept");
    const uint32_t before = s->allocCount;
    sweepSpan(s, true);
    traceEvent(TraceEvent::SweepSpan, s->npages * kPageSize, (before - s->allocCount) * s->elemsize);
    if (s->advance()) {
      found = s;
    } else {
      pushSwept(s, true);
    }
  }
  sweepEnd();
  traceEvent(TraceEvent::SweepEnd);
  return found;
#else
  return nullptr;
#endif
}

MSpan* MCentral::cacheSpan() {
#ifndef BURROW_HOSTED
  deductSweepCredit(kSizeClassToNPages[spanclass_ >> 1] * kPageSize);
#endif
  MSpan* s = takePartlyFree(mheap_.sweepgen.load());
  if (s == nullptr) s = grow();
  if (s == nullptr) return nullptr;
  if (s->allocCount == s->nelems || s->freeindex == s->nelems) throw_("span has no free objects");
  s->resetWindow();
  return s;
}

void MCentral::uncacheSpan(MSpan* s) {
  if (s->allocCount == 0) throw_("uncaching span but s.allocCount == 0");
  s->freeIndexForScan = s->freeindex;
  s->sweepgen.store(mheap_.sweepgen.load());
  pushSwept(s, s->allocCount == s->nelems);
}

void MCentral::pushSwept(MSpan* s, bool full) {
  lock(&lock_);
  const unsigned set = sweptSet(mheap_.sweepgen.load());
  s->onCentralFull = full;
  s->onCentral = true;
  (full ? full_ : partial_)[set].pushBack(s);
  unlock(&lock_);
}

void MCentral::pushFullSwept(MSpan* s) { pushSwept(s, true); }

uint64_t MCentral::spanCount() const {
  return partial_[0].count + partial_[1].count + full_[0].count + full_[1].count;
}

}  // namespace burrow::rt
