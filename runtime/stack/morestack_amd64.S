// __morestack: what a prologue calls when the frame to come does not fit into the segment. See stack/stack.cpp.
//
// On entry (made by LLVM's prologue of some function F, called by C):
//
//   r10 = bytes that F's frame needs       0(%rsp)  address of the `ret` in F's prologue
//   r11 = bytes of stack arguments         8(%rsp)  F's return address into C
//   rax = closure, when F has one         16(%rsp)  stack arguments
//
// and every argument register is live. The body of F begins one byte after that `ret`. Afterwards:
//
//   old segment:  ... args | ret into C | ret in F | rbp of C <- rbp     (this frame, while the body runs)
//   new segment:  top ... copied args | morestack_return                 (then the body's frame)
//
// The body's result registers (rax rdx rcx r8, xmm0-3) pass through untouched; rdi rsi r9 r10 r11 are free then.
// Calls and returns stay paired, so the processor's return prediction holds.
//
// There are three ways: (1) the limit was poisoned only and there is room here; (2) the next segment is there and large
// enough, the hot case of a call at a boundary inside a loop: no call, no lock; (3) runtime.newstack on g0, which yields
// when asked to and allocates, and then (1) or (2) holds.
//
// CFI: the CFA is that of C's call, and the return address is the one into C: the double appearance of F is hidden.
#include "abi/thread_area.h"
#include "base/asm_amd64.h"
#include "sched/offsets.h"

  .section .text.__morestack,"ax",@progbits
  .globl __morestack
  .hidden __morestack
  .type __morestack, @function
  .p2align 5
__morestack:
  .cfi_startproc
  .cfi_def_cfa rsp, 16
  pushq %rbp
  .cfi_def_cfa_offset 24
  .cfi_offset rbp, -24
  movq %rsp, %rbp
  .cfi_def_cfa_register rbp
  pushq %rdi
  pushq %rsi
  pushq %rcx
  movq $BURROW_STACK_PREEMPT, %rdi
  cmpq %rdi, %fs:BURROW_FS_STACK_LIMIT
  je .Lslow

.Lretry:
  movq %fs:BURROW_FS_G, %rdi
  movq G_SEGMENT(%rdi), %rsi
  // (1) Would the prologue have passed with the true limit? F's stack pointer at entry is rbp+16; frames below 256 bytes
  // are not counted. Rare: only after a poisoned limit.
  leaq 16(%rbp), %rcx
  cmpq $256, %r10
  jb 1f
  subq %r10, %rcx
1:
  cmpq SEG_LIMIT(%rsi), %rcx
  ja .Lstay
  // (2)
  movq SEG_NEXT(%rsi), %rsi
  testq %rsi, %rsi
  jz .Lslow
  leaq 64(%r10,%r11), %rcx
  cmpq SEG_ROOM(%rsi), %rcx
  ja .Lslow
.Lswitch:
  movq %rbp, SEG_OLD_SP(%rsi)
  movq %rsi, G_SEGMENT(%rdi)
  movq SEG_LIMIT(%rsi), %rcx
  movq %rcx, %fs:BURROW_FS_STACK_LIMIT
  cmpb $PREEMPT_WANTED, G_PREEMPT(%rdi)
  je .Lpoison
.Lpoisoned:
  movq SEG_TOP(%rsi), %r10
  testq %r11, %r11
  jnz .Lcopy
.Lcopied:
  movq -8(%rbp), %rdi
  movq -16(%rbp), %rsi
  movq -24(%rbp), %rcx
  movq %r10, %rsp
  movq 8(%rbp), %r10
  incq %r10
  call *%r10
  .globl runtime.morestack_return
  .hidden runtime.morestack_return
runtime.morestack_return:
  movq %fs:BURROW_FS_G, %rdi
  movq G_SEGMENT(%rdi), %rsi
  movq SEG_PREV(%rsi), %rsi
  movq %rsi, G_SEGMENT(%rdi)
  movq SEG_LIMIT(%rsi), %rsi
  movq %rsi, %fs:BURROW_FS_STACK_LIMIT
  cmpb $PREEMPT_WANTED, G_PREEMPT(%rdi)
  je .Lpoison2
.Lback:
  movq %rbp, %rsp
  .cfi_remember_state
  .cfi_def_cfa_register rsp
  popq %rbp
  .cfi_def_cfa_offset 16
  .cfi_restore rbp
  ret
  .cfi_restore_state

.Lpoison:
  movq $BURROW_STACK_PREEMPT, %fs:BURROW_FS_STACK_LIMIT
  jmp .Lpoisoned
.Lpoison2:
  movq $BURROW_STACK_PREEMPT, %fs:BURROW_FS_STACK_LIMIT
  jmp .Lback

.Lcopy:
  // r11 bytes from rbp+24 to the new top, whose alignment stays 16.
  leaq 15(%r11), %rcx
  andq $-16, %rcx
  subq %rcx, %r10
  movq %r10, %rdi
  leaq 24(%rbp), %rsi
  leaq 7(%r11), %rcx
  shrq $3, %rcx
  rep movsq
  jmp .Lcopied

.Lstay:
  // The body on the same stack: drop the prologue's return address and jump past its `ret`.
  movq -24(%rbp), %rcx
  movq -16(%rbp), %rsi
  movq -8(%rbp), %rdi
  movq %rbp, %rsp
  .cfi_remember_state
  .cfi_def_cfa_register rsp
  popq %rbp
  .cfi_def_cfa_offset 16
  .cfi_restore rbp
  popq %r10
  .cfi_def_cfa_offset 8
  incq %r10
  jmp *%r10
  .cfi_restore_state

.Lslow:
  // (3) Everything that may carry an argument: rax rdx r8 r9 xmm0-7 (rdi rsi rcx are saved above), callee-saved by mcall.
  pushq %rax
  pushq %rdx
  pushq %r8
  pushq %r9
  pushq %r10
  pushq %r11
  PUSH_XMM 7
  movq %fs:BURROW_FS_G, %rax
  movq %r10, G_MORE_FRAME(%rax)
  movq %r11, G_MORE_ARGS(%rax)
  movq %fs:BURROW_FS_M, %rdx
  cmpq M_G0(%rdx), %rax
  je .Lg0
  cmpq M_GSIGNAL(%rdx), %rax
  je .Lg0
  leaq runtime.newstack(%rip), %rdi
  call runtime.mcall
.Lrestore:
  LOAD_XMM 7
  leaq -72(%rbp), %rsp
  popq %r11
  popq %r10
  popq %r9
  popq %r8
  popq %rdx
  popq %rax
  jmp .Lretry

  // g0 has no limit; a poisoned one was meant for a goroutine that has just left.
.Lg0:
  movq $0, %fs:BURROW_FS_STACK_LIMIT
  jmp .Lrestore
  .cfi_endproc
  .size __morestack, . - __morestack

// lld wants this name to exist wherever it sees the note of split stacks, and makes prologues of functions that call objects
// without the note go here at every call. Burrow's objects carry no such note (CMakeLists.txt); those of C++ tests do.
  .globl __morestack_non_split
  .hidden __morestack_non_split
  .set __morestack_non_split, __morestack

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
