// `burrow clean`: removes what builds have left: the caches, and executables of the named packages in their folders.
#include "driver/build.h"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace burrow::driver {

namespace {

// A module cache is write-protected.
void removeTree(const std::string& path, std::error_code& problem) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (fs::recursive_directory_iterator it(path, ignored), end; it != end; it.increment(ignored)) {
    if (it->is_directory(ignored) && !it->is_symlink(ignored)) ::chmod(it->path().c_str(), 0777);
  }
  fs::remove_all(path, problem);
}

}  // namespace

int Build::clean() {
  auto say = [&](const std::string& line) {
    if (flags_.showCommands || flags_.dryRun) std::fprintf(stdout, "%s\n", line.c_str());
  };
  auto removeFolder = [&](const std::string& path) {
    say("rm -rf " + path);
    if (flags_.dryRun || path.empty()) return;
    std::error_code problem;
    removeTree(path, problem);
    if (problem) fail(fmt::format("burrow: removing {}: {}", path, problem.message()));
  };
  const bool caches = flags_.cleanCache || flags_.cleanTestCache || flags_.cleanModCache;
  if (caches && !flags_.arguments.empty()) {
    fail("burrow: clean: package arguments cannot be used with cache flags");
    return 1;
  }
  const std::string& dir = cache_.dir();
  if (flags_.cleanCache && !dir.empty()) {
    // Only what the cache made: somebody may have put other things there.
    for (unsigned i = 0; i < 256; i++) {
      const std::string part = fmt::format("{}/{:02x}", dir, i);
      if (load::isDir(part)) removeFolder(part);
    }
    if (!flags_.dryRun) {
      ::unlink((dir + "/trimmed").c_str());
      ::unlink((dir + "/tests-after").c_str());
    }
  } else if (flags_.cleanTestCache && !dir.empty() && !flags_.dryRun) {
    // Results from before this moment do not count any more.
    std::string error;
    std::error_code ignored;
    std::filesystem::create_directories(dir, ignored);
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    if (!load::writeWhole(dir + "/tests-after", fmt::format("{}.{:09}\n", now.tv_sec, now.tv_nsec), &error)) fail("burrow: " + error);
  }
  if (flags_.cleanModCache) {
    const std::string modules = goEnvironment("GOMODCACHE");
    if (modules.empty()) {
      fail("burrow: cannot clean -modcache without a module cache");
      return 1;
    }
    removeFolder(modules);
  }
  if (caches) return failed_ ? 1 : 0;

  if (!start() || !load()) return 1;
  for (const load::Package* package : roots_) {
    if (package->importPath == load::kCommandLine || package->isStd) continue;
    const std::string name = defaultOutput(*package);
    std::string line;
    for (const std::string& file : {package->isCommand ? name : std::string(), name + ".test"}) {
      const std::string path = package->dir + "/" + file;
      if (file.empty() || !load::isFile(path)) continue;
      line += " " + file;
      if (!flags_.dryRun) ::unlink(path.c_str());
    }
    if (!line.empty()) say(fmt::format("cd {}\nrm -f{}", package->dir, line));
  }
  return failed_ ? 1 : 0;
}

}  // namespace burrow::driver
