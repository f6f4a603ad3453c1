// The entry of position-independent executables: relocation, then the same boot as in all others.
//
// Such a program lies wherever the kernel put it. Its link-time addresses are distances from there (compiler/link/script.cpp), and
// code finds everything relative to itself; but 64-bit words in data that hold addresses must have the distance added before
// anybody reads them. So this runs before everything else, without stack checks or a thread area, and calls nothing. What
// only held addresses and is constant is made read-only then, up to the page in which ordinary data begins.
//
// The list is RELR, as lld packs it and the System V ABI describes: a word with bit 0 clear is the address of a word to relocate;
// one with bit 0 set has a bit for each of the 63 words that follow those already told. A program that is linked at a fixed
// address begins at _rt0_amd64_linux and has none of this: the linker takes this file from the archive only for the entry's name.
  .cfi_sections .debug_frame

#define SYS_MPROTECT 10
#define PROT_READ 1
#define SYS_EXIT_GROUP 231
#define PAGE_SIZE 4096
#define WORDS_OF_BITMAP 63

  .text
  .globl _rt0_amd64_linux_pie
  .type _rt0_amd64_linux_pie, @function
_rt0_amd64_linux_pie:
  .cfi_startproc
  .cfi_undefined rip
  call runtime.relocate
  jmp _rt0_amd64_linux
  .cfi_endproc
  .size _rt0_amd64_linux_pie, . - _rt0_amd64_linux_pie

  .globl runtime.relocate
  .type runtime.relocate, @function
runtime.relocate:
  .cfi_startproc
  leaq __ehdr_start(%rip), %rax   // how far everything is from where it was linked
  leaq runtime.relr(%rip), %rsi
  leaq runtime.erelr(%rip), %rdi
  xorl %ecx, %ecx                 // where the next bitmap's words begin
1:
  cmpq %rdi, %rsi
  jae 4f
  movq (%rsi), %rdx
  addq $8, %rsi
  testb $1, %dl
  jnz 2f
  addq %rax, (%rax,%rdx)
  leaq 8(%rax,%rdx), %rcx
  jmp 1b
2:
  shrq $1, %rdx
  jz 5f
3:
  bsfq %rdx, %r8
  addq %rax, (%rcx,%r8,8)
  leaq -1(%rdx), %r8              // without its lowest bit
  andq %r8, %rdx
  jnz 3b
5:
  addq $8*WORDS_OF_BITMAP, %rcx
  jmp 1b
4:
  leaq runtime.relro(%rip), %rdi
  leaq runtime.erelro+PAGE_SIZE-1(%rip), %rsi
  andq $-PAGE_SIZE, %rdi
  andq $-PAGE_SIZE, %rsi
  subq %rdi, %rsi
  movl $PROT_READ, %edx
  movl $SYS_MPROTECT, %eax
  syscall
  testl %eax, %eax
  jnz 6f
  ret
6:
  movl $2, %edi
  movl $SYS_EXIT_GROUP, %eax
  syscall
  ud2
  .cfi_endproc
  .size runtime.relocate, . - runtime.relocate

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
