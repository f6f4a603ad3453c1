// void callClosure3(FuncVal* fn, a, b, c): calls a closure with up to three words of arguments; for finalizers, whose parameter
// and result area are known at run time only.
  .section .text.runtime.callClosure3,"ax",@progbits
  .globl runtime.callClosure3
  .hidden runtime.callClosure3
  .type runtime.callClosure3, @function
  .p2align 4
runtime.callClosure3:
  .cfi_startproc
  movq %rdi, %r10
  movq %rsi, %rdi
  movq %rdx, %rsi
  movq %rcx, %rdx
  jmp *(%r10)
  .cfi_endproc
  .size runtime.callClosure3, . - runtime.callClosure3

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
