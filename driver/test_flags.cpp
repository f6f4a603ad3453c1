// See test_flags.h.
#include "driver/test_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace burrow::driver {

namespace {

enum class Kind { Switch, Value };
struct Flag {
  const char* name;
  Kind kind;
  bool toProgram;
  bool cacheable;  // a result with it may be kept
};
// The go command's flags of `test`, without those of `build`.
constexpr Flag kFlags[] = {
    {"artifacts", Kind::Switch, true, false},        {"bench", Kind::Value, true, false},
    {"benchmem", Kind::Switch, true, false},         {"benchtime", Kind::Value, true, true},
    {"blockprofile", Kind::Value, true, false},      {"blockprofilerate", Kind::Value, true, false},
    {"count", Kind::Value, true, false},             {"cover", Kind::Switch, false, true},
    {"covermode", Kind::Value, false, true},         {"coverpkg", Kind::Value, false, true},
    {"coverprofile", Kind::Value, false, false},     {"cpu", Kind::Value, true, true},
    {"cpuprofile", Kind::Value, true, false},        {"failfast", Kind::Switch, true, true},
    {"fullpath", Kind::Switch, true, true},          {"fuzz", Kind::Value, true, false},
    {"fuzzminimizetime", Kind::Value, true, false},  {"fuzztime", Kind::Value, true, false},
    {"json", Kind::Switch, false, true},             {"list", Kind::Value, true, true},
    {"memprofile", Kind::Value, true, false},        {"memprofilerate", Kind::Value, true, false},
    {"mutexprofile", Kind::Value, true, false},      {"mutexprofilefraction", Kind::Value, true, false},
    {"outputdir", Kind::Value, true, true},          {"parallel", Kind::Value, true, true},
    {"run", Kind::Value, true, true},                {"short", Kind::Switch, true, true},
    {"shuffle", Kind::Value, true, false},           {"skip", Kind::Value, true, true},
    {"timeout", Kind::Value, true, true},            {"trace", Kind::Value, true, false},
    {"v", Kind::Switch, true, true},                 {"vet", Kind::Value, false, true},
};
// Flags of `build` that take a value: needed to know which word is the value.
constexpr std::string_view kBuildValues[] = {"o",    "exec",    "p",          "dump",          "tags",    "gcflags", "ldflags",
                                             "C",    "mod",     "buildmode",  "modfile",       "overlay", "pgo",     "pkgdir",
                                             "asmflags", "compiler", "installsuffix", "toolexec", "gccgoflags"};
constexpr std::string_view kBuildSwitches[] = {"c", "a", "n", "x", "work", "trimpath", "S", "modcacherw", "race", "msan", "asan",
                                               "linkshared", "buildvcs", "i", "lto"};

int fail(const std::string& message) {
  std::fprintf(stderr, "%s\nusage: %s\nRun 'burrow help test' for details.\n", message.c_str(), usageLine(Command::Test).c_str());
  return kUsageStatus;
}

constexpr double kMalformed = -HUGE_VAL;
// Go's durations: "1h2m3.5s". Seconds.
double seconds(std::string_view text) {
  if (text == "0") return 0;
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return kMalformed;
  double total = 0;
  while (!text.empty()) {
    char* end = nullptr;
    std::string copy(text);
    double n = std::strtod(copy.c_str(), &end);
    text.remove_prefix(static_cast<size_t>(end - copy.c_str()));
    if (end == copy.c_str() || n < 0) return kMalformed;
    struct {
      std::string_view name;
      double seconds;
    } units[] = {{"ns", 1e-9}, {"us", 1e-6}, {"\xc2\xb5s", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}};
    const auto* unit = std::find_if(std::begin(units), std::end(units), [&](const auto& u) { return text.starts_with(u.name); });
    if (unit == std::end(units)) return kMalformed;
    total += n * unit->seconds;
    text.remove_prefix(unit->name.size());
  }
  return minus ? -total : total;
}

// What is wrong with -vet's value. Burrow has no vet, but a word that gc refuses is a mistake here, too.
std::string flawOfVet(const std::string& value) {
  constexpr std::string_view known[] = {
      "appends",     "asmdecl",  "assign",     "atomic",     "bool",        "bools",        "buildtag",   "buildtags",
      "cgocall",     "composites", "copylocks", "defers",    "directive",   "errorsas",     "framepointer", "hostport",
      "httpresponse", "ifaceassert", "loopclosure", "lostcancel", "methods", "nilfunc",      "printf",     "rangeloops",
      "shift",       "sigchanyzer", "slog",     "stdmethods", "stdversion", "stringintconv", "structtag", "testinggoroutine",
      "tests",       "timeformat", "unmarshal", "unreachable", "unsafeptr", "unusedresult", "waitgroup"};
  if (value.find('=') != std::string::npos) return "-vet argument cannot contain equal signs";
  if (value.find(' ') != std::string::npos) return "-vet argument is comma-separated list, cannot contain spaces";
  std::string alone;
  size_t analyzers = 0;
  for (size_t at = 0; at <= value.size();) {
    const size_t comma = std::min(value.find(',', at), value.size());
    const std::string word = value.substr(at, comma - at);
    at = comma + 1;
    if (word.empty()) return "-vet argument contains empty list element";
    if (word == "all" || word == "off") {
      alone = word;
      analyzers = 0;
    } else if (analyzers++; std::find(std::begin(known), std::end(known), word) == std::end(known)) {
      return "-vet argument must be a supported analyzer or a distinguished value; found " + word;
    }
  }
  return analyzers > 1 && !alone.empty() ? fmt::format("-vet does not accept \"{}\" in a list with other analyzers", alone) : "";
}

// Reads the words one by one; what GOFLAGS says comes first, and stands until the command line says otherwise.
class Parser {
 public:
  explicit Parser(TestFlags* flags) : flags_(*flags) {}
  int parse(const std::vector<std::string>& words);

 private:
  int readEnvironment();
  int set(const Flag& flag, std::string value, bool fromEnvironment);
  int finish();
  int badValue(const std::string& name, const std::string& value, const std::string& why, bool fromEnvironment) const {
    const char* source = fromEnvironment ? " (from $GOFLAGS)" : "";
    const char* by = fromEnvironment ? "burrow: " : "";
    return fail(fmt::format("{}invalid value \"{}\" for flag -{}{}: {}", by, value, name, source, why));
  }

  TestFlags& flags_;
  std::vector<std::string> build_, packages_;
  std::vector<std::pair<std::string, std::string>> injected_;  // from GOFLAGS: name, word for the test program
  bool timeoutSet_ = false, profiles_ = false, outputDirSet_ = false;
  std::string unknown_, outputDir_;
};

const Flag* findFlag(std::string_view name) {
  const auto* known = std::find_if(std::begin(kFlags), std::end(kFlags), [&](const Flag& f) { return name == f.name; });
  return known == std::end(kFlags) ? nullptr : known;
}

int Parser::set(const Flag& flag, std::string value, bool fromEnvironment) {
  const std::string name = flag.name;
  const bool on = value != "false" && value != "0";
  if (flag.kind == Kind::Switch && value != "true" && value != "false" && value != "0" && value != "1" &&
      !(name == "v" && value == "test2json")) {
    if (fromEnvironment) {
      return fail(fmt::format("burrow: invalid boolean value \"{}\" for flag -{} (from $GOFLAGS): parse error", value, name));
    }
    return fail(fmt::format("invalid boolean value \"{}\" for -{}: parse error", value, name));
  }
  // What goes to the program is looked at in the end: GOFLAGS may be overruled.
  flags_.cacheable &= flag.toProgram || flag.cacheable;
  if (name == "v") {
    flags_.verbose = on;
  } else if (name == "json") {
    flags_.json = on;
  } else if (name == "failfast") {
    flags_.failFast = on;
  } else if (name == "bench") {
    flags_.benchmarks = !value.empty();
  } else if (name == "fuzz") {
    flags_.fuzzing = !value.empty();
    flags_.benchmarks |= flags_.fuzzing;
  } else if (name == "list") {
    flags_.listing = !value.empty();
  } else if (name == "timeout") {
    double s = seconds(value);
    if (s == kMalformed) return badValue(name, value, "parse error", fromEnvironment);
    flags_.timeoutSeconds = static_cast<long>(std::ceil(s));
    timeoutSet_ = true;
  } else if (name == "count" || name == "parallel") {
    char* end = nullptr;
    std::strtol(value.c_str(), &end, 10);
    if (value.empty() || *end != '\0') return badValue(name, value, "parse error", fromEnvironment);
  } else if (name == "shuffle") {
    char* end = nullptr;
    std::strtoll(value.c_str(), &end, 10);
    if (value != "on" && value != "off" && (value.empty() || *end != '\0')) {
      return badValue(name, value,
                      fmt::format("-shuffle argument must be \"on\", \"off\", or an int64: strconv.ParseInt: parsing \"{}\": "
                                  "invalid syntax", value),
                      fromEnvironment);
    }
  } else if (name == "vet") {
    if (const std::string flaw = flawOfVet(value); !flaw.empty()) return badValue(name, value, flaw, fromEnvironment);
  } else if (name == "cover") {
    flags_.cover = on;
  } else if (name == "covermode") {
    if (value != "set" && value != "count" && value != "atomic") {
      return badValue(name, value, "valid modes are \"set\", \"count\", or \"atomic\"", fromEnvironment);
    }
    flags_.cover = true;
    flags_.coverMode = value;
  } else if (name == "coverprofile") {
    flags_.cover = true;
    flags_.coverProfile = value;
  } else if (name == "coverpkg") {
    flags_.cover = true;
    flags_.coverPackages = splitCommas(value);
  } else if (name == "outputdir") {
    outputDir_ = value;
    outputDirSet_ = true;
  } else if (name.ends_with("profile") || name == "trace" || name == "artifacts") {
    profiles_ |= !value.empty() && on;
    if (name != "artifacts" && !value.empty()) flags_.profile = "-" + name;
    flags_.keepBinary |= name.ends_with("profile") && !value.empty();
  }
  if (!flag.toProgram) return 0;
  std::erase_if(injected_, [&](const auto& i) { return i.first == name; });
  if (flag.kind == Kind::Switch && value != "test2json") value = on ? "true" : "false";
  std::string word = fmt::format("-test.{}={}", name, value);
  if (fromEnvironment) {
    injected_.emplace_back(name, std::move(word));
  } else {
    flags_.forward.push_back(std::move(word));
  }
  return 0;
}

// The flags of tests in GOFLAGS; those of builds are parseBuildFlags's business.
int Parser::readEnvironment() {
  for (const std::string& word : splitWords(goEnvironment("GOFLAGS"))) {
    if (word.size() < 2 || word[0] != '-') continue;
    const size_t equals = word.find('='), dashes = word[1] == '-' ? 2 : 1;
    std::string name = word.substr(dashes, equals == std::string::npos ? std::string::npos : equals - dashes);
    if (name.starts_with("test.")) name = name.substr(5);
    const Flag* flag = findFlag(name);
    if (flag == nullptr) continue;
    if (equals == std::string::npos && flag->kind == Kind::Value) {
      return fail(fmt::format("burrow: flag needs an argument: -{} (from $GOFLAGS)", name));
    }
    if (int status = set(*flag, equals == std::string::npos ? "true" : word.substr(equals + 1), true)) return status;
  }
  return 0;
}

int Parser::parse(const std::vector<std::string>& words) {
  if (int status = readEnvironment()) return status;
  bool listDone = false, inList = false, afterUnknown = false;
  std::vector<std::string>& forward = flags_.forward;
  for (size_t i = 0; i < words.size(); i++) {
    const std::string& word = words[i];
    const bool wasAfterUnknown = afterUnknown;
    afterUnknown = false;
    if (word == "--") {
      forward.insert(forward.end(), words.begin() + static_cast<ptrdiff_t>(i), words.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      if (listDone && !inList) {
        if (wasAfterUnknown) {
          forward.push_back(word);
          continue;
        }
        forward.insert(forward.end(), words.begin() + static_cast<ptrdiff_t>(i), words.end());
        break;
      }
      inList = listDone = true;
      packages_.push_back(word);
      continue;
    }
    inList = false;
    const size_t equals = word.find('='), dashes = word[1] == '-' ? 2 : 1;
    std::string name = word.substr(dashes, equals == std::string::npos ? std::string::npos : equals - dashes);
    if (name == "args") {
      forward.insert(forward.end(), words.begin() + static_cast<ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (name == "h" || name == "help") return fail("");
    if (name.starts_with("test.")) name = name.substr(5);
    const Flag* known = findFlag(name);
    if (known == nullptr) {
      auto isIn = [&](const auto& list) { return std::find(std::begin(list), std::end(list), name) != std::end(list); };
      if (isIn(kBuildSwitches)) {
        build_.push_back(word);
      } else if (isIn(kBuildValues)) {
        build_.push_back(word);
        if (equals == std::string::npos && i + 1 < words.size()) build_.push_back(words[++i]);
      } else {
        if (unknown_.empty()) unknown_ = word;
        listDone = true;
        forward.push_back(word);
        afterUnknown = equals == std::string::npos;
      }
      continue;
    }
    std::string value = equals == std::string::npos ? "true" : word.substr(equals + 1);
    if (known->kind == Kind::Value && equals == std::string::npos) {
      if (i + 1 == words.size()) return fail("flag needs an argument: -" + name);
      value = words[++i];
    }
    if (int status = set(*known, std::move(value), false)) return status;
  }
  return finish();
}

int Parser::finish() {
  if (int status = parseBuildFlags(Command::Test, build_, &flags_.build)) return status;
  if (!unknown_.empty() && flags_.build.compileOnly) {
    return fail(fmt::format("burrow: unknown flag {} cannot be used with -c", unknown_));
  }
  if (!flags_.coverProfile.empty() && flags_.coverProfile[0] != '/' && !outputDir_.empty()) {
    flags_.coverProfile = outputDir_ + "/" + flags_.coverProfile;
  }
  flags_.keepBinary |= !flags_.build.output.empty();
  flags_.packagesGiven = !packages_.empty();
  flags_.build.arguments = std::move(packages_);
  std::vector<std::string>& forward = flags_.forward;
  for (const std::string& word : forward) {
    if (word == "--") break;
    flags_.help |= word == "-h" || word == "-help" || word == "--help";
  }
  std::vector<std::string> first;
  // -v would end the framing of the output that makes events of it.
  auto isVerbose = [](const std::string& word) { return word.starts_with("-test.v="); };
  if (flags_.json) {
    first.emplace_back("-test.v=test2json");
    std::erase_if(forward, isVerbose);
  }
  for (auto& [name, word] : injected_) {
    if (!flags_.json || name != "v") first.push_back(std::move(word));
  }
  if (!timeoutSet_) first.emplace_back("-test.timeout=10m0s");
  if (profiles_ && !outputDirSet_) first.emplace_back("-test.outputdir=.");
  forward.insert(forward.begin(), first.begin(), first.end());
  // Arguments of the test's own may mean anything.
  for (const std::string& word : forward) {
    const size_t equals = word.find('=');
    const Flag* flag = equals != std::string::npos && word.starts_with("-test.") ? findFlag(word.substr(6, equals - 6)) : nullptr;
    flags_.cacheable &= flag != nullptr && flag->cacheable;
  }
  return 0;
}

}  // namespace

int parseTestFlags(const std::vector<std::string>& words, TestFlags* flags) { return Parser(flags).parse(words); }

}  // namespace burrow::driver
