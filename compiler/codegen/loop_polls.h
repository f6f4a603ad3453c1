// Polls in loops, so that a goroutine in a loop without calls can be stopped. See loop_polls.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// What a poll calls when the goroutine is asked to yield (runtime/stack/looppreempt_amd64.S).
inline constexpr const char* kLoopPreempt = "runtime.looppreempt";

// The attribute of functions on whose stack check some loop relies.
inline constexpr const char* kChecksStack = "burrow.checks-stack";

// Runs after LLVM's pipeline. Functions without stack check (nosplit) get no polls.
struct LoopPolls : llvm::PassInfoMixin<LoopPolls> {
  // `everywhere`: also where one could do without.
  explicit LoopPolls(bool everywhere = false) : everywhere(everywhere) {}
  bool everywhere;
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

}  // namespace burrow::codegen
