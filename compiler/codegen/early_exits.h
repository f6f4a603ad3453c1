// Values of a function's fast way apart from those of the rest; see early_exits.cpp.
#pragma once

namespace llvm {
class MachineFunctionPass;
}

namespace burrow::codegen {

// The pass, for the place after LLVM has joined copies and before it gives out registers.
llvm::MachineFunctionPass* makeEarlyExits();

}  // namespace burrow::codegen
