// Interned names: equal names are the same bytes at the same address.
//
// Names are compared far more often than they are read, so each distinct spelling is stored once and a comparison of
// two names from the same table is a comparison of two pointers (`sameName`). The table owns the bytes; views stay
// valid as long as the table lives. Not thread-safe: one table per thread that parses.
//
// The table is open-addressed with the hash kept beside each entry; `intern` takes the hash from the caller when the
// scanner has computed it already while it read the identifier.
#pragma once

#include "source/arena.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace burrow::syntax {

class StringTable {
 public:
  StringTable();
  StringTable(const StringTable&) = delete;
  StringTable& operator=(const StringTable&) = delete;

  std::string_view intern(std::string_view s) { return intern(s, hash(s)); }
  // `h` must be hash(s).
  std::string_view intern(std::string_view s, uint32_t h);
  size_t size() const { return count_; }

  // Step by step, so that the scanner can hash while it reads: start with kHashSeed, add every byte.
  static constexpr uint32_t kHashSeed = 2166136261u;
  static constexpr uint32_t hashStep(uint32_t h, unsigned char c) { return (h ^ c) * 16777619u; }
  static constexpr uint32_t hash(std::string_view s) {
    uint32_t h = kHashSeed;
    for (char c : s) h = hashStep(h, static_cast<unsigned char>(c));
    return h;
  }

 private:
  struct Entry {
    const char* data = nullptr;
    uint32_t size = 0;
    uint32_t hash = 0;
  };
  void grow();
  source::Arena bytes_;
  std::vector<Entry> entries_;  // a power of two; an entry without data is free
  size_t count_ = 0;
};

// Whether two names of one table are equal.
inline bool sameName(std::string_view a, std::string_view b) { return a.data() == b.data(); }

}  // namespace burrow::syntax
