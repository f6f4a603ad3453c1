// Changing stacks: mcall, gogo, systemstack, and the start of threads.
//
// A goroutine that does not run has its six callee-saved registers and its return address on its own stack:
//
//   sched.sp -> r15 r14 r13 r12 rbx rbp return
//
// mcall and systemstack leave it so, gogo takes it up, and newproc1 builds the same picture for a goroutine that has never
// run. Everything else is dead across a call by the calling convention, so a switch saves nothing more (no x87 or MXCSR
// state: Go code never changes it). Because the registers are on the stack, a scan of the stack sees them.
//
// The stack limit is stored last of all in gogo, then `preempt` is looked at: a request that arrives in between finds
// either the flag seen or its own poisoned limit in place; one that loses the race is repeated by its sender.
#include "abi/thread_area.h"
#include "base/asm_amd64.h"
#include "sched/offsets.h"

.macro PUSH_REG reg
  pushq %\reg
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset \reg, 0
.endm
.macro POP_REG reg
  popq %\reg
  .cfi_adjust_cfa_offset -8
  .cfi_restore \reg
.endm
.macro SAVE_CALLEE_SAVED
  PUSH_REG rbp
  PUSH_REG rbx
  PUSH_REG r12
  PUSH_REG r13
  PUSH_REG r14
  PUSH_REG r15
.endm
.macro RESTORE_CALLEE_SAVED
  POP_REG r15
  POP_REG r14
  POP_REG r13
  POP_REG r12
  POP_REG rbx
  POP_REG rbp
.endm
// SET_LIMIT g, t: fs:112 for goroutine g, poisoned when it is asked to yield. Clobbers t.
.macro SET_LIMIT g, t
  movq G_SEGMENT(\g), \t
  movq SEG_LIMIT(\t), \t
  movq \t, %fs:BURROW_FS_STACK_LIMIT
  cmpb $PREEMPT_WANTED, G_PREEMPT(\g)
  jne 77f
  movq $BURROW_STACK_PREEMPT, %fs:BURROW_FS_STACK_LIMIT
77:
.endm
// void mcall(void (*fn)(G*)): leaves the goroutine, runs fn(g) on g0. fn never returns.
FUNCTION runtime.mcall
  SAVE_CALLEE_SAVED
  movq %fs:BURROW_FS_G, %rsi
  movq %rsp, G_SCHED_SP(%rsi)
  movq 48(%rsp), %rax
  movq %rax, G_SCHED_PC(%rsi)
  movq %rbp, G_SCHED_BP(%rsi)
  movq %fs:BURROW_FS_M, %rdx
  movq M_G0(%rdx), %rdx
  cmpq %rdx, %rsi
  je 1f
  movq %rdi, %rax
  movq %rsi, %rdi
  movq %rdx, %fs:BURROW_FS_G
  movq $0, %fs:BURROW_FS_STACK_LIMIT
  .cfi_remember_state
  .cfi_undefined rip
  movq G_SCHED_SP(%rdx), %rsp
  call *%rax
  ud2
1:
  .cfi_restore_state
  call runtime.badmcall
  ud2
END runtime.mcall

// void gogo(G* gp): takes up a goroutine where it left.
FUNCTION runtime.gogo
  .cfi_undefined rip
  movq %rdi, %fs:BURROW_FS_G
  movq G_SCHED_SP(%rdi), %rsp
  SET_LIMIT %rdi, %rax
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
END runtime.gogo

// void systemstack(void (*fn)(void*), void* arg): runs fn(arg) on g0. The registers go onto the goroutine's stack although
// fn would preserve them, so that a scan or a traceback started from fn finds the goroutine like a parked one.
FUNCTION runtime.systemstack
  movq %fs:BURROW_FS_G, %rax
  movq %fs:BURROW_FS_M, %rdx
  movq M_G0(%rdx), %rcx
  cmpq %rax, %rcx
  je 1f
  cmpq %rax, M_GSIGNAL(%rdx)
  je 1f
  SAVE_CALLEE_SAVED
  movq %rsp, G_SCHED_SP(%rax)
  movq 48(%rsp), %rdx
  movq %rdx, G_SCHED_PC(%rax)
  movq %rbp, G_SCHED_BP(%rax)
  movq %rax, %r12
  movq %rsp, %rbx
  .cfi_def_cfa_register rbx
  movq %rcx, %fs:BURROW_FS_G
  movq $0, %fs:BURROW_FS_STACK_LIMIT
  movq G_SCHED_SP(%rcx), %rsp
  movq %rdi, %rax
  movq %rsi, %rdi
  call *%rax
  .globl runtime.systemstack_return
  .hidden runtime.systemstack_return
runtime.systemstack_return:
  movq %rbx, %rsp
  .cfi_def_cfa_register rsp
  movq %r12, %fs:BURROW_FS_G
  SET_LIMIT %r12, %rax
  RESTORE_CALLEE_SAVED
  ret
1:
  movq %rdi, %rax
  movq %rsi, %rdi
  jmp *%rax
END runtime.systemstack

// entersyscall and entersyscallblock note the callee-saved registers, which stay in the processor while the kernel works: the
// collector scans the goroutine meanwhile. Then the C++ function of the same name with a 1, as if it had been called itself.
.macro SYSCALL_ENTRY name
FUNCTION \name
  movq %fs:BURROW_FS_G, %rax
  movq %rbx, G_SYSCALL_REGS(%rax)
  movq %rbp, G_SYSCALL_REGS+8(%rax)
  movq %r12, G_SYSCALL_REGS+16(%rax)
  movq %r13, G_SYSCALL_REGS+24(%rax)
  movq %r14, G_SYSCALL_REGS+32(%rax)
  movq %r15, G_SYSCALL_REGS+40(%rax)
  jmp \name\()1
END \name
.endm
SYSCALL_ENTRY runtime.entersyscall
SYSCALL_ENTRY runtime.entersyscallblock

// void callClosure(FuncVal* fn): a closure without parameters and results, from C++.
FUNCTION runtime.callClosure
  movq %rdi, %r10
  jmp *(%r10)
END runtime.callClosure

// void callTimerFunc(type, data, seq, delay, FuncVal* f): func(arg any, seq uintptr, delay int64).
FUNCTION runtime.callTimerFunc
  movq %r8, %r10
  jmp *(%r10)
END runtime.callTimerFunc

// void clonestart(): a new thread begins here on its g0 stack, thread area set by clone.
FUNCTION runtime.clonestart
  .cfi_undefined rip
  xorl %ebp, %ebp
  call runtime.mstart
  ud2
END runtime.clonestart

// void mstart_g0(): the body of mstart. Whatever runs on g0 later (mcall, systemstack) starts just below this frame, so the
// address is written down before anything else. mstart0 returns only when the thread is to end.
FUNCTION runtime.mstart_g0
  SAVE_CALLEE_SAVED
  subq $8, %rsp
  .cfi_adjust_cfa_offset 8
  movq %fs:BURROW_FS_G, %rax
  // Below the return address and registers that a gogo(g0) takes up: it makes mstart0's call return.
  leaq 1f(%rip), %rcx
  leaq -128(%rsp), %rdx
  movq %rcx, 48(%rdx)
  movq %rsp, 32(%rdx)           // rbx: the stack pointer to go on with
  movq %rdx, G_SCHED_SP(%rax)
  movq %rcx, G_SCHED_PC(%rax)
  movq %rdx, %rsp
  andq $-16, %rsp
  .cfi_remember_state
  .cfi_undefined rip
  call runtime.mstart0
  ud2
1:
  movq %rbx, %rsp
  .cfi_restore_state
  call runtime.mexit
  addq $8, %rsp
  .cfi_adjust_cfa_offset -8
  RESTORE_CALLEE_SAVED
  ret
END runtime.mstart_g0

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
