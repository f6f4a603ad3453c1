// A package as it is known before its text is looked at in earnest: which files, which imports.
#pragma once

#include "load/files.h"
#include "load/patch.h"
#include "source/pos.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace burrow::load {

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

struct Package {
  std::string importPath;  // "fmt", "example.com/m/a", "command-line-arguments"
  std::string symbolPath;  // what its symbols begin with: "main" for commands, else the import path
  std::string name;        // of the package clause; empty when no file has a legible one
  std::string dir;         // absolute; of a standard package: in GOROOT/src, also when all files are ours
  std::string language;    // "go1.27"
  bool isStd = false;
  bool isCommand = false;                                 // package main
  bool hasAssembly = false;                               // bodies may be missing
  std::vector<SourceEntry> files;                         // by name
  std::vector<Import> imports;                            // by path, each once, without "unsafe" and "C"
  std::map<std::string, Package*, std::less<>> resolved;  // import path as written -> package
  std::vector<std::string> embedPatterns;                 // of //go:embed, as written
  std::unique_ptr<Patch> patch;                           // null: none
  bool incomplete = false;  // an error was reported about it or about something it imports
};

}  // namespace burrow::load
