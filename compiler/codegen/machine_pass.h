// What our passes over machine code have in common: a name, the analyses that they ask LLVM for, and that they leave all
// analyses valid (or mend what they change themselves).
#pragma once

#include "codegen/llvm.h"

#include "llvm/CodeGen/MachineFunctionPass.h"

namespace burrow::codegen {

// A pass is `class P : public MachinePass<P, Analyses...>` with a static kName and runOnMachineFunction.
template <class Derived, class... Analyses>
class MachinePass : public llvm::MachineFunctionPass {
 public:
  static inline char ID = 0;  // LLVM knows a pass by this variable's address
  MachinePass() : MachineFunctionPass(ID) {}
  llvm::StringRef getPassName() const override { return Derived::kName; }
  void getAnalysisUsage(llvm::AnalysisUsage& usage) const override {
    (usage.addRequired<Analyses>(), ...);
    usage.setPreservesAll();
    MachineFunctionPass::getAnalysisUsage(usage);
  }
};

}  // namespace burrow::codegen
