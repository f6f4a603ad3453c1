// See env.h.
#include "driver/env.h"

#include "driver/config.h"
#include "driver/env_settings.h"
#include "driver/flags.h"
#include "driver/paths.h"
#include "load/cache.h"
#include "load/files.h"

#include <fmt/format.h>
#define JSON_NOEXCEPTION
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <map>

namespace burrow::driver {

namespace {

std::string goMod(const std::string& cwd) {
  for (std::string dir = cwd;; dir = std::string(load::dirName(dir))) {
    std::string path = load::joinPath(dir, "go.mod");
    if (load::isFile(path)) return path;
    if (dir == "/") return "/dev/null";
  }
}

std::string goWork(const std::string& cwd) {
  std::string set = goEnvironment("GOWORK");
  if (!set.empty()) return set == "off" ? "off" : load::absolutePath(set, cwd);
  for (std::string dir = cwd;; dir = std::string(load::dirName(dir))) {
    std::string path = load::joinPath(dir, "go.work");
    if (load::isFile(path)) return path;
    if (dir == "/") return {};
  }
}

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// For a shell: 'it'\''s'.
std::string quote(const std::string& value) {
  std::string out = "'";
  for (char c : value) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace

int printEnvironment(const std::vector<std::string>& words) {
  bool json = false, write = false, remove = false, changed = false;
  std::vector<std::string> names;
  for (const std::string& word : words) {
    const std::string_view flag = word.starts_with("--") ? std::string_view(word).substr(1) : std::string_view(word);
    bool* known = flag == "-json" ? &json : flag == "-w" ? &write : flag == "-u" ? &remove : flag == "-changed" ? &changed : nullptr;
    if (known != nullptr && names.empty()) {
      *known = true;
    } else if (word.starts_with('-') && names.empty()) {
      std::fprintf(
          stderr,
          "flag provided but not defined: -%s\nusage: burrow env [-json] [-changed] [-u] [-w] [var ...]\nRun 'burrow help env' for "
          "details.\n",
          word.substr(word.find_first_not_of('-') == std::string::npos ? word.size() : word.find_first_not_of('-'))
              .c_str());
      return 2;
    } else {
      names.push_back(word);
    }
  }
  if (write || remove) {
    const char* other = json ? "-json" : changed ? "-changed" : write && remove ? "-u" : nullptr;
    if (other != nullptr) {
      std::fprintf(stderr, "burrow: cannot use %s with %s\n", other, write ? "-w" : "-u");
      return kErrorStatus;
    }
    return write ? writeSettings(names) : removeSettings(names);
  }
  Paths paths = findPaths();
  std::string error;
  load::GoRoot root = load::findGoRoot(paths.sourceRoot, &error);
  std::map<std::string, std::string> all = {
      {"BURROW", paths.executable},
      {"BURROW_CACHE", load::Cache::defaultDir()},
      {"BURROW_GOROOT", root.path},
      {"BURROW_RUNTIME", paths.runtime},
      {"BURROW_STD", paths.std},
      {"BURROW_VERSION", kVersion},
      {"CGO_ENABLED", "0"},
      {"GOAMD64", goEnvironment("GOAMD64").empty() ? "v1" : goEnvironment("GOAMD64")},
      {"GOARCH", "amd64"},
      {"GOEXE", ""},
      {"GOHOSTARCH", "amd64"},
      {"GOHOSTOS", "linux"},
      {"GOMOD", goMod(paths.cwd)},
      {"GOOS", "linux"},
      {"GOROOT", root.path},
      {"GOVERSION", root.version},
      {"GOENV", goEnvironmentFile()},
      {"GOFLAGS", goEnvironment("GOFLAGS")},
      {"GOMODCACHE", goEnvironment("GOMODCACHE")},
      {"GONOPROXY", goEnvironment("GONOPROXY")},
      {"GONOSUMDB", goEnvironment("GONOSUMDB")},
      {"GOBIN", goEnvironment("GOBIN")},
      {"GOPATH", goEnvironment("GOPATH")},
      {"GOPRIVATE", goEnvironment("GOPRIVATE")},
      {"GOPROXY", goEnvironment("GOPROXY")},
      {"GOSUMDB", goEnvironment("GOSUMDB")},
      {"GOTOOLCHAIN", "local"},
      {"GOWORK", goWork(paths.cwd)},
      {"GOCACHE", load::Cache::defaultDir()},
      {"GOTOOLDIR", root.path + "/pkg/tool/linux_amd64"},
      {"GOFIPS140", "off"},
      {"GOTELEMETRY", "off"},
  };
  // Only passed on: tools that ask for all of Go's environment expect the names. What C compilers need is not among them.
  for (const char* name : {"GO111MODULE", "GOAUTH", "GOCACHEPROG", "GODEBUG", "GOEXPERIMENT", "GOINSECURE",
                           "GOPACKAGESDRIVER", "GOTMPDIR", "GOVCS"}) {
    all[name] = goEnvironment(name);
  }
  if (changed) {
    // Those that somebody has set to what they would not be otherwise.
    auto standard = [&](const std::string& name) {
      return isOneOf(name, {"CGO_ENABLED", "GOAMD64", "GOARCH", "GOOS", "GOTOOLCHAIN"}) ? all[name] : goDefault(name);
    };
    std::erase_if(all, [&](const auto& entry) {
      const std::string set = goEnvironment(entry.first);
      return set.empty() || set == standard(entry.first) || entry.first.starts_with("BURROW");
    });
  }
  auto value = [&](const std::string& name) {
    auto found = all.find(name);
    return found == all.end() ? std::string() : found->second;
  };
  if (json) {
    nlohmann::json object = nlohmann::json::object();
    if (names.empty()) {
      for (const auto& [name, text] : all) object[name] = text;
    } else {
      for (const std::string& name : names) object[name] = value(name);
    }
    std::puts(object.dump(1, '\t', false, nlohmann::json::error_handler_t::replace).c_str());
  } else if (names.empty()) {
    for (const auto& [name, text] : all) std::puts((name + "=" + quote(text)).c_str());
  } else {
    for (const std::string& name : names) std::puts(value(name).c_str());
  }
  return 0;
}

int printVersion() {
  Paths paths = findPaths();
  std::string error;
  load::GoRoot root = load::findGoRoot(paths.sourceRoot, &error);
  std::puts(
      fmt::format("burrow version {} {} linux/amd64", kVersion, root.ok() ? root.version : "(no Go distribution found)")
          .c_str());
  return 0;
}

}  // namespace burrow::driver
