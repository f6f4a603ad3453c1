// runtime.storeVectors, runtime.loadVectors: the vector registers, where all registers are kept (PUSH_VECTORS, LOAD_VECTORS).
//
// They're called with the area right above the return address, aligned, and change no other register.
//
// Where compiled code may use the upper halves (wideCode) the whole of ymm0 to ymm15 is kept. LLVM takes xmm16 to xmm31 and the rest of
// zmm for lost in calls that keep all registers. A byte says whether any upper half was in use: if not, loading zeros into them would
// slow down all instructions of SSE from then on, and of these is most of a program for any processor. What runs meanwhile is
// code of that kind too, so the upper halves are cleared.
#include "base/asm_amd64.h"

#define ALL 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
#define AREA 8
#define IN_USE 512 + AREA

FUNCTION runtime.storeVectors
  cmpb $0, runtime.wideCode(%rip)
  jne 1f
  .irp n, ALL
  movups %xmm\n, 32 * \n + AREA(%rsp)
  .endr
  ret
1:
  .irp n, ALL
  vmovups %ymm\n, 32 * \n + AREA(%rsp)
  .endr
  .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
  vorps %ymm\n, %ymm0, %ymm0
  .endr
  vextractf128 $1, %ymm0, %xmm0
  vptest %xmm0, %xmm0
  setne IN_USE(%rsp)
  vzeroupper
  ret
END runtime.storeVectors

FUNCTION runtime.loadVectors
  cmpb $0, runtime.wideCode(%rip)
  je 2f
  cmpb $0, IN_USE(%rsp)
  jne 1f
  vzeroupper
2:
  .irp n, ALL
  movups 32 * \n + AREA(%rsp), %xmm\n
  .endr
  ret
1:
  .irp n, ALL
  vmovups 32 * \n + AREA(%rsp), %ymm\n
  .endr
  ret
END runtime.loadVectors

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
