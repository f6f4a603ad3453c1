// Proves that the offsets which assembly uses are those of the C++ structures.
#include "sched/offsets.h"

#include "boot/boot.h"
#include "panic/panic_record.h"
#include "sched/runtime2.h"
#include "stack/stack.h"

namespace burrow::rt {

#define SAME(structure, field, offset) static_assert(offsetof(structure, field) == (offset))
SAME(G, stack.lo, G_STACK_LO);
SAME(G, stack.hi, G_STACK_HI);
SAME(G, segment, G_SEGMENT);
SAME(G, sched.sp, G_SCHED_SP);
SAME(G, sched.pc, G_SCHED_PC);
SAME(G, sched.bp, G_SCHED_BP);
SAME(G, m, G_M);
SAME(G, deferTop, G_DEFER_TOP);
static_assert(abi::kGDeferTop == G_DEFER_TOP);
SAME(G, panic, G_PANIC);
SAME(G, preempt, G_PREEMPT);
SAME(G, moreFrame, G_MORE_FRAME);
SAME(G, moreArgs, G_MORE_ARGS);
SAME(G, syscallRegs, G_SYSCALL_REGS);
SAME(Gobuf, sp, GOBUF_SP);
SAME(Gobuf, pc, GOBUF_PC);
SAME(Gobuf, bp, GOBUF_BP);
SAME(M, g0, M_G0);
SAME(M, gsignal, M_GSIGNAL);
SAME(M, curg, M_CURG);
SAME(M, tls, M_TLS);
SAME(M, sigSavedLimit, M_SIG_SAVED_LIMIT);
SAME(M, p, M_P);
SAME(M, procid, M_PROCID);
SAME(P, wbBuf.next, P_WB_NEXT);
SAME(P, wbBuf.end, P_WB_END);
SAME(StackSegment, prev, SEG_PREV);
SAME(StackSegment, next, SEG_NEXT);
SAME(StackSegment, limit, SEG_LIMIT);
SAME(StackSegment, top, SEG_TOP);
SAME(StackSegment, oldSP, SEG_OLD_SP);
SAME(StackSegment, room, SEG_ROOM);
SAME(Panic, slot, PANIC_SLOT);
SAME(DebugVars, asyncpreemptoff, DEBUG_ASYNCPREEMPTOFF);
#undef SAME

}  // namespace burrow::rt
