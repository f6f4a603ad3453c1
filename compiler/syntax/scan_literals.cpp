// Number, rune and string literals. See scanner.h.
//
// A malformed literal is one token with `bad` set, and one error: each function remembers whether it has complained and
// then only looks for the literal's end, so that the parser goes on behind it.
#include "syntax/character_class.h"
#include "syntax/diagnostics.h"
#include "syntax/scanner.h"
#include "source/unicode.h"

namespace burrow::syntax {

using source::describeRune;
using source::quoteRune;

namespace {

constexpr char lower(char c) { return static_cast<char>(c | 0x20); }

std::string_view baseName(uint32_t base) {
  switch (base) {
    case 2: return "binary";
    case 8: return "octal";
    case 10: return "decimal";
    default: return "hexadecimal";
  }
}

// What scanDigits saw.
constexpr uint32_t kSawDigit = 1;
constexpr uint32_t kSawSeparator = 2;

// The index of the first underscore in a number that does not stand between two digits, or -1. A base prefix counts as
// a digit here; a leading 0 is one.
int64_t misplacedSeparator(std::string_view s) {
  enum { kOther, kDigit, kUnderscore } previous = kOther;
  bool hex = false;
  size_t i = 0;
  if (s.size() >= 2 && s[0] == '0') {
    char prefix = lower(s[1]);
    if (prefix == 'x' || prefix == 'o' || prefix == 'b') {
      hex = prefix == 'x';
      previous = kDigit;
      i = 2;
    }
  }
  for (; i < s.size(); i++) {
    if (s[i] == '_') {
      if (previous != kDigit) return static_cast<int64_t>(i);
      previous = kUnderscore;
    } else if (isClass(s[i], hex ? kHexByte : kDigitByte)) {
      previous = kDigit;
    } else {
      if (previous == kUnderscore) return static_cast<int64_t>(i) - 1;
      previous = kOther;
    }
  }
  return previous == kUnderscore ? static_cast<int64_t>(s.size()) - 1 : -1;
}

}  // namespace

void Scanner::finishLiteral(LiteralKind kind, bool ok) {
  needSemi_ = true;
  literal = kind;
  bad = !ok;
  finish(Token::Literal);
  text = {begin_ + offset, end - offset};
}

// Reads digits and underscores. Bases up to 10 take all decimal digits and note the first one that is too large.
uint32_t Scanner::scanDigits(uint32_t base, int64_t* invalid) {
  uint32_t saw = 0;
  for (;; p_++) {
    char c = *p_;
    if (c == '_') {
      saw |= kSawSeparator;
    } else if (isClass(c, base <= 10 ? kDigitByte : kHexByte)) {
      if (base <= 10 && static_cast<uint32_t>(c - '0') >= base && *invalid < 0) *invalid = here() - offset;
      saw |= kSawDigit;
    } else {
      // Only errors are left when a bad byte follows; they must not end the number.
      if (c == 0 || static_cast<unsigned char>(c) >= 0x80) {
        const char* before = p_;
        if (peek().code >= 0 && p_ != before) {
          p_--;
          continue;
        }
      }
      return saw;
    }
  }
}

void Scanner::scanNumber(bool seenPoint) {
  bool ok = true;
  auto kind = LiteralKind::Int;
  uint32_t base = 10;
  char prefix = 0;  // 0: decimal, '0': a leading zero, 'x', 'o', 'b'
  uint32_t saw = 0;
  int64_t invalid = -1;

  if (!seenPoint) {
    if (*p_ == '0') {
      p_++;
      switch (lower(*p_)) {
        case 'x': p_++, base = 16, prefix = 'x'; break;
        case 'o': p_++, base = 8, prefix = 'o'; break;
        case 'b': p_++, base = 2, prefix = 'b'; break;
        default: base = 8, prefix = '0', saw = kSawDigit; break;
      }
    }
    saw |= scanDigits(base, &invalid);
    if (*p_ == '.') {
      if (prefix == 'o' || prefix == 'b') {
        error(here(), diag::InvalidRadixPoint, baseName(base));
        ok = false;
      }
      p_++;
      seenPoint = true;
    }
  }
  if (seenPoint) {
    kind = LiteralKind::Float;
    saw |= scanDigits(base, &invalid);
  }
  if (!(saw & kSawDigit) && ok) {
    error(here(), diag::LiteralWithoutDigits, baseName(base));
    ok = false;
  }

  if (char e = lower(*p_); e == 'e' || e == 'p') {
    if (ok && e == 'e' && prefix != 0 && prefix != '0') {
      error(here(), diag::ExponentNeedsDecimal, quoteRune(static_cast<unsigned char>(*p_)));
      ok = false;
    } else if (ok && e == 'p' && prefix != 'x') {
      error(here(), diag::ExponentNeedsHexadecimal, quoteRune(static_cast<unsigned char>(*p_)));
      ok = false;
    }
    p_++;
    kind = LiteralKind::Float;
    if (*p_ == '+' || *p_ == '-') p_++;
    int64_t ignored = -1;
    saw = scanDigits(10, &ignored) | (saw & kSawSeparator);
    if (!(saw & kSawDigit) && ok) {
      error(here(), diag::ExponentWithoutDigits);
      ok = false;
    }
  } else if (prefix == 'x' && kind == LiteralKind::Float && ok) {
    error(here(), diag::HexadecimalNeedsExponent);
    ok = false;
  }

  if (*p_ == 'i') {
    kind = LiteralKind::Imaginary;
    p_++;
  }

  finishLiteral(kind, ok);
  if (kind == LiteralKind::Int && invalid >= 0 && ok) {
    uint32_t at = offset + static_cast<uint32_t>(invalid);
    error(at, diag::InvalidDigit, quoteRune(static_cast<unsigned char>(begin_[at])), baseName(base));
    ok = false;
  }
  if (saw & kSawSeparator && ok) {
    if (int64_t i = misplacedSeparator(text); i >= 0) {
      error(offset + static_cast<uint32_t>(i), diag::MisplacedSeparator);
      ok = false;
    }
  }
  bad = !ok;
}

void Scanner::scanRune() {
  bool ok = true;
  p_++;
  for (int n = 0;; n++) {
    Rune r = peek();
    if (r.code == '\'') {
      if (ok && n == 0) {
        error(here(), diag::EmptyRune);
        ok = false;
      } else if (ok && n != 1) {
        error(offset, diag::LongRune);
        ok = false;
      }
      p_++;
      break;
    }
    if (r.code == '\\') {
      p_++;
      if (!scanEscape('\'')) ok = false;
      continue;
    }
    if (r.code == '\n') {
      if (ok) error(here(), diag::NewlineInRune);
      ok = false;
      break;
    }
    if (r.code < 0) {
      if (ok) error(offset, diag::RuneNotTerminated);
      ok = false;
      break;
    }
    p_ += r.width;
  }
  finishLiteral(LiteralKind::Rune, ok);
}

void Scanner::scanString() {
  bool ok = true;
  p_++;
  for (;;) {
    while (!isClass(*p_, kStringStop)) p_++;
    Rune r = peek();
    if (r.code == '"') {
      p_++;
      break;
    }
    if (r.code == '\\') {
      p_++;
      if (!scanEscape('"')) ok = false;
      continue;
    }
    if (r.code == '\n') {
      error(here(), diag::NewlineInString);
      ok = false;
      break;
    }
    if (r.code < 0) {
      error(offset, diag::StringNotTerminated);
      ok = false;
      break;
    }
    p_ += r.width;
  }
  finishLiteral(LiteralKind::String, ok);
}

void Scanner::scanRawString() {
  bool ok = true;
  p_++;
  for (;;) {
    while (!isClass(*p_, kRawStop)) p_++;
    Rune r = peek();
    p_ += r.width;
    if (r.code == '`') break;
    if (r.code < 0) {
      error(offset, diag::StringNotTerminated);
      ok = false;
      break;
    }
  }
  finishLiteral(LiteralKind::String, ok);
}

// Behind a backslash. Returns whether the escape is fine; at the end of the text the caller has something to say.
bool Scanner::scanEscape(char quote) {
  constexpr uint32_t kMaxRune = 0x10FFFF;
  Rune r = peek();
  uint32_t count, base, limit;
  switch (r.code) {
    case 'a': case 'b': case 'f': case 'n': case 'r': case 't': case 'v': case '\\':
      p_++;
      return true;
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
      count = 3, base = 8, limit = 255;
      break;
    case 'x':
      p_++;
      count = 2, base = 16, limit = 255;
      break;
    case 'u':
      p_++;
      count = 4, base = 16, limit = kMaxRune;
      break;
    case 'U':
      p_++;
      count = 8, base = 16, limit = kMaxRune;
      break;
    default:
      if (r.code == quote) {
        p_++;
        return true;
      }
      if (r.code < 0) return true;
      error(here(), diag::UnknownEscape);
      return false;
  }

  uint32_t value = 0;
  for (; count > 0; count--) {
    r = peek();
    if (r.code < 0) return true;
    uint32_t digit = base;
    if (r.code < 0x80) {
      char c = static_cast<char>(r.code);
      if (isClass(c, kDigitByte)) {
        digit = static_cast<uint32_t>(c - '0');
      } else if (isClass(c, kHexByte)) {
        digit = static_cast<uint32_t>(lower(c) - 'a' + 10);
      }
    }
    if (digit >= base) {
      error(here(), diag::InvalidEscapeCharacter, quoteRune(static_cast<uint32_t>(r.code)), baseName(base));
      return false;
    }
    value = value * base + digit;
    p_++;
  }
  if (value > limit && base == 8) {
    error(here(), diag::OctalEscapeTooLarge, value);
    return false;
  }
  if (value > limit || (value >= 0xD800 && value < 0xE000)) {
    error(here(), diag::EscapeNoCodePoint, describeRune(value));
    return false;
  }
  return true;
}

}  // namespace burrow::syntax
