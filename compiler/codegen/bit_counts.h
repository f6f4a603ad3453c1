// Bits are counted by the processor where it can. See bit_counts.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs after LLVM's pipeline, at the full level only.
struct BitCounts : llvm::PassInfoMixin<BitCounts> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace burrow::codegen
