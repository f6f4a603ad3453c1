// Small allocations of constant size in compiled code. See allocations.cpp.
#pragma once

#include "codegen/llvm.h"
#include "ir/type.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Says at a call of runtime.newobject or runtime.makeslice what one value of the type is like.
void describeAllocation(llvm::CallInst* call, ir::TypeTable& types, ir::TypeId type);

// Runs after WriteBarriers, which wants to see the calls, and before RootSlots.
struct Allocations : llvm::PassInfoMixin<Allocations> {
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

}  // namespace burrow::codegen
