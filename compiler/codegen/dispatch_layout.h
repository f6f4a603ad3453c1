// Where the end of an interpreter's loop stands; see dispatch_layout.cpp.
#pragma once

namespace llvm {
class MachineFunctionPass;
}

namespace burrow::codegen {

// The pass, for the place after LLVM has ordered the blocks.
llvm::MachineFunctionPass* makeDispatchLayout();

}  // namespace burrow::codegen
