// The life of a timer.
//
// A timer with when > 0 is going to fire; who may make it do so depends on its kind:
//
//   function timers (AfterFunc, Sleep, deadlines)      in a heap from modify until it fires or is stopped
//   channel timers (NewTimer, After, NewTicker)        in a heap only while some goroutine waits on the channel
//
// A channel timer that nobody waits on is in no heap: it costs nothing, and once the program has forgotten it, the collector
// takes it. Who looks at its channel later (receive, select) calls timerMaybeRunChan first, which puts the value there if
// the time has come. So nobody can tell that it was not sent at the right moment. (len and cap of such a channel are 0.)
//
//                modify                        due, popped by a P
//   idle ────────────────► running (when > 0) ─────────────────────► fires: f(arg, seq, delay) on g0
//    ▲ ▲                     │      ▲ └─ in a heap or not (see above)      │
//    │ └──────── stop ───────┘      └───────────── period > 0 ─────────────┤
//    └────────────────────────────────────────── period = 0 ───────────────┘
//
// Locks, outermost first: sendLock, the channel's lock, the timer's lock, the heap's lock. A P that runs its heap pops the
// due timer under the heap's lock alone and takes the timer's lock afterwards (it may not do it the other way round). In
// between the timer is in no heap but when > 0; stop and modify may come in that gap, and therefore fire() believes only
// `when`: 0 or later than now means that there is nothing to do.
//
// No firing after Stop or Reset: for functions nobody promises that (f may be running already; deadlines carry a sequence
// number). For channels it is promised, since Go 1.23: after Stop or Reset returned, no older value can be received. fire()
// sends with sendLock held, and only if `seq` is what it was when the timer fired; stop and modify change seq with both
// locks held, and then empty the channel. A value that was about to be sent (isSending) counts as not sent.
//
// No timer is forgotten: a timer gets into a heap together with the heap's published minWhen, and afterwards whoever might
// sleep too long is woken (wakeNetPoller). A thread that is going to sleep reads all minWhen after it has given up its P
// and its spinning (sched/schedule.cpp); one of the two sees the other.
#include "timer/timer.h"

#include "gc/gc.h"

#include "chan/chan.h"
#include "netpoll/netpoll.h"
#include "sched/proc.h"
#include "sched/synctest.h"

namespace burrow::rt {

// Calls a Go function value func(arg any, seq uintptr, delay int64).
extern "C" void callTimerFunc(const abi::Type* type, void* data, uint64_t seq, int64_t delay, FuncVal* f)
    GO_SYM("runtime.callTimerFunc");

void* TimerMemory::alloc(size_t n) {
  void* p = sysAlloc(n);
  if (p == nullptr) throw_("out of memory (timers)");
  return p;
}

void timerInit(Timer* t, FuncVal* f, Eface arg) {
  lockInit(&t->lock, LockRank::Timer);
  lockInit(&t->sendLock, LockRank::TimerSend);
  t->f = f;
  t->arg = arg;
}

namespace {

TimerCheck checkHeap(Timers* ts, int64_t now, SynctestBubble* bubble) GO_SYM("runtime.(*timers).check");
void takeAll(Timers* to, Timers* from);
constexpr TimerHooks kHooks = {checkHeap, takeAll};

HChan* chanOf(Timer* t) { return static_cast<HChan*>(t->arg.data); }

bool belongsInHeap(const Timer* t) { return t->when > 0 && (!t->isChan || t->blocked > 0); }

void publish(Timers* ts) { ts->minWhen.store(ts->heap.minWhen()); }

// Puts t, whose lock is held and which is in no heap, into the running P's heap (its bubble's, when it is fake). Reports
// whether it is now the first one there.
bool addToHeap(Timer* t) {
  Timers* ts;
  if (t->isFake) {
    SynctestBubble* bubble = getg()->bubble;
    if (bubble == nullptr) throw_("invalid timer: fake time but no syncgroup");
    t->tie = cheaprand();
    ts = bubble->timers;
  } else {
    netpollGenericInit();
    ts = getm()->p->timers;
  }
  if (timerHooks.loadRelaxed() == nullptr) timerHooks.store(&kHooks);
  if (writeBarrierEnabled()) gcShade(t);  // the heap may have been looked at already
  lock(&ts->lock);
  ts->heap.push(t, t->when);
  t->ts.store(ts);
  bool first = t->heapIndex == 0;
  publish(ts);
  unlock(&ts->lock);
  return first && !t->isFake;
}

// t's lock is held. A P that runs its heap may take t out at any moment.
void removeFromHeap(Timer* t) {
  Timers* ts = t->ts.load();
  if (ts == nullptr) return;
  lock(&ts->lock);
  if (t->ts.load() == ts) {
    ts->heap.remove(t->heapIndex);
    t->ts.store(nullptr);
    publish(ts);
  }
  unlock(&ts->lock);
}

// t's lock is held and `when` has changed: moves t to its new place, into a heap, or out of one. Reports whether the next
// sleep of a thread may be too long now.
bool placeInHeap(Timer* t) {
  if (!belongsInHeap(t)) {
    removeFromHeap(t);
    return false;
  }
  if (Timers* ts = t->ts.load()) {
    bool moved = false, first = false;
    lock(&ts->lock);
    if (t->ts.load() == ts) {
      ts->heap.update(t->heapIndex, t->when);
      moved = true;
      first = t->heapIndex == 0;
      publish(ts);
    }
    unlock(&ts->lock);
    if (moved) return first && !t->isFake;
  }
  return addToHeap(t);
}

// Empties a timer's channel; reports whether there was a value.
bool drain(HChan* c) {
  if (__atomic_load_n(&c->qcount, __ATOMIC_RELAXED) == 0) return false;
  lock(&c->lock);
  bool any = false;
  while (c->qcount > 0) {
    bufferTake(c, nullptr);
    any = true;
  }
  unlock(&c->lock);
  return any;
}

// Fires t, whose lock is held and which is let go: it is due at `now`. On g0.
void fireLocked(Timer* t, int64_t now, SynctestBubble* bubble) {
  FuncVal* f = t->f;
  Eface arg = t->arg;
  uint64_t seq = t->seq;
  int64_t delay = now - t->when;
  int64_t next = 0;
  if (t->period > 0) {
    next = int64_t(uint64_t(t->when) + uint64_t(t->period) * uint64_t(1 + delay / t->period));
    if (next < 0) next = kMaxWhen;
  }
  const bool oneShotChan = t->isChan && t->period == 0;
  t->when = next;
  G* self = getg();
  SynctestBubble* const outer = self->bubble;
  if (bubble != nullptr) {
    // The functions called below, and the heap, look at the bubble of the running G, which is g0.
    self->bubble = bubble;
    bubble->changegstatus(self, Gdead, Grunning);
  }
  placeInHeap(t);
  if (oneShotChan && t->isSending.xadd(1) < 0) throw_("too many concurrent timer firings");
  unlock(&t->lock);

  if (!t->isChan) {
    callTimerFunc(arg.type, arg.data, seq, delay, f);
  } else {
    lock(&t->sendLock);
    if (oneShotChan && t->isSending.xadd(-1) < 0) throw_("mismatched isSending updates");
    if (t->seq == seq) callTimerFunc(arg.type, arg.data, seq, delay, f);
    unlock(&t->sendLock);
  }
  if (bubble != nullptr) {
    bubble->changegstatus(self, Grunning, Gdead);
    self->bubble = outer;
  }
}

}  // namespace

bool timerModify(Timer* t, int64_t when, int64_t period, FuncVal* f, Eface arg, uint64_t seq) {
  if (when <= 0) throw_("timer when must be positive");
  if (period < 0) throw_("timer period must be non-negative");
  if (t->isChan) lock(&t->sendLock);
  lock(&t->lock);
  const int64_t oldPeriod = t->period;
  t->period = period;
  if (f != nullptr) {
    if (writeBarrierEnabled()) {
      // The collector may have looked at the timer already; the M is held, for the lock is.
      gcShade(t->f);
      gcShade(t->arg.data);
      gcShade(f);
      gcShade(arg.data);
      gcShade(arg.type);
    }
    t->f = f;
    t->arg = arg;
    t->seq = seq;
  }
  bool pending = t->when > 0;
  t->when = when;

  SynctestBubble* bubble = t->isFake ? getg()->bubble : nullptr;
  if (t->isFake && bubble == nullptr) throw_("fake timer executing with no bubble");
  if (bubble != nullptr && belongsInHeap(t) && t->ts.load() == nullptr && when <= bubble->now) {
    // Due at once: a bubble's clock stands still until all its goroutines wait, but this does not have to wait for that.
    if (t->isChan) unlock(&t->sendLock);
    systemstack([&] { fireLocked(t, bubble->now, bubble); });
    return pending;
  }

  if (t->isChan) {
    t->seq++;
    if (oldPeriod == 0 && t->isSending.load() > 0) pending = true;
  }
  const bool wake = placeInHeap(t);
  unlock(&t->lock);
  if (t->isChan) {
    // Still with sendLock: a new value must not be taken for an old one.
    if (drain(chanOf(t))) pending = true;
    unlock(&t->sendLock);
  }
  if (wake) wakeNetPoller(when);
  return pending;
}

bool timerStop(Timer* t) {
  if (t->isChan) lock(&t->sendLock);
  lock(&t->lock);
  bool pending = t->when > 0;
  t->when = 0;
  if (t->isChan) {
    t->seq++;
    if (t->period == 0 && t->isSending.load() > 0) pending = true;
  }
  removeFromHeap(t);
  unlock(&t->lock);
  if (t->isChan) {
    unlock(&t->sendLock);
    if (drain(chanOf(t))) pending = true;
  }
  return pending;
}

namespace {

TimerCheck checkHeap(Timers* ts, int64_t now, SynctestBubble* bubble) {
  TimerCheck r = {now, ts->minWhen.load(), false};
  if (r.pollUntil == 0) return r;
  if (r.now == 0) r.now = nanotime();
  while (r.pollUntil != 0 && r.pollUntil <= r.now) {
    lock(&ts->lock);
    if (ts->heap.len == 0 || ts->heap.at[0].when > r.now) {
      r.pollUntil = ts->heap.minWhen();
      unlock(&ts->lock);
      break;
    }
    Timer* t = ts->heap.popMin();
    t->ts.store(nullptr);
    publish(ts);
    unlock(&ts->lock);

    lock(&t->lock);
    if (t->when == 0 || t->when > r.now) {
      unlock(&t->lock);  // stopped or moved in the gap
    } else {
      fireLocked(t, r.now, bubble);
      r.ran = true;
    }
    r.pollUntil = ts->minWhen.load();
  }
  return r;
}

void takeAll(Timers* to, Timers* from) {
  for (uint32_t i = 0; i < from->heap.len; i++) {
    Timer* t = from->heap.at[i].timer;
    to->heap.push(t, from->heap.at[i].when);
    t->ts.store(to);
  }
  from->heap.clear();
  publish(from);
  publish(to);
}

}  // namespace

// ---- channels with timers

void timerMaybeRunChan(HChan* c) {
  Timer* t = static_cast<Timer*>(c->timer);
  if (t->isFake && getg()->bubble != c->bubble) fatal("synctest timer accessed from outside bubble");
  // In a heap: whoever runs the heap sends.
  if (t->ts.load() != nullptr) return;
  lock(&t->lock);
  int64_t now = 0;
  if (t->when != 0) now = t->isFake ? getg()->bubble->now : nanotime();
  if (t->ts.load() != nullptr || t->when == 0 || t->when > now) {
    unlock(&t->lock);
    return;
  }
  SynctestBubble* bubble = t->isFake ? getg()->bubble : nullptr;
  systemstack([&] { fireLocked(t, now, bubble); });
}

void blockTimerChan(HChan* c) {
  Timer* t = static_cast<Timer*>(c->timer);
  if (t->isFake && getg()->bubble != c->bubble) fatal("synctest timer accessed from outside bubble");
  lock(&t->lock);
  t->blocked++;
  const int64_t when = t->when;
  const bool wake = t->ts.load() == nullptr && belongsInHeap(t) && addToHeap(t);
  unlock(&t->lock);
  if (wake) wakeNetPoller(when);
}

void unblockTimerChan(HChan* c) {
  Timer* t = static_cast<Timer*>(c->timer);
  lock(&t->lock);
  if (t->blocked == 0) throw_("timer data corruption");
  if (--t->blocked == 0) removeFromHeap(t);
  unlock(&t->lock);
}

}  // namespace burrow::rt
