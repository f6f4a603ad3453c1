// What package runtime/metrics reads.
//
// One call fills in all figures; std/runtime/metrics.go says which name stands for which. Sums are of one moment: the world is
// stopped for the while that counting takes, because counters that live in mcaches move to the heap's own while the program runs,
// and a cumulative figure must never be seen to shrink.
//
// Two things can only be known by watching: how long goroutines wait to run (and mutexes are waited for), and how long the world
// was stopped. The hooks for these are set at boot, if the program can read metrics at all. Of a goroutine's changes of
// state one in kTrackingPeriod is timed, as gc does.
//
// CPU classes are parts of GOMAXPROCS times the time, as gc has them: the collector's come from its accounts, idle time from a
// watch over idle Ps, and what is left is the program's.
#include "profile/metrics.h"

#include "boot/boot.h"
#include "gc/gc.h"
#include "gc/trace.h"
#include "mem/mem_stats.h"
#include "stack/stack.h"

namespace burrow::rt {

// A histogram of durations: buckets by the highest bit, from the ninth on, each split in four by the next two bits.
constexpr unsigned kMinBits = 9, kMaxBits = 48, kSubBits = 2;
constexpr unsigned kHistogramCounts = ((kMaxBits - kMinBits + 1) << kSubBits) + 2;

// In the order of std/runtime/metrics.go.
enum MetricHistogram { kLatencies, kStoppingGC, kStoppingOther, kTotalGC, kTotalOther, kHistograms };

// As metricFigures in std/runtime/metrics.go.
struct MetricFigures {
  double assist, dedicated, idleMark, pause, gcTotal, idle, scavengeAssist, scavengeBackground, scavengeTotal, total, user,
      mutexWait;
  uint64_t cgoCalls, cleanupsExecuted, cleanupsQueued, cyclesAutomatic, cyclesForced, cyclesTotal, finalizersExecuted,
      finalizersQueued, gogc, memoryLimit, allocBytes, allocObjects, freeBytes, freeObjects, goal, live, objects, tinyAllocs,
      limiterLast, scanGlobals, scanHeap, scanStack, scanTotal, startingStack;
  uint64_t heapFree, heapObjects, heapReleased, heapStacks, heapUnused, mcacheFree, mcacheInuse, mspanFree, mspanInuse, otherMeta,
      osStacks, other, buckets, totalMemory;
  uint64_t gomaxprocs, created, notInGo, runnable, running, waiting, goroutines, threads;
  uint64_t allocsBySize[kNumSizeClasses], freesBySize[kNumSizeClasses];  // [0]: large ones
  uint64_t histograms[kHistograms][kHistogramCounts];
};

namespace {

constexpr uint64_t kTrackingPeriod = 8;

struct TimeHistogram {
  Atomic<uint64_t> counts[kHistogramCounts];  // first the negative ones, last those beyond the range

  void record(int64_t ns) {
    unsigned at = kHistogramCounts - 1;
    if (ns < 0) {
      at = 0;
    } else {
      const unsigned bits = ns == 0 ? 0 : 64 - unsigned(__builtin_clzll(uint64_t(ns)));
      const unsigned bucket = bits < kMinBits ? 0 : bits - kMinBits + 1;
      const unsigned top = bits < kMinBits ? kMinBits : bits;
      if (bucket <= kMaxBits - kMinBits)
        at = 1 + (bucket << kSubBits) + unsigned(uint64_t(ns) >> (top - 1 - kSubBits) & ((1u << kSubBits) - 1));
    }
    counts[at].xadd(1);
  }
};

TimeHistogram histograms[kHistograms];
Atomic<int64_t> mutexWait;

bool waitsForMutex(const G* gp) {
  return gp->waitreason == WaitReason::SyncMutexLock || gp->waitreason == WaitReason::SyncRWMutexLock ||
         gp->waitreason == WaitReason::SyncRWMutexRLock;
}

// Also on g0, and under locks.
void statusChanges(G* gp, uint32_t from, uint32_t to) {
  if (gp->trackedSince != 0) {
    const int64_t took = nanotime() - gp->trackedSince;
    if (from == Grunnable) gp->trackedRunnable += took;
    else mutexWait.xadd(took * int64_t(kTrackingPeriod));
    gp->trackedSince = 0;
  }
  const bool begins = from == Grunning || from == Gdead;
  if (begins) gp->tracked = gp->trackingSeq++ % kTrackingPeriod == 0;
  if (!gp->tracked) return;
  if (to == Grunnable || (to == Gwaiting && waitsForMutex(gp))) {
    gp->trackedSince = nanotime();
  } else if (to == Grunning) {
    histograms[kLatencies].record(gp->trackedRunnable);
    gp->trackedRunnable = 0;
  }
}

void worldStarts(int64_t now, WorldStop w) {
  const bool gc = sched.stopReason[0] == 'G' && sched.stopReason[1] == 'C';
  histograms[gc ? kStoppingGC : kStoppingOther].record(w.finishedStopping - w.startedStopping);
  histograms[gc ? kTotalGC : kTotalOther].record(now - w.startedStopping);
}

int64_t idleTime;  // of all Ps; sched.lock

void idle(P* pp, bool begins) {
  const int64_t now = nanotime();
  if (pp->idleSince != 0) idleTime += now - pp->idleSince;
  pp->idleSince = begins ? now : 0;
}

constexpr MetricsHooks hooks = {statusChanges, worldStarts, idle};

int64_t bootTime;
uint32_t metricsSema = 1;  // one reader at a time

double seconds(int64_t ns) { return double(ns) / 1e9; }

void readHeap(MetricFigures* f) {
  const HeapStats& h = mheap_.stats;
  for (unsigned i = 1; i < kNumSizeClasses; i++) {
    f->allocsBySize[i] = h.smallAllocCount[i].load();
    f->freesBySize[i] = h.smallFreeCount[i].load();
  }
  f->tinyAllocs = h.tinyAllocCount.load();
  forEachMCache([&](MCache* c) {
    for (unsigned i = 0; i < kNumSpanClasses; i++) {
      const MSpan* s = c->alloc[i];
      f->allocsBySize[i >> 1] += unsigned(s->allocCount - s->allocCountBeforeCache) - c->runLeft(i);
    }
    f->tinyAllocs += c->tinyAllocs;
  });
  f->allocsBySize[0] = h.largeAllocCount.load();
  f->freesBySize[0] = h.largeFreeCount.load();
  f->allocBytes = h.largeAlloc.load();
  f->freeBytes = h.largeFree.load();
  f->allocObjects = f->freeObjects = 0;
  for (unsigned i = 0; i < kNumSizeClasses; i++) {
    f->allocObjects += f->allocsBySize[i];
    f->freeObjects += f->freesBySize[i];
    if (i == 0) continue;
    f->allocBytes += f->allocsBySize[i] * kSizeClassToSize[i];
    f->freeBytes += f->freesBySize[i] * kSizeClassToSize[i];
  }
  f->objects = f->allocObjects - f->freeObjects;

  f->heapObjects = f->allocBytes - f->freeBytes;
  f->heapUnused = h.heapInUse.load() - f->heapObjects;
  f->heapFree = h.heapFree.load();
  f->heapReleased = h.heapReleased.load();
  f->heapStacks = uint64_t(stackStats.sys.load());
  f->mspanInuse = h.spansInUse * sizeof(MSpan);
  f->mspanFree = h.mspanSys.load() - f->mspanInuse;
  f->mcacheInuse = h.mcachesInUse * sizeof(MCache);
  // The first mcache is a variable: with it alone nothing was taken from the system.
  f->mcacheFree = h.mcacheSys.load() > f->mcacheInuse ? h.mcacheSys.load() - f->mcacheInuse : 0;
  f->otherMeta = h.gcMiscSys.load() + h.stacksInUse.load();  // the heap's manual spans are work buffers
  f->osStacks = 0;
  f->other = h.otherSys.load();
  f->buckets = h.buckHashSys.load();
  f->totalMemory = f->heapObjects + f->heapUnused + f->heapFree + f->heapReleased + f->heapStacks + f->mspanInuse + f->mspanFree +
                   f->mcacheInuse + f->mcacheFree + f->otherMeta + f->osStacks + f->other + f->buckets;
}

void readCollector(MetricFigures* f) {
  const uint64_t forced = gcTotals.numForcedGC;
  f->cyclesTotal = gcTotals.numGC.load();
  f->cyclesForced = forced;
  f->cyclesAutomatic = f->cyclesTotal - forced;
  f->gogc = uint64_t(int64_t(gcController.gcPercent.load()));
  f->memoryLimit = uint64_t(gcController.memoryLimit.load());
  f->goal = gcController.heapGoal();
  f->live = gcController.heapMarked;
  f->limiterLast = gcCpuLimiter.lastFullCycle;
  f->scanGlobals = gcController.globalsScan.load();
  f->scanHeap = gcController.heapScan.load();
  f->scanStack = gcController.lastStackScan.load();
  f->scanTotal = f->scanGlobals + f->scanHeap + f->scanStack;
  f->startingStack = kStackMin;
  uint64_t counts[4];
  gcQueueCounts(counts);
  f->finalizersQueued = counts[0];
  f->finalizersExecuted = counts[1];
  f->cleanupsQueued = counts[2];
  f->cleanupsExecuted = counts[3];
}

// goroutines: how many are in which state, for which each is looked at.
void readScheduler(MetricFigures* f, bool goroutines) {
  f->gomaxprocs = uint64_t(gomaxprocs);
  f->threads = uint64_t(mcount());
  // Every goroutine took a number; those that Ps hold in reserve belong to none.
  f->created = sched.goidgen.load();
  for (int32_t i = 0; i < gomaxprocs; i++) f->created -= allp[i]->goidcacheend - allp[i]->goidcache;
  f->mutexWait = seconds(mutexWait.load());
  for (int i = 0; i < kHistograms; i++)
    for (unsigned k = 0; k < kHistogramCounts; k++) f->histograms[i][k] = histograms[i].counts[k].load();
  if (!goroutines) return;
  f->runnable = f->running = f->waiting = f->notInGo = 0;
  forEachG([](G* gp, void* p) {
    auto* f = static_cast<MetricFigures*>(p);
    switch (readgstatus(gp) & ~uint32_t(Gscan)) {
      case Grunnable: f->runnable++; break;
      case Grunning: f->running++; break;
      case Gsyscall: f->notInGo++; break;
      case Gwaiting: case Gpreempted: f->waiting++; break;
      default: break;
    }
  }, f);
  // Who reads is counted as waiting while the world is stopped.
  if (f->running == 0 && f->waiting > 0) {
    f->running++;
    f->waiting--;
  }
  f->goroutines = f->runnable + f->running + f->waiting + f->notInGo;
}

// CPU time, in nanoseconds; each only grows, whatever GOMAXPROCS does meanwhile. Under worldsema.
struct {
  int64_t at, available, user, idle;
} cpu;

void readCPU(MetricFigures* f) {
  const int64_t now = nanotime();
  if (cpu.at == 0) cpu.at = bootTime;
  cpu.available += (now - cpu.at) * gomaxprocs;
  cpu.at = now;
  const int64_t assist = gcCpu.assist.load(), dedicated = gcCpu.background.load(), idleMark = gcCpu.idle.load(),
                pause = gcCpu.pause.load(), scavenge = scavengeTime.load();
  const int64_t gc = assist + dedicated + idleMark + pause;
  if (idleTime > cpu.idle) cpu.idle = idleTime;
  const int64_t user = cpu.available - gc - scavenge - cpu.idle;
  if (user > cpu.user) cpu.user = user;
  f->assist = seconds(assist);
  f->dedicated = seconds(dedicated);
  f->idleMark = seconds(idleMark);
  f->pause = seconds(pause);
  f->gcTotal = seconds(gc);
  f->scavengeAssist = 0;
  f->scavengeBackground = f->scavengeTotal = seconds(scavenge);
  f->user = seconds(cpu.user);
  f->idle = seconds(cpu.idle);
  f->total = seconds(gc + scavenge + cpu.user + cpu.idle);
}

}  // namespace

extern "C" __attribute__((used)) void metricsBoot() GO_SYM("runtime.metricsBoot");
void metricsBoot() {
  bootTime = nanotime();
  metricsHooks = &hooks;
}

GO_DECL("runtime.readMetricFigures", void, readMetricFigures, (MetricFigures * f, bool goroutines));
void readMetricFigures(MetricFigures* f, bool goroutines) {
  BOOT_HOOK("runtime.metricsBoot", "runtime.readMetricFigures");
  WorldStop w = stopTheWorld("read metrics");
  systemstack([&] {
    readHeap(f);
    readCollector(f);
    readScheduler(f, goroutines);
    readCPU(f);
    f->cgoCalls = 0;
  });
  startTheWorld(w);
}

GO_DECL("runtime.metricsLock", void, metricsLock, ());
void metricsLock() { semacquire(&metricsSema); }
GO_DECL("runtime.metricsUnlock", void, metricsUnlock, ());
void metricsUnlock() { semrelease(&metricsSema); }

GO_DECL("runtime.sizeOfClass", int64_t, sizeOfClass, (int64_t sizeClass));
int64_t sizeOfClass(int64_t sizeClass) { return int64_t(kSizeClassToSize[sizeClass]); }

}  // namespace burrow::rt
