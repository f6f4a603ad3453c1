// Stopping goroutines at safe points.
//
// A goroutine stops at function entries and loop polls (sched/world.cpp says how a request gets there). suspendG stops one
// goroutine, wherever it is:
//
//   Grunnable, Gwaiting, Gsyscall ── Gscan bit set ──► frozen where it is; resumeG clears the bit
//   Grunning ── preemptStop and a request ──► newstack ──► preemptPark: Gpreempted
//   Gpreempted ── Gscan bit set by one suspender ──► Gwaiting, frozen; resumeG makes it runnable
//
// While the Gscan bit is set, casgstatus of anybody else waits: a goroutine that comes out of a system call, or is woken by
// a channel, does not start to run before the bit is gone.
//
// The request to a running goroutine is written with the Gscan bit set: gp stays on its thread for that long, so gp->m is
// the right one. It is repeated until it is heard: a goroutine may be between two checks, or hold locks.
//
// forEachP is the ragged barrier: every P passes the function at some time, not all at the same time. A P that
// runs Go code has `runSafePointFn` set and its goroutine asked to yield; schedule looks at the flag. Idle Ps cannot start
// meanwhile without passing schedule (acquirep does not look); they are taken under sched.lock. The flags are set under it, too, so
// whoever makes a P idle looks at its flag with that lock held: an idle P with the flag set is waited for in vain.
#include "sched/preempt.h"

#include "os/os.h"
#include "sched/offsets.h"
#include "sched/proc.h"

namespace burrow::rt {

bool castogscanstatus(G* gp, uint32_t from, uint32_t to) {
  if (to != (from | Gscan)) throw_("castogscanstatus");
  return gp->atomicstatus.cas(from, to);
}

void casfromgscanstatus(G* gp, uint32_t from, uint32_t to) {
  if (from != (to | Gscan) || !gp->atomicstatus.cas(from, to))
    throw_("casfrom_Gscanstatus: gp->status is not in scan state");
}

SuspendGState suspendG(G* gp) {
  M* self = getm();
  if (self->curg != nullptr && readgstatus(self->curg) == Grunning) throw_("suspendG from non-preemptible goroutine");
  constexpr int64_t kAskAgain = 5 * 1000;  // ns
  int64_t nextAsk = 0;
  for (uint32_t i = 0;; i++) {
    const uint32_t s = readgstatus(gp);
    switch (s) {
      case Gidle:
      case Gdead: return {nullptr, true, false};

      case Gpreempted:
      case Grunnable:
      case Gsyscall:
      case Gwaiting:
        if (!castogscanstatus(gp, s, s | Gscan)) break;
        // A request that came before is answered by this.
        gp->preemptStop = false;
        gp->preempt.store(0);
        if (s == Gpreempted) {
          gp->waitreason = WaitReason::Preempted;
          gp->atomicstatus.store(Gwaiting | Gscan);
        }
        return {gp, false, s == Gpreempted};

      case Grunning:
        if (gp->preemptStop && nanotime() < nextAsk) break;
        if (!castogscanstatus(gp, Grunning, Grunning | Gscan)) break;
        gp->preemptStop = true;
        gp->preempt.store(PREEMPT_WANTED);
        __atomic_store_n(&gp->m->tls->stackLimit, abi::kStackPreempt, __ATOMIC_SEQ_CST);
        nextAsk = nanotime() + kAskAgain;
        casfromgscanstatus(gp, Grunning | Gscan, Grunning);
        break;

      default: break;  // somebody else scans it
    }
    if (i < 10) {
      for (int j = 0; j < 30; j++) cpuRelax();
    } else {
      osyield();
    }
  }
}

void resumeG(SuspendGState state) {
  if (state.dead) return;
  G* gp = state.g;
  const uint32_t s = readgstatus(gp);
  switch (s) {
    case Grunnable | Gscan:
    case Gwaiting | Gscan:
    case Gsyscall | Gscan: casfromgscanstatus(gp, s, s & ~uint32_t(Gscan)); break;
    default: throw_("resumeG: unexpected g status");
  }
  if (state.stopped) ready(gp, true);
}

void runSafePointFn(P* pp) {
  // One of: the P's thread, forEachP that found the P idle, whoever takes it from a system call.
  if (!pp->runSafePointFn.cas(1, 0)) return;
  sched.safePointFn(pp, sched.safePointArg);
  lock(&sched.lock);
  if (--sched.safePointWait == 0) notewakeup(&sched.safePointNote);
  unlock(&sched.lock);
}

void safePointPassedLocked(P* pp) {
  if (!pp->runSafePointFn.cas(1, 0)) return;
  sched.safePointFn(pp, sched.safePointArg);
  if (--sched.safePointWait == 0) notewakeup(&sched.safePointNote);
}

// Takes the Ps that have not passed yet from system calls, which makes them pass handoffp.
static void takeWaitedForFromSyscalls() {
  for (int32_t i = 0; i < gomaxprocs; i++) {
    P* p = allp[i];
    if (p->status.load() == Psyscall && p->runSafePointFn.load() == 1 && takePFromSyscall(p, Pidle)) {
      p->syscalltick++;
      handoffp(p);
    }
  }
}

void forEachP(void (*fn)(P*, void*), void* arg) {
  M* m = acquirem();
  P* self = m->p;
  lock(&sched.lock);
  if (sched.safePointWait != 0) throw_("forEachP: sched.safePointWait != 0");
  sched.safePointWait = gomaxprocs - 1;
  sched.safePointFn = fn;
  sched.safePointArg = arg;
  for (int32_t i = 0; i < gomaxprocs; i++)
    if (allp[i] != self) allp[i]->runSafePointFn.store(1);
  preemptall();
  // Idle Ps stay idle while sched.lock is held. (Those that get going later look at their flag in schedule, and find it off.)
  for (P* p = sched.pidle; p != nullptr; p = p->link) {
    if (!p->runSafePointFn.cas(1, 0)) continue;
    fn(p, arg);
    sched.safePointWait--;
  }
  bool wait = sched.safePointWait > 0;
  unlock(&sched.lock);

  fn(self, arg);

  takeWaitedForFromSyscalls();
  if (wait) {
    constexpr int64_t kAskAgain = 100 * 1000;  // ns
    while (!notetsleep(&sched.safePointNote, kAskAgain)) {
      preemptall();
      takeWaitedForFromSyscalls();
    }
    noteclear(&sched.safePointNote);
  }
  if (sched.safePointWait != 0) throw_("forEachP: not done");
  for (int32_t i = 0; i < gomaxprocs; i++)
    if (allp[i]->runSafePointFn.load() != 0) throw_("forEachP: P did not run fn");
  lock(&sched.lock);
  sched.safePointFn = nullptr;
  unlock(&sched.lock);
  releasem(m);
}

}  // namespace burrow::rt
