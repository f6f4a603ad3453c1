// Printing stacks as gc prints them.
#pragma once

#include "sched/runtime2.h"

namespace burrow::rt {

void goroutineheader(G* gp) GO_SYM("runtime.goroutineheader");
// gp's stack from where it left it (it is parked, or the caller runs on g0 for it), then what created it.
void traceback(G* gp) GO_SYM("runtime.traceback");
// From the caller of the function on that pc lies in.
void tracebackCaller(G* gp, uintptr_t pc);
// The stack from a place of the caller's own stack (g0, gsignal).
void tracebackHere(G* gp, uintptr_t pc, uintptr_t sp) GO_SYM("runtime.tracebackHere");
// From an interrupted instruction.
void tracebacktrap(G* gp, uintptr_t pc, uintptr_t sp, uintptr_t fp) GO_SYM("runtime.tracebacktrap");
// All user goroutines but `me` (and, when the level says so, the runtime's own); or those of one bubble.
void tracebackothers(G* me, SynctestBubble* only = nullptr) GO_SYM("runtime.tracebackothers");

// os/signal.cpp
void printSignalLine(G* gp);
[[noreturn]] void dieFromSignal(uint32_t sig) GO_SYM("runtime.dieFromSignal");

}  // namespace burrow::rt
