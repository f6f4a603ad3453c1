// The next instruction of an interpreter's loop is found by a jump.
//
// The problem: in a loop around a switch over what stands at `pc`, a conditional jump of the interpreted program is
// `if ... { pc = target }`, which LLVM makes a select of, and the machine a conditional move. All that follows then waits for
// the condition: the load at pc, and the switch over what it loads. With a jump the processor guesses the target and goes on;
// should it guess wrong, it has nothing to lose, since the switch would have been guessed wrong with it. With this, and with
// divisions that test for -1 by a jump, bench/programs' interp went from 1.21 to 1.11 of gc's time (alternating runs).
//
// So a select becomes a jump if its value is, through phis of the loop, where an operand of the switch is loaded from. In a
// search that ends by a comparison (no switch) the move is the better choice, and stays.
//
// Rejected: LLVM's option to make jumps of all moves (x86-cmov-converter-force-all), for the sake of partitions and merges.
#include "codegen/dispatch.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Operator.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr unsigned kFewestCases = 4;  // fewer are compared one by one
constexpr unsigned kMostSteps = 32;   // that are followed from a switch

// The selects of the loop that the value of `from` comes from by way of arithmetic, one load, and phis.
void collect(Value* from, const Loop& loop, SmallSetVector<SelectInst*, 4>& selects) {
  SmallVector<std::pair<Value*, bool>, 16> work{{from, false}};  // and whether the load is behind it
  SmallPtrSet<Value*, 16> seen;
  for (unsigned steps = 0; !work.empty() && steps < kMostSteps; steps++) {
    auto [value, loaded] = work.pop_back_val();
    auto* inst = dyn_cast<Instruction>(value);
    if (!inst || !loop.contains(inst) || !seen.insert(inst).second) continue;
    if (auto* load = dyn_cast<LoadInst>(inst)) {
      if (!loaded) work.push_back({load->getPointerOperand(), true});
    } else if (auto* select = dyn_cast<SelectInst>(inst)) {
      if (loaded && select->getCondition()->getType()->isIntegerTy(1)) selects.insert(select);
    } else if (isa<PHINode>(inst) || isa<GetElementPtrInst>(inst) || isa<CastInst>(inst) || isa<BinaryOperator>(inst)) {
      for (Value* operand : inst->operands()) work.push_back({operand, loaded});
    }
  }
}

void makeJump(SelectInst* select) {
  IRBuilder<> b(select);
  Value* condition = select->getCondition();
  if (!isGuaranteedNotToBeUndefOrPoison(condition)) condition = b.CreateFreeze(condition);
  BasicBlock* before = select->getParent();
  Instruction* taken = SplitBlockAndInsertIfThen(condition, select->getIterator(), /*Unreachable=*/false);
  PHINode* phi = PHINode::Create(select->getType(), 2, "", select->getParent()->begin());
  phi->setDebugLoc(select->getDebugLoc());
  phi->addIncoming(select->getTrueValue(), taken->getParent());
  phi->addIncoming(select->getFalseValue(), before);
  select->replaceAllUsesWith(phi);
  phi->takeName(select);
  select->eraseFromParent();
}

}  // namespace

PreservedAnalyses Dispatch::run(Function& f, FunctionAnalysisManager& analyses) {
  LoopInfo& loops = analyses.getResult<LoopAnalysis>(f);
  SmallSetVector<SelectInst*, 4> selects;
  for (BasicBlock& block : f) {
    auto* dispatch = dyn_cast<SwitchInst>(block.getTerminator());
    const Loop* loop = loops.getLoopFor(&block);
    if (dispatch && loop && dispatch->getNumCases() >= kFewestCases) collect(dispatch->getCondition(), *loop, selects);
  }
  for (SelectInst* select : selects) makeJump(select);
  return selects.empty() ? PreservedAnalyses::all() : PreservedAnalyses::none();
}

}  // namespace burrow::codegen
