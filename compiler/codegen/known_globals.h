// Folds what is known of globals behind the cast to the heap's address space. See known_globals.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs after each of InstCombine's runs in LLVM's pipeline.
struct KnownGlobals : llvm::PassInfoMixin<KnownGlobals> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
};

// Says that constant data which another package defines has `value` at `offset`.
void noteKnownContent(llvm::GlobalVariable& g, uint64_t offset, llvm::Constant* value);

}  // namespace burrow::codegen
