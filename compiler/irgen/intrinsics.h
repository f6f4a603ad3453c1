// Functions of the library that become instructions, known by package path and name.
//
// A function of this table that has no body in its package (assembly in the distribution) gets one that is just the
// instruction, so that it can also be used as a value.
#pragma once

#include "ir/ir.h"

#include <string_view>

namespace burrow::irgen {

// How a call's arguments and result relate to the instruction's.
enum class IntrinsicShape : uint8_t {
  Plain,       // operands as they are, the function's result type
  CountToInt,  // an instruction of the operand's type, whose result is converted to the function's (TrailingZeros)
  Length,      // width minus the instruction's result
  Rotate,      // the count, an int, is converted to the operand's type
  Atomic,      // behind a nil check of the first argument; the others take the type that it points to
  NonStrings,  // no instruction: nothing where the argument holds no pointers but strings', the call itself elsewhere
};

struct IntrinsicSpec {
  std::string_view package, name;
  ir::IntrinsicKind kind;
  IntrinsicShape shape;
};

// Null when there is none.
const IntrinsicSpec* findIntrinsic(std::string_view package, std::string_view name);

}  // namespace burrow::irgen
