// panic, recover, Goexit and the running of deferred calls.
//
// A function that defers has a DeferFrame in its frame (docs/contract.md): the list of its deferred closures and the registers to
// come back with. The frames are linked from the innermost outwards, g->deferTop. gopanic goes through that list and calls
// the closures one by one, each through calldeferred, without leaving its own frame: nothing is unwound while deferred
// functions run, so a traceback shows all of it. When a closure returns and has recovered the panic, everything newer than
// the frame that deferred it is dropped in one jump: recovery makes that function's deferenter return a second time.
//
//   main -> f (frame F) -> g -> panic(1) -> gopanic P1 -> calldeferred -> F's closure -> recover()
//                                                                  |
//   recovery: stack pointer and registers as F's deferenter saved them; deferenter returns 1; f runs deferreturn, returns
//
// Nested panics: a closure that P1 runs panics itself: P2, linked to P1, goes on with what is left of the same list of frames.
// When P2 is recovered by a frame inside the closure, P1 is not touched. When a frame at or outside P1's is what
// recovers, P1's own frame is among what is dropped, so P1 is forgotten with it ("aborted"). The frames' ages decide, and
// newerFrame compares them over segment boundaries.
//
// Goexit is a panic that cannot be recovered. If a panic inside one of its deferred calls is recovered by a frame that
// the Goexit had still to deal with, returning to that frame's caller would cancel the Goexit; recovery jumps back into
// Goexit's loop instead.
//
// recover() is gorecover(slot), slot being where the calling function's return address lies. It recovers only when that
// function was called by calldeferred for the newest panic: the slot must be the one that calldeferred noted. Between the
// two there may be segment boundaries (the return address is __morestack's: go on at the old segment) and wrapper
// functions made by the compiler (go on at the wrapper's own return address).
#include "panic/panic.h"

#include "boot/boot.h"
#include "mem/malloc.h"
#include "panic/crash.h"
#include "panic/rt_print.h"
#include "stack/stack.h"
#include "symtab/symtab.h"

namespace burrow::rt {

using abi::DeferFrame;
using abi::DeferRecord;

void calldeferred(FuncVal* fn, Panic* p) GO_SYM("runtime.calldeferred");
int32_t saveContext(DeferFrame* f) GO_SYM("runtime.saveContext") __attribute__((returns_twice));
NORETURN void recoverJump(G* gp, DeferFrame* f) GO_SYM("runtime.recoverJump");

// In std/runtime: what the value says of itself (Error or String method), and panic(nil)'s value.
struct PanicText {
  const uint8_t* data;
  int64_t len;
  bool ok;
};
GOABI PanicText panicValueText(Eface v) GO_SYM("runtime.panicValueText");
GOABI Eface newPanicNilError() GO_SYM("runtime.newPanicNilError");

void recovery(G* gp) GO_SYM("runtime.recovery");
void preprintpanics(Panic* p) GO_SYM("runtime.preprintpanics");

// Leaves the newest panic's frame, and all others that are newer than the frame that recovered it. On g0.
void recovery(G* gp) {
  Panic* p = gp->panic;
  DeferFrame* f = p->frame;
  Panic* goexit = nullptr;
  while (gp->panic != nullptr && newerFrame(gp, uintptr_t(gp->panic), f->sp)) {
    Panic* dropped = gp->panic;
    gp->panic = dropped->link;
    if (dropped->goexit) {
      goexit = dropped;
      break;
    }
    runningPanicDefers.xadd(uint32_t(-1));
  }
  if (gp->panic == nullptr && goexit == nullptr) gp->sig = 0;
  if (goexit != nullptr) {
    gp->panic = goexit;
    dropSegments(gp, goexit->resume.sp);
    recoverJump(gp, &goexit->resume);
  }
  gp->deferTop = f;
  dropSegments(gp, f->sp);
  recoverJump(gp, f);
}

namespace {

// Runs all deferred calls, innermost first; does not return when one of them recovers p.
void runDefers(G* gp, Panic* p) {
  while (DeferFrame* f = gp->deferTop) {
    DeferRecord* d = f->head;
    if (d == nullptr) {
      gp->deferTop = f->link;
      continue;
    }
    f->head = d->link;
    p->frame = f;
    calldeferred(d->fn, p);
    p->slot = 0;
    if (p->recovered) mcall(recovery);
  }
}

}  // namespace

bool markRepanicked(Panic* p) {
  Panic* const before = p->link;
  if (before == nullptr || before->goexit || before->arg.type != p->arg.type || before->arg.data != p->arg.data) return false;
  before->repanicked = true;
  return true;
}

// Asks the panics' values for their texts, while Go code may still run.
void preprintpanics(Panic* p) {
  for (; p != nullptr; p = p->link) {
    if (p->goexit || markRepanicked(p)) continue;
    PanicText t = panicValueText(p->arg);
    p->hasText = t.ok;
    p->text = {t.data, t.len};
  }
}

namespace {

void checkPanicAllowed(G* gp, Eface e) {
  M* m = getm();
  const char* why = nullptr;
  if (m->curg != gp) why = "panic on system stack";
  else if (m->mallocing != 0) why = "panic during malloc";
  else if (m->preemptoff != nullptr) why = "panic during preemptoff";
  else if (m->locks != 0) why = "panic holding locks";
  if (why == nullptr) return;
  (void)e;
  throw_(why);
}

}  // namespace

void gopanic(Eface e) {
  G* gp = getg();
  checkPanicAllowed(gp, e);
  if (e.type == nullptr && debug.panicnil != 1) e = newPanicNilError();
  Panic p = {};
  p.arg = e;
  p.link = gp->panic;
  gp->panic = &p;
  runningPanicDefers.xadd(1);
  runDefers(gp, &p);
  // Nobody recovered it.
  preprintpanics(&p);
  fatalpanic(&p);
}

GOABI void Goexit() GO_SYM("runtime.Goexit");
GOABI void Goexit() {
  G* gp = getg();
  Panic p;
  memset(&p, 0, sizeof(p));
  p.goexit = true;
  p.link = gp->panic;
  gp->panic = &p;
  saveContext(&p.resume);
  // Here for the first time, or again after a recovered panic that would have left us behind.
  gp = getg();
  runDefers(gp, gp->panic);
  gp->panic = nullptr;
  gp->goexiting = true;
  goexit1();
  __builtin_unreachable();
}

namespace {

// The slot that matters for recover: past segment boundaries and wrappers.
uintptr_t originalSlot(G* gp, uintptr_t slot) {
  for (;;) {
    uintptr_t pc = *reinterpret_cast<uintptr_t*>(slot);
    if (pc == uintptr_t(morestackReturn)) {
      StackSegment* s = segmentOf(gp, slot + 8);
      if (s == nullptr) return slot;
      slot = s->oldSP + 16;
      continue;
    }
    uintptr_t up = wrapperReturnSlot(pc, slot + 8);
    if (up == 0) return slot;
    slot = up;
  }
}

// The closure whose return address is at `slot` was run by deferreturn: where the return address of deferreturn's caller
// lies. Else 0.
uintptr_t deferringSlot(G* gp, uintptr_t slot, uintptr_t fp) {
  Unwinder u;
  u.init(gp, *reinterpret_cast<uintptr_t*>(slot), slot + 8, fp, false);
  if (!u.valid() || u.fn == nullptr || u.fn->funcId != ft::kFuncDeferreturn) return 0;
  u.next();
  return u.valid() && u.cfa != 0 ? u.cfa - 8 : 0;
}

}  // namespace

Panic* calledByPanic(uintptr_t slot) {
  G* gp = getg();
  Panic* p = gp->panic;
  if (p == nullptr || p->goexit || p->recovered) return nullptr;
  return slot == p->slot || originalSlot(gp, slot) == p->slot ? p : nullptr;
}

GOABI Eface gorecover(uintptr_t slot) GO_SYM("runtime.gorecover");
NO_INLINE GOABI Eface gorecover(uintptr_t slot) {
  G* gp = getg();
  Panic* p = gp->panic;
  if (p == nullptr || p->goexit || p->recovered) return {nullptr, nullptr};
  uintptr_t frame = uintptr_t(__builtin_frame_address(0));
  const ft::FuncRecord* caller = findfunc(callerPC(__builtin_return_address(0)) - 1);
  if (caller != nullptr && (caller->flags & ft::kWrapper)) {
    // `defer recover()`: the caller is the closure that the compiler made for the defer statement. Run by the function that
    // deferred it, on its way out, it counts as a call by that function; run by a panic it is not called by anything that
    // a panic called.
    slot = deferringSlot(gp, slot, *reinterpret_cast<uintptr_t*>(frame));
    if (slot == 0) return {nullptr, nullptr};
  }
  if (slot != p->slot && originalSlot(gp, slot) != p->slot) return {nullptr, nullptr};
  p->recovered = true;
  return p->arg;
}

// ---- defer

// A defer statement in a loop: the record lives on the heap until it has run.
GOABI void deferproc(DeferFrame* f, FuncVal* fn) GO_SYM("runtime.deferproc");
GOABI void deferproc(DeferFrame* f, FuncVal* fn) {
  DeferRecord* d = static_cast<DeferRecord*>(newDeferRecord());
  d->fn = fn;
  d->heap = true;
  d->link = f->head;
  f->head = d;
}

// The way out of a function that defers in loops, and the way on of any after a recovered panic; the other ways out are in the
// functions themselves (codegen/lower_defer.cpp). The frame stays linked while the calls run: one that panics leaves the others
// to the panic.
GOABI void deferreturn(DeferFrame* f) GO_SYM("runtime.deferreturn");
GOABI void deferreturn(DeferFrame* f) {
  while (DeferRecord* d = f->head) {
    f->head = d->link;
    callClosure(d->fn);
  }
  getg()->deferTop = f->link;
}

}  // namespace burrow::rt
