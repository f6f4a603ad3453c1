// Coverage: `burrow test -cover`.
//
// The distribution's own tool, cmd/cover, writes each file of a covered package anew, with a counter at the start of every
// block; where a block begins, and how many statements it has, is thereby gc's answer. A ready-made tool of the distribution
// is used when there is one, else it is compiled, once, and kept beside the build cache. The new text takes the file's place
// before anything is parsed; its first line says what it was made of, so that positions stay what they were.
//
// Package testing asks its dependencies for the coverage. What answers it is part of the generated main package: it imports
// the covered packages, whose counters are exported variables, adds up, and writes the profile. Rejected: gc's newer way by
// meta-data symbols and package internal/coverage, which wants the linker and runtime to collect tables that nothing else
// needs, to the same output.
#pragma once

#include "load/package.h"

#include <string>
#include <vector>

namespace burrow::driver {

// Text for the generated main package: the imports' lines, the rest, and the packages to import.
struct CoverText {
  std::string imports, code;
  std::vector<std::string> packages;
};

struct CoveredFile {
  std::string name;      // in the profile: import path and file name
  std::string variable;  // of the counters
  std::string where, sizes;  // what the tool says of the blocks, as elements of a Go literal
};

struct CoveredPackage {
  std::string path;
  std::vector<CoveredFile> files;
};

// A covered package and whether the program has it. One that it does not have counts as well: nothing of it was run.
struct CoveredUse {
  const CoveredPackage* package;
  bool linked;
};

// `patterns`: what -coverpkg says, for the line that tells the share; empty without it.
CoverText coverText(const std::vector<CoveredUse>& packages, const std::string& mode, const std::string& patterns);
// The lines of a profile about a package that no program ran; `statements` is how many it has.
std::string untestedProfile(const CoveredPackage& package, unsigned* statements);

// Whether counters may be put into a package: not into what they or the start of a program stand on.
bool isCoverable(const load::Package& package, const std::string& mode);

// What follows "coverage: " on the line that the test program printed about it; empty: there is none.
std::string coverageShare(const std::string& printed);

}  // namespace burrow::driver
