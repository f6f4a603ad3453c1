// select with any number of cases.
//
// All channels are locked, in the order of their addresses (two selects over the same channels cannot deadlock), and then
//   1. the cases are looked at in a random order; the first that can go on does, and that is that;
//   2. if none can: a Sudog goes into every channel's queue, all locks are let go, and the goroutine sleeps. The first
//      waker wins g->selectDone, so that exactly one case happens;
//   3. awake again, with all locks held again, the other Sudogs are taken out of their queues.
//
// The caller brings the memory: cases[0..nsends) send, the next nrecvs receive; order has room for two permutations of the
// case numbers, the order of looking and the order of locking. Cases with a nil channel take no part.
#include "chan/chan.h"
#include "mem/malloc.h"
#include "profile/block_profile.h"

namespace burrow::rt {

namespace {

using abi::SelectCase;

HChan* chanOf(const SelectCase& c) { return static_cast<HChan*>(c.chan); }

// Channels may occur more than once; they are next to each other in lock order.
void lockAll(const SelectCase* cases, const uint16_t* lockOrder, unsigned n) {
  HChan* last = nullptr;
  for (unsigned i = 0; i < n; i++) {
    HChan* c = chanOf(cases[lockOrder[i]]);
    if (c == last) continue;
    last ? lockSameRank(&c->lock) : lock(&c->lock);
    last = c;
  }
}

// Nothing of the case list may be touched after the last unlock of a goroutine that is going to sleep; here it is awake.
void unlockAll(const SelectCase* cases, const uint16_t* lockOrder, unsigned n) {
  for (unsigned i = n; i-- > 0;) {
    HChan* c = chanOf(cases[lockOrder[i]]);
    if (i > 0 && c == chanOf(cases[lockOrder[i - 1]])) continue;
    unlock(&c->lock);
  }
}

// gopark's unlock function, on g0: lets go of all channels. The goroutine may run again as soon as one is free, so the
// list is read ahead of each unlock; the last one ends it.
bool selectParkCommit(G* gp, void*) {
  gp->parkingOnChan = false;
  HChan* last = nullptr;
  for (Sudog* s = gp->waiting; s; s = s->waitlink) {
    if (s->c != last && last != nullptr) unlock(&last->lock);
    last = s->c;
  }
  if (last) unlock(&last->lock);
  return true;
}

// Restores the heap order of the subtree at i; largest address at the top.
void siftDown(const SelectCase* cases, uint16_t* heap, unsigned i, unsigned n) {
  const uint16_t moved = heap[i];
  for (;;) {
    unsigned child = 2 * i + 1;
    if (child >= n) break;
    if (child + 1 < n && uint64_t(cases[heap[child]].chan) < uint64_t(cases[heap[child + 1]].chan)) child++;
    if (uint64_t(cases[moved].chan) >= uint64_t(cases[heap[child]].chan)) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = moved;
}

// Heap sort: in place, no recursion, n log n whatever the addresses are.
void sortByAddress(const SelectCase* cases, uint16_t* order, unsigned n) {
  for (unsigned i = n / 2; i-- > 0;) siftDown(cases, order, i, n);
  for (unsigned end = n; end-- > 1;) {
    const uint16_t top = order[0];
    order[0] = order[end];
    order[end] = top;
    siftDown(cases, order, 0, end);
  }
}

}  // namespace

SelectResult selectgo(SelectCase* cases, uint16_t* order, uint64_t*, int64_t nsends, int64_t nrecvs, bool block) {
  const unsigned ncases = unsigned(nsends + nrecvs);
  uint16_t* pollOrder = order;
  uint16_t* lockOrder = order + ncases;

  // A random permutation, by inserting each case at a random place.
  unsigned n = 0;
  bool allBubble = true;
  for (unsigned i = 0; i < ncases; i++) {
    HChan* c = chanOf(cases[i]);
    if (c == nullptr) continue;
    if (c->bubble == nullptr) allBubble = false;
    else checkBubble(c, "select on synctest channel from outside bubble");
    if (UNLIKELY(c->timer != nullptr)) timerMaybeRunChan(c);
    const unsigned j = cheaprandn(n + 1);
    pollOrder[n] = pollOrder[j];
    pollOrder[j] = uint16_t(i);
    n++;
  }
  for (unsigned i = 0; i < n; i++) lockOrder[i] = pollOrder[i];
  sortByAddress(cases, lockOrder, n);

  auto isSend = [&](unsigned i) { return int64_t(i) < nsends; };
  lockAll(cases, lockOrder, n);

  // 1. Is anything possible now? What is done under the first ready channel's lock alone lets go of that lock itself,
  // after the others were let go.
  for (unsigned k = 0; k < n; k++) {
    const unsigned i = pollOrder[k];
    HChan* c = chanOf(cases[i]);
    auto unlockOthers = [&] {
      for (unsigned j = n; j-- > 0;) {
        HChan* other = chanOf(cases[lockOrder[j]]);
        if (other == c || (j > 0 && other == chanOf(cases[lockOrder[j - 1]]))) continue;
        unlock(&other->lock);
      }
    };
    if (isSend(i)) {
      if (c->closed != 0) {
        unlockAll(cases, lockOrder, n);
        panicPlainError("send on closed channel");
      }
      if (Sudog* receiver = c->recvq.dequeue()) {
        unlockOthers();
        sendTo(c, receiver, cases[i].elem);
        return {int64_t(i), false};
      }
      if (c->qcount < c->dataqsiz) {
        bufferPut(c, cases[i].elem);
        unlockAll(cases, lockOrder, n);
        return {int64_t(i), false};
      }
      continue;
    }
    if (Sudog* sender = c->sendq.dequeue()) {
      unlockOthers();
      recvFrom(c, sender, cases[i].elem);
      return {int64_t(i), true};
    }
    if (c->qcount > 0) {
      bufferTake(c, cases[i].elem);
      unlockAll(cases, lockOrder, n);
      return {int64_t(i), true};
    }
    if (c->closed != 0) {
      unlockAll(cases, lockOrder, n);
      if (cases[i].elem) typedmemclr(c->elemtype, cases[i].elem);
      return {int64_t(i), false};
    }
  }
  if (!block) {
    unlockAll(cases, lockOrder, n);
    return {-1, false};
  }

  // 2. Wait on all of them. The list g->waiting is in lock order: selectParkCommit relies on it.
  G* gp = getg();
  if (gp->waiting != nullptr) throw_("gp.waiting != nil");
  Sudog** link = &gp->waiting;
  for (unsigned k = 0; k < n; k++) {
    const unsigned i = lockOrder[k];
    HChan* c = chanOf(cases[i]);
    Sudog* s = acquireSudog();
    s->g = gp;
    s->isSelect = true;
    s->elem = cases[i].elem;
    blockStart(s);
    s->success = false;
    s->c = c;
    s->waitlink = nullptr;
    *link = s;
    link = &s->waitlink;
    (isSend(i) ? c->sendq : c->recvq).enqueue(s);
    if (UNLIKELY(c->timer != nullptr)) blockTimerChan(c);
  }
  gp->param = nullptr;
  gp->selectDone.store(0);
  gp->parkingOnChan = true;
  const WaitReason reason = gp->bubble != nullptr && allBubble ? WaitReason::SynctestSelect : WaitReason::Select;
  gopark(selectParkCommit, nullptr, reason, TraceBlockReason::Select, 1);

  // 3. Out of the queues that did not wake us.
  lockAll(cases, lockOrder, n);
  gp->selectDone.store(0);
  auto* winner = static_cast<Sudog*>(gp->param);
  gp->param = nullptr;
  int64_t chosen = -1;
  bool success = false;
  int64_t waited = 0;
  Sudog* s = gp->waiting;
  gp->waiting = nullptr;
  for (unsigned k = 0; k < n; k++) {
    const unsigned i = lockOrder[k];
    Sudog* next = s->waitlink;
    if (UNLIKELY(s->c->timer != nullptr)) unblockTimerChan(s->c);
    if (s == winner) {
      chosen = int64_t(i);
      success = s->success;
      waited = s->releasetime;
    } else {
      (isSend(i) ? s->c->sendq : s->c->recvq).remove(s);
    }
    s->isSelect = false;
    s->elem = nullptr;
    s->c = nullptr;
    s->waitlink = nullptr;
    releaseSudog(s);
    s = next;
  }
  unlockAll(cases, lockOrder, n);
  if (chosen < 0) throw_("selectgo: bad wakeup");
  if (UNLIKELY(waited > 0)) blockProfiler->block(waited, kBlockInRuntime);
  if (isSend(unsigned(chosen))) {
    if (!success) panicPlainError("send on closed channel");
    return {chosen, false};
  }
  return {chosen, success};
}

}  // namespace burrow::rt
