// What a place in compiled code with an assertion to an interface (x.(I), a case I of a type switch) knows of the types that came
// by: the word of the place points to a table of them, which the code looks into by itself (codegen/lower_iface.cpp) and
// only the runtime changes (runtime/iface/type_assert.cpp).
//
// A type has one entry where it can be, so a look is one comparison. Entry 0 stays empty, and is nil's: its type is nil, and so
// is its itab.
#pragma once

#include <cstdint>

#include "abi/type.h"

namespace burrow::abi {

struct AssertEntry {
  const Type* type;
  const ITab* itab;  // nil: the type does not implement the interface
};
static_assert(sizeof(AssertEntry) == 16);

struct AssertTable {
  uint64_t mask;  // of an entry's offset in bytes: (entries - 1) * 16
  uint64_t pad;
  AssertEntry entries[1];  // a power of two
};

// The offset of a type's entry, in bytes: bits of a product of its address. The factor is 2^32 / golden ratio, complemented to fit
// an instruction; descriptors are within some megabytes of each other, and the bits above 28 depend on all of that.
inline constexpr uint64_t kAssertFactor = 0x61c88647;
inline constexpr uint64_t kAssertShift = 28;

}  // namespace burrow::abi
