// Stopping a goroutine at a safe point, for the collector; see preempt.cpp.
#pragma once

#include "sched/sched.h"

namespace burrow::rt {

struct SuspendGState {
  G* g;          // suspended; null when dead
  bool dead;     // there is no such goroutine any more: nothing to scan
  bool stopped;  // suspendG took it out of Gpreempted, so that resumeG must make it runnable
};
// suspendG stops gp at a safe point: until resumeG it does not run, and its stack is its suspender's. Runs on g0 or on a
// goroutine that is not Grunning itself (the collector's workers make themselves Gwaiting), so that two suspenders cannot
// wait for each other.
SuspendGState suspendG(G* gp) GO_SYM("runtime.suspendG");
void resumeG(SuspendGState state) GO_SYM("runtime.resumeG");

// Status with Gscan set: gp's state is frozen. castogscanstatus reports whether it changed.
bool castogscanstatus(G* gp, uint32_t from, uint32_t to) GO_SYM("runtime.castogscanstatus");
void casfromgscanstatus(G* gp, uint32_t from, uint32_t to) GO_SYM("runtime.casfromgscanstatus");

// forEachP runs fn(p, arg) once for every P: on the P's own thread at its next safe point if it runs, here if it is idle
// or in a system call. Returns when all have done so. The caller holds worldsema and has a P; on g0.
void forEachP(void (*fn)(P*, void*), void* arg) GO_SYM("runtime.forEachP");
// This P's part of it.
void runSafePointFn(P* pp) GO_SYM("runtime.runSafePointFn");
// The same with sched.lock held, for a P that is about to be idle.
void safePointPassedLocked(P* pp);

}  // namespace burrow::rt
