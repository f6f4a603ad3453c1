// Can every stack be read, wherever a program is interrupted? A running program is stopped again and again, at whatever
// instruction its threads happen to be, and the stack of each goroutine that runs there is unwound; it must end in the function that
// goroutines start from. That is what profilers, the collector's scan of preempted goroutines and tracebacks after a signal rely on.
//
// A point counts when the thread is on its goroutine's stack. Points on a thread's own stack (the scheduler, the collector, system
// calls) are passed over, and so are those inside the few instructions that change from one stack to another, where nobody
// could say which is the current one; both are counted.
//
// Rejected: single steps, which see every instruction of a short run but make what takes seconds take days.
#pragma once

#include "inspect/goroutines.h"

namespace burrow::inspect {

struct UnwindCheck {
  uint64_t points = 0, reached = 0, switching = 0, elsewhere = 0, frames = 0, stops = 0;
  std::vector<std::string> failed;  // examples
  bool ended = false;               // the program ended before there were enough points
};

// False, with *error set, when the process cannot be stopped at all.
bool checkUnwinding(Target& target, uint64_t points, UnwindCheck* out, std::string* error);
std::string unwindJson(Target& target, const UnwindCheck& check);

}  // namespace burrow::inspect
