// Semaphores and notification lists: what sync.Mutex, WaitGroup and Cond sleep on.
//
// A semaphore is any uint32: semacquire waits until it is positive and decrements it, semrelease increments it and wakes one
// waiter. Waiters are found by the word's address: a table of buckets, each a lock and a hash chain of addresses; all
// waiters of one address hang on the first one (waitlink, in order of arrival). A chain is short unless thousands of
// semaphores have waiters at once; then it costs time in proportion, where gc has a balanced tree. (A treap was
// rejected for now: with 251 buckets, chains of more than two addresses have not been seen in any program measured.)
//
// No wake-up is lost: the waiter counts itself in nwait before it tries the semaphore a last time under the bucket's lock; the
// releaser increments the semaphore before it looks at nwait.
#include "os/os.h"
#include "sched/proc.h"

namespace burrow::rt {

namespace {

constexpr uint32_t kBuckets = 251;

struct SemaRoot {
  Mutex lock;
  Sudog* chain = nullptr;  // one per address, linked by next/prev; more waiters of it by waitlink
  Atomic<uint32_t> nwait;
  uint8_t pad[64 - 24] = {};
};
static_assert(sizeof(SemaRoot) == 64);
SemaRoot semtable[kBuckets];

SemaRoot* rootFor(uint32_t* addr) { return &semtable[(uintptr_t(addr) >> 3) % kBuckets]; }

Sudog* findAddr(SemaRoot* root, uint32_t* addr) {
  for (Sudog* s = root->chain; s != nullptr; s = s->next)
    if (s->elem == addr) return s;
  return nullptr;
}

void unlink(SemaRoot* root, Sudog* s) {
  if (s->prev != nullptr) s->prev->next = s->next; else root->chain = s->next;
  if (s->next != nullptr) s->next->prev = s->prev;
}
void replace(SemaRoot* root, Sudog* old, Sudog* s) {
  s->next = old->next;
  s->prev = old->prev;
  if (s->prev != nullptr) s->prev->next = s; else root->chain = s;
  if (s->next != nullptr) s->next->prev = s;
  old->next = old->prev = nullptr;
}

void queue(SemaRoot* root, uint32_t* addr, Sudog* s, bool lifo) {
  s->g = getg();
  s->elem = addr;
  s->next = s->prev = nullptr;
  Sudog* head = findAddr(root, addr);
  if (head == nullptr) {
    s->waitlink = nullptr;
    s->waittail = s;
    s->next = root->chain;
    if (root->chain != nullptr) root->chain->prev = s;
    root->chain = s;
  } else if (lifo) {
    replace(root, head, s);
    s->waitlink = head;
    s->waittail = head->waittail;
    head->waittail = nullptr;
  } else {
    head->waittail->waitlink = s;
    head->waittail = s;
    s->waitlink = nullptr;
  }
}

Sudog* dequeue(SemaRoot* root, uint32_t* addr) {
  Sudog* s = findAddr(root, addr);
  if (s == nullptr) return nullptr;
  if (Sudog* t = s->waitlink) {
    replace(root, s, t);
    t->waittail = s->waittail == s ? t : s->waittail;
  } else {
    unlink(root, s);
  }
  s->next = s->prev = s->waitlink = s->waittail = nullptr;
  s->elem = nullptr;
  return s;
}

bool cansemacquire(uint32_t* addr) {
  for (;;) {
    uint32_t v = __atomic_load_n(addr, __ATOMIC_SEQ_CST);
    if (v == 0) return false;
    if (__atomic_compare_exchange_n(addr, &v, v - 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return true;
  }
}

void semacquire1(uint32_t* addr, bool lifo, WaitReason reason) {
  if (getg() != getm()->curg) throw_("semacquire not on the G stack");
  if (cansemacquire(addr)) return;
  Sudog* s = acquireSudog();
  SemaRoot* root = rootFor(addr);
  s->ticket = 0;
  for (;;) {
    lock(&root->lock);
    root->nwait.xadd(1);
    if (cansemacquire(addr)) {
      root->nwait.xadd(uint32_t(-1));
      unlock(&root->lock);
      break;
    }
    queue(root, addr, s, lifo);
    goparkunlock(&root->lock, reason, TraceBlockReason::Sync);
    if (s->ticket != 0 || cansemacquire(addr)) break;
  }
  s->elem = nullptr;
  releaseSudog(s);
}

void semrelease1(uint32_t* addr, bool handoff) {
  SemaRoot* root = rootFor(addr);
  __atomic_add_fetch(addr, 1, __ATOMIC_SEQ_CST);
  if (root->nwait.load() == 0) return;
  lock(&root->lock);
  if (root->nwait.load() == 0) {
    unlock(&root->lock);
    return;
  }
  Sudog* s = dequeue(root, addr);
  if (s != nullptr) root->nwait.xadd(uint32_t(-1));
  unlock(&root->lock);
  if (s == nullptr) return;
  if (handoff && cansemacquire(addr)) s->ticket = 1;
  bool direct = s->ticket == 1;
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

}  // namespace

void semacquire(uint32_t* addr) { semacquire1(addr, false, WaitReason::Semacquire); }
void semrelease(uint32_t* addr) { semrelease1(addr, false); }

// ---- what sync and internal/poll are linked to
GOABI void syncSemacquire(uint32_t* addr) GO_SYM("sync.runtime_Semacquire");
GOABI void syncSemacquire(uint32_t* addr) { semacquire1(addr, false, WaitReason::Semacquire); }
GOABI void syncSemacquireWaitGroup(uint32_t* addr, bool) GO_SYM("sync.runtime_SemacquireWaitGroup");
GOABI void syncSemacquireWaitGroup(uint32_t* addr, bool) { semacquire1(addr, false, WaitReason::SyncWaitGroupWait); }
GOABI void syncSemacquireMutex(uint32_t* addr, bool lifo, int64_t) GO_SYM("internal/sync.runtime_SemacquireMutex");
GOABI void syncSemacquireMutex(uint32_t* addr, bool lifo, int64_t) { semacquire1(addr, lifo, WaitReason::SyncMutexLock); }
GOABI void syncSemacquireRWR(uint32_t* addr, bool lifo, int64_t) GO_SYM("sync.runtime_SemacquireRWMutexR");
GOABI void syncSemacquireRWR(uint32_t* addr, bool lifo, int64_t) { semacquire1(addr, lifo, WaitReason::SyncRWMutexRLock); }
GOABI void syncSemacquireRW(uint32_t* addr, bool lifo, int64_t) GO_SYM("sync.runtime_SemacquireRWMutex");
GOABI void syncSemacquireRW(uint32_t* addr, bool lifo, int64_t) { semacquire1(addr, lifo, WaitReason::SyncRWMutexLock); }
GOABI void syncSemrelease(uint32_t* addr, bool handoff, int64_t) GO_SYM("sync.runtime_Semrelease");
GOABI void syncSemrelease(uint32_t* addr, bool handoff, int64_t) { semrelease1(addr, handoff); }
GOABI void isyncSemrelease(uint32_t* addr, bool handoff, int64_t) GO_SYM("internal/sync.runtime_Semrelease");
GOABI void isyncSemrelease(uint32_t* addr, bool handoff, int64_t) { semrelease1(addr, handoff); }
GOABI void pollSemacquire(uint32_t* addr) GO_SYM("internal/poll.runtime_Semacquire");
GOABI void pollSemacquire(uint32_t* addr) { semacquire1(addr, false, WaitReason::Semacquire); }
GOABI void pollSemrelease(uint32_t* addr) GO_SYM("internal/poll.runtime_Semrelease");
GOABI void pollSemrelease(uint32_t* addr) { semrelease1(addr, false); }

}  // namespace burrow::rt
