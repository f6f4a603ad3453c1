// Ps: as many as GOMAXPROCS. procresize makes and retires them while the world is stopped; acquirep and releasep tie one to
// a thread. A retired P keeps its memory and number and may come back.
#include "mem/persistent_alloc.h"
#include "gc/gc.h"
#include "mem/mcache.h"
#include "os/os.h"
#include "profile/metrics.h"
#include "sched/proc.h"
#include "stack/stack.h"
#include "timer/timer.h"

namespace burrow::rt {

namespace {

void initP(P* pp, int32_t id) {
  pp->id = id;
  pp->status.store(Pgcstop);
  // Not 0, at which the global queue would come before the goroutine that main starts before its first Gosched.
  pp->schedtick = 1;
  wbBufReset(pp);
  if (pp->timers == nullptr) {
    pp->timers = static_cast<Timers*>(persistentAlloc(sizeof(Timers), kCacheLine, nullptr));
    timersInit(pp->timers);
  }
  if (pp->mcache == nullptr) pp->mcache = id == 0 && mcache0 != nullptr ? mcache0 : allocmcache();
}

// Everything that the P holds goes back to where others find it.
void destroyP(P* pp) {
  bool inherits;
  // Local goroutines go to the head of the global queue, last first, so that their order stays.
  G* gs[kRunQueueSize + 1];
  int n = 0;
  while (G* gp = pp->runq.pop(inherits)) gs[n++] = gp;
  while (n > 0) globrunqputhead(gs[--n]);
  gfpurge(pp);
  stackcacheClear(pp);
  if (pp->sudogcacheLen != 0) {
    lock(&sched.sudog.lock);
    while (pp->sudogcacheLen > 0) {
      Sudog* s = pp->sudogcache[--pp->sudogcacheLen];
      s->next = sched.sudog.cache;
      sched.sudog.cache = s;
    }
    unlock(&sched.sudog.lock);
  }
  timersTake(getm()->p->timers, pp->timers);
  if (gcphase != GCoff) {
    wbBufFlush1(pp);
    gcwDispose(&pp->gcw);
  }
  freemcache(pp->mcache);
  pp->mcache = nullptr;
  pp->status.store(Pdead);
}

}  // namespace

int32_t allpEver;

P* procresize(int32_t n) {
  int32_t old = gomaxprocs;
  if (old < 0 || n <= 0) throw_("procresize: invalid arg");
  sched.procresizetime = nanotime();

  lock(&allpLock);
  static int32_t allpCap;
  if (n > allpCap) {
    // The old array stays valid for readers that have it.
    int32_t cap = maxOf(n, int32_t(8));
    P** grown = static_cast<P**>(persistentAlloc(sizeof(P*) * size_t(cap), alignof(P*), nullptr));
    for (int32_t i = 0; i < allpCap; i++) grown[i] = allp[i];
    __atomic_store_n(&allp, grown, __ATOMIC_RELEASE);
    allpCap = cap;
  }
  unlock(&allpLock);
  if (n > allpEver) allpEver = n;
  if (old != 0) traceEvent(TraceEvent::ProcsChange, uint64_t(n));
  for (int32_t i = old; i < n; i++) {
    if (allp[i] == nullptr) allp[i] = static_cast<P*>(persistentAlloc(sizeof(P), kCacheLine, nullptr));
    initP(allp[i], i);
  }

  M* m = getm();
  if (m->p != nullptr && m->p->id < n) {
    m->p->status.store(Prunning);
  } else {
    // Our own P is retired (or there was none yet): go on with P 0.
    if (m->p != nullptr) {
      traceEvent(TraceEvent::ProcStop, m->p);
      m->p->m = nullptr;
    }
    m->p = nullptr;
    setThreadMCache(nullptr);
    P* pp = allp[0];
    pp->m = nullptr;
    pp->status.store(Pidle);
    acquirep(pp);
  }
  for (int32_t i = n; i < old; i++) destroyP(allp[i]);
  __atomic_store_n(&gomaxprocs, n, __ATOMIC_SEQ_CST);

  P* runnable = nullptr;
  for (int32_t i = n - 1; i >= 0; i--) {
    P* pp = allp[i];
    if (m->p == pp) continue;
    pp->status.store(Pidle);
    if (pp->runq.empty()) {
      pidleput(pp);
    } else {
      pp->m = mget();
      pp->link = runnable;
      runnable = pp;
    }
  }
  return runnable;
}

void acquirep(P* pp) {
  wirep(pp);
  traceEvent(TraceEvent::ProcStart, pp);
}

void wirep(P* pp) {
  M* m = getm();
  if (m->p != nullptr) throw_("wirep: already in go");
  if (pp->m != nullptr || pp->status.load() != Pidle) throw_("wirep: invalid p state");
  m->p = pp;
  setThreadMCache(pp->mcache);
  pp->m = m;
  pp->status.store(Prunning);
}

P* releasep() {
  M* m = getm();
  P* pp = m->p;
  if (pp == nullptr) throw_("releasep: invalid arg");
  if (pp->m != m || pp->status.load() != Prunning) throw_("releasep: invalid p state");
  traceEvent(TraceEvent::ProcStop, pp);
  m->p = nullptr;
  setThreadMCache(nullptr);
  pp->m = nullptr;
  pp->status.store(Pidle);
  return pp;
}

void pidleput(P* pp) {
  if (!pp->runq.empty()) throw_("pidleput: P has non-empty run queue");
  if (UNLIKELY(metricsHooks != nullptr)) metricsHooks->idle(pp, true);
  pp->link = sched.pidle;
  sched.pidle = pp;
  sched.npidle.xadd(1);
}

P* pidleget() {
  P* pp = sched.pidle;
  if (pp == nullptr) return nullptr;
  if (UNLIKELY(metricsHooks != nullptr)) metricsHooks->idle(pp, false);
  sched.pidle = pp->link;
  pp->link = nullptr;
  sched.npidle.xadd(-1);
  return pp;
}

P* pidlegetSpinning() {
  P* pp = pidleget();
  if (pp == nullptr) sched.needspinning.store(1);
  return pp;
}

}  // namespace burrow::rt
