// Control-flow facts of a function: predecessors, reverse post-order, dominators.
//
// Dominators by the iterative algorithm of Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001): on
// the graphs that programs have it beats the asymptotically better ones.
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
  bool reachable(BlockId b) const { return number_[b.value] != UINT32_MAX; }
  // The immediate dominator; the entry's and an unreachable block's is invalid.
  BlockId immediateDominator(BlockId b) const { return idom_[b.value]; }
  // Both reachable.
  bool dominates(BlockId a, BlockId b) const;

 private:
  std::vector<std::vector<BlockId>> preds_;
  std::vector<BlockId> order_;
  std::vector<uint32_t> number_;  // position in order_; UINT32_MAX: unreachable
  std::vector<BlockId> idom_;
};

}  // namespace burrow::ir
