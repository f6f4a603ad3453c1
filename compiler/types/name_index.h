// Where names stand in a list of objects that only grows: a type's methods, a struct's fields.
//
// Short lists are searched from the front. For long ones a table is made on the first question and extended when the list
// has grown, so that looking up each of n members takes linear time. Names may occur several times (unexported ones of
// different packages, mistakes); the positions of one name are given in order.
//
// Rejected: a table in every type. Nearly all have a handful of members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace burrow::types {

class NameIndex {
 public:
  static constexpr size_t kNone = SIZE_MAX;

  // The first position from `from` on at which an object of that name stands; `from` is 0 or behind an earlier answer.
  template <typename T>
  size_t find(std::span<T* const> list, std::string_view name, size_t from = 0) {
    if (list.size() > kListMax) {
      for (; next_.size() < list.size(); next_.push_back(kNone)) add(list[next_.size()]->name);
      if (from > 0) return next_[from - 1];
      auto it = ends_.find(name);
      return it == ends_.end() ? kNone : it->second.first;
    }
    for (size_t i = from; i < list.size(); i++)
      if (list[i]->name == name) return i;
    return kNone;
  }

 private:
  static constexpr size_t kListMax = 16;
  struct Ends {
    size_t first, last;
  };
  void add(std::string_view name);
  std::vector<size_t> next_;  // for each position the next one of the same name
  std::unordered_map<std::string_view, Ends> ends_;
};

}  // namespace burrow::types
