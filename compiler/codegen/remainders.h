// Remainders of what a loop counts are counted along. See remainders.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs before loops are made vectors and repeated, at the full level only.
struct Remainders : llvm::PassInfoMixin<Remainders> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace burrow::codegen
