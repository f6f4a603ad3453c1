// Which modules a build uses, and which of them has a package.
//
// The main module (or the modules of a go.work file) requires others in some version each, and these require more. The build
// list is Go's minimal version selection: of each module the highest version that anybody asks for. Since Go 1.17 a go.mod
// file lists everything that the module's packages need, so the other modules' go.mod files are read only when a package is
// not found in what the main module lists. Three places hold packages: the main modules' own folders, `vendor` (when it is
// there, nothing else is looked at), and the module cache.
//
// Nothing here writes go.mod or go.sum: what would have to change is told in the go command's words.
#pragma once

#include "load/go_mod.h"
#include "load/mod_cache.h"
#include "load/overlay.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace burrow::load {

struct Module {
  std::string path, version;
  std::string dir;        // empty: not fetched (yet)
  std::string goMod;      // path of its go.mod; empty when vendored
  std::string goVersion;  // of its go.mod; of a replaced module: the replacement's
  bool isMain = false, indirect = false;
  std::unique_ptr<Module> replace;  // what stands in for it
  std::string sum;                  // h1 of its zip
  std::string time;
  ModuleVersion id() const { return {path, version}; }
};

struct ModuleOptions {
  std::string cwd;
  std::string goVersion;  // of the distribution, "1.27.4"
  std::string mod;        // -mod: "", readonly, vendor, mod
  std::string modFile;    // -modfile
  std::string workFile;   // GOWORK: "", "off", a path
  std::string target, query;  // "path@query" on the command line: the packages of a module that nothing here requires
  FetchOptions fetch;
  Overlay overlay;
};

class Modules {
 public:
  explicit Modules(ModuleOptions options) : options_(std::move(options)), cache_(options_.fetch) {}

  // With `target`: the module that has that package is all that is required. Otherwise looks for go.work and go.mod in the folder and those above it. False: there is none, or (errors() then) it is bad.
  bool open(const std::string& from);
  bool exists() const { return !mains_.empty(); }
  const std::vector<std::string>& errors() const { return errors_; }

  const std::vector<Module*>& mains() const { return mains_; }
  // The main module whose folder holds `dir`, and the import path of the folder.
  Module* mainOf(const std::string& dir, std::string* importPath) const;
  // Same for any module that is in use: also replaced ones and those in the module cache.
  Module* moduleOf(const std::string& dir, std::string* importPath);

  struct Found {
    Module* module = nullptr;
    std::string dir;
  };
  // Where an import path's package is. On failure *error says why; `importer` is named in hints ("" when it is the command
  // line).
  std::optional<Found> find(const std::string& importPath, const std::string& importer, std::string* error);
  // The whole build list, main modules first, the rest by path.
  std::vector<Module*> all(std::string* error);
  // Modules of the build list whose path could be above `pattern`'s packages; their folders are there.
  std::vector<Module*> withFolders(std::string* error);

  bool vendored() const { return vendor_; }
  const std::string& vendorDir() const { return vendorDir_; }
  bool isIgnored(const Module& module, const std::string& dir) const;  // `ignore` in go.mod
  const GoMod* mainFile() const { return mainFiles_.empty() ? nullptr : &mainFiles_.front(); }
  const std::string& workFile() const { return workPath_; }
  // The file whose go and godebug lines count for the programs of this build, or null.
  const GoMod* settings() const { return workPath_.empty() ? mainFile() : &work_; }
  const std::string& goModPath() const;

 private:
  struct Replacement {
    GoMod::Replace rule;
    std::string base;  // folder that a relative path starts from
    std::string from;  // the file it stands in, for messages
  };
  bool fail(std::string message);
  bool openTarget();  // module_query.cpp
  bool addMain(const std::string& goModFile, const std::string& dir);
  bool openWork(const std::string& path);
  bool readSums(const std::string& path);
  bool checkGoVersion(const std::string& wanted, const std::string& name);
  bool openVendor(const std::string& dir);
  const Replacement* replacement(const ModuleVersion& m) const;
  std::string replacementDir(const Replacement& r) const;
  // go.mod of a module that is no main module, with replacements.
  const GoMod* summary(const ModuleVersion& m, std::string* error);
  bool loadGraph(std::string* error);
  Module* moduleFor(const ModuleVersion& m);
  bool provideFolder(Module& module, std::string* error);
  std::string missing(const std::string& importPath) const;
  std::string unfetched(const std::string& importPath, const std::string& importer,
                        const std::vector<ModuleVersion>& lacking, bool found) const;

  const ModuleOptions options_;
  const Overlay& disk_ = options_.overlay;
  ModuleCache cache_;
  std::vector<std::string> errors_;
  std::deque<Module> modules_;
  std::vector<Module*> mains_;
  std::vector<GoMod> mainFiles_;  // beside mains_
  GoMod work_;                    // go.work
  std::string workPath_, vendorDir_;
  bool vendor_ = false, graphLoaded_ = false;
  std::vector<Replacement> replacements_;
  std::set<ModuleVersion> excluded_;
  std::map<std::string, std::string> selected_;  // path -> version
  std::set<std::string> direct_;                 // required without "// indirect"
  std::map<ModuleVersion, Module*> byVersion_;
  std::map<ModuleVersion, GoMod> summaries_;
  struct VendorInfo {
    bool isExplicit = false;
    std::string goVersion;
    ModuleVersion replacement;
  };
  std::map<ModuleVersion, VendorInfo> vendorInfo_;
  std::map<std::string, ModuleVersion> vendorPackages_;  // import path -> module
};

// Whether a folder holds Go files.
bool hasGoFiles(const std::string& dir, const Overlay& disk);

}  // namespace burrow::load
