// From the command line to a graph of packages.
//
// What the go command does before it compiles anything: which packages do the arguments name, which files do they have
// (build constraints, cgo off, `_test.go` left out), what do those import, where is that. Files are read and their import
// declarations parsed; the rest of their text is a later step's business. Errors are collected as text in gc's words,
// because they have many shapes, none of which is `file:line:column: message` alone.
//
// Import paths are looked up in this order: the standard library's vendor folder (for its own packages), the standard
// library with our replacements, the modules of the build list (modules.h).
#pragma once

#include "load/goroot.h"
#include "load/modules.h"
#include "load/overlay.h"
#include "load/package.h"
#include "source/arena.h"
#include "syntax/build_constraint.h"
#include "syntax/string_table.h"

#include <deque>
#include <set>
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
  bool needRuntime = true;           // commands need package runtime even when they do not import it
  bool allowInternal = false;        // `internal` packages may be imported by anyone (gc's -std flag)
  bool readTests = false;            // _test.go files too
  bool keepBroken = false;  // packages with errors are roots too, marked as incomplete
  bool listing = false;  // packages are shown, not built: what only stops a build is no error
  bool runtimeForAll = true;  // packages need package runtime even when they are no commands
  ModuleOptions modules;  // cwd, goVersion and overlay are filled in from here
  Overlay overlayFiles;   // -overlay
};

constexpr const char* kCommandLine = "command-line-arguments";
bool isRelative(std::string_view path);  // ".", "./x", "../x"
bool isValidImportPath(std::string_view path);

// A package and what its test is made of.
struct TestPackages {
  Package* plain = nullptr;
  Package* tested = nullptr;    // with the tests of the package itself; the plain one when there are none
  Package* external = nullptr;  // "p_test"; null: none
  Package* main = nullptr;      // "p.test"; null: there are no test files
};

class Loader {
 public:
  Loader(const LoadOptions& options, source::SourceFiles& files, syntax::StringTable& names);

  // What the arguments name: Go files of one folder, or folders and import paths; none means ".". Roots are in argument
  // order. On failure some are missing and errors() says why.
  std::vector<Package*> load(std::span<const std::string> arguments);

  // Every package that was reached, each after everything it imports. The implicit import of runtime counts.
  const std::vector<Package*>& order() const { return order_; }
  Package* find(std::string_view importPath) const;
  // Complete messages; a message may have several lines.
  const std::vector<std::string>& errors() const { return errors_; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  Modules& modules() { return modules_; }
  // The patterns on the command line that named a package.
  std::vector<std::string> matches(const Package& package) const;
  // Whether a pattern means a package that is there, without loading anything for it.
  bool isMatch(const std::string& pattern, const Package& package) const;

  // Makes the variants of a package that its test program needs. False: errors() says why. Packages that are parts of tests
  // stand in order() too. The main package's text is not there yet: `setMainText`.
  bool loadTests(Package& package, TestPackages* out);
  bool setMainText(TestPackages& test, std::string text, const std::vector<std::string>& imports);

  // Gives a main package, and all that it consists of, the profile that it is compiled by (-pgo). What it imports are from then on
  // packages of its own, unless it is the only one (`alone`).
  void setProfile(Package& main, const std::string& profile, bool alone);

  // An import of a standard package that the source does not have.
  bool addImport(Package& package, const std::string& path);

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

  bool openModules(std::span<const std::string> arguments);
  Package* loadFiles(std::span<const std::string> names);
  // Patterns (patterns.cpp).
  void expand(const std::string& argument, std::vector<Package*>* roots);
  void expandFolders(const std::string& pattern, std::vector<Package*>* roots);
  void expandPaths(const std::string& pattern, std::vector<Package*>* roots);
  void expandAll(std::vector<Package*>* roots);
  void walkStd(const std::string& pattern, std::vector<std::string>* paths) const;
  void walkModule(const Module& module, const std::string& top, bool vendored, std::vector<std::string>* dirs) const;
  void addRoot(Node* node, const std::string& pattern, bool byName, std::vector<Package*>* roots);
  Node* nodeOfFolder(const std::string& dir, const std::string& argument);
  Node* newNode(const std::string& importPath);
  void setModule(Package& package, const Module* module);
  // Reads a folder's Go files into the package (scan_folder.cpp). Reports, with `pos` as the place of the import, when there
  // are none.
  bool scanFolder(Package& package, source::Pos pos);
  bool readSources(Package& package, const std::vector<std::string>& paths, bool obeyConstraints, bool isOurs,
                   bool* excluded);
  bool resolveEmbeds(Package& package, GoFiles& files);
  bool readPatch(Package& package);
  using Paths = std::vector<std::string>;
  bool chooseWithoutAssembly(const Paths& here, const Paths& elsewhere, Paths* chosen, Paths* dropped);
  // The first of the package's assembly files that would have to be compiled; empty: none.
  std::string assemblyWithCode(const Package& package, const std::vector<std::string>& names) const;
  void finishScan(Package& package);
  Package* clone(const Package& original, const std::string& forTest);
  void visit(Node& node, source::Pos pos);
  Package* import(Package& importer, const Import& import);
  Node* resolve(const Package& importer, const std::string& path, source::Pos pos);
  Node* standard(const std::string& path);
  bool isStandard(const std::string& path) const;
  std::string missing(const std::string& path, const Package* importer);
  bool checkImport(const Package& importer, const Package& imported, const Import& import);
  void error(source::Pos pos, const std::string& message);
  std::string stackText(std::string_view last) const;

  const syntax::BuildContext& contextOf(const Package& package) const {
    if (package.patch && package.patch->dropsTags()) return patchedContexts_.at(package.patch.get());
    if (package.filesFor != FilesFor::Gc) return noAssemblyContext_;
    return package.isStd ? stdContext_ : options_.context;
  }

  const LoadOptions options_;
  const Overlay& disk_ = options_.overlayFiles;  // the user's files
  syntax::BuildContext stdContext_;
  const syntax::BuildContext noAssemblyContext_, otherMachineContext_;
  std::map<const Patch*, syntax::BuildContext> patchedContexts_;  // without the tags that a patch drops
  source::SourceFiles& files_;
  syntax::StringTable& names_;
  source::Arena scratch_;  // import trees
  Modules modules_;
  bool wildcard_ = false;  // a pattern with "..." is being expanded
  bool moduleLooked_ = false, moduleBroken_ = false, cycleReported_ = false;
  std::map<const Package*, std::vector<std::string>> matches_;
  std::deque<Node> nodes_;
  std::map<std::string, Node*, std::less<>> byPath_;
  std::vector<Package*> order_;
  std::vector<StackEntry> stack_;
  std::vector<std::string> errors_, warnings_;
};

}  // namespace burrow::load
