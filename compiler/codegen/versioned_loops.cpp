// Loops without the checks that cannot fail.
//
// The problem: a loop compares each index with a length in each turn, and mostly the largest index that there will be can be
// told before the first turn. LLVM removes what it can prove, and makes vectors of some loops up to the first failure; what
// it neither proves nor makes vectors of is checked to the end.
//
//     for i, j := 0, k; i < j; i, j = i+1, j-1 {          if k < len(p) {  the loop without its four checks
//         p[i], p[j] = p[j], p[i]                   ─►    } else {         the loop as it is
//     }                                                   }
//
// A loop has two versions then. In front of it are conditions under which some of its checks hold in every turn; if they are
// true, the version without these runs. If not, the other one does what it always did: a check fails in the turn in which it
// fails in the source, behind everything that was done before it.
//
// What a condition is made from (`LoopVersions::holds`), for a check that x is below a length that the loop does not change:
// - x counts up or down by one, and the number of turns is known: the last x, or the first.
// - x counts down and is known not to become negative: the first x.
// - x is not negative and below a y that counts down: the first y.
// - x goes round in a ring (remainders.cpp), or is a remainder: the divisor.
// - x cannot be larger than a constant, because it was a byte or was masked.
// - x is the same in all turns.
//
// Invariants: only innermost loops that call nothing but what panics (a call costs more than checks do), of kLargestBody
// instructions at most, so that code grows little. The conditions are frozen: they may be computed from what the loop would
// not have looked at.
//
// Rejected: LLVM's InductiveRangeCheckElimination (docs/performance.md, "Tried and dropped"), which cuts the range of one counter
// in three and knows neither counters whose number of turns is not known nor remainders; replacing x by its first value in
// the check, for LLVM to take out of the loop (what is checked behind a store stays); doing it before vectors are made
// (twice the code of loops that LLVM needs no help with).
#include "codegen/versioned_loops.h"

#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace burrow::codegen {

using namespace llvm;
using namespace llvm::PatternMatch;

namespace {

constexpr unsigned kLargestBody = 100;  // instructions, without phis
constexpr unsigned kSmallBody = 24;     // where one check less is worth a second version
constexpr unsigned kShortTrip = 8;      // loops that end after so many turns at most are left alone
constexpr unsigned kMostConditions = 8;
constexpr unsigned kExpansionBudget = 8;
constexpr unsigned kLengthBits = 31;  // constants that a length may be asked for

struct Condition {
  CmpInst::Predicate predicate;
  const SCEV *left, *right;
  bool operator==(const Condition&) const = default;
};
using Conditions = SmallVector<Condition, 8>;

// A branch that leaves the loop for a panic.
struct Check {
  BranchInst* branch;
  unsigned good;  // the successor that goes on
};

// Blocks that end in a panic, or only lead to one.
bool panics(const BasicBlock* block) {
  for (int i = 0; i < 3; i++) {
    if (isa<UnreachableInst>(block->getTerminator())) return true;
    block = block->getSingleSuccessor();
    if (block == nullptr) return false;
  }
  return false;
}

class LoopVersions {
 public:
  LoopVersions(Function& f, FunctionAnalysisManager& analyses)
      : f_(f),
        loops_(analyses.getResult<LoopAnalysis>(f)),
        dom_(analyses.getResult<DominatorTreeAnalysis>(f)),
        scev_(analyses.getResult<ScalarEvolutionAnalysis>(f)),
        assumptions_(analyses.getResult<AssumptionAnalysis>(f)),
        target_(analyses.getResult<TargetIRAnalysis>(f)) {}

  // What it does to the loop's form counts as a change.
  bool makeVersions(Loop* loop);

 private:
  bool holds(const Check& check, Conditions* conditions);
  bool isBelowByTurns(const SCEV* x, CmpInst::Predicate predicate, const SCEV* limit, const BasicBlock* at, Conditions* conditions);
  bool isBelowByCounter(const SCEV* x, CmpInst::Predicate predicate, const SCEV* limit, Conditions* conditions);
  bool isBelow(Value* x, CmpInst::Predicate predicate, const SCEV* limit, const BasicBlock* at, Conditions* conditions);
  bool isBelowInRing(Value* x, const SCEV* limit, Conditions* conditions);
  const SCEV* counted(const SCEV* x, int64_t step);
  bool isNotNegative(const SCEV* x, Conditions* conditions);
  void findTurns();
  bool add(Conditions* conditions, CmpInst::Predicate predicate, const SCEV* left, const SCEV* right);
  void divide(const SmallVectorImpl<Check>& checks, const Conditions& conditions);

  Function& f_;
  LoopInfo& loops_;
  DominatorTree& dom_;
  ScalarEvolution& scev_;
  AssumptionCache& assumptions_;
  TargetTransformInfo& target_;
  // Of the loop that is looked at.
  Loop* loop_ = nullptr;
  const SCEV* turns_ = nullptr;            // how often the loop goes back unless it is left before; null: not known
  const BasicBlock* lastTest_ = nullptr;  // where it ends after those
};

unsigned bodySize(const Loop& loop) {
  unsigned size = 0;
  for (const BasicBlock* block : loop.blocks()) {
    for (const Instruction& i : *block) {
      if (isa<PHINode>(i) || i.isDebugOrPseudoInst()) continue;
      if ((isa<CallBase>(i) && !isa<IntrinsicInst>(i)) || isa<MemIntrinsic>(i)) return kLargestBody + 1;
      if (i.isAtomic() || i.isVolatile()) return kLargestBody + 1;
      size++;
    }
  }
  return size;
}

// Whether LLVM has made vectors of the loop, or it is what those leave over.
bool isDone(const Loop& loop) {
  for (const char* done : {"llvm.loop.unroll.disable", "llvm.loop.unroll.runtime.disable", "llvm.loop.isvectorized"}) {
    if (findOptionMDForLoop(&loop, done)) return true;
  }
  return false;
}

void LoopVersions::findTurns() {
  turns_ = nullptr;
  lastTest_ = nullptr;
  SCEVExpander expander(scev_, "version");
  const Instruction* end = loop_->getLoopPreheader()->getTerminator();
  SmallVector<BasicBlock*, 4> exiting;
  loop_->getExitingBlocks(exiting);
  for (BasicBlock* block : exiting) {
    const auto* branch = dyn_cast<BranchInst>(block->getTerminator());
    if (branch == nullptr || panics(branch->getSuccessor(0)) || panics(branch->getSuccessor(1))) continue;
    const SCEV* turns = scev_.getExitCount(loop_, block);
    if (isa<SCEVCouldNotCompute>(turns) || expander.isHighCostExpansion({turns}, loop_, kExpansionBudget, &target_, end)) continue;
    turns_ = turns;
    lastTest_ = block;
    if (block == loop_->getLoopLatch()) return;
  }
}

// Adds a condition unless it is known to hold; false if it is known not to, or cannot be computed in front of the loop.
bool LoopVersions::add(Conditions* conditions, CmpInst::Predicate predicate, const SCEV* left, const SCEV* right) {
  if (isa<SCEVCouldNotCompute>(left) || isa<SCEVCouldNotCompute>(right)) return false;
  if (!scev_.isAvailableAtLoopEntry(left, loop_) || !scev_.isAvailableAtLoopEntry(right, loop_)) return false;
  if (scev_.isLoopEntryGuardedByCond(loop_, predicate, left, right)) return true;
  if (scev_.isLoopEntryGuardedByCond(loop_, CmpInst::getInversePredicate(predicate), left, right)) return false;
  const Condition condition = {predicate, left, right};
  if (!is_contained(*conditions, condition)) conditions->push_back(condition);
  return conditions->size() <= kMostConditions;
}

// The first value of what the loop changes by `step` in each turn; null otherwise.
const SCEV* LoopVersions::counted(const SCEV* x, int64_t step) {
  const auto* r = dyn_cast<SCEVAddRecExpr>(x);
  if (!r || r->getLoop() != loop_ || !r->isAffine()) return nullptr;
  return r->getStepRecurrence(scev_) == scev_.getConstant(x->getType(), step, /*isSigned=*/true) ? r->getStart() : nullptr;
}

// Whether x is not negative in any turn, under `conditions`.
bool LoopVersions::isNotNegative(const SCEV* x, Conditions* conditions) {
  const SCEV* zero = scev_.getZero(x->getType());
  if (scev_.isKnownPredicate(CmpInst::ICMP_SGE, x, zero)) return true;
  const bool isDown = counted(x, -1) != nullptr;
  if (!isDown && counted(x, 1) == nullptr) return false;
  // Two counters that come towards each other: the lower one never wraps, as there is something above it, and is what it was at
  // first or more; so is the upper one.
  for (PHINode& other : loop_->getHeader()->phis()) {
    if (other.getType() != x->getType()) continue;
    const SCEV* y = scev_.getSCEV(&other);
    if (y == x || counted(y, isDown ? 1 : -1) == nullptr) continue;
    if (!scev_.isKnownPredicate(CmpInst::ICMP_SLT, isDown ? y : x, isDown ? x : y)) continue;
    return add(conditions, CmpInst::ICMP_SGE, counted(isDown ? y : x, 1), zero);
  }
  return false;
}

// A counter that starts again at 0 when it has come to an end: below the end always, if it is so at first.
bool LoopVersions::isBelowInRing(Value* x, const SCEV* limit, Conditions* conditions) {
  // Or 0, where the divisor may be -1 (lower_arith.cpp).
  if (Value* other; match(x, m_Select(m_Value(), m_Zero(), m_Value(other)))) x = other;
  auto* now = dyn_cast<PHINode>(x);
  if (!now || now->getParent() != loop_->getHeader()) return false;
  Value* next = now->getIncomingValueForBlock(loop_->getLoopLatch());
  Value *end, *sum;
  CmpPredicate predicate;
  if (!match(next, m_Select(m_ICmp(predicate, m_Value(sum), m_Value(end)), m_Zero(), m_Deferred(sum)))) return false;
  if (predicate != CmpInst::ICMP_EQ || !match(sum, m_Add(m_Specific(now), m_One())) || !loop_->isLoopInvariant(end)) return false;
  const SCEV* first = scev_.getSCEV(now->getIncomingValueForBlock(loop_->getLoopPreheader()));
  return add(conditions, CmpInst::ICMP_ULT, first, scev_.getSCEV(end)) && add(conditions, CmpInst::ICMP_ULE, scev_.getSCEV(end), limit);
}

// By the number of turns.
bool LoopVersions::isBelowByTurns(const SCEV* x, CmpInst::Predicate predicate, const SCEV* limit, const BasicBlock* at,
                                  Conditions* conditions) {
  if (!turns_ || turns_->getType() != x->getType()) return false;
  if (const SCEV* start = counted(x, 1)) {
    // The last turn does not come to the check if the loop ends before it.
    const bool isShort = lastTest_ != at && dom_.dominates(lastTest_, at);
    const SCEV* last = scev_.getAddExpr(start, turns_);
    return add(conditions, CmpInst::ICMP_ULE, start, last) && add(conditions, isShort ? CmpInst::ICMP_ULE : predicate, last, limit);
  }
  const SCEV* start = counted(x, -1);
  return start && add(conditions, CmpInst::ICMP_ULE, turns_, start) && add(conditions, predicate, start, limit);
}

// By a counter that goes down, x itself or one that x is never above.
bool LoopVersions::isBelowByCounter(const SCEV* x, CmpInst::Predicate predicate, const SCEV* limit, Conditions* conditions) {
  if (!isNotNegative(x, conditions)) return false;
  if (const SCEV* start = counted(x, -1)) return add(conditions, predicate, start, limit);
  if (counted(x, 1) == nullptr) return false;
  for (PHINode& other : loop_->getHeader()->phis()) {
    if (other.getType() != x->getType()) continue;
    const SCEV* y = scev_.getSCEV(&other);
    const SCEV* start = counted(y, -1);
    // y is not negative, for x is not.
    if (start && scev_.isKnownPredicate(CmpInst::ICMP_SLE, x, y)) return add(conditions, predicate, start, limit);
  }
  return false;
}

// Whether under `conditions` x is below the limit (ULT), or not above it (ULE), whenever the block runs. Adds nothing otherwise.
bool LoopVersions::isBelow(Value* x, CmpInst::Predicate predicate, const SCEV* limit, const BasicBlock* at, Conditions* conditions) {
  const SCEV* s = scev_.getSCEV(x);
  const size_t before = conditions->size();
  auto otherwise = [&](bool found) {
    if (!found) conditions->truncate(before);
    return found;
  };
  if (scev_.isLoopInvariant(s, loop_)) return otherwise(add(conditions, predicate, s, limit));
  if (otherwise(isBelowByCounter(s, predicate, limit, conditions))) return true;
  if (otherwise(isBelowByTurns(s, predicate, limit, at, conditions))) return true;
  if (Value* divisor; match(x, m_URem(m_Value(), m_Value(divisor))) && loop_->isLoopInvariant(divisor))
    return otherwise(add(conditions, CmpInst::ICMP_ULE, scev_.getSCEV(divisor), limit));
  if (otherwise(isBelowInRing(x, limit, conditions))) return true;
  const APInt most = scev_.getUnsignedRangeMax(s);
  return most.getActiveBits() <= kLengthBits && otherwise(add(conditions, predicate, scev_.getConstant(most), limit));
}

// Whether under `conditions` the check never fails.
bool LoopVersions::holds(const Check& check, Conditions* conditions) {
  auto* compare = dyn_cast<ICmpInst>(check.branch->getCondition());
  if (!compare || !compare->getOperand(0)->getType()->isIntegerTy()) return false;
  CmpInst::Predicate predicate = check.good == 0 ? compare->getPredicate() : compare->getInversePredicate();
  Value *x = compare->getOperand(0), *limit = compare->getOperand(1);
  const BasicBlock* at = check.branch->getParent();
  // LLVM makes comparisons for equality where a counter comes to its limit by ones.
  if (predicate == CmpInst::ICMP_NE) {
    if (loop_->isLoopInvariant(x)) std::swap(x, limit);
    predicate = CmpInst::ICMP_ULT;
  }
  if (predicate == CmpInst::ICMP_UGT || predicate == CmpInst::ICMP_UGE) {
    std::swap(x, limit);
    predicate = CmpInst::getSwappedPredicate(predicate);
  }
  if (predicate != CmpInst::ICMP_ULT && predicate != CmpInst::ICMP_ULE) return false;
  const SCEV* l = scev_.getSCEV(limit);
  return scev_.isLoopInvariant(l, loop_) && isBelow(x, predicate, l, at, conditions);
}

bool LoopVersions::makeVersions(Loop* loop) {
  loop_ = loop;
  bool changed = simplifyLoop(loop, &dom_, &loops_, &scev_, &assumptions_, nullptr, /*PreserveLCSSA=*/false);
  if (!loop->isLoopSimplifyForm() || loop->getLoopLatch() == nullptr) return changed;
  const unsigned most = scev_.getSmallConstantMaxTripCount(loop);
  if (most != 0 && most <= kShortTrip) return changed;
  findTurns();
  SmallVector<BasicBlock*, 8> exiting;
  loop->getExitingBlocks(exiting);
  SmallVector<Check, 8> good;
  Conditions conditions;
  unsigned ends = 0;
  for (BasicBlock* block : exiting) {
    auto* branch = dyn_cast<BranchInst>(block->getTerminator());
    if (branch == nullptr) {
      ends++;
      continue;
    }
    const unsigned on = loop->contains(branch->getSuccessor(0)) ? 0 : 1;
    if (!loop->contains(branch->getSuccessor(on)) || !panics(branch->getSuccessor(1 - on))) {
      ends++;
      continue;
    }
    const size_t before = conditions.size();
    if (holds({branch, on}, &conditions)) {
      good.push_back({branch, on});
    } else {
      conditions.truncate(before);
    }
  }
  // A loop that can also end by what it finds mostly has few turns.
  if (good.empty() || (good.size() == 1 && (ends > 1 || bodySize(*loop) > kSmallBody))) return changed;
  SCEVExpander expander(scev_, "version");
  Instruction* before = loop->getLoopPreheader()->getTerminator();
  for (const Condition& c : conditions) {
    for (const SCEV* s : {c.left, c.right}) {
      if (!expander.isSafeToExpandAt(s, before)) return changed;
      if (expander.isHighCostExpansion({s}, loop, kExpansionBudget, &target_, before)) return changed;
    }
  }
  formLCSSA(*loop, dom_, &loops_, &scev_);
  divide(good, conditions);
  return true;
}

// Makes the second version, and takes the checks out of the first.
void LoopVersions::divide(const SmallVectorImpl<Check>& checks, const Conditions& conditions) {
  BasicBlock* entry = loop_->getLoopPreheader();
  const DebugLoc where = loop_->getStartLoc();
  if (!conditions.empty()) {
    SCEVExpander expander(scev_, "version");
    IRBuilder<> b(entry->getTerminator());
    b.SetCurrentDebugLocation(where);
    Value* all = nullptr;
    for (const Condition& c : conditions) {
      Value* left = expander.expandCodeFor(c.left, c.left->getType(), entry->getTerminator());
      Value* right = expander.expandCodeFor(c.right, c.right->getType(), entry->getTerminator());
      Value* one = b.CreateICmp(c.predicate, left, right);
      all = all == nullptr ? one : b.CreateAnd(all, one);
    }
    all = b.CreateFreeze(all, "versioned");
    BasicBlock* fast = SplitBlock(entry, entry->getTerminator(), &dom_, &loops_, nullptr, loop_->getHeader()->getName() + ".unchecked");
    ValueToValueMapTy map;
    SmallVector<BasicBlock*, 8> blocks;
    Loop* slow = cloneLoopWithPreheader(fast, entry, loop_, map, ".checked", &loops_, &dom_, blocks);
    remapInstructionsInBlocks(blocks, map);
    Instruction* end = entry->getTerminator();
    auto* branch = BranchInst::Create(fast, slow->getLoopPreheader(), all, end->getIterator());
    branch->setDebugLoc(where);
    branch->setMetadata(LLVMContext::MD_prof, MDBuilder(f_.getContext()).createLikelyBranchWeights());
    end->eraseFromParent();
    SmallVector<BasicBlock*, 8> exits;
    loop_->getUniqueExitBlocks(exits);
    for (BasicBlock* exit : exits) {
      for (PHINode& phi : exit->phis()) {
        scev_.forgetLcssaPhiWithNewPredecessor(loop_, &phi);
        for (unsigned i = 0, n = phi.getNumIncomingValues(); i < n; i++) {
          BasicBlock* from = phi.getIncomingBlock(i);
          if (!loop_->contains(from)) continue;
          Value* v = phi.getIncomingValue(i);
          if (auto found = map.find(v); found != map.end()) v = found->second;
          phi.addIncoming(v, cast<BasicBlock>(map[from]));
        }
      }
    }
    addStringMetadataToLoop(slow, "llvm.loop.unroll.disable", 1);
  }
  for (const Check& check : checks) {
    check.branch->setCondition(ConstantInt::getBool(f_.getContext(), check.good == 0));
    ConstantFoldTerminator(check.branch->getParent(), /*DeleteDeadConditions=*/true);
  }
  dom_.recalculate(f_);
  scev_.forgetLoop(loop_);
  scev_.forgetBlockAndLoopDispositions();
}

}  // namespace

PreservedAnalyses VersionedLoops::run(Function& f, FunctionAnalysisManager& analyses) {
  if (f.doesNotReturn() || f.hasOptSize() || f.hasFnAttribute(Attribute::Cold)) return PreservedAnalyses::all();
  SmallVector<Loop*, 8> innermost;
  for (Loop* loop : analyses.getResult<LoopAnalysis>(f).getLoopsInPreorder()) {
    if (loop->isInnermost() && !isDone(*loop) && bodySize(*loop) <= kLargestBody) innermost.push_back(loop);
  }
  if (innermost.empty()) return PreservedAnalyses::all();
  LoopVersions versions(f, analyses);
  bool changed = false;
  for (Loop* loop : innermost) changed |= versions.makeVersions(loop);
  if (!changed) return PreservedAnalyses::all();
  // What stood behind a check only because that might fail need not be in the loop.
  analyses.invalidate(f, PreservedAnalyses::none());
  FunctionPassManager after;
  after.addPass(EarlyCSEPass());
  after.addPass(createFunctionToLoopPassAdaptor(LICMPass(LICMOptions()), /*UseMemorySSA=*/true));
  after.addPass(SimplifyCFGPass());
  after.run(f, analyses);
  return PreservedAnalyses::none();
}

}  // namespace burrow::codegen
