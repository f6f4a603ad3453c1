// void gcWriteBarrier(void** slot, void* value): puts *slot and value into the P's buffer. Every register but r11 (and
// the flags) is as before, so that compiled code keeps its values where they are: LLVM's preserve_allcc.
//
// The buffer has room on entry; the call that fills it empties it, on g0, and only then everything that C++ code may
// change is saved. No stack check: it is never a safe point. What it needs is within kStackSlack.
#include "abi/thread_area.h"
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
  pushq %rbp
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset rbp, 0
  movq %rsp, %rbp
  .cfi_def_cfa_register rbp
  pushq %rcx
  pushq %rdx
  pushq %rsi
  pushq %rdi
  pushq %r8
  pushq %r9
  pushq %r10
  subq $256, %rsp
  andq $-16, %rsp
  movaps %xmm0, (%rsp)
  movaps %xmm1, 16(%rsp)
  movaps %xmm2, 32(%rsp)
  movaps %xmm3, 48(%rsp)
  movaps %xmm4, 64(%rsp)
  movaps %xmm5, 80(%rsp)
  movaps %xmm6, 96(%rsp)
  movaps %xmm7, 112(%rsp)
  movaps %xmm8, 128(%rsp)
  movaps %xmm9, 144(%rsp)
  movaps %xmm10, 160(%rsp)
  movaps %xmm11, 176(%rsp)
  movaps %xmm12, 192(%rsp)
  movaps %xmm13, 208(%rsp)
  movaps %xmm14, 224(%rsp)
  movaps %xmm15, 240(%rsp)
  leaq runtime.wbBufFlush(%rip), %rdi
  call runtime.systemstack
  movaps (%rsp), %xmm0
  movaps 16(%rsp), %xmm1
  movaps 32(%rsp), %xmm2
  movaps 48(%rsp), %xmm3
  movaps 64(%rsp), %xmm4
  movaps 80(%rsp), %xmm5
  movaps 96(%rsp), %xmm6
  movaps 112(%rsp), %xmm7
  movaps 128(%rsp), %xmm8
  movaps 144(%rsp), %xmm9
  movaps 160(%rsp), %xmm10
  movaps 176(%rsp), %xmm11
  movaps 192(%rsp), %xmm12
  movaps 208(%rsp), %xmm13
  movaps 224(%rsp), %xmm14
  movaps 240(%rsp), %xmm15
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
