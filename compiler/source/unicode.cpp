// See unicode.h. Characters beyond ASCII are rare in Go source, so the classes are sorted ranges and a binary search.
#include "source/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace burrow::source {

namespace {

struct CodeRange {
  uint32_t low, high;
};
#include "source/unicode_tables.inc"

template <size_t N>
bool contains(const CodeRange (&table)[N], uint32_t code) {
  auto it = std::upper_bound(std::begin(table), std::end(table), code,
                             [](uint32_t c, const CodeRange& r) { return c < r.low; });
  return it != std::begin(table) && code <= std::prev(it)->high;
}

constexpr uint32_t kMaxRune = 0x10FFFF;
constexpr uint32_t kReplacement = 0xFFFD;
constexpr bool isSurrogate(uint32_t c) { return c >= 0xD800 && c < 0xE000; }

// Appends one character as it stands inside Go quotes `quote`.
void appendEscaped(std::string& out, uint32_t c, char quote) {
  if (c == static_cast<uint32_t>(quote) || c == '\\') {
    out += '\\';
    out += static_cast<char>(c);
    return;
  }
  if (isPrintableRune(c)) return appendRune(out, c);
  switch (c) {
    case '\a': out += "\\a"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\v': out += "\\v"; return;
    default: break;
  }
  if (c < ' ' || c == 0x7F) {
    out += fmt::format("\\x{:02x}", c);
  } else if (c > kMaxRune || isSurrogate(c)) {
    out += "\\ufffd";
  } else if (c < 0x10000) {
    out += fmt::format("\\u{:04x}", c);
  } else {
    out += fmt::format("\\U{:08x}", c);
  }
}

}  // namespace

DecodedRune decodeRune(const char* p, const char* end) {
  auto byte = [&](int i) { return static_cast<uint32_t>(static_cast<unsigned char>(p[i])); };
  if (p >= end) return {};
  uint32_t c = byte(0);
  if (c < 0x80) return {c, 1, true};
  // The number of continuation bytes, the bits of the first one, and the smallest code that needs that many.
  uint32_t more, smallest;
  if (c >= 0xC2 && c < 0xE0) {
    more = 1, smallest = 0x80, c &= 0x1F;
  } else if (c >= 0xE0 && c < 0xF0) {
    more = 2, smallest = 0x800, c &= 0x0F;
  } else if (c >= 0xF0 && c < 0xF5) {
    more = 3, smallest = 0x10000, c &= 0x07;
  } else {
    return {kReplacement, 1, false};
  }
  if (static_cast<size_t>(end - p) <= more) return {kReplacement, 1, false};
  for (uint32_t i = 1; i <= more; i++) {
    uint32_t b = byte(static_cast<int>(i));
    if ((b & 0xC0) != 0x80) return {kReplacement, 1, false};
    c = c << 6 | (b & 0x3F);
  }
  if (c < smallest || c > kMaxRune || isSurrogate(c)) return {kReplacement, 1, false};
  return {c, more + 1, true};
}

void appendRune(std::string& out, uint32_t c) {
  if (c > kMaxRune || isSurrogate(c)) c = kReplacement;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

bool isLetterRune(uint32_t c) {
  if (c < 0x80) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
  return contains(kLetterRanges, c);
}
bool isDigitRune(uint32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return contains(kDigitRanges, c);
}
bool isPrintableRune(uint32_t c) {
  if (c < 0x80) return c >= 0x20 && c < 0x7F;
  return contains(kPrintRanges, c);
}

bool isValidName(std::string_view name) {
  const char *p = name.data(), *end = p + name.size();
  while (p < end) {
    DecodedRune r = decodeRune(p, end);
    bool first = p == name.data();
    if (r.code != '_' && !isLetterRune(r.code) && (first || !isDigitRune(r.code))) return false;
    p += r.width;
  }
  return true;
}

std::string quoteRune(uint32_t c) {
  std::string out = "'";
  appendEscaped(out, c, '\'');
  return out += '\'';
}

std::string describeRune(uint32_t c) {
  std::string out = fmt::format("U+{:04X}", c);
  if (isPrintableRune(c)) {
    out += " '";
    appendRune(out, c);
    out += '\'';
  }
  return out;
}

std::string quoteString(std::string_view s) {
  std::string out = "\"";
  const char* end = s.data() + s.size();
  for (const char* p = s.data(); p < end;) {
    DecodedRune r = decodeRune(p, end);
    if (r.valid) {
      appendEscaped(out, r.code, '"');
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(*p));
    }
    p += r.width;
  }
  return out += '"';
}

}  // namespace burrow::source
