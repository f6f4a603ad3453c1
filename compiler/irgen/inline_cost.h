// What inlining a function costs, counted on its source as gc counts it; see inline_cost.cpp.
#pragma once

#include "ir/ir.h"
#include "syntax/ast.h"
#include "types/info.h"

namespace burrow::irgen {

// `function` is a FuncDecl with a body, a FuncLit, or a RangeStmt over a function, whose body is one. `pos` of the result is left to the caller.
ir::InlineFacts inlineFacts(const syntax::Node* function, const types::Info& info);

}  // namespace burrow::irgen
