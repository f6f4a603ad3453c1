// The graph of packages (loader.h): imports are followed depth-first, with the stack at hand for messages about cycles; `resolve`
// says which package an import path means to an importer. patterns.cpp has the command line, scan_folder.cpp one folder.
#include "load/loader.h"

#include "load/no_assembly.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::load {

namespace {

// Paths of the standard library have no dot in their first element.
bool looksStandard(std::string_view path) { return path.substr(0, path.find('/')).find('.') == std::string_view::npos; }

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

bool isRelative(std::string_view path) {
  return path == "." || path == ".." || path.starts_with("./") || path.starts_with("../");
}

bool isValidImportPath(std::string_view path) {
  if (path.empty()) return false;
  for (char c : path) {
    auto u = static_cast<unsigned char>(c);
    if (u <= ' ' || u == 0x7f || std::string_view("!\"#$%&'()*,:;<=>?[\\]^`{|}").find(c) != std::string_view::npos)
      return false;
  }
  return true;
}

namespace {

ModuleOptions moduleOptions(const LoadOptions& options) {
  ModuleOptions out = options.modules;
  out.cwd = options.cwd;
  out.goVersion = options.goRoot.version.substr(2);
  out.overlay = options.overlayFiles;
  return out;
}

}  // namespace

Loader::Loader(const LoadOptions& options, source::SourceFiles& files, syntax::StringTable& names)
    : options_(options),
      stdContext_(options.context),
      noAssemblyContext_(contextWithoutAssembly(options.context)),
      otherMachineContext_(contextOfNoMachine(options.context)),
      files_(files),
      names_(names),
      modules_(moduleOptions(options)) {
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
  if (options_.needRuntime && !package.isStd && (package.isCommand || options_.runtimeForAll)) {
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
  if (imported.isCommand && !importer.isStd && importer.forTest != imported.importPath) {
    error(import.pos, fmt::format("import \"{}\" is a program, not an importable package", import.path));
    return false;
  }
  size_t length;
  if (!internalParent(imported.importPath, &length) || options_.allowInternal) return true;
  if (imported.module) {
    // A module may lie anywhere, so paths decide. A test is its package's, files named on a command line are their folder's.
    std::string path = importer.forTest.empty() ? importer.importPath : importer.forTest;
    if (path == kCommandLine && !modules_.mainOf(importer.dir, &path)) path = ".";
    if (length == 0 || isWithin(path, imported.importPath.substr(0, length))) return true;
  } else {
    // The standard library's commands and vendored packages have paths that do not nest as their folders do.
    std::string parent = imported.dir.substr(0, imported.dir.size() - (imported.importPath.size() - length));
    if (isWithin(importer.dir, parent)) return true;
  }
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
  if (!disk_.isDir(dir) || !disk_.readDir(dir, &entries, &ignored)) return false;
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
    // The distribution's commands are a module of their own, with their own vendored packages.
    const bool ofCommand = importer.importPath.starts_with("cmd/");
    std::string vendored = (ofCommand ? "cmd/vendor/" : "vendor/") + path;
    if (isDir(options_.goRoot.path + "/src/" + vendored)) return standard(vendored);
  }
  auto known = byPath_.find(path);
  if (known != byPath_.end()) return known->second;
  if (isStandard(path)) return standard(path);
  if (path == "C" || (!importer.importPath.empty() && path == "main")) {
    error(pos, missing(path, nullptr));
    return nullptr;
  }
  if (!modules_.exists() || looksStandard(path)) {
    bool ours = false;
    for (const Module* main : modules_.mains()) ours |= isWithin(path, main->path);
    if (!ours) {
      error(pos, missing(path, &importer));
      return nullptr;
    }
  }
  std::string message;
  // Hints name who wants it; files on the command line have no name.
  const bool named = !importer.importPath.empty() && importer.importPath != kCommandLine;
  auto found = modules_.find(path, named ? importer.importPath : "", &message);
  if (!found) {
    error(pos, message);
    return nullptr;
  }
  Node* node = newNode(path);
  node->package.dir = found->dir;
  setModule(node->package, found->module);
  if (!scanFolder(node->package, pos)) node->package.incomplete = true;
  return node;
}

void Loader::setModule(Package& package, const Module* module) {
  package.module = module;
  package.language = languageOf(module ? module->goVersion : options_.goRoot.version.substr(2));
}

std::string Loader::missing(const std::string& path, const Package* importer) {
  if (looksStandard(path)) return fmt::format("package {} is not in std ({}/src/{})", path, options_.goRoot.path, path);
  return fmt::format(
      "no required module provides package {}: go.mod file not found in current directory or any parent directory; see "
      "'go help modules'",
      path);
}

}  // namespace burrow::load
