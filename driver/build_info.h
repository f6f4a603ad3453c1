// What a program says about its build: Go's "build info", as `go version -m`, debug/buildinfo and debug.ReadBuildInfo read it.
#pragma once

#include "driver/flags.h"
#include "load/loader.h"

#include <string>
#include <utility>
#include <vector>

namespace burrow::driver {

// What version control knows of the main module.
struct VersionStamp {
  std::string version;  // empty: "(devel)"
  std::vector<std::pair<std::string, std::string>> settings;  // "vcs.revision" and so on
};

// The text: path, mod, dep, => and build lines, separated by tabs.
std::string buildInfoText(const load::Package& main, const std::vector<const load::Package*>& packages, const BuildFlags& flags,
                          const std::string& godebug, const VersionStamp& stamp);
// With the marks around it that runtime/debug expects in runtime.modinfo.
std::string framedBuildInfo(const std::string& text);
// The content of section .go.buildinfo.
std::string buildInfoSection(const std::string& goVersion, const std::string& framed);

// `burrow version [-m] [-v] FILE...`: folders are searched for executables. Returns the exit status.
int printVersions(const std::vector<std::string>& words);

}  // namespace burrow::driver
