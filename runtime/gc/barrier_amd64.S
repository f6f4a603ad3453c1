// void gcWriteBarrier(void** slot, void* value): puts *slot and value into the P's buffer. Every register but r11 (and
// the flags) is as before, so that compiled code keeps its values where they are: LLVM's preserve_allcc.
//
// The buffer has room on entry; the call that fills it empties it, on g0, and only then everything that C++ code may
// change is saved. No stack check: it is never a safe point. What it needs is within kStackSlack.
#include "abi/thread_area.h"
#include "base/asm_amd64.h"
#include "sched/offsets.h"

  .section .text.runtime.gcWriteBarrier,"ax",@progbits
  .globl runtime.gcWriteBarrier
  .hidden runtime.gcWriteBarrier
  .type runtime.gcWriteBarrier, @function
  .p2align 5
runtime.gcWriteBarrier:
  .cfi_startproc
  pushq %rax
  .cfi_adjust_cfa_offset 8
  movq %fs:BURROW_FS_M, %rax
  movq M_P(%rax), %rax
  movq P_WB_NEXT(%rax), %r11
  movq %rsi, (%r11)
  addq $16, %r11
  movq %r11, P_WB_NEXT(%rax)
  cmpq %r11, P_WB_END(%rax)
  movq (%rdi), %rax
  movq %rax, -8(%r11)
  je 1f
  .cfi_remember_state
  popq %rax
  .cfi_adjust_cfa_offset -8
  ret
  .cfi_restore_state

1:
  // By number: the assembler's running offset is not restored with the state.
  pushq %rbp
  .cfi_def_cfa_offset 24
  .cfi_offset rbp, -24
  movq %rsp, %rbp
  .cfi_def_cfa_register rbp
  pushq %rcx
  pushq %rdx
  pushq %rsi
  pushq %rdi
  pushq %r8
  pushq %r9
  pushq %r10
  PUSH_VECTORS
  leaq runtime.wbBufFlush(%rip), %rdi
  call runtime.systemstack
  LOAD_VECTORS
  leaq -56(%rbp), %rsp
  popq %r10
  popq %r9
  popq %r8
  popq %rdi
  popq %rsi
  popq %rdx
  popq %rcx
  popq %rbp
  .cfi_def_cfa rsp, 16
  .cfi_restore rbp
  popq %rax
  .cfi_adjust_cfa_offset -8
  ret
  .cfi_endproc
  .size runtime.gcWriteBarrier, . - runtime.gcWriteBarrier

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
