// Making goroutines.
//
// newproc is what a `go` statement calls, with a closure that takes nothing and returns nothing. newproc1 takes a dead G (or
// makes one), gives it a first stack segment whose size the go statement's history suggests, and writes onto it the
// picture that gogo expects (sched/switch_amd64.S): six registers, of which rbx is the closure, and a return address, which is in
// runtime.goexit (sched/entry.cpp).
#include "gc/gc.h"
#include "mem/persistent_alloc.h"
#include "os/os.h"
#include "sched/proc.h"
#include "stack/stack.h"
#include "symtab/ancestors.h"

namespace burrow::rt {

namespace {

constexpr uint64_t kGoidBatch = 16;
constexpr int32_t kGFreeMax = 64, kGFreeBatch = 32;

struct NewProcArgs {
  FuncVal* fn;
  G* callergp;
  uintptr_t callerpc;
  Ancestors* ancestors;
  bool system;
};

void newprocOnG0(void* p) {
  NewProcArgs* a = static_cast<NewProcArgs*>(p);
  G* newg = newproc1(a->fn, a->callergp, a->callerpc, false, a->system);
  newg->ancestors = a->ancestors;
  if (a->system) {
    newg->issystem = true;
    sched.ngsys.xadd(1);
  }
  runqput(getm()->p, newg, true);
  if (mainStarted) wakep();
}

// Cache lines that a goroutine's birth writes to and that its death has left long ago.
void prefetchNew(G* gp) {
  __builtin_prefetch(reinterpret_cast<char*>(gp) + kCacheLine, 1);
  __builtin_prefetch(reinterpret_cast<char*>(gp) + 2 * kCacheLine, 1);
  __builtin_prefetch(reinterpret_cast<char*>(gp->stack.hi) - kCacheLine, 1);
}

// Dead Gs of pp go to where all Ps find them, until it has `keep`.
void giveDead(P* pp, int32_t keep) {
  lock(&sched.gFree.lock);
  while (pp->gFreeN > keep) {
    G* g = pp->gFree;
    pp->gFree = g->schedlink;
    pp->gFreeN--;
    sched.gFree.dead++;
    if (g->stack.lo != 0) {
      g->schedlink = sched.gFree.stack;
      sched.gFree.stack = g;
      sched.gFree.n++;
    } else {
      g->schedlink = sched.gFree.noStack;
      sched.gFree.noStack = g;
    }
  }
  unlock(&sched.gFree.lock);
}

// Gives newg a first segment of `size` bytes; the one that it died with, when it is of that size.
void takeStack(G* newg, size_t size) {
  if (newg->stack.lo != 0) {
    StackSegment* s = reinterpret_cast<StackSegment*>(newg->stack.lo);
    if (newg->stack.hi - newg->stack.lo == size) {
      newg->segment = s;
      newg->moreCount = 0;
      return;
    }
    stackfree(s);
  }
  stackattach(newg, size);
}

}  // namespace

GOABI void newproc(FuncVal* fn) {
  const uintptr_t gopc = callerPC(__builtin_return_address(0));
  NewProcArgs a = {fn, getg(), gopc, saveAncestors(gopc), false};
  systemstackCall(newprocOnG0, &a);
}

void newprocSystem(void (*fn)()) {
  FuncVal* f = static_cast<FuncVal*>(persistentAlloc(sizeof(FuncVal), alignof(FuncVal), nullptr));
  f->code = reinterpret_cast<void*>(fn);
  NewProcArgs a = {f, getg(), callerPC(__builtin_return_address(0)), nullptr, true};
  systemstackCall(newprocOnG0, &a);
}

G* malg() { return static_cast<G*>(persistentAlloc(sizeof(G), kCacheLine, nullptr)); }

G* newproc1(FuncVal* fn, G* callergp, uintptr_t callerpc, bool parked, bool system) {
  if (fn == nullptr) fatal("go of nil func value");
  M* m = acquirem();
  P* pp = m->p;
  G* newg = gfget(pp);
  if (newg == nullptr) {
    newg = malg();
    newg->atomicstatus.store(Gdead);
    allgadd(newg);
  }
  // The new stack is not among the roots of a cycle that has begun, and the closure may be known to the caller's only.
  if (writeBarrierEnabled()) gcShade(fn);
  newg->hintKey = callerpc;
  takeStack(newg, callergp == &g0 && !mainStarted ? kStackMain : firstStackSize(callerpc));

  // r15 r14 r13 r12 rbx rbp, return address; after the pops the stack pointer is 16-byte aligned.
  uintptr_t* sp = reinterpret_cast<uintptr_t*>(newg->stack.hi) - 9;
  sp[0] = sp[1] = sp[2] = sp[3] = sp[5] = 0;
  sp[4] = uintptr_t(fn);
  sp[6] = goroutineStart();
  sp[7] = sp[8] = 0;
  newg->sched.sp = uintptr_t(sp);
  newg->sched.pc = goroutineStart();
  newg->sched.bp = 0;

  newg->parentGoid = callergp->goid;
  // What the program happened to do when the runtime wanted a goroutine is not the goroutine's affair.
  newg->labels = system ? nullptr : callergp->labels;
  newg->libraryFlags = 0;
  newg->gopc = callerpc;
  newg->startfn = fn;
  newg->startpc = uintptr_t(fn->code);
  newg->issystem = false;
  newg->runsUserCode = false;
  newg->throwsplit = false;
  newg->schedlink = nullptr;
  newg->selectDone.store(0);
  newg->parkingOnChan = false;
  newg->leaked = false;
  newg->bubble = system ? nullptr : callergp->bubble;
  newg->waitreason = parked ? WaitReason::Coroutine : WaitReason::Zero;
  if (pp->goidcache == pp->goidcacheend) {
    pp->goidcache = sched.goidgen.xadd(kGoidBatch) - kGoidBatch + 1;
    pp->goidcacheend = pp->goidcache + kGoidBatch;
  }
  newg->goid = pp->goidcache++;
  casgstatus(newg, Gdead, parked ? Gwaiting : Grunnable);
  releasem(m);
  return newg;
}

// ---- dead Gs
//
// A dead G keeps its first segment, if it is of the size that its go statement asks for now: the next goroutine of a burst is
// mostly of the same statement, and the segment's header, a cache line of its own, is not needed to begin on it. What a burst
// leaves behind goes back to the stacks' pool after some seconds (gfTrim, from sysmon).

void gfput(P* pp, G* gp) {
  if (readgstatus(gp) != Gdead) throw_("gfput: bad status (not Gdead)");
  gp->schedlink = pp->gFree;
  pp->gFree = gp;
  if (++pp->gFreeN < kGFreeMax) return;
  giveDead(pp, kGFreeBatch);
}

G* gfget(P* pp) {
  if (pp->gFree == nullptr && (__atomic_load_n(&sched.gFree.stack, __ATOMIC_RELAXED) != nullptr ||
                               __atomic_load_n(&sched.gFree.noStack, __ATOMIC_RELAXED) != nullptr)) {
    lock(&sched.gFree.lock);
    while (pp->gFreeN < kGFreeBatch) {
      G* g = sched.gFree.stack;
      if (g != nullptr) {
        sched.gFree.stack = g->schedlink;
        sched.gFree.n--;
        prefetchNew(g);
      } else if (g = sched.gFree.noStack; g != nullptr) {
        sched.gFree.noStack = g->schedlink;
      } else {
        break;
      }
      sched.gFree.dead--;
      g->schedlink = pp->gFree;
      pp->gFree = g;
      pp->gFreeN++;
    }
    sched.gFree.unused = minOf(sched.gFree.unused, sched.gFree.n);
    unlock(&sched.gFree.lock);
  }
  G* gp = pp->gFree;
  if (gp == nullptr) return nullptr;
  pp->gFree = gp->schedlink;
  pp->gFreeN--;
  return gp;
}

void gfpurge(P* pp) { giveDead(pp, 0); }

bool gfTrimWanted() { return __atomic_load_n(&sched.gFree.n, __ATOMIC_RELAXED) > kGFreeMax; }

void gfTrim() {
  G* trimmed = nullptr;
  lock(&sched.gFree.lock);
  for (int32_t drop = sched.gFree.unused; drop > kGFreeMax; drop--) {
    G* g = sched.gFree.stack;
    sched.gFree.stack = g->schedlink;
    sched.gFree.n--;
    g->schedlink = trimmed;
    trimmed = g;
  }
  sched.gFree.unused = sched.gFree.n;
  unlock(&sched.gFree.lock);
  if (trimmed == nullptr) return;
  G* last = trimmed;
  for (G* g = trimmed; g != nullptr; g = g->schedlink) {
    stackfree(reinterpret_cast<StackSegment*>(g->stack.lo));
    g->stack = {};
    last = g;
  }
  lock(&sched.gFree.lock);
  last->schedlink = sched.gFree.noStack;
  sched.gFree.noStack = trimmed;
  unlock(&sched.gFree.lock);
}

}  // namespace burrow::rt
