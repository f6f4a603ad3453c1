// Control-flow facts of a function: predecessors, reverse post-order, dominators.
//
// The recovery block is entered by the runtime after a recovered panic, from the place in the entry block behind its first
// Locals where a deferring function registers itself. To reverse post-order it is one more successor of the entry. To
// dominance it is not: what the entry computes after that place has not been computed when the recovery block runs, so
// the entry dominates neither the recovery block nor what both reach. Parameters and Locals of the entry do; who needs that
// (the verifier) knows it. (The code generator registers later where it can, codegen/lower_defer.cpp; that only takes
// ways away.)
//
// Dominators by the algorithm "semi-NCA" of Georgiadis and Tarjan, which is linear but for path compression and a walk that
// is short in practice; `dominates` compares two numbers. Generated code has chains of ten thousand blocks (else-if, switches
// over types, strings), on which walking up the tree for every join and every question is quadratic.
#pragma once

#include "ir/ir.h"

#include <vector>

namespace burrow::ir {

class ControlFlow {
 public:
  explicit ControlFlow(const Function& fn);

  const std::vector<BlockId>& predecessors(BlockId b) const { return preds_[b.value]; }
  // Reachable blocks, each before its successors but for loops' back edges.
  const std::vector<BlockId>& reversePostOrder() const { return order_; }
  bool reachable(BlockId b) const { return interval_[b.value].size != 0; }
  // The immediate dominator. Invalid: b is unreachable or has none (the entry, the recovery block, where both meet).
  BlockId immediateDominator(BlockId b) const { return idom_[b.value]; }
  // Both reachable. A block dominates itself.
  bool dominates(BlockId a, BlockId b) const {
    return interval_[b.value].start - interval_[a.value].start < interval_[a.value].size;
  }

 private:
  // The blocks that a block dominates are numbered from `start` on, it being the first.
  struct Interval {
    uint32_t start = 0, size = 0;
  };
  void findOrder(const Function& fn);
  void findDominators(const Function& fn);

  std::vector<std::vector<BlockId>> preds_;
  std::vector<BlockId> order_;
  std::vector<BlockId> idom_;
  std::vector<Interval> interval_;
};

}  // namespace burrow::ir
