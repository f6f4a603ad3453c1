// Loops that cut a slice from the front take its pointer along without a choice. See front_cuts.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs before loops are made vectors and repeated, at the full level only.
struct FrontCuts : llvm::PassInfoMixin<FrontCuts> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace burrow::codegen
