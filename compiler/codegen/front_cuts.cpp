// Loops that cut a slice from the front take its pointer along without a choice.
//
// The problem: s = s[3:] of a slice that ends there must not give a pointer behind its end, which would keep whatever lies there
// alive. So where the rest begins is chosen by whether there is one, at the end of each turn, and everything in the next turn
// waits for it:
//
//     for len(s) >= 3 {                               for len(s) >= 3 {
//         use(s[0], s[1], s[2])                           use(s[0], s[1], s[2])
//         p += cap(s) == 3 ? 0 : 3; len, cap -= 3  ─►     p += 3; len, cap -= 3
//     }                                               }
//
// But the next turn only comes when something is left: there is no choice on the way back to the top. What the loop leaves with
// still has it, and is worked out there (by LLVM, which moves what only an exit needs out of the loop).
//
// What must hold: what leads back to the top says that the length (or the capacity) that the choice looks at is not 0, by comparing
// it, plus a constant, with a constant. Or the top says so, as a check of an index, before the pointer is used: where the check
// fails it is not. Where ways join in front of the top, as `continue` makes them, each is looked at by itself.
//
// Rejected: to let LLVM do it (CorrelatedValuePropagation knows selects whose condition an edge decides, but not that
// `len|cap` is not 0 when `len` is 3 or more); pointers behind the end everywhere (the collector looks at interior pointers, so
// that they would be another object's).
#include "codegen/front_cuts.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/ConstantRange.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

namespace burrow::codegen {

using namespace llvm;
using namespace llvm::PatternMatch;

namespace {

// From the end of the block `from`, where the choice is, through the block `join`: its phis stand for what comes from `from`, and
// what else it works out is not known there yet.
struct Way {
  BasicBlock *join, *from;
};
// In the order in which they are looked through, later to earlier.
using Ways = ArrayRef<Way>;

// v as a value plus a constant, where the ways begin; null when it is worked out on them.
Value* baseOf(Value* v, Ways ways, APInt* plus) {
  *plus = APInt::getZero(v->getType()->getIntegerBitWidth());
  for (;;) {
    Value* x;
    const APInt* c;
    if (match(v, m_AddLike(m_Value(x), m_APInt(c)))) {
      *plus += *c;
      v = x;
      continue;
    }
    auto* i = dyn_cast<Instruction>(v);
    while (i && !ways.empty() && ways.front().join != i->getParent()) ways = ways.drop_front();
    if (!i || ways.empty()) return v;
    auto* phi = dyn_cast<PHINode>(i);
    if (!phi) return nullptr;
    v = phi->getIncomingValueForBlock(ways.front().from);
    ways = ways.drop_front();
  }
}

// What an edge of the control flow says of a value.
struct Fact {
  Value* v;
  ConstantRange range;
};
using Facts = SmallVector<Fact, 4>;

// How many blocks upwards an edge's facts are looked for.
constexpr unsigned kFactBlocks = 4;

void addFacts(Value* condition, bool holds, Ways ways, Facts* facts) {
  Value *a, *b;
  if (holds ? match(condition, m_LogicalAnd(m_Value(a), m_Value(b))) : match(condition, m_LogicalOr(m_Value(a), m_Value(b)))) {
    addFacts(a, holds, ways, facts);
    addFacts(b, holds, ways, facts);
    return;
  }
  CmpPredicate predicate;
  const APInt* c;
  if (!match(condition, m_ICmp(predicate, m_Value(a), m_APInt(c)))) return;
  const CmpInst::Predicate holding = holds ? CmpInst::Predicate(predicate) : CmpInst::getInversePredicate(predicate);
  APInt plus;
  Value* base = baseOf(a, ways, &plus);
  if (base) facts->push_back({base, ConstantRange::makeExactICmpRegion(holding, *c).subtract(plus)});
}

// What is known on the way from one block to the next, in the turn of the loop that ends there.
void addFacts(BasicBlock* from, BasicBlock* to, const BasicBlock* top, Ways ways, Facts* facts) {
  for (unsigned n = 0; from != nullptr && n < kFactBlocks; n++) {
    auto* branch = dyn_cast<BranchInst>(from->getTerminator());
    if (branch && branch->isConditional() && branch->getSuccessor(0) != branch->getSuccessor(1))
      addFacts(branch->getCondition(), branch->getSuccessor(0) == to, ways, facts);
    if (from == top) break;
    to = from;
    from = from->getSinglePredecessor();
  }
}

// Whether the facts say that v is not k.
bool isNot(Value* v, const APInt& k, const Facts& facts) {
  APInt plus;
  Value* base = baseOf(v, {}, &plus);
  return any_of(facts, [&](const Fact& fact) {
    return fact.v == base && !fact.range.add(ConstantRange(plus)).contains(k);
  });
}

// Whether the facts decide the condition that way.
bool decided(Value* condition, bool holds, const Facts& facts) {
  CmpPredicate predicate;
  Value *v, *a, *b;
  const APInt* k;
  if (!match(condition, m_ICmp(predicate, m_Value(v), m_APInt(k)))) return false;
  if (CmpInst::Predicate(predicate) != (holds ? CmpInst::ICMP_NE : CmpInst::ICMP_EQ)) return false;
  if (isNot(v, *k, facts)) return true;
  return k->isZero() && match(v, m_Or(m_Value(a), m_Value(b))) && (isNot(a, *k, facts) || isNot(b, *k, facts));
}

// A pointer that is moved on by `by` when the condition is what `holds` says, and not at all otherwise.
struct Choice {
  GetElementPtrInst* pointer;
  Value *condition, *by;
  bool holds;
};

bool isChoice(Value* v, Choice* choice) {
  auto* pointer = dyn_cast<GetElementPtrInst>(v);
  if (pointer == nullptr || pointer->getNumIndices() != 1) return false;
  Value *condition, *by, *index = pointer->getOperand(1);
  if (match(index, m_Select(m_Value(condition), m_Value(by), m_Zero()))) {
    *choice = {pointer, condition, by, true};
  } else if (match(index, m_Select(m_Value(condition), m_Zero(), m_Value(by)))) {
    *choice = {pointer, condition, by, false};
  } else if (match(index, m_ZExt(m_Value(condition))) && condition->getType()->isIntegerTy(1)) {
    *choice = {pointer, condition, ConstantInt::get(index->getType(), 1), true};
  } else {
    return false;
  }
  return true;
}

// v as it is when the facts hold, worked out at the end of the block; null when it is no choice, or none that they decide.
Value* withoutChoice(Value* v, BasicBlock* at, const Facts& facts) {
  Choice choice;
  if (!isChoice(v, &choice) || !decided(choice.condition, choice.holds, facts)) return nullptr;
  Instruction* moved = choice.pointer->clone();
  moved->setOperand(1, choice.by);
  moved->insertBefore(at->getTerminator()->getIterator());
  return moved;
}

class LoopCuts {
 public:
  LoopCuts(Loop* loop, DominatorTree& dom) : loop_(loop), top_(loop->getHeader()), dom_(dom) {}

  // Whether something was changed.
  bool run() {
    bool changed = false;
    for (PHINode& phi : top_->phis()) {
      if (!phi.getType()->isPointerTy()) continue;
      for (unsigned i = 0; i < phi.getNumIncomingValues(); i++) {
        if (!loop_->contains(phi.getIncomingBlock(i))) continue;
        Value* moved = onTheWayBack(phi, phi.getIncomingBlock(i));
        if (moved == nullptr) continue;
        phi.setIncomingValue(i, moved);
        changed = true;
      }
    }
    return changed;
  }

 private:
  Value* onTheWayBack(const PHINode& phi, BasicBlock* from);
  void addFactsOfTop(const PHINode& phi, Ways ways, Facts* facts);

  Loop* loop_;
  BasicBlock* top_;
  DominatorTree& dom_;
};

// When the top goes two ways and the pointer is used behind one only, what is known there: on the other, it is not looked at.
void LoopCuts::addFactsOfTop(const PHINode& phi, Ways ways, Facts* facts) {
  auto* branch = dyn_cast<BranchInst>(top_->getTerminator());
  if (!branch || !branch->isConditional()) return;
  for (BasicBlock* next : branch->successors()) {
    const BasicBlockEdge edge(top_, next);
    if (edge.isSingleEdge() && all_of(phi.uses(), [&](const Use& use) { return dom_.dominates(edge, use); }))
      addFacts(branch->getCondition(), branch->getSuccessor(0) == next, ways, facts);
  }
}

// What comes to the phi in the loop's top from a block, without choices; null when there are none that can go.
Value* LoopCuts::onTheWayBack(const PHINode& phi, BasicBlock* from) {
  Value* v = phi.getIncomingValueForBlock(from);
  Facts facts;
  addFacts(from, top_, top_, {}, &facts);
  addFactsOfTop(phi, Way{top_, from}, &facts);
  if (Value* moved = withoutChoice(v, from, facts)) return moved;
  auto* join = dyn_cast<PHINode>(v);
  if (join == nullptr || join->getParent() != from || from == top_) return nullptr;
  SmallVector<Value*, 4> values;
  bool changed = false;
  for (unsigned i = 0; i < join->getNumIncomingValues(); i++) {
    BasicBlock* before = join->getIncomingBlock(i);
    Facts own;
    addFacts(before, from, top_, {}, &own);
    addFacts(from, top_, from, Way{from, before}, &own);
    addFactsOfTop(phi, {{top_, from}, {from, before}}, &own);
    Value* moved = withoutChoice(join->getIncomingValue(i), before, own);
    changed |= moved != nullptr;
    values.push_back(moved ? moved : join->getIncomingValue(i));
  }
  if (!changed) return nullptr;
  PHINode* other = PHINode::Create(join->getType(), unsigned(values.size()), "", join->getIterator());
  other->setDebugLoc(join->getDebugLoc());
  for (unsigned i = 0; i < values.size(); i++) other->addIncoming(values[i], join->getIncomingBlock(i));
  return other;
}

}  // namespace

PreservedAnalyses FrontCuts::run(Function& f, FunctionAnalysisManager& analyses) {
  auto& dom = analyses.getResult<DominatorTreeAnalysis>(f);
  bool changed = false;
  for (Loop* loop : analyses.getResult<LoopAnalysis>(f).getLoopsInPreorder()) changed |= LoopCuts(loop, dom).run();
  if (!changed) return PreservedAnalyses::all();
  PreservedAnalyses kept;
  kept.preserveSet<CFGAnalyses>();
  return kept;
}

}  // namespace burrow::codegen
