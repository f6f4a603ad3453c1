// notifyList: a ticket queue for sync.Cond. Whoever waits takes the next ticket (without the lock of the list), later queues
// itself with it; notifyOne wakes the waiter with the oldest ticket not yet notified, whether it is queued already or is
// still on its way, in which case it will find its ticket notified and not sleep.
//
// Tickets wrap around; fewer than 2^31 waiters at a time keep the comparison right.
#include "panic/rt_print.h"
#include "profile/block_profile.h"
#include "sched/proc.h"

namespace burrow::rt {

// As sync.notifyList in the distribution lays it out.
struct NotifyList {
  Atomic<uint32_t> wait;   // next ticket
  Atomic<uint32_t> notify; // oldest ticket not notified
  Mutex lock;              // sync sees one machine word
  Sudog* head;
  Sudog* tail;
};
static_assert(sizeof(NotifyList) == 32 && offsetof(NotifyList, head) == 16);

namespace {

void checkBubble(const G* waiter) {
  if (waiter->bubble == nullptr || getg()->bubble == waiter->bubble) return;
  rtPrint("semaphore wake of synctest goroutine ", waiter->goid, " from outside bubble\n");
  fatal("semaphore wake of synctest goroutine from outside bubble");
}

bool less(uint32_t a, uint32_t b) { return int32_t(a - b) < 0; }

}  // namespace

GOABI uint32_t notifyListAdd(NotifyList* l) GO_SYM("sync.runtime_notifyListAdd");
GOABI uint32_t notifyListAdd(NotifyList* l) { return l->wait.xadd(1) - 1; }

GOABI void notifyListWait(NotifyList* l, uint32_t t) GO_SYM("sync.runtime_notifyListWait");
GOABI void notifyListWait(NotifyList* l, uint32_t t) {
  lockWithRank(&l->lock, LockRank::NotifyList);
  if (less(t, l->notify.load())) {
    unlock(&l->lock);
    return;
  }
  Sudog* s = acquireSudog();
  s->g = getg();
  s->ticket = t;
  s->next = nullptr;
  blockStart(s);
  if (l->tail == nullptr) l->head = s; else l->tail->next = s;
  l->tail = s;
  s->elem = l;  // with g->waiting: for those who ask from outside what it waits for
  s->g->waiting = s;
  goparkunlock(&l->lock, WaitReason::SyncCondWait, TraceBlockReason::CondWait);
  s->g->waiting = nullptr;
  s->elem = nullptr;
  blockEnd(s, 0);
  releaseSudog(s);
}

GOABI void notifyListNotifyAll(NotifyList* l) GO_SYM("sync.runtime_notifyListNotifyAll");
GOABI void notifyListNotifyAll(NotifyList* l) {
  if (l->wait.load() == l->notify.load()) return;
  lockWithRank(&l->lock, LockRank::NotifyList);
  Sudog* s = l->head;
  l->head = l->tail = nullptr;
  l->notify.store(l->wait.load());
  unlock(&l->lock);
  while (s != nullptr) {
    Sudog* next = s->next;
    s->next = nullptr;
    checkBubble(s->g);
    blockWake(s);
    goready(s->g, 4);
    s = next;
  }
}

GOABI void notifyListNotifyOne(NotifyList* l) GO_SYM("sync.runtime_notifyListNotifyOne");
GOABI void notifyListNotifyOne(NotifyList* l) {
  if (l->wait.load() == l->notify.load()) return;
  lockWithRank(&l->lock, LockRank::NotifyList);
  uint32_t t = l->notify.load();
  if (t == l->wait.load()) {
    unlock(&l->lock);
    return;
  }
  l->notify.store(t + 1);
  Sudog* prev = nullptr;
  for (Sudog* s = l->head; s != nullptr; prev = s, s = s->next) {
    if (s->ticket != t) continue;
    if (prev != nullptr) prev->next = s->next; else l->head = s->next;
    if (l->tail == s) l->tail = prev;
    unlock(&l->lock);
    s->next = nullptr;
    checkBubble(s->g);
    blockWake(s);
    goready(s->g, 4);
    return;
  }
  unlock(&l->lock);
}

GOABI void notifyListCheck(uint64_t size) GO_SYM("sync.runtime_notifyListCheck");
GOABI void notifyListCheck(uint64_t size) {
  if (size != sizeof(NotifyList)) throw_("bad notifyList size");
}

}  // namespace burrow::rt
