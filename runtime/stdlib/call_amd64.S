// The two ends of calls whose types are known at run time only; reflect_call.cpp prepares and takes apart.
//
//   runtime.callRegs(CallRegs*)     makes a call from a filled-in register file
//   reflect.makeFuncStub            the code word of closures that reflect.MakeFunc made
//   reflect.methodValueCall         the same for method values that reflect made
//
// CallRegs (reflect_call.h): ints 0, floats 48, stackWords 112, stack 120, code 128, context 136, intResults 144,
// floatResults 176, slot 208; 224 bytes.
#include "abi/thread_area.h"
#include "base/asm_amd64.h"

#define REGS_FLOATS 48
#define REGS_STACK_WORDS 112
#define REGS_STACK 120
#define REGS_CODE 128
#define REGS_CONTEXT 136
#define REGS_INT_RESULTS 144
#define REGS_FLOAT_RESULTS 176
#define REGS_SLOT 208
#define REGS_SIZE 224

// The prologue that LLVM would make, with a frame size that depends on the number of stack arguments.
FUNCTION runtime.callRegs
  movq REGS_STACK_WORDS(%rdi), %r10
  leaq 64(,%r10,8), %r10
  movq %rsp, %r11
  subq %r10, %r11
  cmpq %fs:BURROW_FS_STACK_LIMIT, %r11
  ja 1f
  xorl %r11d, %r11d
  call __morestack
  ret
1:
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register rbp
  pushq %rbx
  .cfi_offset rbx, -24
  movq %rdi, %rbx
  movq REGS_STACK_WORDS(%rbx), %rcx
  leaq (,%rcx,8), %rax
  subq %rax, %rsp
  andq $-16, %rsp
  movq REGS_STACK(%rbx), %rsi
  movq %rsp, %rdi
  rep movsq
  movsd REGS_FLOATS+0(%rbx), %xmm0
  movsd REGS_FLOATS+8(%rbx), %xmm1
  movsd REGS_FLOATS+16(%rbx), %xmm2
  movsd REGS_FLOATS+24(%rbx), %xmm3
  movsd REGS_FLOATS+32(%rbx), %xmm4
  movsd REGS_FLOATS+40(%rbx), %xmm5
  movsd REGS_FLOATS+48(%rbx), %xmm6
  movsd REGS_FLOATS+56(%rbx), %xmm7
  movq 0(%rbx), %rdi
  movq 8(%rbx), %rsi
  movq 16(%rbx), %rdx
  movq 24(%rbx), %rcx
  movq 32(%rbx), %r8
  movq 40(%rbx), %r9
  movq REGS_CONTEXT(%rbx), %r10
  movq REGS_SLOT(%rbx), %rax
  testq %rax, %rax
  jz 2f
  leaq -8(%rsp), %r11
  movq %r11, (%rax)
2:
  call *REGS_CODE(%rbx)
  movq %rax, REGS_INT_RESULTS+0(%rbx)
  movq %rdx, REGS_INT_RESULTS+8(%rbx)
  movq %rcx, REGS_INT_RESULTS+16(%rbx)
  movq %r8, REGS_INT_RESULTS+24(%rbx)
  movsd %xmm0, REGS_FLOAT_RESULTS+0(%rbx)
  movsd %xmm1, REGS_FLOAT_RESULTS+8(%rbx)
  movsd %xmm2, REGS_FLOAT_RESULTS+16(%rbx)
  movsd %xmm3, REGS_FLOAT_RESULTS+24(%rbx)
  movq -8(%rbp), %rbx
  .cfi_restore rbx
  leave
  .cfi_def_cfa rsp, 8
  ret
END runtime.callRegs

// Called like a function of the closure's type, with the closure in r10: writes the argument registers down and hands them
// to `receiver`(CallRegs*), which leaves the results there. Its frame is below 256 bytes of what it pushes itself, and fits
// into the slack that is always there; `receiver` has a stack check of its own.
.macro CLOSURE_STUB name, receiver
FUNCTION \name
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register rbp
  subq $REGS_SIZE, %rsp
  movq %rdi, 0(%rsp)
  movq %rsi, 8(%rsp)
  movq %rdx, 16(%rsp)
  movq %rcx, 24(%rsp)
  movq %r8, 32(%rsp)
  movq %r9, 40(%rsp)
  movsd %xmm0, REGS_FLOATS+0(%rsp)
  movsd %xmm1, REGS_FLOATS+8(%rsp)
  movsd %xmm2, REGS_FLOATS+16(%rsp)
  movsd %xmm3, REGS_FLOATS+24(%rsp)
  movsd %xmm4, REGS_FLOATS+32(%rsp)
  movsd %xmm5, REGS_FLOATS+40(%rsp)
  movsd %xmm6, REGS_FLOATS+48(%rsp)
  movsd %xmm7, REGS_FLOATS+56(%rsp)
  leaq 16(%rbp), %rax
  movq %rax, REGS_STACK(%rsp)
  movq %r10, REGS_CONTEXT(%rsp)
  movq %rsp, %rdi
  call \receiver
  movq REGS_INT_RESULTS+0(%rsp), %rax
  movq REGS_INT_RESULTS+8(%rsp), %rdx
  movq REGS_INT_RESULTS+16(%rsp), %rcx
  movq REGS_INT_RESULTS+24(%rsp), %r8
  movsd REGS_FLOAT_RESULTS+0(%rsp), %xmm0
  movsd REGS_FLOAT_RESULTS+8(%rsp), %xmm1
  movsd REGS_FLOAT_RESULTS+16(%rsp), %xmm2
  movsd REGS_FLOAT_RESULTS+24(%rsp), %xmm3
  leave
  .cfi_def_cfa rsp, 8
  ret
END \name
.endm

  CLOSURE_STUB reflect.makeFuncStub, runtime.makeFuncReceiver
  CLOSURE_STUB reflect.methodValueCall, runtime.methodValueReceiver

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
