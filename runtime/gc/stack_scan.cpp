// A goroutine's stack as a root.
//
// The goroutine is stopped at a safe point: parked, about to run, in a system call, or preempted in a prologue. Its
// callee-saved registers are on its stack, just above sched.sp (sched/switch_amd64.S), and so are the argument registers of a
// function whose prologue was stopped (stack/morestack_amd64.S). So the words from sched.sp up are all there is:
//
//     newest segment   sched.sp ............ top      older ones   oldSP ........... top      (oldest last)
//
// Frames of compiled code inside a call have stack maps that say which of their words are live pointers, and which of their objects
// may be; of all others, and of C++ frames, every word is looked at (symtab/stack_roots.h). A word keeps the object alive that
// it points into, at its start or anywhere inside: with maps too, since a live pointer may be to the middle.
// A goroutine in a system call is running in C++ below syscallsp: what that code was given is looked at too (kSyscallSlack),
// and the registers that the call was entered with are in the G. GODEBUG=gcconservative=1 does without maps.
#include "gc/gc.h"
#include "stack/stack.h"
#include "symtab/stack_roots.h"

namespace burrow::rt {

namespace {

constexpr uintptr_t kSyscallSlack = 1024;
constexpr int64_t kLongWait = 1000000000;  // ns: what a page costs when it is needed again does not count beside it

// The G's own fields that refer to Go objects.
template <class Roots>
void scanG(G* gp, Roots& roots) {
  roots.root(uintptr_t(gp->param));
  roots.root(uintptr_t(gp->labels));
  roots.root(uintptr_t(gp->ancestors));
  roots.root(uintptr_t(gp->coroarg));
  roots.root(uintptr_t(gp->bubble));
  roots.root(uintptr_t(gp->timer));
  // What is deferred: the records are on the stack, or in the heap when they were made in a loop.
  for (const abi::DeferFrame* f = gp->deferTop; f != nullptr; f = f->link) {
    for (const abi::DeferRecord* d = f->head; d != nullptr; d = d->link) {
      if (d->heap) roots.root(uintptr_t(d));
      roots.root(uintptr_t(d->fn));
    }
  }
}

}  // namespace

int64_t scanstack(G* gp, GcWork* gcw) {
  // The collector's own goroutines are C++ and hold nothing of the heap. But their stacks may have been other goroutines' before, and
  // looking at every word would find what those have left there: for ever, since they sleep in the same frames in each cycle.
  if (gp->rootless != 0 && gp->rootless == gp->startpc) return 0;
  StackRoots roots(gp, [low = mheap_.arenaLow, size = mheap_.arenaHigh - mheap_.arenaLow, gcw](uintptr_t word) {
    if (word - low < size) gcGreyConservative(word, gcw);
  });
  scanG(gp, roots);
  StackSegment* s = gp->segment;
  uintptr_t from = gp->sched.sp;
  uintptr_t saved[ft::kCalleeSaved];
  const bool inSyscall = (readgstatus(gp) & ~uint32_t(Gscan)) == Gsyscall;
  if (inSyscall) {
    static_assert(kSyscallRegs == ft::kCalleeSaved);
    for (unsigned i = 0; i < kSyscallRegs; i++) saved[i] = uintptr_t(&gp->syscallRegs[i]);
    s = segmentOf(gp, gp->syscallsp);
    if (s == nullptr) throw_("scanstack: system call off the stack");
    // A further segment may hold the frames below; they are the system call's own.
    from = maxOf(gp->syscallsp - kSyscallSlack, uintptr_t(s) + sizeof(StackSegment));
    from = alignDown(from, kPtrSize);
  } else {
    if (s == nullptr || from < uintptr_t(s) || from > s->top) throw_("scanstack: sp is off the stack");
    constexpr unsigned order[ft::kCalleeSaved] = {4, 5, 3, 2, 1, 0};  // rbx rbp r12 r13 r14 r15, see sched/switch_amd64.S
    for (unsigned i = 0; i < ft::kCalleeSaved; i++) saved[i] = from + order[i] * 8;
  }
  int64_t bytes = 0;
  uintptr_t low = from;
  for (StackSegment* t = s; t != nullptr; t = t->prev) {
    bytes += int64_t(t->top - low);
    low = t->oldSP;
  }
  // Once for each wait: in the first cycle that finds it long.
  const bool waitsLong = gp->waitsince != 0 && work.tMark - gp->waitsince > kLongWait && work.tMarkBefore - gp->waitsince <= kLongWait;
  if (!inSyscall) shrinkstack(gp, size_t(bytes), waitsLong);
  if (debug.gcconservative) {
    for (uintptr_t at : saved) roots.root(*reinterpret_cast<uintptr_t*>(at));
    roots.scanAll(s, from);
    return bytes;
  }
  Unwinder walk;
  walk.initParked(gp);
  // The registers come first there; what lies above them are frames.
  if (saved[0] - from < sizeof saved) from += sizeof saved + 8;
  roots.scan(s, from, walk, saved);
  return bytes;
}

}  // namespace burrow::rt
