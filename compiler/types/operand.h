// What the checker knows about an expression while it looks at it.
#pragma once

#include <string>
#include <string_view>

#include "syntax/ast.h"
#include "types/constant.h"
#include "types/info.h"
#include "types/types.h"

namespace burrow::types {

struct Operand {
  Mode mode = Mode::Invalid;
  BuiltinId builtin{};
  Type* type = invalidType();
  Constant value;                // Constant only
  syntax::Expr* expr = nullptr;  // null: something without its own expression, described by `label`
  std::string_view label;        // "1st function result"; takes the place of the expression's text
  Pos labelPos;

  bool isValid() const { return mode != Mode::Invalid; }
  void invalidate() { mode = Mode::Invalid; }
  bool isNil() const { return mode == Mode::NilValue; }
  bool isConstant() const { return mode == Mode::Constant; }
};

// "x (variable of type int)", as gc's messages describe operands, for a reader in package `from`.
std::string operandString(const Operand& x, const Package* from);
// What sort of composite type t is: "struct", "map", ...; empty for basic types.
std::string_view compositeKind(Type* t);
// An expression as gc's messages print it: function bodies and long literals shortened.
std::string exprString(const syntax::Expr* e);

}  // namespace burrow::types
