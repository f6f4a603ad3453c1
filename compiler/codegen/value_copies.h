// Copies of values that are used in very many blocks; see value_copies.cpp.
#pragma once

namespace llvm {
class MachineFunctionPass;
}

namespace burrow::codegen {

// The pass, for the place before LLVM finds out where registers are live.
llvm::MachineFunctionPass* makeValueCopies();

}  // namespace burrow::codegen
