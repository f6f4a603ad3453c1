// Source text in, tokens out.
//
// `next` reads one token into the public members. Nothing is allocated per token: names are interned, literals are
// views of the text. The text ends in a zero byte that is not part of it (std::string keeps one), which lets the hot
// loops run without a bounds check: a zero ends every one of them, and the slow path finds out whether the text ends
// there or the file holds a forbidden NUL.
//
// Semicolons are inserted as the specification says, while scanning: `needSemi_` remembers whether the last token on a
// line ends a statement. Comments vanish except for directives: `//line` and `/*line*/` go to the file's table at once,
// `//go:` comments are collected in `directives` for the parser to hand out.
//
// Characters: Go source is UTF-8. NUL, malformed UTF-8 and a byte order mark anywhere but at the start are reported
// where they stand and then ignored, so that one bad byte is one error.
#pragma once

#include "source/arena.h"
#include "source/diagnostic.h"
#include "syntax/directive.h"
#include "syntax/string_table.h"
#include "syntax/token.h"

#include <vector>

namespace burrow::syntax {

// Why there is a semicolon.
enum class SemicolonKind : uint8_t { Written, Newline, EndOfFile };

class Scanner {
 public:
  // Indexes the file's lines and stands before the first token. All arguments must outlive the scanner; directives are
  // put into the arena.
  Scanner(source::SourceFile& file, source::Arena& arena, StringTable& names, source::Diagnostics& diagnostics);

  // Reads the next token. At the end of the text it yields EndOfFile for ever.
  void next();

  Token tok = Token::EndOfFile;
  uint32_t offset = 0;           // of the token's first byte
  uint32_t end = 0;              // behind its last byte
  std::string_view text;         // Name: interned; Literal: as written
  LiteralKind literal = LiteralKind::Int;             // for Literal
  bool bad = false;                                   // for Literal: malformed
  SemicolonKind semicolon = SemicolonKind::Written;   // for Semicolon

  source::Pos pos() const { return file_.pos(offset); }
  source::SourceFile& file() const { return file_; }

  // The "//go:" comments so far, in source order.
  std::vector<Directive*> directives;
  // How many errors were reported through this scanner, the parser's included.
  uint32_t errorCount = 0;

  // From now on there is nothing but EndOfFile: how the parser gives up.
  void stop();

 private:
  struct Rune {
    int32_t code;  // -1: end of the text
    uint32_t width;
  };
  // The character at `p_`. Characters that Go forbids are reported and skipped on the way.
  Rune peek() {
    auto c = static_cast<unsigned char>(*p_);
    if (c - 1u < 0x7F) return {c, 1};
    return peekSlow();
  }
  Rune peekSlow();
  void badByte(const source::DiagnosticKind& kind);
  bool atEnd() const { return p_ == end_; }
  uint32_t here() const { return static_cast<uint32_t>(p_ - begin_); }

  template <typename... Args>
  void error(uint32_t offset, const source::DiagnosticKind& kind, const Args&... args) {
    errorCount++;
    diagnostics_.report(file_.pos(offset), kind, args...);
  }

  void finish(Token t) {
    tok = t;
    end = here();
  }
  void finishLiteral(LiteralKind kind, bool ok);
  void finishSemicolon(SemicolonKind why);
  // `p_` stands behind an operator that may be followed by "=".
  void finishOperator(Token t);

  void scanName();
  bool nameCharacter(Rune r, bool first);
  void scanNumber(bool seenPoint);
  uint32_t scanDigits(uint32_t base, int64_t* invalid);
  void scanRune();
  void scanString();
  void scanRawString();
  bool scanEscape(char quote);

  void skipLineComment();
  bool skipGeneralComment(bool* multiLine);
  void lineDirective(std::string_view text, uint32_t textOffset, uint32_t follows);
  void goDirective(std::string_view text, uint32_t textOffset);
  bool onlyBlanksBefore(uint32_t offset) const;

  source::SourceFile& file_;
  source::Arena& arena_;
  StringTable& names_;
  source::Diagnostics& diagnostics_;
  const char* begin_;
  const char* end_;
  const char* p_;
  bool needSemi_ = false;  // a newline is a semicolon here
  const source::DiagnosticKind* badByteKind_ = nullptr;  // the last that was reported, and its line
  ptrdiff_t badByteLine_ = 0;
};

}  // namespace burrow::syntax
