// Work buffers: where the collector keeps the objects that are marked but not yet scanned ("grey").
//
//     P 0: wbuf1, wbuf2        P 1: wbuf1, wbuf2        ...         put and get touch only these, without atomics
//           |    ^                   |    ^
//           v    |                   v    |
//     work.full  (buffers with objects, any P takes them)     work.empty  (buffers without)     lock-free stacks
//
// A P pushes to and pops from wbuf1. When that is full or empty it is swapped with wbuf2, and only when both are so does the P
// go to the shared stacks: two buffers instead of one, so that a P that goes up and down around a buffer's boundary does not
// trade with the shared stacks each time. Stealing is: a P that has a lot gives half of a buffer to work.full (balance), a P
// that has nothing takes from there.
//
// Small objects with pointers do not come here one by one: their span does (gc/mark.cpp), once for all that are marked in it by
// the time its turn comes. So spans wait in line:
//
//     put -> spanIn -> (full) -> workPool.spans, first in first out -> spanOut -> take
//
// Buffers are cut from spans of the heap's pages and are never Go objects. They stay for the next cycle; freeWorkbufs gives
// them back when the heap was told to shrink.
//
// Rejected: a deque per P with stealing at its other end. The shared stack of whole buffers moves 253 objects with two
// compare-and-swaps, and the end of marking is easy to see: it is empty, and so are all Ps.
#pragma once

#include "sched/runtime2.h"

namespace burrow::rt {

struct MSpan;

// A lock-free stack of nodes that are never unmapped while it is used. The head packs the address with a counter, so
// that a node that was popped and pushed again in between does not pass for the old head.
struct LFNode {
  Atomic<uint64_t> next;
  uint64_t pushes;
};
class LFStack {
 public:
  void push(LFNode* n) {
    n->pushes++;
    const uint64_t packed = pack(n, n->pushes);
    for (;;) {
      const uint64_t old = head_.load();
      n->next.storeRelaxed(old);
      if (head_.cas(old, packed)) return;
    }
  }
  LFNode* pop() {
    for (;;) {
      const uint64_t old = head_.load();
      if (old == 0) return nullptr;
      LFNode* n = unpack(old);
      const uint64_t next = n->next.loadRelaxed();
      if (head_.cas(old, next)) return n;
    }
  }
  bool empty() const { return head_.load() == 0; }
  void reset() { head_.store(0); }
  // For walking while nobody changes it.
  LFNode* first() const { return unpack(head_.load()); }
  static LFNode* nextOf(const LFNode* n) { return unpack(n->next.load()); }

 private:
  // Addresses have 48 bits of which the low three are zero: 19 bits are left for the counter.
  static constexpr unsigned kCountBits = 19;
  static uint64_t pack(LFNode* n, uint64_t count) {
    return uint64_t(n) << 16 | (count & ((uint64_t{1} << kCountBits) - 1));
  }
  static LFNode* unpack(uint64_t v) { return reinterpret_cast<LFNode*>(uint64_t(int64_t(v) >> kCountBits << 3)); }
  Atomic<uint64_t> head_;
};

inline constexpr uint64_t kWorkbufBytes = 2048;
inline constexpr unsigned kWorkbufEntries = (kWorkbufBytes - 24) / 8;

struct WorkBuf {
  LFNode node;
  uint64_t nobj;
  uintptr_t obj[kWorkbufEntries];
};
static_assert(sizeof(WorkBuf) == kWorkbufBytes);

struct GcWorkPool {
  LFStack full;
  uint8_t pad1[kCacheLine - sizeof(LFStack)];
  LFStack empty;
  uint8_t pad2[kCacheLine - sizeof(LFStack)];
  Mutex spanLock = {{}, LockRank::GcSpans};
  WorkBuf *firstSpans, *lastSpans;  // buffers of spans, oldest first
  Atomic<uint32_t> spanBufs;        // how many; read without the lock
  Atomic<uint64_t> made;    // buffers that exist
  Atomic<uint64_t> steals;  // buffers that one P filled and another took
};
extern GcWorkPool workPool __asm__("runtime.workPool");

WorkBuf* getempty() __asm__("runtime.getempty");
void putempty(WorkBuf* b) __asm__("runtime.putempty");
// Makes a buffer with objects available to all, and sees to it that somebody comes to work on it.
void putfull(WorkBuf* b) __asm__("runtime.putfull");
WorkBuf* trygetfull() __asm__("runtime.trygetfull");
// Gives half of b's objects away; returns the buffer to go on with.
WorkBuf* handoff(WorkBuf* b) __asm__("runtime.handoff");
// Called by putfull while marking: more hands could help (gc/pacer.cpp).
void gcEnlistWorker();

// ---- GcWork's (sched/runtime2.h) fast halves

inline bool gcwPutFast(GcWork* w, uintptr_t obj) {
  WorkBuf* b = w->wbuf1;
  if (b == nullptr || b->nobj == kWorkbufEntries) return false;
  b->obj[b->nobj++] = obj;
  return true;
}
inline uintptr_t gcwGetFast(GcWork* w) {
  WorkBuf* b = w->wbuf1;
  if (b == nullptr || b->nobj == 0) return 0;
  return b->obj[--b->nobj];
}
void gcwPutSlow(GcWork* w, uintptr_t obj);
uintptr_t gcwGetSlow(GcWork* w);
inline void gcwPut(GcWork* w, uintptr_t obj) {
  if (UNLIKELY(!gcwPutFast(w, obj))) gcwPutSlow(w, obj);
}
// The next grey object; 0: neither here nor shared.
inline uintptr_t gcwTryGet(GcWork* w) {
  if (const uintptr_t obj = gcwGetFast(w); LIKELY(obj != 0)) return obj;
  return gcwGetSlow(w);
}
void gcwPutSpanSlow(GcWork* w, MSpan* s);
MSpan* gcwGetSpanSlow(GcWork* w);
inline void gcwPutSpan(GcWork* w, MSpan* s) {
  WorkBuf* b = w->spanIn;
  if (UNLIKELY(b == nullptr || b->nobj == kWorkbufEntries)) return gcwPutSpanSlow(w, s);
  b->obj[b->nobj++] = uintptr_t(s);
}
inline MSpan* gcwGetSpan(GcWork* w) {
  WorkBuf* b = w->spanOut;
  if (UNLIKELY(b == nullptr || w->spanOutNext == b->nobj)) return gcwGetSpanSlow(w);
  return reinterpret_cast<MSpan*>(b->obj[w->spanOutNext++]);
}
inline bool gcwEmpty(const GcWork* w) {
  if (w->spanIn != nullptr && w->spanIn->nobj != 0) return false;
  if (w->spanOut != nullptr && w->spanOutNext != w->spanOut->nobj) return false;
  return w->wbuf1 == nullptr || (w->wbuf1->nobj == 0 && w->wbuf2->nobj == 0);
}
// Gives some work away when this P has a lot and nobody else has.
void gcwBalance(GcWork* w);
// Gives both buffers back and adds the counts to the cycle's.
void gcwDispose(GcWork* w);

}  // namespace burrow::rt
