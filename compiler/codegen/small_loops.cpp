// Small loops that will poll.
//
// The problem: a poll (loop_polls.cpp) is two instructions and a load, which a loop of a few instructions feels: one that
// looks at a byte per turn until it finds one (bytes.BenchmarkIndexBytePortable) took 3.0 times as long as gc's. LLVM leaves
// such loops as they are, since it can't know their number of turns before it enters them.
//
// What is done: an innermost loop without calls whose body is small is repeated kCopies times, each copy with all the exits
// of the first, and only the last jumps back and so polls. The order of everything the program does stays.
//
// A counter whose step changes from one run of the loop to the next (a sieve's) is kept from LLVM's strength reduction: it would
// make a counter of each copy's, and as each starts somewhere else each time, sums of all of them in the loop around (thirteen in
// each of the 9998 turns of bench/everyday's sieve, of which 25 enter the inner loop). A freeze is enough, as it hides that the
// counter is one; the copies then add to each other's.
//
// Rejected: a poll every n-th turn by a counter (costs what the poll does); larger bodies (the poll is not felt there).
#include "codegen/small_loops.h"

#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/UnrollLoop.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr unsigned kCopies = 4;
constexpr unsigned kLargestBody = 16;  // instructions, without phis
constexpr unsigned kShortTrip = 64;    // loops that end after so many turns at most gain nothing

// Whether the body is small, calls nothing, and is no rest of a loop that LLVM has unrolled or vectorised.
bool isSmall(const Loop& loop) {
  if (!loop.isInnermost() || loop.getNumBlocks() > 6) return false;
  unsigned size = 0;
  for (const BasicBlock* block : loop.blocks()) {
    for (const Instruction& i : *block) {
      if (isa<PHINode>(i) || i.isDebugOrPseudoInst()) continue;
      if (isa<CallBase>(i) && !isa<IntrinsicInst>(i)) return false;
      if (i.isAtomic() || i.isVolatile() || i.getType()->isVectorTy()) return false;
      if (++size > kLargestBody) return false;
    }
  }
  for (const char* done : {"llvm.loop.unroll.disable", "llvm.loop.unroll.runtime.disable", "llvm.loop.isvectorized"}) {
    if (findOptionMDForLoop(&loop, done)) return false;
  }
  return true;
}

// Freezes what the loop's counters become whose step is not the same in each run of the loop.
bool hideChangingSteps(Loop& loop, ScalarEvolution& scev) {
  const Loop* around = loop.getParentLoop();
  if (!around) return false;
  bool changed = false;
  for (PHINode& phi : loop.getHeader()->phis()) {
    if (!phi.getType()->isIntegerTy()) continue;
    const auto* counter = dyn_cast<SCEVAddRecExpr>(scev.getSCEV(&phi));
    if (!counter || counter->getLoop() != &loop || scev.isLoopInvariant(counter->getStepRecurrence(scev), around)) continue;
    BasicBlock* latch = loop.getLoopLatch();
    Value* next = phi.getIncomingValueForBlock(latch);
    IRBuilder<> b(latch->getTerminator());
    phi.setIncomingValueForBlock(latch, b.CreateFreeze(next));
    changed = true;
  }
  if (changed) scev.forgetLoop(&loop);
  return changed;
}

}  // namespace

PreservedAnalyses SmallLoops::run(Function& f, FunctionAnalysisManager& analyses) {
  // Functions without stack check have no polls; those that end in a panic run once.
  if (!f.hasFnAttribute("split-stack") || f.doesNotReturn() || f.hasOptSize() || f.hasFnAttribute(Attribute::Cold))
    return PreservedAnalyses::all();
  LoopInfo& loops = analyses.getResult<LoopAnalysis>(f);
  SmallVector<Loop*, 8> small;
  for (Loop* loop : loops.getLoopsInPreorder()) {
    if (isSmall(*loop)) small.push_back(loop);
  }
  if (small.empty()) return PreservedAnalyses::all();
  auto& dom = analyses.getResult<DominatorTreeAnalysis>(f);
  auto& scev = analyses.getResult<ScalarEvolutionAnalysis>(f);
  auto& assumptions = analyses.getResult<AssumptionAnalysis>(f);
  auto& target = analyses.getResult<TargetIRAnalysis>(f);
  OptimizationRemarkEmitter remarks(&f);
  bool changed = false;
  for (Loop* loop : small) {
    const unsigned turns = scev.getSmallConstantMaxTripCount(loop);
    if (turns != 0 && turns <= kShortTrip) continue;
    changed |= simplifyLoop(loop, &dom, &loops, &scev, &assumptions, nullptr, /*PreserveLCSSA=*/false);
    changed |= formLCSSA(*loop, dom, &loops, &scev);
    if (!loop->isLoopSimplifyForm()) continue;
    changed |= hideChangingSteps(*loop, scev);
    UnrollLoopOptions options = {};
    options.Count = kCopies;
    options.Force = true;
    options.SCEVExpansionBudget = 4;
    changed |= UnrollLoop(loop, options, &loops, &scev, &dom, &assumptions, &target, &remarks,
                          /*PreserveLCSSA=*/true) != LoopUnrollResult::Unmodified;
  }
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

}  // namespace burrow::codegen
