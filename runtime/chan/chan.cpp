// Channels.
//
// A channel is a ring buffer (perhaps of size 0), two queues of waiting goroutines and a lock. Who comes while a partner
// waits hands the value over directly, from one goroutine's stack to the other's if that is where it lives: stacks do not
// move, so a waiting goroutine's slot can be written while it sleeps.
//
// Invariants, while the lock is free:
//   - at least one of sendq and recvq is empty, except for a goroutine that waits on both in one select;
//   - buffered: qcount > 0 means recvq is empty, qcount < dataqsiz means sendq is empty;
//   - closed: both queues are empty.
//
// Waiting: a goroutine enqueues a Sudog under the lock and parks; the lock is let go by gopark's unlock function on g0, when
// the goroutine is off its stack, so that nobody wakes it before. The waker takes the Sudog off the queue, copies the
// value, sets success and g->param, and readies the goroutine, which releases the Sudog itself. A close wakes everybody
// with success == false.
//
// A non-blocking operation looks at the channel without the lock first. It may answer "not ready" only if there was a
// moment during the call at which that was so: for a receive, empty is looked at before closed and again after, because a
// channel can be closed, but never opened again.
#include "chan/chan.h"
#include "profile/block_profile.h"

#include "gc/barrier.h"
#include "mem/malloc.h"

namespace burrow::rt {

const BlockProfiler* blockProfiler;

// `first` and qcount are looked at without the lock, too (isFull, isEmpty): whoever has it writes them as a whole.
static void setFirst(WaitQ* q, Sudog* s) { __atomic_store_n(&q->first, s, __ATOMIC_RELAXED); }
static void setCount(HChan* c, uint64_t n) { __atomic_store_n(&c->qcount, n, __ATOMIC_RELAXED); }

void WaitQ::enqueue(Sudog* s) {
  s->next = nullptr;
  s->prev = last;
  if (last) last->next = s;
  else setFirst(this, s);
  last = s;
}

void WaitQ::remove(Sudog* s) {
  // Not in the queue any more: neither linked nor the only one.
  if (s->prev == nullptr && s->next == nullptr && first != s) return;
  if (s->prev) s->prev->next = s->next;
  else setFirst(this, s->next);
  (s->next ? s->next->prev : last) = s->prev;
  s->next = s->prev = nullptr;
}

Sudog* WaitQ::dequeue() {
  while (Sudog* s = first) {
    remove(s);
    // In a select others may be about to wake the goroutine through another channel; one of them wins.
    if (s->isSelect && !s->g->selectDone.cas(0, 1)) continue;
    return s;
  }
  return nullptr;
}

namespace {

constexpr uint64_t kMaxElemSize = 1 << 16;
constexpr uint64_t kHeaderSize = alignUp(sizeof(HChan), 8);

// For channels whose elements have pointers: the buffer is an object of its own, and the header points to it.
// A timer's channel keeps the timer alive (its elements have pointers).
uint8_t pointerWords[1] = {1 << 2 | 1 << 4};
const Type hchanType = {sizeof(HChan), 40, 0, 0, 8, 8, abi::kStruct, nullptr, pointerWords, 0, 0};
static_assert(offsetof(HChan, buf) == 2 * 8 && offsetof(HChan, timer) == 4 * 8);

// Nobody can send at this moment without waiting.
bool isFull(const HChan* c) {
  if (c->dataqsiz == 0) return __atomic_load_n(&c->recvq.first, __ATOMIC_ACQUIRE) == nullptr;
  return __atomic_load_n(&c->qcount, __ATOMIC_ACQUIRE) == c->dataqsiz;
}
bool isEmpty(const HChan* c) {
  if (c->dataqsiz == 0) return __atomic_load_n(&c->sendq.first, __ATOMIC_SEQ_CST) == nullptr;
  return __atomic_load_n(&c->qcount, __ATOMIC_SEQ_CST) == 0;
}
bool isClosed(const HChan* c) { return __atomic_load_n(&c->closed, __ATOMIC_SEQ_CST) != 0; }

// gopark's unlock function; runs on g0 after the goroutine has left its stack.
bool parkCommit(G* gp, void* mutex) {
  gp->parkingOnChan = false;
  unlock(static_cast<Mutex*>(mutex));
  return true;
}

Sudog* enqueueSelf(HChan* c, WaitQ* q, void* elem) {
  G* gp = getg();
  Sudog* s = acquireSudog();
  blockStart(s);
  s->elem = elem;
  s->waitlink = nullptr;
  s->g = gp;
  s->isSelect = false;
  s->c = c;
  s->success = false;
  gp->waiting = s;
  gp->param = nullptr;
  q->enqueue(s);
  gp->parkingOnChan = true;
  return s;
}

// After the wake-up; reports whether a value changed hands.
bool finishWait(Sudog* s) {
  G* gp = getg();
  if (gp->waiting != s) throw_("G waiting list is corrupted");
  gp->waiting = nullptr;
  gp->param = nullptr;
  const bool success = s->success;
  blockEnd(s, kBlockInRuntime);
  s->elem = nullptr;
  s->c = nullptr;
  releaseSudog(s);
  return success;
}

void wake(Sudog* s, bool success) {
  G* gp = s->g;
  s->success = success;
  blockWake(s);
  gp->param = s;
  goready(gp);
}

}  // namespace

HChan* makechan(const abi::ChanType* t, int64_t size) {
  const Type* elem = t->elem;
  if (elem->size >= kMaxElemSize) throw_("makechan: invalid channel element type");
  uint64_t bytes;
  if (__builtin_mul_overflow(elem->size, uint64_t(size), &bytes) || bytes > kMaxAlloc - kHeaderSize || size < 0) {
    panicPlainError("makechan: size out of range");
  }
  HChan* c;
  if (!elem->hasPointers() || bytes == 0) {
    // One block without pointers: the queues point to sudogs, which do not live in the heap.
    c = static_cast<HChan*>(mallocgc(kHeaderSize + bytes, nullptr, true));
    c->buf = reinterpret_cast<uint8_t*>(c) + (bytes ? kHeaderSize : offsetof(HChan, buf));
  } else {
    c = static_cast<HChan*>(newobject(&hchanType));
    storePointer(&c->buf, static_cast<uint8_t*>(mallocgc(bytes, elem, true)));
  }
  c->elemsize = uint16_t(elem->size);
  c->elemtype = elem;
  c->dataqsiz = uint64_t(size);
  c->bubble = getg()->bubble;
  lockInit(&c->lock, LockRank::Chan);
  return c;
}

void bufferPut(HChan* c, const void* elem) {
  typedmemmove(c->elemtype, c->slot(c->sendx), elem);
  if (++c->sendx == c->dataqsiz) c->sendx = 0;
  setCount(c, c->qcount + 1);
}

void bufferTake(HChan* c, void* elem) {
  uint8_t* slot = c->slot(c->recvx);
  if (elem) typedmemmove(c->elemtype, elem, slot);
  typedmemclr(c->elemtype, slot);  // so that the buffer keeps nothing alive
  if (++c->recvx == c->dataqsiz) c->recvx = 0;
  setCount(c, c->qcount - 1);
}

void sendTo(HChan* c, Sudog* receiver, const void* elem) {
  if (receiver->elem) {
    typedmemmove(c->elemtype, receiver->elem, elem);
    receiver->elem = nullptr;
  }
  unlock(&c->lock);
  wake(receiver, true);
}

void recvFrom(HChan* c, Sudog* sender, void* elem) {
  if (c->dataqsiz == 0) {
    if (elem) typedmemmove(c->elemtype, elem, sender->elem);
  } else {
    // The buffer is full: take its head and put the sender's value at its tail, which is the same slot.
    uint8_t* slot = c->slot(c->recvx);
    if (elem) typedmemmove(c->elemtype, elem, slot);
    typedmemmove(c->elemtype, slot, sender->elem);
    if (++c->recvx == c->dataqsiz) c->recvx = 0;
    c->sendx = c->recvx;
  }
  sender->elem = nullptr;
  unlock(&c->lock);
  wake(sender, true);
}

bool chansend(HChan* c, const void* elem, bool block) {
  if (UNLIKELY(c == nullptr)) {
    if (!block) return false;
    gopark(nullptr, nullptr, WaitReason::ChanSendNilChan, TraceBlockReason::Forever, 2);
    throw_("unreachable");
  }
  checkBubble(c, "send on synctest channel from outside bubble");
  // Closed after it was seen open and then full: it was open and full at the second look at the latest.
  if (!block && !isClosed(c) && isFull(c)) return false;

  lock(&c->lock);
  if (UNLIKELY(c->closed != 0)) {
    unlock(&c->lock);
    panicPlainError("send on closed channel");
  }
  if (Sudog* receiver = c->recvq.dequeue()) {
    sendTo(c, receiver, elem);
    return true;
  }
  if (c->qcount < c->dataqsiz) {
    bufferPut(c, elem);
    unlock(&c->lock);
    return true;
  }
  if (!block) {
    unlock(&c->lock);
    return false;
  }
  Sudog* s = enqueueSelf(c, &c->sendq, const_cast<void*>(elem));
  gopark(parkCommit, &c->lock, c->bubble != nullptr ? WaitReason::SynctestChanSend : WaitReason::ChanSend,
         TraceBlockReason::ChanSend, 2);
  if (!finishWait(s)) {
    if (c->closed == 0) throw_("chansend: spurious wakeup");
    panicPlainError("send on closed channel");
  }
  return true;
}

RecvResult chanrecv(HChan* c, void* elem, bool block) {
  if (UNLIKELY(c == nullptr)) {
    if (!block) return {false, false};
    gopark(nullptr, nullptr, WaitReason::ChanReceiveNilChan, TraceBlockReason::Forever, 2);
    throw_("unreachable");
  }
  checkBubble(c, "receive on synctest channel from outside bubble");
  if (UNLIKELY(c->timer != nullptr)) timerMaybeRunChan(c);
  if (!block && isEmpty(c)) {
    // Empty and then still open: it was both at the moment of the first look.
    if (!isClosed(c)) return {false, false};
    // Closed: nothing can be added, but something may have been, between the two looks.
    if (isEmpty(c)) {
      if (elem) typedmemclr(c->elemtype, elem);
      return {true, false};
    }
  }
  lock(&c->lock);
  if (c->closed != 0 && c->qcount == 0) {
    unlock(&c->lock);
    if (elem) typedmemclr(c->elemtype, elem);
    return {true, false};
  }
  if (c->closed == 0) {
    if (Sudog* sender = c->sendq.dequeue()) {
      recvFrom(c, sender, elem);
      return {true, true};
    }
  }
  if (c->qcount > 0) {
    bufferTake(c, elem);
    unlock(&c->lock);
    return {true, true};
  }
  if (!block) {
    unlock(&c->lock);
    return {false, false};
  }
  const bool timed = c->timer != nullptr;
  if (UNLIKELY(timed)) blockTimerChan(c);
  Sudog* s = enqueueSelf(c, &c->recvq, elem);
  gopark(parkCommit, &c->lock, c->bubble != nullptr ? WaitReason::SynctestChanReceive : WaitReason::ChanReceive,
         TraceBlockReason::ChanRecv, 2);
  if (UNLIKELY(timed)) unblockTimerChan(c);
  return {true, finishWait(s)};
}

void closechan(HChan* c) {
  if (UNLIKELY(c == nullptr)) panicPlainError("close of nil channel");
  checkBubble(c, "close of synctest channel from outside bubble");
  lock(&c->lock);
  if (UNLIKELY(c->closed != 0)) {
    unlock(&c->lock);
    panicPlainError("close of closed channel");
  }
  __atomic_store_n(&c->closed, 1u, __ATOMIC_SEQ_CST);
  // Collected under the lock, woken after it: waking takes locks of the scheduler.
  Sudog* woken = nullptr;
  auto collect = [&](Sudog* s) {
    s->success = false;
    s->next = woken;
    woken = s;
  };
  while (Sudog* s = c->recvq.dequeue()) {
    if (s->elem) {
      typedmemclr(c->elemtype, s->elem);
      s->elem = nullptr;
    }
    collect(s);
  }
  while (Sudog* s = c->sendq.dequeue()) {
    s->elem = nullptr;
    collect(s);
  }
  unlock(&c->lock);
  while (woken) {
    Sudog* s = woken;
    woken = s->next;
    s->next = nullptr;
    wake(s, false);
  }
}

// With frames of their own: stacks in profiles name what the program called.
NO_TAIL_CALLS void chansend1(HChan* c, const void* elem) { chansend(c, elem, true); }
NO_TAIL_CALLS void chanrecv1(HChan* c, void* elem) { chanrecv(c, elem, true); }
NO_TAIL_CALLS bool chanrecv2(HChan* c, void* elem) { return chanrecv(c, elem, true).received; }
// A timer's channel pretends to be unbuffered: whether its value is there already is nobody's business.
int64_t chanlen(const HChan* c) { return c && c->timer == nullptr ? int64_t(c->qcount) : 0; }
int64_t chancap(const HChan* c) { return c && c->timer == nullptr ? int64_t(c->dataqsiz) : 0; }
bool selectnbsend(HChan* c, const void* elem) { return chansend(c, elem, false); }
TwoBools selectnbrecv(void* elem, HChan* c) {
  const RecvResult r = chanrecv(c, elem, false);
  return {r.selected, r.received};
}

void block() {
  gopark(nullptr, nullptr, WaitReason::SelectNoCases, TraceBlockReason::Forever, 1);
  throw_("unreachable");
}

}  // namespace burrow::rt
