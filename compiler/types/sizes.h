// Sizes, alignments and field offsets of types on linux/amd64, as gc lays them out.
//
// The rules: a basic type is aligned to its size (complex numbers and strings to their parts), an array to its element,
// a struct to its most aligned field; a struct that ends in a zero-size field and is not itself of size zero gets one
// more byte before it is rounded up, so that a pointer to that field points into the struct; structs with the marker
// types of internal/runtime/sys or sync/atomic's align64 are aligned to 8, which on amd64 changes nothing.
//
// Constant expressions need sizes before there is any IR; ir/layout.cpp has the same rules for IR types. A test compares the two
// (tests/unit/irgen/layout_test.cpp).
//
// Sizes are int64. A type too large for that has size -1 (`kTooLarge`), as have types that contain one; the checker
// reports those.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "types/types.h"

namespace burrow::types {

inline constexpr int64_t kWordSize = 8;
inline constexpr int64_t kMaxAlign = 8;
inline constexpr int64_t kTooLarge = -1;

// `t` must not contain type parameters.
int64_t sizeOf(Type* t);
int64_t alignOf(Type* t);
// The offset of every field; empty for a struct without fields. Negative when beyond int64.
std::vector<int64_t> fieldOffsets(Struct* s);
// The offset of a field reached through embedded fields without pointers in between.
int64_t offsetOf(Type* t, std::span<const int> indexPath);
// Whether size depends on type parameters, so that unsafe.Sizeof of it is no constant.
bool hasVarSize(Type* t);

}  // namespace burrow::types
