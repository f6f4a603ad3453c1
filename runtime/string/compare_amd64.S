// cmpstring and what internal/bytealg has of it: the order of two strings by their bytes, a prefix being less.
//
// Most strings that a program compares are short, and then what counts is the way in and out, not the loop: no stack is used and
// none is checked, up to 7 bytes become one number without a branch on how many they are, and blocks of 16 are enough up to
// 64 bytes. Beyond that it is 64 bytes a turn where the processor has AVX2 (cpuWide). In C++ the long way, whose registers
// the short one had to save, was a function of its own, and 16 to 64 bytes took 1.8 to 2.0 times as long as with gc.
//
// Of a page that holds a byte of an operand any byte may be read: short operands are loaded whole. Only where this would
// leave the page the load ends with the operand instead.

#include "base/asm_amd64.h"

// The last place in a page at which 8 bytes fit.
#define kPageMask 0xfff
#define kLastWord 0xff8

// int64_t cmpstring(a rdi, aLen rsi, b rdx, bLen rcx): -1, 0 or +1
FUNCTION runtime.cmpstring, 5
  movq %rcx, %r10
  movq %rsi, %r8
  cmpq %rcx, %rsi
  cmovaq %rcx, %r8                // n: what both have
  cmpq %rdx, %rdi
  je .Llengths
  cmpq $16, %r8
  jb .Lshort
  xorl %r9d, %r9d
  leaq -16(%r8), %rcx             // where the last block begins
  cmpq $64, %r8
  ja .Llong
.Lblocks:
  movdqu (%rdi,%r9), %xmm0
  movdqu (%rdx,%r9), %xmm1
  pcmpeqb %xmm1, %xmm0
  pmovmskb %xmm0, %eax
  xorl $0xffff, %eax
  jnz .Ldiffer
  cmpq %rcx, %r9
  je .Llengths
  addq $16, %r9
  cmpq %rcx, %r9
  cmovaq %rcx, %r9                // the last block overlaps the one before
  jmp .Lblocks
.Ldiffer:                         // at a bit of rax, counted from r9
  bsfq %rax, %rax
  addq %r9, %rax
  movzbl (%rdi,%rax), %ecx
  movzbl (%rdx,%rax), %r9d
  xorl %eax, %eax
  cmpl %r9d, %ecx
  seta %al
  leaq -1(%rax,%rax), %rax
  ret
.Llengths:
  xorl %eax, %eax
  cmpq %r10, %rsi
  seta %al
  sbbq $0, %rax
  ret
.Lshort:
  cmpl $8, %r8d
  jb .Ltiny
  movq (%rdi), %rax
  movq (%rdx), %r9
  cmpq %r9, %rax
  jne .Lwords
  movq -8(%rdi,%r8), %rax
  movq -8(%rdx,%r8), %r9
.Lcompare:
  cmpq %r9, %rax
  je .Llengths
.Lwords:                          // two numbers that differ, the first byte the least significant one
  bswapq %rax
  bswapq %r9
  xorl %ecx, %ecx
  cmpq %r9, %rax
  seta %cl
  leaq -1(%rcx,%rcx), %rax
  ret
.Ltiny:
  testl %r8d, %r8d
  jz .Llengths
  leal (,%r8,8), %ecx
  negl %ecx                       // as a shift: by the bits that a word has besides
  movl %edi, %eax
  andl $kPageMask, %eax
  cmpl $kLastWord, %eax
  ja 3f
  movq (%rdi), %rax
1:
  shlq %cl, %rax
  movl %edx, %r9d
  andl $kPageMask, %r9d
  cmpl $kLastWord, %r9d
  ja 4f
  movq (%rdx), %r9
2:
  shlq %cl, %r9
  jmp .Lcompare
3:
  movq -8(%rdi,%r8), %rax
  shrq %cl, %rax
  jmp 1b
4:
  movq -8(%rdx,%r8), %r9
  shrq %cl, %r9
  jmp 2b
.Llong:
  cmpb $0, runtime.cpuWide(%rip)
  je .Lblocks
  leaq -64(%r8), %rcx
5:
  vmovdqu (%rdi,%r9), %ymm0
  vmovdqu 32(%rdi,%r9), %ymm1
  vpcmpeqb (%rdx,%r9), %ymm0, %ymm0
  vpcmpeqb 32(%rdx,%r9), %ymm1, %ymm1
  vpand %ymm1, %ymm0, %ymm2
  vpmovmskb %ymm2, %eax
  incl %eax
  jnz 6f
  cmpq %rcx, %r9
  je 7f
  addq $64, %r9
  cmpq %rcx, %r9
  cmovaq %rcx, %r9
  jmp 5b
6:
  vpmovmskb %ymm1, %ecx
  vpmovmskb %ymm0, %eax
  vzeroupper
  shlq $32, %rcx
  orq %rcx, %rax
  notq %rax
  jmp .Ldiffer
7:
  vzeroupper
  jmp .Llengths
END runtime.cmpstring

#ifndef BURROW_HOSTED
// func Compare(a, b []byte) int
FUNCTION "internal/bytealg.Compare", 5
  movq %rcx, %rdx
  movq %r8, %rcx
  jmp runtime.cmpstring
END "internal/bytealg.Compare"
#endif

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
