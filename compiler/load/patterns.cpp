// Arguments of commands: files, folders, import paths and patterns.
//
// "..." in a pattern stands for any text; at the end, "/..." also for nothing. A pattern that begins with "./", "../" or "/"
// names folders, any other import paths: of the standard library, of the main modules and of what they require. `std` is the
// standard library, `all` is everything that the main modules' packages and their tests are made of. Folders named testdata,
// vendor, or with a leading '.' or '_' are never matched by "...". A package that a pattern with "..." finds and that has
// only test files, or no files for this build, is passed over.
#include "load/loader.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::load {

namespace {

// Whether `name` matches a pattern with "...".
bool matchDots(std::string_view pattern, std::string_view name) {
  if (pattern.ends_with("/...") && matchDots(pattern.substr(0, pattern.size() - 4), name)) return true;
  size_t dots = pattern.find("...");
  if (dots == std::string_view::npos) return pattern == name;
  if (!name.starts_with(pattern.substr(0, dots))) return false;
  std::string_view rest = pattern.substr(dots + 3);
  for (size_t i = dots; i <= name.size(); i++) {
    // Matching the shorter remainder of the pattern against every suffix is enough: patterns are short.
    std::string_view suffix = name.substr(i);
    size_t next = rest.find("...");
    if (next == std::string_view::npos ? rest == suffix : matchDots(rest, suffix)) return true;
  }
  return false;
}

// Whether packages below `path` could match.
bool couldMatch(std::string_view pattern, std::string_view path) {
  std::string_view fixed = pattern.substr(0, pattern.find("..."));
  return fixed.starts_with(path) || path.starts_with(fixed) || (fixed.ends_with('/') && path == fixed.substr(0, fixed.size() - 1));
}

bool hiddenFolder(std::string_view name) {
  return name[0] == '.' || name[0] == '_' || name == "testdata";
}

}  // namespace

bool Loader::openModules(std::span<const std::string> arguments) {
  if (moduleLooked_) return !moduleBroken_;
  moduleLooked_ = true;
  // Inside the distribution its own packages are meant, whatever its go.mod says.
  if (isWithin(options_.cwd, options_.goRoot.path + "/src")) return true;
  modules_.open(options_.cwd);
  // Outside of any module, a folder that is named says where to look, so that `burrow run ./examples/tour` works from
  // above the module too (gc wants the current folder to be inside).
  const bool namesFolder = !arguments.empty() && (isRelative(arguments[0]) || arguments[0].starts_with('/'));
  if (!modules_.exists() && modules_.errors().empty() && namesFolder) {
    std::string dir = absolutePath(arguments[0].substr(0, arguments[0].find("...")), options_.cwd);
    if (!isWithin(dir, options_.goRoot.path + "/src")) modules_.open(dir);
  }
  errors_.insert(errors_.end(), modules_.errors().begin(), modules_.errors().end());
  moduleBroken_ = !modules_.errors().empty();
  return !moduleBroken_;
}

std::vector<Package*> Loader::load(std::span<const std::string> arguments) {
  std::vector<Package*> roots;
  if (!openModules(arguments)) return roots;
  if (!arguments.empty() && arguments[0].ends_with(".go") && !disk_.isDir(absolutePath(arguments[0], options_.cwd))) {
    if (Package* p = loadFiles(arguments)) roots.push_back(p);
    return roots;
  }
  const std::string here = ".";
  if (arguments.empty()) arguments = {&here, 1};
  for (const std::string& a : arguments) expand(a, &roots);
  return roots;
}

Package* Loader::loadFiles(std::span<const std::string> names) {
  std::vector<std::string> paths;
  std::string_view firstDir;
  for (const std::string& name : names) {
    if (!name.ends_with(".go")) {
      errors_.push_back("named files must be .go files: " + name);
      return nullptr;
    }
    std::string path = absolutePath(name, options_.cwd);
    if (!disk_.fileExists(path)) {
      errors_.push_back(fmt::format("stat {}: {}", name, "no such file or directory"));
      return nullptr;
    }
    if (disk_.isDir(path)) {
      errors_.push_back(name + " is a directory, should be a Go file");
      return nullptr;
    }
    std::string_view dir = dirName(name);
    if (firstDir.empty()) firstDir = dir;
    if (cleanPath(dir) != cleanPath(firstDir)) {
      errors_.push_back(fmt::format("named files must all be in one directory; have {} and {}", firstDir, dir));
      return nullptr;
    }
    if (!baseName(name).ends_with("_test.go") || options_.readTests) paths.push_back(path);
  }
  Node* node = newNode(kCommandLine);
  Package& package = node->package;
  package.dir = std::string(dirName(absolutePath(names[0], options_.cwd)));
  std::string ignored;
  const Module* module = modules_.mainOf(package.dir, &ignored);
  package.language = languageOf(module ? module->goVersion : options_.goRoot.version.substr(2));
  if (paths.empty()) {
    errors_.push_back(fmt::format("{}: no non-test Go files in {}", kCommandLine, package.dir));
    return nullptr;
  }
  bool excluded = false;
  if (!readSources(package, paths, false, false, &excluded)) return nullptr;
  if (package.files.empty() && package.tests.files.empty() && package.externalTests.files.empty()) {
    errors_.push_back(
        fmt::format("package {}: build constraints exclude all Go files in {}", kCommandLine, package.dir));
    return nullptr;
  }
  finishScan(package);
  if (!resolveEmbeds(package, package)) package.incomplete = true;
  visit(*node, {});
  return package.incomplete && !options_.listing && !options_.keepBroken ? nullptr : &package;
}

std::vector<std::string> Loader::matches(const Package& package) const {
  auto found = matches_.find(&package);
  return found == matches_.end() ? std::vector<std::string>{} : found->second;
}

bool Loader::isMatch(const std::string& pattern, const Package& package) const {
  if (pattern == "all") return true;
  if (pattern == "std" || pattern == "cmd") return package.isStd && package.importPath.starts_with("cmd/") == (pattern == "cmd");
  if (!isRelative(pattern) && !pattern.starts_with('/')) return matchDots(pattern, package.importPath);
  const size_t dots = pattern.find("...");
  const std::string dir = absolutePath(pattern.substr(0, dots), options_.cwd);
  if (dots == std::string::npos) return package.dir == dir;
  const bool below = pattern[dots - 1] == '/' && dir != "/";  // "./x/..." or "./x..."
  return matchDots(dir + (below ? "/" : "") + pattern.substr(dots), package.dir);
}

// `byName`: the argument names just this package, so that what is wrong with it must be told.
void Loader::addRoot(Node* node, const std::string& pattern, bool byName, std::vector<Package*>* roots) {
  if (!node) return;
  Package& package = node->package;
  if (!byName && package.files.empty() && package.tests.files.empty() && package.externalTests.files.empty()) return;
  visit(*node, {});
  if (package.incomplete && !options_.listing && !options_.keepBroken) return;
  if (package.files.empty() && !options_.listing && !options_.readTests && !byName) return;
  std::vector<std::string>& matched = matches_[&package];
  if (std::find(matched.begin(), matched.end(), pattern) == matched.end()) matched.push_back(pattern);
  if (std::find(roots->begin(), roots->end(), &package) == roots->end()) roots->push_back(&package);
}

void Loader::expand(const std::string& argument, std::vector<Package*>* roots) {
  if (argument == "all") return expandAll(roots);
  if (argument == "std" || argument == "cmd") return expandPaths(argument, roots);
  const bool isFolder = isRelative(argument) || argument.starts_with('/');
  if (argument.find("...") != std::string::npos) {
    return isFolder ? expandFolders(argument, roots) : expandPaths(argument, roots);
  }
  if (isFolder) return addRoot(nodeOfFolder(absolutePath(argument, options_.cwd), argument), argument, true, roots);
  if (argument.find('@') != std::string::npos) {
    errors_.push_back(fmt::format("go: {}: can only use path@version syntax with 'go get' and 'go install pkg@version'",
                                  argument));
    return;
  }
  const std::string path = cleanPath(argument);
  if (!isValidImportPath(path)) {
    errors_.push_back(fmt::format("malformed import path \"{}\": invalid char", argument));
    return;
  }
  addRoot(resolve({}, path, {}), argument, true, roots);
}

Loader::Node* Loader::nodeOfFolder(const std::string& dir, const std::string& argument) {
  const std::string src = options_.goRoot.path + "/src";
  if (isWithin(dir, src) && dir != src) return resolve({}, dir.substr(src.size() + 1), {});
  if (!modules_.exists()) {
    errors_.push_back("go: go.mod file not found in current directory or any parent directory; see 'go help modules'");
    return nullptr;
  }
  std::string path;
  Module* module = modules_.mainOf(dir, &path);
  // A folder below a main module may still be another module's.
  if (module) {
    for (std::string d = dir; d.size() > module->dir.size(); d = std::string(dirName(d))) {
      if (!disk_.isFile(d + "/go.mod")) continue;
      errors_.push_back(fmt::format("main module ({}) does not contain package {}", module->path, path));
      return nullptr;
    }
  } else {
    module = modules_.moduleOf(dir, &path);
  }
  if (!module) {
    errors_.push_back(fmt::format("directory {} outside main module or its selected dependencies", argument));
    return nullptr;
  }
  if (!disk_.isDir(dir)) {
    errors_.push_back(fmt::format("stat {}: directory not found", dir));
    return nullptr;
  }
  if (modules_.vendored() && isWithin(dir, modules_.vendorDir()) && dir != modules_.vendorDir())
    return resolve({}, dir.substr(modules_.vendorDir().size() + 1), {});
  auto known = byPath_.find(path);
  if (known != byPath_.end()) return known->second;
  Node* node = newNode(path);
  node->package.dir = dir;
  setModule(node->package, module);
  if (!scanFolder(node->package, {})) node->package.incomplete = true;
  return node;
}

// The folders with Go files at and below `top`, in lexical order of their parts.
void Loader::walkModule(const Module& module, const std::string& top, bool vendored, std::vector<std::string>* dirs) const {
  std::vector<std::string> work{top};
  while (!work.empty()) {
    std::string dir = std::move(work.back());
    work.pop_back();
    std::vector<DirEntry> entries;
    std::string ignored;
    if (!disk_.readDir(dir, &entries, &ignored, AllKinds)) continue;
    if (dir != module.dir && !vendored &&
        std::any_of(entries.begin(), entries.end(), [](const DirEntry& e) { return e.name == "go.mod" && !e.isDir; })) {
      continue;
    }
    bool any = false;
    std::vector<std::string> below;
    for (const DirEntry& e : entries) {
      if (e.isDir) {
        if (!hiddenFolder(e.name) && e.name != "vendor") {
          std::string path = joinPath(dir, e.name);
          if (!modules_.isIgnored(module, path)) below.push_back(std::move(path));
        }
      } else {
        any |= e.name.ends_with(".go") && e.name[0] != '_' && e.name[0] != '.';
      }
    }
    if (any) dirs->push_back(dir);
    work.insert(work.end(), below.rbegin(), below.rend());
  }
}

void Loader::walkStd(const std::string& pattern, std::vector<std::string>* paths) const {
  const std::string src = options_.goRoot.path + "/src";
  const bool commands = pattern == "cmd" || pattern.starts_with("cmd/");
  std::vector<std::string> work{commands ? "cmd" : ""};
  while (!work.empty()) {
    std::string path = std::move(work.back());
    work.pop_back();
    std::vector<DirEntry> entries;
    std::string ignored;
    if (!readDir(src + "/" + path, &entries, &ignored)) continue;
    bool any = false;
    std::vector<std::string> below;
    for (const DirEntry& e : entries) {
      if (!e.isDir) {
        any |= e.name.ends_with(".go") && e.name[0] != '_' && e.name[0] != '.';
      } else if (!hiddenFolder(e.name) && (!path.empty() || e.name != "cmd")) {
        below.push_back(path.empty() ? e.name : path + "/" + e.name);
      }
    }
    const bool all = pattern == "std" || pattern == "cmd";
    if (any && !path.empty() && path != "builtin" && (all || matchDots(pattern, path))) paths->push_back(path);
    for (auto it = below.rbegin(); it != below.rend(); ++it) {
      if (all || couldMatch(pattern, *it)) work.push_back(*it);
    }
  }
  std::sort(paths->begin(), paths->end());
}

void Loader::expandFolders(const std::string& pattern, std::vector<Package*>* roots) {
  std::string prefix = pattern.substr(0, pattern.find("..."));
  if (size_t slash = prefix.rfind('/'); slash != std::string::npos) prefix.resize(std::max<size_t>(slash, 1));
  const std::string top = absolutePath(prefix, options_.cwd);
  const std::string src = options_.goRoot.path + "/src";
  std::vector<std::string> dirs;
  if (isWithin(top, src)) {
    std::vector<std::string> paths;
    walkStd(top == src ? "std" : top.substr(src.size() + 1) + "/...", &paths);
    for (const std::string& path : paths) dirs.push_back(src + "/" + path);
  } else {
    if (!modules_.exists()) {
      errors_.push_back(fmt::format(
          "pattern {}: directory prefix {} does not contain main module or its selected dependencies", pattern, prefix));
      return;
    }
    if (!disk_.isDir(top)) {
      errors_.push_back(fmt::format("pattern {}: lstat {}: no such file or directory", pattern, prefix));
      return;
    }
    std::string path;
    Module* module = modules_.mainOf(top, &path);
    if (!module) module = modules_.moduleOf(top, &path);
    if (!module) {
      // The folder above all modules of a workspace holds them all.
      bool any = false;
      for (Module* main : modules_.mains()) {
        if (!isWithin(main->dir, top)) continue;
        any = true;
        walkModule(*main, main->dir, false, &dirs);
      }
      if (!any) {
        errors_.push_back(fmt::format(
            "pattern {}: directory prefix {} does not contain main module or its selected dependencies", pattern, prefix));
        return;
      }
    } else {
      walkModule(*module, top, false, &dirs);
      for (Module* main : modules_.mains()) {
        if (main != module && isWithin(main->dir, top) && main->dir != top) walkModule(*main, main->dir, false, &dirs);
      }
    }
  }
  const std::string full = absolutePath(pattern, options_.cwd);
  bool any = false;
  for (const std::string& dir : dirs) {
    if (!matchDots(full, dir)) continue;
    any = true;
    wildcard_ = true;
    Node* node = nodeOfFolder(dir, dir);
    wildcard_ = false;
    addRoot(node, pattern, false, roots);
  }
  if (!any) warnings_.push_back(fmt::format("go: warning: \"{}\" matched no packages", pattern));
}

void Loader::expandPaths(const std::string& pattern, std::vector<Package*>* roots) {
  std::vector<std::string> paths;
  walkStd(pattern, &paths);
  if (pattern != "std" && pattern != "cmd" && modules_.exists()) {
    std::vector<Module*> modules;
    for (Module* main : modules_.mains()) {
      if (couldMatch(pattern, main->path)) modules.push_back(main);
    }
    // Others only when the pattern is not just about a main module.
    std::string message;
    const std::string fixed = pattern.substr(0, pattern.find("..."));
    bool onlyMain = false;
    for (const Module* main : modules_.mains()) onlyMain |= isWithin(fixed, main->path) && !fixed.empty();
    if (modules_.vendored()) {
      std::vector<std::string> dirs;
      Module none;
      walkModule(none, modules_.vendorDir(), true, &dirs);
      for (const std::string& dir : dirs) {
        std::string path = dir.substr(std::min(dir.size(), modules_.vendorDir().size() + 1));
        if (!path.empty() && matchDots(pattern, path)) paths.push_back(std::move(path));
      }
    } else if (!onlyMain) {
      for (Module* module : modules_.withFolders(&message)) {
        if (!module->isMain && couldMatch(pattern, module->path)) modules.push_back(module);
      }
      if (!message.empty()) errors_.push_back("go: " + message);
    }
    for (const Module* module : modules) {
      std::vector<std::string> dirs;
      walkModule(*module, module->dir, false, &dirs);
      for (const std::string& dir : dirs) {
        std::string path = module->path + dir.substr(module->dir.size());
        if (matchDots(pattern, path)) paths.push_back(std::move(path));
      }
    }
  }
  for (const std::string& path : paths) {
    wildcard_ = true;
    Node* node = resolve({}, path, {});
    wildcard_ = false;
    addRoot(node, pattern, false, roots);
  }
  if (paths.empty()) warnings_.push_back(fmt::format("go: warning: \"{}\" matched no packages", pattern));
}

void Loader::expandAll(std::vector<Package*>* roots) {
  if (!modules_.exists()) return expandPaths("std", roots);
  std::vector<Package*> own;
  for (const Module* main : modules_.mains()) {
    std::vector<std::string> dirs;
    walkModule(*main, main->dir, false, &dirs);
    for (const std::string& dir : dirs) {
      wildcard_ = true;
      Node* node = nodeOfFolder(dir, dir);
      wildcard_ = false;
      addRoot(node, "all", false, &own);
    }
  }
  std::vector<Package*> all = own;
  for (Package* package : own) {
    for (const GoFiles* tests : {&package->tests, &package->externalTests}) {
      for (const Import& import : tests->imports) {
        Node* node = resolve(*package, import.path, import.pos);
        if (node) addRoot(node, "all", false, &all);
      }
    }
  }
  std::set<Package*> seen;
  while (!all.empty()) {
    Package* package = all.back();
    all.pop_back();
    if (!seen.insert(package).second) continue;
    for (const auto& [path, imported] : package->resolved) all.push_back(imported);
  }
  std::vector<Package*> sorted(seen.begin(), seen.end());
  std::sort(sorted.begin(), sorted.end(), [](Package* a, Package* b) { return a->importPath < b->importPath; });
  for (Package* package : sorted) {
    matches_[package] = {"all"};
    roots->push_back(package);
  }
}

}  // namespace burrow::load
