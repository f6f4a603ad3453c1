// The assembly under defer and recover: the second return of deferenter, and the one call instruction from which a panic
// runs deferred functions. See panic/panic.cpp.
#include "abi/thread_area.h"
#include "base/asm_amd64.h"
#include "sched/offsets.h"

#define FRAME_LINK 0
#define FRAME_HEAD 8
#define FRAME_PC 16
#define FRAME_SP 24
#define FRAME_RBX 32
#define FRAME_RBP 40
#define FRAME_R12 48
#define FRAME_R13 56
#define FRAME_R14 64
#define FRAME_R15 72

// int32 deferenter(DeferFrame* frame): links the frame, remembers where and with which registers to come back; 0. The
// second return, with 1, is recoverJump's.
FUNCTION runtime.deferenter
  movq %fs:BURROW_FS_G, %rax
  movq G_DEFER_TOP(%rax), %rdx
  movq %rdx, FRAME_LINK(%rdi)
  movq $0, FRAME_HEAD(%rdi)
  movq %rdi, G_DEFER_TOP(%rax)
  .globl runtime.savecontext_body
  .hidden runtime.savecontext_body
runtime.savecontext_body:
  movq (%rsp), %rdx
  movq %rdx, FRAME_PC(%rdi)
  leaq 8(%rsp), %rdx
  movq %rdx, FRAME_SP(%rdi)
  movq %rbx, FRAME_RBX(%rdi)
  movq %rbp, FRAME_RBP(%rdi)
  movq %r12, FRAME_R12(%rdi)
  movq %r13, FRAME_R13(%rdi)
  movq %r14, FRAME_R14(%rdi)
  movq %r15, FRAME_R15(%rdi)
  xorl %eax, %eax
  ret
END runtime.deferenter

// int32 saveContext(DeferFrame* frame): the same without linking it (Goexit keeps one to come back to).
FUNCTION runtime.saveContext
  jmp runtime.savecontext_body
END runtime.saveContext

// void recoverJump(G* gp, DeferFrame* frame): on g0, segment already set: makes deferenter (or saveContext) return 1.
//
// The return address goes back to where the call of deferenter had put it; what lies there now is dead, since everything below
// the frame's stack pointer is left. So from the instruction that changes stacks on this is an ordinary function that is about to
// return, with the caller's registers in place, and a signal finds a stack that can be read. Before it g0's frames are given up.
FUNCTION runtime.recoverJump
  .cfi_remember_state
  .cfi_undefined rip
  movq FRAME_SP(%rsi), %rdx
  movq FRAME_PC(%rsi), %rax
  movq %rax, -8(%rdx)
  movq FRAME_RBX(%rsi), %rbx
  movq FRAME_RBP(%rsi), %rbp
  movq FRAME_R12(%rsi), %r12
  movq FRAME_R13(%rsi), %r13
  movq FRAME_R14(%rsi), %r14
  movq FRAME_R15(%rsi), %r15
  movq %rdi, %fs:BURROW_FS_G
  leaq -8(%rdx), %rsp
  .cfi_restore_state
  movq G_SEGMENT(%rdi), %rax
  movq SEG_LIMIT(%rax), %rax
  movq %rax, %fs:BURROW_FS_STACK_LIMIT
  cmpb $PREEMPT_WANTED, G_PREEMPT(%rdi)
  jne 1f
  movq $BURROW_STACK_PREEMPT, %fs:BURROW_FS_STACK_LIMIT
1:
  movl $1, %eax
  ret
END runtime.recoverJump

// void calldefer(FuncVal* fn, Panic* p): the known call. p->slot is the address of the return address that it pushes.
FUNCTION runtime.calldeferred
  subq $8, %rsp
  .cfi_adjust_cfa_offset 8
  leaq -8(%rsp), %rax
  movq %rax, PANIC_SLOT(%rsi)
  movq %rdi, %r10
  call *(%r10)
  addq $8, %rsp
  .cfi_adjust_cfa_offset -8
  ret
END runtime.calldeferred

// The call that the signal handler pretends the faulting instruction made. On entry: (%rsp) the faulting pc, 8(%rsp) the
// stack pointer at the fault, and %rsp aligned as after a call. The CFA is what 8(%rsp) says; it is not where it would be
// by counting, because the fault can have happened at any alignment and above any red zone.
FUNCTION runtime.sigpanic
  // DW_CFA_def_cfa_expression: breg7(rsp) 8, deref
  .cfi_escape 0x0f, 0x03, 0x77, 0x08, 0x06
  // DW_CFA_expression rip(16): breg7 0
  .cfi_escape 0x10, 0x10, 0x02, 0x77, 0x00
  .cfi_signal_frame
  subq $8, %rsp
  .cfi_escape 0x0f, 0x03, 0x77, 0x10, 0x06
  .cfi_escape 0x10, 0x10, 0x02, 0x77, 0x08
  // What faulted may have had values in the upper halves of the vector registers; nobody needs them, and they'd slow down SSE.
  cmpb $0, runtime.wideCode(%rip)
  je 1f
  vzeroupper
1:
  call runtime.sigpanic0
  ud2
END runtime.sigpanic

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
