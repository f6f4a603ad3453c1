// A closure's code in C++ tests: the closure object from R10 becomes the only argument.
  .text
  .globl closureThunk
  .type closureThunk, @function
closureThunk:
  .cfi_startproc
  movq %r10, %rdi
  jmp *8(%r10)
  .cfi_endproc
  .size closureThunk, . - closureThunk
  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
