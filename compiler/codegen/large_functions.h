// Functions that are too large for all of LLVM's passes.
//
// The problem: generated code has functions of ten thousand cases, calls or statements, and many of LLVM's passes take more
// than linear time in a function's blocks or instructions (the inliner splits the caller's block at each call, SimplifyCFG
// collects the predecessors of a block for each of them, InstCombine and LazyValueInfo ask for dominating conditions, the
// scheduler and debug values compare everything with everything). A switch of 10,000 cases took ten seconds of which our own
// lowering was a twentieth; compile time must grow with the program, not with its square.
//
// What is done: a function that is above the limits when it has been lowered is marked. The marked ones do not take part in
// the standard pipeline; instead, a few passes that are linear run on them: variables into registers, common
// subexpressions, dead code. Back-end passes that are optional skip them as well. All that correctness needs (polls, write
// barriers, root slots) they get like all others, so there is no second kind of code to the runtime.
//
// Rejected: `optnone`, which also turns off what is linear and leaves every variable in memory. Splitting such functions:
// their variables are shared by all parts.
#pragma once

#include "codegen/llvm.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/OptBisect.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/IR/PassManager.h"

#include <memory>

namespace burrow::codegen {

// Marks large functions; whether there are any.
bool markLargeFunctions(llvm::Module& module);
bool isLarge(const llvm::Function& f);

// Has the passes that come under these callbacks leave marked functions alone.
void skipLargeFunctions(llvm::PassInstrumentationCallbacks& callbacks);
// What they get instead.
void optimiseLargeFunctions(llvm::Module& module, llvm::FunctionAnalysisManager& analyses);

// The same for optional passes of the back end. Has to live as long as it is the context's gate.
class LargeFunctionGate : public llvm::OptPassGate {
 public:
  explicit LargeFunctionGate(const llvm::Module& module);
  bool shouldRunPass(llvm::StringRef pass, llvm::StringRef unit) const override;
  bool isEnabled() const override { return !units_.empty(); }

 private:
  llvm::StringSet<> units_;  // as LLVM describes functions to gates
};

}  // namespace burrow::codegen
