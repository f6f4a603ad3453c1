// A goroutine that waits for a file descriptor, and what wakes it.
//
// Descriptors are registered once, edge-triggered, for both directions. internal/poll tries the system call first, and
// when that would block: pollReset (before the try) and pollWait (after it). Per direction one word says how things stand:
//
//                 pollWait                    parked (commit)
//        nil ───────────────► wait ───────────────────────────► G
//        ▲ │ ▲                 │  │                              │ │
//   reset│ │ └── unblock ──────┘  │ event                        │ │ unblock: nil, the goroutine is readied
//        │ └─ event ─► ready ◄────┘                              │ └────────────────────────────► nil
//        └──────────────  │ ▲                                    │ event: ready, the goroutine is readied
//          consumed       ┘ └────────────────────────────────────┘
//
// "event" comes from netpoll, "unblock" from a deadline or from closing; one goroutine waits per direction (internal/poll
// has a lock for each).
//
// No wake-up is lost: an event changes the word by compare-and-swap, whatever it finds. Between `wait` and G the parking
// goroutine swaps the word itself, on g0, after it has left its stack; if an event came before that, the swap fails and the
// goroutine goes on. For deadlines and closing: they publish `info` and then look at the word; the waiter sets the word to
// `wait` and then looks at `info`.
//
// The collector need not know these structures: waiting goroutines are never collected, the timers' functions are static.
#include "netpoll/netpoll.h"

#include "mem/persistent_alloc.h"
#include "sched/proc.h"

namespace burrow::rt {

namespace {

// Result codes of internal/poll.
enum : int64_t { kPollNoError = 0, kPollErrClosing = 1, kPollErrTimeout = 2, kPollErrNotPollable = 3 };
// PollDesc::info; above it the low bits of fdseq.
enum : uint32_t { kInfoClosing = 1, kInfoEventErr = 2, kInfoReadExpired = 4, kInfoWriteExpired = 8 };
constexpr uint32_t kInfoSeqShift = 4, kInfoSeqMask = (1 << 20) - 1;
// As many bits of fdseq as fit beside a pointer in the kernel's word of event data.
constexpr uint64_t kSeqMask = 0xffff;
constexpr uint32_t kDescBatch = 16;

Mutex initLock = {{}, LockRank::NetpollInit};
struct {
  Mutex lock = {{}, LockRank::PollCache};
  PollDesc* first;
} cache;

GOABI void readDeadline(const abi::Type*, void* pd, uint64_t seq, int64_t);
GOABI void writeDeadline(const abi::Type*, void* pd, uint64_t seq, int64_t);
FuncVal readDeadlineFunc = {reinterpret_cast<void*>(readDeadline)};
FuncVal writeDeadlineFunc = {reinterpret_cast<void*>(writeDeadline)};

PollDesc* allocDesc() {
  lock(&cache.lock);
  if (cache.first == nullptr) {
    auto* p = static_cast<PollDesc*>(persistentAlloc(sizeof(PollDesc) * kDescBatch, alignof(PollDesc), nullptr));
    for (uint32_t i = 0; i < kDescBatch; i++) {
      lockInit(&p[i].lock, LockRank::PollDesc);
      timerInit(&p[i].read.timer, &readDeadlineFunc, {nullptr, &p[i]});
      timerInit(&p[i].write.timer, &writeDeadlineFunc, {nullptr, &p[i]});
      p[i].fdseq.store(1);
      p[i].link = cache.first;
      cache.first = &p[i];
    }
  }
  PollDesc* pd = cache.first;
  cache.first = pd->link;
  unlock(&cache.lock);
  return pd;
}

// pd->lock held: after any change of what goes into it, before the waiters' words are looked at.
void publishInfo(PollDesc* pd) {
  uint32_t info = uint32_t(pd->fdseq.load() & kInfoSeqMask) << kInfoSeqShift;
  if (pd->closing) info |= kInfoClosing;
  if (pd->read.deadline < 0) info |= kInfoReadExpired;
  if (pd->write.deadline < 0) info |= kInfoWriteExpired;
  uint32_t old;
  do old = pd->info.load();
  while (!pd->info.cas(old, info | (old & kInfoEventErr)));
}

// Without the lock; only if pd is still the descriptor that `seq` (0: whatever it is) means.
void setEventErr(PollDesc* pd, bool err, uint64_t seq) {
  for (;;) {
    uint32_t old = pd->info.load();
    if (seq != 0 && (old >> kInfoSeqShift) != (seq & kInfoSeqMask)) return;
    uint32_t now = err ? old | kInfoEventErr : old & ~uint32_t(kInfoEventErr);
    if (now == old || pd->info.cas(old, now)) return;
  }
}

void freeDesc(PollDesc* pd) {
  lock(&pd->lock);
  // Events that a netpoll has in hand right now are for another descriptor from here on.
  uint64_t seq = (pd->fdseq.load() + 1) & kSeqMask;
  pd->fdseq.store(seq == 0 ? 1 : seq);
  publishInfo(pd);
  unlock(&pd->lock);
  lock(&cache.lock);
  pd->link = cache.first;
  cache.first = pd;
  unlock(&cache.lock);
}

int64_t checkerr(PollDesc* pd, bool write) {
  uint32_t info = pd->info.load();
  if (info & kInfoClosing) return kPollErrClosing;
  if (info & (write ? kInfoWriteExpired : kInfoReadExpired)) return kPollErrTimeout;
  // Only for reading: a write will get a better error from the system call.
  if (!write && (info & kInfoEventErr)) return kPollErrNotPollable;
  return kPollNoError;
}

bool parkCommit(G* gp, void* word) {
  if (!static_cast<Atomic<uintptr_t>*>(word)->cas(kPdWait, uintptr_t(gp))) return false;
  netpollAdjustWaiters(1);
  return true;
}

// Waits for an event of one direction; false: unblocked for another reason. ignoreErrors: for an event only.
bool waitFor(PollDesc* pd, bool write, bool ignoreErrors) {
  Atomic<uintptr_t>* word = &(write ? pd->write : pd->read).waiter;
  for (;;) {
    if (word->cas(kPdReady, kPdNil)) return true;
    if (word->cas(kPdNil, kPdWait)) break;
    uintptr_t v = word->load();
    if (v != kPdReady && v != kPdNil) throw_("runtime: double wait");
  }
  // Only after the word says so may the errors be looked at once more.
  if (ignoreErrors || checkerr(pd, write) == kPollNoError)
    gopark(parkCommit, word, WaitReason::IOWait, TraceBlockReason::Net, 5);
  uintptr_t old = word->xchg(kPdNil);
  if (old > kPdWait) throw_("runtime: corrupted polldesc");
  return old == kPdReady;
}

// Takes the waiting goroutine, if there is one, off a direction.
G* unblock(PollSide* side, bool event, int32_t* delta) {
  for (;;) {
    uintptr_t old = side->waiter.load();
    if (old == kPdReady || (old == kPdNil && !event)) return nullptr;
    if (!side->waiter.cas(old, event ? kPdReady : kPdNil)) continue;
    if (old <= kPdWait) return nullptr;
    *delta -= 1;
    return reinterpret_cast<G*>(old);
  }
}

// After the lock is free.
void wakeBoth(G* r, G* w, int32_t delta) {
  if (r != nullptr) goready(r);
  if (w != nullptr) goready(w);
  netpollAdjustWaiters(delta);
}

// pd->lock held.
void setTimer(PollDesc* pd, PollSide* side) {
  if (side->deadline > 0) {
    timerModify(&side->timer, side->deadline, 0, side == &pd->read ? &readDeadlineFunc : &writeDeadlineFunc,
                {nullptr, pd}, side->seq);
    side->running = true;
  } else if (side->running) {
    timerStop(&side->timer);
    side->running = false;
  }
}

void deadlinePassed(PollDesc* pd, PollSide* side, uint64_t seq) {
  lock(&pd->lock);
  if (seq != side->seq) {
    // Set again, or the descriptor is another one by now.
    unlock(&pd->lock);
    return;
  }
  if (side->deadline <= 0 || !side->running) throw_("runtime: inconsistent deadline");
  side->deadline = -1;
  side->running = false;
  publishInfo(pd);
  int32_t delta = 0;
  G* gp = unblock(side, false, &delta);
  unlock(&pd->lock);
  wakeBoth(gp, nullptr, delta);
}

GOABI void readDeadline(const abi::Type*, void* pd, uint64_t seq, int64_t) {
  deadlinePassed(static_cast<PollDesc*>(pd), &static_cast<PollDesc*>(pd)->read, seq);
}
GOABI void writeDeadline(const abi::Type*, void* pd, uint64_t seq, int64_t) {
  deadlinePassed(static_cast<PollDesc*>(pd), &static_cast<PollDesc*>(pd)->write, seq);
}

}  // namespace

void netpollGenericInit() {
  if (netpollinited()) return;
  lock(&initLock);
  if (!netpollinited()) netPoller.store(netpollinit());
  unlock(&initLock);
}

void netpollready(PollResult* r, PollDesc* pd, uint64_t seq, bool readable, bool writable, bool onlyError) {
  if ((pd->fdseq.load() & kSeqMask) != seq) return;
  setEventErr(pd, onlyError, seq);
  if (readable)
    if (G* gp = unblock(&pd->read, true, &r->delta)) gqPush(&r->ready, gp);
  if (writable)
    if (G* gp = unblock(&pd->write, true, &r->delta)) gqPush(&r->ready, gp);
}

// ---- what internal/poll is linked to; pd is an uintptr there, mode 'r', 'w' or their sum.

struct PollOpened {
  PollDesc* pd;
  int64_t errnum;
};

GO_DECL("internal/poll.runtime_pollServerInit", void, pollServerInit, ());
void pollServerInit() { netpollGenericInit(); }

GO_DECL("internal/poll.runtime_isPollServerDescriptor", bool, isPollServerDescriptor, (uint64_t fd));
bool isPollServerDescriptor(uint64_t fd) { return netpollIsPollDescriptor(fd); }

GO_DECL("internal/poll.runtime_pollOpen", PollOpened, pollOpen, (uint64_t fd));
PollOpened pollOpen(uint64_t fd) {
  PollDesc* pd = allocDesc();
  lock(&pd->lock);
  if (pd->write.waiter.load() > kPdReady) throw_("runtime: blocked write on free polldesc");
  if (pd->read.waiter.load() > kPdReady) throw_("runtime: blocked read on free polldesc");
  pd->fd = fd;
  pd->closing = false;
  for (int i = 0; i < 2; i++) {
    PollSide* side = i == 0 ? &pd->read : &pd->write;
    side->seq++;
    side->deadline = 0;
    side->waiter.store(kPdNil);
  }
  setEventErr(pd, false, 0);
  publishInfo(pd);
  unlock(&pd->lock);
  if (int64_t e = netpollopen(fd, pd)) {
    freeDesc(pd);
    return {nullptr, e};
  }
  return {pd, 0};
}

GO_DECL("internal/poll.runtime_pollClose", void, pollClose, (PollDesc * pd));
void pollClose(PollDesc* pd) {
  if (!pd->closing) throw_("runtime: close polldesc w/o unblock");
  if (pd->write.waiter.load() > kPdReady) throw_("runtime: blocked write on closing polldesc");
  if (pd->read.waiter.load() > kPdReady) throw_("runtime: blocked read on closing polldesc");
  netpollclose(pd->fd);
  freeDesc(pd);
}

GO_DECL("internal/poll.runtime_pollReset", int64_t, pollReset, (PollDesc * pd, int64_t mode));
int64_t pollReset(PollDesc* pd, int64_t mode) {
  if (int64_t e = checkerr(pd, mode == 'w')) return e;
  (mode == 'w' ? pd->write : pd->read).waiter.store(kPdNil);
  return kPollNoError;
}

GO_DECL("internal/poll.runtime_pollWait", int64_t, pollWait, (PollDesc * pd, int64_t mode));
int64_t pollWait(PollDesc* pd, int64_t mode) {
  const bool write = mode == 'w';
  if (int64_t e = checkerr(pd, write)) return e;
  // False without an error: a deadline passed and was set anew before this goroutine ran again. As if nothing had been.
  while (!waitFor(pd, write, false))
    if (int64_t e = checkerr(pd, write)) return e;
  return kPollNoError;
}

GO_DECL("internal/poll.runtime_pollWaitCanceled", void, pollWaitCanceled, (PollDesc * pd, int64_t mode));
void pollWaitCanceled(PollDesc* pd, int64_t mode) {
  while (!waitFor(pd, mode == 'w', true)) {
  }
}

GO_DECL("internal/poll.runtime_pollSetDeadline", void, pollSetDeadline, (PollDesc * pd, int64_t d, int64_t mode));
void pollSetDeadline(PollDesc* pd, int64_t d, int64_t mode) {
  lock(&pd->lock);
  if (pd->closing) {
    unlock(&pd->lock);
    return;
  }
  if (d > 0) {
    d = int64_t(uint64_t(d) + uint64_t(nanotime()));
    if (d <= 0) d = kMaxWhen;
  }
  G* woken[2] = {};
  int32_t delta = 0;
  for (int i = 0; i < 2; i++) {
    if (mode != 'r' + 'w' && mode != "rw"[i]) continue;
    PollSide* side = i == 0 ? &pd->read : &pd->write;
    if (side->deadline == d) continue;
    side->deadline = d;
    side->seq++;  // whatever fires now for the old one comes too late
    setTimer(pd, side);
  }
  publishInfo(pd);
  if (pd->read.deadline < 0) woken[0] = unblock(&pd->read, false, &delta);
  if (pd->write.deadline < 0) woken[1] = unblock(&pd->write, false, &delta);
  unlock(&pd->lock);
  wakeBoth(woken[0], woken[1], delta);
}

GO_DECL("internal/poll.runtime_pollUnblock", void, pollUnblock, (PollDesc * pd));
void pollUnblock(PollDesc* pd) {
  lock(&pd->lock);
  if (pd->closing) throw_("runtime: unblock on closing polldesc");
  pd->closing = true;
  pd->read.seq++;
  pd->write.seq++;
  publishInfo(pd);
  int32_t delta = 0;
  G* r = unblock(&pd->read, false, &delta);
  G* w = unblock(&pd->write, false, &delta);
  for (int i = 0; i < 2; i++) {
    PollSide* side = i == 0 ? &pd->read : &pd->write;
    if (!side->running) continue;
    timerStop(&side->timer);
    side->running = false;
  }
  unlock(&pd->lock);
  wakeBoth(r, w, delta);
}

}  // namespace burrow::rt
