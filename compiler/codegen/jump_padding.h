// Which functions have their jumps kept within 32 bytes; see jump_padding.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/LegacyPassManager.h"

namespace llvm {
class AsmPrinter;
}

namespace burrow::codegen {

// Stands between the target and the pass manager while the target adds its passes, and looks out for the one that prints.
// In front of the analysis of live variables it puts the pass of value_copies.h.
class PrinterFinder : public llvm::legacy::PassManagerBase {
 public:
  explicit PrinterFinder(llvm::legacy::PassManagerBase& to) : to_(to) {}
  void add(llvm::Pass* pass) override;
  // Functions above the limit go without padding. Whether the printer was found.
  bool limitPadding();

 private:
  llvm::legacy::PassManagerBase& to_;
  llvm::AsmPrinter* printer_ = nullptr;
};

}  // namespace burrow::codegen
