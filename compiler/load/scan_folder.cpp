// Which files make up a package, and what they import.
//
// Of a folder: the names that end in .go, without tests and without names that begin with '_' or '.', as far as the name's
// suffix and the //go:build line allow. Of a standard package: the distribution's files without the dropped ones, and ours.
// Files that import "C" are left out, as always when cgo is off.
#include "load/loader.h"

#include "syntax/parser.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::load {

namespace {

std::string unquote(std::string_view literal) {
  return literal.size() < 2 ? "" : std::string(literal.substr(1, literal.size() - 2));
}

bool isGoSource(const std::string& name) {
  return name.ends_with(".go") && !name.ends_with("_test.go") && name[0] != '_' && name[0] != '.';
}

struct Listing {
  std::vector<std::string> go;  // full paths of files whose names this build allows
  bool hasAssembly = false;
  bool anyGo = false;  // there are Go files at all, tests too
  bool anyNonTest = false;
};

bool list(const std::string& dir, const syntax::BuildContext& context, Listing* out, std::string* error) {
  std::vector<DirEntry> entries;
  if (!readDir(dir, &entries, error)) return false;
  for (const DirEntry& e : entries) {
    if (e.isDir) continue;
    if (e.name.ends_with(".s") || e.name.ends_with(".S")) out->hasAssembly |= context.matchFileName(e.name);
    if (!e.name.ends_with(".go") || e.name[0] == '_' || e.name[0] == '.') continue;
    out->anyGo = true;
    out->anyNonTest |= !e.name.ends_with("_test.go");
    if (isGoSource(e.name) && context.matchFileName(e.name)) out->go.push_back(joinPath(dir, e.name));
  }
  return true;
}

}  // namespace

bool Loader::readPatch(Package& package) {
  std::string dir = options_.overlay + "/" + package.importPath, path = dir + "/burrow.patch", text, message;
  if (options_.overlay.empty() || !isFile(path)) return true;
  if (!readFile(path, &text, &message)) {
    errors_.push_back(message);
    return false;
  }
  size_t before = errors_.size();
  package.patch = std::make_unique<Patch>(parsePatch(text, path, &errors_));
  package.patch->dir = dir;
  return errors_.size() == before;
}

bool Loader::scanFolder(Package& package, source::Pos pos) {
  Listing theirs, ours;
  std::vector<std::string> chosen;  // by the patch, whatever their constraints say
  std::string message;
  if (package.isStd && !readPatch(package)) return false;
  Patch* patch = package.patch.get();
  if (!patch || !patch->replace) {
    if (!list(package.dir, contextOf(package), &theirs, &message)) {
      error(pos, message);
      return false;
    }
    if (patch) {
      std::erase_if(theirs.go, [&](const std::string& path) { return patch->dropsFile(baseName(path)); });
      for (PatchRule& rule : patch->rules) {
        std::string path = joinPath(package.dir, rule.name);
        if (rule.kind != PatchRule::Kind::UseFile || !isFile(path)) continue;
        rule.used = true;
        std::erase(theirs.go, path);
        chosen.push_back(std::move(path));
      }
    }
  }
  if (patch && !list(patch->dir, contextOf(package), &ours, &message)) {
    error(pos, message);
    return false;
  }
  package.hasAssembly = theirs.hasAssembly || ours.hasAssembly;
  bool excluded = false;
  if (!readSources(package, theirs.go, true, false, &excluded) ||
      !readSources(package, chosen, false, false, &excluded) || !readSources(package, ours.go, true, true, &excluded)) {
    return false;
  }
  std::sort(package.files.begin(), package.files.end(),
            [](const SourceEntry& a, const SourceEntry& b) { return baseName(a.path) < baseName(b.path); });
  if (package.files.empty()) {
    if (theirs.anyNonTest || ours.anyNonTest) {
      std::string text = fmt::format("build constraints exclude all Go files in {}", package.dir);
      if (pos.isValid()) {
        error(pos, text);
      } else {
        errors_.push_back(fmt::format("package {}: {}", package.importPath, text));
      }
    } else if (theirs.anyGo || ours.anyGo) {
      error(pos, fmt::format("{}: no non-test Go files in {}", package.importPath, package.dir));
    } else if (pos.isValid()) {
      error(pos, missing(package.importPath));
    } else {
      errors_.push_back(fmt::format("no Go files in {}", package.dir));
    }
    return false;
  }
  finishScan(package);
  if (patch) {
    std::vector<std::string> unused = unusedRules(*patch, package.importPath, true);
    errors_.insert(errors_.end(), unused.begin(), unused.end());
    if (!unused.empty()) return false;
  }
  return !package.incomplete;
}

bool Loader::readSources(Package& package, const std::vector<std::string>& paths, bool obeyConstraints, bool isOurs,
                         bool* excluded) {
  for (const std::string& path : paths) {
    std::string text, message;
    if (!readFile(path, &text, &message)) {
      errors_.push_back(message);
      return false;
    }
    if (obeyConstraints) {
      syntax::HeaderMatch header = syntax::matchHeader(text, contextOf(package));
      if (header.error) {
        errors_.push_back(fmt::format("{}: {}", baseName(path), *header.error));
        return false;
      }
      if (!header.match) {
        *excluded = true;
        continue;
      }
    }
    SourceEntry entry;
    entry.path = path;
    entry.hash = hashOf(text);
    entry.isOurs = isOurs;
    entry.source = files_.add(path, std::move(text));
    if (!entry.source) {
      errors_.push_back("too much source text in one program");
      return false;
    }
    // Syntax errors are told when the whole file is parsed; here they only end the list of imports early.
    source::Diagnostics ignored;
    syntax::ParseOptions options;
    options.importsOnly = true;
    options.checkPragmas = options.checkBranches = false;
    syntax::File* tree = syntax::parseFile(*entry.source, scratch_, names_, options, ignored);
    std::vector<Import> imports;
    bool usesC = false;
    for (const syntax::ImportSpec* spec : tree->imports) {
      if (!spec->path || spec->path->bad) continue;
      std::string import = unquote(spec->path->value);
      usesC |= import == "C";
      if (import == "unsafe" || import == "C" || import.empty()) continue;
      if (package.patch && !isOurs && package.patch->dropsImport(import)) continue;
      imports.push_back({std::move(import), spec->name ? spec->name->pos : spec->path->pos});
    }
    if (usesC && !contextOf(package).cgo) {
      *excluded = true;
      continue;
    }
    if (tree->name && !tree->hasErrors) {
      std::string_view name = tree->name->name;
      if (package.name.empty()) {
        package.name = name;
      } else if (package.name != name) {
        errors_.push_back(fmt::format("found packages {} ({}) and {} ({}) in {}", package.name,
                                      baseName(package.files.front().path), name, baseName(path), package.dir));
        return false;
      }
    }
    package.imports.insert(package.imports.end(), imports.begin(), imports.end());
    package.files.push_back(std::move(entry));
  }
  return true;
}

void Loader::finishScan(Package& package) {
  std::stable_sort(package.imports.begin(), package.imports.end(),
                   [](const Import& a, const Import& b) { return a.path < b.path; });
  auto end = std::unique(package.imports.begin(), package.imports.end(),
                         [](const Import& a, const Import& b) { return a.path == b.path; });
  package.imports.erase(end, package.imports.end());
  package.isCommand = package.name == "main";
  if (package.isCommand) package.symbolPath = "main";
}

}  // namespace burrow::load
