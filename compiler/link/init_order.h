// The order in which a program's packages are initialised.
//
// The language: sort all packages by import path; repeatedly initialise the first one in the list that is not initialised
// and whose imports all are. A heap of ready packages does that in n log n steps.
#pragma once

#include <string>
#include <vector>

namespace burrow::link {

struct InitPackage {
  std::string path;
  std::vector<std::string> imports;
  bool hasTask = true;  // false: nothing to initialise; takes part in the order but not in the result
};

// Paths of the packages that have something to initialise, in order. Imports of packages that are not in the list count as
// initialised. `runtime` and what it imports come first whoever imports them, because every package depends on them.
std::vector<std::string> initOrder(const std::vector<InitPackage>& packages);

}  // namespace burrow::link
