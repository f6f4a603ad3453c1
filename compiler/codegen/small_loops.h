// Small loops that will poll are unrolled. See small_loops.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs after LLVM's pipeline and before LoopPolls, at the full level only.
struct SmallLoops : llvm::PassInfoMixin<SmallLoops> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace burrow::codegen
