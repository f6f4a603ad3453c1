// What the cache says of a package's parts: their keys, and which symbols are in which.
#pragma once

#include "load/cache.h"

#include <string>
#include <string_view>
#include <vector>

namespace burrow::driver {

inline load::Hash partKey(const load::Hash& package, size_t part) {
  return load::Hasher().add("part").add(package.hex()).add(std::to_string(part)).finish();
}

// A text for each part: the symbols of functions that it defines for others, each with a NUL byte behind it; and a byte 1 behind
// each part. Data and descriptors are in part 0, which a program has of all of its packages.
class PartTable {
 public:
  static void add(std::string& table, const std::vector<std::string>& symbols) {
    for (const std::string& s : symbols) {
      table += s;
      table += '\0';
    }
    table += kEndOfPart;
  }

  static size_t parts(std::string_view table) {
    size_t count = 0;
    for (char c : table) count += c == kEndOfPart;
    return count;
  }

  // Calls visit(part, symbol) for all.
  template <typename Visit>
  static void forEach(std::string_view table, Visit visit) {
    for (size_t part = 0; !table.empty();) {
      if (table[0] == kEndOfPart) {
        part++;
        table.remove_prefix(1);
        continue;
      }
      const size_t end = table.find('\0');
      visit(part, table.substr(0, end));
      table.remove_prefix(end == std::string_view::npos ? table.size() : end + 1);
    }
  }

 private:
  static constexpr char kEndOfPart = 1;  // in no symbol
};

}  // namespace burrow::driver
