// int32 clone(M* mp, G* g0, void* stackTop): a thread of this process on mp's g0 stack, with mp's thread area as FS. Its kernel id
// is stored in mp->procid, and cleared there when the thread is gone. Returns the id, or a negative errno.
#include "base/asm_amd64.h"
#include "sched/offsets.h"

FUNCTION runtime.clone
  movq %rdx, %rsi                 // stack
  movq M_TLS(%rdi), %r8           // thread area
  leaq M_PROCID(%rdi), %rdx       // parent_tid
  movq %rdx, %r10                 // child_tid
  // VM FS FILES SIGHAND THREAD SYSVSEM SETTLS PARENT_SETTID CHILD_CLEARTID
  movl $0x3d0f00, %edi
  movl $56, %eax
  syscall
  testq %rax, %rax
  jz 1f
  ret
1:
  .cfi_undefined rip
  xorl %ebp, %ebp
  andq $-16, %rsp
  jmp runtime.clonestart
END runtime.clone

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
