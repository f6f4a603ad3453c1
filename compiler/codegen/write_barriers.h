// The write barrier in compiled code. See write_barriers.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs after LLVM's pipeline and after LoopPolls.
struct WriteBarriers : llvm::PassInfoMixin<WriteBarriers> {
  // Whether those go that stores into new objects do not need, and whether stores share a test.
  explicit WriteBarriers(bool removal = true, bool groups = true) : removal(removal), groups(groups) {}
  bool removal, groups;
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

}  // namespace burrow::codegen
