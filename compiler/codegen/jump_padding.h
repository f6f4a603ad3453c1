// Which functions have their jumps kept within 32 bytes; see jump_padding.cpp.
#pragma once

namespace llvm {
class AsmPrinter;
}

namespace burrow::codegen {

// Functions above the limit go without padding.
void limitPadding(llvm::AsmPrinter& printer);

}  // namespace burrow::codegen
