// See mutate.h. Also libFuzzer's two hooks, so that a target only has to link this file.
#include "mutate.h"

#include <algorithm>
#include <cstring>

#include "syntax/scanner.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t maxSize);

namespace burrow::fuzz {

using syntax::Token;

namespace {

constexpr const char* kNames[] = {"int",  "string", "any",   "nil",  "true",  "iota",    "len",  "append", "make",   "new",
                                  "cap",  "copy",   "error", "uint", "byte",  "float32", "rune", "panic",  "recover", "clear",
                                  "min",  "max",    "_",     "T",    "P",     "x",       "f",    "delete", "complex", "real",
                                  "bool", "uint8",  "int64", "cmp",  "float64", "complex128", "comparable", "uintptr", "init", "main"};
constexpr const char* kLiterals[] = {"0",    "1",     "-1",   "2",      "1.5",   "1e100", "0i",     "'a'",      "\"\"",
                                     "\"a\"", "1<<62", "1<<63", "1<<100", "0x7f", "255",   "256",    "`x`",      "1e-1000",
                                     "-0.0", "2i",    "63",    "64",     "1.0"};
// What may stand where a value or a type does.
constexpr const char* kSnippets[] = {
    "func() int { return 1 }()", "[]int{1, 2}", "struct{ a int }{1}", "map[string]int{}", "interface{ m() }(nil)",
    "*new(int)", "<-make(chan int)", "[...]int{5: 1}", "(*int)(nil)", "x.(type)", "[2]int{}[1:]", "any(1).(int)",
    "func(yield func(int) bool) {}", "struct{ T }", "interface{ ~int | ~string }", "[]T", "*T", "chan<- int", "func(...int)",
    "[4]T", "map[T]T", "T[int]", "f[T]", "T{}", "&T{}", "[]T{{}}", "x...", "unsafe.Sizeof(x)", "[0]func()", "x[1:2:3]",
    "defer func() { recover() }()", "go f()", "for range 10 {}", "for x := range f {}", "goto L", "L: for { break L }",
    "if x := f(); x {}", "switch x := any(x).(type) { case int: _ = x }", "select { case <-x: default: }",
    "type T = []T", "type T struct{ *T }", "type T[P any] struct{ x P }", "func (T) m() {}", "func f[P any](p P) P { return p }",
    "var x, y = f()", "const ( a = iota; b )", "import \"unsafe\"", "return", "x++", "x, y = y, x"};

template <size_t N>
constexpr size_t count(const char* const (&)[N]) {
  return N;
}

std::vector<Piece> scan(std::string_view text) {
  source::SourceFiles files;
  source::SourceFile* file = files.add("f.go", std::string(text));
  source::Arena arena;
  syntax::StringTable names;
  source::Diagnostics diagnostics;
  syntax::Scanner s(*file, arena, names, diagnostics);
  std::vector<Piece> out;
  for (s.next(); s.tok != Token::EndOfFile; s.next()) {
    std::string piece = s.tok == Token::Semicolon ? (s.semicolon == syntax::SemicolonKind::Written ? ";" : "\n")
                                                  : std::string(text.substr(s.offset, s.end - s.offset));
    out.push_back({std::move(piece), static_cast<uint8_t>(s.tok)});
  }
  return out;
}

bool isOpen(Token t) { return t == Token::LeftParen || t == Token::LeftBracket || t == Token::LeftBrace; }
bool isClose(Token t) { return t == Token::RightParen || t == Token::RightBracket || t == Token::RightBrace; }
Token kindOf(const Piece& p) { return static_cast<Token>(p.kind); }

}  // namespace

std::string Mutator::name() {
  // Half of the time one that the file knows.
  if (pick(2) == 0 && !pieces_.empty()) {
    for (int tries = 0; tries < 8; tries++) {
      const Piece& p = pieces_[pick(pieces_.size())];
      if (kindOf(p) == Token::Name) return p.text;
    }
  }
  return kNames[pick(count(kNames))];
}

void Mutator::replaceToken() {
  Piece& p = pieces_[pick(pieces_.size())];
  Token t = kindOf(p);
  auto among = [&](Token first, Token last) {
    size_t n = static_cast<size_t>(last) - static_cast<size_t>(first) + 1;
    p.kind = static_cast<uint8_t>(static_cast<size_t>(first) + pick(n));
    p.text = std::string(syntax::spelling(kindOf(p)));
  };
  if (t == Token::Name) {
    p.text = pick(8) == 0 ? kSnippets[pick(count(kSnippets))] : name();
  } else if (t == Token::Literal) {
    p.text = pick(4) == 0 ? name() : kLiterals[pick(count(kLiterals))];
  } else if (t >= Token::Add && t <= Token::AndNot) {
    pick(3) == 0 ? among(Token::LogicalAnd, Token::GreaterEqual) : among(Token::Add, Token::AndNot);
  } else if (t >= Token::AddAssign && t <= Token::AndNotAssign) {
    among(Token::AddAssign, Token::AndNotAssign);
  } else if (t >= Token::LogicalAnd && t <= Token::GreaterEqual) {
    among(Token::LogicalAnd, Token::GreaterEqual);
  } else if (t == Token::Assign || t == Token::Define) {
    p.kind = static_cast<uint8_t>(t == Token::Assign ? Token::Define : Token::Assign);
    p.text = std::string(syntax::spelling(kindOf(p)));
  } else if (t >= Token::Break) {
    among(Token::Break, Token::Var);
  } else if (!isOpen(t) && !isClose(t)) {
    p.text = name();
    p.kind = static_cast<uint8_t>(Token::Name);
  }
}

// A bracket with what it encloses.
bool Mutator::group(const std::vector<Piece>& pieces, Range* out) {
  for (int tries = 0; tries < 16 && !pieces.empty(); tries++) {
    size_t from = pick(pieces.size());
    if (!isOpen(kindOf(pieces[from]))) continue;
    int depth = 0;
    for (size_t i = from; i < pieces.size(); i++) {
      if (isOpen(kindOf(pieces[i]))) depth++;
      if (isClose(kindOf(pieces[i])) && --depth == 0) {
        *out = {from, i + 1};
        return true;
      }
    }
  }
  return false;
}

// What stands between two separators or brackets at one level: an argument, an element, a statement, a declaration.
bool Mutator::item(const std::vector<Piece>& pieces, Range* out) {
  if (pieces.empty()) return false;
  auto ends = [](Token t) { return t == Token::Comma || t == Token::Semicolon; };
  size_t from = pick(pieces.size());
  int depth = 0;
  while (from > 0) {
    Token t = kindOf(pieces[from - 1]);
    if (isClose(t)) depth++;
    if (isOpen(t) && depth-- == 0) break;
    if (depth == 0 && ends(t)) break;
    from--;
  }
  depth = 0;
  size_t to = from;
  for (; to < pieces.size(); to++) {
    Token t = kindOf(pieces[to]);
    if (isOpen(t)) depth++;
    if (isClose(t) && depth-- == 0) break;
    if (depth == 0 && ends(t)) break;
  }
  *out = {from, to};
  return to > from;
}

void Mutator::step() {
  if (pieces_.empty()) {
    pieces_ = scan("package p\nfunc f() {}\n");
    return;
  }
  auto at = [&](size_t i) { return pieces_.begin() + static_cast<ptrdiff_t>(i); };
  Range a{}, b{};
  switch (pick(10)) {
    case 0:  // drop
      if (item(pieces_, &a)) pieces_.erase(at(a.from), at(a.to));
      break;
    case 1:  // drop what is inside brackets
      if (group(pieces_, &a)) pieces_.erase(at(a.from + 1), at(a.to - 1));
      break;
    case 2: {  // copy an item over another
      if (!item(pieces_, &a) || !item(pieces_, &b)) break;
      std::vector<Piece> copy(at(a.from), at(a.to));
      pieces_.erase(at(b.from), at(b.to));
      pieces_.insert(at(b.from), copy.begin(), copy.end());
      break;
    }
    case 3: {  // double an item
      if (!item(pieces_, &a)) break;
      std::vector<Piece> copy(at(a.from), at(a.to));
      bool inList = a.to < pieces_.size() && kindOf(pieces_[a.to]) != Token::Semicolon;
      copy.push_back({inList ? "," : "\n", static_cast<uint8_t>(inList ? Token::Comma : Token::Semicolon)});
      pieces_.insert(at(a.from), copy.begin(), copy.end());
      break;
    }
    case 4: {  // replace a group by another
      if (!group(pieces_, &a) || !group(pieces_, &b)) break;
      std::vector<Piece> copy(at(a.from), at(a.to));
      pieces_.erase(at(b.from), at(b.to));
      pieces_.insert(at(b.from), copy.begin(), copy.end());
      break;
    }
    case 5: {  // a snippet as an item of its own
      if (!item(pieces_, &a)) break;
      std::vector<Piece> snippet = scan(kSnippets[pick(count(kSnippets))]);
      pieces_.erase(at(a.from), at(a.to));
      pieces_.insert(at(a.from), snippet.begin(), snippet.end());
      break;
    }
    default: replaceToken(); break;
  }
}

std::string Mutator::join() const {
  std::string out;
  for (const Piece& p : pieces_) {
    out += p.text;
    if (p.text != "\n") out += ' ';
  }
  return out;
}

std::string Mutator::mutate(std::string_view text) {
  pieces_ = scan(text);
  for (size_t n = 1 + pick(4); n > 0; n--) step();
  return join();
}

// Takes a declaration, statement or argument of `other` into the text.
std::string Mutator::crossOver(std::string_view text, std::string_view other) {
  pieces_ = scan(text);
  std::vector<Piece> from = scan(other);
  Range a{}, b{};
  if (!item(from, &a) || !item(pieces_, &b)) return join();
  bool keep = pick(2) == 0;
  std::vector<Piece> copy(from.begin() + static_cast<ptrdiff_t>(a.from), from.begin() + static_cast<ptrdiff_t>(a.to));
  if (keep) copy.push_back({"\n", static_cast<uint8_t>(Token::Semicolon)});
  auto where = pieces_.begin() + static_cast<ptrdiff_t>(b.from);
  if (!keep) where = pieces_.erase(where, pieces_.begin() + static_cast<ptrdiff_t>(b.to));
  pieces_.insert(where, copy.begin(), copy.end());
  return join();
}

}  // namespace burrow::fuzz

static size_t put(const std::string& text, uint8_t* data, size_t maxSize) {
  size_t n = std::min(text.size(), maxSize);
  std::memcpy(data, text.data(), n);
  return n;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t maxSize, unsigned seed) {
  if (seed % 8 == 0) return LLVMFuzzerMutate(data, size, maxSize);
  return put(burrow::fuzz::Mutator(seed).mutate({reinterpret_cast<const char*>(data), size}), data, maxSize);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1, const uint8_t* data2, size_t size2, uint8_t* out,
                                            size_t maxSize, unsigned seed) {
  return put(burrow::fuzz::Mutator(seed).crossOver({reinterpret_cast<const char*>(data1), size1},
                                                   {reinterpret_cast<const char*>(data2), size2}),
             out, maxSize);
}
