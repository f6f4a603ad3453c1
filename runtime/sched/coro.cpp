// Coroutines: iter.Pull's goroutine, which runs only when it is asked for a value and hands the thread straight back.
//
//   Pull's caller                           the coroutine's goroutine
//     newcoro(f) ─ makes it, Gwaiting
//     coroswitch(c) ───────────────────────► corostart: f(c)
//                  ◄─────────────────────── coroswitch(c)
//     coroswitch(c) ───────────────────────►   goes on
//                  ◄─────────────────────── coroexit(c), when f returns; the goroutine ends
//
// c->gp is the goroutine that the next switch takes up; the switching one puts itself in its place. No run queue, no
// scheduler and no other thread has part in it: a switch is two changes of stack (to g0, from g0), some 15 ns.
//
// A goroutine that waits in a coroutine is Gwaiting like any other, so the collector and tracebacks see nothing new. If
// the creator was locked to its thread, so is the coroutine: it runs on the thread, with the lock counts, that it was made on.
#include "gc/barrier.h"
#include "mem/malloc.h"
#include "panic/rt_print.h"
#include "sched/proc.h"
#include "sched/synctest.h"
#include "stack/stack.h"
#include "symtab/ancestors.h"

namespace burrow::rt {

// A heap object, of which gp and m are none.
struct Coro {
  Atomic<G*> gp;
  FuncVal* f;
  M* m;  // where it must run; null: anywhere
  uint32_t lockedExt, lockedInt;
};
static_assert(sizeof(Coro) == 32 && offsetof(Coro, f) == 8);  // as coro in std/runtime/coro.go

// In std/runtime/coro.go: what the goroutine does.
GOABI void corostart() GO_SYM("runtime.corostart");

namespace {

uint64_t coroMask[1] = {uint64_t(1) << offsetof(Coro, f) / 8};
const abi::Type coroType = {
    sizeof(Coro), offsetof(Coro, f) + sizeof(void*), 0, 0, 8, 8, abi::kStruct, nullptr, reinterpret_cast<uint8_t*>(coroMask), 0, 0};
FuncVal corostartFunc = {reinterpret_cast<void*>(corostart)};

void coroswitch_m(G* gp) {
  Coro* c = gp->coroarg;
  gp->coroarg = nullptr;
  const bool exit = gp->coroexit;
  M* m = getm();
  const bool locked = gp->lockedm != nullptr;
  if ((c->m != nullptr || locked) && (m != c->m || m->lockedInt != c->lockedInt || m->lockedExt != c->lockedExt)) {
    rtPrint("coro: got thread ", hex(m), ", want ", hex(c->m), "\n");
    rtPrint("coro: got lock internal ", m->lockedInt, ", want ", c->lockedInt, "\n");
    rtPrint("coro: got lock external ", m->lockedExt, ", want ", c->lockedExt, "\n");
    throw_("coro: OS thread locking must match locking at coroutine creation");
  }
  SynctestBubble* bubble = gp->bubble;
  if (bubble != nullptr) bubble->incActive();  // in between nobody of the bubble may seem to run
  if (locked) gp->lockedm = nullptr;
  if (exit) {
    gdestroy(gp);  // which looks at coroexit, for traces
    gp->coroexit = false;
    gp = nullptr;
  } else {
    gp->waitreason = WaitReason::Coroutine;
    casgstatus(gp, Grunning, Gwaiting);
    gp->m = nullptr;
  }
  G* next;
  do {
    next = c->gp.load();
    if (next == nullptr) throw_("coroswitch on exited coro");
    // Two goroutines that use one coroutine at the same time: both get a goroutine, each another one.
  } while (!c->gp.cas(next, gp));
  if (next == gp) throw_("coroswitch of a goroutine to itself");
  m->curg = next;
  next->m = m;
  next->preempt.storeRelaxed(0);
  casgstatus(next, Gwaiting, Grunning);
  if (locked) {
    m->lockedg = next;
    next->lockedm = m;
  }
  if (bubble != nullptr) bubble->decActive();
  gogo(next);
}

}  // namespace

// A coroutine that will run f, and a goroutine for it that waits for the first switch. Its creator is who calls this: iter.Pull.
GO_DECL("runtime.newcoro", Coro*, newcoro, (FuncVal * f));
Coro* newcoro(FuncVal* f) {
  G* gp = getg();
  const uintptr_t pc = callerPC(__builtin_return_address(0));
  auto* c = static_cast<Coro*>(newobject(&coroType));
  storePointer(&c->f, f);
  Ancestors* ancestors = saveAncestors(pc);
  systemstack([&] {
    M* m = getm();
    G* newg = newproc1(&corostartFunc, gp, pc, true);
    if (m->lockedExt + m->lockedInt != 0) {
      c->m = m;
      c->lockedExt = m->lockedExt;
      c->lockedInt = m->lockedInt;
    }
    newg->ancestors = ancestors;
    newg->coroarg = c;
    c->gp.store(newg);
  });
  return c;
}

// In the new goroutine, first thing: whose coroutine it is.
GO_DECL("runtime.coroself", Coro*, coroself, ());
Coro* coroself() {
  G* gp = getg();
  Coro* c = gp->coroarg;
  gp->coroarg = nullptr;
  return c;
}

GO_DECL("runtime.coroswitch", void, coroswitch, (Coro * c));
void coroswitch(Coro* c) {
  getg()->coroarg = c;
  mcall(coroswitch_m);
}

GO_DECL("runtime.coroexit", void, coroexit, (Coro * c));
void coroexit(Coro* c) {
  G* gp = getg();
  gp->coroarg = c;
  gp->coroexit = true;
  mcall(coroswitch_m);
}

}  // namespace burrow::rt
