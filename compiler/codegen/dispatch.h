// The next instruction of an interpreter's loop is found by a jump. See dispatch.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs after LLVM's pipeline, at the full level only.
struct Dispatch : llvm::PassInfoMixin<Dispatch> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace burrow::codegen
