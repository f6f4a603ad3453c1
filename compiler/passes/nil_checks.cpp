// nilchecks: drops checks whose outcome is known.
//
// The builder puts a NilCheck before every access through a pointer. A pointer that is an address of something (a stack
// slot, a fresh object, a global, a field of a checked struct) is never nil; and a pointer that a dominating check has
// passed is not nil here. LLVM finds some of these by itself, but each check it has to look at costs compile time, and it
// knows nothing of New.
//
// One walk over the dominator tree with a scoped set of pointers known to be non-nil. A Bitcast between pointer types
// counts as its operand.
#include "ir/dominators.h"
#include "passes/passes.h"

#include <algorithm>

namespace burrow::passes {
namespace {

using namespace ir;

class NilChecks {
 public:
  explicit NilChecks(Function& fn) : fn_(fn), flow_(fn), known_(fn.values.size()) {
    children_.resize(fn.blocks.size());
    for (BlockId b : flow_.reversePostOrder()) {
      BlockId parent = flow_.immediateDominator(b);
      if (parent.isValid()) children_[parent.value].push_back(b);
    }
  }

  void run() {
    // The entry, the recovery block and where both meet have no dominator.
    for (BlockId b : flow_.reversePostOrder()) {
      if (!flow_.immediateDominator(b).isValid()) walk(b);
    }
  }

 private:
  void walk(BlockId top) {
    struct Frame {
      BlockId block;
      size_t child;
      size_t undo;
    };
    std::vector<Frame> stack{{top, 0, 0}};
    visit(top);
    while (!stack.empty()) {
      Frame& f = stack.back();
      if (f.child < children_[f.block.value].size()) {
        BlockId next = children_[f.block.value][f.child++];
        stack.push_back({next, 0, undo_.size()});
        visit(next);
        continue;
      }
      while (undo_.size() > f.undo) {
        known_[undo_.back().value] = false;
        undo_.pop_back();
      }
      stack.pop_back();
    }
  }

  ValueId root(ValueId v) const {
    while (fn_[v].op == Op::Bitcast) v = fn_[v].operands[0];
    return v;
  }

  bool neverNil(ValueId v) const {
    switch (fn_[v].op) {
      case Op::Local:
      case Op::New:
      case Op::GlobalAddr:
      case Op::FieldAddr:
      case Op::IndexAddr:
      case Op::FuncAddr:
      case Op::Closure:
        return true;
      default:
        return known_[v.value];
    }
  }

  void visit(BlockId b) {
    std::vector<ValueId>& insts = fn_[b].insts;
    std::erase_if(insts, [&](ValueId v) {
      const Inst& inst = fn_[v];
      if (inst.op != Op::NilCheck) return false;
      ValueId pointer = root(inst.operands[0]);
      if (neverNil(pointer)) return true;
      known_[pointer.value] = true;
      undo_.push_back(pointer);
      return false;
    });
  }

  Function& fn_;
  ControlFlow flow_;
  std::vector<std::vector<BlockId>> children_;
  std::vector<bool> known_;
  std::vector<ValueId> undo_;
};

}  // namespace

void nilChecks(ir::Module&, ir::Function& fn) { NilChecks(fn).run(); }

}  // namespace burrow::passes
