// One variable of a frame instead of two of which one is a copy of the other.
//
// The problem: a function that returns an array or a large struct fills a variable of its own; when it is inlined, that is copied
// to the caller's variable, which is the only one looked at from there on:
//
//     as, ok := makeASCIISet(chars)          memset(a, 0, 256); a[c] = true ...
//     if ok { ... as.contains(c) ... }       if ok { memcpy(b, a, 256); ... b[c] ... }     ->     ... a[c] ...
//
// LLVM joins two such variables when whatever writes to the first one leads to the copy (MemCpyOpt's stack moves); here the
// function may return without it.
//
// What is done: a copy of a whole variable into another of the same size is dropped, and the other one with it, when nobody uses
// the first after the copy, or the second before it: every use of the second is dominated by the copy, and from the copy none
// of the first can be reached (so not in a loop around both). Both must be known wholly: loads, stores, copies and clearing at
// them, and no address that goes anywhere. Marks of their lifetimes go, since they would end too early.
#include "codegen/joined_variables.h"

#include "codegen/root_slots.h"

#include "llvm/Analysis/CFG.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr size_t kMaxUses = 64;  // of either; reachability is asked for each

struct Uses {
  SmallVector<Instruction*, 16> accesses, marks;
};

// All that is done with the variable; false when that can't be known.
bool usesOf(AllocaInst* variable, Uses& out) {
  SmallVector<Instruction*, 16> work{variable};
  while (!work.empty()) {
    Instruction* pointer = work.pop_back_val();
    for (Use& use : pointer->uses()) {
      auto* user = cast<Instruction>(use.getUser());
      if (isa<GetElementPtrInst>(user) || isa<AddrSpaceCastInst>(user)) {
        work.push_back(user);
        continue;
      }
      if (user->isLifetimeStartOrEnd()) {
        out.marks.push_back(user);
        continue;
      }
      auto* load = dyn_cast<LoadInst>(user);
      auto* store = dyn_cast<StoreInst>(user);
      auto* bytes = dyn_cast<MemIntrinsic>(user);
      const bool known = (load && load->isSimple()) || (store && store->isSimple() && use.getOperandNo() == 1) ||
                         (bytes && !bytes->isVolatile());
      if (!known || out.accesses.size() == kMaxUses) return false;
      out.accesses.push_back(user);
    }
  }
  return true;
}

class Joiner {
 public:
  Joiner(Function& f, FunctionAnalysisManager& analyses) : f_(f), layout_(f.getDataLayout()), tree_(analyses.getResult<DominatorTreeAnalysis>(f)) {}

  bool run() {
    SmallVector<MemCpyInst*, 8> copies;
    for (BasicBlock& block : f_) {
      for (Instruction& i : block) {
        if (auto* copy = dyn_cast<MemCpyInst>(&i); copy && tree_.isReachableFromEntry(&block)) copies.push_back(copy);
      }
    }
    bool changed = false;
    for (MemCpyInst* copy : copies) changed |= join(copy);
    return changed;
  }

 private:
  // The variable that `place` is the beginning of, when all of it is copied.
  AllocaInst* whole(Value* place, const MemCpyInst& copy) const {
    auto* variable = dyn_cast<AllocaInst>(place);
    auto* length = dyn_cast<ConstantInt>(copy.getLength());
    if (!variable || !length || !variable->isStaticAlloca()) return nullptr;
    std::optional<TypeSize> size = variable->getAllocationSize(layout_);
    return size && *size == TypeSize::getFixed(length->getZExtValue()) ? variable : nullptr;
  }

  bool join(MemCpyInst* copy) {
    if (copy->isVolatile()) return false;
    AllocaInst* to = whole(copy->getRawDest(), *copy);
    AllocaInst* from = whole(copy->getRawSource(), *copy);
    if (!to || !from || to == from) return false;
    // Facts about the variables that other passes read (kNoPointers) must be the same.
    const unsigned noPointers = f_.getContext().getMDKindID(kNoPointers);
    if (to->hasMetadata(noPointers) != from->hasMetadata(noPointers)) return false;
    Uses ofTo, ofFrom;
    if (!usesOf(to, ofTo) || !usesOf(from, ofFrom)) return false;
    for (Instruction* use : ofTo.accesses) {
      if (use != copy && !tree_.dominates(copy, use)) return false;
    }
    for (Instruction* use : ofFrom.accesses) {
      if (use != copy && isPotentiallyReachable(copy->getNextNode(), use, nullptr, &tree_)) return false;
    }
    // The copy itself, again: it would copy what was stored to the other one in between.
    if (isPotentiallyReachable(copy->getNextNode(), copy, nullptr, &tree_)) return false;
    for (Instruction* mark : ofTo.marks) mark->eraseFromParent();
    for (Instruction* mark : ofFrom.marks) mark->eraseFromParent();
    from->setAlignment(std::max(from->getAlign(), to->getAlign()));
    copy->eraseFromParent();
    // Uses of the second may stand before the first in the entry block.
    if (to->comesBefore(from)) from->moveBefore(to->getIterator());
    to->replaceAllUsesWith(from);
    to->eraseFromParent();
    return true;
  }

  Function& f_;
  const DataLayout& layout_;
  DominatorTree& tree_;
};

}  // namespace

PreservedAnalyses JoinedVariables::run(Function& f, FunctionAnalysisManager& analyses) {
  if (!Joiner(f, analyses).run()) return PreservedAnalyses::all();
  PreservedAnalyses kept;
  kept.preserveSet<CFGAnalyses>();
  return kept;
}

}  // namespace burrow::codegen
