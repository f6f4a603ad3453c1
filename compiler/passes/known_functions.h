// Func values that closures share and that are certainly one function. See known_functions.cpp.
#pragma once

#include "ir/ir.h"

#include <unordered_map>
#include <vector>

namespace burrow::passes {

// Of one function: what is called through a variable (by the pointer to it) or through a captured func value.
using KnownFunctions = std::unordered_map<uint32_t, ir::SymId>;

// `functions`: those that are looked at together, and for each whether it is made in one place, which is in one of them.
std::unordered_map<const ir::Function*, KnownFunctions> knownFunctions(
    const ir::Module& module, const std::vector<std::pair<const ir::Function*, bool>>& functions);

}  // namespace burrow::passes
