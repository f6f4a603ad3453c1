// void callClosure3(FuncVal* fn, a, b, c): calls a closure with up to three words of arguments; for finalizers, whose parameter
// and result area are known at run time only.
#include "base/asm_amd64.h"

FUNCTION runtime.callClosure3
  movq %rdi, %r10
  movq %rsi, %rdi
  movq %rdx, %rsi
  movq %rcx, %rdx
  jmp *(%r10)
END runtime.callClosure3

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
