// Patches: what of a standard library package is replaced.
//
// The standard library is compiled from the distribution's source. Where that cannot work (assembly, knowledge of gc's
// runtime), `std/<import path>/` holds our part: Go files, all of which are added to the package, and `burrow.patch`, which
// says what of the distribution's package is left out. Nothing is ever written into a source tree: the patch is applied
// to the list of files and to the parsed trees. docs/std-patches.md describes the format for whoever writes one:
//
//     # a comment
//     replace                  nothing of the distribution's package is used, which then need not exist
//     drop file NAME           this file is left out
//     drop func NAME           this declaration is left out; so for type, var, const
//     drop method T.NAME       the same for a method of T or *T
//     drop import "PATH"       this import is left out of every file that has it
//     use file NAME            this file is taken although its name or its //go:build line excludes it
//
// Everything that is dropped must be there: a patch that no longer fits its package is an error that names the line, so
// that nothing is dropped silently, and nothing comes back, when the distribution changes.
#pragma once

#include "syntax/ast.h"

#include <string>
#include <string_view>
#include <vector>

namespace burrow::load {

struct PatchRule {
  enum class Kind : uint8_t { File, Func, Method, Type, Var, Const, Import, UseFile, Tag };
  Kind kind;
  std::string name;  // Method: "T.Name"
  unsigned line;
  bool used = false;  // has dropped or brought something
};

struct Patch {
  std::string path;  // of the patch file, for messages
  std::string dir;   // where our files are
  bool replace = false;
  std::vector<PatchRule> rules;

  bool dropsTags() const;
  bool dropsFile(std::string_view name);
  bool dropsImport(std::string_view path);
};

// Errors are complete lines with `path` and the line's number.
Patch parsePatch(std::string_view text, std::string path, std::vector<std::string>* errors);

// Takes the dropped declarations out of one file of the distribution. The arrays of the tree are changed in place.
void applyPatch(Patch& patch, syntax::File& file);

// One error for each rule that has dropped nothing, to be called when all files of the package went through.
std::vector<std::string> unusedRules(const Patch& patch, std::string_view importPath, bool importsOnly);

}  // namespace burrow::load
