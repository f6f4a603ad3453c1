// What the scheduler and the collector want to know of the heaps of timers; every program has this, timers or not.
#include "sched/proc.h"
#include "sched/synctest.h"
#include "timer/timer.h"

namespace burrow::rt {

Atomic<const TimerHooks*> timerHooks;

int64_t timersNext(int64_t limit) {
  int64_t next = limit;
  for (int32_t i = 0; i < gomaxprocs; i++) {
    P* pp = allp[i];
    if (pp == nullptr) continue;
    int64_t w = pp->timers->minWhen.load();
    if (w != 0 && (next == 0 || w < next)) next = w;
  }
  return next;
}

void forEachHeapTimer(void (*fn)(Timer* t, void* arg), void* arg) {
  for (int32_t i = 0; i < gomaxprocs; i++) {
    Timers* ts = allp[i]->timers;
    lock(&ts->lock);
    for (uint32_t j = 0; j < ts->heap.len; j++) fn(ts->heap.at[j].timer, arg);
    unlock(&ts->lock);
  }
  forEachBubbleTimer(fn, arg);
}

}  // namespace burrow::rt
