// See go_mod.h.
#include "load/go_mod.h"

#include "load/module_path.h"

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
    } else if (std::string_view("()[],").find(c) != std::string_view::npos) {
      line->words.emplace_back(1, c);
      i++;
    } else {
      size_t start = i;
      while (i < text.size() && std::string_view(" \t\r()[],\"`").find(text[i]) == std::string_view::npos &&
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
  Parser(std::string_view name, std::vector<std::string>* errors, ModFileKind kind)
      : name_(name), errors_(errors), kind_(kind) {}

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
        if (!isKnown(block) && kind_ != ModFileKind::Dependency)
          fail(number, fmt::format("unknown block type: {}", block));
        continue;
      }
      directive(line);
    }
    if (!block.empty()) fail(blockStart, "syntax error (unterminated block started here)");
    return std::move(mod_);
  }

 private:
  bool isKnown(std::string_view word) const {
    for (std::string_view known : {"go", "toolchain", "godebug", "replace"}) {
      if (word == known) return true;
    }
    if (kind_ == ModFileKind::Work) return word == "use";
    for (std::string_view known : {"module", "require", "exclude", "retract", "tool", "ignore"}) {
      if (word == known) return true;
    }
    return false;
  }

  void directive(const Line& line) {
    const auto& w = line.words;
    const bool isMain = kind_ != ModFileKind::Dependency;
    if (!isKnown(w[0])) {
      if (isMain) fail(line.number, fmt::format("unknown directive: {}", w[0]));
    } else if (w[0] == "module") {
      if (!mod_.module.empty()) return fail(line.number, "repeated module statement");
      if (w.size() != 2) return fail(line.number, "usage: module module/path");
      mod_.module = w[1];
    } else if (w[0] == "go") {
      if (!mod_.goVersion.empty()) return fail(line.number, "repeated go statement");
      if (w.size() != 2) return fail(line.number, isMain ? "usage: go 1.23" : "go directive expects exactly one argument");
      if (!isValidGoVersion(w[1])) {
        // What a dependency says is read as far as it makes sense: "1.17-dev", "v1.18".
        std::string known(w[1].starts_with('v') ? w[1].substr(1) : w[1]);
        while (!isMain && !known.empty() && !isValidGoVersion(known)) known.pop_back();
        if (known.empty() || isMain)
          return fail(line.number, fmt::format("invalid go version '{}': must match format 1.23.0", w[1]));
        mod_.goVersion = known;
        return;
      }
      mod_.goVersion = w[1];
    } else if (w[0] == "toolchain") {
      if (!mod_.toolchain.empty()) return fail(line.number, "repeated toolchain statement");
      if (w.size() != 2) return fail(line.number, "toolchain directive expects exactly one argument");
      mod_.toolchain = w[1];
      std::string_view name = w[1];
      name = name.substr(0, name.find('-'));
      if (isMain && w[1] != "default" && !(name.starts_with("go") && isValidGoVersion(name.substr(2)))) {
        fail(line.number,
             fmt::format("invalid toolchain version '{}': must match format go1.23.0 or default", w[1]));
      }
    } else if (w[0] == "godebug") {
      size_t equals = w.size() == 2 ? w[1].find('=') : std::string::npos;
      if (equals == std::string::npos || equals == 0) return fail(line.number, "usage: godebug key=value");
      mod_.godebug.push_back({w[1].substr(0, equals), w[1].substr(equals + 1), static_cast<uint32_t>(line.number)});
    } else if (w[0] == "require" || w[0] == "exclude") {
      if (w.size() != 3) return fail(line.number, fmt::format("usage: {} module/path v1.2.3", w[0]));
      if (!checkVersion(line, w[0], w[1], w[2])) return;
      if (w[0] == "require") {
        mod_.requires_.push_back({w[1], w[2], line.indirect});
      } else {
        mod_.excludes.push_back({w[1], w[2]});
      }
    } else if (w[0] == "replace") {
      replace(line);
    } else if (w[0] == "retract") {
      // v1.2.3 or [v1.2.3, v1.2.9]
      if (w.size() == 2) {
        mod_.retracts.push_back({w[1], w[1]});
      } else if (w.size() == 6 && w[1] == "[" && w[3] == "," && w[5] == "]") {
        mod_.retracts.push_back({w[2], w[4]});
      } else if (isMain) {
        fail(line.number, w.size() > 1 && w[1] == "[" ? "expected ',' after version" : "expected '[' or version");
      }
    } else {
      std::vector<std::string>& list = w[0] == "tool" ? mod_.tools : w[0] == "ignore" ? mod_.ignores : mod_.uses;
      if (w.size() != 2) {
        return fail(line.number, w[0] == "use" ? "usage: use local/dir"
                                               : fmt::format("{} directive expects exactly one argument", w[0]));
      }
      list.push_back(w[1]);
    }
  }

  bool checkVersion(const Line& line, std::string_view verb, const std::string& path, const std::string& version) {
    std::string_view prefix, major;
    std::string problem;
    if (!splitPathVersion(path, &prefix, &major)) {
      problem = fmt::format("invalid module path \"{}\"", path);
    } else if (!isCanonicalVersion(version)) {
      // Branches and commits are resolved by commands that write go.mod.
      if (verb == "exclude" || !isValidVersion(version)) {
        problem = fmt::format("{} {}: version \"{}\" invalid: must be of the form v1.2.3", verb, path, version);
      }
    } else if (!matchesPathMajor(version, major)) {
      std::string_view want = major.empty() ? "v0 or v1" : major.substr(1);
      problem = fmt::format("{} {}: version \"{}\" invalid: should be {}, not {}", verb, path, version, want,
                            majorOf(version));
    }
    if (problem.empty()) return true;
    fail(line.number, problem);
    return false;
  }

  // old [version] => new [version]
  void replace(const Line& line) {
    const auto& w = line.words;
    size_t arrow = w.size() > 2 && w[2] == "=>" ? 2 : 3;
    if (arrow >= w.size() || w[arrow] != "=>" || w.size() < arrow + 2 || w.size() > arrow + 3) {
      return fail(line.number,
                  "usage: replace module/path [v1.2.3] => other/module v1.4\n\t or replace module/path [v1.2.3] => "
                  "../local/directory");
    }
    GoMod::Replace r{w[1], arrow == 3 ? w[2] : "", w[arrow + 1], w.size() == arrow + 3 ? w[arrow + 2] : ""};
    const std::string& to = r.newPath;
    const bool local = to == "." || to == ".." || to.starts_with("./") || to.starts_with("../") || to.starts_with('/');
    if (r.newVersion.empty() && !local) {
      return fail(line.number, to.find('@') != std::string::npos
                                   ? "replacement module must match format 'path version', not 'path@version'"
                                   : "replacement module without version must be directory path (rooted or starting "
                                     "with . or ..)");
    }
    if (!r.newVersion.empty() && local) {
      return fail(line.number, fmt::format("replacement module directory path \"{}\" cannot have version", to));
    }
    mod_.replaces.push_back(std::move(r));
  }

  void fail(unsigned line, std::string message) { errors_->push_back(fmt::format("{}:{}: {}", name_, line, message)); }

  std::string_view name_;
  std::vector<std::string>* errors_;
  ModFileKind kind_;
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

GoMod parseGoMod(std::string_view text, std::string_view name, std::vector<std::string>* errors, ModFileKind kind) {
  return Parser(name, errors, kind).run(text);
}

}  // namespace burrow::load
