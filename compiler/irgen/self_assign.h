// Assignments that put nothing new into an object; see self_assign.cpp.
#pragma once

#include "syntax/ast.h"
#include "types/info.h"

namespace burrow::irgen {

bool isSelfAssignment(const types::Info& info, const syntax::Expr* to, const syntax::Expr* from);

}  // namespace burrow::irgen
