// See build_constraint.h. Here: the constraint language and its meaning. Where the lines are found in a file and what
// file names say is in build_header.cpp.
#include "syntax/build_constraint.h"

#include "source/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <climits>

namespace burrow::syntax {

using source::DecodedRune;
using source::appendRune;
using source::decodeRune;
using source::isDigitRune;
using source::isLetterRune;

namespace {

using Node = std::unique_ptr<Constraint>;

// The go command's limits; they keep hostile lines from taking long.
constexpr int kMaxTerms = 1000;
constexpr int kMaxPlusBuildTerms = 100;
constexpr std::string_view kGoBuild = "//go:build";
constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::string_view trim(std::string_view s) {
  size_t first = s.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return s.substr(0, 0);
  return s.substr(first, s.find_last_not_of(kBlanks) - first + 1);
}

Node tagNode(std::string_view tag) {
  auto n = std::make_unique<Constraint>();
  n->tag = tag;
  return n;
}
Node node(Constraint::Kind kind, Node x, Node y = nullptr) {
  auto n = std::make_unique<Constraint>();
  n->kind = kind;
  n->x = std::move(x);
  n->y = std::move(y);
  return n;
}

// How many bytes of `s` form a tag: letters, digits, underscores, dots.
size_t tagLength(std::string_view s) {
  const char* p = s.data();
  const char* end = p + s.size();
  while (p < end) {
    DecodedRune r = decodeRune(p, end);
    if (!isLetterRune(r.code) && !isDigitRune(r.code) && r.code != '_' && r.code != '.') break;
    p += r.width;
  }
  return static_cast<size_t>(p - s.data());
}

// The text behind "//go:build", if that is what the line is.
std::optional<std::string_view> goBuildText(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.find('\n') != std::string_view::npos || !line.starts_with(kGoBuild)) return {};
  line = trim(line).substr(kGoBuild.size());
  std::string_view text = trim(line);
  if (text.size() == line.size() && !line.empty()) return {};  // "//go:buildsomething"
  return text;
}

// Or = And { "||" And } .  And = Not { "&&" Not } .  Not = [ "!" ] Atom .  Atom = tag | "(" Or ")" .
// After an error everything returns null.
class ConstraintParser {
 public:
  ConstraintParser(std::string_view text, ConstraintError* error) : s_(text), error_(error) {}

  Node parse() {
    Node x = parseOr();
    if (x && !token_.empty()) return fail(start_, fmt::format("unexpected token {}", token_));
    return x;
  }

 private:
  Node fail(size_t offset, std::string message) {
    if (!failed_) *error_ = {offset, std::move(message)};
    failed_ = true;
    return nullptr;
  }

  Node parseOr() {
    Node x = parseAnd();
    while (x && token_ == "||") {
      Node y = parseAnd();
      if (!y) return nullptr;
      x = node(Constraint::Kind::Or, std::move(x), std::move(y));
    }
    return x;
  }

  Node parseAnd() {
    Node x = parseNot();
    while (x && token_ == "&&") {
      Node y = parseNot();
      if (!y) return nullptr;
      x = node(Constraint::Kind::And, std::move(x), std::move(y));
    }
    return x;
  }

  Node parseNot() {
    if (++terms_ > kMaxTerms) return fail(start_, "build expression too large");
    if (!lex()) return nullptr;
    if (token_ != "!") return parseAtom();
    if (!lex()) return nullptr;
    if (token_ == "!") return fail(start_, "double negation not allowed");
    Node x = parseAtom();
    return x ? node(Constraint::Kind::Not, std::move(x)) : nullptr;
  }

  Node parseAtom() {
    if (token_ == "(") {
      size_t open = start_;
      Node x = parseOr();
      if (!x) {
        if (error_->message == "unexpected end of expression") error_->message = "missing close paren";
        return nullptr;
      }
      if (token_ != ")") return fail(open, "missing close paren");
      return lex() ? std::move(x) : nullptr;
    }
    if (!isTag_) {
      if (token_.empty()) return fail(start_, "unexpected end of expression");
      return fail(start_, fmt::format("unexpected token {}", token_));
    }
    Node x = tagNode(token_);
    return lex() ? std::move(x) : nullptr;
  }

  // Reads a token into `token_`; empty at the end.
  bool lex() {
    isTag_ = false;
    while (next_ < s_.size() && (s_[next_] == ' ' || s_[next_] == '\t')) next_++;
    start_ = next_;
    if (next_ >= s_.size()) {
      token_ = {};
      return true;
    }
    char c = s_[next_];
    size_t length = 1;
    if (c == '&' || c == '|') {
      if (next_ + 1 >= s_.size() || s_[next_ + 1] != c) return bad(std::string(1, c));
      length = 2;
    } else if (c != '(' && c != ')' && c != '!') {
      length = tagLength(s_.substr(next_));
      isTag_ = length > 0;
      if (!isTag_) {
        std::string text;
        appendRune(text, decodeRune(s_.data() + next_, s_.data() + s_.size()).code);
        return bad(text);
      }
    }
    token_ = s_.substr(start_, length);
    next_ += length;
    return true;
  }
  bool bad(const std::string& what) {
    fail(next_, fmt::format("invalid syntax at {}", what));
    return false;
  }

  std::string_view s_;
  ConstraintError* error_;
  size_t next_ = 0;
  size_t start_ = 0;  // of token_
  std::string_view token_;
  bool isTag_ = false;
  bool failed_ = false;
  int terms_ = 0;
};

// The least minor version of Go that a constraint admits, as far as it can be told; negative: any. `negated`: it is the
// constraint's opposite that holds.
int minVersion(const Constraint& c, bool negated) {
  switch (c.kind) {
    case Constraint::Kind::Not:
      return minVersion(*c.x, !negated);
    case Constraint::Kind::And:
    case Constraint::Kind::Or: {
      int x = minVersion(*c.x, negated);
      int y = minVersion(*c.y, negated);
      bool both = (c.kind == Constraint::Kind::And) != negated;
      return both ? std::max(x, y) : std::min(x, y);
    }
    case Constraint::Kind::Tag:
      break;
  }
  if (negated) return -1;
  if (c.tag == "go1") return 0;
  size_t at = c.tag.find("go1.");
  if (at == std::string::npos) return -1;
  std::string_view digits = std::string_view(c.tag).substr(at + 4);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int n = 0;
  auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return error == std::errc() && stop == digits.data() + digits.size() ? n : -1;
}

}  // namespace

std::string Constraint::str() const {
  auto argument = [](const Constraint& c, bool parens) { return parens ? "(" + c.str() + ")" : c.str(); };
  auto isAnd = [](const Constraint& c) { return c.kind == Kind::And; };
  auto isOr = [](const Constraint& c) { return c.kind == Kind::Or; };
  switch (kind) {
    case Kind::Not: return "!" + argument(*x, isAnd(*x) || isOr(*x));
    case Kind::And: return argument(*x, isOr(*x)) + " && " + argument(*y, isOr(*y));
    case Kind::Or: return argument(*x, isAnd(*x)) + " || " + argument(*y, isAnd(*y));
    default: return tag;
  }
}

bool isGoBuildLine(std::string_view line) { return goBuildText(line).has_value(); }

std::unique_ptr<Constraint> parseGoBuild(std::string_view line, ConstraintError* error) {
  auto text = goBuildText(line);
  if (!text) {
    *error = {0, "not a build constraint"};
    return nullptr;
  }
  return ConstraintParser(*text, error).parse();
}

// Space means or, comma means and, ! means not; what is no tag can never hold.
std::unique_ptr<Constraint> parsePlusBuild(std::string_view line, ConstraintError* error) {
  std::string_view text = trim(line);
  if (text.starts_with("//")) text = trim(text.substr(2));
  if (!text.starts_with("+build") || (text.size() > 6 && kBlanks.find(text[6]) == std::string_view::npos)) {
    *error = {0, "not a build constraint"};
    return nullptr;
  }
  text = trim(text.substr(6));

  int terms = 0;
  auto join = [&](Node& sum, Node term, Constraint::Kind kind) {
    sum = sum ? node(kind, std::move(sum), std::move(term)) : std::move(term);
    return terms++ <= kMaxPlusBuildTerms;
  };
  Node any;
  while (!text.empty()) {
    size_t length = std::min(text.find_first_of(kBlanks), text.size());
    std::string_view clause = text.substr(0, length);
    text = trim(text.substr(length));
    Node all;
    for (size_t i = 0; i <= clause.size();) {
      size_t comma = std::min(clause.find(',', i), clause.size());
      std::string_view word = clause.substr(i, comma - i);
      i = comma + 1;
      bool negated = word.starts_with('!') && word != "!" && !word.starts_with("!!");
      if (negated) word.remove_prefix(1);
      bool valid = !word.empty() && tagLength(word) == word.size();
      Node term = tagNode(valid ? word : "ignore");
      if (negated) term = node(Constraint::Kind::Not, std::move(term));
      if (!join(all, std::move(term), Constraint::Kind::And)) {
        *error = {0, "expression too complex for // +build lines"};
        return nullptr;
      }
    }
    join(any, std::move(all), Constraint::Kind::Or);
  }
  return any ? std::move(any) : tagNode("ignore");
}

std::string impliedGoVersion(const Constraint& constraint) {
  int v = minVersion(constraint, false);
  if (v < 0) return "";
  return v == 0 ? "go1" : fmt::format("go1.{}", v);
}

bool BuildContext::eval(const Constraint& c) const {
  switch (c.kind) {
    case Constraint::Kind::Not: return !eval(*c.x);
    case Constraint::Kind::And: return eval(*c.x) && eval(*c.y);
    case Constraint::Kind::Or: return eval(*c.x) || eval(*c.y);
    default: return matchTag(c.tag);
  }
}

}  // namespace burrow::syntax
