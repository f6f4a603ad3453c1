// See string_table.h.
#include "syntax/string_table.h"

#include <cstring>
#include <utility>

namespace burrow::syntax {

namespace {
constexpr size_t kInitialSize = 1024;
}

StringTable::StringTable() : entries_(kInitialSize) {}

std::string_view StringTable::intern(std::string_view s, uint32_t h) {
  size_t mask = entries_.size() - 1;
  // FNV's low bits are good; fold the high ones in so that tables of any size see all of them.
  size_t i = (h ^ h >> 15) & mask;
  for (;; i = (i + 1) & mask) {
    Entry& e = entries_[i];
    if (!e.data) break;
    if (e.hash == h && e.size == s.size() && std::memcmp(e.data, s.data(), s.size()) == 0) return {e.data, e.size};
  }
  // Empty names exist too (in erroneous trees): they need an address of their own.
  char* bytes = static_cast<char*>(bytes_.allocate(s.empty() ? 1 : s.size(), 1));
  std::memcpy(bytes, s.data(), s.size());
  entries_[i] = {bytes, static_cast<uint32_t>(s.size()), h};
  if (++count_ * 2 > entries_.size()) grow();
  return {bytes, s.size()};
}

void StringTable::grow() {
  std::vector<Entry> old = std::exchange(entries_, std::vector<Entry>(entries_.size() * 2));
  size_t mask = entries_.size() - 1;
  for (const Entry& e : old) {
    if (!e.data) continue;
    size_t i = (e.hash ^ e.hash >> 15) & mask;
    while (entries_[i].data) i = (i + 1) & mask;
    entries_[i] = e;
  }
}

}  // namespace burrow::syntax
