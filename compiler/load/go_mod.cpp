#include "load/go_mod.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace burrow::load {

namespace {

struct Line {
  unsigned number;
  std::vector<std::string> words;
  bool indirect = false;
};

// Words of a line; a comment ends it. Words may be quoted with " or `. Returns false for a quote without end.
bool splitLine(std::string_view text, Line* line) {
  size_t i = 0;
  while (i < text.size()) {
    char c = text[i];
    if (c == ' ' || c == '\t' || c == '\r') {
      i++;
    } else if (text.substr(i).starts_with("//")) {
      std::string_view comment = text.substr(i + 2);
      while (comment.starts_with(' ') || comment.starts_with('\t')) comment.remove_prefix(1);
      line->indirect = comment.starts_with("indirect");
      break;
    } else if (c == '"' || c == '`') {
      size_t end = text.find(c, i + 1);
      if (end == std::string_view::npos) return false;
      line->words.emplace_back(text.substr(i + 1, end - i - 1));
      i = end + 1;
    } else if (c == '(' || c == ')') {
      line->words.emplace_back(1, c);
      i++;
    } else {
      size_t start = i;
      while (i < text.size() && std::string_view(" \t\r()\"`").find(text[i]) == std::string_view::npos &&
             !text.substr(i).starts_with("//"))
        i++;
      line->words.emplace_back(text.substr(start, i - start));
    }
  }
  return true;
}

std::array<int, 3> numbers(std::string_view version) {
  std::array<int, 3> out = {0, 0, 0};
  for (int& n : out) {
    auto [end, ec] = std::from_chars(version.data(), version.data() + version.size(), n);
    if (ec != std::errc()) break;
    version.remove_prefix(static_cast<size_t>(end - version.data()));
    if (!version.starts_with('.')) break;
    version.remove_prefix(1);
  }
  return out;
}

class Parser {
 public:
  Parser(std::string_view name, std::vector<std::string>* errors) : name_(name), errors_(errors) {}

  GoMod run(std::string_view text) {
    std::string block;  // the directive whose parenthesised list we are in
    unsigned number = 0, blockStart = 0;
    while (!text.empty()) {
      number++;
      size_t end = text.find('\n');
      Line line{number, {}, false};
      bool ok = splitLine(text.substr(0, end), &line);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      if (!ok) {
        fail(number, "unterminated quoted string");
        continue;
      }
      std::vector<std::string>& words = line.words;
      if (words.empty()) continue;
      if (!block.empty()) {
        if (words[0] == ")") {
          block.clear();
          continue;
        }
        words.insert(words.begin(), block);
      } else if (words.size() == 2 && words[1] == "(") {
        block = words[0];
        blockStart = number;
        if (!isKnown(block)) fail(number, fmt::format("unknown block type: {}", block));
        continue;
      }
      directive(line);
    }
    if (!block.empty()) fail(blockStart, "syntax error (unterminated block started here)");
    return std::move(mod_);
  }

 private:
  static bool isKnown(std::string_view word) {
    for (std::string_view known :
         {"module", "go", "toolchain", "godebug", "require", "replace", "exclude", "retract", "tool", "ignore"}) {
      if (word == known) return true;
    }
    return false;
  }

  void directive(const Line& line) {
    const auto& w = line.words;
    if (!isKnown(w[0])) return fail(line.number, fmt::format("unknown directive: {}", w[0]));
    if (w[0] == "module") {
      if (!mod_.module.empty()) return fail(line.number, "repeated module statement");
      if (w.size() != 2) return fail(line.number, "usage: module module/path");
      mod_.module = w[1];
    } else if (w[0] == "go") {
      if (!mod_.goVersion.empty()) return fail(line.number, "repeated go statement");
      if (w.size() != 2) return fail(line.number, "usage: go 1.23");
      if (!isValidGoVersion(w[1])) {
        return fail(line.number, fmt::format("invalid go version '{}': must match format 1.23.0", w[1]));
      }
      mod_.goVersion = w[1];
    } else if (w[0] == "require") {
      if (w.size() != 3) return fail(line.number, "usage: require module/path v1.2.3");
      mod_.requires_.push_back({w[1], w[2], line.indirect});
    } else if (w[0] == "replace") {
      // old [version] => new [version]
      size_t arrow = w.size() > 2 && w[2] == "=>" ? 2 : 3;
      if (arrow >= w.size() || w[arrow] != "=>" || w.size() < arrow + 2 || w.size() > arrow + 3) {
        return fail(line.number,
                    "usage: replace module/path [v1.2.3] => other/module v1.4\n\t or replace module/path [v1.2.3] => "
                    "../local/directory");
      }
      mod_.replaces.push_back({w[1], arrow == 3 ? w[2] : "", w[arrow + 1], w.size() == arrow + 3 ? w[arrow + 2] : ""});
    }
  }

  void fail(unsigned line, std::string message) { errors_->push_back(fmt::format("{}:{}: {}", name_, line, message)); }

  std::string_view name_;
  std::vector<std::string>* errors_;
  GoMod mod_;
};

}  // namespace

bool isValidGoVersion(std::string_view v) {
  // 1.N, 1.N.P, 1.NrcP, 1.NbetaP, and 1
  auto number = [&]() {
    size_t n = 0;
    while (n < v.size() && v[n] >= '0' && v[n] <= '9') n++;
    if (n == 0 || (n > 1 && v[0] == '0')) return false;
    v.remove_prefix(n);
    return true;
  };
  auto skip = [&](std::string_view s) {
    if (!v.starts_with(s)) return false;
    v.remove_prefix(s.size());
    return true;
  };
  if (!number()) return false;
  if (v.empty()) return true;
  if (!skip(".") || !number()) return false;
  if (v.empty()) return true;
  if (skip("rc") || skip("beta")) return number() && v.empty();
  return skip(".") && number() && v.empty();
}

int compareGoVersions(std::string_view a, std::string_view b) {
  auto x = numbers(a), y = numbers(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

std::string languageOf(std::string_view goVersion) {
  if (goVersion.empty()) return "go1.16";
  auto n = numbers(goVersion);
  return fmt::format("go{}.{}", n[0], n[1]);
}

GoMod parseGoMod(std::string_view text, std::string_view name, std::vector<std::string>* errors) {
  return Parser(name, errors).run(text);
}

}  // namespace burrow::load
