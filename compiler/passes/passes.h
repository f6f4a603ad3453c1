// The entry points of the passes, one per file; for pipeline.cpp.
#pragma once

#include "ir/ir.h"

namespace burrow::passes {

void cleanup(ir::Module& module, ir::Function& function);
void nilChecks(ir::Module& module, ir::Function& function);
void stackAlloc(ir::Module& module, ir::Function& function);

}  // namespace burrow::passes
