// Functions that call a func value are copied for the func values that are known. See known_closures.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs before LLVM's inliner, at the full level only.
struct KnownClosures : llvm::PassInfoMixin<KnownClosures> {
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
};

// The name that a function has in the program: of such a copy the name of what it is a copy of.
llvm::StringRef programName(llvm::StringRef symbol);

}  // namespace burrow::codegen
