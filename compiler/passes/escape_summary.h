// What a function does with its parameters, as escape analysis of its callers needs to know it.
//
// For each parameter (a closure's captured values count as further ones): whether what it points to reaches the heap, and
// which results it reaches, and whether it is stored to or called. Each fact carries the number of dereferences on the way: 0 means the parameter's value itself,
// 1 what it points to, and so on; the smallest number counts, since a pointer that leaks takes along all behind it.
//
// The text form is kept with the function (ir::Function::escape) and with the package's object in the build cache:
// "=" and then the parameters, separated by commas, each a list of `hN` (heap after N dereferences) and `rR.N` (result R
// after N), `mN` (stored to) and `cN` (called): "=h0,,h1r0.0m1". An empty text says that nothing is known, which is to be read as "everything leaks".
#pragma once

#include "ir/record_index.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace burrow::passes {

struct ParamLeak {
  int heap = -1;                              // -1: does not reach the heap
  int mutates = -1, calls = -1;               // -1: nothing is stored through it, it is not called
  std::vector<std::pair<int, int>> results;   // result, dereferences
  void toHeap(int derefs) {
    if (heap < 0 || derefs < heap) heap = derefs;
  }
  static void toUse(int& use, int derefs) {
    if (use < 0 || derefs < use) use = derefs;
  }
  void toResult(int result, int derefs);
  void simplify();  // who reaches the heap need not be followed to anything that is no nearer
  bool none() const { return heap < 0 && results.empty(); }
  bool operator==(const ParamLeak&) const = default;
};

std::string encodeLeaks(const std::vector<ParamLeak>& leaks);
// False, with nothing in *leaks, for a text that is empty or broken.
bool decodeLeaks(std::string_view text, std::vector<ParamLeak>* leaks);

// The functions of other packages whose leaks are known, by symbol.
class EscapeSummaries {
 public:
  // Empty when nothing is known.
  std::string_view find(std::string_view symbol, const ir::PackageSet& visible) const { return texts_.find(symbol, visible); }
  // A package's, as one line, "symbol\ttext\t...".
  void read(uint32_t package, std::string line);

 private:
  std::deque<std::string> lines_;
  ir::RecordIndex texts_;
};

}  // namespace burrow::passes
