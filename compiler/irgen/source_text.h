// Expressions and types as -m shows them; see source_text.cpp.
#pragma once

#include "syntax/ast.h"
#include "types/info.h"

#include <string>

namespace burrow::irgen {

// `package`: whose names are not qualified.
std::string sourceText(const types::Info& info, const types::Package* package, const syntax::Expr* e);
std::string sourceType(const types::Package* package, types::Type* t);

}  // namespace burrow::irgen
