// Settings that would be passed over silently lead to a program other than the one that was asked for: a GOOS that we do not
// build for, a flag in GOFLAGS with a typing error. They are refused before anything is done, with the go command's words
// and exit statuses where it has them.
#include "driver/check_environment.h"

#include "driver/flags.h"
#include "load/cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace burrow::driver {

namespace {

// Every flag of a command of the go command that GOFLAGS may name, and ours. Kept sorted.
constexpr std::string_view kFlags[] = {
    "C", "N", "S", "a", "artifacts", "asan", "asmflags", "bench", "benchmem", "benchtime", "blockprofile",
    "blockprofilerate", "buildmode", "buildvcs", "c", "cache", "changed", "compiled", "compiler", "count", "cover",
    "covermode", "coverpkg", "coverprofile", "cpu", "cpuprofile", "debug-actiongraph", "debug-runtime-trace",
    "debug-trace", "deps", "dump", "e", "exec", "export", "f", "failfast", "find", "fix", "fullpath", "fuzz",
    "fuzzcache", "fuzzminimizetime", "fuzztime", "gccgoflags", "gcflags", "http", "i", "installsuffix", "json",
    "ldflags", "linkshared", "list", "lto", "m", "memprofile", "memprofilerate", "mod", "modcache", "modcacherw", "modfile",
    "msan", "mutexprofile", "mutexprofilefraction", "n", "o", "outputdir", "overlay", "p", "parallel", "pgo",
    "pkgdir", "print", "r", "race", "retracted", "reuse", "run", "short", "shuffle", "skip", "t", "tags", "test",
    "testcache", "timeout", "toolexec", "tool", "trace", "trimpath", "u", "v", "versions", "vet", "vettool", "w",
    "work", "workfile", "x"};

int refuse(int status, const std::string& message) {
  std::fprintf(stderr, "burrow: %s\n", message.c_str());
  return status;
}

}  // namespace

std::string flawOfGoFlags(const std::string& text) {
  for (const std::string& word : splitWords(text)) {
    const size_t dashes = word.starts_with("--") ? 2 : 1;
    if (!word.starts_with('-') || word.size() == dashes || word[dashes] == '-' || word[dashes] == '=') {
      return fmt::format("parsing $GOFLAGS: non-flag \"{}\"", word);
    }
    std::string_view name = std::string_view(word).substr(dashes, word.find('=') - dashes);
    if (name.starts_with("test.")) name.remove_prefix(5);
    if (std::find(std::begin(kFlags), std::end(kFlags), name) == std::end(kFlags)) {
      return fmt::format("parsing $GOFLAGS: unknown flag -{}", name);
    }
  }
  return {};
}

int checkEnvironment() {
  if (std::string flaw = flawOfGoFlags(goEnvironment("GOFLAGS")); !flaw.empty()) return refuse(1, flaw);
  auto orElse = [](std::string value, const char* standard) { return value.empty() ? std::string(standard) : value; };
  const std::string os = orElse(goEnvironment("GOOS"), "linux"), arch = orElse(goEnvironment("GOARCH"), "amd64");
  if (os != "linux" || arch != "amd64") {
    return refuse(2, fmt::format("unsupported GOOS/GOARCH pair {}/{}: Burrow builds for linux/amd64", os, arch));
  }
  const std::string paths = goEnvironment("GOPATH");
  for (size_t at = 0; at < paths.size();) {
    const size_t end = std::min(paths.find(':', at), paths.size());
    const std::string entry = paths.substr(at, end - at);
    if (!entry.empty() && entry[0] != '/') {
      return refuse(2, fmt::format("GOPATH entry is relative; must be absolute path: \"{}\".", entry));
    }
    at = end + 1;
  }
  const std::string cache = load::Cache::defaultDir();
  if (!cache.empty() && cache[0] != '/') return refuse(1, "BURROW_CACHE is not an absolute path: " + cache);
  return 0;
}

}  // namespace burrow::driver
