// The front end over a whole program: packages parsed and checked, each at most once, each after what it imports.
//
// The loader knows which packages there are; this knows their text. A package is parsed and checked only when somebody asks
// for it, which is when it has to be compiled or when an importer has to be: with everything in the build cache nothing is
// asked for. Everything stays in memory until the program goes, because generic code is compiled from its importers.
//
// Of an import whose object is in the build cache only declarations and generic bodies are checked (setCompiled): a change in
// one package does not have the bodies of everything that it imports checked again. Later, export data in the cache can
// stand in for `check` altogether: `checked` is the only way in.
#pragma once

#include "load/package.h"
#include "source/arena.h"
#include "source/diagnostic.h"
#include "syntax/parser.h"
#include "types/check.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace burrow::load {

struct CheckOptions {
  std::string language;        // -lang; empty: the package's own
  bool missingBodies = false;  // functions without a body are elsewhere
};

class Program {
 public:
  // fieldTrack: GOEXPERIMENT=fieldtrack.
  Program(source::SourceFiles& files, syntax::StringTable& names, bool fieldTrack = false)
      : files_(files), names_(names), fieldTrack_(fieldTrack), context_(arena_) {}

  struct Unit {
    Package* package = nullptr;
    std::vector<syntax::File*> trees;
    syntax::IdCounter ids;
    types::Package* types = nullptr;
    source::Diagnostics diagnostics;
    bool parsed = false, checked = false, tried = false;
    bool isCompiled = false;    // see setCompiled
    bool syntaxErrors = false;  // such that nothing can be checked; other complaints of the parser are no hindrance
    bool ok() const { return diagnostics.empty() && other.empty(); }
    std::vector<std::string> other;  // errors without a place in Go source: patches that no longer fit
  };

  // The package's object is there already (in the build cache): only importers will look at it, so that most bodies need
  // no checking. To be said before anything else is asked about it.
  void setCompiled(Package& package) { unit(package).isCompiled = true; }
  // Parses all files. Syntax errors are in the unit's diagnostics.
  Unit& parse(Package& package);
  // Parses and checks it and, first, what it imports. When an import has errors the package is not checked; its unit is ok
  // and not `checked`.
  Unit& check(Package& package, const CheckOptions& options);

  types::Context& context() { return context_; }
  const source::SourceFiles& files() const { return files_; }
  // All units with errors, in the order in which they were met.
  std::vector<Unit*> failed();

 private:
  Unit& unit(Package& package);

  source::SourceFiles& files_;
  syntax::StringTable& names_;
  bool fieldTrack_;
  source::Arena arena_;
  types::Context context_;
  std::unordered_map<const Package*, std::unique_ptr<Unit>> units_;
  std::vector<Unit*> order_;
};

}  // namespace burrow::load
