// runtime.looppreempt: what a poll in a loop calls when the stack limit was poisoned (compiler/codegen/loop_polls.cpp).
//
// The caller is compiled Go code in the middle of a loop, and expects every register but r11 to be preserved (LLVM's
// preserve_all convention). All of them go onto the goroutine's stack: where the collector, which takes the frame of the
// loop and this one word by word, finds what the loop had in registers. xmm registers whole; nothing that is compiled to be
// interrupted here uses the upper halves of ymm. The room needed (about 450 bytes with mcall's frame) is part of the
// slack below the limit, so there is no stack check.
//
// CFI: callee-saved registers keep their values, only the CFA moves.
#include "abi/thread_area.h"
#include "sched/offsets.h"

  .section .text.runtime.looppreempt,"ax",@progbits
  .globl runtime.looppreempt
  .hidden runtime.looppreempt
  .type runtime.looppreempt, @function
  .p2align 4
runtime.looppreempt:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register rbp
  pushq %rax
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
  // g0 has no limit; a poisoned one was meant for a goroutine that has just left.
  movq %fs:BURROW_FS_G, %rax
  movq %fs:BURROW_FS_M, %rdx
  cmpq M_G0(%rdx), %rax
  je .Lpoll_g0
  cmpq M_GSIGNAL(%rdx), %rax
  je .Lpoll_g0
  leaq runtime.looppreempt_m(%rip), %rdi
  call runtime.mcall
.Lpoll_restore:
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
  leaq -64(%rbp), %rsp
  popq %r10
  popq %r9
  popq %r8
  popq %rdi
  popq %rsi
  popq %rdx
  popq %rcx
  popq %rax
  popq %rbp
  .cfi_def_cfa rsp, 8
  .cfi_restore rbp
  ret
  .cfi_def_cfa rbp, 16
  .cfi_offset rbp, -16
.Lpoll_g0:
  movq $0, %fs:BURROW_FS_STACK_LIMIT
  jmp .Lpoll_restore
  .cfi_endproc
  .size runtime.looppreempt, . - runtime.looppreempt

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
