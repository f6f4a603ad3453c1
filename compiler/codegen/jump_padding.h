// Which functions have their jumps kept within 32 bytes; see jump_padding.cpp.
#pragma once

namespace llvm {
class AsmPrinter;
}

namespace burrow::codegen {

// Functions above the limit go without padding.
// With `none`, no jumps are padded at all.
void limitPadding(llvm::AsmPrinter& printer, bool none);

}  // namespace burrow::codegen
