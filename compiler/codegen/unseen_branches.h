// Branches that a profile has never seen taken. See unseen_branches.cpp.
#pragma once

#include "codegen/llvm.h"
#include "passes/call_profile.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Runs before LLVM's pipeline, while blocks still are what the source has.
struct UnseenBranches : llvm::PassInfoMixin<UnseenBranches> {
  explicit UnseenBranches(const passes::CallProfile& profile) : profile_(&profile) {}
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);

 private:
  const passes::CallProfile* profile_;
};

}  // namespace burrow::codegen
