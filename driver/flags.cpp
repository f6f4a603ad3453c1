// CLI11 knows the flags, converts their values and puts them where they belong. It reads GNU style, where "-work" would be
// five short flags, so words are first brought into the form it likes: "-work" becomes "--work", the list ends at the
// first argument. What gc says differently from CLI11 (unknown flags, missing values) is told here.
#include "driver/flags.h"

#include "load/files.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace burrow::driver {

namespace {

const char* name(Command command) {
  switch (command) {
    case Command::Build: return "build";
    case Command::Install: return "install";
    case Command::Run: return "run";
    case Command::Test: return "test";
    case Command::List: return "list";
    case Command::Clean: return "clean";
  }
  return "";
}

void complain(Command command, const std::string& message) {
  std::string text =
      fmt::format("{}\nusage: {}\nRun 'burrow help {}' for details.\n", message, usageLine(command), name(command));
  std::fwrite(text.data(), 1, text.size(), stderr);
}

// gc's flags that are understood and refused, each with what it would take and the status with which gc refuses it without cgo.
struct Unsupported {
  const char *flag, *what;
  int status;
};
constexpr Unsupported kUnsupported[] = {
    {"--race", "the race detector", 2},     {"--msan", "the memory sanitizer", 2},
    {"--asan", "the address sanitizer", 2}, {"--linkshared", "shared libraries", 1},
};

// What strconv.ParseBool takes.
std::optional<bool> boolean(std::string_view text) {
  for (const char* known : {"1", "t", "T", "true", "TRUE", "True"})
    if (text == known) return true;
  for (const char* known : {"0", "f", "F", "false", "FALSE", "False"})
    if (text == known) return false;
  return {};
}

// What gc knows and says of a platform that cannot, and what nobody knows.
bool checkBuildMode(const std::string& mode) {
  for (const char* supported : {"", "default", "exe", "pie"})
    if (mode == supported) return true;
  for (const char* known : {"archive", "c-archive", "c-shared", "shared", "plugin"}) {
    if (mode != known) continue;
    std::fprintf(stderr, "-buildmode=%s not supported on linux/amd64\n", known);
    return false;
  }
  std::fprintf(stderr, "buildmode=%s not supported\n", mode.c_str());
  return false;
}

}  // namespace

std::string usageLine(Command command) {
  switch (command) {
    case Command::Build: return "burrow build [-o output] [build flags] [packages]";
    case Command::Install: return "burrow install [build flags] [packages]";
    case Command::Run: return "burrow run [build flags] [-exec xprog] package [arguments...]";
    case Command::Test: return "burrow test [build/test flags] [packages] [build/test flags & test binary flags]";
    case Command::List: return "burrow list [-f format] [-json] [-m] [list flags] [build flags] [packages]";
    case Command::Clean: return "burrow clean [-i] [-n] [-x] [-cache] [-testcache] [-modcache] [packages]";
  }
  return "";
}

namespace {

// KEY=VALUE lines.
std::string valueInFile(const std::string& path, const std::string& name) {
  std::string text, ignored;
  if (path.empty() || !load::readFile(path, &text, &ignored)) return {};
  size_t at = 0;
  while (at < text.size()) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(name) && line.substr(name.size()).starts_with('=')) return std::string(line.substr(name.size() + 1));
  }
  return {};
}

// GOFLAGS: "-flag" and "-flag=value" words. Those that this command does not have are passed over.
std::vector<std::string> environmentFlags(const std::string& text) {
  std::vector<std::string> out;
  for (std::string& word : splitWords(text)) {
    if (word.size() > 1 && word[0] == '-') out.push_back(std::move(word));
  }
  return out;
}

}  // namespace

std::string goEnvironmentFile() {
  if (const char* set = std::getenv("GOENV"); set && *set) return std::string_view(set) == "off" ? "" : set;
  if (const char* xdg = std::getenv("XDG_CONFIG_HOME"); xdg && *xdg) return std::string(xdg) + "/go/env";
  if (const char* home = std::getenv("HOME"); home && *home) return std::string(home) + "/.config/go/env";
  return {};
}

std::string goEnvironment(const std::string& name) {
  if (const char* set = std::getenv(name.c_str()); set && *set) return set;
  std::string value = valueInFile(goEnvironmentFile(), name);
  return value.empty() ? goDefault(name) : value;
}

std::string goDefault(const std::string& name) {
  auto variable = [](const char* n) { return std::string(std::getenv(n) ? std::getenv(n) : ""); };
  if (name == "GOPATH") {
    std::string home = variable("HOME");
    return home.empty() ? "" : home + "/go";
  }
  if (name == "GOMODCACHE" || name == "GOBIN") {
    std::string path = goEnvironment("GOPATH");
    path = path.substr(0, path.find(':'));
    return path.empty() ? "" : path + (name == "GOBIN" ? "/bin" : "/pkg/mod");
  }
  if (name == "GOAUTH") return "netrc";
  if (name == "GOPROXY") return "https://proxy.golang.org,direct";
  if (name == "GOSUMDB") return "sum.golang.org";
  if (name == "GONOPROXY" || name == "GONOSUMDB") return goEnvironment("GOPRIVATE");
  return {};
}

int parseBuildFlags(Command command, const std::vector<std::string>& given, BuildFlags* flags) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::string ignoredText, gcflags, ldflags, parallel;
  bool ignored = false;
  auto text = [&](const char* flag, std::string& to) {
    app.add_option(flag, to)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  };
  auto toggle = [&](const char* flag, bool& to) {
    app.add_flag(flag, to)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  };
  if (command == Command::Build || command == Command::Test) text("-o,--o", flags->output);
  if (command == Command::Run || command == Command::Test) text("--exec", flags->exec);
  if (command == Command::Test) toggle("-c,--c", flags->compileOnly);
  if (command == Command::List) {
    text("-f,--f", flags->format);
    toggle("--deps", flags->deps);
    toggle("--find", flags->find);
    toggle("--test", flags->withTests);
    toggle("-e,--e", flags->tolerant);
    toggle("-m,--m", flags->modules);
    for (const char* flag : {"--compiled", "--export", "--u", "--versions", "--retracted"}) toggle(flag, ignored);
  }
  if (command == Command::Clean) {
    toggle("-i,--i", flags->cleanImports);
    toggle("--cache", flags->cleanCache);
    toggle("--testcache", flags->cleanTestCache);
    toggle("--modcache", flags->cleanModCache);
    toggle("--fuzzcache", ignored);
    toggle("-r,--r", ignored);
  }
  if (command != Command::Run && command != Command::Test) toggle("--json", flags->json);
  toggle("-a,--a", flags->all);
  toggle("-n,--n", flags->dryRun);
  toggle("-x,--x", flags->showCommands);
  // The flags that tests have, too, are test_flags.cpp's business, also in GOFLAGS.
  const bool forTest = command == Command::Test;
  if (!forTest) toggle("-v,--v", flags->verbose);
  toggle("--work", flags->keepWork);
  toggle("--trimpath", flags->trimPath);
  toggle("-S,--S", flags->assembly);
  text("-p,--p", parallel);
  text("--dump", flags->dump);
  text("--tags", flags->tags);
  app.add_option("--gcflags", flags->gcflags)->allow_extra_args(false);
  app.add_option("--ldflags", flags->ldflags)->allow_extra_args(false);
  text("-C,--C", flags->changeDir);
  text("--buildmode", flags->buildMode);
  toggle("--lto", flags->lto);
  text("--mod", flags->mod);
  text("--modfile", flags->modFile);
  text("--overlay", flags->overlay);
  text("--buildvcs", flags->buildVcs);
  std::string compiler;
  text("--compiler", compiler);
  text("--pgo", flags->pgo);
  for (const char* flag : {"--asmflags", "--installsuffix", "--pkgdir", "--toolexec", "--gccgoflags"}) {
    text(flag, ignoredText);
  }
  toggle("--modcacherw", flags->modCacheWritable);
  std::string coverMode, coverPackages;
  if (!forTest) {
    toggle("--cover", flags->cover);
    text("--covermode", coverMode);
    text("--coverpkg", coverPackages);
  }
  for (const Unsupported& u : kUnsupported) toggle(u.flag, ignored);

  // Into CLI11's form. Values are attached with '=', so that a value may begin with a dash.
  std::vector<std::string> list;
  std::vector<std::string> words = environmentFlags(goEnvironment("GOFLAGS"));
  const size_t fromEnvironment = words.size();
  words.insert(words.end(), given.begin(), given.end());
  size_t i = 0;
  for (; i < words.size(); i++) {
    const std::string& word = words[i];
    // A switch that may also have a value.
    if (command == Command::List && (word.starts_with("-json=") || word.starts_with("--json="))) {
      flags->json = true;
      flags->jsonFields = word.substr(word.find('=') + 1);
      if (flags->jsonFields == "false") flags->json = false;
      if (flags->jsonFields == "true" || flags->jsonFields == "false") flags->jsonFields.clear();
      continue;
    }
    if (word == "-buildvcs" || word == "--buildvcs") {
      flags->buildVcs = "true";
      continue;
    }
    if (word.size() < 2 || word[0] != '-') break;
    if (word == "--") {
      i++;
      break;
    }
    size_t dashes = word[1] == '-' ? 2 : 1;
    size_t equals = word.find('=');
    std::string flag = "--" + word.substr(dashes, equals == std::string::npos ? std::string::npos : equals - dashes);
    if (flag == "--h" || flag == "--help") {
      complain(command, "");
      return kUsageStatus;
    }
    CLI::Option* option = flag.size() > 2 ? app.get_option_no_throw(flag) : nullptr;
    if (!option && i < fromEnvironment) continue;
    if (!option) {
      complain(command, fmt::format("flag provided but not defined: -{}", flag.substr(2)));
      return kUsageStatus;
    }
    for (const Unsupported& u : kUnsupported) {
      const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
      if (flag == u.flag && value != "false" && value != "0") {
        std::fprintf(stderr, "burrow: %s: %s is not supported\n", u.flag + 1, u.what);
        return u.status;
      }
    }
    if (option->get_expected_min() == 0) {  // a switch
      std::string value = equals == std::string::npos ? "true" : word.substr(equals + 1);
      if (value != "true" && value != "false" && value != "1" && value != "0") {
        complain(command, fmt::format("invalid boolean value \"{}\" for -{}: parse error", value, flag.substr(2)));
        return kUsageStatus;
      }
      list.push_back(flag + "=" + (value == "1" ? "true" : value == "0" ? "false" : value));
      continue;
    }
    if (equals == std::string::npos && i + 1 == words.size()) {
      complain(command, fmt::format("flag needs an argument: -{}", flag.substr(2)));
      return kUsageStatus;
    }
    std::string value = equals == std::string::npos ? words[++i] : word.substr(equals + 1);
    // An empty value is the same as none, and takes back what GOFLAGS says.
    if (value.empty()) {
      for (size_t at = 0; at + 1 < list.size();) {
        if (list[at] == flag) list.erase(list.begin() + static_cast<ptrdiff_t>(at), list.begin() + static_cast<ptrdiff_t>(at) + 2);
        else at++;
      }
      continue;
    }
    list.push_back(flag);
    list.push_back(value);
  }
  flags->arguments.assign(words.begin() + static_cast<ptrdiff_t>(i), words.end());

  // Values are not looked at for flags: hide a leading dash from CLI11 by handing them over as one word.
  std::vector<std::string> joined;
  for (size_t k = 0; k < list.size(); k++) {
    if (list[k].find('=') == std::string::npos && k + 1 < list.size()) {
      joined.push_back(list[k] + "=" + list[k + 1]);
      k++;
    } else {
      joined.push_back(list[k]);
    }
  }
  std::reverse(joined.begin(), joined.end());
  try {
    app.parse(joined);
  } catch (const CLI::ParseError& e) {
    complain(command, e.what());
    return kUsageStatus;
  }
  if (!parallel.empty()) {
    char* end = nullptr;
    long n = std::strtol(parallel.c_str(), &end, 10);
    if (*end != '\0') {
      complain(command, fmt::format("invalid value \"{}\" for flag -p: parse error", parallel));
      return kUsageStatus;
    }
    if (n <= 0) {
      std::fprintf(stderr, "burrow: -p must be a positive integer: %ld\n", n);
      return kErrorStatus;
    }
    flags->parallel = static_cast<unsigned>(n);
  }
  for (const auto* set : {&flags->gcflags, &flags->ldflags}) {
    std::string error;
    if (!checkPackageFlags(*set, &error)) {
      complain(command, error + (set == &flags->gcflags ? " -gcflags" : " -ldflags") +
                            ": missing =<value> in <pattern>=<value>");
      return kUsageStatus;
    }
  }
  if (!coverMode.empty()) {
    if (coverMode != "set" && coverMode != "count" && coverMode != "atomic") {
      complain(command, fmt::format("invalid value \"{}\" for flag -covermode: valid modes are \"set\", \"count\", or \"atomic\"", coverMode));
      return kUsageStatus;
    }
    flags->coverMode = coverMode;
  }
  flags->coverPackages = splitCommas(coverPackages);
  flags->cover |= !coverMode.empty() || !flags->coverPackages.empty();
  if (!compiler.empty() && compiler != "gc" && compiler != "gccgo") {
    complain(command, fmt::format("invalid value \"{0}\" for flag -compiler: unknown compiler \"{0}\"", compiler));
    return kUsageStatus;
  }
  if (const std::optional<bool> b = boolean(flags->buildVcs)) {
    flags->buildVcs = *b ? "true" : "false";
  } else if (flags->buildVcs.empty()) {
    flags->buildVcs = "auto";
  } else if (flags->buildVcs != "auto") {
    complain(command, fmt::format("invalid boolean value \"{}\" for -buildvcs: value is neither 'auto' nor a valid bool", flags->buildVcs));
    return kUsageStatus;
  }
  if (!flags->mod.empty() && flags->mod != "readonly" && flags->mod != "vendor" && flags->mod != "mod") {
    std::fprintf(stderr, "burrow: -mod=%s not supported (can be '', 'mod', 'readonly', or 'vendor')\n", flags->mod.c_str());
    return kErrorStatus;
  }
  const std::string level = goEnvironment("GOAMD64");
  if (!level.empty()) {
    if (level.size() != 2 || level[0] != 'v' || level[1] < '1' || level[1] > '4') {
      std::fprintf(stderr, "burrow: invalid GOAMD64=%s: must be v1, v2, v3, v4\n", level.c_str());
      return kErrorStatus;
    }
    flags->amd64Level = level[1] - '0';
  }
  return checkBuildMode(flags->buildMode) ? 0 : kErrorStatus;
}

std::vector<std::string> splitCommas(const std::string& text) {
  std::vector<std::string> out;
  for (size_t at = 0; at <= text.size();) {
    const size_t comma = std::min(text.find(',', at), text.size());
    if (comma > at) out.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return out;
}

std::vector<std::string> splitWords(const std::string& text) {
  std::vector<std::string> words;
  size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ' || text[i] == '\t' || text[i] == '\n') {
      i++;
      continue;
    }
    size_t end;
    if (text[i] == '"' || text[i] == '\'') {
      char quote = text[i++];
      end = text.find(quote, i);
    } else {
      end = text.find_first_of(" \t\n", i);
    }
    words.push_back(text.substr(i, end == std::string::npos ? std::string::npos : end - i));
    if (end == std::string::npos) break;
    i = end + 1;
  }
  return words;
}

namespace {

// "pattern=flags" or "flags"; a text that begins with a dash has no pattern.
bool splitPattern(const std::string& given, std::string* pattern, std::string* words) {
  pattern->clear();
  *words = given;
  size_t start = given.find_first_not_of(" \t");
  if (start == std::string::npos || given[start] == '-' || given[start] == '"' || given[start] == '\'') return true;
  size_t equals = given.find('=');
  if (equals == std::string::npos) return false;
  *pattern = given.substr(start, equals - start);
  *words = given.substr(equals + 1);
  return true;
}

bool matchesPattern(const std::string& pattern, const std::string& importPath, bool isStd) {
  if (pattern == "all" || pattern == importPath) return true;
  if (pattern == "std") return isStd;
  if (!pattern.ends_with("...")) return false;
  std::string prefix = pattern.substr(0, pattern.size() - 3);
  return importPath.starts_with(prefix) || (prefix.ends_with('/') && importPath == prefix.substr(0, prefix.size() - 1));
}

}  // namespace

bool checkPackageFlags(const std::vector<std::string>& given, std::string* error) {
  std::string pattern, words;
  for (const std::string& g : given) {
    if (splitPattern(g, &pattern, &words)) continue;
    *error = fmt::format("invalid value \"{}\" for flag", g);
    return false;
  }
  return true;
}

std::vector<std::string> packageFlags(const std::vector<std::string>& given, const std::string& importPath,
                                      bool isNamed, bool isStd) {
  std::string pattern, words, last;
  for (const std::string& g : given) {
    if (!splitPattern(g, &pattern, &words)) continue;
    if (pattern.empty() ? isNamed : matchesPattern(pattern, importPath, isStd)) last = words;
  }
  return splitWords(last);
}

}  // namespace burrow::driver
