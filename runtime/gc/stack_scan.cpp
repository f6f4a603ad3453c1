// A goroutine's stack as a root.
//
// The goroutine is stopped at a safe point: parked, about to run, in a system call, or preempted in a prologue. Its
// callee-saved registers are on its stack, just above sched.sp (sched/switch_amd64.S), and so are the argument registers of a
// function whose prologue was stopped (stack/morestack_amd64.S). So the words from sched.sp up are all there is:
//
//     newest segment   sched.sp ............ top      older ones   oldSP ........... top      (oldest last)
//
// Frames of compiled code inside a call have stack maps that say which of their words are live pointers; of all others, and
// of C++ frames, every word is looked at (symtab/stack_roots.h). A word keeps the object alive that it points into, at
// its start or anywhere inside: with maps too, since a live pointer may be to the middle, and what a stack object holds may be old.
// A goroutine in a system call is running in C++ below syscallsp: what that code was given is looked at too (kSyscallSlack),
// and the registers that the call was entered with are in the G. GODEBUG=gcconservative=1 does without maps.
#include "gc/gc.h"
#include "stack/stack.h"
#include "symtab/stack_roots.h"

namespace burrow::rt {

namespace {

constexpr uintptr_t kSyscallSlack = 1024;

// The G's own fields that refer to Go objects.
void scanG(G* gp, GcWork* gcw) {
  gcGreyConservative(uintptr_t(gp->param), gcw);
  gcGreyConservative(uintptr_t(gp->labels), gcw);
  gcGreyConservative(uintptr_t(gp->coroarg), gcw);
  gcGreyConservative(uintptr_t(gp->bubble), gcw);
  gcGreyConservative(uintptr_t(gp->timer), gcw);
}

}  // namespace

int64_t scanstack(G* gp, GcWork* gcw) {
  scanG(gp, gcw);
  StackSegment* s = gp->segment;
  uintptr_t from = gp->sched.sp;
  if ((readgstatus(gp) & ~uint32_t(Gscan)) == Gsyscall) {
    scanConservative(uintptr_t(gp->syscallRegs), uintptr_t(gp->syscallRegs + kSyscallRegs), gcw);
    s = segmentOf(gp, gp->syscallsp);
    if (s == nullptr) throw_("scanstack: system call off the stack");
    // A further segment may hold the frames below; they are the system call's own.
    from = maxOf(gp->syscallsp - kSyscallSlack, uintptr_t(s) + sizeof(StackSegment));
    from = alignDown(from, kPtrSize);
  }
  if (s == nullptr || from < uintptr_t(s) || from > s->top) throw_("scanstack: goroutine's stack pointer is off its stack");
  int64_t bytes = 0;
  uintptr_t low = from;
  for (StackSegment* t = s; t != nullptr; t = t->prev) {
    bytes += int64_t(t->top - low);
    low = t->oldSP;
  }
  Unwinder walk;
  if (!gcCheck.conservative) walk.initParked(gp);
  forStackRoots(s, from, walk, !gcCheck.conservative, [&](uintptr_t low, uintptr_t high) { scanConservative(low, high, gcw); });
  return bytes;
}

}  // namespace burrow::rt
