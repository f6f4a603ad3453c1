// memequal, and bcmp, which the compiler calls for equality of what is too long to be compared in place.
//
// Up to 64 bytes are compared by two or four blocks that overlap, without a loop; then 64 bytes a turn, 128 with wide registers,
// the last turn overlapping the one before. Assembly, because a function in C++ has one instruction set, and the long way wants
// the wide registers where the processor has them (cpuWide) while everything else must run anywhere; a second function behind a
// pointer was larger than this one, and every executable has it. Only bytes of the operands are read, nothing is called, no
// stack is used.

#include "base/asm_amd64.h"

// bool memequal(const void* a rdi, const void* b rsi, uint64_t n rdx)
FUNCTION runtime.memequal, 5
  cmpq %rsi, %rdi
  je .Lequal
  cmpq $16, %rdx
  jb .Lshort
  cmpq $64, %rdx
  ja .Llong
  movups (%rdi), %xmm0
  movups (%rsi), %xmm1
  pcmpeqb %xmm1, %xmm0
  movups -16(%rdi,%rdx), %xmm2
  movups -16(%rsi,%rdx), %xmm3
  pcmpeqb %xmm3, %xmm2
  pand %xmm2, %xmm0
  cmpl $32, %edx
  jbe 1f
  movups 16(%rdi), %xmm1
  movups 16(%rsi), %xmm2
  pcmpeqb %xmm2, %xmm1
  movups -32(%rdi,%rdx), %xmm3
  movups -32(%rsi,%rdx), %xmm4
  pcmpeqb %xmm4, %xmm3
  pand %xmm1, %xmm0
  pand %xmm3, %xmm0
1:
  pmovmskb %xmm0, %eax
  cmpl $0xffff, %eax
  sete %al
  ret
.Lshort:
  cmpl $8, %edx
  jb 2f
  movq (%rdi), %rax
  xorq (%rsi), %rax
  movq -8(%rdi,%rdx), %rcx
  xorq -8(%rsi,%rdx), %rcx
  orq %rcx, %rax
  sete %al
  ret
2:
  cmpl $4, %edx
  jb 3f
  movl (%rdi), %eax
  xorl (%rsi), %eax
  movl -4(%rdi,%rdx), %ecx
  xorl -4(%rsi,%rdx), %ecx
  orl %ecx, %eax
  sete %al
  ret
3:
  testl %edx, %edx
  jz .Lequal
  // 1 to 3 bytes: the first, the last, the middle.
  movb (%rdi), %al
  xorb (%rsi), %al
  movb -1(%rdi,%rdx), %cl
  xorb -1(%rsi,%rdx), %cl
  orb %cl, %al
  shrl $1, %edx
  movb (%rdi,%rdx), %cl
  xorb (%rsi,%rdx), %cl
  orb %cl, %al
  sete %al
  ret
.Lequal:
  movb $1, %al
  ret
.Llong:
  leaq -64(%rdx), %rcx            // where the last turn begins
  xorl %edx, %edx
  cmpq $64, %rcx
  jb 4f
  cmpb $0, runtime.cpuWide(%rip)
  jne 6f
4:
  movups (%rdi,%rdx), %xmm0
  movups (%rsi,%rdx), %xmm4
  pcmpeqb %xmm4, %xmm0
  movups 16(%rdi,%rdx), %xmm1
  movups 16(%rsi,%rdx), %xmm5
  pcmpeqb %xmm5, %xmm1
  movups 32(%rdi,%rdx), %xmm2
  movups 32(%rsi,%rdx), %xmm6
  pcmpeqb %xmm6, %xmm2
  movups 48(%rdi,%rdx), %xmm3
  movups 48(%rsi,%rdx), %xmm7
  pcmpeqb %xmm7, %xmm3
  pand %xmm1, %xmm0
  pand %xmm3, %xmm2
  pand %xmm2, %xmm0
  pmovmskb %xmm0, %eax
  xorl $0xffff, %eax
  jnz 5f
  cmpq %rcx, %rdx
  je 5f
  addq $64, %rdx
  cmpq %rcx, %rdx
  cmovaq %rcx, %rdx
  jmp 4b
5:
  testl %eax, %eax
  sete %al
  ret
6:
  leaq -64(%rcx), %r8             // the same for turns of 128
8:
  vmovdqu (%rdi,%rdx), %ymm0
  vmovdqu 32(%rdi,%rdx), %ymm1
  vmovdqu 64(%rdi,%rdx), %ymm2
  vmovdqu 96(%rdi,%rdx), %ymm3
  vpcmpeqb (%rsi,%rdx), %ymm0, %ymm0
  vpcmpeqb 32(%rsi,%rdx), %ymm1, %ymm1
  vpcmpeqb 64(%rsi,%rdx), %ymm2, %ymm2
  vpcmpeqb 96(%rsi,%rdx), %ymm3, %ymm3
  vpand %ymm1, %ymm0, %ymm0
  vpand %ymm3, %ymm2, %ymm2
  vpand %ymm2, %ymm0, %ymm0
  vpmovmskb %ymm0, %eax
  incl %eax
  jnz 7f
  cmpq %r8, %rdx
  je 7f
  subq $-128, %rdx
  cmpq %r8, %rdx
  cmovaq %r8, %rdx
  jmp 8b
7:
  vzeroupper
  jmp 5b
END runtime.memequal

#ifndef BURROW_HOSTED
// int bcmp(const void* a rdi, const void* b rsi, size_t n rdx): 0 when they are equal
FUNCTION bcmp, 5
  call runtime.memequal
  xorb $1, %al
  movzbl %al, %eax
  ret
END bcmp
#endif

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
