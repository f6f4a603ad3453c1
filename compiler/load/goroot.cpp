// See goroot.h.
#include "load/goroot.h"

#include "load/files.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace burrow::load {

namespace {

constexpr std::string_view kRelease = "go1.27";

// "go1.27.4" of GOROOT/VERSION; empty when this is no GOROOT.
std::string versionAt(const std::string& root) {
  std::string text, error;
  if (!isDir(root + "/src/builtin") || !readFile(root + "/VERSION", &text, &error)) return {};
  return text.substr(0, text.find_first_of(" \n\r"));
}

bool isOurs(std::string_view version) {
  if (!version.starts_with(kRelease)) return false;
  std::string_view rest = version.substr(kRelease.size());
  return rest.empty() || rest[0] < '0' || rest[0] > '9';
}

std::string askGo() {
  FILE* pipe = ::popen("go env GOROOT 2>/dev/null", "r");
  if (!pipe) return {};
  std::string out;
  char buffer[512];
  while (size_t n = std::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, n);
  ::pclose(pipe);
  return out.substr(0, out.find('\n'));
}

}  // namespace

GoRoot findGoRoot(const std::string& sourceRoot, std::string* error) {
  if (const char* set = std::getenv("BURROW_GOROOT"); set && *set) {
    GoRoot root{cleanPath(set), versionAt(set)};
    if (root.version.empty()) {
      *error = fmt::format("BURROW_GOROOT={} is not a Go distribution", set);
    } else if (!isOurs(root.version)) {
      *error = fmt::format("BURROW_GOROOT={} is {}; Burrow compiles the library of Go 1.27", set, root.version);
      root.version.clear();
    }
    return root;
  }
  std::string found;
  auto tryAt = [&](const std::string& path) -> GoRoot {
    std::string version = path.empty() ? "" : versionAt(path);
    if (isOurs(version)) return {path, version};
    if (!version.empty()) found += fmt::format(" ({} at {})", version, path);
    return {};
  };
  const std::string candidates[] = {sourceRoot.empty() ? "" : sourceRoot + "/.deps/usr/lib/go-1.27", "/usr/lib/go-1.27",
                                    "/usr/local/go"};
  for (const std::string& path : candidates) {
    if (GoRoot root = tryAt(path); root.ok()) return root;
  }
  if (GoRoot root = tryAt(askGo()); root.ok()) return root;
  *error = fmt::format("no Go 1.27 distribution found{}; set BURROW_GOROOT to one", found);
  return {};
}

}  // namespace burrow::load
