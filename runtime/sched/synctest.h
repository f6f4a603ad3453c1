// Bubbles: what testing/synctest runs a test in. A bubble is a set of goroutines with a clock of its own that moves only
// when all of them wait for each other. The essay is in synctest.cpp.
#pragma once

#include "timer/timer.h"

namespace burrow::rt {

struct SynctestBubble {
  Mutex lock;      // guards what follows but the timers, which have their own lock, and `now`
  Timers* timers;  // on the bubble's clock
  uint64_t id;
  int64_t now;           // changed only while no goroutine of the bubble runs
  G* root;               // in synctest.Run
  G* waiter;             // parked in synctest.Wait
  G* main;               // the goroutine that Run started
  bool waiting;          // somebody is in synctest.Wait
  bool done;             // main has ended
  int64_t total;         // goroutines
  int64_t running;       // of these, not waiting durably
  int64_t active;        // other reasons not to count the bubble as idle
  SynctestBubble* link;  // list of living bubbles

  // A goroutine of the bubble goes from one state to another.
  void changegstatus(G* gp, uint32_t from, uint32_t to);
  void incActive();
  void decActive();

 private:
  G* maybeWakeLocked();
  friend void synctestIdleLoop(SynctestBubble* b);
};

// What the scheduler calls for a goroutine of a bubble. Set before there is one: programs without bubbles do without the code.
struct BubbleHooks {
  void (*statusChanges)(G* gp, uint32_t from, uint32_t to);
  void (*addActive)(SynctestBubble* bubble, int64_t n);
  // For tracebacks: does gp, which waits, do so durably? And the bubble that a panic's value says is stuck, or null.
  bool (*isIdle)(G* gp);
  GOABI SynctestBubble* (*ofDeadlock)(Eface panicked);
};
extern const BubbleHooks* bubbleHooks;

// For the collector, world stopped.
void forEachBubbleTimer(void (*fn)(Timer* t, void* arg), void* arg);

}  // namespace burrow::rt
