// Remainders of what a loop counts are counted along.
//
// The problem: a division takes twenty times as long as an addition, and `i % n` with an n that is not constant is how one
// goes round in a ring: through a key, the neighbours on a torus, the workers of a pool.
//
//     for i := range text {                      r := 0
//         text[i] ^= key[i%len(key)]      ─►     for i := range text {
//     }                                              text[i] ^= key[r]
//                                                    if r++; r == len(key) { r = 0 }
//
// Divided is once at most, in front of the loop, and not at all when the loop counts from 0.
//
// What must hold: the loop counts by one, the divisor does not change in it, and each turn that comes to its end has divided
// (a division that seldom happens is cheaper than a counter that always counts). What is divided does not wrap round: what is
// known of lengths says so mostly (ir::kMaxLength); without this, 2^64 % n would matter. A negative divisor gives the same
// remainders as its absolute value; a negative dividend is left alone. The test for 0 stays where it is: a loop that is
// entered with 0 panics before it uses what is counted here, which stands for a divisor of 1 then.
//
// Rejected: other steps than one (r += step; if r >= n, r -= n; needs step < n, which nobody knows); divisors that are
// constant (LLVM multiplies, and the loop can still become vectors).
//
// Effect: life of bench/programs, which divides twice for each cell, takes 0.74 of its time before.
#include "codegen/remainders.h"

#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace burrow::codegen {

using namespace llvm;
using namespace llvm::PatternMatch;

namespace {

class LoopRemainders {
 public:
  LoopRemainders(Function& f, FunctionAnalysisManager& analyses)
      : loops_(analyses.getResult<LoopAnalysis>(f)),
        dom_(analyses.getResult<DominatorTreeAnalysis>(f)),
        scev_(analyses.getResult<ScalarEvolutionAnalysis>(f)),
        assumptions_(analyses.getResult<AssumptionAnalysis>(f)),
        expander_(scev_, "remainder") {}

  void replace(BinaryOperator* division) { changed_ |= replaced(division); }
  bool changed() const { return changed_; }

 private:
  bool replaced(BinaryOperator* division);
  const SCEVAddRecExpr* counted(Value* v, const Loop* loop);
  bool isInEachTurn(const BinaryOperator* division, const Loop* loop);
  bool isFarFromWrapping(BinaryOperator* division, const SCEVAddRecExpr* dividend, const Loop* loop);

  LoopInfo& loops_;
  DominatorTree& dom_;
  ScalarEvolution& scev_;
  AssumptionCache& assumptions_;
  SCEVExpander expander_;
  bool changed_ = false;
};

// What the loop adds one to in each turn; null otherwise.
const SCEVAddRecExpr* LoopRemainders::counted(Value* v, const Loop* loop) {
  const auto* r = dyn_cast<SCEVAddRecExpr>(scev_.getSCEV(v));
  return r && r->getLoop() == loop && r->isAffine() && r->getStepRecurrence(scev_)->isOne() ? r : nullptr;
}

// Whether each turn that comes to its end divides, or would but for a divisor of -1 (lower_arith.cpp).
bool LoopRemainders::isInEachTurn(const BinaryOperator* division, const Loop* loop) {
  const BasicBlock* block = division->getParent();
  if (const BasicBlock* before = block->getSinglePredecessor()) {
    const auto* branch = dyn_cast<BranchInst>(before->getTerminator());
    Value* divisor = division->getOperand(1);
    if (branch && branch->isConditional() && branch->getSuccessor(1) == block &&
        match(branch->getCondition(), m_SpecificICmp(ICmpInst::ICMP_EQ, m_Specific(divisor), m_AllOnes())))
      block = before;
  }
  return dom_.dominates(block, loop->getLoopLatch());
}

// Whether the dividend is its first value plus the number of turns, and not negative, wherever it is divided. Where an addition
// that must not wrap wraps, the remainder is nothing that anybody may use.
bool LoopRemainders::isFarFromWrapping(BinaryOperator* division, const SCEVAddRecExpr* dividend, const Loop* loop) {
  const bool isSigned = division->getOpcode() == Instruction::SRem;
  const SCEV* start = scev_.applyLoopGuards(dividend->getStart(), loop);
  if (isSigned && scev_.getSignedRangeMin(start).isNegative()) return false;
  if (isSigned ? dividend->hasNoSignedWrap() : dividend->hasNoUnsignedWrap()) return true;
  if (const auto* turns = dyn_cast<SCEVConstant>(scev_.getConstantMaxBackedgeTakenCount(loop))) {
    const unsigned bits = division->getType()->getIntegerBitWidth();
    const unsigned more = std::max(bits, turns->getAPInt().getBitWidth()) + 1;
    const APInt first = isSigned ? scev_.getSignedRangeMax(start) : scev_.getUnsignedRangeMax(start);
    const APInt limit = isSigned ? APInt::getSignedMaxValue(bits) : APInt::getMaxValue(bits);
    if ((first.zext(more) + turns->getAPInt().zext(more)).ule(limit.zext(more))) return true;
  }
  if (isSigned) return false;
  Value *x, *fixed;
  if (!match(division->getOperand(0), m_NUWAdd(m_Value(x), m_Value(fixed)))) return false;
  if (loop->isLoopInvariant(x)) std::swap(x, fixed);
  const SCEVAddRecExpr* r = loop->isLoopInvariant(fixed) ? counted(x, loop) : nullptr;
  return r && r->hasNoUnsignedWrap();
}

bool LoopRemainders::replaced(BinaryOperator* division) {
  Loop* loop = loops_.getLoopFor(division->getParent());
  Value* divisor = division->getOperand(1);
  if (!loop || !loop->isLoopInvariant(divisor)) return false;
  if (!loop->isLoopSimplifyForm()) changed_ |= simplifyLoop(loop, &dom_, &loops_, &scev_, &assumptions_, nullptr, /*PreserveLCSSA=*/false);
  if (!loop->isLoopSimplifyForm() || !isInEachTurn(division, loop)) return false;
  const SCEVAddRecExpr* dividend = counted(division->getOperand(0), loop);
  if (!dividend || !isFarFromWrapping(division, dividend, loop)) return false;
  const SCEV* start = dividend->getStart();
  Instruction* before = loop->getLoopPreheader()->getTerminator();
  if (!expander_.isSafeToExpandAt(start, before)) return false;

  Type* type = division->getType();
  Constant *zero = ConstantInt::get(type, 0), *one = ConstantInt::get(type, 1);
  const SCEV* by = scev_.getSCEV(divisor);
  const bool isNegative = division->getOpcode() == Instruction::SRem && !scev_.isKnownNonNegative(by);
  const bool isZero = !scev_.isKnownNonZero(by) && !scev_.isLoopEntryGuardedByCond(loop, ICmpInst::ICMP_NE, by, scev_.getZero(type));
  IRBuilder<> b(before);
  b.SetCurrentDebugLocation(division->getDebugLoc());
  // What happens here may happen although the loop ends before it divides.
  if (!isGuaranteedNotToBeUndefOrPoison(divisor, nullptr, before, &dom_)) divisor = b.CreateFreeze(divisor);
  if (isNegative) divisor = b.CreateSelect(b.CreateICmpSLT(divisor, zero), b.CreateNeg(divisor), divisor);
  if (isZero) divisor = b.CreateBinaryIntrinsic(Intrinsic::umax, divisor, one);
  Value* first = expander_.expandCodeFor(start, type, before);
  const bool isBelow = start->isZero() || (!isNegative && !isZero && scev_.isLoopEntryGuardedByCond(loop, ICmpInst::ICMP_ULT, start, by));
  if (!isBelow) first = start->isOne() ? b.CreateZExt(b.CreateICmpNE(divisor, one), type) : b.CreateURem(first, divisor);

  PHINode* now = PHINode::Create(type, 2, "remainder", loop->getHeader()->begin());
  now->setDebugLoc(division->getDebugLoc());
  b.SetInsertPoint(loop->getLoopLatch()->getTerminator());
  b.SetCurrentDebugLocation(division->getDebugLoc());
  Value* next = b.CreateAdd(now, one);
  next = b.CreateSelect(b.CreateICmpEQ(next, divisor), zero, next, "remainder.next");
  now->addIncoming(first, loop->getLoopPreheader());
  now->addIncoming(next, loop->getLoopLatch());
  scev_.forgetValue(division);
  division->replaceAllUsesWith(now);
  division->eraseFromParent();
  return true;
}

}  // namespace

PreservedAnalyses Remainders::run(Function& f, FunctionAnalysisManager& analyses) {
  SmallVector<BinaryOperator*, 4> divisions;
  for (Instruction& i : instructions(f)) {
    const bool divides = i.getOpcode() == Instruction::URem || i.getOpcode() == Instruction::SRem;
    if (divides && i.getType()->isIntegerTy() && !isa<Constant>(i.getOperand(1))) divisions.push_back(cast<BinaryOperator>(&i));
  }
  if (divisions.empty()) return PreservedAnalyses::all();
  LoopRemainders remainders(f, analyses);
  for (BinaryOperator* division : divisions) remainders.replace(division);
  return remainders.changed() ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

}  // namespace burrow::codegen
