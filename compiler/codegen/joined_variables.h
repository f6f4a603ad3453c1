// One variable of a frame instead of two of which one is a copy of the other. See joined_variables.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs after LLVM's pipeline.
struct JoinedVariables : llvm::PassInfoMixin<JoinedVariables> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace burrow::codegen
