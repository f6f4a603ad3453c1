// See modules.h.
#include "load/modules.h"

#include "load/files.h"
#include "load/module_path.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::load {

bool hasGoFiles(const std::string& dir, const Overlay& disk) {
  std::vector<DirEntry> entries;
  std::string ignored;
  if (!disk.isDir(dir) || !disk.readDir(dir, &entries, &ignored, AllKinds)) return false;
  return std::any_of(entries.begin(), entries.end(), [](const DirEntry& e) { return !e.isDir && e.name.ends_with(".go"); });
}

bool Modules::fail(std::string message) {
  errors_.push_back(std::move(message));
  return false;
}

const std::string& Modules::goModPath() const {
  static const std::string none;
  return mains_.empty() ? none : mains_.front()->goMod;
}

// --- Finding the main modules ----------------------------------------------------------------------------------------

bool Modules::open(const std::string& from) {
  if (!options_.target.empty()) return openTarget();
  auto above = [&](const char* name) {
    for (std::string dir = from;; dir = std::string(dirName(dir))) {
      std::string path = joinPath(dir, name);
      if (disk_.isFile(path)) return path;
      if (dir == "/") return std::string();
    }
  };
  std::string work = options_.workFile;
  if (work.empty() && options_.modFile.empty()) work = above("go.work");
  if (!work.empty() && work != "off") return openWork(absolutePath(work, options_.cwd));
  std::string goMod = above("go.mod");
  if (goMod.empty()) return false;
  std::string dir(dirName(goMod));
  if (!options_.modFile.empty()) goMod = absolutePath(options_.modFile, options_.cwd);
  if (!addMain(goMod, dir)) return false;
  if (!readSums(goMod.substr(0, goMod.size() - 4) + ".sum")) return false;
  const std::string vendor = dir + "/vendor";
  const bool since114 = compareGoVersions(mainFiles_[0].goVersion.empty() ? "1.16" : mainFiles_[0].goVersion, "1.14") >= 0;
  if (options_.mod == "vendor" || (options_.mod.empty() && since114 && disk_.isDir(vendor) && disk_.isFile(vendor + "/modules.txt")))
    return openVendor(vendor);
  return true;
}

bool Modules::checkGoVersion(const std::string& wanted, const std::string& name) {
  if (wanted.empty() || compareGoVersions(wanted, options_.goVersion) <= 0) return true;
  return fail(fmt::format("go: {} requires go >= {} (running go {}; GOTOOLCHAIN=local)", name, wanted, options_.goVersion));
}

bool Modules::addMain(const std::string& goModFile, const std::string& dir) {
  std::string text, message;
  if (!disk_.readFile(goModFile, &text, &message)) return fail("go: " + message);
  const std::string name = shortPath(goModFile, options_.cwd);
  std::vector<std::string> problems;
  GoMod mod = parseGoMod(text, name, &problems);
  if (!problems.empty()) {
    std::string all = "go: errors parsing go.mod:";
    for (const std::string& p : problems) all += "\n" + p;
    return fail(all);
  }
  if (mod.module.empty()) {
    return fail(
        "go: error reading go.mod: missing module declaration. To specify the module path:\n\tgo mod edit "
        "-module=example.com/mod");
  }
  if (!checkGoVersion(mod.goVersion, "go.mod")) return false;
  for (const Module* other : mains_) {
    if (other->path == mod.module)
      return fail(fmt::format("go: module {} appears multiple times in workspace", mod.module));
  }
  Module& module = modules_.emplace_back();
  module.path = mod.module;
  module.dir = dir;
  module.goMod = goModFile;
  module.goVersion = mod.goVersion;
  module.isMain = true;
  mains_.push_back(&module);
  for (const GoMod::Require& r : mod.requires_) {
    std::string& version = selected_[r.path];
    if (version.empty() || compareVersions(version, r.version) < 0) version = r.version;
    if (!r.indirect) direct_.insert(r.path);
  }
  for (const GoMod::Exclude& e : mod.excludes) excluded_.insert({e.path, e.version});
  for (const GoMod::Replace& r : mod.replaces) replacements_.push_back({r, dir, goModFile});
  mainFiles_.push_back(std::move(mod));
  return true;
}

bool Modules::openWork(const std::string& path) {
  std::string text, message;
  if (!disk_.readFile(path, &text, &message)) return fail("go: " + message);
  std::vector<std::string> problems;
  GoMod work = parseGoMod(text, shortPath(path, options_.cwd), &problems, ModFileKind::Work);
  if (!problems.empty()) {
    std::string all = "go: errors parsing go.work:";
    for (const std::string& p : problems) all += "\n" + p;
    return fail(all);
  }
  if (!checkGoVersion(work.goVersion, "go.work")) return false;
  workPath_ = path;
  work_ = work;
  const std::string base(dirName(path));
  if (work.uses.empty()) {
    return fail(
        "go: no modules were found in the current workspace; see 'go help work'");
  }
  // Its own replacements come first: they overrule those of the modules.
  for (const GoMod::Replace& r : work.replaces) replacements_.push_back({r, base, path});
  if (!readSums(path + ".sum")) return false;
  for (const std::string& use : work.uses) {
    const std::string dir = absolutePath(use, base);
    if (!disk_.isFile(dir + "/go.mod")) {
      return fail(fmt::format("go: cannot load module {} listed in go.work file: open {}/go.mod: no such file or directory",
                              use, shortPath(dir, options_.cwd)));
    }
    if (!addMain(dir + "/go.mod", dir) || !readSums(dir + "/go.sum")) return false;
    const std::string wanted = mainFiles_.back().goVersion;
    if (!wanted.empty() && compareGoVersions(wanted, work.goVersion.empty() ? "1.18" : work.goVersion) > 0) {
      return fail(fmt::format("go: module {} listed in go.work file requires go >= {}, but go.work lists go {}; to update "
                              "it:\n\tgo work use",
                              use, wanted, work.goVersion.empty() ? "1.18" : work.goVersion));
    }
  }
  for (const Module* main : mains_) selected_.erase(main->path);
  const std::string vendor = base + "/vendor";
  if (options_.mod == "vendor" || (options_.mod.empty() && disk_.isFile(vendor + "/modules.txt"))) return openVendor(vendor);
  return true;
}

bool Modules::readSums(const std::string& path) {
  std::string text, message;
  if (!disk_.isFile(path)) return true;
  if (!disk_.readFile(path, &text, &message)) return fail("go: " + message);
  if (!cache_.sums().read(text, shortPath(path, options_.cwd), &message)) return fail("go: " + message);
  return true;
}

Module* Modules::mainOf(const std::string& dir, std::string* importPath) const {
  Module* best = nullptr;
  for (Module* main : mains_) {
    if (isWithin(dir, main->dir) && (!best || main->dir.size() > best->dir.size())) best = main;
  }
  if (best) *importPath = best->path + dir.substr(best->dir == "/" ? 0 : best->dir.size());
  return best;
}

Module* Modules::moduleOf(const std::string& dir, std::string* importPath) {
  if (Module* main = mainOf(dir, importPath)) return main;
  std::string ignored;
  for (Module* module : all(&ignored)) {
    std::string at = module->dir;
    if (at.empty() && !module->replace) at = cache_.folderOf(module->id());
    if (at.empty() || !isWithin(dir, at)) continue;
    *importPath = module->path + dir.substr(at.size());
    return module;
  }
  return nullptr;
}

bool Modules::isIgnored(const Module& module, const std::string& dir) const {
  for (size_t i = 0; i < mains_.size(); i++) {
    if (mains_[i] != &module) continue;
    for (const std::string& ignore : mainFiles_[i].ignores) {
      if (ignore.starts_with("./")) {
        if (dir == joinPath(module.dir, ignore)) return true;
      } else if (dir.ends_with("/" + ignore)) {
        return true;
      }
    }
  }
  return false;
}

// --- Versions --------------------------------------------------------------------------------------------------------

const Modules::Replacement* Modules::replacement(const ModuleVersion& m) const {
  // In the order of the files; an exact version before the wildcard.
  const Replacement* any = nullptr;
  for (const Replacement& r : replacements_) {
    if (r.rule.oldPath != m.path) continue;
    if (r.rule.oldVersion == m.version) return &r;
    if (r.rule.oldVersion.empty() && !any) any = &r;
  }
  return any;
}

std::string Modules::replacementDir(const Replacement& r) const { return absolutePath(r.rule.newPath, r.base); }

const GoMod* Modules::summary(const ModuleVersion& m, std::string* error) {
  auto known = summaries_.find(m);
  if (known != summaries_.end()) return &known->second;
  std::string text, name;
  const Replacement* r = replacement(m);
  if (r && r->rule.isFolder()) {
    const std::string dir = replacementDir(*r);
    name = dir + "/go.mod";
    std::string message;
    if (!disk_.readFile(name, &text, &message)) {
      *error = disk_.isDir(dir) ? fmt::format("{} (replaced by {}): reading {}: {}", m.str(), r->rule.newPath,
                                        shortPath(name, options_.cwd), message)
                          : fmt::format("{} (replaced by {}): reading {}: open {}: no such file or directory", m.str(),
                                        r->rule.newPath, shortPath(name, options_.cwd), name);
      return nullptr;
    }
  } else {
    ModuleVersion actual = r ? ModuleVersion{r->rule.newPath, r->rule.newVersion} : m;
    bool missingSum = false;
    if (!cache_.goMod(actual, &text, error, &missingSum)) return nullptr;
    name = actual.str() + "/go.mod";
  }
  std::vector<std::string> problems;
  GoMod mod = parseGoMod(text, name, &problems, ModFileKind::Dependency);
  if (!problems.empty()) {
    *error = fmt::format("{}: parsing go.mod:\n\t{}", m.str(), problems.front());
    return nullptr;
  }
  if (!r && !mod.module.empty() && mod.module != m.path) {
    *error = fmt::format("{}: parsing go.mod:\n\tmodule declares its path as: {}\n\t        but was required as: {}",
                         m.str(), mod.module, m.path);
    return nullptr;
  }
  if (!mod.goVersion.empty() && compareGoVersions(mod.goVersion, options_.goVersion) > 0) {
    *error = fmt::format("module {} requires go >= {} (running go {}; GOTOOLCHAIN=local)", m.str(), mod.goVersion,
                         options_.goVersion);
    return nullptr;
  }
  std::erase_if(mod.requires_, [&](const GoMod::Require& q) { return excluded_.contains({q.path, q.version}); });
  return &summaries_.emplace(m, std::move(mod)).first->second;
}

// Reads the requirement graph: everything below modules from before Go 1.17, otherwise one step below what the main module
// lists (the rest says nothing about what our packages need).
bool Modules::loadGraph(std::string* error) {
  if (graphLoaded_ || vendor_) return true;
  graphLoaded_ = true;
  auto isOld = [](const GoMod& mod) { return mod.goVersion.empty() || compareGoVersions(mod.goVersion, "1.17") < 0; };
  std::set<std::string> mains;
  bool mainsOld = false;
  for (size_t i = 0; i < mains_.size(); i++) {
    mains.insert(mains_[i]->path);
    mainsOld |= isOld(mainFiles_[i]);
  }
  struct Work {
    ModuleVersion module;
    bool wholeGraph;
  };
  std::vector<Work> work;
  std::set<std::pair<ModuleVersion, bool>> seen;
  for (const GoMod& main : mainFiles_) {
    for (const GoMod::Require& r : main.requires_) {
      if (!excluded_.contains({r.path, r.version})) work.push_back({{r.path, r.version}, mainsOld});
    }
  }
  while (!work.empty()) {
    Work next = std::move(work.back());
    work.pop_back();
    if (mains.contains(next.module.path) || !seen.emplace(next.module, next.wholeGraph).second) continue;
    const GoMod* mod = summary(next.module, error);
    if (!mod) return false;
    const bool old = isOld(*mod);
    for (const GoMod::Require& r : mod->requires_) {
      if (mains.contains(r.path)) continue;
      std::string& version = selected_[r.path];
      if (version.empty() || compareVersions(version, r.version) < 0) version = r.version;
      if (next.wholeGraph || old) work.push_back({{r.path, r.version}, next.wholeGraph || old});
    }
  }
  return true;
}

Module* Modules::moduleFor(const ModuleVersion& m) {
  auto known = byVersion_.find(m);
  if (known != byVersion_.end()) return known->second;
  Module& module = modules_.emplace_back();
  byVersion_[m] = &module;
  module.path = m.path;
  module.version = m.version;
  module.indirect = !direct_.contains(m.path);
  std::string ignored;
  if (vendor_) {
    module.goVersion = vendorInfo_[m].goVersion;
    const ModuleVersion& r = vendorInfo_[m].replacement;
    if (!r.path.empty()) {
      module.replace = std::make_unique<Module>();
      module.replace->path = r.path;
      module.replace->version = r.version;
      module.replace->goVersion = module.goVersion;
    }
    return &module;
  }
  if (const GoMod* mod = summary(m, &ignored)) module.goVersion = mod->goVersion;
  if (const Replacement* r = replacement(m)) {
    module.replace = std::make_unique<Module>();
    Module& by = *module.replace;
    by.path = r->rule.newPath;
    by.version = r->rule.newVersion;
    by.goVersion = module.goVersion;
    if (r->rule.isFolder()) {
      by.dir = module.dir = replacementDir(*r);
      by.goMod = module.goMod = module.dir + "/go.mod";
    } else {
      by.goMod = module.goMod = cache_.goModPath(by.id());
      by.time = cache_.timeOf(by.id());
      by.sum = cache_.zipHash(by.id());
    }
  } else {
    module.goMod = cache_.goModPath(m);
    module.time = cache_.timeOf(m);
    module.sum = cache_.zipHash(m);
  }
  return &module;
}

bool Modules::provideFolder(Module& module, std::string* error) {
  if (!module.dir.empty()) {
    if (disk_.isDir(module.dir)) return true;
    *error = fmt::format("{}: replacement directory {} does not exist", module.id().str(),
                         module.replace ? module.replace->path : module.dir);
    return false;
  }
  Module& actual = module.replace ? *module.replace : module;
  std::string dir;
  if (!cache_.folder(actual.id(), &dir, error)) return false;
  module.dir = actual.dir = dir;
  actual.sum = cache_.zipHash(actual.id());
  actual.time = cache_.timeOf(actual.id());
  return true;
}

std::vector<Module*> Modules::all(std::string* error) {
  std::vector<Module*> list = mains_;
  if (vendor_) {
    std::set<ModuleVersion> seen;
    for (const auto& [path, m] : vendorPackages_) {
      if (seen.insert(m).second) list.push_back(moduleFor(m));
    }
    return list;
  }
  if (!loadGraph(error)) return {};
  for (const auto& [path, version] : selected_) list.push_back(moduleFor({path, version}));
  return list;
}

std::vector<Module*> Modules::withFolders(std::string* error) {
  std::vector<Module*> list = all(error);
  for (Module* module : list) {
    if (!module->isMain && !provideFolder(*module, error)) return {};
  }
  return list;
}

// --- Packages --------------------------------------------------------------------------------------------------------

std::string Modules::missing(const std::string& path) const {
  for (const Replacement& r : replacements_) {
    if (selected_.contains(r.rule.oldPath) || !isWithin(path, r.rule.oldPath)) continue;
    std::string what = r.rule.oldVersion.empty() ? r.rule.oldPath : r.rule.oldPath + "@" + r.rule.oldVersion;
    return fmt::format("module {} provides package {} and is replaced but not required; to add it:\n\tgo get {}",
                       r.rule.oldPath, path, what);
  }
  if (options_.mod == "mod") return "cannot find module providing package " + path;
  return fmt::format("no required module provides package {}; to add it:\n\tgo get {}", path, path);
}

std::string Modules::unfetched(const std::string& path, const std::string& importer,
                               const std::vector<ModuleVersion>& lacking, bool found) const {
  const std::string by = importer.empty() ? "" : fmt::format(" (imported by {})", importer);
  std::string text =
      found ? fmt::format("missing go.sum entry needed to verify package {}{} is provided by exactly one module", path, by)
            : fmt::format("missing go.sum entry for module providing package {}{}", path, by);
  if (!importer.empty()) return text + "; to add:\n\tgo get " + importer;
  text += "; to add:\n\tgo mod download";
  for (const ModuleVersion& m : lacking) text += " " + m.path;
  return text;
}

std::optional<Modules::Found> Modules::find(const std::string& path, const std::string& importer, std::string* error) {
  std::vector<Found> found;
  for (Module* main : mains_) {
    if (!isWithin(path, main->path)) continue;
    const std::string dir = main->dir + path.substr(main->path.size());
    bool ofOtherModule = false;
    for (std::string d = dir; d.size() > main->dir.size(); d = std::string(dirName(d)))
      ofOtherModule |= disk_.isFile(d + "/go.mod");
    if (!ofOtherModule && disk_.isDir(dir) && (hasGoFiles(dir, disk_) || mains_.size() == 1)) found.push_back({main, dir});
  }
  if (vendor_) {
    const std::string dir = vendorDir_ + "/" + path;
    if (found.empty() && disk_.isDir(dir) && hasGoFiles(dir, disk_)) {
      auto m = vendorPackages_.find(path);
      if (m == vendorPackages_.end()) {
        *error = fmt::format("cannot find module providing package {}: import lookup disabled by -mod=vendor\n\t({} exists "
                             "but is not listed in vendor/modules.txt)",
                             path, shortPath(dir, options_.cwd));
        return std::nullopt;
      }
      return Found{moduleFor(m->second), dir};
    }
    if (!found.empty()) return found.front();
    *error = fmt::format("cannot find module providing package {}: import lookup disabled by -mod=vendor", path);
    if (options_.mod.empty())
      *error += "\n\t(Go version in go.mod is at least 1.14 and vendor directory exists.)";
    return std::nullopt;
  }
  // First what the main modules list; the whole graph only when that is not enough.
  bool wholeGraph = graphLoaded_;
  if (!wholeGraph && (mains_.size() > 1 || compareGoVersions(mainFiles_[0].goVersion.empty() ? "1.16" : mainFiles_[0].goVersion,
                                                           "1.17") < 0)) {
    if (found.empty() && !loadGraph(error)) return std::nullopt;
    wholeGraph = true;
  }
  for (;;) {
    std::vector<ModuleVersion> lacking;
    for (std::string prefix = path;; prefix = std::string(dirName(prefix))) {
      auto selected = selected_.find(prefix);
      if (selected != selected_.end()) {
        const ModuleVersion m{prefix, selected->second};
        Module& module = *moduleFor(m);
        const Module& actual = module.replace ? *module.replace : module;
        if (module.dir.empty() && options_.fetch.checkSums && !cache_.sums().has(actual.id())) {
          lacking.push_back(m);
        } else {
          if (!provideFolder(module, error)) return std::nullopt;
          const std::string dir = module.dir + path.substr(prefix.size());
          if (hasGoFiles(dir, disk_)) found.push_back({&module, dir});
        }
      }
      if (prefix.find('/') == std::string::npos) break;
    }
    if (found.size() > 1) {
      *error = fmt::format("ambiguous import: found package {} in multiple modules:", path);
      for (const Found& f : found) {
        *error += fmt::format("\n\t{}{}{} ({})", f.module->path, f.module->version.empty() ? "" : " ", f.module->version,
                              f.dir);
      }
      return std::nullopt;
    }
    if (!lacking.empty()) {
      *error = unfetched(path, importer, lacking, !found.empty());
      return std::nullopt;
    }
    if (!found.empty()) return found.front();
    if (wholeGraph) break;
    // Nobody asks for the graph when no module beyond the listed ones could be named like that.
    if (!loadGraph(error)) return std::nullopt;
    wholeGraph = true;
  }
  *error = missing(path);
  return std::nullopt;
}

}  // namespace burrow::load
