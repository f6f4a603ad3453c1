// The graph that escape analysis solves: where pointers flow, and what must outlive what.
//
// A location is a place that holds values: a variable, an object, a parameter, a result, the heap. An edge says that a
// value flows from one location to another after `derefs` dereferences: `p = q` is 0, `p = *q` is 1, `p = &q` is -1, so that
// along a path the numbers add up, never below 0 behind an address: the address of a variable is one thing, and what flows
// into the variable is another.
//
// An object whose address flows to a location that outlives it must be on the heap. A location outlives another of the
// same function when fewer loops are around its declaration: the next iteration makes a new object, and the old one must
// not be overwritten. The heap and results outlive everything, an escaped object is as the heap is, and a function's
// variables outlive those of closures that are made in it. Everything that flows to the heap or to a result on the way
// from a parameter is written down as the parameter's leak.
//
// What is only used is noted the same way: pointers through which something is stored flow to kMutated, func values that are
// called to kCalled. Both outlive nothing; an object whose address reaches kMutated has been written to behind its making
// (a copy of a string that nobody writes to need not be made), and parameters note it for their callers. An object that
// escapes may be written to by anyone.
//
// For each location that can outlive another the shortest paths to it are computed (negative numbers: Bellman-Ford from a
// work list). Locations that nothing can be younger than are not walked, which keeps straight code linear, however long.
#pragma once

#include "passes/escape_summary.h"

#include <cstdint>
#include <vector>

namespace burrow::passes {

using LocId = uint32_t;

class EscapeGraph {
 public:
  // The heap. Nothing has to be known of what flows out of it: no pointer into a stack can.
  static constexpr LocId kHeap = 0;
  static constexpr LocId kMutated = 1, kCalled = 2;
  static constexpr LocId kNowhere = UINT32_MAX;

  struct Edge {
    LocId from;
    int derefs;
  };
  struct Loc {
    uint32_t function = UINT32_MAX;  // in the batch
    uint32_t depth = 0;              // UINT32_MAX: a value on its way, which outlives nothing
    bool isObject = false;   // made by an allocation that may go to the stack
    bool isLocal = false;    // a stack slot: nothing can be done about it, but what it holds escapes with it
    bool escapes = false;
    bool mutated = false;    // an object that something is stored to
    int result = -1;     // number of a result
    ParamLeak* leak = nullptr;  // of a parameter: where to note
    std::vector<Edge> edges;    // what flows here
    // While solving.
    uint32_t walk = 0;
    int derefs = 0;
    bool queued = false, pending = false;
  };

  EscapeGraph();
  LocId add(Loc loc);
  const Loc& operator[](LocId l) const { return locs_[l]; }
  // `from` after `derefs` flows to `to`.
  void flow(LocId to, LocId from, int derefs);
  // A function of the batch and, for a closure, the one that makes it.
  void function(uint32_t id, uint32_t parent);
  void solve();

 private:
  bool contains(uint32_t outer, uint32_t inner) const;
  bool outlives(const Loc& a, const Loc& b) const;
  void walk(LocId root);
  void walkUse(LocId root);
  void follow(const Loc& l, int derefs);

  std::vector<Loc> locs_;
  std::vector<uint32_t> parents_;  // by function; UINT32_MAX: none
  std::vector<uint32_t> deepest_;  // by function: the largest depth of an object in it or in its closures
  std::vector<LocId> queue_, work_;
  uint32_t walks_ = 0;
};

}  // namespace burrow::passes
