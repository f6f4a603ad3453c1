// Settings that stay: the file of NAME=VALUE lines that the go command reads, too, so that both build alike.
//
// Lines that are no settings (comments) are kept, above the settings, which are sorted. The file is replaced as a whole. A value
// that a later command could not use is refused here, where the user sees it.
#include "driver/env_settings.h"

#include "driver/check_environment.h"
#include "driver/flags.h"
#include "load/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string_view>

namespace burrow::driver {

namespace {

constexpr std::string_view kSettable[] = {
    "CGO_ENABLED", "GO111MODULE", "GOAMD64",  "GOARCH",    "GOAUTH",     "GOBIN",     "GOCACHE",    "GOCACHEPROG", "GOEXPERIMENT",
    "GOFIPS140",   "GOFLAGS",     "GOINSECURE", "GOMODCACHE", "GONOPROXY", "GONOSUMDB", "GOOS",       "GOPATH",      "GOPRIVATE",
    "GOPROXY",     "GOROOT",      "GOSUMDB",  "GOTMPDIR",  "GOTOOLCHAIN", "GOVCS",     "GOWORK",
    // C's and assembly's, which a file that both commands read may hold.
    "AR", "CC", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS", "CXX", "GCCGO", "PKG_CONFIG"};
constexpr std::string_view kFixed[] = {"GOEXE", "GOGCCFLAGS", "GOHOSTARCH", "GOHOSTOS", "GOMOD", "GOTELEMETRY", "GOTELEMETRYDIR",
                                       "GOTOOLDIR", "GOVERSION"};

template <size_t N>
bool isOneOf(const std::string_view (&list)[N], std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

int refuse(const std::string& message) {
  std::fprintf(stderr, "burrow: %s\n", message.c_str());
  return kErrorStatus;
}

std::string flawOfName(const std::string& name) {
  if (isOneOf(kFixed, name)) return fmt::format("{} cannot be modified", name);
  if (name == "GOENV" || name == "GODEBUG") return fmt::format("{} can only be set using the OS environment", name);
  if (name.starts_with("BURROW_")) return fmt::format("{} can only be set using the OS environment", name);
  if (!isOneOf(kSettable, name)) return fmt::format("unknown go command variable {}", name);
  return {};
}

std::string flawOfValue(const std::string& name, const std::string& value) {
  if (value.find('\n') != std::string::npos || value.find('\0') != std::string::npos) {
    return fmt::format("invalid value for {}=\"{}\"", name, value);
  }
  const bool absolute = value.empty() || value[0] == '/';
  if (name == "GOPATH") {
    if (value.starts_with('~')) return fmt::format("GOPATH entry cannot start with shell metacharacter '~': \"{}\"", value);
    if (!absolute) return fmt::format("GOPATH entry is relative; must be absolute path: \"{}\"", value);
  }
  if (name == "GOMODCACHE" && !absolute) return fmt::format("GOMODCACHE entry is relative; must be absolute path: \"{}\".", value);
  if (name == "GOTMPDIR" && !absolute) return fmt::format("go env -w: GOTMPDIR must be an absolute path: \"{}\"", value);
  if (name == "GOOS" && value != "linux" && !value.empty()) return fmt::format("unsupported GOOS/GOARCH pair {}/amd64", value);
  if (name == "GOARCH" && value != "amd64" && !value.empty()) return fmt::format("unsupported GOOS/GOARCH pair linux/{}", value);
  if (name == "GOFLAGS") return flawOfGoFlags(value);
  return {};
}

// The name that a line sets; empty: none.
std::string_view nameOf(std::string_view line) {
  const size_t equals = line.find('=');
  if (line.empty() || line[0] == '#' || equals == std::string_view::npos) return {};
  return line.substr(0, equals);
}

// A null value takes the setting out.
int update(const std::map<std::string, const std::string*>& changes) {
  const std::string path = goEnvironmentFile();
  if (path.empty()) return refuse("cannot find go env config: GOENV=off, or neither $XDG_CONFIG_HOME nor $HOME are defined");
  std::string text, error;
  if (load::fileExists(path) && !load::readFile(path, &text, &error)) return refuse("reading go env config: " + error);
  std::string comments;
  std::map<std::string, std::string> settings;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    const std::string_view name = nameOf(line);
    if (name.empty()) {
      comments += std::string(line) + "\n";
    } else {
      settings.emplace(name, line.substr(name.size() + 1));
    }
    at = end + 1;
  }
  for (const auto& [name, value] : changes) {
    if (value == nullptr) {
      settings.erase(name);
    } else {
      settings[name] = *value;
    }
  }
  std::string made = comments;
  for (const auto& [name, value] : settings) made += fmt::format("{}={}\n", name, value);
  std::error_code ignored;
  std::filesystem::create_directories(std::string(load::dirName(path)), ignored);
  if (!load::writeWhole(path, made, &error)) return refuse("writing go env config: " + error);
  return 0;
}

}  // namespace

int writeSettings(const std::vector<std::string>& settings) {
  if (settings.empty()) return refuse("no KEY=VALUE arguments given");
  std::map<std::string, std::string> values;
  for (const std::string& setting : settings) {
    const size_t equals = setting.find('=');
    if (equals == std::string::npos) return refuse("arguments must be KEY=VALUE: invalid argument: " + setting);
    const std::string name = setting.substr(0, equals), value = setting.substr(equals + 1);
    if (!values.emplace(name, value).second) return refuse("multiple values for key: " + name);
    if (std::string flaw = flawOfName(name); !flaw.empty()) return refuse(flaw);
    if (std::string flaw = flawOfValue(name, value); !flaw.empty()) return refuse(flaw);
  }
  std::map<std::string, const std::string*> changes;
  for (const auto& [name, value] : values) {
    changes[name] = &value;
    if (const char* set = std::getenv(name.c_str()); set && *set && value != set) {
      std::fprintf(stderr, "warning: burrow env -w %s=... does not override conflicting OS environment variable\n", name.c_str());
    }
  }
  return update(changes);
}

int removeSettings(const std::vector<std::string>& names) {
  if (names.empty()) return refuse("'go env -u' requires an argument");
  std::map<std::string, const std::string*> changes;
  for (const std::string& name : names) {
    if (std::string flaw = flawOfName(name); !flaw.empty()) return refuse(flaw);
    changes[name] = nullptr;
  }
  return update(changes);
}

}  // namespace burrow::driver
