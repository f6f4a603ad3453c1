// The middle level: for one span class, the spans that no P has in its cache.
//
// Four sets: with a free slot (partial) and without (full), each swept and unswept in the current collection cycle. The
// swept and unswept sets swap roles when sweepgen advances by 2, without moving a span: set index = (sweepgen / 2) & 1.
//
// One short lock guards them. A P comes here once per span, not per object, and only pops or pushes a list head under
// the lock; sweeping happens outside it. Lock-free stacks were rejected for now: they need a block allocator and careful
// reset at every cycle, for a lock that a P takes once in some hundred allocations.
#pragma once

#include "mem/mspan.h"

namespace burrow::rt {

class MCentral {
 public:
  void init(unsigned spanclass) {
    spanclass_ = uint8_t(spanclass);
    lockInit(&lock_, LockRank::MCentral);
  }

  // A swept span with at least one free slot for an mcache; nil when the heap is out of memory. Runs on any stack, with no
  // runtime lock held.
  MSpan* cacheSpan();
  // Takes a span back from an mcache.
  void uncacheSpan(MSpan* s);
  // Puts a swept span that has no free slot on the full list (large objects, mcache refill).
  void pushFullSwept(MSpan* s);
  // Puts a span that sweeping left with free slots, or without, on its list.
  void pushSwept(MSpan* s, bool full);

  // A span that was not swept since sweepgen became g, taken off its list; nil when there is none.
  MSpan* popFullUnswept(uint32_t g) { return pop(full_[unsweptSet(g)]); }
  MSpan* popPartialUnswept(uint32_t g) { return pop(partial_[unsweptSet(g)]); }
  // Takes this one off its list; false when somebody else has done so.
  bool takeUnswept(MSpan* s, uint32_t g);

  // Spans in all four sets: statistics and the empty-heap check.
  uint64_t spanCount() const;

 private:
  static unsigned sweptSet(uint32_t sweepgen) { return sweepgen / 2 % 2; }
  static unsigned unsweptSet(uint32_t sweepgen) { return 1 - sweepgen / 2 % 2; }
  MSpan* pop(SpanList& list);
  MSpan* grow();
  // A span with a free slot from the lists, sweeping if need be.
  MSpan* takePartlyFree(uint32_t g);

  Mutex lock_;
  uint8_t spanclass_ = 0;
  SpanList partial_[2];
  SpanList full_[2];
};

}  // namespace burrow::rt
