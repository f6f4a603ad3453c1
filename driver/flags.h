// Command lines in the Go command's style: `-name`, `-name=value`, `-name value`, one dash or two, flags before arguments.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace burrow::driver {

// Flags of the commands that load packages.
struct BuildFlags {
  std::string output;                // -o
  bool all = false;                  // -a: rebuild everything
  bool dryRun = false;               // -n
  bool showCommands = false;         // -x
  bool verbose = false;              // -v
  bool keepWork = false;             // -work
  bool trimPath = false;             // -trimpath
  bool assembly = false;             // -S
  unsigned parallel = 0;             // -p; 0: as many as there are CPUs
  std::string dump;                  // -dump
  std::string tags;                  // -tags
  std::vector<std::string> gcflags;  // -gcflags, each as given
  std::vector<std::string> ldflags;
  std::string changeDir;  // -C
  std::string exec;       // run, test: -exec
  std::string buildMode;              // -buildmode
  bool lto = false;                   // -lto
  bool isPie() const { return buildMode == "pie"; }
  int amd64Level = 1;                 // GOAMD64: what the processor has to have
  std::string mod, modFile, overlay;  // -mod, -modfile, -overlay
  bool modCacheWritable = false;      // -modcacherw
  bool json = false;                  // -json
  std::string buildVcs = "auto";  // true, false
  std::string pgo = "auto";       // -pgo: a file, "auto" or "off"
  bool cover = false;             // build, install, run: -cover, or one of the next two
  std::string coverMode = "set";  // -covermode
  std::vector<std::string> coverPackages;  // -coverpkg: patterns; empty: the main modules and what is named
  // list
  bool deps = false, find = false, withTests = false, tolerant = false, modules = false;  // -deps -find -test -e -m
  std::string format, jsonFields;                                                         // -f, -json=a,b
  // clean
  bool cleanCache = false, cleanTestCache = false, cleanModCache = false, cleanImports = false;
  // test
  bool compileOnly = false;  // -c
  std::vector<std::string> arguments;  // what follows the flags
};

// A command line that makes no sense, and one that asks for what cannot be had: the go command's exit statuses.
constexpr int kUsageStatus = 2, kErrorStatus = 1;

enum class Command { Build, Install, Run, Test, List, Clean };

// The environment as the go command sees it: the process's own, then the file that `go env -w` writes, then go.env.
std::string goEnvironment(const std::string& name);
std::string goEnvironmentFile();
// What a variable is that nobody sets.
std::string goDefault(const std::string& name);

// Parses what follows `burrow build` and so on; flags from GOFLAGS come first. Returns 0, or prints gc's message and returns
// the exit status, kUsageStatus after the usage.
int parseBuildFlags(Command command, const std::vector<std::string>& words, BuildFlags* flags);

// What -gcflags and -ldflags say for one package, after patterns: `[pattern=]words`. The last that matches counts.
// Without a pattern: packages named on the command line. Returns false, with *error set, for "missing =<value>".
bool checkPackageFlags(const std::vector<std::string>& given, std::string* error);
std::vector<std::string> packageFlags(const std::vector<std::string>& given, const std::string& importPath,
                                      bool isNamed, bool isStd);

// Words separated by blanks; a word that begins with a quote goes to the next such quote.
std::vector<std::string> splitWords(const std::string& text);
// The parts between commas that are not empty.
std::vector<std::string> splitCommas(const std::string& text);

std::string usageLine(Command command);

}  // namespace burrow::driver
