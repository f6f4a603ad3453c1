// See unquote.h.
#include "syntax/unquote.h"

#include "source/unicode.h"

namespace burrow::syntax {

using source::DecodedRune;
using source::appendRune;
using source::decodeRune;

namespace {

constexpr uint32_t kMaxRune = 0x10FFFF;

// One character or escape at the start of *s, which is consumed. `isByte`: it is a byte value (\x.. or \ooo) rather
// than a character.
bool unquoteChar(std::string_view* s, char quote, uint32_t* value, bool* isByte) {
  *isByte = false;
  if (s->empty() || s->front() == quote || s->front() == '\n') return false;
  if (s->front() != '\\') {
    DecodedRune r = decodeRune(s->data(), s->data() + s->size());
    // A string may not hold malformed text, but byte by byte it is clear what it means.
    *value = r.valid ? r.code : static_cast<unsigned char>(s->front());
    *isByte = !r.valid;
    s->remove_prefix(r.width);
    return true;
  }
  s->remove_prefix(1);
  if (s->empty()) return false;
  char c = s->front();
  uint32_t digits = 0, base = 16;
  switch (c) {
    case 'a': *value = '\a'; break;
    case 'b': *value = '\b'; break;
    case 'f': *value = '\f'; break;
    case 'n': *value = '\n'; break;
    case 'r': *value = '\r'; break;
    case 't': *value = '\t'; break;
    case 'v': *value = '\v'; break;
    case '\\': *value = '\\'; break;
    case 'x': digits = 2; break;
    case 'u': digits = 4; break;
    case 'U': digits = 8; break;
    default:
      if (c >= '0' && c <= '7') {
        digits = 3;
        base = 8;
      } else if (c == quote) {
        *value = static_cast<unsigned char>(c);
      } else {
        return false;
      }
  }
  if (base == 16) s->remove_prefix(1);
  if (digits == 0) return true;
  if (s->size() < digits) return false;
  uint64_t v = 0;
  for (uint32_t i = 0; i < digits; i++) {
    char d = (*s)[i];
    uint32_t n = d >= '0' && d <= '9'                     ? static_cast<uint32_t>(d - '0')
                 : (d | 0x20) >= 'a' && (d | 0x20) <= 'f' ? static_cast<uint32_t>((d | 0x20) - 'a' + 10)
                                                          : base;
    if (n >= base) return false;
    v = v * base + n;
  }
  s->remove_prefix(digits);
  *isByte = base == 8 || digits == 2;
  if (*isByte ? v > 255 : v > kMaxRune || (v >= 0xD800 && v < 0xE000)) return false;
  *value = static_cast<uint32_t>(v);
  return true;
}

}  // namespace

bool unquoteString(std::string_view s, std::string* value) {
  value->clear();
  if (s.size() < 2 || s.front() != s.back()) return false;
  char quote = s.front();
  s = s.substr(1, s.size() - 2);
  if (quote == '`') {
    if (s.find('`') != std::string_view::npos) return false;
    for (char c : s) {
      if (c != '\r') *value += c;  // carriage returns are not part of the value
    }
    return true;
  }
  if (quote != '"') return false;
  value->reserve(s.size());
  while (!s.empty()) {
    // Runs without anything special are the common case.
    size_t plain = s.find_first_of("\\\"\n");
    value->append(s.substr(0, plain));
    if (plain == std::string_view::npos) return true;
    s.remove_prefix(plain);
    uint32_t c;
    bool isByte;
    if (!unquoteChar(&s, '"', &c, &isByte)) return false;
    if (isByte) {
      *value += static_cast<char>(c);
    } else {
      appendRune(*value, c);
    }
  }
  return true;
}

bool unquoteRune(std::string_view s, uint32_t* value) {
  if (s.size() < 3 || s.front() != '\'' || s.back() != '\'') return false;
  s = s.substr(1, s.size() - 2);
  bool isByte;
  return unquoteChar(&s, '\'', value, &isByte) && s.empty();
}

}  // namespace burrow::syntax
