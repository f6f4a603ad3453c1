// The entry points of the passes, one per file; for pipeline.cpp.
#pragma once

#include "ir/ir.h"
#include "passes/escape_summary.h"

namespace burrow::passes {

void cleanup(ir::Module& module, ir::Function& function);
void nilChecks(ir::Module& module, ir::Function& function);
void escape(ir::Module& module, const EscapeContext& context);

}  // namespace burrow::passes
