// What the words behind `burrow inspect VIEW` say.
//
// Each view has a row: which flags it takes and how many targets. A flag that a view would not look at is refused, and so are two
// that do not go together and values that name nothing: who asks for something wrong should hear it rather than get everything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::driver {

struct InspectFlags {
  bool json = false, html = false, dot = false, group = false, all = false, partial = false, full = false, empty = false, diff = false, retained = false, live = false, check = false, noStop = false;
  std::string output, exe, state, match, atFunction, address = "127.0.0.1:0";
  std::optional<uint64_t> sizeClass, size, at, goroutine, width, top, keep, sample;
  std::optional<bool> colour;
  std::vector<std::string> words;
};

// Decimal, or hexadecimal behind 0x.
bool parseInspectNumber(std::string_view text, uint64_t* out);
// False, with the reason, when the view is unknown or the words are not for it.
bool parseInspectFlags(const std::string& view, const std::vector<std::string>& words, InspectFlags* out, std::string* error);

}  // namespace burrow::driver
