// Parking and readying goroutines, and the run queues they go to.
//
// gopark leaves the goroutine's stack before anybody may wake it: park_m runs on g0, makes the goroutine Gwaiting, and only then
// calls unlockf, which lets go of whatever lock guards the waiting. A waker therefore always finds a goroutine that is
// completely off its thread. ready puts the goroutine into runnext of the waker's P, so that the pair of a channel
// hand-over shares one time slice.
#include "os/os.h"
#include "sched/proc.h"
#include "sched/synctest.h"

namespace burrow::rt {

void park_m(G* gp) GO_SYM("runtime.park_m");
void gosched_m(G* gp) GO_SYM("runtime.gosched_m");

void park_m(G* gp) {
  M* m = getm();
  // Until unlockf has been called, the goroutine does not count as waiting: what it does there may be what others wait for.
  SynctestBubble* bubble = gp->bubble;
  if (UNLIKELY(bubble != nullptr)) bubbleHooks->addActive(bubble, 1);
  casgstatus(gp, Grunning, Gwaiting);
  dropg();
  if (auto fn = m->waitunlockf) {
    bool ok = fn(gp, m->waitlock);
    m->waitunlockf = nullptr;
    m->waitlock = nullptr;
    if (!ok) {
      casgstatus(gp, Gwaiting, Grunnable);
      if (UNLIKELY(bubble != nullptr)) bubbleHooks->addActive(bubble, -1);
      execute(gp, true);
    }
  }
  if (UNLIKELY(bubble != nullptr)) bubbleHooks->addActive(bubble, -1);
  schedule();
}

namespace {

bool parkunlock(G*, void* l) {
  unlock(static_cast<Mutex*>(l));
  return true;
}

// The ring is full: half of it and gp go to the global queue.
bool runqputslow(P* pp, G* gp) {
  G* batch[kRunQueueSize / 2 + 1];
  if (!pp->runq.takeHalfOfFull(batch)) return false;
  GQueue q;
  for (uint32_t i = 0; i < kRunQueueSize / 2; i++) gqPushBack(&q, batch[i]);
  gqPushBack(&q, gp);
  lock(&sched.lock);
  globrunqputbatch(&q);
  unlock(&sched.lock);
  return true;
}

}  // namespace

void gosched_m(G* gp) { goschedImpl(gp, false); }

void gopark(bool (*unlockf)(G*, void*), void* lock, WaitReason reason, TraceBlockReason, int) {
  M* m = acquirem();
  G* gp = m->curg;
  uint32_t status = readgstatus(gp);
  if ((status & ~uint32_t(Gscan)) != Grunning) throw_("gopark: bad g status");
  m->waitlock = lock;
  m->waitunlockf = unlockf;
  gp->waitreason = reason;
  releasem(m);
  // From here to the switch there is no stack check, so m is still ours.
  mcall(park_m);
}

void goparkunlock(Mutex* lock, WaitReason reason, TraceBlockReason why, int traceskip) {
  gopark(parkunlock, lock, reason, why, traceskip);
}

void ready(G* gp, bool next) {
  M* m = acquirem();
  if ((readgstatus(gp) & ~uint32_t(Gscan)) != Gwaiting) throw_("bad g->status in ready");
  casgstatus(gp, Gwaiting, Grunnable);
  runqput(m->p, gp, next);
  wakep();
  releasem(m);
}

void goready(G* gp, int) { ready(gp, true); }

void injectglist(GQueue* list) {
  if (list->size == 0) return;
  int64_t n = list->size;
  M* m = getm();
  // Without a P, a thread runs while the world stops.
  if (m->p == nullptr) sched.exitingSyscall.xadd(1);
  for (G* gp = list->head; gp != nullptr; gp = gp->schedlink) casgstatus(gp, Gwaiting, Grunnable);
  if (m->p == nullptr) sched.exitingSyscall.xadd(-1);
  P* pp = m->p;
  // With a P of our own, one share stays here and goes through the local queue.
  int64_t give = pp == nullptr ? n : minOf(n, int64_t(sched.npidle.load()));
  GQueue shared{};
  for (int64_t i = 0; i < give; i++) gqPushBack(&shared, gqPop(list));
  if (shared.size > 0) {
    lock(&sched.lock);
    globrunqputbatch(&shared);
    unlock(&sched.lock);
    for (int64_t i = 0; i < give; i++) {
      if (sched.npidle.load() == 0) break;
      startm(nullptr, false);
    }
  }
  while (G* gp = gqPop(list)) runqput(pp, gp, false);
  // What came into our own queue may be for others too.
  if (pp != nullptr) wakep();
}

// ---- yielding

GOABI void gosched() { mcall(gosched_m); }

void goschedImpl(G* gp, bool preempted) {
  if ((readgstatus(gp) & ~uint32_t(Gscan)) != Grunning) throw_("bad g status");
  M* m = getm();
  m->trace.preempted = preempted;
  casgstatus(gp, Grunning, Grunnable);
  dropg();
  lock(&sched.lock);
  globrunqput(gp);
  unlock(&sched.lock);
  if (mainStarted) wakep();
  schedule();
}

// ---- local queue

void runqput(P* pp, G* gp, bool next) {
  if (next) {
    gp = pp->runq.setNext(gp);
    if (gp == nullptr) return;
  }
  while (!pp->runq.push(gp))
    if (runqputslow(pp, gp)) return;
}

G* runqsteal(P* pp, P* victim, bool stealRunNext) {
  G* batch[kRunQueueSize / 2];
  uint32_t n = victim->runq.grab(batch);
  if (n == 0) {
    if (!stealRunNext) return nullptr;
    if (victim->runq.runnext.loadRelaxed() == nullptr) return nullptr;
    // The victim is probably about to run it; taking it at once would bounce a goroutine between threads at each
    // hand-over. A pause of some microseconds lets that happen.
    if (victim->status.loadRelaxed() == Prunning) usleep(3);
    return victim->runq.grabNext();
  }
  n--;
  for (uint32_t i = 0; i < n; i++) runqput(pp, batch[i], false);
  return batch[n];
}

// ---- global queue

void globrunqput(G* gp) { gqPushBack(&sched.runq, gp); }
void globrunqputhead(G* gp) { gqPush(&sched.runq, gp); }

void globrunqputbatch(GQueue* batch) {
  if (batch->size == 0) return;
  if (sched.runq.tail != nullptr) sched.runq.tail->schedlink = batch->head; else sched.runq.head = batch->head;
  sched.runq.tail = batch->tail;
  sched.runq.size += batch->size;
  *batch = GQueue{};
}

// What a switch to gp reads: of many that wait, none is in the cache any more.
static void prefetchStart(G* gp) {
  __builtin_prefetch(reinterpret_cast<char*>(gp) + kCacheLine, 1);
  __builtin_prefetch(gp->segment);
  __builtin_prefetch(reinterpret_cast<void*>(gp->sched.sp), 1);
  __builtin_prefetch(reinterpret_cast<void*>(gp->sched.sp + kCacheLine), 1);
}

// A fair share of the global queue: its size over the number of Ps, at most half a local queue and at most max (0: no
// limit). The first is returned, the others go to pp's queue.
G* globrunqget(P* pp, int32_t max) {
  if (sched.runq.size == 0) return nullptr;
  int64_t n = sched.runq.size / gomaxprocs + 1;
  n = minOf(n, sched.runq.size);
  if (max > 0) n = minOf(n, int64_t(max));
  n = minOf(n, int64_t(kRunQueueSize / 2));
  G* gp = gqPop(&sched.runq);
  for (n--; n > 0; n--) {
    G* g1 = gqPop(&sched.runq);
    prefetchStart(g1);
    // sched.lock is held, so an overflow may not go through runqput; there is room for half a queue unless it is
    // fuller than half, and then the rest stays where it was.
    if (!pp->runq.push(g1)) {
      globrunqputhead(g1);
      break;
    }
  }
  return gp;
}

}  // namespace burrow::rt
