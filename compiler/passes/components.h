// The strongly connected components of a graph: which functions call each other, directly or not, and in which order to look
// at the rest so that everything called comes first.
//
// Tarjan's algorithm, without recursion.
#pragma once

#include <cstdint>
#include <vector>

namespace burrow::passes {

// `out[i]` are the nodes that node i leads to. A component stands behind all that it leads to.
std::vector<std::vector<uint32_t>> components(const std::vector<std::vector<uint32_t>>& out);

}  // namespace burrow::passes
