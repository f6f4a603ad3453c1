// See dominators.h.
#include "ir/dominators.h"

#include <algorithm>

namespace burrow::ir {

ControlFlow::ControlFlow(const Function& fn)
    : preds_(fn.blocks.size()), number_(fn.blocks.size(), UINT32_MAX), idom_(fn.blocks.size()) {
  if (fn.blocks.empty()) return;
  auto edgesOf = [&](BlockId b) -> const std::vector<Edge>& {
    static const std::vector<Edge> none;
    const Block& block = fn[b];
    return block.insts.empty() ? none : fn[block.insts.back()].edges;
  };
  // Depth-first by hand: generated functions can be deeper than the stack. The recovery block is entered from the
  // function's entry, by the runtime.
  struct Frame {
    BlockId block;
    size_t next;
  };
  std::vector<Frame> stack;
  std::vector<bool> seen(fn.blocks.size());
  auto successor = [&](BlockId b, size_t i) -> BlockId {
    const std::vector<Edge>& edges = edgesOf(b);
    if (i < edges.size()) return edges[i].block;
    if (b.value == 0 && i == edges.size()) return fn.recoverBlock;
    return {};
  };
  auto successorCount = [&](BlockId b) { return edgesOf(b).size() + (b.value == 0 && fn.recoverBlock.isValid()); };
  stack.push_back({BlockId{0}, 0});
  seen[0] = true;
  while (!stack.empty()) {
    Frame& f = stack.back();
    if (f.next == successorCount(f.block)) {
      order_.push_back(f.block);
      stack.pop_back();
      continue;
    }
    BlockId to = successor(f.block, f.next++);
    if (to.value >= fn.blocks.size()) continue;
    preds_[to.value].push_back(f.block);
    if (!seen[to.value]) {
      seen[to.value] = true;
      stack.push_back({to, 0});
    }
  }
  std::reverse(order_.begin(), order_.end());
  for (uint32_t i = 0; i < order_.size(); i++) number_[order_[i].value] = i;

  idom_[0] = BlockId{0};
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 1; i < order_.size(); i++) {
      BlockId b = order_[i];
      BlockId best;
      for (BlockId p : preds_[b.value]) {
        if (!idom_[p.value].isValid()) continue;
        if (!best.isValid()) {
          best = p;
          continue;
        }
        BlockId x = p, y = best;
        while (x != y) {
          while (number_[x.value] > number_[y.value]) x = idom_[x.value];
          while (number_[y.value] > number_[x.value]) y = idom_[y.value];
        }
        best = x;
      }
      if (idom_[b.value] != best) {
        idom_[b.value] = best;
        changed = true;
      }
    }
  }
  idom_[0] = BlockId{};
}

bool ControlFlow::dominates(BlockId a, BlockId b) const {
  while (number_[b.value] > number_[a.value]) b = idom_[b.value];
  return a == b;
}

}  // namespace burrow::ir
