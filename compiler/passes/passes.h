// The entry points of the passes, one per file; for pipeline.cpp.
#pragma once

#include "ir/ir.h"
#include "passes/context.h"
#include "passes/escape_summary.h"

namespace burrow::passes {

void cleanup(ir::Module& module, ir::Function& function);
void stringCopies(ir::Module& module, ir::Function& function);
void nilChecks(ir::Module& module, ir::Function& function);
void inlining(ir::Module& module, const PassContext& context);
void escape(ir::Module& module, const PassContext& context);

}  // namespace burrow::passes
