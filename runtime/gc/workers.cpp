// Who marks: background workers and allocating goroutines.
//
// Workers are goroutines of the runtime's own, one per P that ever was, which sleep in a pool outside of the mark phase. The
// scheduler asks before it looks at run queues (gcFindRunnableWorker): a P that is to be dedicated to marking, or whose fraction
// of time is not used up, takes a worker out of the pool and runs it; a P that finds nothing else to do takes one as an idle
// worker. A worker runs gcDrain on g0, its goroutine counted as waiting, so that its own stack can be scanned meanwhile.
//
//     pool --(findRunnable)--> gcDrain --(preempted, or nothing left)--> pool
//
// work.nwait counts the workers and assists that are not marking; it equals nproc when none is. The last one that stops and
// sees no work anywhere calls gcMarkDone.
//
// Assist: G.gcAssistBytes is what the goroutine may still allocate. When it is used up the goroutine first takes credit that
// the background workers earned (bgScanCredit), then marks itself, and when there is nothing to mark it waits in
// assistQueue for credit to come in.
#include "gc/gc.h"

#include "mem/persistent_alloc.h"

namespace burrow::rt {

namespace {

// Work is done in units worth paying the way for.
constexpr int64_t kOverAssistWork = 64 << 10;
constexpr int64_t kAssistTimeSlack = 5000;  // ns of assist time that a P keeps to itself

struct WorkerNode {
  LFNode node;
  G* gp;
  M* m;  // held while the worker runs
};
LFStack workerPool;
int32_t workerCount;

WorkerNode* nodeOf(LFNode* n) { return reinterpret_cast<WorkerNode*>(n); }

// gopark's function, on g0: the worker lets go of its M and lies down.
bool workerParked(G*, void* p) {
  auto* w = static_cast<WorkerNode*>(p);
  if (w->m != nullptr) {
    w->m->locks--;
    w->m = nullptr;
  }
  workerPool.push(&w->node);
  return true;
}

void accountWorker(GcMarkWorkerMode mode, int64_t duration) {
  switch (mode) {
    case GcMarkWorkerMode::Dedicated:
      gcController.dedicatedMarkTime.xadd(duration);
      gcController.dedicatedMarkWorkersNeeded.xadd(1);
      break;
    case GcMarkWorkerMode::Fractional:
      gcController.fractionalMarkTime.xadd(duration);
      break;
    case GcMarkWorkerMode::Idle:
      gcController.idleMarkTime.xadd(duration);
      gcCpuLimiter.idleMarkTime.xadd(duration);
      gcController.idleMarkWorkers.xadd(-1);
      break;
    default:
      throw_("markWorkerStop: unknown mark worker mode");
  }
}

}  // namespace

void gcBgMarkWorker() __asm__("runtime.gcBgMarkWorker");
void gcBgMarkWorker() {
  auto* self = static_cast<WorkerNode*>(persistentAlloc(sizeof(WorkerNode), kCacheLine, &mheap_.stats.gcMiscSys));
  G* gp = getg();
  self->gp = gp;
  gp->rootless = uintptr_t(gcBgMarkWorker);
  semrelease(&work.workerReady);
  for (;;) {
    gopark(workerParked, self, WaitReason::GCWorkerIdle, TraceBlockReason::SystemGoroutine);
    // From the wake-up to here there was no safe point: the P is the one that chose us.
    self->m = acquirem();
    P* pp = self->m->p;
    if (gcBlackenEnabled.load() == 0) throw_("gcBgMarkWorker: blackening not enabled");
    const auto mode = GcMarkWorkerMode(pp->gcMarkWorkerMode);
    if (mode == GcMarkWorkerMode::NotWorker) throw_("gcBgMarkWorker: mode not set");
    const int64_t start = nanotime();
    pp->gcMarkWorkerStartTime = start;
    if (work.nwait.xadd(uint32_t(-1)) == work.nproc) throw_("work.nwait was > work.nproc");

    systemstack([&] {
      gp->waitreason = WaitReason::GCWorkerActive;
      casgstatus(gp, Grunning, Gwaiting);
      GcWork* gcw = &pp->gcw;
      switch (mode) {
        case GcMarkWorkerMode::Dedicated:
          gcDrain(gcw, kDrainUntilPreempt | kDrainFlushBgCredit);
          if (gp->preempt.load() != 0 && sched.gcwaiting.load() == 0) {
            // Somebody wants this P for its goroutines. It is dedicated: let others have them.
            GQueue q;
            bool inherits;
            while (G* other = pp->runq.pop(inherits)) gqPushBack(&q, other);
            if (q.size > 0) {
              lock(&sched.lock);
              globrunqputbatch(&q);
              unlock(&sched.lock);
            }
          }
          break;
        case GcMarkWorkerMode::Fractional:
          gcDrain(gcw, kDrainFractional | kDrainUntilPreempt | kDrainFlushBgCredit);
          break;
        default:
          gcDrain(gcw, kDrainIdle | kDrainUntilPreempt | kDrainFlushBgCredit);
          break;
      }
      casgstatus(gp, Gwaiting, Grunning);
    });

    const int64_t duration = nanotime() - start;
    if (mode == GcMarkWorkerMode::Fractional) pp->gcFractionalMarkTime += duration;
    accountWorker(mode, duration);
    pp->gcMarkWorkerMode = uint32_t(GcMarkWorkerMode::NotWorker);
    // The counts first, then the look for work: who adds work looks at the counts after.
    if (work.nwait.xadd(1) == work.nproc && !gcMarkWorkAvailable(nullptr)) {
      M* m = self->m;
      self->m = nullptr;
      releasem(m);
      gcMarkDone();
    }
  }
}

namespace {

bool decIfPositive(Atomic<int64_t>* v) {
  for (;;) {
    const int64_t n = v->load();
    if (n <= 0) return false;
    if (v->cas(n, n - 1)) return true;
  }
}

G* startWorker(P* pp, WorkerNode* w, GcMarkWorkerMode mode) {
  pp->gcMarkWorkerMode = uint32_t(mode);
  casgstatus(w->gp, Gwaiting, Grunnable);
  return w->gp;
}

bool addIdleWorker() {
  for (;;) {
    const int32_t n = gcController.idleMarkWorkers.load();
    if (n >= gcController.maxIdleMarkWorkers) return false;
    if (gcController.idleMarkWorkers.cas(n, n + 1)) return true;
  }
}

void earn(G* gp, int64_t bytes) {
  const int64_t most = gcController.assistMost.loadRelaxed();
  gp->gcAssistBytes += bytes;
  if (gp->gcAssistBytes > most) gp->gcAssistBytes = most;
}

// Marks scanWork's worth for gp, on g0. Reports whether it was the last at work, with nothing left.
bool gcAssistAlloc1(G* gp, int64_t scanWork) {
  if (gcBlackenEnabled.load() == 0) {
    gp->gcAssistBytes = 0;  // the phase has ended: all debts are forgiven
    return false;
  }
  const int64_t start = nanotime();
  if (work.nwait.xadd(uint32_t(-1)) == work.nproc) throw_("nwait > work.nprocs");
  gp->waitreason = WaitReason::GCAssistMarking;
  casgstatus(gp, Grunning, Gwaiting);
  P* pp = getm()->p;
  const int64_t done = gcDrainN(&pp->gcw, scanWork);
  casgstatus(gp, Gwaiting, Grunning);
  // One more than earned, so that rounding never leaves a goroutine working for nothing.
  earn(gp, 1 + int64_t(gcController.assistBytesPerWork() * double(done)));
  const bool completed = work.nwait.xadd(1) == work.nproc && !gcMarkWorkAvailable(nullptr);
  const int64_t duration = nanotime() - start;
  pp->gcAssistTime += duration;
  gcCpuLimiter.assistTime.xadd(duration);
  if (pp->gcAssistTime > kAssistTimeSlack) {
    gcController.assistTime.xadd(pp->gcAssistTime);
    gcController.revise();
    gcLimiterUpdate(start + duration, GcCpuLimiter::Marking);
    pp->gcAssistTime = 0;
  }
  return completed;
}

bool assistParked(G*, void* l) {
  unlock(static_cast<Mutex*>(l));
  return true;
}

// Waits for credit. Reports false when the assist should try again instead.
bool gcParkAssist() {
  lock(&work.assistQueue.lock);
  if (gcBlackenEnabled.load() == 0) {
    unlock(&work.assistQueue.lock);
    return true;
  }
  G* gp = getg();
  const GQueue old = work.assistQueue.q;
  gqPushBack(&work.assistQueue.q, gp);
  // Credit may have come in before we were on the list; who gives it looks at the list after.
  if (gcController.bgScanCredit.load() > 0) {
    work.assistQueue.q = old;
    if (old.tail != nullptr) old.tail->schedlink = nullptr;
    unlock(&work.assistQueue.lock);
    return false;
  }
  gopark(assistParked, &work.assistQueue.lock, WaitReason::GCAssistWait, TraceBlockReason::GCMarkAssist);
  return true;
}

}  // namespace

void gcBgMarkStartWorkers() {
  while (workerCount < gomaxprocs) {
    newprocSystem(gcBgMarkWorker);
    semacquire(&work.workerReady);
    workerCount++;
  }
}

G* gcFindRunnableWorker(P* pp, int64_t now) {
  if (now == 0) now = nanotime();
  if (gcCpuLimiter.needsUpdate(now)) gcLimiterUpdate(now, GcCpuLimiter::Marking);
  if (!gcMarkWorkAvailable(pp)) return nullptr;
  LFNode* n = workerPool.pop();
  if (n == nullptr) return nullptr;
  if (decIfPositive(&gcController.dedicatedMarkWorkersNeeded)) return startWorker(pp, nodeOf(n), GcMarkWorkerMode::Dedicated);
  if (gcController.fractionalUtilizationGoal != 0) {
    const int64_t delta = now - gcController.markStartTime;
    if (delta <= 0 || double(pp->gcFractionalMarkTime) / double(delta) <= gcController.fractionalUtilizationGoal) {
      return startWorker(pp, nodeOf(n), GcMarkWorkerMode::Fractional);
    }
  }
  workerPool.push(n);
  return nullptr;
}

G* gcFindIdleWorker(P* pp) {
  if (!gcMarkWorkAvailable(pp) || !addIdleWorker()) return nullptr;
  LFNode* n = workerPool.pop();
  if (n == nullptr) {
    gcController.idleMarkWorkers.xadd(-1);
    return nullptr;
  }
  return startWorker(pp, nodeOf(n), GcMarkWorkerMode::Idle);
}

void gcAssistAlloc(G* gp) {
  for (;;) {
    if (gcBlackenEnabled.load() == 0 || gcCpuLimiter.limiting()) return;
    const double workPerByte = gcController.assistWorkPerByte(), bytesPerWork = gcController.assistBytesPerWork();
    int64_t debtBytes = -gp->gcAssistBytes;
    int64_t scanWork = int64_t(workPerByte * double(debtBytes));
    if (scanWork < kOverAssistWork) {
      scanWork = kOverAssistWork;
      debtBytes = int64_t(bytesPerWork * double(scanWork));
    }
    // Other assists may steal at the same time; what is taken too much is small and will be earned again.
    const int64_t credit = gcController.bgScanCredit.load();
    if (credit > 0) {
      int64_t stolen;
      if (credit < scanWork) {
        stolen = credit;
        earn(gp, 1 + int64_t(bytesPerWork * double(stolen)));
      } else {
        stolen = scanWork;
        earn(gp, debtBytes);
      }
      gcController.bgScanCredit.xadd(-stolen);
      scanWork -= stolen;
      if (scanWork == 0) return;
    }
    bool completed = false;
    traceEvent(TraceEvent::AssistBegin);
    systemstack([&] { completed = gcAssistAlloc1(gp, scanWork); });
    traceEvent(TraceEvent::AssistEnd);
    if (completed) gcMarkDone();
    if (gp->gcAssistBytes >= 0) return;
    // Nothing to mark, or asked to yield: both may change while others run.
    if (gp->preempt.load() != 0) {
      gosched();
      continue;
    }
    if (gcParkAssist()) return;
  }
}

void gcWakeAllAssists() {
  lock(&work.assistQueue.lock);
  GQueue q = work.assistQueue.q;
  work.assistQueue.q = GQueue{};
  injectglist(&q);
  unlock(&work.assistQueue.lock);
}

void gcFlushBgCredit(int64_t scanWork) {
  if (work.assistQueue.q.size == 0) {
    // Somebody may enqueue right now; he looks at the credit after that.
    gcController.bgScanCredit.xadd(scanWork);
    return;
  }
  const double bytesPerWork = gcController.assistBytesPerWork();
  int64_t bytes = int64_t(double(scanWork) * bytesPerWork);
  GQueue woken;
  lock(&work.assistQueue.lock);
  while (work.assistQueue.q.size != 0 && bytes > 0) {
    G* gp = gqPop(&work.assistQueue.q);
    if (bytes + gp->gcAssistBytes >= 0) {
      bytes += gp->gcAssistBytes;
      gp->gcAssistBytes = 0;
      gqPushBack(&woken, gp);
    } else {
      gp->gcAssistBytes += bytes;
      bytes = 0;
      gqPushBack(&work.assistQueue.q, gp);  // to the back: a large debt must not keep small ones waiting
      break;
    }
  }
  if (bytes > 0) gcController.bgScanCredit.xadd(int64_t(double(bytes) * gcController.assistWorkPerByte()));
  injectglist(&woken);
  unlock(&work.assistQueue.lock);
}

}  // namespace burrow::rt
