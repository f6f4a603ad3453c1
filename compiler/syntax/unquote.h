// The values of string and rune literals.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace burrow::syntax {

// The bytes that a string literal (with its quotes, "..." or `...`) stands for, in *value. Returns false when the
// literal is malformed; the scanner has complained about such a one.
bool unquoteString(std::string_view literal, std::string* value);
// The code point of a rune literal ('x').
bool unquoteRune(std::string_view literal, uint32_t* value);

}  // namespace burrow::syntax
