// Offsets into G, M, P, Gobuf and StackSegment for assembly; sched/offsets_check.cpp proves them.
#pragma once

#define G_STACK_LO 0
#define G_STACK_HI 8
#define G_SEGMENT 24
#define G_SCHED_SP 32
#define G_SCHED_PC 40
#define G_SCHED_BP 48
#define G_PREEMPT 60
#define G_M 64
#define G_DEFER_TOP 72
#define G_PANIC 80
#define G_MORE_FRAME 224
#define G_MORE_ARGS 232
#define G_SYSCALL_REGS 256

// Values of G.preempt: wanted poisons the stack limit; deferred (the M holds locks) does not.
#define PREEMPT_WANTED 1
#define PREEMPT_DEFERRED 2

#define GOBUF_SP 0
#define GOBUF_PC 8
#define GOBUF_BP 16

#define M_G0 0
#define M_GSIGNAL 8
#define M_CURG 16
#define M_TLS 24
#define M_SIG_SAVED_LIMIT 32
#define M_P 40
#define M_PROCID 72

#define P_WB_NEXT 64
#define P_WB_END 72

#define SEG_PREV 0
#define SEG_NEXT 8
#define SEG_LIMIT 16
#define SEG_TOP 24
#define SEG_OLD_SP 32
#define SEG_ROOM 40

#define PANIC_SLOT 0

#define DEBUG_ASYNCPREEMPTOFF 16
