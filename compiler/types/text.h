// Small helpers for text: Go's quoting, UTF-8, literals.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace burrow::types {

// As strconv.Quote: a double-quoted Go string literal.
std::string quote(std::string_view s);
// Decodes the rune at s[*i] and moves *i behind it. Invalid bytes count one each and yield U+FFFD.
uint32_t decodeRune(std::string_view s, size_t* i);
void appendRune(std::string& out, uint32_t rune);
size_t countRunes(std::string_view s);
std::string_view firstRunes(std::string_view s, size_t n);
bool isUpper(uint32_t rune);
// The value of a string or rune literal with its quotes; false when it is malformed.
bool unquoteString(std::string_view literal, std::string* out);
bool unquoteRune(std::string_view literal, uint32_t* out);
// Equality that ignores case (Unicode simple folding of the letters that occur in identifiers).
bool equalFold(std::string_view a, std::string_view b);

}  // namespace burrow::types
