// Objects on the stack have the alignment of a frame at most. See stack_alignment.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs after all that makes or changes objects on the stack, at every level.
struct StackAlignment : llvm::PassInfoMixin<StackAlignment> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager&);
  static bool isRequired() { return true; }
};

}  // namespace burrow::codegen
