// Labels, break, continue, goto, fallthrough: what they refer to, and what is wrong with them.
#pragma once

#include "source/diagnostic.h"
#include "syntax/ast.h"

namespace burrow::syntax {

// Fills in BranchStmt::target in a function body that was parsed without errors; function literals in it are bodies of
// their own. Returns the number of errors reported.
uint32_t checkBranches(BlockStmt* body, const source::SourceFile& file, source::Diagnostics& diagnostics);

}  // namespace burrow::syntax
