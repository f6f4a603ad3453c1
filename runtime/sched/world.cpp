// Stopping the world, and asking goroutines to yield.
//
// A request to yield is a poisoned stack limit: g->preempt says that it is meant, and the thread's limit becomes
// kStackPreempt, so that the next prologue calls __morestack. The limit belongs to the thread and the flag to the
// goroutine; a request that crosses a goroutine switch hits nobody or the wrong one, which is harmless (newstack looks at the
// flag), and senders repeat themselves until they see the effect.
//
// stopTheWorld: takes all idle Ps and all Ps in system calls at once, asks the others, and sleeps until the last one of those
// has given itself up (gcstopm).
#include "netpoll/netpoll.h"
#include "os/os.h"
#include "profile/metrics.h"
#include "sched/offsets.h"
#include "sched/proc.h"

namespace burrow::rt {

bool canPreemptM(M* m) {
  return m->locks == 0 && m->mallocing == 0 && m->preemptoff == nullptr && m->p != nullptr &&
         m->p->status.load() == Prunning && m->curg != nullptr;
}

bool preemptone(P* pp) {
  M* m = __atomic_load_n(&pp->m, __ATOMIC_RELAXED);
  if (m == nullptr || m == getm()) return false;
  G* gp = __atomic_load_n(&m->curg, __ATOMIC_RELAXED);
  if (gp == nullptr || gp == m->g0) return false;
  gp->preempt.store(PREEMPT_WANTED);
  __atomic_store_n(&m->tls->stackLimit, abi::kStackPreempt, __ATOMIC_SEQ_CST);
  pp->preempt.store(1);
  return true;
}

bool preemptall() {
  bool any = false;
  for (int32_t i = 0; i < gomaxprocs; i++)
    if (allp[i]->status.load() == Prunning && preemptone(allp[i])) any = true;
  return any;
}

void gopreempt_m(G* gp) { goschedImpl(gp, true); }

void preemptPark(G* gp) {
  // With the Gscan bit until the thread has let go of it: a suspender may make it runnable as soon as it is gone.
  gp->preemptStop = false;
  gp->waitreason = WaitReason::Preempted;
  while (!gp->atomicstatus.cas(Grunning, Gpreempted | Gscan)) cpuRelax();
  if (traceEvent(TraceEvent::PreemptPark, gp) == kNotTraced) {
    dropg();
    gp->atomicstatus.store(Gpreempted);
  }
  schedule();
}

// gcstopm stops this thread for stopTheWorld; returns when the world runs again and the thread has a P.
void gcstopm() {
  M* m = getm();
  if (!sched.gcwaiting.load()) throw_("gcstopm: not waiting for gc");
  if (m->spinning) {
    m->spinning = false;
    if (sched.nmspinning.xadd(-1) < 0) throw_("gcstopm: negative nmspinning");
  }
  P* pp = releasep();
  lock(&sched.lock);
  pp->status.store(Pgcstop);
  if (--sched.stopwait == 0) notewakeup(&sched.stopnote);
  unlock(&sched.lock);
  stopm();
}

WorldStop stopTheWorldWithSema(const char* reason) {
  M* m = getm();
  WorldStop w;
  w.startedStopping = nanotime();
  sched.stopReason = reason;
  if (m->locks > 0 && m->p == nullptr) throw_("stopTheWorld: holding locks");
  traceEvent(TraceEvent::StwBegin, reason);
  lock(&sched.lock);
  sched.stopwait = gomaxprocs;
  sched.gcwaiting.store(1);
  preemptall();
  m->p->status.store(Pgcstop);  // our own
  sched.stopwait--;
  for (int32_t i = 0; i < gomaxprocs; i++) {
    P* pp = allp[i];
    if (pp->status.load() == Psyscall && takePFromSyscall(pp, Pgcstop)) {
      pp->syscalltick++;
      sched.stopwait--;
    }
  }
  while (P* pp = pidleget()) {
    pp->status.store(Pgcstop);
    sched.stopwait--;
  }
  bool wait = sched.stopwait > 0;
  unlock(&sched.lock);
  if (wait) {
    // 100 us, then ask again: a request may have been lost (see above).
    while (!notetsleep(&sched.stopnote, 100 * 1000)) preemptall();
    noteclear(&sched.stopnote);
  }
  w.finishedStopping = nanotime();
  if (sched.stopwait != 0) throw_("stopTheWorld: not stopped (stopwait != 0)");
  for (int32_t i = 0; i < gomaxprocs; i++)
    if (allp[i]->status.load() != Pgcstop) throw_("stopTheWorld: not stopped (status != _Pgcstop)");
  return w;
}

int64_t startTheWorldWithSema(int64_t now, WorldStop w) {
  if (netpollinited()) {
    // What has become ready while the world stood.
    PollResult r = netpoll(0);
    injectglist(&r.ready);
    netpollAdjustWaiters(r.delta);
  }
  lock(&sched.lock);
  int32_t procs = gomaxprocs;
  if (newprocs != 0) {
    procs = newprocs;
    newprocs = 0;
  }
  P* p1 = procresize(procs);
  sched.gcwaiting.store(0);
  if (sched.sysmonwait.load()) {
    sched.sysmonwait.store(0);
    notewakeup(&sched.sysmonnote);
  }
  unlock(&sched.lock);
  while (p1 != nullptr) {
    P* pp = p1;
    p1 = p1->link;
    M* mp = pp->m;
    pp->m = nullptr;
    if (mp != nullptr) {
      if (mp->nextp != nullptr) throw_("startTheWorld: inconsistent mp->nextp");
      mp->nextp = pp;
      notewakeup(&mp->park);
    } else {
      newm(nullptr, pp);
    }
  }
  // Work may have come up meanwhile; one spinner more at worst.
  wakep();
  traceEvent(TraceEvent::StwEnd);
  if (now == 0) now = nanotime();
  if (UNLIKELY(metricsHooks != nullptr)) metricsHooks->worldStarts(now, w);
  return now;
}

WorldStop stopTheWorld(const char* reason) {
  semacquire(&worldsema);
  M* m = acquirem();
  m->preemptoff = reason;
  WorldStop w;
  systemstack([&] {
    // The goroutine is where a scan can see it, and does not count as running.
    G* gp = getm()->curg;
    gp->waitreason = WaitReason::StoppingTheWorld;
    casgstatus(gp, Grunning, Gwaiting);
    w = stopTheWorldWithSema(reason);
    casgstatus(gp, Gwaiting, Grunning);
  });
  return w;
}

void startTheWorld(WorldStop w) {
  systemstack([&] { startTheWorldWithSema(0, w); });
  M* m = getm();
  m->preemptoff = nullptr;
  // The semaphore goes to a waiter at once, so that two loops of stops do not starve each other.
  semrelease(&worldsema);
  releasem(m);
}

}  // namespace burrow::rt
