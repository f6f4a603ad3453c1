// Tokens, literals, encoding errors, line directives.
#include "syntax/diagnostics.h"
#include "syntax/scanner.h"
#include "syntax/unquote.h"
#include "testing.h"

#include <gtest/gtest.h>

namespace burrow::syntax {
namespace {

using testing::parse;

struct Scanned {
  std::string tokens;  // spellings, blank-separated; ";" for written semicolons, "\\n" and "EOF" for the others
  std::string errors;  // "offset: message" lines
  bool bad = false;    // the last literal
};

Scanned scan(std::string text) {
  source::SourceFiles files;
  source::SourceFile* file = files.add("f.go", std::move(text));
  source::Arena arena;
  StringTable names;
  source::Diagnostics diagnostics;
  Scanner s(*file, arena, names, diagnostics);
  Scanned result;
  for (s.next(); s.tok != Token::EndOfFile; s.next()) {
    if (!result.tokens.empty()) result.tokens += ' ';
    if (s.tok == Token::Semicolon && s.semicolon != SemicolonKind::Written) {
      result.tokens += s.semicolon == SemicolonKind::Newline ? "\\n" : "EOF";
    } else if (s.tok == Token::Name || s.tok == Token::Literal) {
      result.tokens += s.text;
    } else {
      result.tokens += spelling(s.tok);
    }
    if (s.tok == Token::Literal) result.bad = s.bad;
  }
  for (const auto& d : diagnostics.list()) {
    testing::producedDiagnostics().insert(d.kind->name);
    result.errors += fmt::format("{}: {}\n", file->offset(d.pos), d.message);
  }
  EXPECT_EQ(result.errors.empty(), s.errorCount == 0);
  return result;
}
std::string tokens(std::string text) { return scan(std::move(text)).tokens; }
std::string errors(std::string text) { return scan(std::move(text)).errors; }

TEST(Scanner, EveryTokenReadsItsOwnSpelling) {
  for (int i = static_cast<int>(Token::Add); i < kTokenCount; i++) {
    std::string text(spelling(static_cast<Token>(i)));
    std::string got = tokens(text);
    EXPECT_EQ(got.substr(0, got.find(' ')), text);
  }
}

TEST(Scanner, OperatorsAreGreedy) {
  EXPECT_EQ(tokens("a&^=b"), "a &^= b EOF");
  EXPECT_EQ(tokens("a&^b"), "a &^ b EOF");
  EXPECT_EQ(tokens("<-<<=<<"), "<- <<= <<");
  EXPECT_EQ(tokens("a...b..c"), "a ... b . . c EOF");
  EXPECT_EQ(tokens("x++ +y"), "x ++ + y EOF");
  EXPECT_EQ(tokens("!=!:=:"), "!= ! := :");
}

TEST(Scanner, Semicolons) {
  EXPECT_EQ(tokens("a\nb"), "a \\n b EOF");
  EXPECT_EQ(tokens("a +\nb"), "a + b EOF");
  EXPECT_EQ(tokens("return\nbreak\ncontinue\nfallthrough\nif\n"),
            "return \\n break \\n continue \\n fallthrough \\n if");
  EXPECT_EQ(tokens(")\n]\n}\n++\n--\n1\n'x'\n`r`\n"), ") \\n ] \\n } \\n ++ \\n -- \\n 1 \\n 'x' \\n `r` \\n");
  EXPECT_EQ(tokens("a // x\nb"), "a \\n b EOF");
  EXPECT_EQ(tokens("a /* x */ b"), "a b EOF");
  EXPECT_EQ(tokens("a /* x\n */ b"), "a \\n b EOF");
  EXPECT_EQ(tokens("( /* x\n */ b"), "( b EOF");
  EXPECT_EQ(tokens("a;"), "a ;");
  EXPECT_EQ(tokens("return"), "return EOF");
  EXPECT_EQ(tokens("a\r\nb\r\n"), "a \\n b \\n");
}

TEST(Scanner, Names) {
  EXPECT_EQ(tokens("foo _x9 世界 éa aé brea breaks"), "foo _x9 世界 éa aé brea breaks EOF");
  EXPECT_EQ(errors("a世٣"), "");
  EXPECT_EQ(errors("٣a"), "0: identifier cannot begin with digit U+0663 '٣'\n");
  EXPECT_EQ(errors("a☹b"), "1: invalid character U+2639 '☹' in identifier\n");
  EXPECT_EQ(errors("#"), "0: invalid character U+0023 '#'\n");
  EXPECT_EQ(errors("a\x01"), "1: invalid character U+0001\n");
}

TEST(Scanner, NamesAreInterned) {
  auto p = parse("package abc\nvar abc = abc\n");
  auto* spec = as<VarSpec>(as<GenDecl>(p->file->decls[0])->specs[0]);
  EXPECT_TRUE(sameName(p->file->name->name, spec->names[0]->name));
  EXPECT_TRUE(sameName(spec->names[0]->name, as<Ident>(spec->values[0])->name));
}

TEST(Scanner, Numbers) {
  for (const char* good : {"0", "1_000", "0x_1F", "0b101", "0o17", "017", "0_7", "1.5", ".5", "1.", "1e9", "1E+9", "0x1p-2",
                           "0X.8p0", "1i", "08.5", "09e1", "0b1i", "08i", "0x1.8P1", "0.e0"}) {
    Scanned s = scan(good);
    EXPECT_EQ(s.errors, "") << good;
    EXPECT_EQ(s.tokens, std::string(good) + " EOF");
    EXPECT_FALSE(s.bad);
  }
  EXPECT_EQ(errors("0x"), "2: hexadecimal literal has no digits\n");
  EXPECT_EQ(errors("0b"), "2: binary literal has no digits\n");
  EXPECT_EQ(errors("0b102"), "4: invalid digit '2' in binary literal\n");
  EXPECT_EQ(errors("089"), "1: invalid digit '8' in octal literal\n");
  EXPECT_EQ(errors("0o8"), "2: invalid digit '8' in octal literal\n");
  EXPECT_EQ(errors("0b1.0"), "3: invalid radix point in binary literal\n");
  EXPECT_EQ(errors("1e"), "2: exponent has no digits\n");
  EXPECT_EQ(errors("0b1e3"), "3: 'e' exponent requires decimal mantissa\n");
  EXPECT_EQ(errors("1p3"), "1: 'p' exponent requires hexadecimal mantissa\n");
  EXPECT_EQ(errors("0x1.5"), "5: hexadecimal mantissa requires a 'p' exponent\n");
  EXPECT_EQ(errors("1__0"), "2: '_' must separate successive digits\n");
  EXPECT_EQ(errors("1_"), "1: '_' must separate successive digits\n");
  EXPECT_EQ(errors("0x1_.5p1"), "3: '_' must separate successive digits\n");
  EXPECT_TRUE(scan("1_").bad);
}

TEST(Scanner, Runes) {
  EXPECT_EQ(errors(R"('a' '\n' '\'' '\x41' '\101' '\u00e9' '\U0010FFFF' '世')"), "");
  EXPECT_EQ(errors("''"), "1: empty rune literal or unescaped '\n");
  EXPECT_EQ(errors("'ab'"), "0: more than one character in rune literal\n");
  EXPECT_EQ(errors("'a\n"), "2: newline in rune literal\n");
  EXPECT_EQ(errors("'a"), "0: rune literal not terminated\n");
  EXPECT_EQ(errors("'\\q'"), "2: unknown escape\n");
  EXPECT_EQ(errors("'\\\"'"), "2: unknown escape\n");
  EXPECT_EQ(errors("'\\x4g'"), "4: invalid character 'g' in hexadecimal escape\n");
  EXPECT_EQ(errors("'\\08'"), "3: invalid character '8' in octal escape\n");
  EXPECT_EQ(errors("'\\400'"), "5: octal escape value 256 > 255\n");
  EXPECT_EQ(errors("'\\ud800'"), "7: escape is invalid Unicode code point U+D800\n");
  EXPECT_EQ(errors("'\\U00110000'"), "11: escape is invalid Unicode code point U+110000\n");
}

TEST(Scanner, Strings) {
  EXPECT_EQ(errors("\"a\\tb\\\"\" `raw\n\\` \"世\""), "");
  EXPECT_EQ(errors("\"ab\n"), "3: newline in string\n");
  EXPECT_EQ(errors("\"ab"), "0: string not terminated\n");
  EXPECT_EQ(errors("`ab\n"), "0: string not terminated\n");
  EXPECT_EQ(errors("\"\\'\""), "2: unknown escape\n");
  EXPECT_EQ(errors("/* ab"), "0: comment not terminated\n");
}

TEST(Scanner, Encoding) {
  EXPECT_EQ(tokens("\xEF\xBB\xBFpackage"), "package");
  EXPECT_EQ(errors("\xEF\xBB\xBF a"), "");
  EXPECT_EQ(errors("a \xEF\xBB\xBF b"), "2: invalid BOM in the middle of the file\n");
  EXPECT_EQ(errors(std::string("a \0 b", 5)), "2: invalid NUL character\n");
  EXPECT_EQ(errors("a \xFF b"), "2: invalid UTF-8 encoding\n");
  EXPECT_EQ(errors("// \xC0\x80\nx"), "3: invalid UTF-8 encoding\n");
  EXPECT_EQ(errors("\"\xED\xA0\x80\""), "1: invalid UTF-8 encoding\n");
  EXPECT_EQ(errors(std::string("`\0`", 3)), "1: invalid NUL character\n");
  EXPECT_EQ(errors(std::string("1\0002", 3)), "1: invalid NUL character\n");
}

TEST(Scanner, Unquote) {
  std::string s;
  EXPECT_TRUE(unquoteString(R"("a\n\x41\101\u00e9\U0001F600\"'")", &s));
  EXPECT_EQ(s, "a\nAA\u00e9\U0001F600\"'");
  EXPECT_TRUE(unquoteString("`a\r\n\\n`", &s));
  EXPECT_EQ(s, "a\n\\n");
  EXPECT_TRUE(unquoteString(R"("\xff")", &s));
  EXPECT_EQ(s, "\xff");
  EXPECT_FALSE(unquoteString("\"a", &s));
  EXPECT_FALSE(unquoteString(R"("\ud800")", &s));
  uint32_t r;
  EXPECT_TRUE(unquoteRune("'\\''", &r) && r == '\'');
  EXPECT_TRUE(unquoteRune("'世'", &r) && r == 0x4E16);
  EXPECT_TRUE(unquoteRune("'\\xff'", &r) && r == 255);
  EXPECT_FALSE(unquoteRune("'ab'", &r));
}

std::string positionOf(const testing::Parsed& p, std::string_view what) {
  size_t at = p.source->text.find(what);
  return p.files.position(p.source->pos(static_cast<uint32_t>(at))).str();
}

TEST(LineDirectives, Forms) {
  auto p = parse("package p\n//line a.go:100\nvar x1 int\nvar x2 /*line b.go:7:3*/ int8 // c\nvar x3 int\n"
                 "//line :50:1\nvar x4 int\n//line c.go:9:0\n  //line d.go:1\nvar x5 int\n",
                 {}, "dir/f.go");
  EXPECT_EQ(positionOf(*p, "package"), "dir/f.go:1:1");
  EXPECT_EQ(positionOf(*p, "x1"), "dir/a.go:100");
  EXPECT_EQ(positionOf(*p, "int8"), "dir/b.go:7:4");
  EXPECT_EQ(positionOf(*p, "x3"), "dir/b.go:8:5");
  EXPECT_EQ(positionOf(*p, "x4"), "dir/b.go:50:5");
  EXPECT_EQ(positionOf(*p, "x5"), "dir/b.go:53:5");
  EXPECT_EQ(p->errors(), "8:15: invalid column number: 0\n");
}

TEST(LineDirectives, NamesAreCleaned) {
  auto p = parse("package p\n//line ../a/./b.go:1\nvar x1 int\n//line /abs//c.go:1\nvar x2 int\n", {}, "x/y/f.go");
  EXPECT_EQ(positionOf(*p, "x1"), "x/a/b.go:1");
  EXPECT_EQ(positionOf(*p, "x2"), "/abs/c.go:1");
}

TEST(LineDirectives, Errors) {
  EXPECT_EQ(errors("//line foo:\n"), "11: invalid line number: \n");
  EXPECT_EQ(errors("//line foo:0\n"), "11: invalid line number: 0\n");
  EXPECT_EQ(errors("//line foo:bar\n"), "11: invalid line number: bar\n");
  EXPECT_EQ(errors("/*line foo:1:0*/"), "13: invalid column number: 0\n");
  EXPECT_EQ(errors("//line foo:99999999999\n"), "11: invalid line number: 99999999999\n");
  EXPECT_EQ(errors("//line foo\n// line foo:x\n"), "");
}

TEST(Print, Tokens) {
  source::SourceFiles files;
  source::SourceFile* file = files.add("f.go", "x := 1.5 // c\nbreak; \"a\"");
  EXPECT_EQ(printTokens(*file),
            "1:1 name x\n1:3 :=\n1:6 literal float \"1.5\"\n1:14 ; newline\n2:1 break\n2:6 ;\n"
            "2:8 literal string \"\\\"a\\\"\"\n2:11 ; EOF\n2:11 EOF\n");
}

}  // namespace
}  // namespace burrow::syntax
