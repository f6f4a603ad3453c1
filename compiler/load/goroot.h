// Where the distribution's standard library is.
#pragma once

#include <string>

namespace burrow::load {

struct GoRoot {
  std::string path;     // the folder with src/ in it
  std::string version;  // "go1.27.4", from its VERSION file
  bool ok() const { return !version.empty(); }
};

// In this order: BURROW_GOROOT; the distribution beside the toolchain's source tree (`sourceRoot`/.deps, where the set-up
// puts it); the places where Debian's packages put it; what `go env GOROOT` says. Only Go 1.27 will do. On failure ok()
// is false and *error says what was looked at.
GoRoot findGoRoot(const std::string& sourceRoot, std::string* error);

}  // namespace burrow::load
