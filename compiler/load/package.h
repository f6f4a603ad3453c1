// A package as it is known before its text is looked at in earnest: which files, which imports.
//
// Of a package that is tested there are several: the package itself, the package together with its own tests (a copy with
// more files, which stands in for the first in everything the test's program is made of), the external test package and the
// generated main package. `forTest` tells which test such a variant belongs to; import path and symbols are the original's.
#pragma once

#include "load/embed.h"
#include "load/files.h"
#include "load/patch.h"
#include "source/pos.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace burrow::load {

struct Module;

struct SourceEntry {
  std::string path;                      // absolute
  source::SourceFile* source = nullptr;  // its text
  Hash hash;
  bool isOurs = false;  // comes from std/, not from the distribution
};

struct Import {
  std::string path;  // as written
  source::Pos pos;   // of the first import of it: where the import spec starts
};

// One kind of a package's Go files: those of a build, those of its tests, those of its external tests.
struct GoFiles {
  std::vector<SourceEntry> files;                  // by name
  std::vector<Import> imports;                     // by path, each once, without "unsafe" and "C"
  bool importsUnsafe = false;
  std::vector<EmbedPattern> embedPatterns;         // of //go:embed, in source order
  std::vector<std::string> embedFiles;             // what they match, below the package's folder, sorted
};

// The names in its folder, as `burrow list` shows them.
struct FolderNames {
  std::vector<std::string> ignoredGo, ignoredOther;                // left out by constraints
  std::vector<std::string> c, cxx, m, h, fortran, s, swig, swigCxx, syso;
};

// For whom a package's files are: those for others come without Go assembly (no_assembly.h).
enum class FilesFor : uint8_t { Gc, OtherCompiler, Chosen };

struct Package : GoFiles {
  std::string importPath;  // "fmt", "example.com/m/a", "command-line-arguments"
  std::string symbolPath;  // what its symbols begin with: "main" for commands, else the import path
  std::string name;        // of the package clause; empty when no file has a legible one
  std::string dir;         // absolute; of a standard package: in GOROOT/src, also when all files are ours
  std::string language;    // "go1.27"
  std::string doc;         // the first sentence of the package's comment
  std::string forTest;     // import path of the package whose test this is a part of; empty: an ordinary package
  std::string profile;     // path of the CPU profile that it is compiled by; empty: none
  std::string forMain;     // import path of the main package whose profile that is, of a copy that was made for it
  const Module* module = nullptr;  // null: the standard library, files on the command line
  bool isStd = false;
  bool isCommand = false;                                 // package main
  bool isTestMain = false;                                // the generated main package of a test
  bool hasAssembly = false;                               // bodies may be missing
  FilesFor filesFor = FilesFor::Gc;
  GoFiles tests, externalTests;                           // _test.go files; read only for `list` and `test`
  FolderNames names;
  std::map<std::string, Package*, std::less<>> resolved;  // import path as written -> package
  std::map<std::string, std::vector<std::string>, std::less<>> embedByPattern;  // what each //go:embed pattern matches
  std::map<std::string, std::string, std::less<>> replacedEmbeds;  // embedded files that -overlay replaces: path -> its text's
  std::shared_ptr<Patch> patch;                           // null: none
  bool incomplete = false;  // an error was reported about it or about something it imports
  std::string error;        // the error about the package itself, for `list -e`

  // Where the text of an embedded file is.
  std::string embedPath(const std::string& file) const {
    auto replaced = replacedEmbeds.find(file);
    return replaced == replacedEmbeds.end() ? dir + "/" + file : replaced->second;
  }

  // "p [p.test]" or "p [main]" for variants, else the import path: how the user sees it.
  std::string title() const {
    if (!forTest.empty() && !isTestMain) return importPath + " [" + forTest + ".test]";
    return forMain.empty() ? importPath : importPath + " [" + forMain + "]";
  }
};

}  // namespace burrow::load
