// See escape_graph.h.
#include "passes/escape_graph.h"

#include <algorithm>

namespace burrow::passes {

EscapeGraph::EscapeGraph() {
  locs_.emplace_back();
  locs_[kHeap].escapes = true;
  for (LocId use : {kMutated, kCalled}) {
    Loc loc;
    loc.depth = UINT32_MAX;
    if (add(std::move(loc)) != use) __builtin_trap();
  }
}

LocId EscapeGraph::add(Loc loc) {
  if (loc.isObject) {
    // Seen from an outer function everything in a closure is younger than what the function itself has.
    uint32_t depth = loc.depth;
    for (uint32_t f = loc.function; f != UINT32_MAX; f = parents_[f]) {
      deepest_[f] = std::max(deepest_[f], depth);
      depth = UINT32_MAX;
    }
  }
  locs_.push_back(std::move(loc));
  return static_cast<LocId>(locs_.size() - 1);
}

void EscapeGraph::flow(LocId to, LocId from, int derefs) {
  if (to == kNowhere || from == kNowhere || from == kHeap || (to == from && derefs >= 0)) return;
  locs_[to].edges.push_back({from, derefs});
}

void EscapeGraph::function(uint32_t id, uint32_t parent) {
  if (parents_.size() <= id) {
    parents_.resize(id + 1, UINT32_MAX);
    deepest_.resize(id + 1, 0);
  }
  parents_[id] = parent;
}

bool EscapeGraph::contains(uint32_t outer, uint32_t inner) const {
  if (inner == UINT32_MAX) return false;
  for (uint32_t f = parents_[inner]; f != UINT32_MAX; f = parents_[f]) {
    if (f == outer) return true;
  }
  return false;
}

bool EscapeGraph::outlives(const Loc& a, const Loc& b) const {
  if (a.escapes || a.result >= 0) return true;
  if (a.depth == UINT32_MAX) return false;
  if (a.function == b.function) return a.depth < b.depth && b.depth != UINT32_MAX;
  return contains(a.function, b.function);
}

void EscapeGraph::walk(LocId rootId) {
  walks_++;
  locs_[rootId].walk = walks_;
  locs_[rootId].derefs = 0;
  work_.assign(1, rootId);
  locs_[rootId].pending = true;
  for (size_t next = 0; next < work_.size(); next++) {  // first in, first out: short paths come first
    const LocId id = work_[next];
    Loc& l = locs_[id];
    l.pending = false;
    const Loc& root = locs_[rootId];
    const bool address = l.derefs < 0;
    const int derefs = std::max(l.derefs, 0);
    if ((l.leak || address) && outlives(root, l)) {
      if (l.leak) {
        if (root.result >= 0 && root.function == l.function) {
          l.leak->toResult(root.result, derefs);
        } else {
          l.leak->toHeap(derefs);
        }
      }
      if (address && (l.isObject || l.isLocal) && !l.escapes) {
        l.escapes = true;
        if (!l.queued) {
          l.queued = true;
          queue_.push_back(id);
        }
        continue;
      }
    }
    follow(l, derefs);
  }
}

void EscapeGraph::follow(const Loc& l, int derefs) {
  for (const Edge& e : l.edges) {
    Loc& from = locs_[e.from];
    if (from.escapes) continue;
    const int d = derefs + e.derefs;
    if (from.walk == walks_ && from.derefs <= d) continue;
    from.walk = walks_;
    from.derefs = d;
    if (!from.pending) {
      from.pending = true;
      work_.push_back(e.from);
    }
  }
}

// As walk, for kMutated and kCalled.
void EscapeGraph::walkUse(LocId root) {
  walks_++;
  locs_[root].walk = walks_;
  locs_[root].derefs = 0;
  work_.assign(1, root);
  for (size_t next = 0; next < work_.size(); next++) {
    Loc& l = locs_[work_[next]];
    l.pending = false;
    const int derefs = std::max(l.derefs, 0);
    if (l.leak) l.leak->toUse(root == kMutated ? l.leak->mutates : l.leak->calls, derefs);
    if (root == kMutated && l.derefs < 0) l.mutated = true;
    follow(l, derefs);
  }
}

void EscapeGraph::solve() {
  for (LocId i = 0; i < locs_.size(); i++) {
    const Loc& l = locs_[i];
    if (l.edges.empty()) continue;
    const bool matters = l.escapes || l.result >= 0 || (l.depth != UINT32_MAX && l.depth < deepest_[l.function]);
    if (!matters) continue;
    locs_[i].queued = true;
    queue_.push_back(i);
  }
  // The heap first: what escapes to it need not be walked to again.
  std::reverse(queue_.begin(), queue_.end());
  while (!queue_.empty()) {
    const LocId id = queue_.back();
    queue_.pop_back();
    locs_[id].queued = false;
    walk(id);
  }
  walkUse(kMutated);
  walkUse(kCalled);
}

}  // namespace burrow::passes
