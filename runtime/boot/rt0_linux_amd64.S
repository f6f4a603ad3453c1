// The first instructions of every Burrow program, from the ELF entry to the scheduler.
//
// The kernel jumps to _rt0_amd64_linux with argc at (%rsp), argv from 8(%rsp) on, then the environment and the auxiliary
// vector. rt0_go makes the first thread look like every other M: m0 with its g0 on the stack that the kernel gave us and a
// static thread area, and then runs the boot of docs/runtime.md. Nothing here returns.
#include "abi/thread_area.h"
#include "sched/offsets.h"

  .cfi_sections .debug_frame

  .text
  .globl _rt0_amd64_linux
  .type _rt0_amd64_linux, @function
_rt0_amd64_linux:
  .cfi_startproc
  .cfi_undefined rip
  jmp _rt0_amd64
  .cfi_endproc
  .size _rt0_amd64_linux, . - _rt0_amd64_linux

  .globl _rt0_amd64
  .type _rt0_amd64, @function
_rt0_amd64:
  .cfi_startproc
  .cfi_undefined rip
  movq (%rsp), %rdi               // argc
  leaq 8(%rsp), %rsi              // argv
  jmp runtime.rt0_go
  .cfi_endproc
  .size _rt0_amd64, . - _rt0_amd64

// rt0_go(argc, argv)
  .globl runtime.rt0_go
  .type runtime.rt0_go, @function
runtime.rt0_go:
  .cfi_startproc
  .cfi_undefined rip
  xorl %ebp, %ebp
  andq $-16, %rsp
  subq $16, %rsp
  movq %rdi, (%rsp)
  movq %rsi, 8(%rsp)

  // g0 owns the last 64 KB below us (more is there; nothing checks on g0).
  leaq runtime.g0(%rip), %rbx
  leaq -65536+104(%rsp), %rax
  movq %rax, G_STACK_LO(%rbx)
  movq %rsp, G_STACK_HI(%rbx)

  // The thread area: g, m, and a stack limit of 0, which no prologue takes for too little.
  leaq runtime.m0_tls(%rip), %r12
  movq %r12, BURROW_FS_SELF(%r12)
  movq %rbx, BURROW_FS_G(%r12)
  leaq runtime.m0(%rip), %r13
  movq %r13, BURROW_FS_M(%r12)
  movq $0, BURROW_FS_STACK_LIMIT(%r12)
  movl $158, %eax                 // arch_prctl
  movl $0x1002, %edi              // ARCH_SET_FS
  movq %r12, %rsi
  syscall
  testl %eax, %eax
  jnz 1f
  cmpq %rbx, %fs:BURROW_FS_G      // it must be what we stored
  jne 1f

  movq %rbx, M_G0(%r13)
  movq %r12, M_TLS(%r13)
  movq %r13, G_M(%rbx)

  call runtime.check
  movq (%rsp), %rdi
  movq 8(%rsp), %rsi
  call runtime.args
  call runtime.osinit
  call runtime.schedinit
  leaq runtime.mainPC(%rip), %rdi // a goroutine for runtime.main
  call runtime.newproc
  call runtime.mstart             // the scheduler: never comes back
1:
  ud2
  .cfi_endproc
  .size runtime.rt0_go, . - runtime.rt0_go

// The closure object of runtime.main.
  .section .data.rel.ro,"aw",@progbits
  .globl runtime.mainPC
  .type runtime.mainPC, @object
  .p2align 3
runtime.mainPC:
  .quad runtime.main
  .size runtime.mainPC, 8

  .bss
  .globl runtime.m0_tls
  .type runtime.m0_tls, @object
  .p2align 6
runtime.m0_tls:
  .zero BURROW_THREAD_AREA_SIZE
  .size runtime.m0_tls, BURROW_THREAD_AREA_SIZE

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
