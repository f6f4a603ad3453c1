// What debuggers see of a function before its frame is there; see entry_values.cpp.
#pragma once

namespace llvm {
class MachineFunctionPass;
}

namespace burrow::codegen {

// The pass, for the place before the code is written: after all that moves instructions or says where variables are.
llvm::MachineFunctionPass* makeEntryValues();

}  // namespace burrow::codegen
