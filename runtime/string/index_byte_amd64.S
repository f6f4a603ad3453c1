// indexByte, which is internal/bytealg.IndexByteString: the search for one byte, which most other searches begin with.
//
// Assembly for the reasons of compare_amd64.S: most searches are in a few bytes, where no stack is used nor checked and one block
// is read whatever the length is, without leaving a page that the operand is in. Of more than 32 bytes blocks of 32 where the
// processor has AVX2 (cpuWide), four of them a turn; what is left over is covered by a block that overlaps the one before.

#include "base/asm_amd64.h"

// The last place in a page at which 16 bytes fit.
#define kPageMask 0xfff
#define kLastBlock 0xff0
#ifdef BURROW_HOSTED
#define NAME runtime.indexByte
#else
#define NAME "internal/bytealg.IndexByteString"
#endif
// A bit above those of a block, so that a search for bits always ends.
#define kBeyond 0x10000

// int64_t indexByte(const uint8_t* p rdi, int64_t n rsi, uint8_t c edx): the first place of c, or -1
FUNCTION NAME, 5
  movd %edx, %xmm0
  punpcklbw %xmm0, %xmm0
  pshuflw $0, %xmm0, %xmm0
  punpcklqdq %xmm0, %xmm0
  cmpq $16, %rsi
  jae .Lblocks
  testq %rsi, %rsi
  jz .Lnone
  movl %edi, %eax
  andl $kPageMask, %eax
  cmpl $kLastBlock, %eax
  ja 1f
  movdqu (%rdi), %xmm1
  pcmpeqb %xmm0, %xmm1
  pmovmskb %xmm1, %eax
  orl $kBeyond, %eax
  bsfl %eax, %eax
  movq $-1, %rcx
  cmpq %rsi, %rax
  cmovaeq %rcx, %rax
  ret
1:
  movdqu -16(%rdi,%rsi), %xmm1
  pcmpeqb %xmm0, %xmm1
  pmovmskb %xmm1, %eax
  movl $16, %ecx
  subl %esi, %ecx
  shrl %cl, %eax
  testl %eax, %eax
  jz .Lnone
  bsfl %eax, %eax
  ret
.Lnone:
  movq $-1, %rax
  ret
.Lblocks:
  xorl %edx, %edx
  leaq -16(%rsi), %rcx            // where the last block begins
  cmpq $32, %rsi
  ja .Llong
.Lnarrow:
  movdqu (%rdi,%rdx), %xmm1
  pcmpeqb %xmm0, %xmm1
  pmovmskb %xmm1, %eax
  testl %eax, %eax
  jnz 2f
  cmpq %rcx, %rdx
  je .Lnone
  addq $16, %rdx
  cmpq %rcx, %rdx
  cmovaq %rcx, %rdx
  jmp .Lnarrow
2:
  bsfl %eax, %eax
  addq %rdx, %rax
  ret
.Llong:
  cmpb $0, runtime.cpuWide(%rip)
  je .Lnarrow
  vpbroadcastb %xmm0, %ymm0
  leaq -128(%rsi), %rcx
  cmpq $128, %rsi
  jb 4f
3:
  vpcmpeqb (%rdi,%rdx), %ymm0, %ymm1
  vpcmpeqb 32(%rdi,%rdx), %ymm0, %ymm2
  vpcmpeqb 64(%rdi,%rdx), %ymm0, %ymm3
  vpcmpeqb 96(%rdi,%rdx), %ymm0, %ymm4
  vpor %ymm1, %ymm2, %ymm5
  vpor %ymm3, %ymm4, %ymm6
  vpor %ymm5, %ymm6, %ymm5
  vpmovmskb %ymm5, %eax
  testl %eax, %eax
  jnz 7f
  subq $-128, %rdx
  cmpq %rcx, %rdx
  jbe 3b
4:
  leaq -32(%rsi), %rcx
  cmpq %rcx, %rdx
  jge 6f
5:
  vpcmpeqb (%rdi,%rdx), %ymm0, %ymm1
  vpmovmskb %ymm1, %eax
  testl %eax, %eax
  jnz 8f
  addq $32, %rdx
  cmpq %rcx, %rdx
  jb 5b
6:
  movq %rcx, %rdx
  vpcmpeqb (%rdi,%rdx), %ymm0, %ymm1
  vpmovmskb %ymm1, %eax
  testl %eax, %eax
  jnz 8f
  vzeroupper
  movq $-1, %rax
  ret
7:                                // in one of the four blocks
  vpmovmskb %ymm1, %eax
  vpmovmskb %ymm2, %ecx
  shlq $32, %rcx
  orq %rcx, %rax
  jnz 8f
  addq $64, %rdx
  vpmovmskb %ymm3, %eax
  vpmovmskb %ymm4, %ecx
  shlq $32, %rcx
  orq %rcx, %rax
8:
  bsfq %rax, %rax
  addq %rdx, %rax
  vzeroupper
  ret
END NAME

#ifndef BURROW_HOSTED
// func IndexByte(b []byte, c byte) int
FUNCTION "internal/bytealg.IndexByte", 5
  movl %ecx, %edx
  jmp NAME
END "internal/bytealg.IndexByte"
#endif

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
