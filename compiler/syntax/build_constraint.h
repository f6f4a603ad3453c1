// Build constraints: whether a file takes part in a build.
//
// Two things decide: the file's name (x_linux.go, x_amd64_test.go) and the //go:build line in its header. Lines with
// the older "// +build" count only in files without a //go:build line, as everywhere since Go 1.17. Both speak of tags:
// a `BuildContext` says which tags hold. Errors come back as text, in the go command's wording; the caller knows which
// file it asked about.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace burrow::syntax {

// A parsed constraint: a tag, or not/and/or of constraints.
struct Constraint {
  enum class Kind : uint8_t { Tag, Not, And, Or };
  Kind kind = Kind::Tag;
  std::string tag;                      // Tag
  std::unique_ptr<Constraint> x, y;     // Not: x
  // Canonical text with the parentheses that are needed.
  std::string str() const;
};

struct ConstraintError {
  size_t offset = 0;     // into the expression
  std::string message;
};

// Whether `line` (without its newline) is a //go:build line.
bool isGoBuildLine(std::string_view line);
// Parses a whole "//go:build expression" line. Null on errors, with `*error` set; a line of another kind is an error
// too.
std::unique_ptr<Constraint> parseGoBuild(std::string_view line, ConstraintError* error);
// Parses the older "// +build a,b !c" form.
std::unique_ptr<Constraint> parsePlusBuild(std::string_view line, ConstraintError* error);
// The language version that a file with this constraint may rely on ("go1.21"), or "" when it implies none.
std::string impliedGoVersion(const Constraint& constraint);

// What holds in a build.
struct BuildContext {
  std::string goos = "linux";
  std::string goarch = "amd64";
  std::string compiler = "gc";
  bool cgo = false;
  int goMinor = 27;             // the tags go1.1 to go1.<goMinor> hold
  std::set<std::string, std::less<>> tags;  // -tags, tool tags (goexperiment.*, amd64.v1)

  // Whether a tag holds. Knows "unix", that android is linux too, and so on.
  bool matchTag(std::string_view tag) const;
  bool eval(const Constraint& constraint) const;
  // What the suffixes of a file's name say: x_GOOS, x_GOARCH, x_GOOS_GOARCH, each before an optional _test.
  bool matchFileName(std::string_view name) const;
};

// What a file's header says.
struct HeaderMatch {
  bool match = true;
  std::string goVersion;               // implied by the //go:build line; "": none
  std::optional<std::string> error;    // e.g. "parsing //go:build line: unexpected token &&"; then `match` is false
};
HeaderMatch matchHeader(std::string_view content, const BuildContext& context);

// Known operating systems and architectures, also former and planned ones: what file name suffixes may mean.
bool isKnownOs(std::string_view name);
bool isKnownArch(std::string_view name);

}  // namespace burrow::syntax
