// Which appends may have their first elements in the frame; see append_buffers.cpp.
#pragma once

#include "ir/ir.h"

#include <functional>
#include <vector>

namespace burrow::passes {

// The GrowSlice instructions that get a buffer in the frame, in the order of the source; `staysLocal` says what does not
// escape. Marks those of slices that are moved to the heap later (kGrowMoved, kGrowSteps).
std::vector<ir::ValueId> bufferedAppends(ir::Module& module, ir::Function& fn, const std::function<bool(ir::ValueId)>& staysLocal);

}  // namespace burrow::passes
