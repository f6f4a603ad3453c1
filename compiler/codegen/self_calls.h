// Small functions that call themselves get a few copies of their body in place of the calls. See self_calls.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs after LLVM's inliner and what simplifies functions, at the full level only.
struct SelfCalls : llvm::PassInfoMixin<SelfCalls> {
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
};

}  // namespace burrow::codegen
