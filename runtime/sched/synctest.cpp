// Bubbles, the runtime's half of testing/synctest.
//
// A goroutine of a bubble waits *durably* when only another goroutine of the bubble can wake it: on a channel of the
// bubble, in select over such channels, in a Sleep (the clock is the bubble's), in Cond.Wait and in WaitGroup.Wait of an
// associated group. Waiting for I/O, for a mutex or in a system call is not durable. The bubble counts:
//
//   total     its goroutines, the one in Run included
//   running   those that do not wait durably; changed by casgstatus, which every change of state passes through
//   active    things in flight that keep the bubble busy: a goroutine that is just being parked, one that was picked to be
//             woken, holders of an acquired bubble
//
// When running and active are both zero, everybody waits for somebody else. Then exactly one goroutine is woken, and counts
// as active until it has had its turn: the root if a timer is due, else a caller of Wait, else the root, which moves the
// clock to the next timer, or, if there is none, returns from Run (all others must have ended by then).
//
// The lock is near the end of the order: states change under many others. A goroutine to wake is made ready after it is free.
//
// Which objects belong to which bubble (WaitGroups) is said by specials of theirs. Rejected: a table by address, whose entries
// would have to go with the bubble; a WaitGroup that is still in use then must not be taken by another one.
#include "sched/synctest.h"

#include "gc/specials.h"
#include "mem/persistent_alloc.h"
#include "sched/proc.h"
#include "profile/buckets.h"
#include "symtab/ancestors.h"
#include "symtab/symtab.h"

namespace burrow::rt {

namespace {

constexpr int64_t kBaseTime = 946684800000000000;  // 2000-01-01 00:00 UTC
struct {
  Mutex lock = {{}, LockRank::SynctestTable};
  SynctestBubble* living;
  uint64_t ids;
} table;

enum : int64_t { kUnbubbled, kCurrentBubble, kOtherBubble };

// Which bubble an object belongs to is a special of it: the association lasts as long as the object, also when the bubble has
// ended. What is not in the heap (a package variable) belongs to none.
int64_t associationOf(void* object, uint64_t bubble, bool add) {
  if (spanOfHeap(uint64_t(object)) == nullptr) return kUnbubbled;
  Special found{};
  if (!findspecial(object, SpecialKind::Bubble, &found)) {
    if (!add) return kUnbubbled;
    Special s{};
    s.kind = SpecialKind::Bubble;
    s.bubble = bubble;
    if (addspecial(object, s)) return kCurrentBubble;
    findspecial(object, SpecialKind::Bubble, &found);  // somebody was quicker
  }
  return found.bubble == bubble ? kCurrentBubble : kOtherBubble;
}

// May only another goroutine of its bubble end that wait?
bool isIdleInSynctest(WaitReason r) {
  switch (r) {
    case WaitReason::ChanReceiveNilChan:
    case WaitReason::ChanSendNilChan:
    case WaitReason::SelectNoCases:
    case WaitReason::Sleep:
    case WaitReason::SyncCondWait:
    case WaitReason::SynctestWaitGroupWait:
    case WaitReason::Coroutine:
    case WaitReason::SynctestRun:
    case WaitReason::SynctestWait:
    case WaitReason::SynctestChanReceive:
    case WaitReason::SynctestChanSend:
    case WaitReason::SynctestSelect: return true;
    default: return false;
  }
}

// gopark's unlock functions.
bool rootMayIdle(G* gp, void*) {
  SynctestBubble* b = gp->bubble;
  lock(&b->lock);
  // All others wait and only our own turn keeps the bubble active: go on at once.
  bool idle = b->running != 0 || b->active != 1;
  if (idle) b->active--;
  unlock(&b->lock);
  return idle;
}
bool waitCommit(G* gp, void*) {
  SynctestBubble* b = gp->bubble;
  lock(&b->lock);
  if (b->running == 0 && b->active == 0) throw_("running == 0 && active == 0");
  b->waiter = gp;
  unlock(&b->lock);
  return true;
}

}  // namespace

void SynctestBubble::changegstatus(G* gp, uint32_t from, uint32_t to) {
  auto runs = [&](uint32_t s) { return s != Gdead && !(s == Gwaiting && isIdleInSynctest(gp->waitreason)); };
  const bool was = runs(from), is = runs(to);
  int64_t born = 0;
  if (from == Gdead) born = 1;
  if (to == Gdead) born = -1;
  if (was == is && born == 0) return;
  ::burrow::rt::lock(&lock);
  if (to == Gdead && gp == main) done = true;
  total += born;
  if (was != is) running += is ? 1 : -1;
  if (total < 0) fatal("total < 0");
  if (running < 0) fatal("running < 0");
  G* wake = maybeWakeLocked();
  unlock(&lock);
  if (wake != nullptr) goready(wake);
}

void SynctestBubble::incActive() {
  ::burrow::rt::lock(&lock);
  active++;
  unlock(&lock);
}

void SynctestBubble::decActive() {
  ::burrow::rt::lock(&lock);
  if (--active < 0) throw_("active < 0");
  G* wake = maybeWakeLocked();
  unlock(&lock);
  if (wake != nullptr) goready(wake);
}

// The goroutine to wake when the bubble has become idle; it counts as active from now on.
G* SynctestBubble::maybeWakeLocked() {
  if (running > 0 || active > 0) return nullptr;
  active++;
  const int64_t next = timers->minWhen.load();
  if (next > 0 && next <= now) return root;
  return waiter != nullptr ? waiter : root;
}

// The root's part: fires timers and moves the clock until there is nothing left to wait for.
void synctestIdleLoop(SynctestBubble* b) {
  lock(&b->lock);
  b->active++;
  for (;;) {
    unlock(&b->lock);
    systemstack([&] { timersCheck(b->timers, b->now, b); });
    gopark(rootMayIdle, nullptr, WaitReason::SynctestRun, TraceBlockReason::Generic, 0);
    lock(&b->lock);
    if (b->active < 0) throw_("active < 0");
    const int64_t next = b->timers->minWhen.load();
    if (next == 0 || b->done) break;
    if (next < b->now) throw_("time went backwards");
    b->now = next;
  }
  unlock(&b->lock);
}

void forEachBubbleTimer(void (*fn)(Timer* t, void* arg), void* arg) {
  for (SynctestBubble* b = table.living; b != nullptr; b = b->link)
    for (uint32_t i = 0; i < b->timers->heap.len; i++) fn(b->timers->heap.at[i].timer, arg);
}

// ---- what std/runtime/synctest.go calls

GOABI SynctestBubble* bubbleOfDeadlock(Eface panicked) GO_SYM("runtime.bubbleOfDeadlock");

// A bubble with the caller as its root; null when it is in one already.
GO_DECL("runtime.synctestNew", SynctestBubble*, synctestNew, ());
SynctestBubble* synctestNew() {
  static constexpr BubbleHooks hooks = {
      [](G* gp, uint32_t from, uint32_t to) { gp->bubble->changegstatus(gp, from, to); },
      [](SynctestBubble* b, int64_t n) { n > 0 ? b->incActive() : b->decActive(); },
      [](G* gp) { return isIdleInSynctest(gp->waitreason); }, bubbleOfDeadlock};
  __atomic_store_n(&bubbleHooks, &hooks, __ATOMIC_RELEASE);
  G* gp = getg();
  if (gp->bubble != nullptr) return nullptr;
  auto* b =
      static_cast<SynctestBubble*>(persistentAlloc(sizeof(SynctestBubble), 8, nullptr));  // others may keep it for ever
  b->timers = static_cast<Timers*>(persistentAlloc(sizeof(Timers), 8, nullptr));
  lockInit(&b->lock, LockRank::Synctest);
  timersInit(b->timers);
  b->total = b->running = 1;
  b->root = gp;
  b->now = kBaseTime;
  lock(&table.lock);
  b->id = ++table.ids;
  b->link = table.living;
  table.living = b;
  unlock(&table.lock);
  gp->bubble = b;
  return b;
}

// 0: all goroutines have ended; 1: main has, others wait for ever; 2: main does too.
GO_DECL("runtime.synctestLoop", int64_t, synctestLoop, (SynctestBubble * b, FuncVal* fn));
int64_t synctestLoop(SynctestBubble* b, FuncVal* fn) {
  G* gp = getg();
  // Its creator is the caller of internal/synctest.Run, as which std/runtime calls this.
  uintptr_t pc = 0;
  profileStack(&pc, 1, 1, false);
  pc &= kPcMask;
  Ancestors* ancestors = saveAncestors(pc);
  systemstack([&] {
    b->main = newproc1(fn, gp, pc);
    b->main->ancestors = ancestors;
    runqput(getm()->p, b->main, true);
    wakep();
  });
  synctestIdleLoop(b);
  if (b->total == 1) return 0;
  return b->done ? 1 : 2;
}

GO_DECL("runtime.synctestEnd", void, synctestEnd, (SynctestBubble * b));
void synctestEnd(SynctestBubble* b) {
  // Timers that never fire: nobody marks them any more, nor may the heap that holds them go before.
  systemstack([b] {
    while (b->timers->heap.len != 0) timerStop(b->timers->heap.at[0].timer);
    b->timers->heap.clear();
  });
  getg()->bubble = nullptr;
  lock(&table.lock);
  SynctestBubble** at = &table.living;
  while (*at != b) at = &(*at)->link;
  *at = b->link;
  unlock(&table.lock);
}

// 0: done; 1: not in a bubble; 2: somebody waits already.
GO_DECL("runtime.synctestWait1", int64_t, synctestWait1, ());
int64_t synctestWait1() {
  SynctestBubble* b = getg()->bubble;
  if (b == nullptr) return 1;
  lock(&b->lock);
  const bool taken = b->waiting;
  b->waiting = true;
  unlock(&b->lock);
  if (taken) return 2;
  gopark(waitCommit, nullptr, WaitReason::SynctestWait, TraceBlockReason::Generic, 0);
  lock(&b->lock);
  if (--b->active < 0) throw_("active < 0");
  b->waiter = nullptr;
  b->waiting = false;
  unlock(&b->lock);
  return 0;
}

GO_DECL("runtime.synctestBubbleOf", SynctestBubble*, synctestBubbleOf, ());
SynctestBubble* synctestBubbleOf() { return getg()->bubble; }
GO_DECL("runtime.synctestSetBubble", void, synctestSetBubble, (SynctestBubble * b));
void synctestSetBubble(SynctestBubble* b) { getg()->bubble = b; }
GO_DECL("runtime.synctestActive", void, synctestActive, (SynctestBubble * b, int64_t delta));
void synctestActive(SynctestBubble* b, int64_t delta) { delta > 0 ? b->incActive() : b->decActive(); }

// ---- what internal/synctest is linked to and needs no Go values

GO_DECL("internal/synctest.IsInBubble", bool, synctestIsInBubble, ());
bool synctestIsInBubble() { return getg()->bubble != nullptr; }
GO_DECL("internal/synctest.associate", int64_t, synctestAssociate, (void* object));
int64_t synctestAssociate(void* object) { return associationOf(object, getg()->bubble->id, true); }
GO_DECL("internal/synctest.isAssociated", bool, synctestIsAssociated, (void* object));
bool synctestIsAssociated(void* object) {
  return associationOf(object, getg()->bubble->id, false) == kCurrentBubble;
}
GO_DECL("internal/synctest.disassociate", void, synctestDisassociate, (void* object));
void synctestDisassociate(void* object) {
  if (spanOfHeap(uint64_t(object)) != nullptr) removespecial(object, SpecialKind::Bubble);
}

}  // namespace burrow::rt
