// The outermost frames: runtime.goexit under every goroutine, runtime.mstart under every thread's scheduler.
//
// goexit is assembly, but written as a naked function, so that it has debug information of its own: gdb takes a bare
// symbol of this form for a name mangled by some other language and shows runtime[goexit].
#include "sched/proc.h"

namespace burrow::rt {

// newproc1 makes the first gogo "return" into goexit, with the closure in rbx; when the closure's function returns, the goroutine is
// over. It returns behind the first instruction, because the function that a return address lies in is looked up one byte before it.
extern "C" __attribute__((naked)) NO_SPLIT void goexit() GO_SYM("runtime.goexit");
void goexit() {
  asm volatile(
      ".cfi_undefined rip\n\t"
      "nop\n\t"
      "movq %rbx, %r10\n\t"
      "callq *(%r10)\n\t"
      "callq runtime.goexit1\n\t"
      "ud2");
}

// mstart runs the scheduler on this M's g0; it comes back when the thread is to end.
extern "C" void mstart_g0() GO_SYM("runtime.mstart_g0");
extern "C" void mstart() GO_SYM("runtime.mstart");
void mstart() { mstart_g0(); }

}  // namespace burrow::rt
