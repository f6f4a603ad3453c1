// Threads.
//
// An M is made when there is a P without a thread and work for it (startm finds no stopped M). It gets one mapping that
// holds, from low to high: guard page, gsignal's stack, guard page, g0's stack. M0 has g0 on the kernel's
// stack and a static thread area.
//
// A thread without a P sleeps on its `park` note in stopm, on the list of idle Ms. Waking means: set m->nextp, notewakeup.
// A thread whose locked goroutine ended goes away through mexit; its mapping is freed by whoever makes the next M, once
// the kernel has cleared its thread id (the futex word of CLONE_CHILD_CLEARTID), for nobody may free the stack he runs on.
#include "gc/gc.h"
#include "mem/persistent_alloc.h"
#include "os/os.h"
#include "os/signal.h"
#include "os/syscall_linux_amd64.h"
#include "netpoll/netpoll.h"
#include "panic/rt_print.h"
#include "sched/preempt.h"
#include "sched/proc.h"
#include "stack/stack.h"
#include "timer/timer.h"

namespace burrow::rt {

namespace {

constexpr size_t kG0Stack = 64 << 10;
constexpr size_t kGsignalStack = 64 << 10;

// Ms that ended: their stacks wait to be freed. sched.lock.
M* freem;

// Ms whose stacks are freed, with their g0 and gsignal structures: for the next threads. sched.lock.
M* reusable;

// g0 and gsignal never look at a limit; this segment says so to the code that all Gs share.
StackSegment noLimitSegment;

void templateSystemG(G* gp, M* mp, uintptr_t lo, uintptr_t hi) {
  gp->stack = {lo, hi};
  gp->segment = &noLimitSegment;
  gp->m = mp;
  gp->issystem = true;
  gp->atomicstatus.store(Grunning);
}

void freeDeadStacks() {
  M* keep = nullptr;
  M* m = freem;
  while (m != nullptr) {
    M* next = m->freelink;
    if (__atomic_load_n(&m->procid, __ATOMIC_ACQUIRE) == 0) {
      // The M itself, and its g0 and gsignal, stay: others may still look at them.
      sysFree(m->stackMemory, m->stackMemorySize);
      m->stackMemory = nullptr;
      m->freelink = reusable;
      reusable = m;
    } else {
      m->freelink = keep;
      keep = m;
    }
    m = next;
  }
  freem = keep;
}

void mspinning() { getm()->spinning = true; }

}  // namespace

void mReserveStacks(M* mp) {
  // The g0 part only for Ms of our own making.
  size_t size = kPhysPageSize + kGsignalStack;
  if (mp != &m0) size += kPhysPageSize + kG0Stack;
  uint8_t* p = static_cast<uint8_t*>(sysAlloc(size));
  if (p == nullptr) throw_("runtime: cannot allocate thread stacks");
  mp->stackMemory = p;
  mp->stackMemorySize = size;
  sysFault(p, kPhysPageSize);
  uintptr_t lo = uintptr_t(p) + kPhysPageSize, hi = lo + kGsignalStack;
  if (mp->gsignal == nullptr) mp->gsignal = malg();
  templateSystemG(mp->gsignal, mp, lo, hi);
  if (mp == &m0) {
    templateSystemG(&g0, mp, g0.stack.lo, g0.stack.hi);
    return;
  }
  sysFault(reinterpret_cast<void*>(hi), kPhysPageSize);
  lo = hi + kPhysPageSize;
  hi = lo + kG0Stack;
  if (mp->g0 == nullptr) mp->g0 = malg();
  templateSystemG(mp->g0, mp, lo, hi);
  abi::ThreadArea* tls = &mp->area;
  tls->self = tls;
  tls->g = mp->g0;
  tls->m = mp;
  tls->stackLimit = 0;
  mp->tls = tls;
}

// ---- making threads

namespace {

// Threads that were asked for on a thread which a goroutine has locked: the new ones would inherit what that goroutine did to
// its thread. The template thread, which no goroutine ever runs on, makes them.
struct {
  Mutex lock = {{}, LockRank::NewM};
  M* wanted;  // through schedlink
  bool waiting;
  Note wake;
  Atomic<uint32_t> running;
} newmHandoff;

M* allocm(void (*fn)(), P* pp) {
  lock(&sched.lock);
  if (freem != nullptr) freeDeadStacks();
  M* mp = reusable;
  if (mp != nullptr) reusable = mp->freelink;
  unlock(&sched.lock);
  if (mp == nullptr) {
    mp = static_cast<M*>(persistentAlloc(sizeof(M), kCacheLine, nullptr));
  } else {
    // All but g0, gsignal and the thread area: whoever asks an old thread to yield may still write there.
    mp->curg = nullptr;
    memset(static_cast<void*>(&mp->p), 0, offsetof(M, area) - offsetof(M, p));
    memset(reinterpret_cast<char*>(&mp->area) + sizeof(mp->area), 0, offsetof(M, trace) - offsetof(M, area) - sizeof(mp->area));
  }
  mp->mstartfn = fn;
  mp->nextp = pp;
  mReserveStacks(mp);
  mcommoninit(mp, -1);
  return mp;
}

void newosproc(M* mp) {
  // No signal may arrive in the new thread before it has its signal stack.
  uint64_t all = ~uint64_t(0), old;
  syscall6(kSysRtSigprocmask, 2, word(&all), word(&old), 8);
  int32_t r = clone(mp, mp->g0, reinterpret_cast<void*>(mp->g0->stack.hi));
  syscall6(kSysRtSigprocmask, 2, word(&old), 0, 8);
  if (r >= 0) return;
  rtPrint("runtime: failed to create new OS thread (have ", int64_t(mcount()), " already; errno=", int64_t(-r), ")\n");
  if (-r == kEAGAIN) rtPrint("runtime: may need to increase max user processes (ulimit -u)\n");
  throw_("newosproc");
}

void templateThread() {
  lock(&sched.lock);
  sched.nmsys++;
  checkdead();
  unlock(&sched.lock);
  for (;;) {
    lock(&newmHandoff.lock);
    while (M* list = newmHandoff.wanted) {
      newmHandoff.wanted = nullptr;
      unlock(&newmHandoff.lock);
      while (list != nullptr) {
        M* next = list->schedlink;
        list->schedlink = nullptr;
        newosproc(list);
        list = next;
      }
      lock(&newmHandoff.lock);
    }
    newmHandoff.waiting = true;
    noteclear(&newmHandoff.wake);
    unlock(&newmHandoff.lock);
    notesleep(&newmHandoff.wake);
  }
}

void startTemplateThread() {
  // Not to be moved to another thread in between: this one is still as it was made.
  M* m = acquirem();
  if (newmHandoff.running.cas(0, 1)) systemstack([] { newm(templateThread, nullptr); });
  releasem(m);
}

}  // namespace

void newm(void (*fn)(), P* pp) {
  M* mp = allocm(fn, pp);
  if (getm()->lockedExt == 0 || fn == templateThread) {
    newosproc(mp);
    return;
  }
  lock(&newmHandoff.lock);
  if (newmHandoff.running.load() == 0) throw_("on a locked thread with no template thread");
  mp->schedlink = newmHandoff.wanted;
  newmHandoff.wanted = mp;
  if (newmHandoff.waiting) {
    newmHandoff.waiting = false;
    notewakeup(&newmHandoff.wake);
  }
  unlock(&newmHandoff.lock);
}

// mstart0 is mstart's body, on g0: signals, the function that the thread was made for, then the scheduler. Only
// gogo(g0) comes back from it, into mstart, which goes on with mexit.
extern "C" void mstart0() GO_SYM("runtime.mstart0");
void mstart0() {
  M* m = getm();
  minitSignals(m);
  if (cpuProfiler != nullptr) cpuProfiler->threadStarts(m);
  if (auto fn = m->mstartfn) {
    fn();
  }
  if (m != &m0) {
    acquirep(m->nextp);
    m->nextp = nullptr;
  }
  schedule();
}

extern "C" void mexit() GO_SYM("runtime.mexit");
void mexit() {
  M* m = getm();
  if (cpuProfiler != nullptr) cpuProfiler->threadEnds(m);
  handoffp(releasep());
  lock(&sched.lock);
  if (m == &m0) {
    // The process would be a zombie to others without its first thread: it stays, and does nothing any more.
    sched.nmfreed++;
    checkdead();
    unlock(&sched.lock);
    for (;;) {
      notesleep(&m->park);
      noteclear(&m->park);
    }
  }
  traceEvent(TraceEvent::ThreadEnd, m);
  M** link = &allm;
  while (*link != m) link = &(*link)->alllink;
  *link = m->alllink;
  m->freelink = freem;
  freem = m;
  sched.nmfreed++;
  checkdead();
  unlock(&sched.lock);
  // The kernel clears m->procid and wakes nobody; freeDeadStacks looks at it.
  for (;;) syscall(kSysExit, 0);
}

extern "C" void badmcall() GO_SYM("runtime.badmcall");
void badmcall() { throw_("runtime: mcall called on m->g0 stack"); }

// ---- idle Ms

void mput(M* mp) {
  mp->schedlink = sched.midle;
  sched.midle = mp;
  sched.nmidle++;
  checkdead();
}

M* mget() {
  M* mp = sched.midle;
  if (mp != nullptr) {
    sched.midle = mp->schedlink;
    sched.nmidle--;
  }
  return mp;
}

void stopm() {
  M* m = getm();
  if (m->locks != 0) throw_("stopm holding locks");
  if (m->p != nullptr) throw_("stopm holding p");
  if (m->spinning) throw_("stopm spinning");
  lock(&sched.lock);
  mput(m);
  unlock(&sched.lock);
  notesleep(&m->park);
  noteclear(&m->park);
  acquirep(m->nextp);
  m->nextp = nullptr;
}

// startm runs P pp (null: any idle one) on some thread. With `spinning` the caller has already counted the new spinner.
void startm(P* pp, bool spinning) {
  // Not preempted between taking the P and giving it away: stopTheWorld would wait for a P that nobody runs.
  M* self = acquirem();
  lock(&sched.lock);
  if (pp == nullptr) {
    if (spinning) throw_("startm: P required for spinning=true");
    pp = pidleget();
    if (pp == nullptr) {
      unlock(&sched.lock);
      releasem(self);
      return;
    }
  }
  M* mp = mget();
  unlock(&sched.lock);
  if (mp == nullptr) {
    newm(spinning ? mspinning : nullptr, pp);
    releasem(self);
    return;
  }
  if (mp->spinning) throw_("startm: m is spinning");
  if (mp->nextp != nullptr) throw_("startm: m has p");
  if (spinning && !pp->runq.empty()) throw_("startm: p has runnable gs");
  mp->spinning = spinning;
  mp->nextp = pp;
  notewakeup(&mp->park);
  releasem(self);
}

// handoffp finds a thread for a P whose own is about to block, or makes it idle.
void handoffp(P* pp) {
  if (pp->runSafePointFn.load()) runSafePointFn(pp);
  if (!pp->runq.empty() || __atomic_load_n(&sched.runq.size, __ATOMIC_RELAXED) != 0) {
    startm(pp, false);
    return;
  }
  if (gcBlackenEnabled.load() != 0 && gcMarkWorkAvailable(pp)) {
    // What its buffers hold is found by nobody else before the end of marking.
    startm(pp, false);
    return;
  }
  if (sched.npidle.load() == gomaxprocs - 1 && sched.lastpoll.load() != 0) {
    // The last P that runs, and nobody sleeps in netpoll: somebody must.
    startm(pp, false);
    return;
  }
  // No work here; but if nobody else looks for some, this P should.
  if (sched.nmspinning.load() + sched.npidle.load() == 0 && sched.nmspinning.cas(0, 1)) {
    sched.needspinning.store(0);
    startm(pp, true);
    return;
  }
  lock(&sched.lock);
  if (sched.gcwaiting.load()) {
    pp->status.store(Pgcstop);
    if (--sched.stopwait == 0) notewakeup(&sched.stopnote);
    unlock(&sched.lock);
    return;
  }
  // forEachP may have begun since the look at the top: it has seen this P neither run nor idle.
  if (pp->runSafePointFn.load()) safePointPassedLocked(pp);
  if (sched.runq.size != 0) {
    unlock(&sched.lock);
    startm(pp, false);
    return;
  }
  // The P's timers will be looked at by whoever sleeps in netpoll.
  const int64_t when = pp->timers->minWhen.load();
  pidleput(pp);
  unlock(&sched.lock);
  if (when != 0) wakeNetPoller(when);
}

// wakep adds a spinner when there is an idle P and no spinner. Called after making work runnable.
void wakep() {
  if (sched.npidle.load() == 0) {
    if (sched.nmspinning.load() == 0 && sched.needspinning.load() == 0) sched.needspinning.store(1);
    return;
  }
  if (sched.nmspinning.load() != 0 || !sched.nmspinning.cas(0, 1)) return;
  M* self = acquirem();
  systemstack([] {
    lock(&sched.lock);
    P* pp = pidlegetSpinning();
    if (pp == nullptr) {
      if (sched.nmspinning.xadd(-1) < 0) throw_("wakep: negative nmspinning");
      unlock(&sched.lock);
      return;
    }
    unlock(&sched.lock);
    startm(pp, true);
  });
  releasem(self);
}

// ---- goroutines that are tied to their thread

// This thread's goroutine cannot run now: hand the P on and sleep until somebody schedules the goroutine.
void stoplockedm() {
  M* m = getm();
  if (m->lockedg == nullptr || m->lockedg->lockedm != m) throw_("stoplockedm: inconsistent locking");
  if (m->p != nullptr) handoffp(releasep());
  lock(&sched.lock);
  sched.nmidlelocked++;
  checkdead();
  unlock(&sched.lock);
  notesleep(&m->park);
  noteclear(&m->park);
  if ((readgstatus(m->lockedg) & ~uint32_t(Gscan)) != Grunnable) throw_("stoplockedm: not runnable");
  acquirep(m->nextp);
  m->nextp = nullptr;
}

// Gives this thread's P to the thread that gp is locked to, and sleeps.
void startlockedm(G* gp) {
  M* mp = gp->lockedm;
  if (mp == getm()) throw_("startlockedm: locked to me");
  if (mp->nextp != nullptr) throw_("startlockedm: m has p");
  lock(&sched.lock);
  sched.nmidlelocked--;
  unlock(&sched.lock);
  P* pp = releasep();
  mp->nextp = pp;
  notewakeup(&mp->park);
  stopm();
}

namespace {
void dolockOSThread() {
  M* m = getm();
  m->lockedg = getg();
  getg()->lockedm = m;
}
void dounlockOSThread() {
  M* m = getm();
  if (m->lockedInt != 0 || m->lockedExt != 0) return;
  m->lockedg = nullptr;
  getg()->lockedm = nullptr;
}
}  // namespace

void lockOSThread() {
  M* m = acquirem();
  m->lockedInt++;
  dolockOSThread();
  releasem(m);
}

void unlockOSThread() {
  M* m = acquirem();
  if (m->lockedInt == 0) throw_("runtime: internal error: misuse of lockOSThread/unlockOSThread");
  m->lockedInt--;
  dounlockOSThread();
  releasem(m);
}

GOABI void goLockOSThread() GO_SYM("runtime.LockOSThread");
GOABI void goLockOSThread() {
  // Threads that are made on this one from now on would inherit its state.
  if (mainStarted && newmHandoff.running.load() == 0) startTemplateThread();
  M* m = acquirem();
  m->lockedExt++;
  dolockOSThread();
  releasem(m);
}

GOABI void goUnlockOSThread() GO_SYM("runtime.UnlockOSThread");
GOABI void goUnlockOSThread() {
  M* m = acquirem();
  if (m->lockedExt != 0) {
    m->lockedExt--;
    dounlockOSThread();
  }
  releasem(m);
}

// How often the goroutine is locked to its thread, by the user in the upper half. For tests, as in gc's export_test.go.
GO_DECL("runtime.lockOSCounts", uint64_t, lockOSCounts, ());
uint64_t lockOSCounts() {
  const M* m = getm();
  if ((m->lockedExt + m->lockedInt != 0) != (getg()->lockedm != nullptr)) throw_("lockedm does not agree with the counts");
  return uint64_t(m->lockedExt) << 32 | m->lockedInt;
}

}  // namespace burrow::rt
