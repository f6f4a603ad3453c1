// Small functions that call themselves get a few copies of their body in place of the calls.
//
// The problem: LLVM's inliner leaves calls alone by which a function calls itself. Where such a function does little else (walks
// a tree, tries a board, computes fib) most of its time is what a call costs: the check of the stack, a frame, registers that
// are pushed and popped. C gets rid of a part of it by turning the last call into a jump, which Go must not, since a traceback
// shows each frame.
//
//     func fib(n int) int {                       func fib(n int) int {
//         if n < 2 { return n }                       if n < 2 { return n }
//         return fib(n-1) + fib(n-2)        ─►        a := n - 1
//     }                                               if n >= 3 { a = fib(n-2) + fib(n-3) }    // and so on
//
// What is inlined shows in tracebacks as a frame of its own, like all that is inlined. Copies are made level by level, while the whole
// stays below kLargestResult.
//
// What must hold: the function checks its stack (a nosplit frame may not grow), may be inlined at all, and does not return
// twice (defer). Calls in cold blocks stay, and so do all of a function whose self-call is in a loop: the loop is where its time goes.
//
// Rejected: doing it before LLVM's inliner (the sizes are not yet what they will be, and the result would no longer be inlined
// elsewhere); turning a last call into a jump.
//
// Effect: fib of bench/programs takes half of the time it took.
#include "codegen/self_calls.h"

#include "codegen/large_functions.h"

#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/CorrelatedValuePropagation.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/Cloning.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr size_t kLargestBody = 60;  // instructions
constexpr size_t kLargestResult = 200;
constexpr unsigned kLevels = 3;
constexpr uint64_t kLargestLocals = 64;  // bytes of variables in the frame: each copy has its own

size_t size(const Function& f) {
  size_t n = 0;
  for (const Instruction& i : instructions(f)) n += !isa<PHINode>(i) && !i.isDebugOrPseudoInst() && !i.isLifetimeStartOrEnd();
  return n;
}

uint64_t bytesOfLocals(const Function& f) {
  uint64_t bytes = 0;
  for (const Instruction& i : instructions(f)) {
    const auto* local = dyn_cast<AllocaInst>(&i);
    if (!local) continue;
    const std::optional<TypeSize> size = local->getAllocationSize(f.getDataLayout());
    bytes += size ? size->getFixedValue() : kLargestLocals + 1;
  }
  return bytes;
}

// The calls that may be replaced; none when one may not.
SmallVector<CallBase*, 4> selfCalls(Function& f, const LoopInfo& loops) {
  SmallVector<CallBase*, 4> calls;
  for (Instruction& i : instructions(f)) {
    auto* call = dyn_cast<CallBase>(&i);
    if (!call || call->getCalledFunction() != &f) continue;
    if (call->isNoInline() || call->isMustTailCall() || loops.getLoopFor(call->getParent())) return {};
    if (!isa<UnreachableInst>(call->getParent()->getTerminator())) calls.push_back(call);
  }
  return calls;
}

bool isCandidate(const Function& f) {
  if (f.isDeclaration() || f.hasAvailableExternallyLinkage() || isLarge(f) || !f.hasFnAttribute("split-stack")) return false;
  if (f.hasFnAttribute(Attribute::NoInline) || f.hasFnAttribute(Attribute::Cold) || f.hasOptSize() || f.doesNotReturn()) return false;
  if (f.callsFunctionThatReturnsTwice()) return false;
  return any_of(f.users(), [&](const User* user) {
    const auto* call = dyn_cast<CallBase>(user);
    return call && call->getFunction() == &f;
  });
}

// A copy of the function as it is, with the same description: what it says of lines and variables is to be the function's own.
Function* copyOf(Function& f) {
  DISubprogram* description = f.getSubprogram();
  f.setSubprogram(nullptr);  // else the copy gets a copy of it
  ValueToValueMapTy map;
  Function* copy = CloneFunction(&f, map);
  f.setSubprogram(description);
  copy->setSubprogram(description);
  return copy;
}

bool inlineSelfCalls(Function& f, FunctionAnalysisManager& analyses) {
  SmallVector<CallBase*, 4> calls = selfCalls(f, analyses.getResult<LoopAnalysis>(f));
  const size_t body = size(f);
  if (calls.empty() || body > kLargestBody || bytesOfLocals(f) > kLargestLocals) return false;
  size_t all = body;
  if (all + calls.size() * body > kLargestResult) return false;
  Function* copy = copyOf(f);
  auto assumptions = [&](Function& of) -> AssumptionCache& { return analyses.getResult<AssumptionAnalysis>(of); };
  // Of the copy, because LLVM takes a function that calls itself for not viable.
  bool changed = false;
  if (!isInlineViable(*copy).isSuccess()) calls.clear();
  for (unsigned level = 0; level != kLevels && all + calls.size() * body <= kLargestResult; level++) {
    SmallVector<CallBase*, 4> next;
    for (CallBase* call : calls) {
      call->setCalledFunction(copy);
      InlineFunctionInfo info(assumptions);
      if (!InlineFunction(*call, info).isSuccess()) {
        call->setCalledFunction(&f);
        continue;
      }
      changed = true;
      all += body;
      for (CallBase* inner : info.InlinedCallSites) {
        if (inner->getCalledFunction() == &f && !isa<UnreachableInst>(inner->getParent()->getTerminator())) next.push_back(inner);
      }
    }
    calls = std::move(next);
  }
  analyses.clear(*copy, copy->getName());
  copy->setSubprogram(nullptr);
  copy->eraseFromParent();
  return changed;
}

}  // namespace

PreservedAnalyses SelfCalls::run(Module& module, ModuleAnalysisManager& moduleAnalyses) {
  SmallVector<Function*, 8> candidates;
  for (Function& f : module) {
    if (isCandidate(f)) candidates.push_back(&f);
  }
  if (candidates.empty()) return PreservedAnalyses::all();
  FunctionAnalysisManager& analyses = moduleAnalyses.getResult<FunctionAnalysisManagerModuleProxy>(module).getManager();
  FunctionPassManager after;
  after.addPass(EarlyCSEPass());
  after.addPass(CorrelatedValuePropagationPass());
  after.addPass(InstCombinePass());
  after.addPass(SimplifyCFGPass());
  bool changed = false;
  for (Function* f : candidates) {
    if (!inlineSelfCalls(*f, analyses)) continue;
    changed = true;
    analyses.invalidate(*f, PreservedAnalyses::none());
    analyses.invalidate(*f, after.run(*f, analyses));
  }
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

}  // namespace burrow::codegen
