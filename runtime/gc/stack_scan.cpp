// A goroutine's stack as a root.
//
// The goroutine is stopped at a safe point: parked, about to run, in a system call, or preempted in a prologue. Its
// callee-saved registers are on its stack, just above sched.sp (sched/switch_amd64.S), and so are the argument registers of a
// function whose prologue was stopped (stack/morestack_amd64.S). So the words from sched.sp up are all there is:
//
//     newest segment   sched.sp ............ top      older ones   oldSP ........... top      (oldest last)
//
// Each word that points into an allocated slot, at its start or anywhere inside, keeps the object alive. That is the
// conservative way, and it is right for any code. A goroutine in a system call is running in C++ below syscallsp: what
// that code was given is looked at too (kSyscallSlack), and the registers that the call was entered with are in the G.
//
// Frames of compiled code will have maps of their own (FuncRecord::stackMaps) that say which words are live pointers; scanFrames is
// where they come in. C++ frames stay conservative.
#include "gc/gc.h"
#include "stack/stack.h"

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
  for (; s != nullptr; s = s->prev) {
    scanConservative(from, s->top, gcw);
    bytes += int64_t(s->top - from);
    from = s->oldSP;  // of the __morestack frame on the older segment
  }
  return bytes;
}

}  // namespace burrow::rt
