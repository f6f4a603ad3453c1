// Default GODEBUG settings (go.dev/doc/godebug).
//
// Go changes behaviour now and then, and promises that a program keeps the old one until its go.mod asks for a newer version:
//
//   go 1.20                        everything that changed in 1.21 and later behaves as before
//   godebug panicnil=0             in go.mod or go.work: this setting all the same
//   //go:debug panicnil=1          in a file of package main: overrules go.mod
//   GODEBUG=panicnil=0 ./prog      the environment overrules all of these
//
// Which setting changed when is written in the distribution's internal/godebugs/table.go. It is read there, line by line,
// and not kept here, so that a new distribution brings its own table. The text ends up in the executable twice: in its build
// information, and where the runtime reads it (runtime/boot/debug_vars.cpp).
#include "driver/godebug.h"

#include "source/pos.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

namespace burrow::driver {

namespace {

struct Setting {
  std::string old;
  int changed = 0;  // in Go 1.N; 0: never
};
using Table = std::map<std::string, Setting, std::less<>>;

// The text behind `label` up to `end`, or "".
std::string_view between(std::string_view line, std::string_view label, char end) {
  const size_t at = line.find(label);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + label.size());
  return line.substr(0, line.find(end));
}

int number(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  int n = 0;
  return std::from_chars(text.data(), text.data() + text.size(), n).ec == std::errc() ? n : 0;
}

// Calls f(line, number) for each line until it returns false.
template <typename F>
void eachLine(std::string_view text, F f) {
  for (int n = 1; !text.empty(); n++) {
    const size_t end = text.find('\n');
    if (!f(text.substr(0, end), n)) return;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

// Entries look like {Name: "httplaxcontentlength", Package: "net/http", Changed: 22, Old: "1"}.
Table readTable(std::string_view text) {
  Table table;
  eachLine(text, [&](std::string_view line, int) {
    const size_t start = line.find_first_not_of(" \t");
    if (start == std::string_view::npos || !line.substr(start).starts_with("{Name:")) return true;
    Setting s;
    s.changed = number(between(line, "Changed:", ','));
    s.old = between(line, "Old: \"", '"');
    table[std::string(between(line, "Name: \"", '"'))] = s;
    return true;
  });
  return table;
}

// N of "1.N" or "1.N.M"; 0 for anything else.
int minor(std::string_view goVersion) { return goVersion.starts_with("1.") ? number(goVersion.substr(2)) : 0; }

class Directives {
 public:
  Directives(const Table& table, std::map<std::string, std::string>* settings, std::vector<std::string>* errors)
      : table_(table), settings_(*settings), errors_(*errors) {}

  // Directives stand above the package clause.
  void read(const load::SourceEntry& file) {
    bool inComment = false;
    eachLine(file.source->text, [&](std::string_view line, int n) {
      if (inComment || line.starts_with("/*")) {
        inComment = line.find("*/", inComment ? 0 : 2) == std::string_view::npos;
        return true;
      }
      if (line.starts_with("package ")) return false;
      constexpr std::string_view kWord = "//go:debug";
      if (!line.starts_with(kWord)) return true;
      if (std::string problem = add(line.substr(kWord.size())); !problem.empty()) {
        errors_.push_back(fmt::format("{}:{}:1: invalid //go:debug: {}", file.path, n, problem));
      }
      return true;
    });
  }

 private:
  std::string add(std::string_view text) {
    if (!text.starts_with(' ') && !text.starts_with('\t')) return "missing space after //go:debug";
    const size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t\r");
    text = first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) return "missing key=value";
    const std::string key(text.substr(0, equals)), value(text.substr(equals + 1));
    if (text.find_first_of(" \t,\"'`") != std::string_view::npos) return "key=value contains quote, space or comma";
    if (key != "default" && !table_.contains(key)) return fmt::format("unknown //go:debug setting \"{}\"", key);
    if (auto it = seen_.find(key); it != seen_.end() && it->second != value)
      return fmt::format("repeated //go:debug for {}", key);
    seen_[key] = settings_[key] = value;
    return {};
  }

  const Table& table_;
  std::map<std::string, std::string>& settings_;
  std::vector<std::string>& errors_;
  std::map<std::string, std::string> seen_;
};

}  // namespace

std::string defaultGodebug(std::string_view tableText, const load::GoMod* settings,
                           std::span<const load::Package* const> packages, std::vector<std::string>* errors) {
  const Table table = readTable(tableText);
  std::string version;
  std::map<std::string, std::string> all;
  if (settings != nullptr) {
    version = settings->goVersion.empty() ? "1.16" : settings->goVersion;
    for (const load::GoMod::Godebug& g : settings->godebug) {
      if (g.key != "default" && !table.contains(g.key)) {
        errors->push_back(fmt::format("go: error loading go.mod:\ngo.mod:{}: unknown godebug \"{}\"", g.line, g.key));
      }
      all[g.key] = g.value;
    }
  }
  Directives directives(table, &all, errors);
  for (const load::Package* package : packages) {
    for (const load::SourceEntry& file : package->files) directives.read(file);
  }
  if (auto it = all.find("default"); it != all.end()) {
    version = it->second.starts_with("go") ? it->second.substr(2) : it->second;
    all.erase(it);
  }
  if (const int n = minor(version); n != 0) {
    for (const auto& [name, s] : table) {
      if (s.changed > n) all.try_emplace(name, s.old);
    }
  }
  std::string text;
  for (const auto& [key, value] : all) text += fmt::format("{}{}={}", text.empty() ? "" : ",", key, value);
  return text;
}

}  // namespace burrow::driver
