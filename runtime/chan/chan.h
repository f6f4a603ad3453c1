// Channels: see chan.cpp for how they work, select.cpp for select.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

// Goroutines that wait on a channel, oldest first; guarded by the channel's lock.
struct WaitQ {
  Sudog* first;
  Sudog* last;

  void enqueue(Sudog* s);
  // Takes out the oldest that can still be woken; members of a select that was won elsewhere are dropped.
  Sudog* dequeue();
  // Takes s out if it is still there.
  void remove(Sudog* s);
};

// Field names and order are gc's: debuggers and the len and cap of compiled code rely on the first two.
struct HChan {
  uint64_t qcount;    // elements in the buffer
  uint64_t dataqsiz;  // its size
  uint8_t* buf;       // dataqsiz elements
  uint16_t elemsize;
  uint32_t closed;
  void* timer;        // the timer that feeds the channel
  const Type* elemtype;
  uint64_t sendx;     // where the next element goes
  uint64_t recvx;     // where the next one comes from
  WaitQ recvq;
  WaitQ sendq;
  SynctestBubble* bubble;  // where it was made, in a synctest bubble: only goroutines of that may use it
  Mutex lock;         // guards everything, and the fields of sudogs that wait here

  uint8_t* slot(uint64_t i) const { return buf + i * elemsize; }
};
static_assert(offsetof(HChan, closed) == 28 && offsetof(HChan, elemtype) == 40 && offsetof(HChan, recvq) == 64);

GO_DECL("runtime.makechan", HChan*, makechan, (const abi::ChanType* t, int64_t size));
GO_DECL("runtime.chansend1", void, chansend1, (HChan* c, const void* elem));
GO_DECL("runtime.chanrecv1", void, chanrecv1, (HChan* c, void* elem));
GO_DECL("runtime.chanrecv2", bool, chanrecv2, (HChan* c, void* elem));
GO_DECL("runtime.closechan", void, closechan, (HChan* c));
GO_DECL("runtime.chanlen", int64_t, chanlen, (const HChan* c));
GO_DECL("runtime.chancap", int64_t, chancap, (const HChan* c));
GO_DECL("runtime.selectnbsend", bool, selectnbsend, (HChan* c, const void* elem));
// Two results of one byte each: as whole words, so that each has its own register.
struct TwoBools {
  uint64_t selected, received;
};
GO_DECL("runtime.selectnbrecv", TwoBools, selectnbrecv, (void* elem, HChan* c));
GO_DECL("runtime.block", void, block, ());

struct SelectResult {
  int64_t chosen;  // -1: none was ready and block is false
  bool received;
};
GO_DECL("runtime.selectgo", SelectResult, selectgo,
        (abi::SelectCase* cases, uint16_t* order, uint64_t* pc0, int64_t nsends, int64_t nrecvs, bool block));

// ---- channels of timers (timer/timer.cpp) and of bubbles (sched/synctest.cpp)
void timerMaybeRunChan(HChan* c) GO_SYM("runtime.maybeRunChan");
void blockTimerChan(HChan* c) GO_SYM("runtime.blockTimerChan");
void unblockTimerChan(HChan* c) GO_SYM("runtime.unblockTimerChan");
ALWAYS_INLINE void checkBubble(const HChan* c, const char* text) {
  if (UNLIKELY(c->bubble != nullptr) && getg()->bubble != c->bubble) fatal(text);
}

// The operations themselves. chansend reports whether it sent; chanrecv whether it took part at all and whether there was a
// value. With block they wait.
bool chansend(HChan* c, const void* elem, bool block);
struct RecvResult {
  bool selected, received;
};
RecvResult chanrecv(HChan* c, void* elem, bool block);

// ---- shared with select.cpp; c->lock is held and is let go inside.
// Hands a value to the waiting receiver / takes one from the waiting sender, and wakes it.
void sendTo(HChan* c, Sudog* receiver, const void* elem);
void recvFrom(HChan* c, Sudog* sender, void* elem);
// Into and out of the buffer; lock stays held.
void bufferPut(HChan* c, const void* elem);
void bufferTake(HChan* c, void* elem);

}  // namespace burrow::rt
