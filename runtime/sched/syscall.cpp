// System calls that may block: the goroutine keeps its thread and lends its P.
//
// entersyscall only marks the P as Psyscall: when the call is short, exitsyscall takes the P back with one CAS and nobody
// noticed. When it is long, sysmon (retake) takes the P and hands it to another thread. stopTheWorld takes such Ps too.
// The stack may grow in between (segments then come from the pool without a P); it is never preempted there.
#include "os/os.h"
#include "sched/proc.h"
#include "stack/stack.h"

namespace burrow::rt {

namespace {

// Where the Go function that called us goes on; when our own prologue came through a segment boundary, that is on the
// older segment, and the newer one is gone once we return.
void saveForTraceback(G* gp, void* ra, void* frame) {
  gp->syscallpc = callerPC(ra);
  gp->syscallsp = ra == morestackReturn ? gp->segment->oldSP + 24 : uintptr_t(frame) + 16;
}

// Takes a P out of the system call that it is in.
bool reacquire(P* pp) {
  if (pp == nullptr || pp->status.load() != Psyscall) return false;
  const uint64_t traced = traceEvent(TraceEvent::ReacquireP, pp);
  if (traced != kNotTraced) return traced == 1;
  if (!pp->status.cas(Psyscall, Pidle)) return false;
  pp->m = nullptr;
  wirep(pp);
  return true;
}

bool acquireIdle() {
  if (__atomic_load_n(&sched.pidle, __ATOMIC_RELAXED) == nullptr) return false;
  bool ok = false;
  systemstack([&] {
    lock(&sched.lock);
    P* pp = pidleget();
    if (pp != nullptr && sched.sysmonwait.load()) {
      sched.sysmonwait.store(0);
      notewakeup(&sched.sysmonnote);
    }
    unlock(&sched.lock);
    if (pp != nullptr) {
      acquirep(pp);
      ok = true;
    }
  });
  return ok;
}

bool exitsyscallfast(M* m, P* oldp) {
  if (sched.stopwait == 0x7fffffff) return false;
  // A P that another goroutine has used since, and that waits in his system call, is his while there is an idle one for us: else
  // two goroutines would take one P from each other for good, beside an idle one.
  const bool ours = oldp != nullptr && oldp->syscalltick == m->syscalltick;
  if (ours) return reacquire(oldp) || acquireIdle();
  return acquireIdle() || reacquire(oldp);
}

// No P: queue the goroutine, stop the thread.
void exitsyscall0(G* gp) {
  M* m = getm();
  sched.exitingSyscall.xadd(1);
  casgstatus(gp, Gsyscall, Grunnable);
  sched.exitingSyscall.xadd(-1);
  dropg();
  bool locked = false;
  lock(&sched.lock);
  P* pp = pidleget();
  if (pp == nullptr) {
    globrunqput(gp);
    locked = gp->lockedm != nullptr;
  }
  unlock(&sched.lock);
  if (pp != nullptr) {
    acquirep(pp);
    execute(gp, false);
  }
  if (locked) {
    stoplockedm();
    execute(gp, false);
  }
  (void)m;
  stopm();
  schedule();
}

}  // namespace

bool takePFromSyscall(P* pp, uint32_t to) {
  const uint64_t traced = traceEvent(TraceEvent::TakeP, pp, to);
  if (traced != kNotTraced) return traced != 0;
  return pp->status.cas(Psyscall, to);
}

GOABI void entersyscall1() GO_SYM("runtime.entersyscall1");
NO_INLINE GOABI void entersyscall1() {
  G* gp = getg();
  M* m = acquirem();
  saveForTraceback(gp, __builtin_return_address(0), __builtin_frame_address(0));
  casgstatus(gp, Grunning, Gsyscall);
  P* pp = m->p;
  pp->m = nullptr;
  m->oldp = pp;
  m->p = nullptr;
  setThreadMCache(nullptr);
  m->syscalltick = pp->syscalltick;
  pp->status.store(Psyscall);
  if (sched.sysmonwait.load()) {
    systemstack([] {
      lock(&sched.lock);
      if (sched.sysmonwait.load()) {
        sched.sysmonwait.store(0);
        notewakeup(&sched.sysmonnote);
      }
      unlock(&sched.lock);
    });
  }
  if (sched.gcwaiting.load()) {
    systemstack([&] {
      lock(&sched.lock);
      if (sched.stopwait > 0 && takePFromSyscall(pp, Pgcstop)) {
        pp->syscalltick++;
        if (--sched.stopwait == 0) notewakeup(&sched.stopnote);
      }
      unlock(&sched.lock);
    });
  }
  m->locks--;
}

// For calls that are known to block: the P is handed off at once.
GOABI void entersyscallblock1() GO_SYM("runtime.entersyscallblock1");
NO_INLINE GOABI void entersyscallblock1() {
  G* gp = getg();
  M* m = acquirem();
  m->syscalltick = m->p->syscalltick;
  m->p->syscalltick++;
  saveForTraceback(gp, __builtin_return_address(0), __builtin_frame_address(0));
  casgstatus(gp, Grunning, Gsyscall);
  systemstack([] { handoffp(releasep()); });
  m->locks--;
}

NO_INLINE GOABI void exitsyscall() {
  G* gp = getg();
  M* m = acquirem();
  gp->waitsince = 0;
  if (exitsyscallfast(m, m->oldp)) {
    casgstatus(gp, Gsyscall, Grunning);
    m->p->syscalltick++;
    m->oldp = nullptr;
    gp->syscallsp = 0;
    releasem(m);
    return;
  }
  m->oldp = nullptr;
  m->locks--;
  mcall(exitsyscall0);
  gp->syscallsp = 0;
  M* now = acquirem();
  now->p->syscalltick++;
  releasem(now);
}

bool notetsleepg(Note* n, int64_t ns) {
  entersyscallblock();
  bool ok = false;
  systemstack([&] { ok = notetsleep(n, ns); });
  exitsyscall();
  return ok;
}

}  // namespace burrow::rt
