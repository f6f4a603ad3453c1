// See dominators.h.
#include "ir/dominators.h"

#include <algorithm>

namespace burrow::ir {

namespace {

const std::vector<Edge>& edgesOf(const Function& fn, uint32_t block) {
  static const std::vector<Edge> none;
  const Block& b = fn.blocks[block];
  return b.insts.empty() ? none : fn[b.insts.back()].edges;
}

}  // namespace

ControlFlow::ControlFlow(const Function& fn)
    : preds_(fn.blocks.size()), idom_(fn.blocks.size()), interval_(fn.blocks.size()) {
  if (fn.blocks.empty()) return;
  findOrder(fn);
  findDominators(fn);
}

void ControlFlow::findOrder(const Function& fn) {
  // Depth-first by hand: generated functions can be deeper than the stack.
  struct Frame {
    uint32_t block;
    size_t next;
  };
  std::vector<Frame> stack{{0, 0}};
  std::vector<bool> seen(fn.blocks.size());
  seen[0] = true;
  while (!stack.empty()) {
    Frame& f = stack.back();
    const std::vector<Edge>& edges = edgesOf(fn, f.block);
    size_t i = f.next++;
    BlockId to;
    if (i < edges.size()) {
      to = edges[i].block;
    } else if (i == edges.size() && f.block == 0 && fn.recoverBlock.isValid()) {
      to = fn.recoverBlock;
    } else {
      order_.push_back(BlockId{f.block});
      stack.pop_back();
      continue;
    }
    if (to.value >= fn.blocks.size()) continue;
    preds_[to.value].push_back(BlockId{f.block});
    if (seen[to.value]) continue;
    seen[to.value] = true;
    stack.push_back({to.value, 0});
  }
  std::reverse(order_.begin(), order_.end());
}

// Vertices are numbers in depth-first order; 0 is a root above the entry and the recovery block.
void ControlFlow::findDominators(const Function& fn) {
  constexpr uint32_t kNone = UINT32_MAX;
  const size_t count = fn.blocks.size();
  std::vector<uint32_t> number(count, kNone), block{kNone}, parent{0};
  block.reserve(count + 1);
  parent.reserve(count + 1);
  struct Frame {
    uint32_t vertex;
    size_t next;
  };
  std::vector<Frame> stack;
  auto search = [&](uint32_t root) {
    auto enter = [&](uint32_t b, uint32_t from) {
      number[b] = static_cast<uint32_t>(block.size());
      block.push_back(b);
      parent.push_back(from);
      stack.push_back({number[b], 0});
    };
    if (number[root] == kNone) enter(root, 0);
    while (!stack.empty()) {
      Frame& f = stack.back();
      const std::vector<Edge>& edges = edgesOf(fn, block[f.vertex]);
      if (f.next == edges.size()) {
        stack.pop_back();
        continue;
      }
      BlockId to = edges[f.next++].block;
      if (to.value < count && number[to.value] == kNone) enter(to.value, f.vertex);
    }
  };
  search(0);
  const uint32_t recover = fn.recoverBlock.isValid() && fn.recoverBlock.value < count ? fn.recoverBlock.value : kNone;
  if (recover != kNone) search(recover);

  // Semidominators. `ancestor` is the tree with compressed paths, `label` the vertex of the least semidominator on them.
  const auto n = static_cast<uint32_t>(block.size());
  std::vector<uint32_t> semi(n), label(n), ancestor = parent, idom = parent;
  for (uint32_t v = 0; v < n; v++) semi[v] = label[v] = v;
  std::vector<uint32_t> path;
  // The label of v when the vertices from `linked` on have been linked to their parents.
  auto eval = [&](uint32_t v, uint32_t linked) {
    if (ancestor[v] < linked) return label[v];
    do {
      path.push_back(v);
      v = ancestor[v];
    } while (ancestor[v] >= linked);
    uint32_t above = v, best = label[v];
    while (!path.empty()) {
      v = path.back();
      path.pop_back();
      ancestor[v] = ancestor[above];
      if (semi[best] < semi[label[v]]) {
        label[v] = best;
      } else {
        best = label[v];
      }
      above = v;
    }
    return label[v];
  };
  for (uint32_t v = n - 1; v > 0; v--) {
    semi[v] = parent[v];
    for (BlockId p : preds_[block[v]]) {
      if (number[p.value] != kNone) semi[v] = std::min(semi[v], semi[eval(number[p.value], v + 1)]);
    }
    if (block[v] == recover) semi[v] = 0;
  }
  for (uint32_t v = 1; v < n; v++) {
    while (idom[v] > semi[v]) idom[v] = idom[idom[v]];
  }

  // Sizes from the leaves up, then places from the root down.
  std::vector<uint32_t> size(n, 1), start(n), next(n);
  for (uint32_t v = n - 1; v > 0; v--) size[idom[v]] += size[v];
  next[0] = 1;
  for (uint32_t v = 1; v < n; v++) {
    start[v] = next[idom[v]];
    next[idom[v]] += size[v];
    next[v] = start[v] + 1;
    interval_[block[v]] = {start[v], size[v]};
    if (idom[v] != 0) idom_[block[v]] = BlockId{block[idom[v]]};
  }
}

}  // namespace burrow::ir
