// Loops with wide vectors in programs for any processor. See wide_loops.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

#include <string_view>

namespace burrow::codegen {

// Runs before LLVM vectorises loops, and after it has inlined: at the full level, in programs below v3.
struct WideCopies : llvm::PassInfoMixin<WideCopies> {
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

// Runs after LLVM's pipeline.
struct WideChoices : llvm::PassInfoMixin<WideChoices> {
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

// Whether the function is such a copy: it may use what the third level of x86-64 has.
bool isWide(const llvm::Function& f);

// The name in the program of the function with this symbol: a copy is known by its original's.
std::string_view sourceSymbol(std::string_view symbol);

}  // namespace burrow::codegen
