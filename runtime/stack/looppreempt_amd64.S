// runtime.looppreempt: what a poll in a loop calls when the stack limit was poisoned (compiler/codegen/loop_polls.cpp).
//
// The caller is compiled Go code in the middle of a loop, and expects every register but r11 to be preserved (LLVM's
// preserve_all convention). All of them go onto the goroutine's stack: where the collector, which takes the frame of the
// loop and this one word by word, finds what the loop had in registers. xmm registers whole, and those of ymm where the program's
// code may use them (wideCode). The room needed (711 bytes with mcall's frame, of which PUSH_VECTORS takes
// 575 at most) is part of the slack below the limit, of which small frames may have taken 256, so there is no stack check.
//
// CFI: callee-saved registers keep their values, only the CFA moves.
#include "abi/thread_area.h"
#include "base/asm_amd64.h"
#include "sched/offsets.h"

FUNCTION runtime.looppreempt
  // GODEBUG=asyncpreemptoff=1: the request waits for a call. The poll comes here at each turn until then, so this is kept short.
  cmpl $0, runtime.debug+DEBUG_ASYNCPREEMPTOFF(%rip)
  jne .Lpoll_off
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
  PUSH_VECTORS
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
  LOAD_VECTORS
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
.Lpoll_off:
  .cfi_def_cfa rsp, 8
  .cfi_restore rbp
  ret
END runtime.looppreempt

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
