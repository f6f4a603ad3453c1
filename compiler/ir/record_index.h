// What packages say of what they declare, by name, for the packages that import them.
//
// A command's packages are numbered. Several may say something of the same name: instances of generic functions, and packages that
// the command has with their tests and without. A record counts only for those who import its package, directly or not.
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

  // The record of the first package in the set that has one; empty: none has.
  std::string_view find(std::string_view name, const PackageSet& visible) const {
    auto it = records_.find(name);
    if (it == records_.end()) return {};
    const std::pair<uint32_t, std::string_view>* best = nullptr;
    for (const auto& record : it->second) {
      if (record.first < visible.size() && visible[record.first] && (best == nullptr || record.first < best->first)) best = &record;
    }
    return best == nullptr ? std::string_view{} : best->second;
  }

 private:
  std::unordered_map<std::string_view, std::vector<std::pair<uint32_t, std::string_view>>> records_;
};

}  // namespace burrow::ir
