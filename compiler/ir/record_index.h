// What packages say of what they declare, by name, for the packages that import them.
//
// A command's packages are numbered. Several may say something of the same name: instances of generic functions, and packages that
// the command has with their tests and without. A record counts only for those who import its package, directly or not. What is
// found is the same in every command, since what is compiled with it is kept in the cache for all of them.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace burrow::ir {

// By number.
using PackageSet = std::vector<bool>;

class RecordIndex {
 public:
  // The texts belong to somebody who stays.
  void add(uint32_t package, std::string_view name, std::string_view text) { records_[name].emplace_back(package, text); }

  // The record of a package in the set, empty: none has one. Of several the shortest, and of those the first by its bytes: the order of
  // packages that do not import each other is another one in each command.
  std::string_view find(std::string_view name, const PackageSet& visible) const {
    auto it = records_.find(name);
    if (it == records_.end()) return {};
    std::string_view best;
    for (const auto& [package, text] : it->second) {
      if (package >= visible.size() || !visible[package]) continue;
      if (best.empty() || std::pair(text.size(), text) < std::pair(best.size(), best)) best = text;
    }
    return best;
  }

 private:
  std::unordered_map<std::string_view, std::vector<std::pair<uint32_t, std::string_view>>> records_;
};

}  // namespace burrow::ir
