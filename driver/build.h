// `burrow build` and the building part of `burrow run`: load, compile what the cache lacks, link.
//
// Packages are looked at in dependency order. A package's key says everything that it depends on; when the cache has
// the key, nothing of the package is even parsed. Otherwise it is checked and lowered here, one after the other (types are
// shared by all packages). What a package has to say is printed in package order.
//
// Code is made of a package in parts (codegen/parts.h), by a few threads. Of packages that the command names all parts are
// compiled, of others those that a program needs, which linking finds out (build_parts.cpp). So there are two kinds of cache
// entries: a package's record, with what importers need to know and which symbols are in which part, and the parts' objects.
#pragma once

#include "driver/build_info.h"
#include "driver/compile.h"
#include "driver/cover.h"
#include "driver/flags.h"
#include "driver/part_queue.h"
#include "driver/paths.h"
#include "driver/test_flags.h"
#include "load/cache.h"
#include "load/loader.h"

namespace burrow::link {
class Reach;
}

#include <atomic>
#include <map>
#include <memory>
#include <set>
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
    const passes::CallProfile* profile = nullptr;  // -pgo
    load::Hash key;
    std::string table;  // which symbols the parts define (part_table.h)
    std::vector<std::string> objects;  // path of each part, when it is compiled or was found in the cache
    std::vector<std::string> found;    // the same while threads work on it, each in its own element
    std::string escapes, inlinable;  // what importers need, for summaries_ and bodies_
    uint32_t number = 0;
    ir::PackageSet imports;  // by number, also those of what it imports
    bool hasInit = false, hasMain = false;
    bool done = false, failed = false;
    const Action* blamed = nullptr;  // of a package as its tests have it: the package itself, which is wrong already
    std::unique_ptr<CompileJob> job;  // of a package that was lowered; its module stays until all parts are compiled
    std::atomic<size_t> toCompile = 0;  // parts
    std::map<size_t, std::vector<std::string>> errors;  // of parts, not told yet
    std::string output;  // what is to be printed about it
  };

  bool start();            // paths, flags, work folder
  bool readStrings();  // -X of -ldflags
  bool readVersionStamps();  // -buildvcs
  bool readExperiments();
  bool fieldTrack() const;
  bool readOverlay();
  bool readVersionedArguments();
  // -pgo (build_profile.cpp)
  const passes::CallProfile* profileAt(const std::string& path, double hotPercent);
  void setProfiles(const std::vector<std::pair<load::Package*, load::Package*>>& programs);
  void setProfilesOfRoots();
  bool readProfiles();
  std::string callGraph(const std::string& path);
  bool load();
  bool compile();
  void prepare(Action& action);  // flags and key
  bool fromCache(Action& action);
  void takeRecord(Action& action, const load::Cache::Entry& entry);
  void setJob(Action& action);
  const Action* wrongByItself(const Action& variant);
  void publish(Action& action);  // a lowered package's record
  void compilePart(Action& action, size_t part);  // on any thread, one of a package at a time
  PartQueue& queue();
  void startParts(Action& action);
  void gatherErrors(Action& action);
  void finishParts(Action& action);
  std::string keep(const load::Hash& key, std::string_view content, std::string_view info);
  void report(Action& action);
  void tell(const load::Package& package, const std::string& text, bool failed);
  using PartOf = std::pair<Action*, size_t>;
  struct Chosen {
    std::vector<std::string> objects;  // in the order of linking
    std::vector<PartOf> parts;
    std::unique_ptr<link::Reach> reach;
  };
  // The parts that the program needs (build_parts.cpp). `instead`: other objects of some of them.
  bool chooseParts(const Action& main, const std::vector<std::string>& others, const std::map<PartOf, std::string>& instead,
                   Chosen* chosen, std::string* reached);
  // The objects of those parts that import functions of others (build_lto.cpp).
  bool linkTimeObjects(const std::vector<PartOf>& parts, std::map<PartOf, std::string>* objects);
  bool provide(const std::vector<std::pair<Action*, size_t>>& parts);
  bool lowerAgain(const std::vector<Action*>& closure, const std::set<Action*>& needed);
  bool link(const Action& main, const std::string& output);
  std::string assemblyOf(const Action& main, const std::string& symbol);
  std::string runtimeArchive();  // with sidecars; empty after an error
  std::string linkTables(const Action& main);
  bool readGodebug(const Action& main, std::string* settings);
  std::vector<Action*> closure(const Action& main);
  std::string defaultOutput(const load::Package& package) const;
  bool prepareTests(std::vector<TestRun>* runs, const TestFlags& test);
  const Action* unbuiltOf(const TestRun& run);
  void chooseTested(const std::vector<TestRun>& runs);
  bool linkTest(const TestRun& run, const std::string& output);
  std::string testName(const load::Package& package) const;
  bool compileTest(TestRun& run);
  std::string keptBinary(const TestRun& run) const;
  void runTest(TestRun& run, const TestFlags& flags, bool atOnce);
  int buildRoots(const std::string& output);  // -o's
  bool coverProgram();  // -cover of build, install and run (cover_program.cpp)
  bool instrumentProgram(load::Package& package);
  std::string announcement(const load::Package& package, const std::string& variable, std::string text, const std::string& digest) const;
  std::string coverTool();
  bool instrument(load::Package& package, const std::string& mode);
  bool prepareCoverage(const TestFlags& test);
  std::vector<CoveredUse> coveredBy(const load::TestPackages& test, const TestFlags& flags) const;
  std::string diagnostics(const load::Program::Unit& unit, const Action& action) const;
  static std::string trimmedDir(const load::Package& package);
  std::string shorten(std::string text, const load::Package& package) const;
  void say(const std::string& line);  // to standard error, with the work folder as $WORK
  void fail(const std::string& line);
  std::string workDir();

  const BuildFlags& flags_;
  bool quickTests_ = false;  // packages of the main module at LLVM's level 1
  const Paths& paths_;
  load::LoadOptions options_;
  source::SourceFiles files_;
  syntax::StringTable names_;
  std::unique_ptr<load::Loader> loader_;
  std::unique_ptr<load::Program> program_;
  load::Cache cache_;
  WorkDir work_;
  struct SetString {
    std::string symbol, text;     // "path.name"
    const load::Package* of;      // the package main that is meant; null: the symbol says it
    bool operator==(const SetString&) const = default;
  };
  std::vector<SetString> strings_;  // -X
  std::map<const load::Package*, VersionStamp> stamps_;
  bool events_ = false;  // -json of build, install and test
  bool withVersions_ = false;  // "path@version" has a meaning
  std::vector<std::string> versioned_;                        // "path@version" of the command line without the versions
  std::vector<load::Package*> roots_;
  // Of tests: what is compiled instead of all that was loaded, and which of it counts as named by the command.
  std::set<const load::Package*> wanted_, namedVariants_;
  std::map<const load::Package*, Action> actions_;
  std::map<std::pair<std::string, double>, std::unique_ptr<passes::CallProfile>> profiles_;  // by path and what counts as hot
  passes::EscapeSummaries summaries_;
  ir::BodyStore bodies_;
  const TestRun* firstRun_ = nullptr;
  std::map<std::string, CoveredPackage> covered_;  // by import path
  size_t coveredFiles_ = 0;
  bool failed_ = false;
  bool willLink_ = false;
  std::vector<std::unique_ptr<load::Program>> olderPrograms_;  // whose packages were lowered once more; diagnostics point into them
  std::unique_ptr<PartQueue> queue_;  // last: its threads use the rest
};

}  // namespace burrow::driver
