// Optimisations that are switched off, for those who want to know what one is worth or whether it is to blame.
//
//   burrow build -gcflags='all=-d=without=escape+late-frames' p        -d=without=help names them
//
// Switching off changes no program but in its speed, and in what it can see of it: allocations, capacities. The set is part of a
// package's key in the build cache, and goes with the options of each phase; whoever optimises asks it at the place where the
// optimisation begins.
//
// What is not in the list: what the runtime relies on, what costs nothing to have (the form that an operation is lowered to),
// and what the language can tell. The runtime's own Go code keeps escape analysis and its static data: it may run where nothing
// can be allocated, and before anything is initialised.
//
// Rejected: a flag for each (three dozen that gc does not have); levels (nobody knows what is in them); environment variables,
// which would not be in the key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace burrow::ir {

enum class Optimisation : uint8_t {
#define X(identifier, name, what) identifier,
#include "ir/optimisations.def"
#undef X
};

class Without {
 public:
  bool operator()(Optimisation o) const { return (bits_ >> static_cast<unsigned>(o) & 1) != 0; }
  bool empty() const { return bits_ == 0; }
  void add(Optimisation o) { bits_ |= uint64_t{1} << static_cast<unsigned>(o); }
  // Adds what `names` has, joined by '+'. False, with *error set, for a name that is none; the message lists those that are.
  bool parse(std::string_view names, std::string* error);
  // For `parse`; empty if nothing is switched off.
  std::string text() const;

 private:
  uint64_t bits_ = 0;
};

// A line for each: its name and what it is.
std::string optimisationList();

// Whether a package is of those that run before and below everything else.
bool isRuntimeCode(std::string_view path);

}  // namespace burrow::ir
