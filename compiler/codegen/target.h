// The target machine, the optimisation pipelines, and writing object code.
#pragma once

#include "codegen/codegen.h"
#include "codegen/llvm.h"

#include <memory>
#include <string>

namespace llvm {
class TargetMachine;
}

namespace burrow::codegen {

// LLVM's name for the processor that GOAMD64 asks for: 1 to 4.
std::string processor(int amd64Level);

// x86-64 Linux, the instructions of the options' level, small code model. Null and `*error` when LLVM lacks the target. It stays until the
// thread ends, for the next module: making one takes as long as compiling a small function.
llvm::TargetMachine* targetMachine(const CodegenOptions& options, std::string* error);

// The data layout of compiled Go: the target's, with Go pointers' address space non-integral.
std::string goDataLayout(const llvm::TargetMachine& machine);

// `*methodFacts`: what addMethodFacts is to put into the object (method_uses.h). `simplified` is called after LLVM's simplification,
// before loops are vectorised and everything that makes code larger.
void optimise(llvm::Module& module, llvm::TargetMachine& machine, const CodegenOptions& options, std::string* methodFacts,
              llvm::function_ref<void()> simplified = {});

// Object code, or assembly text. The module is used up.
bool emitMachineCode(llvm::Module& module, llvm::TargetMachine& machine, const ir::Without& without, bool assembly,
                     llvm::SmallVectorImpl<char>& out);

}  // namespace burrow::codegen
