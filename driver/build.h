// `burrow build` and the building part of `burrow run`: load, compile what the cache lacks, link.
//
// Packages are looked at in dependency order. A package's key says everything its object depends on; when the cache has
// the key, nothing of the package is even parsed. Otherwise it is checked and lowered here, one after the other (types are
// shared by all packages), and a pool of threads does the rest. What a package has to say is printed in package order.
#pragma once

#include "driver/compile.h"
#include "driver/cover.h"
#include "driver/flags.h"
#include "driver/paths.h"
#include "driver/test_flags.h"
#include "load/cache.h"
#include "load/loader.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace burrow::driver {

class Build {
 public:
  Build(const BuildFlags& flags, const Paths& paths);

  // Everything up to the executable or executables. Returns the exit status.
  int build();
  // Executables of the named commands into GOBIN, or the bin folder of the first GOPATH.
  int install();
  // For `run`: builds the one main package of the arguments in the work folder. Returns the exit status, and the
  // executable's path when that is 0.
  int buildForRun(std::string* executable);
  // `burrow test` (build_test.cpp), `burrow list` (list.cpp) and the packages' part of `burrow clean`.
  int test(const TestFlags& flags);
  int list();
  int clean();

 private:
  struct TestRun;
  struct Action {
    load::Package* package = nullptr;
    bool named = false;  // on the command line
    CompilerFlags flags;
    std::vector<std::pair<std::string, std::string>> strings;  // -X
    load::Hash key;
    std::vector<std::string> objects;  // paths, by part; empty: not compiled
    std::string escapes, inlinable;  // of a cached package: for summaries_ and bodies_, once something is compiled
    bool hasInit = false, hasMain = false;
    bool done = false, failed = false;
    std::unique_ptr<CompileJob> job;
    std::string output;  // what is to be printed about it
  };

  bool start();            // paths, flags, work folder
  bool readStringFlags();  // -X of -ldflags
  bool readExperiments();
  bool fieldTrack() const;
  bool readOverlay();
  bool readVersionedArguments();
  bool load();
  bool compile();
  void prepare(Action& action);  // flags and key
  bool fromCache(Action& action);
  void finishAction(Action& action);  // all parts, and the record
  void finishPart(Action& action, size_t part);
  static load::Hash partKey(const Action& action, size_t part);
  void store(Action& action);  // a finished job's object
  void report(Action& action);
  bool link(const Action& main, const std::string& output);
  std::string runtimeArchive();  // with sidecars; empty after an error
  std::string linkTables(const Action& main);
  bool readGodebug(const Action& main, std::string* settings);
  std::vector<const Action*> closure(const Action& main) const;
  std::string defaultOutput(const load::Package& package) const;
  bool prepareTests(std::vector<TestRun>* runs, const TestFlags& test);
  bool testBuilt(const TestRun& run) const;
  bool linkTest(const TestRun& run, const std::string& output);
  std::string testName(const load::Package& package) const;
  bool compileTest(TestRun& run);
  std::string keptBinary(const TestRun& run) const;
  void runTest(TestRun& run, const TestFlags& flags, bool atOnce);
  int buildRoots(const std::string& given);  // -o's
  bool coverProgram();  // -cover of build, install and run (cover_program.cpp)
  bool instrumentProgram(load::Package& package);
  std::string announcement(const load::Package& package, const std::string& variable, std::string text, const std::string& digest) const;
  std::string coverTool();
  bool instrument(load::Package& package, const std::string& mode);
  bool prepareCoverage(const TestFlags& test);
  std::vector<CoveredUse> coveredBy(const load::TestPackages& test, const TestFlags& flags) const;
  std::string diagnostics(const load::Program::Unit& unit, const Action& action) const;
  std::string shorten(std::string text, const load::Package& package) const;
  void say(const std::string& line);  // to standard error, with the work folder as $WORK
  void fail(const std::string& line);
  std::string workDir();

  const BuildFlags& flags_;
  const Paths& paths_;
  load::LoadOptions options_;
  source::SourceFiles files_;
  syntax::StringTable names_;
  std::unique_ptr<load::Loader> loader_;
  std::unique_ptr<load::Program> program_;
  load::Cache cache_;
  WorkDir work_;
  std::vector<std::pair<std::string, std::string>> strings_;  // -X: "path.name" and text
  bool withVersions_ = false;  // "path@version" has a meaning
  std::vector<std::string> versioned_;                        // "path@version" of the command line without the versions
  std::vector<load::Package*> roots_;
  std::map<const load::Package*, Action> actions_;
  passes::EscapeSummaries summaries_;
  ir::BodyStore bodies_;
  const TestRun* firstRun_ = nullptr;
  std::map<std::string, CoveredPackage> covered_;  // by import path
  size_t coveredFiles_ = 0;
  bool failed_ = false;
};

}  // namespace burrow::driver
