// From the command line to a graph of packages.
//
// What the go command does before it compiles anything: which packages do the arguments name, which files do they have
// (build constraints, cgo off, `_test.go` left out), what do those import, where is that. Files are read and their import
// declarations parsed; the rest of their text is a later step's business. Errors are collected as text in gc's words,
// because they have many shapes, none of which is `file:line:column: message` alone.
//
// Import paths are looked up in this order: the standard library's vendor folder (for its own packages), the standard
// library with our replacements, the main module. Modules from elsewhere are not supported.
#pragma once

#include "load/go_mod.h"
#include "load/goroot.h"
#include "load/package.h"
#include "source/arena.h"
#include "syntax/build_constraint.h"
#include "syntax/string_table.h"

#include <deque>
#include <span>
#include <string>
#include <vector>

namespace burrow::load {

struct LoadOptions {
  GoRoot goRoot;
  std::string overlay;               // folder of our std/
  std::string cwd;                   // absolute
  syntax::BuildContext context;      // constraints
  std::vector<std::string> stdTags;  // tags that hold in the standard library alone (they choose code without assembly)
  bool needRuntime = true;           // packages need package runtime even when they do not import it
  bool allowInternal = false;        // `internal` packages may be imported by anyone (gc's -std flag)
};

class Loader {
 public:
  Loader(const LoadOptions& options, source::SourceFiles& files, syntax::StringTable& names);

  // What the arguments name: Go files of one folder, or folders and import paths; none means ".". Roots are in argument
  // order. On failure some are missing and errors() says why.
  std::vector<Package*> load(std::span<const std::string> arguments);
  // One package by import path, with what it imports.
  Package* loadPath(const std::string& path);

  // Every package that was reached, each after everything it imports. The implicit import of runtime counts.
  const std::vector<Package*>& order() const { return order_; }
  Package* find(std::string_view importPath) const;
  // Complete messages; a message may have several lines.
  const std::vector<std::string>& errors() const { return errors_; }
  // The main module; `path` empty: there is none.
  struct Module {
    std::string dir, path, language;
  };
  const Module& module() const { return module_; }

  // "file:line:column" with the file as gc would show it.
  std::string position(source::Pos pos) const;

 private:
  enum class State : uint8_t { New, Loading, Done };
  struct Node {
    Package package;
    State state = State::New;
  };
  struct StackEntry {
    Package* package;
    source::Pos pos;  // of the import that led here
  };

  // Looks for go.mod in the folder and those above it.
  bool findModule(const std::string& from);
  Package* loadFiles(std::span<const std::string> names);
  void expand(const std::string& argument, std::vector<Package*>* roots);
  void expandDots(const std::string& pattern, std::vector<Package*>* roots);
  Node* newNode(const std::string& importPath);
  // Reads a folder's Go files into the package. Reports, with `pos` as the place of the import, when there are none.
  bool scanFolder(Package& package, source::Pos pos);
  bool readSources(Package& package, const std::vector<std::string>& paths, bool obeyConstraints, bool isOurs,
                   bool* excluded);
  bool readPatch(Package& package);
  void finishScan(Package& package);
  void visit(Node& node, source::Pos pos);
  Package* import(Package& importer, const Import& import);
  Node* resolve(const Package& importer, const std::string& path, source::Pos pos);
  Node* standard(const std::string& path);
  bool isStandard(const std::string& path) const;
  std::string missing(const std::string& path) const;
  bool checkImport(const Package& importer, const Package& imported, const Import& import);
  void error(source::Pos pos, const std::string& message);
  std::string stackText(std::string_view last) const;

  const syntax::BuildContext& contextOf(const Package& package) const {
    return package.isStd ? stdContext_ : options_.context;
  }

  const LoadOptions options_;
  syntax::BuildContext stdContext_;
  source::SourceFiles& files_;
  syntax::StringTable& names_;
  source::Arena scratch_;  // import trees
  Module module_;
  bool moduleLooked_ = false, moduleBroken_ = false, cycleReported_ = false;
  std::deque<Node> nodes_;
  std::map<std::string, Node*, std::less<>> byPath_;
  std::vector<Package*> order_;
  std::vector<StackEntry> stack_;
  std::vector<std::string> errors_;
};

}  // namespace burrow::load
