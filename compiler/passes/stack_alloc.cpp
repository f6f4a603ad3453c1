// stackalloc: objects whose address never leaves the function live in its frame.
//
// The builder makes every variable whose address is taken, and every composite literal whose address is taken, a New. Where
// all that happens to the address is visible here — loads, stores *through* it, addresses of its parts — the object can be a
// Local, which LLVM then usually turns into registers.
//
//   p := &T{1, 2}; return p.x + p.y     ->  no allocation
//   p := &T{1, 2}; global = p           ->  stays: the address is stored
//
// This is the part of escape analysis that needs one function only; it never looks into callees, and a New that reaches a
// block parameter stays (in a loop, the object of the last round may still be in use when the next is made). A New in a
// loop that passes may share one slot: its old address cannot be in use when control comes back to it, because only a
// block parameter could have carried it around.
//
// Frames stay reasonable: larger objects remain on the heap, as gc does for implicit allocations.
#include "passes/passes.h"

namespace burrow::passes {
namespace {

using namespace ir;

constexpr int64_t kMaxStackObject = 64 * 1024;

struct Use {
  ValueId inst;
  uint32_t operand;
};

class StackAlloc {
 public:
  StackAlloc(Module& module, Function& fn) : module_(module), fn_(fn) {}

  void run() {
    for (const Block& block : fn_.blocks) {
      for (ValueId v : block.insts) {
        if (fn_[v].op == Op::New) candidates_.push_back(v);
      }
    }
    if (candidates_.empty()) return;
    collectUses();
    for (ValueId v : candidates_) {
      if (module_.types.sizeOf(fn_[v].typeArg) <= kMaxStackObject && !escapes(v)) moved_.push_back(v);
    }
    if (!moved_.empty()) rewrite();
  }

 private:
  void collectUses() {
    uses_.resize(fn_.values.size());
    passed_.resize(fn_.values.size());
    for (const Block& block : fn_.blocks) {
      for (ValueId v : block.insts) {
        const Inst& inst = fn_[v];
        for (uint32_t i = 0; i < inst.operands.size(); i++) uses_[inst.operands[i].value].push_back({v, i});
        for (const Edge& e : inst.edges) {
          for (ValueId a : e.args) passed_[a.value] = true;
        }
      }
    }
  }

  // Follows the address and everything computed from it.
  bool escapes(ValueId object) {
    std::vector<ValueId> work{object};
    while (!work.empty()) {
      ValueId p = work.back();
      work.pop_back();
      if (passed_[p.value]) return true;
      for (const Use& use : uses_[p.value]) {
        switch (fn_[use.inst].op) {
          case Op::Load:
          case Op::NilCheck:
          case Op::ZeroMem:
          case Op::Move:
          case Op::Eq:
          case Op::Ne:
          case Op::MapIterStart:
          case Op::MapIterNext:
          case Op::KeepAlive:
            // Only the object's content is read or written.
            if (fn_[use.inst].op == Op::MapIterStart && use.operand != 0) return true;
            break;
          case Op::Store:
            if (use.operand != 0) return true;
            break;
          case Op::IndexAddr:
          case Op::FieldAddr:
            work.push_back(use.inst);
            break;
          case Op::Bitcast:
            if (module_.types.kind(fn_[use.inst].type) != TypeKind::Pointer) return true;
            work.push_back(use.inst);
            break;
          default:
            return true;
        }
      }
    }
    return false;
  }

  // The New becomes a Local at the front of the entry block; where it stood, the slot is cleared.
  void rewrite() {
    std::vector<bool> isMoved(fn_.values.size());
    for (ValueId v : moved_) isMoved[v.value] = true;
    for (Block& block : fn_.blocks) {
      for (ValueId& v : block.insts) {
        if (v.value >= isMoved.size() || !isMoved[v.value]) continue;
        ValueId clear{static_cast<uint32_t>(fn_.values.size())};
        Inst& inst = fn_.values.emplace_back();
        inst.op = Op::ZeroMem;
        inst.typeArg = fn_[v].typeArg;
        inst.loc = fn_[v].loc;
        inst.operands = {v};
        fn_[v].op = Op::Local;
        v = clear;
      }
    }
    std::vector<ValueId>& entry = fn_.blocks[0].insts;
    entry.insert(entry.begin(), moved_.begin(), moved_.end());
  }

  Module& module_;
  Function& fn_;
  std::vector<ValueId> candidates_, moved_;
  std::vector<std::vector<Use>> uses_;
  std::vector<bool> passed_;  // by ValueId: travels along an edge
};

}  // namespace

void stackAlloc(ir::Module& module, ir::Function& fn) { StackAlloc(module, fn).run(); }

}  // namespace burrow::passes
