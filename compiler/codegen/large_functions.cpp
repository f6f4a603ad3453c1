// See large_functions.h.
#include "codegen/large_functions.h"

#include "llvm/Analysis/LazyCallGraph.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/Transforms/Scalar/ADCE.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/InstSimplifyPass.h"
#include "llvm/Transforms/Scalar/SROA.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr StringLiteral kLarge = "burrow-large";

// Nothing in the standard library comes near these.
constexpr size_t kMaxBlocks = 3'000;
constexpr size_t kMaxInstructions = 40'000;
constexpr size_t kMaxInBlock = 10'000;

bool exceeds(const Function& f) {
  if (f.size() > kMaxBlocks) return true;
  size_t all = 0;
  for (const BasicBlock& block : f) {
    size_t n = block.size();
    all += n;
    if (n > kMaxInBlock || all > kMaxInstructions) return true;
  }
  return false;
}

bool touchesLarge(const Any& unit) {
  if (const auto* f = any_cast<const Function*>(&unit)) return isLarge(**f);
  if (const auto* loop = any_cast<const Loop*>(&unit)) return isLarge(*(*loop)->getHeader()->getParent());
  if (const auto* scc = any_cast<const LazyCallGraph::SCC*>(&unit)) {
    return any_of(**scc, [](LazyCallGraph::Node& node) { return isLarge(node.getFunction()); });
  }
  return false;
}

}  // namespace

bool markLargeFunctions(Module& module) {
  bool any = false;
  for (Function& f : module) {
    if (f.isDeclaration() || !exceeds(f)) continue;
    f.addFnAttr(kLarge);
    f.addFnAttr(Attribute::NoInline);
    any = true;
  }
  return any;
}

bool isLarge(const Function& f) { return f.hasFnAttribute(kLarge); }

void skipLargeFunctions(PassInstrumentationCallbacks& callbacks) {
  callbacks.registerShouldRunOptionalPassCallback([](StringRef, Any unit) { return !touchesLarge(unit); });
}

void optimiseLargeFunctions(Module& module, FunctionAnalysisManager& analyses) {
  FunctionPassManager passes;
  passes.addPass(SROAPass(SROAOptions::PreserveCFG));
  passes.addPass(EarlyCSEPass());
  passes.addPass(InstSimplifyPass());
  passes.addPass(ADCEPass());
  for (Function& f : module) {
    if (f.isDeclaration() || !isLarge(f)) continue;
    analyses.invalidate(f, passes.run(f, analyses));
  }
}

LargeFunctionGate::LargeFunctionGate(const Module& module) {
  for (const Function& f : module) {
    if (isLarge(f)) units_.insert(("function (" + f.getName() + ")").str());
  }
}

bool LargeFunctionGate::shouldRunPass(StringRef pass, StringRef unit) const {
  // This one is linear and saves others time: selection writes a comparison as a subtraction from a copy, which it makes a
  // comparison again. With thousands of copies of one register the coalescer takes time that grows with their square.
  if (pass == "Peephole Optimizations") return true;
  return !units_.contains(unit);
}

}  // namespace burrow::codegen
