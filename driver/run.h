// `burrow run`.
#pragma once

#include "driver/flags.h"
#include "driver/paths.h"

namespace burrow::driver {

// Builds the program in a temporary folder, runs it with the arguments behind its name, removes it. As with `go run`, a
// program that fails is told by a line "exit status N" (or "signal: ...") and our own exit status 1.
int runProgram(BuildFlags flags, const Paths& paths);

}  // namespace burrow::driver
