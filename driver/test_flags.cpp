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
    {"outputdir", Kind::Value, true, false},         {"parallel", Kind::Value, true, true},
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

}  // namespace

int parseTestFlags(const std::vector<std::string>& words, TestFlags* flags) {
  std::vector<std::string> build, packages;
  bool listDone = false, inList = false, afterUnknown = false, timeoutSet = false, profiles = false, outputDirSet = false;
  std::string unknown, outputDir;
  for (size_t i = 0; i < words.size(); i++) {
    const std::string& word = words[i];
    const bool wasAfterUnknown = afterUnknown;
    afterUnknown = false;
    if (word == "--") {
      flags->forward.insert(flags->forward.end(), words.begin() + static_cast<ptrdiff_t>(i), words.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      if (listDone && !inList) {
        if (wasAfterUnknown) {
          flags->forward.push_back(word);
          continue;
        }
        flags->forward.insert(flags->forward.end(), words.begin() + static_cast<ptrdiff_t>(i), words.end());
        break;
      }
      inList = listDone = true;
      packages.push_back(word);
      continue;
    }
    inList = false;
    const size_t equals = word.find('='), dashes = word[1] == '-' ? 2 : 1;
    std::string name = word.substr(dashes, equals == std::string::npos ? std::string::npos : equals - dashes);
    if (name == "args") {
      flags->forward.insert(flags->forward.end(), words.begin() + static_cast<ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (name == "h" || name == "help") return fail("");
    if (name.starts_with("test.")) name = name.substr(5);
    const auto* known = std::find_if(std::begin(kFlags), std::end(kFlags), [&](const Flag& f) { return name == f.name; });
    if (known == std::end(kFlags)) {
      auto isIn = [&](const auto& list) { return std::find(std::begin(list), std::end(list), name) != std::end(list); };
      if (isIn(kBuildSwitches)) {
        build.push_back(word);
      } else if (isIn(kBuildValues)) {
        build.push_back(word);
        if (equals == std::string::npos && i + 1 < words.size()) build.push_back(words[++i]);
      } else {
        if (unknown.empty()) unknown = word;
        listDone = true;
        flags->forward.push_back(word);
        flags->cacheable = false;
        afterUnknown = equals == std::string::npos;
      }
      continue;
    }
    std::string value = equals == std::string::npos ? "true" : word.substr(equals + 1);
    if (known->kind == Kind::Value && equals == std::string::npos) {
      if (i + 1 == words.size()) return fail("flag needs an argument: -" + name);
      value = words[++i];
    }
    bool on = value != "false" && value != "0";
    if (known->kind == Kind::Switch && value != "true" && value != "false" && value != "0" && value != "1" &&
        !(name == "v" && value == "test2json")) {
      return fail(fmt::format("invalid boolean value \"{}\" for -{}: parse error", value, name));
    }
    flags->cacheable &= known->cacheable;
    if (name == "v") {
      flags->verbose = on;
    } else if (name == "json") {
      flags->json = on;
    } else if (name == "failfast") {
      flags->failFast = on;
    } else if (name == "bench") {
      flags->benchmarks = !value.empty();
    } else if (name == "fuzz") {
      flags->benchmarks |= !value.empty();
    } else if (name == "list") {
      flags->listing = !value.empty();
    } else if (name == "timeout") {
      double s = seconds(value);
      if (s == kMalformed) return fail(fmt::format("invalid value \"{}\" for flag -timeout: parse error", value));
      flags->timeoutSeconds = static_cast<long>(std::ceil(s));
      timeoutSet = true;
    } else if (name == "count" || name == "parallel") {
      char* end = nullptr;
      std::strtol(value.c_str(), &end, 10);
      if (value.empty() || *end != '\0')
        return fail(fmt::format("invalid value \"{}\" for flag -{}: parse error", value, name));
    } else if (name == "shuffle") {
      char* end = nullptr;
      std::strtoll(value.c_str(), &end, 10);
      if (value != "on" && value != "off" && (value.empty() || *end != '\0')) {
        return fail(fmt::format("invalid value \"{}\" for flag -shuffle: -shuffle argument must be \"on\", \"off\", or an int64: "
                                "strconv.ParseInt: parsing \"{}\": invalid syntax", value, value));
      }
    } else if (name == "vet") {
      if (const std::string flaw = flawOfVet(value); !flaw.empty()) {
        return fail(fmt::format("invalid value \"{}\" for flag -vet: {}", value, flaw));
      }
    } else if (name == "cover") {
      flags->cover = on;
    } else if (name == "covermode") {
      if (value != "set" && value != "count" && value != "atomic") {
        return fail(fmt::format("invalid value \"{}\" for flag -covermode: valid modes are \"set\", \"count\", or \"atomic\"", value));
      }
      flags->cover = true;
      flags->coverMode = value;
    } else if (name == "coverprofile") {
      flags->cover = true;
      flags->coverProfile = value;
    } else if (name == "coverpkg") {
      flags->cover = true;
      flags->coverPackages = splitCommas(value);
    } else if (name == "outputdir") {
      outputDir = value;
      outputDirSet = true;
    } else if (name.ends_with("profile") || name == "trace" || name == "artifacts") {
      profiles |= !value.empty() && on;
      if (name != "artifacts" && !value.empty()) flags->profile = "-" + name;
      flags->keepBinary |= name.ends_with("profile") && !value.empty();
    }
    if (known->toProgram && !(name == "v" && flags->json)) {
      if (known->kind == Kind::Switch && value != "test2json") value = on ? "true" : "false";
      flags->forward.push_back(fmt::format("-test.{}={}", name, value));
    }
  }
  if (int status = parseBuildFlags(Command::Test, build, &flags->build)) return status;
  if (!unknown.empty() && flags->build.compileOnly) return fail(fmt::format("burrow: unknown flag {} cannot be used with -c", unknown));
  if (!flags->coverProfile.empty() && flags->coverProfile[0] != '/' && !outputDir.empty()) {
    flags->coverProfile = outputDir + "/" + flags->coverProfile;
  }
  flags->keepBinary |= !flags->build.output.empty();
  flags->packagesGiven = !packages.empty();
  flags->build.arguments = std::move(packages);
  std::vector<std::string> first;
  if (flags->json) first.emplace_back("-test.v=test2json");
  if (!timeoutSet) first.emplace_back("-test.timeout=10m0s");
  if (profiles && !outputDirSet) first.emplace_back("-test.outputdir=.");
  for (const std::string& word : flags->forward) {
    if (word == "--") break;
    flags->help |= word == "-h" || word == "-help" || word == "--help";
  }
  flags->forward.insert(flags->forward.begin(), first.begin(), first.end());
  return 0;
}

}  // namespace burrow::driver
