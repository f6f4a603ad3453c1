// See scanner.h. Here: the token loop, names, keywords and operators. Literals are in scan_literals.cpp, comments and
// directives in scan_comments.cpp.
#include "syntax/scanner.h"

#include "syntax/character_class.h"
#include "syntax/diagnostics.h"
#include "source/unicode.h"

#include <algorithm>
#include <array>

namespace burrow::syntax {

using source::DecodedRune;
using source::decodeRune;
using source::describeRune;
using source::isDigitRune;
using source::isLetterRune;

namespace {

// Keywords are found by a perfect hash of their first two bytes and their length; then one comparison decides.
constexpr size_t kKeywordSlots = 64;
constexpr size_t kLongestKeyword = 11;

constexpr size_t keywordSlot(const char* s, size_t length) {
  return (static_cast<unsigned char>(s[0]) + 4u * static_cast<unsigned char>(s[1]) + 6u * length) % kKeywordSlots;
}

constexpr std::array<Token, kKeywordSlots> kKeywords = [] {
  std::array<Token, kKeywordSlots> t{};
  for (int i = static_cast<int>(Token::Break); i < kTokenCount; i++) {
    auto keyword = static_cast<Token>(i);
    t[keywordSlot(spelling(keyword).data(), spelling(keyword).size())] = keyword;
  }
  return t;
}();
constexpr bool keywordHashIsPerfect() {
  int found = 0;
  for (Token t : kKeywords) found += t != Token::EndOfFile;
  return found == kTokenCount - static_cast<int>(Token::Break);
}
static_assert(keywordHashIsPerfect(), "two keywords share a slot: choose other factors in keywordSlot");

constexpr bool endsStatement(Token keyword) {
  return keyword == Token::Break || keyword == Token::Continue || keyword == Token::Fallthrough ||
         keyword == Token::Return;
}

constexpr uint32_t kByteOrderMark = 0xFEFF;

}  // namespace

Scanner::Scanner(source::SourceFile& file, source::Arena& arena, StringTable& names, source::Diagnostics& diagnostics)
    : file_(file),
      arena_(arena),
      names_(names),
      diagnostics_(diagnostics),
      begin_(file.text.c_str()),
      end_(begin_ + file.text.size()),
      p_(begin_) {
  file.indexLines();
  file.lineDirectives.clear();
}

void Scanner::stop() {
  p_ = end_;
  needSemi_ = false;
  offset = here();
  finish(Token::EndOfFile);
}

// Reports a byte that Go forbids; once per line, as a file that is no text at all has very many.
void Scanner::badByte(const source::DiagnosticKind& kind) {
  const auto& starts = file_.lineStarts;
  auto line = std::upper_bound(starts.begin(), starts.end(), here()) - starts.begin();
  if (badByteKind_ == &kind && badByteLine_ == line) return;
  badByteKind_ = &kind;
  badByteLine_ = line;
  error(here(), kind);
}

Scanner::Rune Scanner::peekSlow() {
  for (;;) {
    auto c = static_cast<unsigned char>(*p_);
    if (c == 0) {
      if (atEnd()) return {-1, 0};
      badByte(diag::InvalidNul);
      p_++;
      continue;
    }
    if (c < 0x80) return {c, 1};
    DecodedRune r = decodeRune(p_, end_);
    if (!r.valid) {
      badByte(diag::InvalidUtf8);
      p_++;
      continue;
    }
    if (r.code == kByteOrderMark) {
      if (p_ != begin_) badByte(diag::InvalidBom);
      p_ += r.width;
      continue;
    }
    return {static_cast<int32_t>(r.code), r.width};
  }
}

void Scanner::finishSemicolon(SemicolonKind why) {
  semicolon = why;
  finish(Token::Semicolon);
}

void Scanner::finishOperator(Token t) {
  if (*p_ == '=') {
    p_++;
    t = static_cast<Token>(static_cast<int>(t) - static_cast<int>(Token::Add) + static_cast<int>(Token::AddAssign));
  }
  finish(t);
}

void Scanner::next() {
  bool needSemi = needSemi_;
  needSemi_ = false;

redo:
  while (*p_ == ' ' || *p_ == '\t' || (*p_ == '\n' && !needSemi) || *p_ == '\r') p_++;
  offset = here();
  if (isClass(*p_, kLetterByte)) return scanName();

  switch (*p_) {
    case '\n':
      p_++;
      return finishSemicolon(SemicolonKind::Newline);
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
      return scanNumber(false);
    case '"':
      return scanString();
    case '`':
      return scanRawString();
    case '\'':
      return scanRune();
    case '(':
      p_++;
      return finish(Token::LeftParen);
    case '[':
      p_++;
      return finish(Token::LeftBracket);
    case '{':
      p_++;
      return finish(Token::LeftBrace);
    case ',':
      p_++;
      return finish(Token::Comma);
    case ';':
      p_++;
      return finishSemicolon(SemicolonKind::Written);
    case ')':
      p_++;
      needSemi_ = true;
      return finish(Token::RightParen);
    case ']':
      p_++;
      needSemi_ = true;
      return finish(Token::RightBracket);
    case '}':
      p_++;
      needSemi_ = true;
      return finish(Token::RightBrace);
    case ':':
      p_++;
      if (*p_ == '=') {
        p_++;
        return finish(Token::Define);
      }
      return finish(Token::Colon);
    case '.':
      p_++;
      if (isClass(*p_, kDigitByte)) return scanNumber(true);
      if (p_[0] == '.' && p_[1] == '.') {
        p_ += 2;
        return finish(Token::Ellipsis);
      }
      return finish(Token::Dot);
    case '+':
    case '-': {
      char c = *p_++;
      if (*p_ == c) {
        p_++;
        needSemi_ = true;
        return finish(c == '+' ? Token::Increment : Token::Decrement);
      }
      return finishOperator(c == '+' ? Token::Add : Token::Sub);
    }
    case '*':
      p_++;
      return finishOperator(Token::Mul);
    case '/':
      p_++;
      if (*p_ == '/') {
        p_++;
        skipLineComment();
        goto redo;
      }
      if (*p_ == '*') {
        p_++;
        bool multiLine = false;
        skipGeneralComment(&multiLine);
        // A comment with a newline in it acts like one.
        if (multiLine && needSemi) return finishSemicolon(SemicolonKind::Newline);
        goto redo;
      }
      return finishOperator(Token::Quo);
    case '%':
      p_++;
      return finishOperator(Token::Rem);
    case '&':
      p_++;
      if (*p_ == '&') {
        p_++;
        return finish(Token::LogicalAnd);
      }
      if (*p_ == '^') {
        p_++;
        return finishOperator(Token::AndNot);
      }
      return finishOperator(Token::And);
    case '|':
      p_++;
      if (*p_ == '|') {
        p_++;
        return finish(Token::LogicalOr);
      }
      return finishOperator(Token::Or);
    case '^':
      p_++;
      return finishOperator(Token::Xor);
    case '<':
      p_++;
      switch (*p_) {
        case '=': p_++; return finish(Token::LessEqual);
        case '<': p_++; return finishOperator(Token::Shl);
        case '-': p_++; return finish(Token::Arrow);
        default: return finish(Token::Less);
      }
    case '>':
      p_++;
      switch (*p_) {
        case '=': p_++; return finish(Token::GreaterEqual);
        case '>': p_++; return finishOperator(Token::Shr);
        default: return finish(Token::Greater);
      }
    case '=':
      p_++;
      if (*p_ == '=') {
        p_++;
        return finish(Token::Equal);
      }
      return finish(Token::Assign);
    case '!':
      p_++;
      if (*p_ == '=') {
        p_++;
        return finish(Token::NotEqual);
      }
      return finish(Token::Not);
    case '~':
      p_++;
      return finish(Token::Tilde);
    default:
      break;
  }

  // Nothing that can start a token in ASCII: the end, a forbidden byte, a letter of another script, or garbage.
  const char* before = p_;
  Rune r = peek();
  if (r.code < 0) {
    offset = here();
    if (needSemi) return finishSemicolon(SemicolonKind::EndOfFile);
    return finish(Token::EndOfFile);
  }
  if (p_ != before) goto redo;  // a bad byte was skipped
  if (r.code >= 0x80 && nameCharacter(r, true)) return scanName();
  error(here(), diag::InvalidCharacter, describeRune(static_cast<uint32_t>(r.code)));
  p_ += r.width;
  goto redo;
}

// Whether the character belongs to a name. As in gc any character beyond ASCII does, but most are errors there.
bool Scanner::nameCharacter(Rune r, bool first) {
  if (r.code < 0) return false;
  if (r.code < 0x80) return isClass(static_cast<char>(r.code), kNameByte);
  auto code = static_cast<uint32_t>(r.code);
  if (isLetterRune(code)) return true;
  if (isDigitRune(code)) {
    if (first) error(here(), diag::NameBeginsWithDigit, describeRune(code));
  } else {
    error(here(), diag::InvalidCharacterInName, describeRune(code));
  }
  return true;
}

void Scanner::scanName() {
  uint32_t hash = StringTable::kHashSeed;
  const char* start = p_;
  while (isClass(*p_, kNameByte)) hash = StringTable::hashStep(hash, static_cast<unsigned char>(*p_++));
  size_t length = static_cast<size_t>(p_ - start);

  if (static_cast<unsigned char>(*p_) >= 0x80 || (*p_ == 0 && !atEnd())) {
    // Other scripts. The first character was checked by `next`; the fast loop may have read a part already.
    bool first = length == 0;
    for (;;) {
      Rune r = peek();
      if (!first && !nameCharacter(r, false)) break;
      first = false;
      p_ += r.width;
    }
    length = static_cast<size_t>(p_ - start);
    hash = StringTable::hash({start, length});
  } else if (length >= 2 && length <= kLongestKeyword) {
    Token keyword = kKeywords[keywordSlot(start, length)];
    if (keyword != Token::EndOfFile && spelling(keyword) == std::string_view(start, length)) {
      needSemi_ = endsStatement(keyword);
      return finish(keyword);
    }
  }
  needSemi_ = true;
  text = names_.intern({start, length}, hash);
  finish(Token::Name);
}

}  // namespace burrow::syntax
