#include "load/loader.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::load {

namespace {

constexpr const char* kCommandLine = "command-line-arguments";

// Paths of the standard library have no dot in their first element.
bool looksStandard(std::string_view path) { return path.substr(0, path.find('/')).find('.') == std::string_view::npos; }

bool isValidImportPath(std::string_view path) {
  if (path.empty()) return false;
  for (char c : path) {
    auto u = static_cast<unsigned char>(c);
    if (u <= ' ' || u == 0x7f || std::string_view("!\"#$%&'()*,:;<=>?[\\]^`{|}").find(c) != std::string_view::npos)
      return false;
  }
  return true;
}

bool isRelative(std::string_view path) {
  return path == "." || path == ".." || path.starts_with("./") || path.starts_with("../");
}

// The element `internal` that restricts who may import `path`: what comes before it. False: there is none.
bool internalParent(std::string_view path, size_t* length) {
  if (path.ends_with("/internal")) {
    *length = path.size() - std::string_view("/internal").size();
  } else if (size_t at = path.rfind("/internal/"); at != std::string_view::npos) {
    *length = at;
  } else if (path == "internal" || path.starts_with("internal/")) {
    *length = 0;
  } else {
    return false;
  }
  return true;
}

}  // namespace

Loader::Loader(const LoadOptions& options, source::SourceFiles& files, syntax::StringTable& names)
    : options_(options), stdContext_(options.context), files_(files), names_(names) {
  stdContext_.tags.insert(options.stdTags.begin(), options.stdTags.end());
}

Package* Loader::find(std::string_view importPath) const {
  auto found = byPath_.find(importPath);
  return found == byPath_.end() ? nullptr : &found->second->package;
}

std::string Loader::position(source::Pos pos) const {
  source::Position p = files_.position(pos);
  if (!p.isValid()) return {};
  return fmt::format("{}:{}:{}", shortPath(std::string(p.file), options_.cwd), p.line, p.column);
}

void Loader::error(source::Pos pos, const std::string& message) {
  errors_.push_back(pos.isValid() ? fmt::format("{}: {}", position(pos), message) : message);
}

// --- The main module -----------------------------------------------------------------------------------------------

bool Loader::findModule(const std::string& from) {
  for (std::string dir = from;; dir = std::string(dirName(dir))) {
    std::string path = joinPath(dir, "go.mod"), text, message;
    if (isFile(path)) {
      if (!readFile(path, &text, &message)) {
        errors_.push_back("go: " + message);
        moduleBroken_ = true;
        return false;
      }
      std::vector<std::string> problems;
      GoMod mod = parseGoMod(text, shortPath(path, options_.cwd), &problems);
      if (!problems.empty()) {
        std::string all = "go: errors parsing go.mod:";
        for (const std::string& p : problems) all += "\n" + p;
        errors_.push_back(all);
        moduleBroken_ = true;
        return false;
      }
      if (mod.module.empty()) {
        errors_.push_back(
            fmt::format("go: error reading go.mod: missing module declaration. To specify the module path:\n\tgo mod "
                        "edit -module=example.com/mod"));
        moduleBroken_ = true;
        return false;
      }
      std::string_view running = std::string_view(options_.goRoot.version).substr(2);
      if (!mod.goVersion.empty() && compareGoVersions(mod.goVersion, running) > 0) {
        errors_.push_back(
            fmt::format("go: go.mod requires go >= {} (running go {}; GOTOOLCHAIN=local)", mod.goVersion, running));
        moduleBroken_ = true;
        return false;
      }
      module_ = {dir, mod.module, languageOf(mod.goVersion)};
      return true;
    }
    if (dir == "/") return false;
  }
}

// --- Arguments -------------------------------------------------------------------------------------------------------

std::vector<Package*> Loader::load(std::span<const std::string> arguments) {
  std::vector<Package*> roots;
  if (!moduleLooked_) {
    moduleLooked_ = true;
    // Outside of any module, a folder that is named says where to look, so that `burrow run ./examples/tour` works from
    // above the module too (gc wants the current folder to be inside).
    const bool found = findModule(options_.cwd) || moduleBroken_;
    const bool namesFolder = !arguments.empty() && (isRelative(arguments[0]) || arguments[0].starts_with('/'));
    if (!found && namesFolder) findModule(absolutePath(arguments[0], options_.cwd));
  }
  if (moduleBroken_) return roots;
  if (!arguments.empty() && arguments[0].ends_with(".go") && !isDir(absolutePath(arguments[0], options_.cwd))) {
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
    if (!fileExists(path)) {
      errors_.push_back(fmt::format("stat {}: {}", name, "no such file or directory"));
      return nullptr;
    }
    if (isDir(path)) {
      errors_.push_back(name + " is a directory, should be a Go file");
      return nullptr;
    }
    std::string_view dir = dirName(name);
    if (firstDir.empty()) firstDir = dir;
    if (cleanPath(dir) != cleanPath(firstDir)) {
      errors_.push_back(fmt::format("named files must all be in one directory; have {} and {}", firstDir, dir));
      return nullptr;
    }
    if (!baseName(name).ends_with("_test.go")) paths.push_back(path);
  }
  Node* node = newNode(kCommandLine);
  Package& package = node->package;
  package.dir = std::string(dirName(absolutePath(names[0], options_.cwd)));
  package.language = !module_.path.empty() && isWithin(package.dir, module_.dir)
                         ? module_.language
                         : languageOf(options_.goRoot.version.substr(2));
  if (paths.empty()) {
    errors_.push_back(fmt::format("{}: no non-test Go files in {}", kCommandLine, package.dir));
    return nullptr;
  }
  bool excluded = false;
  if (!readSources(package, paths, false, false, &excluded)) return nullptr;
  if (package.files.empty()) {
    errors_.push_back(
        fmt::format("package {}: build constraints exclude all Go files in {}", kCommandLine, package.dir));
    return nullptr;
  }
  finishScan(package);
  visit(*node, {});
  return package.incomplete ? nullptr : &package;
}

void Loader::expand(const std::string& argument, std::vector<Package*>* roots) {
  if (argument.find("...") != std::string::npos) return expandDots(argument, roots);
  auto add = [&](Node* node) {
    if (!node) return;
    visit(*node, {});
    if (!node->package.incomplete) roots->push_back(&node->package);
  };
  if (!isRelative(argument) && !argument.starts_with('/')) {
    if (!isValidImportPath(argument)) {
      errors_.push_back("malformed import path " + fmt::format("\"{}\"", argument) + ": invalid char");
      return;
    }
    return add(resolve({}, argument, {}));
  }
  std::string dir = absolutePath(argument, options_.cwd);
  const std::string src = options_.goRoot.path + "/src";
  if (isWithin(dir, src) && dir != src) return add(resolve({}, dir.substr(src.size() + 1), {}));
  if (module_.path.empty()) {
    errors_.push_back("go: go.mod file not found in current directory or any parent directory; see 'go help modules'");
    return;
  }
  if (!isWithin(dir, module_.dir)) {
    errors_.push_back(fmt::format("directory {} outside main module or its selected dependencies", argument));
    return;
  }
  if (!isDir(dir)) {
    errors_.push_back(fmt::format("stat {}: directory not found", dir));
    return;
  }
  std::string path = module_.path + dir.substr(module_.dir == "/" ? 0 : module_.dir.size());
  auto known = byPath_.find(path);
  if (known != byPath_.end()) return add(known->second);
  Node* node = newNode(path);
  node->package.dir = dir;
  node->package.language = module_.language;
  if (!scanFolder(node->package, {})) node->package.incomplete = true;
  add(node);
}

void Loader::expandDots(const std::string& pattern, std::vector<Package*>* roots) {
  // "./x/..." and "module/x/...": every folder below with Go files that this build would use.
  std::string prefix = pattern.substr(0, pattern.find("..."));
  if (pattern.size() != prefix.size() + 3 || (!prefix.empty() && !prefix.ends_with('/'))) {
    errors_.push_back(fmt::format("pattern {}: only patterns that end in /... are supported", pattern));
    return;
  }
  if (module_.path.empty()) {
    errors_.push_back(
        fmt::format("pattern {}: directory prefix {} does not contain main module or its selected dependencies",
                    pattern, prefix.empty() ? "." : cleanPath(prefix)));
    return;
  }
  std::string top = absolutePath(prefix, options_.cwd);
  if (!isRelative(prefix) && !prefix.starts_with('/') && isWithin(cleanPath(prefix), module_.path)) {
    top = module_.dir + cleanPath(prefix).substr(module_.path.size());
  }
  std::vector<std::string> work{top};
  bool any = false;
  while (!work.empty()) {
    std::string dir = std::move(work.back());
    work.pop_back();
    std::vector<DirEntry> entries;
    std::string message;
    if (!readDir(dir, &entries, &message)) {
      errors_.push_back(fmt::format("pattern {}: {}", pattern, message));
      return;
    }
    bool hasGo = false, isOtherModule = false;
    std::vector<std::string> below;
    for (const DirEntry& e : entries) {
      if (e.isDir) {
        if (e.name[0] != '.' && e.name[0] != '_' && e.name != "testdata" && e.name != "vendor")
          below.push_back(joinPath(dir, e.name));
      } else if (e.name == "go.mod" && dir != module_.dir) {
        isOtherModule = true;
      } else if (e.name.ends_with(".go") && !e.name.ends_with("_test.go") && e.name[0] != '_' && e.name[0] != '.') {
        hasGo = true;
      }
    }
    if (isOtherModule) continue;
    if (hasGo) {
      any = true;
      expand(dir, roots);
    }
    work.insert(work.end(), below.rbegin(), below.rend());
  }
  if (!any) errors_.push_back(fmt::format("go: warning: \"{}\" matched no packages", pattern));
}

Package* Loader::loadPath(const std::string& path) {
  Node* node = resolve({}, path, {});
  if (!node) return nullptr;
  visit(*node, {});
  return node->package.incomplete ? nullptr : &node->package;
}

Loader::Node* Loader::newNode(const std::string& importPath) {
  Node& node = nodes_.emplace_back();
  node.package.importPath = node.package.symbolPath = importPath;
  byPath_[importPath] = &node;
  return &node;
}

// --- The graph -------------------------------------------------------------------------------------------------------

void Loader::visit(Node& node, source::Pos pos) {
  if (node.state == State::Done) return;
  Package& package = node.package;
  if (node.state == State::Loading) {
    package.incomplete = true;
    if (!cycleReported_) {
      stack_.push_back({&package, pos});
      errors_.push_back(stackText("import cycle not allowed"));
      stack_.pop_back();
      cycleReported_ = true;
    }
    return;
  }
  node.state = State::Loading;
  stack_.push_back({&package, pos});
  for (const Import& import : package.imports) {
    Package* imported = this->import(package, import);
    if (!imported || imported->incomplete) package.incomplete = true;
    if (imported) package.resolved[import.path] = imported;
  }
  stack_.pop_back();
  if (options_.needRuntime && !package.isStd && package.importPath != "runtime") {
    if (Node* runtime = standard("runtime")) {
      visit(*runtime, {});
      if (runtime->package.incomplete) package.incomplete = true;
    } else {
      package.incomplete = true;
    }
  }
  node.state = State::Done;
  order_.push_back(&package);
}

// "package A\n\timports B from b.go: LAST" for the packages on the stack.
std::string Loader::stackText(std::string_view last) const {
  std::string text = "package " + stack_.front().package->importPath;
  for (size_t i = 1; i < stack_.size(); i++) {
    text += "\n\timports " + stack_[i].package->importPath;
    source::Position p = files_.position(stack_[i].pos);
    if (p.isValid()) text += fmt::format(" from {}", baseName(p.file));
  }
  if (!last.empty()) text += fmt::format(": {}", last);
  return text;
}

Package* Loader::import(Package& importer, const Import& import) {
  if (isRelative(import.path)) {
    error(import.pos,
          fmt::format("\"{}\" is relative, but relative import paths are not supported in module mode", import.path));
    return nullptr;
  }
  if (!isValidImportPath(import.path)) {
    error(import.pos, fmt::format("invalid import path: {}", import.path));
    return nullptr;
  }
  Node* node = resolve(importer, import.path, import.pos);
  if (!node) return nullptr;
  if (!checkImport(importer, node->package, import)) return nullptr;
  visit(*node, import.pos);
  return &node->package;
}

bool Loader::checkImport(const Package& importer, const Package& imported, const Import& import) {
  if (imported.isCommand && !importer.isStd) {
    error(import.pos, fmt::format("import \"{}\" is a program, not an importable package", import.path));
    return false;
  }
  size_t length;
  if (!internalParent(imported.importPath, &length) || options_.allowInternal) return true;
  // Folders are compared, not paths: the files named on a command line have no path.
  std::string parent = imported.dir.substr(0, imported.dir.size() - (imported.importPath.size() - length));
  if (isWithin(importer.dir, parent)) return true;
  errors_.push_back(fmt::format("{}\n\t{}: use of internal package {} not allowed", stackText(""), position(import.pos),
                                import.path));
  return false;
}

bool Loader::isStandard(const std::string& path) const {
  if (!looksStandard(path)) return false;
  if (isFile(options_.overlay + "/" + path + "/burrow.patch")) return true;
  std::string dir = options_.goRoot.path + "/src/" + path;
  std::vector<DirEntry> entries;
  std::string ignored;
  if (!isDir(dir) || !readDir(dir, &entries, &ignored)) return false;
  return std::any_of(entries.begin(), entries.end(),
                     [](const DirEntry& e) { return !e.isDir && e.name.ends_with(".go"); });
}

Loader::Node* Loader::standard(const std::string& path) {
  auto known = byPath_.find(path);
  if (known != byPath_.end()) return known->second;
  Node* node = newNode(path);
  Package& package = node->package;
  package.isStd = true;
  package.dir = options_.goRoot.path + "/src/" + path;
  package.language = languageOf(options_.goRoot.version.substr(2));
  if (!scanFolder(package, {})) package.incomplete = true;
  return node;
}

Loader::Node* Loader::resolve(const Package& importer, const std::string& path, source::Pos pos) {
  if (importer.isStd && !looksStandard(path)) {
    std::string vendored = "vendor/" + path;
    if (isDir(options_.goRoot.path + "/src/" + vendored)) return standard(vendored);
  }
  auto known = byPath_.find(path);
  if (known != byPath_.end()) return known->second;
  if (isStandard(path)) return standard(path);
  if (!module_.path.empty() && isWithin(path, module_.path)) {
    std::string dir = module_.dir + path.substr(module_.path.size());
    bool ofOtherModule = false;
    for (std::string d = dir; d.size() > module_.dir.size(); d = std::string(dirName(d)))
      ofOtherModule |= isFile(d + "/go.mod");
    if (isDir(dir) && !ofOtherModule) {
      Node* node = newNode(path);
      node->package.dir = dir;
      node->package.language = module_.language;
      if (!scanFolder(node->package, pos)) node->package.incomplete = true;
      return node;
    }
  }
  error(pos, missing(path));
  return nullptr;
}

std::string Loader::missing(const std::string& path) const {
  if (looksStandard(path)) return fmt::format("package {} is not in std ({}/src/{})", path, options_.goRoot.path, path);
  if (module_.path.empty()) {
    return fmt::format(
        "no required module provides package {}: go.mod file not found in current directory or any parent "
        "directory; see 'go help modules'",
        path);
  }
  return fmt::format("no required module provides package {}; to add it:\n\tgo get {}", path, path);
}

}  // namespace burrow::load
