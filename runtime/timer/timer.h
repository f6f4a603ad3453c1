// Timers: what package time, Sleep and I/O deadlines are made of. How they work is in timer.cpp; heaps.cpp has what the
// scheduler and the collector ask of heaps, empty or not.
#pragma once

#include "os/os.h"
#include "sched/sched.h"
#include "timer/timer_heap.h"

namespace burrow::rt {

struct Timers;

struct Timer {
  Mutex lock;          // guards everything below, with the exceptions named
  uint32_t heapIndex;  // guarded by the heap's lock
  uint32_t tie;
  bool isChan;       // feeds a channel (arg); constant
  bool isFake;       // on a bubble's clock; constant but for a goroutine's own Sleep timer
  uint32_t blocked;  // goroutines that wait on the channel: only then is a channel's timer in a heap
  int64_t when;      // due, as nanotime (or the bubble's clock); 0: not running
  int64_t period;    // > 0: again after that
  FuncVal* f;        // called as f(arg, seq, delay) on g0; must not block
  Eface arg;
  uint64_t seq;        // channel: counts Stop and Reset, guarded by lock and sendLock together; else the setter's own
  Atomic<Timers*> ts;  // the heap it is in: set with lock and the heap's lock held, cleared with the heap's lock held
  Mutex sendLock;      // channel: held while a value is sent
  Atomic<int32_t> isSending;  // channel, one-shot: fired, but not yet past the check of seq
};

struct TimerMemory {
  static void* alloc(size_t n);
  static void free(void* p, size_t n) { sysFree(p, n); }
};

// The timers of a P, or of a synctest bubble.
struct Timers {
  Mutex lock;
  TimerHeap<Timer, TimerMemory> heap;
  Atomic<int64_t> minWhen;  // the heap's, to be read without the lock; 0: empty
};

inline void timersInit(Timers* ts) { lockInit(&ts->lock, LockRank::Timers); }
void timerInit(Timer* t, FuncVal* f, Eface arg);

// timerModify sets the timer; f null: leaves what it calls as it is. Both report whether the timer was still to fire: true
// means that the old setting has had, and will have, no effect.
bool timerModify(Timer* t, int64_t when, int64_t period, FuncVal* f, Eface arg, uint64_t seq)
    GO_SYM("runtime.(*timer).modify");
bool timerStop(Timer* t) GO_SYM("runtime.(*timer).stop");

// Runs, on g0 with a P, what is due in ts. now 0: ask the clock if need be.
struct TimerCheck {
  int64_t now;        // 0: nobody had to ask
  int64_t pollUntil;  // when the next timer is due; 0: none
  bool ran;
};
// What the scheduler calls when a heap holds timers. Set before the first timer gets into one: a program that makes no timers is
// linked without the code that runs them.
struct TimerHooks {
  TimerCheck (*check)(Timers* ts, int64_t now, struct SynctestBubble* bubble);
  void (*take)(Timers* to, Timers* from);
};
extern Atomic<const TimerHooks*> timerHooks;

inline TimerCheck timersCheck(Timers* ts, int64_t now, struct SynctestBubble* bubble = nullptr) {
  if (ts->minWhen.load() == 0) return {now, 0, false};
  return timerHooks.load()->check(ts, now, bubble);
}
// When the first timer of any P is due; 0: there is none.
int64_t timersNext(int64_t limit = 0);
// All timers of `from` go to `to`; the world is stopped.
inline void timersTake(Timers* to, Timers* from) {
  if (from->heap.len != 0) timerHooks.load()->take(to, from);
}
// For the collector: every timer in a P's heap, under that heap's lock. It, its function and its argument live.
void forEachHeapTimer(void (*fn)(Timer* t, void* arg), void* arg);

// ---- called by channel operations on channels with a timer
struct HChan;
// Before looking at the channel, no lock held: if the timer is due, its value is put into the channel now.
void timerMaybeRunChan(HChan* c) GO_SYM("runtime.maybeRunChan");
// A goroutine is going to wait on the channel / does not any more; the channel's lock is held.
void blockTimerChan(HChan* c) GO_SYM("runtime.blockTimerChan");
void unblockTimerChan(HChan* c) GO_SYM("runtime.unblockTimerChan");

inline constexpr int64_t kMaxWhen = 0x7fffffffffffffff;

}  // namespace burrow::rt
