// Which goroutine runs next.
//
// A thread (M) that holds a P runs rounds of schedule(): find a runnable goroutine, execute it until it parks, yields or ends,
// all of which come back here through mcall on g0. findRunnable looks, in this order:
//   every 61st round: the global queue, so that it is served even while local goroutines keep readying each other
//   this P's own queue (runnext first)
//   the global queue (a fair share of it at once)
//   goroutines whose descriptors are ready (netpoll, without waiting)
//   other Ps' queues: half of a victim's queue, victims in random order, four rounds; the last one may take runnext, and
//   runs the victim's due timers
// and otherwise gives the P up. One thread without a P sleeps in netpoll, until the next timer is due; the others stop.
// Due timers of the own P are run before anything else.
//
// Enough threads awake, but not too many: a thread without work that is looking for some is "spinning". The rule is: when
// there is runnable work, and an idle P, at least one thread spins. Who readies a goroutine wakes a spinner only when there
// is none; a spinner that finds work, being the last one, wakes the next (resetspinning). The hard part is a spinner that
// gives up while somebody submits work and sees it still spinning. So the giving-up order is: stop spinning (decrement the
// count), then look at all queues once more; the submitting order is: queue the work, then read the count. Sequentially
// consistent operations make it impossible that both miss.
#include "gc/gc.h"
#include "netpoll/netpoll.h"
#include "os/fake_time.h"
#include "os/os.h"
#include "panic/panic.h"
#include "sched/preempt.h"
#include "sched/proc.h"
#include "stack/stack.h"
#include "timer/timer.h"

namespace burrow::rt {

namespace {

constexpr uint32_t kGlobalTick = 61;
constexpr int kStealRounds = 4;

// Visits all Ps once in a random order: steps of a number coprime to the count.
struct RandomOrder {
  uint32_t count, step, at, left;
  explicit RandomOrder(uint32_t n, uint32_t seed) : count(n), left(n) {
    at = seed % n;
    step = 1 + (seed / n) % n;
    while (gcd(step, n) != 1) step++;
  }
  bool done() const { return left == 0; }
  void next() {
    at = (at + step) % count;
    left--;
  }
  static uint32_t gcd(uint32_t a, uint32_t b) {
    while (b != 0) {
      uint32_t t = a % b;
      a = b;
      b = t;
    }
    return a;
  }
};

// What stealing found: a goroutine, or that timers ran (so that the own queue is to be looked at again).
struct Stolen {
  G* gp;
  bool again;
};

Stolen stealWork(P* pp, int64_t* now, int64_t* pollUntil) {
  for (int round = 0; round < kStealRounds; round++) {
    bool last = round == kStealRounds - 1;
    for (RandomOrder order(uint32_t(gomaxprocs), cheaprand()); !order.done(); order.next()) {
      if (sched.gcwaiting.load()) return {nullptr, true};
      P* victim = allp[order.at];
      if (victim == pp) continue;
      // Timers of all Ps, idle ones too: nobody else may be awake to run them. Only in the last round, for looking
      // at somebody else's timers costs a lock of his.
      if (last && victim->timers->minWhen.load() != 0) {
        TimerCheck c = timersCheck(victim->timers, *now);
        *now = c.now;
        if (c.pollUntil != 0 && (*pollUntil == 0 || c.pollUntil < *pollUntil)) *pollUntil = c.pollUntil;
        if (c.ran) {
          // They may have readied goroutines into our own queue.
          bool inherit;
          if (G* gp = pp->runq.pop(inherit)) return {gp, false};
        }
      }
      if (victim->status.loadRelaxed() == Pidle) continue;
      if (G* gp = runqsteal(pp, victim, last)) return {gp, false};
    }
  }
  return {nullptr, false};
}

// The first goroutine that netpoll found, runnable; the others go to the queues.
G* takeReady(PollResult* r) {
  G* gp = gqPop(&r->ready);
  injectglist(&r->ready);
  if (gp != nullptr) casgstatus(gp, Gwaiting, Grunnable);
  netpollAdjustWaiters(r->delta);
  return gp;
}

// After giving up: an idle P to go back to work with, because some queue is not empty.
P* checkRunqsNoP() {
  for (int32_t i = 0; i < gomaxprocs; i++) {
    P* victim = allp[i];
    if (victim->runq.empty()) continue;
    lock(&sched.lock);
    P* pp = pidlegetSpinning();
    unlock(&sched.lock);
    return pp;
  }
  return nullptr;
}

}  // namespace

void schedule() {
  M* m = getm();
  if (m->locks != 0) throw_("schedule: holding locks");
  if (m->lockedg != nullptr) {
    if (m->p != nullptr && m->p->runSafePointFn.load()) runSafePointFn(m->p);
    stoplockedm();
    execute(m->lockedg, false);
  }
  for (;;) {
    P* pp = m->p;
    pp->preempt.storeRelaxed(0);
    if (m->spinning && !pp->runq.empty()) throw_("schedule: spinning with local work");
    bool inheritTime = false, tryWakeP = false;
    G* gp = findRunnable(&inheritTime, &tryWakeP);
    if (m->spinning) resetspinning();
    if (tryWakeP) wakep();
    if (gp->lockedm != nullptr) {
      // It may run on its own thread only: hand it the P, wait for another one.
      startlockedm(gp);
      continue;
    }
    execute(gp, inheritTime);
  }
}

G* findRunnable(bool* inheritTime, bool* tryWakeP) {
  M* m = getm();
top:
  P* pp = m->p;
  if (sched.gcwaiting.load()) {
    gcstopm();
    goto top;
  }
  if (pp->runSafePointFn.load()) runSafePointFn(pp);
  *inheritTime = false;
  *tryWakeP = false;

  TimerCheck timers = timersCheck(pp->timers, 0);
  int64_t now = timers.now, pollUntil = timers.pollUntil;

  // A worker's turn comes after that of whom a timer has just woken; it may have stopped for that.
  if (gcBlackenEnabled.load() != 0 && !timers.ran) {
    if (G* gp = gcFindRunnableWorker(pp, now)) {
      *tryWakeP = true;
      return gp;
    }
  }

  if (pp->schedtick % kGlobalTick == 0 && sched.runq.size > 0) {
    lock(&sched.lock);
    G* gp = globrunqget(pp, 1);
    unlock(&sched.lock);
    if (gp != nullptr) return gp;
  }
  if (G* gp = pp->runq.pop(*inheritTime)) return gp;
  if (__atomic_load_n(&sched.runq.size, __ATOMIC_RELAXED) != 0) {
    lock(&sched.lock);
    G* gp = globrunqget(pp, 0);
    unlock(&sched.lock);
    if (gp != nullptr) return gp;
  }

  // Before stealing: it is one system call. When a thread sleeps in netpoll, that one will see what is ready.
  if (netpollinited() && netpollAnyWaiters() && sched.lastpoll.load() != 0) {
    PollResult r = netpoll(0);
    if (G* gp = takeReady(&r)) return gp;
  }

  // Half as many spinners as busy Ps are enough.
  if (m->spinning || 2 * sched.nmspinning.load() < gomaxprocs - sched.npidle.load()) {
    if (!m->spinning) {
      m->spinning = true;
      sched.nmspinning.xadd(1);
    }
    Stolen s = stealWork(pp, &now, &pollUntil);
    if (s.gp != nullptr) {
      *inheritTime = false;
      return s.gp;
    }
    if (s.again) goto top;
  }

  // An idle P may as well mark.
  if (gcBlackenEnabled.load() != 0) {
    if (G* gp = gcFindIdleWorker(pp)) return gp;
  }

  // Nothing: give up the P, with one last look under the lock.
  lock(&sched.lock);
  if (sched.gcwaiting.load() || pp->runSafePointFn.load()) {
    unlock(&sched.lock);
    goto top;
  }
  if (sched.runq.size != 0) {
    G* gp = globrunqget(pp, 0);
    unlock(&sched.lock);
    return gp;
  }
  if (!m->spinning && sched.needspinning.load() == 1) {
    // A goroutine was queued while every P was busy; somebody must look again.
    m->spinning = true;
    sched.nmspinning.xadd(1);
    sched.needspinning.store(0);
    unlock(&sched.lock);
    goto top;
  }
  if (releasep() != pp) throw_("findRunnable: wrong p");
  pidleput(pp);
  unlock(&sched.lock);

  bool wasSpinning = m->spinning;
  if (m->spinning) {
    m->spinning = false;
    if (sched.nmspinning.xadd(-1) < 0) throw_("findRunnable: negative nmspinning");
    lock(&sched.lock);
    if (sched.runq.size != 0) {
      if (P* p2 = pidlegetSpinning()) {
        G* gp = globrunqget(p2, 0);
        unlock(&sched.lock);
        acquirep(p2);
        m->spinning = true;
        sched.nmspinning.xadd(1);
        return gp;
      }
    }
    unlock(&sched.lock);
    if (P* p2 = checkRunqsNoP()) {
      acquirep(p2);
      m->spinning = true;
      sched.nmspinning.xadd(1);
      goto top;
    }
  }

  // After the spinning was given up: whoever sets an earlier timer from now on sees that nobody spins.
  pollUntil = timersNext(0);
  if (netpollinited() && (netpollAnyWaiters() || pollUntil != 0) && sched.lastpoll.xchg(0) != 0) {
    sched.pollUntil.store(pollUntil);
    if (m->p != nullptr) throw_("findRunnable: netpoll with p");
    if (m->spinning) throw_("findRunnable: netpoll with spinning");
    int64_t delay = -1;
    if (fakeTime != nullptr) {
      delay = 0;
    } else if (pollUntil != 0) {
      delay = pollUntil - nanotime();
      if (delay < 0) delay = 0;
    }
    PollResult r = netpoll(delay);
    sched.pollUntil.store(0);
    sched.lastpoll.store(nanotime());
    if (fakeTime != nullptr && r.ready.size == 0) {
      netpollAdjustWaiters(r.delta);
      stopm();
      goto top;
    }
    lock(&sched.lock);
    P* p2 = pidleget();
    unlock(&sched.lock);
    if (p2 == nullptr) {
      injectglist(&r.ready);
      netpollAdjustWaiters(r.delta);
    } else {
      acquirep(p2);
      if (G* gp = takeReady(&r)) return gp;
      if (wasSpinning) {
        m->spinning = true;
        sched.nmspinning.xadd(1);
      }
      goto top;
    }
  } else if (pollUntil != 0 && netpollinited()) {
    // Somebody sleeps in netpoll already, perhaps for too long.
    int64_t until = sched.pollUntil.load();
    if (until == 0 || until > pollUntil) netpollBreak();
  }
  stopm();
  goto top;
}

void resetspinning() {
  M* m = getm();
  if (!m->spinning) throw_("resetspinning: not a spinning m");
  m->spinning = false;
  if (sched.nmspinning.xadd(-1) < 0) throw_("findRunnable: negative nmspinning");
  // Wakeups are conservative: the last spinner that found work brings the next one.
  wakep();
}

void execute(G* gp, bool inheritTime) {
  M* m = getm();
  m->curg = gp;
  gp->m = m;
  casgstatus(gp, Grunnable, Grunning);
  gp->waitsince = 0;
  gp->preempt.storeRelaxed(0);
  if (!inheritTime) m->p->schedtick++;
  gogo(gp);
}

// ---- the end of a goroutine

void gdestroy(G* gp) {
  M* m = getm();
  P* pp = m->p;
  casgstatus(gp, Grunning, Gdead);
  if (gp->issystem) sched.ngsys.xadd(-1);
  gp->m = nullptr;
  bool locked = gp->lockedm != nullptr;
  gp->lockedm = nullptr;
  m->lockedg = nullptr;
  gp->preempt.store(0);
  gp->preemptStop = false;
  gp->paniconfault = false;
  gp->deferTop = nullptr;
  gp->panic = nullptr;
  gp->waitreason = WaitReason::Zero;
  gp->param = nullptr;
  gp->labels = nullptr;
  gp->ancestors = nullptr;
  gp->bubble = nullptr;
  gp->waiting = nullptr;
  gp->goexiting = false;
  gp->sig = 0;
  gp->startfn = nullptr;
  m->curg = nullptr;
  // Goexit while packages initialise: runtime.main will not give its thread lock back.
  if (gp->isMain && mainInitRunning) m->lockedInt--;
  if (locked && m->lockedInt != 0) throw_("internal lockOSThread error");

  StackSegment* s = gp->segment;
  while (s->prev != nullptr) s = s->prev;
  gp->segment = nullptr;
  if (s->next != nullptr) {
    stackfreeFrom(s->next);
    s->next = nullptr;
  }
  if (gp->stack.hi - gp->stack.lo != usualStackSize(gp->hintKey)) {
    stackfree(s);
    gp->stack = {};
  }
  gfput(pp, gp);
  // The thread may be in a state that only this goroutine knew (namespaces, priorities): it ends with it, in mexit.
  if (locked) {
    gogo(m->g0);
  }
}

void goexit0(G* gp) GO_SYM("runtime.goexit0");
void goexit0(G* gp) {
  gdestroy(gp);
  schedule();
}

// goexit1 is called when a goroutine's function has returned, and by Goexit after the deferred calls.
void goexit1() { mcall(goexit0); }

}  // namespace burrow::rt
