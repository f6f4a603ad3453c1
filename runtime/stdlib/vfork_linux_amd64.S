// syscall.rawVforkSyscall(trap, a1, a2, a3) (r1, errno): a clone after which parent and child may share memory and stack.
//
// The child goes on first, in the same stack frames, and overwrites the return address of this call by its own calls: it
// travels in a register, of which each process has its own. The child may also have gone over to a further stack segment
// for a call from which it never came back (exec): the parent puts back what says which segment it is on. Nobody else
// changes these words, because the thread is not preempted between BeforeFork and AfterFork; a request in the limit stays.
#include "abi/thread_area.h"
#include "base/asm_amd64.h"
#include "sched/offsets.h"

FUNCTION syscall.rawVforkSyscall
  movq %rdi, %rax
  movq %rsi, %rdi
  movq %rdx, %rsi
  movq %rcx, %rdx
  movq %fs:BURROW_FS_G, %r10
  movq G_SEGMENT(%r10), %r8
  xorl %r10d, %r10d
  popq %r9
  .cfi_adjust_cfa_offset -8
  syscall
  pushq %r9
  .cfi_adjust_cfa_offset 8
  testq %rax, %rax
  jz 2f
  // Parent.
  movq %fs:BURROW_FS_G, %r10
  movq %r8, G_SEGMENT(%r10)
  movq $BURROW_STACK_PREEMPT, %rcx
  cmpq %rcx, %fs:BURROW_FS_STACK_LIMIT
  je 1f
  movq SEG_LIMIT(%r8), %rcx
  movq %rcx, %fs:BURROW_FS_STACK_LIMIT
1:
  cmpq $-4095, %rax
  jae 3f
2:
  xorl %edx, %edx
  ret
3:
  movq %rax, %rdx
  negq %rdx
  movq $-1, %rax
  ret
END syscall.rawVforkSyscall

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
