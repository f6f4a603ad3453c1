// See components.h.
#include "passes/components.h"

#include <algorithm>
#include <cstddef>

namespace burrow::passes {

std::vector<std::vector<uint32_t>> components(const std::vector<std::vector<uint32_t>>& out) {
  struct Node {
    uint32_t index = 0, low = 0;
    bool onStack = false;
  };
  struct Frame {
    uint32_t node;
    size_t next;
  };
  std::vector<Node> nodes(out.size());
  std::vector<std::vector<uint32_t>> found;
  std::vector<uint32_t> stack;
  uint32_t counter = 0;
  for (uint32_t root = 0; root < nodes.size(); root++) {
    if (nodes[root].index != 0) continue;
    std::vector<Frame> frames{{root, 0}};
    while (!frames.empty()) {
      Frame& f = frames.back();
      Node& n = nodes[f.node];
      if (f.next == 0) {
        n.index = n.low = ++counter;
        n.onStack = true;
        stack.push_back(f.node);
      } else {
        n.low = std::min(n.low, nodes[out[f.node][f.next - 1]].low);
      }
      bool descended = false;
      while (f.next < out[f.node].size()) {
        const uint32_t to = out[f.node][f.next++];
        if (nodes[to].index == 0) {
          frames.push_back({to, 0});
          descended = true;
          break;
        }
        if (nodes[to].onStack) n.low = std::min(n.low, nodes[to].index);
      }
      if (descended) continue;
      const uint32_t done = f.node;
      frames.pop_back();
      if (n.low != n.index) continue;
      std::vector<uint32_t>& members = found.emplace_back();
      do {
        members.push_back(stack.back());
        nodes[stack.back()].onStack = false;
        stack.pop_back();
      } while (members.back() != done);
    }
  }
  return found;
}

}  // namespace burrow::passes
