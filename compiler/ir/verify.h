// The verifier: is this module well-formed Burrow IR?
//
// Run after the builder, after every pass in debug builds and tests, and before golden texts are compared. It finds
// mistakes of the compiler, never of the user.
#pragma once

#include "ir/ir.h"

#include <string>
#include <vector>

namespace burrow::ir {

// Every violation as "function: bN: vN = op: what is wrong"; empty when all is well.
std::vector<std::string> verify(const Module& module);
std::vector<std::string> verify(const Module& module, const Function& function);

}  // namespace burrow::ir
