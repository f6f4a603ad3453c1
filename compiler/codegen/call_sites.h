// Calls that stay apart, each at its line; see call_sites.cpp.
#pragma once

namespace llvm {
class MachineFunctionPass;
}

namespace burrow::codegen {

// The pass, for the place before LLVM merges the ends of blocks.
llvm::MachineFunctionPass* makeCallSites();

}  // namespace burrow::codegen
