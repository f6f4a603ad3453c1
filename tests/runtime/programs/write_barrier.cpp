// want-stderr: ok\n
// want-exit: 0
// The write barrier's stub: it changes no register but r11, over a full buffer too, and notes both pointers.
#include "gc/barrier.h"
#include "gc/wb_buf.h"
#include "support.h"

using namespace test;

// probeBarrier(slot, value, out): a pattern in every register, the call, and what the registers hold then.
extern "C" void probeBarrier(void** slot, void* value, uint64_t* out);
asm(R"(
  .text
  .type probeBarrier, @function
probeBarrier:
  pushq %rbx
  pushq %rbp
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  movq %rdx, %r15
  movq $0x100, %rax
  movq $0x101, %rbx
  movq $0x102, %rcx
  movq $0x103, %rdx
  movq $0x104, %rbp
  movq $0x105, %r8
  movq $0x106, %r9
  movq $0x107, %r10
  movq $0x108, %r12
  movq $0x109, %r13
  movq $0x10a, %r14
  movq %rax, %xmm0
  movq %rbx, %xmm1
  movq %rcx, %xmm7
  movq %rdx, %xmm8
  movq %rbp, %xmm15
  call runtime.gcWriteBarrier
  movq %rax, 0(%r15)
  movq %rbx, 8(%r15)
  movq %rcx, 16(%r15)
  movq %rdx, 24(%r15)
  movq %rbp, 32(%r15)
  movq %r8, 40(%r15)
  movq %r9, 48(%r15)
  movq %r10, 56(%r15)
  movq %r12, 64(%r15)
  movq %r13, 72(%r15)
  movq %r14, 80(%r15)
  movq %xmm0, 88(%r15)
  movq %xmm1, 96(%r15)
  movq %xmm7, 104(%r15)
  movq %xmm8, 112(%r15)
  movq %xmm15, 120(%r15)
  movq %rdi, 128(%r15)
  movq %rsi, 136(%r15)
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbp
  popq %rbx
  ret
  .section .note.GNU-split-stack,"",@progbits
  .text
)");

void mainMain() {
  static void* slot;
  int before = 1, after = 2;
  for (int round = 0; round < 3 * int(kWbBufEntries); round++) {
    slot = &before;
    uint64_t got[18];
    uintptr_t* next = getm()->p->wbBuf.next;
    probeBarrier(&slot, &after, got);
    for (uint64_t i = 0; i < 11; i++) CHECK(got[i] == 0x100 + i);
    for (uint64_t i = 0; i < 5; i++) CHECK(got[11 + i] == 0x100 + i);
    CHECK(got[16] == uintptr_t(&slot) && got[17] == uintptr_t(&after));
    CHECK(slot == &before);
    if (next + 2 < getm()->p->wbBuf.end) CHECK(next[0] == uintptr_t(&after) && next[1] == uintptr_t(&before));
  }
  rtPrint("ok\n");
}
