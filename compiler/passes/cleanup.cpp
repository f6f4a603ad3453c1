// cleanup: takes out what cannot run and what nobody looks at.
//
// The builder leaves blocks behind that nothing reaches (code after a return, the join of two branches that both leave) and
// values that only those used. Both would cost every later pass and LLVM time, and unreachable uses need not be dominated
// by their definitions, which every later pass would have to keep in mind. So: blocks that the entry does not reach go;
// then what has no users and may go without them (op.def says which); blocks are renumbered in reverse post-order, so that
// a definition stands before its uses in the text.
//
// A Load may be the only sign of a nil dereference, but its NilCheck stays by itself, so an unused Load may go.
//
// Invariant: block 0 stays the entry. The recovery block is reachable by definition.
#include "ir/dominators.h"
#include "passes/passes.h"

namespace burrow::passes {
namespace {

using namespace ir;

void dropUnreachableBlocks(Function& fn) {
  ControlFlow flow(fn);
  const std::vector<BlockId>& order = flow.reversePostOrder();
  std::vector<BlockId> renumbered(fn.blocks.size());
  std::vector<Block> kept;
  for (BlockId b : order) {
    renumbered[b.value] = BlockId{static_cast<uint32_t>(kept.size())};
    kept.push_back(std::move(fn.blocks[b.value]));
  }
  fn.blocks = std::move(kept);
  for (Block& block : fn.blocks) {
    for (Edge& e : fn[block.insts.back()].edges) e.block = renumbered[e.block.value];
  }
  if (fn.recoverBlock.isValid()) fn.recoverBlock = renumbered[fn.recoverBlock.value];
}

// A variable too large for a frame is on the heap though nobody uses it, as with gc, which says so with -m.
bool isLargeVariable(const Module& module, const Inst& inst) {
  constexpr int64_t kMaxVariable = 128 * 1024;
  if (inst.op != Op::New || !inst.sym.isValid() || module.str(inst.sym).starts_with(' ')) return false;
  return module.types.sizeOf(inst.typeArg) > kMaxVariable;
}

void dropUnusedValues(const Module& module, Function& fn) {
  std::vector<uint32_t> uses(fn.values.size());
  auto countUses = [&](const Inst& inst, int delta) {
    for (ValueId o : inst.operands) uses[o.value] += static_cast<uint32_t>(delta);
    for (const Edge& e : inst.edges) {
      for (ValueId a : e.args) uses[a.value] += static_cast<uint32_t>(delta);
    }
  };
  for (const Block& block : fn.blocks) {
    for (ValueId v : block.insts) countUses(fn[v], 1);
  }
  // Backwards, so that most chains fall in one round; operands in other blocks may need another.
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t b = fn.blocks.size(); b-- > 0;) {
      std::vector<ValueId>& insts = fn.blocks[b].insts;
      size_t keep = insts.size();
      for (size_t i = insts.size(); i-- > 0;) {
        const Inst& inst = fn[insts[i]];
        if (uses[insts[i].value] == 0 && isRemovable(inst.op) && !isLargeVariable(module, inst)) {
          countUses(inst, -1);
          changed = true;
        } else {
          insts[--keep] = insts[i];
        }
      }
      insts.erase(insts.begin(), insts.begin() + static_cast<ptrdiff_t>(keep));
    }
  }
}

}  // namespace

void cleanup(ir::Module& module, ir::Function& fn) {
  dropUnreachableBlocks(fn);
  dropUnusedValues(module, fn);
}

}  // namespace burrow::passes
