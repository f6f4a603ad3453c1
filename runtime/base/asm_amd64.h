// What the runtime's assembly files share: how a function begins and ends, and keeping vector registers.
//
// FUNCTION gives every function a section of its own, so that the linker drops what nothing refers to, and opens its
// call-frame information, which the function table is made of.
#pragma once

#define VECTORS_SIZE 544

  .cfi_sections .debug_frame

// Names are quoted here: those of Go's packages have slashes, with which they are quoted where FUNCTION is used, too.
.macro FUNCTION name, align=4
  .section ".text.\name","ax",@progbits
  .globl "\name"
  .hidden "\name"
  .type "\name", @function
  .p2align \align
"\name":
  .cfi_startproc
.endm
.macro END name
  .cfi_endproc
  .size "\name", . - "\name"
.endm

// Registers xmm0 to xmm\last below rsp, which is aligned to 16 first: the caller keeps the old rsp elsewhere.
.macro PUSH_XMM last
  subq $16 * (\last + 1), %rsp
  andq $-16, %rsp
  .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
  .if \n <= \last
  movaps %xmm\n, 16 * \n(%rsp)
  .endif
  .endr
.endm
// All vector registers whose contents may matter to compiled code, below rsp, which must not move until LOAD_VECTORS; the caller keeps
// the old one elsewhere. See stack/vectors_amd64.S.
.macro PUSH_VECTORS
  subq $VECTORS_SIZE, %rsp
  andq $-32, %rsp
  call runtime.storeVectors
.endm
.macro LOAD_VECTORS
  call runtime.loadVectors
.endm
// The same back; rsp stays.
.macro LOAD_XMM last
  .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
  .if \n <= \last
  movaps 16 * \n(%rsp), %xmm\n
  .endif
  .endr
.endm
