// Goroutines that can never run again: the goroutineleak profile.
//
// A goroutine that waits on a channel, a lock or the like is woken by another one that has the same object. So it is lost when
// no goroutine that may ever run again can reach that object, and reachability is what marking computes. One cycle, asked for
// by goroutineLeakGC, does it differently from others:
//
//   stackRoots   | may run: root jobs from the start | waits on an object: no job yet                  |
//                                                     ^ runnable ──► moves right each time marking is through
//
// Whenever marking has nothing left to do (gcMarkDone, the world stopped), the waiting goroutines whose object has been marked by now,
// or is no heap object, may run after all: their stacks become root jobs and marking goes on. When none is left to move, those to the
// right are leaked. Their stacks are marked too, at the end, for what they hold must stay: a finalizer or the like may still know them.
//
//     main ──► ch1 ◄── A (waits) ──► ch2 ◄── B (waits)      C (waits) ──► ch3
//     A is found in the first round, for main holds ch1; B in the second, by A's stack; C never is.
//
// Nothing but stacks may lead from a waiting goroutine to its object: Gs and Sudogs are outside of the heap and are not scanned,
// so that there is nothing to hide from the collector (gc's lie in its heap, and it masks their pointers for the time of the cycle).
// A timer that is due some day is a root, and so is the channel it sends to.
//
// The main goroutine in `select {}` is treated as waiting, so that what only it holds is found, and not reported.
#include "gc/gc.h"

namespace burrow::rt {

namespace {

Atomic<uint32_t> pending;  // the next cycle looks for leaks
bool enabled, done;        // this cycle looks; it has found out. World stopped.
uint32_t runnable;         // stackRoots[0, runnable) have root jobs
Atomic<uint32_t> count;    // found by the last cycle that looked

bool waitsOnObject(G* gp) {
  return readgstatus(gp) == Gwaiting && gp->waitreason >= WaitReason::ChanReceiveNilChan &&
         gp->waitreason <= WaitReason::SyncWaitGroupWait;
}

bool markedOrNotInHeap(const void* p) {
  const MSpan* s = spanOfHeap(uintptr_t(p));
  if (s == nullptr) return true;
  return isMarked(s, s->sizeClass() == 0 ? 0 : s->objIndex(uintptr_t(p)));
}

bool mayRun(G* gp) {
  if (!waitsOnObject(gp)) return true;
  switch (gp->waitreason) {
    case WaitReason::ChanReceiveNilChan:
    case WaitReason::ChanSendNilChan:
    case WaitReason::SelectNoCases: return false;
    case WaitReason::ChanReceive:
    case WaitReason::ChanSend:
    case WaitReason::Select:
      for (const Sudog* s = gp->waiting; s != nullptr; s = s->waitlink)
        if (markedOrNotInHeap(s->c)) return true;
      return false;
    default:
      // A semaphore or a notifyList. (The other Sudogs of the chain are other goroutines'.)
      return gp->waiting == nullptr || markedOrNotInHeap(gp->waiting->elem);
  }
}

// Moves those of stackRoots[from, nStackRoots) that `moves` says to the front; returns where the others begin.
template <class Fn>
uint32_t partition(uint32_t from, Fn moves) {
  uint32_t at = from;
  for (uint32_t i = from; i < work.nStackRoots; i++) {
    if (!moves(work.stackRoots[i])) continue;
    G* gp = work.stackRoots[i];
    work.stackRoots[i] = work.stackRoots[at];
    work.stackRoots[at++] = gp;
  }
  return at;
}

void setJobs(uint32_t stacks) {
  // Workers that found no job have counted past the end.
  if (work.markrootNext.load() > work.markrootJobs) work.markrootNext.store(work.markrootJobs);
  runnable = stacks;
  work.markrootJobs = work.nDataRoots + work.nSpanRoots + work.nTimerRoots + stacks;
}

void prepare() {
  done = false;
  enabled = pending.load() != 0;
  if (!enabled) return;
  pending.store(0);
  for (uint32_t i = 0; i < work.nStackRoots; i++) work.stackRoots[i]->leaked = false;
  setJobs(partition(0, [](G* gp) { return !waitsOnObject(gp); }));
}

bool more() {
  if (!enabled || done) return false;
  const uint32_t n = partition(runnable, mayRun);
  if (n == runnable) {
    done = true;
    uint32_t leaks = 0;
    for (uint32_t i = n; i < work.nStackRoots; i++) {
      G* gp = work.stackRoots[i];
      if (gp->isMain && gp->waitreason == WaitReason::SelectNoCases) continue;
      gp->leaked = true;
      leaks++;
    }
    count.store(leaks);
    if (n == work.nStackRoots) return false;
    setJobs(work.nStackRoots);
    return true;
  }
  setJobs(n);
  return true;
}

constexpr LeakDetector kDetector = {prepare, more};

}  // namespace

const LeakDetector* leakDetector;

// The next cycle to begin looks for leaks; goroutineLeakPending: none has begun since.
GO_DECL("runtime.goroutineLeakWanted", void, goroutineLeakWanted, ());
void goroutineLeakWanted() {
  __atomic_store_n(&leakDetector, &kDetector, __ATOMIC_SEQ_CST);
  pending.store(1);
}
GO_DECL("runtime.goroutineLeakPending", bool, goroutineLeakPending, ());
bool goroutineLeakPending() { return pending.load() != 0; }
GO_DECL("runtime.goroutineLeakCount", int64_t, goroutineLeakCount, ());
int64_t goroutineLeakCount() { return count.load(); }

}  // namespace burrow::rt
