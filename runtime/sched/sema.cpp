// Semaphores: what sync.Mutex, RWMutex and WaitGroup sleep on.
//
// A semaphore is any uint32: semacquire waits until it is positive and decrements it, semrelease increments it and wakes one
// waiter. Waiters are found by the word's address: a table of buckets, each a lock and a tree (sched/sema_treap.h).
//
// No wake-up is lost: the waiter counts itself in nwait before it tries the semaphore a last time under the bucket's lock; the
// releaser increments the semaphore before it looks at nwait.
#include "os/os.h"
#include "profile/block_profile.h"
#include "sched/proc.h"
#include "sched/sema_treap.h"

namespace burrow::rt {

namespace {

constexpr uint32_t kBuckets = 251;

struct SemaRoot {
  Mutex lock;
  SemaTreap<Sudog> waiting;
  Atomic<uint32_t> nwait;
  uint8_t pad[64 - 20] = {};
};
static_assert(sizeof(SemaRoot) == 64);
SemaRoot semtable[kBuckets];

SemaRoot* rootFor(uint32_t* addr) { return &semtable[(uintptr_t(addr) >> 3) % kBuckets]; }

bool cansemacquire(uint32_t* addr) {
  for (;;) {
    uint32_t v = __atomic_load_n(addr, __ATOMIC_SEQ_CST);
    if (v == 0) return false;
    if (__atomic_compare_exchange_n(addr, &v, v - 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return true;
  }
}

}  // namespace

void semacquire1(uint32_t* addr, bool lifo, WaitReason reason, SemaProfile profile, int skip) {
  if (getg() != getm()->curg) throw_("semacquire not on the G stack");
  if (cansemacquire(addr)) return;
  Sudog* s = acquireSudog();
  SemaRoot* root = rootFor(addr);
  s->g = getg();
  s->ticket = 0;
  s->acquiretime = s->releasetime = 0;
  if (UNLIKELY(blockProfiler != nullptr && profile != SemaProfile::None)) blockProfiler->semaStart(s, profile == SemaProfile::Mutex);
  for (;;) {
    lockWithRank(&root->lock, LockRank::SemaRoot);
    root->nwait.xadd(1);
    if (cansemacquire(addr)) {
      root->nwait.xadd(uint32_t(-1));
      unlock(&root->lock);
      break;
    }
    root->waiting.queue(s, addr, lifo, cheaprand());
    s->g->waiting = s;  // for those who ask from outside what it waits for
    goparkunlock(&root->lock, reason, TraceBlockReason::Sync);
    s->g->waiting = nullptr;
    if (s->ticket != 0 || cansemacquire(addr)) break;
  }
  s->ticket = 0;
  blockEnd(s, skip);
  releaseSudog(s);
}

void semrelease1(uint32_t* addr, bool handoff, int skip) {
  SemaRoot* root = rootFor(addr);
  __atomic_add_fetch(addr, 1, __ATOMIC_SEQ_CST);
  if (root->nwait.load() == 0) return;
  lockWithRank(&root->lock, LockRank::SemaRoot);
  if (root->nwait.load() == 0) {
    unlock(&root->lock);
    return;
  }
  int64_t charged = 0;
  if (UNLIKELY(blockProfiler != nullptr)) charged = blockProfiler->wakeFirst(root->waiting.find(addr));
  Sudog* s = root->waiting.dequeue(addr);
  if (s != nullptr) root->nwait.xadd(uint32_t(-1));
  unlock(&root->lock);
  if (s == nullptr) return;
  if (UNLIKELY(charged != 0)) blockProfiler->mutex(charged, skip);
  // Handed over: nobody who comes now can take it away from the waiter.
  const bool direct = handoff && cansemacquire(addr);
  if (direct) s->ticket = 1;
  goready(s->g, 5);
  // The waiter got the semaphore itself: let it run in what is left of our time slice, so that a starving mutex
  // passes from hand to hand.
  if (direct && getm()->locks == 0 && getg() == getm()->curg) {
    mcall([](G* gp) {
      casgstatus(gp, Grunning, Grunnable);
      dropg();
      runqput(getm()->p, gp, false);
      schedule();
    });
  }
}

void semacquire(uint32_t* addr) { semacquire1(addr, false, WaitReason::Semacquire); }
void semrelease(uint32_t* addr) { semrelease1(addr, false); }

// How many wait in the semaphore's bucket. For tests: gc's export_test.go has it too.
GO_DECL("runtime.SemNwait", uint32_t, goSemNwait, (uint32_t* addr));
uint32_t goSemNwait(uint32_t* addr) { return rootFor(addr)->nwait.load(); }

}  // namespace burrow::rt
