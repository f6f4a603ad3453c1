// The cycle. gc/gc.h draws it; here is who does what at its seams.
//
// gcStart (any goroutine that finds the trigger reached, runtime.GC, sysmon's helper): one at a time by work.startSema.
// It finishes the last sweep, stops the world, turns the write barrier on and lists the roots, and lets the world go on.
//
// gcMarkDone (whoever was the last at work and saw no more): it proves that nothing is grey. The flags "no worker is at
// work" and "the shared pool is empty" do not, because each P has buffers of its own. So every P in turn is made to flush
// its write barrier's buffer and its work buffers (forEachP, a ragged barrier: no stop). If none of them had
// anything, nothing was grey at the moment the barrier began, except what write barriers shaded since; and the world is stopped
// and looked at a last time. If there is something, marking goes on.
//
// gcMarkTermination: world stopped. Counts are taken, the barrier is off, sweepgen moves, the world goes on.
//
// runtime.GC waits until marking number n+1 is over, sweeps everything, and returns.
#include "gc/gc.h"

#include "boot/boot.h"
#include "gc/specials.h"
#include "gc/sweep.h"
#include "gc/trace.h"
#include "os/boot_info.h"
#include "os/os.h"
#include "panic/rt_print.h"
#include "sched/preempt.h"
#include "stack/stack.h"

namespace burrow::rt {

extern void (*cacheCleanup)();
extern FuncVal* poolCleanup;  // sched/sync_hooks.cpp: sync.Pool's, a Go function for a stopped world

uint32_t gcphase;
Atomic<uint32_t> gcBlackenEnabled;
GcTotals gcTotals;
Atomic<uint32_t> mProfCycle, mProfPublished;

namespace {

constexpr int64_t kForceGCPeriod = 2ll * 60 * 1000 * 1000 * 1000;

struct {
  Mutex lock = {{}, LockRank::ForceGC};
  G* g;
  bool idle;
} forcegc;

int64_t startTime;

void setGCPhase(uint32_t phase) {
  __atomic_store_n(&gcphase, phase, __ATOMIC_SEQ_CST);
  __atomic_store_n(&writeBarrier.enabled, uint32_t(phase == GCmark || phase == GCmarktermination), __ATOMIC_SEQ_CST);
}

void forcegchelper() __asm__("runtime.forcegchelper");
void forcegchelper() {
  getg()->rootless = uintptr_t(forcegchelper);
  for (;;) {
    lock(&forcegc.lock);
    forcegc.g = getg();
    forcegc.idle = true;
    goparkunlock(&forcegc.lock, WaitReason::ForceGCIdle, TraceBlockReason::SystemGoroutine);
    gcStart({GcTrigger::Time, nanotime(), 0});
  }
}

// World stopped, at the beginning of marking.
void prepareCaches() {
  for (int32_t i = 0; i < gomaxprocs; i++) {
    MCache* c = allp[i]->mcache;
    if (c == nullptr) continue;
    c->retireRuns(false);
    // What was allocated up to now counts as an object for the conservative scan.
    for (MSpan* s : c->alloc) s->freeIndexForScan = s->freeindex;
    wbBufReset(allp[i]);
  }
}

// World stopped, at the end: all spans go to the central lists, so that they can be swept there.
void flushallmcaches() __asm__("runtime.flushallmcaches");
void flushallmcaches() {
  for (int32_t i = 0; i < gomaxprocs; i++) {
    if (MCache* c = allp[i]->mcache) c->releaseAll();
  }
}

void gcResetMarkState() {
  forEachG([](G* gp, void*) {
    gp->gcscandone = false;
    gp->gcAssistBytes = 0;
  }, nullptr);
  work.bytesMarked.store(0);
  work.initialHeapLive = gcController.heapLive.load();
}

// Called with the world stopped; ends with the world running again.
// A function of its own, so that debuggers and the inspector can stop at it.
NO_INLINE void gcMarkTermination(WorldStop stw) __asm__("runtime.gcMarkTermination");
void gcMarkTermination(WorldStop stw) {
  setGCPhase(GCmarktermination);
  work.heap1 = gcController.heapLive.load();
  M* m = acquirem();
  m->preemptoff = "gcing";

  asWaiting(WaitReason::GarbageCollection, [&] {
    work.tMarkTerm = stw.startedStopping;
    if (workPool.full.first() != nullptr || workPool.spanBufs.load() != 0 || work.markrootNext.load() < work.markrootJobs) {
      throw_("work.full != 0");
    }
    for (int32_t i = 0; i < gomaxprocs; i++) {
      P* p = allp[i];
      if (p->mcache != nullptr) p->mcache->retireRuns(true);
      wbBufReset(p);
      if (!gcwEmpty(&p->gcw)) throw_("P has cached GC work at end of mark termination");
      gcwDispose(&p->gcw);
    }
    if (debug.gccheckmark != 0) gcCheckMarks();
    work.heap2 = work.bytesMarked.load();
    flushallmcaches();  // while heapLive still counts what they hold
    gcController.resetLive(work.bytesMarked.load());
    setGCPhase(GCoff);
    mProfPublished.store(mProfCycle.xadd(1) + 1);
    gcSweep();
    gcController.commit();
    traceEvent(TraceEvent::HeapGoal);
    scavengePace();
    uint64_t goal;
    gcPaceSweeper(gcController.trigger(&goal));
  });
  m->preemptoff = nullptr;
  traceEvent(TraceEvent::GCEnd);

  const int64_t now = nanotime();
  int64_t sec;
  int32_t nsec;
  walltime(&sec, &nsec);
  const int64_t unixNow = sec * 1000000000 + nsec;
  work.pauseNS += now - stw.startedStopping;
  work.tEnd = now;
  gcLimiterUpdate(now, GcCpuLimiter::Stopped);
  gcTotals.lastGCUnix.store(unixNow);
  gcTotals.lastGCNanotime.store(now);
  const uint32_t n = gcTotals.numGC.load();
  gcTotals.pauseNs[n % 256] = uint64_t(work.pauseNS);
  gcTotals.pauseEnd[n % 256] = uint64_t(unixNow);
  gcTotals.pauseTotalNs.xadd(uint64_t(work.pauseNS));

  // CPU time of this cycle, and the collector's share of all the time the program could have had.
  const int64_t sweepTermCpu = int64_t(work.stwprocs) * (work.tMark - work.tSweepTerm);
  const int64_t markTermCpu = int64_t(work.stwprocs) * (work.tEnd - work.tMarkTerm);
  gcCpu.add(sweepTermCpu, gcController.assistTime.load(), gcController.dedicatedMarkTime.load() + gcController.fractionalMarkTime.load(),
            gcController.idleMarkTime.load(), markTermCpu);
  work.totalTime = (now - startTime) * gomaxprocs;
  if (work.totalTime > 0) gcTotals.cpuFraction = double(gcCpu.total.load()) / double(work.totalTime);
  if (work.userForced) gcTotals.numForcedGC++;
  sweep.nbgsweep = sweep.npausesweep = 0;

  lock(&work.sweepWaiters.lock);
  gcTotals.numGC.xadd(1);
  injectglist(&work.sweepWaiters.list);
  unlock(&work.sweepWaiters.lock);

  systemstack([&] { startTheWorldWithSema(now, stw); });
  if (debug.gctrace > 0) gcTracePrint(n + 1);

  semrelease(&worldsema);
  semrelease(&work.gcsema);
  releasem(m);
}

}  // namespace

bool GcTrigger::test() const {
  if (!gcTotals.enableGC || panicking.load() != 0 || __atomic_load_n(&gcphase, __ATOMIC_RELAXED) != GCoff) return false;
  switch (kind) {
    case Heap: {
      uint64_t goal;
      return gcController.heapLive.load() >= gcController.trigger(&goal);
    }
    case Time: {
      if (gcController.gcPercent.load() < 0) return false;
      const int64_t last = gcTotals.lastGCNanotime.load();
      return last != 0 && now - last > kForceGCPeriod;
    }
    case Cycle:
      return int32_t(n - work.cycles.load()) > 0;
  }
  return true;
}

void gcinit() {
  gcFindRoots();
  startTime = nanotime();
  gcReadSettings();
  work.nproc = ~uint32_t{0};
  work.nwait.store(~uint32_t{0});
}

void gcenable() {
  newprocSystem(bgsweep);
  newprocSystem(bgscavenge);
  newprocSystem(forcegchelper);
  gcTotals.enableGC = true;
}

void gcMaybeStart() {
  if (UNLIKELY(debug.gcalways != 0)) gcAlways();
  gcTestTrigger();
}

void gcTestTrigger() {
  const GcTrigger t{GcTrigger::Heap};
  // The look at the phase comes first: it is what most calls end with while marking.
  if (__atomic_load_n(&gcphase, __ATOMIC_RELAXED) == GCoff && t.test()) gcStart(t);
}

void gcForcePeriodic(int64_t now) {
  if (!(GcTrigger{GcTrigger::Time, now, 0}).test() || !forcegc.idle) return;
  lock(&forcegc.lock);
  if (forcegc.idle && forcegc.g != nullptr) {
    forcegc.idle = false;
    GQueue q;
    gqPushBack(&q, forcegc.g);
    countAsRunning(true);
    injectglist(&q);
    countAsRunning(false);
  }
  unlock(&forcegc.lock);
}

void gcStart(GcTrigger trigger) {
  {
    M* m = getm();
    G* gp = getg();
    if (gp == m->g0 || gp == m->gsignal || m->locks > 0 || m->preemptoff != nullptr) return;
  }
  // Help with what is left of the last sweep, before others have to wait for it.
  while (trigger.test() && sweepone() != kNothingToSweep) {
  }
  semacquire(&work.startSema);
  if (!trigger.test()) {
    semrelease(&work.startSema);
    return;
  }
  work.mode = debug.gcstoptheworld == 1 ? GcMode::ForceMark : debug.gcstoptheworld == 2 ? GcMode::ForceBlock : GcMode::Background;
  semacquire(&work.gcsema);
  semacquire(&worldsema);
  work.userForced = trigger.kind == GcTrigger::Cycle;
  gcBgMarkStartWorkers();
  systemstack([] { gcResetMarkState(); });
  work.stwprocs = work.maxprocs = gomaxprocs;
  if (work.stwprocs > ncpu) work.stwprocs = ncpu;
  work.heap0 = gcController.heapLive.load();
  work.heapGoalAtStart = gcController.heapGoal();
  work.pauseNS = 0;
  M* m = acquirem();
  work.tSweepTerm = nanotime();
  WorldStop stw{};
  asWaiting(WaitReason::StoppingTheWorld, [&] { stw = stopTheWorldWithSema("GC sweep termination"); });
  gcLimiterUpdate(work.tSweepTerm, GcCpuLimiter::Off);
  systemstack([] { finishsweep_m(); });
  traceEvent(TraceEvent::GCBegin);
  if (poolCleanup != nullptr) callClosure(poolCleanup);
  if (cacheCleanup != nullptr) cacheCleanup();
  work.cycles.xadd(1);
  gcController.startCycle(nanotime(), gomaxprocs, trigger.kind == GcTrigger::Time);
  systemstack([&] {
    prepareCaches();
    setGCPhase(GCmark);
    gcPrepareMarkRoots();
    gcMarkTinyAllocs();
    gcBlackenEnabled.store(1);
    const int64_t now = startTheWorldWithSema(0, stw);
    work.pauseNS += now - stw.startedStopping;
    work.tMarkBefore = work.tMark;
    work.tMark = now;
    gcLimiterUpdate(now, GcCpuLimiter::Stopped);
  });
  semrelease(&worldsema);
  releasem(m);
  if (work.mode != GcMode::Background) gosched();
  semrelease(&work.startSema);
}

void gcMarkDone() {
  semacquire(&work.markDoneSema);
  for (;;) {
    if (!(gcphase == GCmark && work.nwait.load() == work.nproc && !gcMarkWorkAvailable(nullptr))) {
      semrelease(&work.markDoneSema);
      return;
    }
    semacquire(&worldsema);
    static Atomic<uint32_t> flushed;  // under worldsema
    flushed.store(0);
    asWaiting(WaitReason::GCMarkTermination, [] {
      forEachP(
          [](P* pp, void*) {
            // On whichever thread does it for pp; pp itself does not run.
            wbBufFlush1(pp);
            gcwDispose(&pp->gcw);
            if (pp->gcw.flushedWork) {
              pp->gcw.flushedWork = false;
              flushed.xadd(1);
            }
          },
          nullptr);
    });
    if (flushed.load() != 0) {
      semrelease(&worldsema);
      continue;
    }

    // Nothing was grey when the barrier began. What was shaded since is in somebody's buffers: stop and look.
    M* m = acquirem();
    m->preemptoff = "gcing";
    WorldStop stw{};
    asWaiting(WaitReason::StoppingTheWorld, [&] { stw = stopTheWorldWithSema("GC mark termination"); });
    bool restart = false;
    systemstack([&] {
      for (int32_t i = 0; i < gomaxprocs; i++) {
        wbBufFlush1(allp[i]);
        if (!gcwEmpty(&allp[i]->gcw)) {
          restart = true;
          break;
        }
      }
      if (UNLIKELY(leakDetector != nullptr) && !restart) restart = leakDetector->more();
    });
    if (restart) {
      m->preemptoff = nullptr;
      systemstack([&] {
        const int64_t now = startTheWorldWithSema(0, stw);
        work.pauseNS += now - stw.startedStopping;
      });
      semrelease(&worldsema);
      releasem(m);
      continue;
    }

    const int64_t now = nanotime();
    gcBlackenEnabled.store(0);
    gcWakeAllAssists();
    gcController.endCycle(now, gomaxprocs);
    gcLimiterUpdate(stw.startedStopping, GcCpuLimiter::Marking);
    m->preemptoff = nullptr;
    // gcMarkTermination holds the M by itself from here on; the world is stopped, and this P is ours.
    gcMarkTermination(stw);
    semrelease(&work.markDoneSema);
    releasem(m);
    return;
  }
}

WorldStop stopTheWorldGC(const char* reason) {
  semacquire(&work.gcsema);
  return stopTheWorld(reason);
}

void startTheWorldGC(WorldStop w) {
  startTheWorld(w);
  semrelease(&work.gcsema);
}

// ---- runtime.GC

void gcWaitOnMark(uint32_t n) {
  for (;;) {
    lock(&work.sweepWaiters.lock);
    uint32_t done = work.cycles.load();
    if (__atomic_load_n(&gcphase, __ATOMIC_SEQ_CST) != GCmark) done++;
    if (int32_t(done - n) > 0) {
      unlock(&work.sweepWaiters.lock);
      return;
    }
    gqPushBack(&work.sweepWaiters.list, getg());
    goparkunlock(&work.sweepWaiters.lock, WaitReason::WaitForGCCycle, TraceBlockReason::UntilGCEnds);
  }
}

namespace {
// The frames of the functions below are looked at word by word, and not all of their words are written: what earlier calls left
// there goes, so that what only they knew is freed by the collection that the caller asked for.
NO_INLINE void clearDeadStack() {
  uint8_t dead[1024];
  memset(dead, 0, sizeof dead);
  asm volatile("" : : "r"(dead) : "memory");
}
}  // namespace

GOABI void goGC() GO_SYM("runtime.GC");
GOABI void goGC() {
  clearDeadStack();
  G* gp = getg();
  const uintptr_t outer = gp->rootless;
  if (outer == 0) gp->rootless = uintptr_t(goGC);
  const uint32_t n = work.cycles.load();
  gcWaitOnMark(n);
  gcStart({GcTrigger::Cycle, 0, n + 1});
  gcWaitOnMark(n + 1);
  // The caller may count on finalizers being queued and memory being free.
  while (work.cycles.load() == n + 1 && sweepone() != kNothingToSweep) gosched();
  while (work.cycles.load() == n + 1 && !isSweepDone()) gosched();
  // All frees of this cycle are counted.
  if (work.cycles.load() == n + 1) mProfPublished.store(mProfCycle.load() + 1);
  gp->rootless = outer;
}

}  // namespace burrow::rt
