// The way down: what throw, fatal, an unrecovered panic and a fatal signal share.
#pragma once

#include "panic/panic_record.h"
#include "sched/sched.h"

namespace burrow::rt {

extern Mutex paniclk;

// startpanic_m begins dying, on g0 or gsignal: one M at a time prints, the others wait for ever. False when this M
// was already dying: then only the stack is still worth printing.
bool startpanic_m() GO_SYM("runtime.startpanic_m");
// dopanic_m prints gp's and perhaps the other goroutines' stacks, at least those of the bubble; reports whether to dump core.
bool dopanic_m(G* gp, SynctestBubble* bubble = nullptr) GO_SYM("runtime.dopanic_m");
NORETURN void fatalpanic(Panic* p) GO_SYM("runtime.fatalpanic");
NORETURN void crash() GO_SYM("runtime.crash");
// Is the panic before this one the same again? It is marked then, and not told a second time.
bool markRepanicked(Panic* p);
void printpanics(Panic* p) GO_SYM("runtime.printpanics");

}  // namespace burrow::rt
