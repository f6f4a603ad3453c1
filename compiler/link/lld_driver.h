// lld as a function.
#pragma once

#include <string>
#include <vector>

namespace burrow::link {

struct LldResult {
  bool ok = false;
  bool canRunAgain = true;
  std::string errors;
};

// Runs lld's ELF driver with these arguments ("ld.lld" first).
LldResult runLld(const std::vector<std::string>& command);

}  // namespace burrow::link
