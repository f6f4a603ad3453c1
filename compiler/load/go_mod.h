// go.mod files.
//
// Of a main module the loader needs its path and its language version; the rest is read so that mistakes in it are told
// and so that `require` and `replace` are there when modules from elsewhere are supported.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace burrow::load {

struct GoMod {
  struct Require {
    std::string path, version;
    bool indirect = false;
  };
  struct Replace {
    std::string oldPath, oldVersion, newPath, newVersion;
  };
  std::string module;
  std::string goVersion;  // "1.27" or "1.27.3"; empty: no go line, which means 1.16
  std::vector<Require> requires_;
  std::vector<Replace> replaces;
};

// Parses `text`. Errors are complete lines, "go.mod:3: unknown directive: x", with `name` as the file's name.
GoMod parseGoMod(std::string_view text, std::string_view name, std::vector<std::string>* errors);

// Go versions: "1.21", "1.21rc1", "1.21.3". Compares release numbers only; -1, 0, 1.
bool isValidGoVersion(std::string_view version);
int compareGoVersions(std::string_view a, std::string_view b);
// "1.27.3" -> "go1.27": what the language calls it.
std::string languageOf(std::string_view goVersion);

}  // namespace burrow::load
