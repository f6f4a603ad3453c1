// What is to be known about characters: UTF-8 decoding, Go's letters and digits, and the spellings that
// Go's messages use for characters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace burrow::source {

// One decoded character. An invalid sequence has `valid` false and width 1 (0 at the end of the text).
struct DecodedRune {
  uint32_t code = 0xFFFD;
  uint32_t width = 0;
  bool valid = false;
};

// Decodes the character at `p`. Surrogates, overlong forms and values beyond U+10FFFF are invalid.
DecodedRune decodeRune(const char* p, const char* end);
// Appends the character in UTF-8; what is no character becomes U+FFFD.
void appendRune(std::string& out, uint32_t code);

bool isLetterRune(uint32_t code);     // category L, as unicode.IsLetter
bool isDigitRune(uint32_t code);      // category Nd, as unicode.IsDigit
bool isPrintableRune(uint32_t code);  // as strconv.IsPrint

// Whether a name consists of what Go allows in names; the scanner passes on others too, after it has complained.
bool isValidName(std::string_view name);

// 'x', with escapes: Go's %q.
std::string quoteRune(uint32_t code);
// U+0078 'x', without the quoted part when it cannot be printed: Go's %#U.
std::string describeRune(uint32_t code);
// "x", with escapes: Go's %q of a string.
std::string quoteString(std::string_view s);

}  // namespace burrow::source
