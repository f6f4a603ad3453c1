// Loops without the checks that cannot fail. See versioned_loops.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs behind LLVM's own passes, at the full level only.
struct VersionedLoops : llvm::PassInfoMixin<VersionedLoops> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace burrow::codegen
