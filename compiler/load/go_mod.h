// go.mod and go.work files.
//
// A line-oriented format: a directive and its words, or a directive and a parenthesised list of them. Of a main module all
// of it is checked; of a dependency only what other modules' authors could get wrong for us counts, and directives that a
// newer Go may have added are passed over.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace burrow::load {

struct GoMod {
  struct Require {
    std::string path, version;
    bool indirect = false;
  };
  struct Replace {
    std::string oldPath, oldVersion, newPath, newVersion;
    bool isFolder() const { return newVersion.empty(); }
  };
  struct Exclude {
    std::string path, version;
  };
  struct Retract {
    std::string low, high;
  };
  std::string module;
  std::string goVersion;  // "1.27" or "1.27.3"; empty: no go line, which means 1.16
  std::string toolchain;
  std::vector<Require> requires_;
  std::vector<Replace> replaces;
  std::vector<Exclude> excludes;
  std::vector<Retract> retracts;
  struct Godebug {
    std::string key, value;
    uint32_t line = 0;
  };
  std::vector<Godebug> godebug;
  std::vector<std::string> tools, ignores;
  std::vector<std::string> uses;  // go.work: folders as written
};

enum class ModFileKind { Main, Dependency, Work };
// Parses `text`. Errors are complete lines, "go.mod:3: unknown directive: x", with `name` as the file's name.
GoMod parseGoMod(std::string_view text, std::string_view name, std::vector<std::string>* errors,
                 ModFileKind kind = ModFileKind::Main);

// Go versions: "1.21", "1.21rc1", "1.21.3". Compares release numbers only; -1, 0, 1.
bool isValidGoVersion(std::string_view version);
int compareGoVersions(std::string_view a, std::string_view b);
// "1.27.3" -> "go1.27": what the language calls it.
std::string languageOf(std::string_view goVersion);

}  // namespace burrow::load
