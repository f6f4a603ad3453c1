// Which files of a package with Go assembly are compiled; see choose_files.cpp.
#pragma once

#include "syntax/ast.h"

#include <span>
#include <vector>

namespace burrow::load {

// A Go file that this machine would have, a machine without assembly would have, or both.
struct CandidateFile {
  const syntax::File* tree = nullptr;  // parsed whole
  bool here = false, elsewhere = false;
  bool isTest = false;
};

// For each file whether it is compiled. Files that are both here and elsewhere always are; what is chosen of the
// others that are no tests does not depend on tests.
std::vector<bool> chooseFiles(std::span<const CandidateFile> files);

}  // namespace burrow::load
