// What is added to LLVM's list of machine passes; see machine_passes.cpp.
#pragma once

#include "codegen/llvm.h"

#include "ir/without.h"

#include "llvm/IR/LegacyPassManager.h"

namespace llvm {
class AsmPrinter;
}

namespace burrow::codegen {

// Stands between the target and the pass manager while the target adds its passes.
class MachinePasses : public llvm::legacy::PassManagerBase {
 public:
  MachinePasses(llvm::legacy::PassManagerBase& to, const ir::Without& without) : to_(to), without_(without) {}
  void add(llvm::Pass* pass) override;
  // The pass that writes the machine code; null if the target has added none.
  llvm::AsmPrinter* printer() const { return printer_; }

 private:
  llvm::legacy::PassManagerBase& to_;
  const ir::Without& without_;
  llvm::AsmPrinter* printer_ = nullptr;
};

}  // namespace burrow::codegen
