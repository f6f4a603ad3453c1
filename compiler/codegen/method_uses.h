// What the link step has to know of a function to drop methods that nobody calls. See method_uses.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

#include <string>

namespace burrow::codegen {

// On a call through an itab: the key (method_facts.h) of the method that it calls.
inline constexpr llvm::StringLiteral kMethodAttribute = "burrow-method";

// Collects the facts of all functions in `facts`, which outlives the pass, in the format of method_facts.h. Runs when
// calls and uses of descriptors are those that stay, and before the passes that expand allocations.
class MethodUses : public llvm::PassInfoMixin<MethodUses> {
 public:
  explicit MethodUses(std::string& facts) : facts_(&facts) {}
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
  static bool isRequired() { return true; }

 private:
  std::string* facts_;
};

// Puts the facts into the object, in a section that the executable does not get.
void addMethodFacts(llvm::Module& module, const std::string& facts);

}  // namespace burrow::codegen
