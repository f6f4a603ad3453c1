// One byte of flags per byte value: what each scanning loop may run over and where it has to stop. A zero byte and
// every byte of a multi-byte character stop all of them.
#pragma once

#include <array>
#include <cstdint>

namespace burrow::syntax {

enum CharacterClass : uint8_t {
  kNameByte = 1 << 0,      // ASCII letters, digits, underscore
  kDigitByte = 1 << 1,     // 0-9
  kHexByte = 1 << 2,       // 0-9 a-f A-F
  kLineStop = 1 << 3,      // ends the fast loop of a line comment
  kCommentStop = 1 << 4,   // ... of a general comment
  kStringStop = 1 << 5,    // ... of a string
  kRawStop = 1 << 6,       // ... of a raw string
  kLetterByte = 1 << 7,    // ASCII letters, underscore
};

inline constexpr std::array<uint8_t, 256> kClass = [] {
  std::array<uint8_t, 256> t{};
  for (int c = 0; c < 256; c++) {
    uint8_t f = 0;
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80;
    bool digit = c >= '0' && c <= '9';
    if (letter || c == '_') f |= kNameByte | kLetterByte;
    if (digit) f |= kNameByte | kDigitByte | kHexByte;
    if (letter && (c | 0x20) <= 'f') f |= kHexByte;
    bool special = c == 0 || c >= 0x80;
    if (special || c == '\n') f |= kLineStop;
    if (special || c == '*') f |= kCommentStop;
    if (special || c == '"' || c == '\\' || c == '\n') f |= kStringStop;
    if (special || c == '`') f |= kRawStop;
    t[static_cast<uint8_t>(c)] = f;
  }
  return t;
}();

inline bool isClass(char c, uint8_t classes) { return kClass[static_cast<unsigned char>(c)] & classes; }

}  // namespace burrow::syntax
