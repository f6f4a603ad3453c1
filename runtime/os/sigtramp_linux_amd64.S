// Where the kernel enters on a signal, on gsignal's stack: makes this an honest M on gsignal (g, no stack limit), calls the
// handler with the goroutine that was interrupted, and puts both back. The handler may change the saved registers.
#include "abi/thread_area.h"
#include "base/asm_amd64.h"
#include "sched/offsets.h"

FUNCTION runtime.sigtramp
  .cfi_signal_frame
  pushq %rbx
  .cfi_adjust_cfa_offset 8
  pushq %r12
  .cfi_adjust_cfa_offset 8
  subq $8, %rsp
  .cfi_adjust_cfa_offset 8
  cld
  movq %fs:BURROW_FS_G, %rbx
  movq %fs:BURROW_FS_STACK_LIMIT, %r12
  movq %fs:BURROW_FS_M, %rax
  movq M_GSIGNAL(%rax), %rax
  movq $0, %fs:BURROW_FS_STACK_LIMIT
  movq %rax, %fs:BURROW_FS_G
  movq %rbx, %rcx
  call runtime.sighandler
  movq %rbx, %fs:BURROW_FS_G
  movq %r12, %fs:BURROW_FS_STACK_LIMIT
  addq $8, %rsp
  .cfi_adjust_cfa_offset -8
  popq %r12
  .cfi_adjust_cfa_offset -8
  popq %rbx
  .cfi_adjust_cfa_offset -8
  ret
END runtime.sigtramp

// The kernel returns from the handler to here; debuggers know the instruction pair.
  .section .text.runtime.sigreturn__sigaction,"ax",@progbits
  nop
  .globl runtime.sigreturn__sigaction
  .hidden runtime.sigreturn__sigaction
  .type runtime.sigreturn__sigaction, @function
runtime.sigreturn__sigaction:
  movq $15, %rax
  syscall
  ud2
  .size runtime.sigreturn__sigaction, . - runtime.sigreturn__sigaction

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
