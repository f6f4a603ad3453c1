// The hash in a type's descriptor (abi::Type::hash) and in itabs: type switches search by it, and the runtime's tables of itabs and
// of types made by reflection. Stable over builds, and the same in every package that emits the type.
#pragma once

#include <cstdint>
#include <string_view>

#include "ir/type.h"

namespace burrow::ir {

inline uint32_t typeHash(const TypeTable& types, TypeId t) {
  uint32_t h = 2166136261u;  // FNV-1a of the link name
  for (char c : types.str(t)) h = (h ^ static_cast<uint8_t>(c)) * 16777619u;
  return h;
}

// Where the hash lies in a descriptor, and in an itab, too.
inline constexpr int64_t kTypeHashOffset = 16;

}  // namespace burrow::ir
