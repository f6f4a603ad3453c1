// Root slots: where the collector finds the pointers of a frame. See root_slots.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Metadata on a stack object without pointers.
inline constexpr const char* kNoPointers = "burrow.noptrs";
// Gives the calls that can reach the collector a "deopt" bundle; RewriteStatepointsForGC, which must run next, makes
// statepoints of them. What the bundle holds is in root_slots.cpp; object_tables.cpp reads it from LLVM's stack map.
inline constexpr const char* kGcName = "burrow";

struct RootSlots : llvm::PassInfoMixin<RootSlots> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

}  // namespace burrow::codegen
