// MCentral: moving spans between the central sets, the mcaches and the heap.
#include "mem/mcentral.h"

#include "mem/mheap.h"

namespace burrow::rt {

MSpan* MCentral::pop(SpanList& list) {
  lock(&lock_);
  MSpan* s = list.popFront();
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

MSpan* MCentral::cacheSpan() {
  MSpan* s = pop(partial_[sweptSet(mheap_.sweepgen.load())]);
  if (s == nullptr) s = grow();
  if (s == nullptr) return nullptr;
  if (s->allocCount == s->nelems || s->freeindex == s->nelems) throw_("span has no free objects");
  const unsigned window = s->freeindex & ~63u;
  s->refillAllocCache(window);
  s->allocCache >>= s->freeindex % 64;
  return s;
}

void MCentral::uncacheSpan(MSpan* s) {
  if (s->allocCount == 0) throw_("uncaching span but s.allocCount == 0");
  s->sweepgen.store(mheap_.sweepgen.load());
  pushSwept(s, s->allocCount == s->nelems);
}

void MCentral::pushSwept(MSpan* s, bool full) {
  lock(&lock_);
  const unsigned set = sweptSet(mheap_.sweepgen.load());
  s->onCentralFull = full;
  (full ? full_ : partial_)[set].pushBack(s);
  unlock(&lock_);
}

void MCentral::pushFullSwept(MSpan* s) { pushSwept(s, true); }

uint64_t MCentral::spanCount() const {
  return partial_[0].count + partial_[1].count + full_[0].count + full_[1].count;
}

}  // namespace burrow::rt
