// Which files make up a package, and what they import and embed.
//
// Of a folder: the names that end in .go, without names that begin with '_' or '.', as far as the name's suffix and the
// //go:build line allow; _test.go files apart, those of package x_test apart again. Of a standard package: the
// distribution's files without the dropped ones, and ours. Files that import "C" are left out, as always when cgo is off.
// Names of other files are kept for those who list packages.
#include "load/loader.h"

#include "load/choose_files.h"
#include "load/no_assembly.h"

#include "syntax/parser.h"
#include "syntax/unquote.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace burrow::load {

namespace {

std::string unquote(std::string_view literal) {
  std::string value;
  return syntax::unquoteString(literal, &value) ? value : std::string();
}

bool isTestFile(std::string_view name) { return name.ends_with("_test.go"); }

bool importsC(const syntax::File& file) {
  return std::any_of(file.imports.begin(), file.imports.end(), [](const syntax::ImportSpec* spec) {
    return spec->path && !spec->path->bad && unquote(spec->path->value) == "C";
  });
}

struct Listing {
  std::vector<std::string> go;     // full paths of files whose names this build allows
  std::vector<std::string> tests;  // the same of _test.go files
  FolderNames names;
  bool hasAssembly = false;
  bool anyGo = false;  // there are Go files at all, tests too
  bool anyNonTest = false;
};

// The list that a file which is no Go file belongs to; null: none.
std::vector<std::string>* listFor(std::string_view name, FolderNames& names) {
  size_t dot = name.rfind('.');
  std::string_view ext = dot == std::string_view::npos ? "" : name.substr(dot);
  auto is = [&](std::initializer_list<std::string_view> list) { return std::find(list.begin(), list.end(), ext) != list.end(); };
  if (is({".c"})) return &names.c;
  if (is({".cc", ".cpp", ".cxx"})) return &names.cxx;
  if (is({".m"})) return &names.m;
  if (is({".h", ".hh", ".hpp", ".hxx"})) return &names.h;
  if (is({".f", ".F", ".for", ".f90"})) return &names.fortran;
  if (is({".s"})) return &names.s;
  if (is({".S"})) return &names.ignoredOther;  // assembly through the C preprocessor: only with cgo
  if (is({".swig"})) return &names.swig;
  if (is({".swigcxx"})) return &names.swigCxx;
  if (is({".syso"})) return &names.syso;
  return nullptr;
}

// The first sentence of the comment right before the package clause at `end`.
std::string synopsis(std::string_view text, size_t end) {
  text = text.substr(0, end);
  if (!text.ends_with('\n')) return {};
  text.remove_suffix(1);
  // Comments of both kinds, with nothing between them but an end of line; the last one first.
  std::vector<std::string_view> parts;
  for (;;) {
    size_t start = text.ends_with("*/") ? text.rfind("/*") : text.rfind('\n') + 1;
    if (start == std::string_view::npos) break;
    std::string_view part = text.substr(start);
    if (!part.starts_with("//") && !part.starts_with("/*")) break;
    if (part.starts_with("/*")) part.remove_suffix(2);
    if (!part.starts_with("//go:")) parts.push_back(part.substr(2));
    text = text.substr(0, start);
    if (!text.ends_with('\n')) break;
    text.remove_suffix(1);
  }
  std::string comment;
  for (auto it = parts.rbegin(); it != parts.rend(); ++it) comment += std::string(*it) + "\n";
  // Words up to the end of the first paragraph or sentence.
  std::string out;
  for (size_t i = 0; i < comment.size(); i++) {
    const char c = comment[i];
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (c == '\n' && !out.empty() && i + 1 < comment.size() && comment[i + 1] == '\n') break;
    if (!blank) {
      out += c;
      const bool upperBefore = out.size() > 1 && out[out.size() - 2] >= 'A' && out[out.size() - 2] <= 'Z' &&
                               (out.size() == 2 || out[out.size() - 3] == ' ');
      if (c == '.' && !upperBefore && (i + 1 == comment.size() || comment[i + 1] == ' ' || comment[i + 1] == '\n')) break;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  for (std::string_view never : {"copyright", "all rights", "author"}) {
    std::string lower = out.substr(0, never.size());
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (lower == never) return {};
  }
  return out;
}

void sortFiles(GoFiles& files) {
  std::sort(files.files.begin(), files.files.end(),
            [](const SourceEntry& a, const SourceEntry& b) { return baseName(a.path) < baseName(b.path); });
  std::stable_sort(files.imports.begin(), files.imports.end(),
                   [](const Import& a, const Import& b) { return a.path < b.path; });
  auto end = std::unique(files.imports.begin(), files.imports.end(),
                         [](const Import& a, const Import& b) { return a.path == b.path; });
  files.imports.erase(end, files.imports.end());
  std::stable_sort(files.embedPatterns.begin(), files.embedPatterns.end(),
                   [](const EmbedPattern& a, const EmbedPattern& b) { return a.pattern < b.pattern; });
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
  package.patch = std::make_shared<Patch>(parsePatch(text, path, &errors_));
  package.patch->dir = dir;
  if (package.patch->dropsTags()) {
    syntax::BuildContext& context = patchedContexts_[package.patch.get()] = stdContext_;
    for (PatchRule& rule : package.patch->rules) {
      if (rule.kind == PatchRule::Kind::Tag) rule.used = context.tags.erase(rule.name) != 0;
    }
  }
  return errors_.size() == before;
}

// Of the paths that are listed for this machine, for others, or both, those that are compiled; `dropped` gets the names of
// the rest.
bool Loader::chooseWithoutAssembly(const Paths& here, const Paths& elsewhere, Paths* chosen, Paths* dropped) {
  source::SourceFiles sources;
  source::Arena arena;
  syntax::StringTable names;
  syntax::ParseOptions options;
  options.checkPragmas = options.checkBranches = false;
  std::map<std::string, CandidateFile> byPath;
  std::string message;
  for (const std::string& path : here) byPath[path].here = true;
  for (const std::string& path : elsewhere) byPath[path].elsewhere = true;
  std::vector<CandidateFile> files;
  Paths paths;
  for (auto& [path, file] : byPath) {
    std::string text;
    if (!disk_.readFile(path, &text, &message)) {
      errors_.push_back(message);
      return false;
    }
    const syntax::HeaderMatch header = syntax::matchHeader(text, noAssemblyContext_);
    if (header.error) {
      errors_.push_back(fmt::format("{}: {}", baseName(path), *header.error));
      return false;
    }
    file.here = file.here && header.match;
    file.elsewhere = file.elsewhere && syntax::matchHeader(text, otherMachineContext_).match;
    file.isTest = isTestFile(path);
    if (source::SourceFile* source = sources.add(path, std::move(text))) {
      source::Diagnostics ignored;
      file.tree = syntax::parseFile(*source, arena, names, options, ignored);
    }
    auto isLeftOut = [&](const syntax::File& tree) {
      return (importsC(tree) && !noAssemblyContext_.cgo) || (tree.name && tree.name->name == "documentation");
    };
    if (!file.tree || !(file.here || file.elsewhere) || isLeftOut(*file.tree)) {
      dropped->emplace_back(baseName(path));
    } else {
      files.push_back(file);
      paths.push_back(path);
    }
  }
  const std::vector<bool> taken = chooseFiles(files);
  for (size_t i = 0; i < files.size(); i++) {
    if (taken[i]) chosen->push_back(paths[i]);
    else dropped->emplace_back(baseName(paths[i]));
  }
  return true;
}

std::string Loader::assemblyWithCode(const Package& package, const std::vector<std::string>& names) const {
  if (isAssemblyInRuntime(package.importPath)) return {};
  for (const std::string& name : names) {
    std::string path = joinPath(package.dir, name), text, ignored;
    if (!disk_.readFile(path, &text, &ignored) || !isBlankAssembly(text)) return path;
  }
  return {};
}

// --- A package's folder ----------------------------------------------------------------------------------------------

bool Loader::scanFolder(Package& package, source::Pos pos) {
  if (package.isStd && !readPatch(package)) return false;
  auto list = [&](const syntax::BuildContext& context, const std::string& dir, Listing* out, std::string* error) {
    std::vector<DirEntry> entries;
    if (!disk_.readDir(dir, &entries, error)) return false;
    for (const DirEntry& e : entries) {
      if (e.isDir) continue;
      const bool hidden = e.name[0] == '_' || e.name[0] == '.', matches = context.matchFileName(e.name);
      if (e.name.ends_with(".go")) {
        if (hidden) {
          if (e.name[0] != '.' || e.name.size() > 1) out->names.ignoredGo.push_back(e.name);
          continue;
        }
        out->anyGo = true;
        out->anyNonTest |= !isTestFile(e.name);
        if (!matches) {
          out->names.ignoredGo.push_back(e.name);
        } else {
          (isTestFile(e.name) ? out->tests : out->go).push_back(joinPath(dir, e.name));
        }
        continue;
      }
      std::vector<std::string>* names = listFor(e.name, out->names);
      if (!names) continue;
      bool taken = matches && !hidden;
      const bool isCode = e.name.ends_with(".s") || e.name.ends_with(".S");
      if (taken && (names != &out->names.syso) && (!package.isStd || options_.listing)) {
        std::string text, ignored;
        if (disk_.readFile(joinPath(dir, e.name), &text, &ignored)) taken = syntax::matchHeader(text, context).match;
      }
      (taken ? *names : out->names.ignoredOther).push_back(e.name);
      out->hasAssembly |= isCode && (taken || package.isStd) && matches;
    }
    return true;
  };
  Listing theirs, ours;
  std::vector<std::string> chosen;  // by the patch, whatever their constraints say
  std::string message;
  Patch* patch = package.patch.get();
  if (!patch || !patch->replace || (options_.readTests && disk_.isDir(package.dir))) {
    bool good = list(contextOf(package), package.dir, &theirs, &message);
    if (good && !package.isStd && !assemblyWithCode(package, theirs.names.s).empty()) {
      package.filesFor = FilesFor::OtherCompiler;
      theirs = {};
      good = list(noAssemblyContext_, package.dir, &theirs, &message);
      if (good && !assemblyWithCode(package, theirs.names.s).empty()) {
        Listing other;
        package.filesFor = FilesFor::Chosen;
        good = list(otherMachineContext_, package.dir, &other, &message);
        std::vector<std::string> go;
        if (options_.readTests) {
          theirs.go.insert(theirs.go.end(), theirs.tests.begin(), theirs.tests.end());
          other.go.insert(other.go.end(), other.tests.begin(), other.tests.end());
        }
        if (good && !chooseWithoutAssembly(theirs.go, other.go, &go, &theirs.names.ignoredGo)) return false;
        theirs.tests.clear();
        theirs.go.clear();
        for (std::string& path : go) (isTestFile(path) ? theirs.tests : theirs.go).push_back(std::move(path));
      }
    }
    if (!good) {
      error(pos, message);
      return false;
    }
  }
  if (patch && patch->replace) {
    theirs.go.clear();
  } else if (patch) {
    std::erase_if(theirs.go, [&](const std::string& path) { return patch->dropsFile(baseName(path)); });
    std::erase_if(theirs.tests, [&](const std::string& path) { return patch->dropsFile(baseName(path)); });
    for (PatchRule& rule : patch->rules) {
      std::string path = joinPath(package.dir, rule.name);
      if (rule.kind != PatchRule::Kind::UseFile || !disk_.isFile(path)) continue;
      rule.used = true;
      std::erase(theirs.go, path);
      chosen.push_back(std::move(path));
    }
  }
  if (patch && !list(contextOf(package), patch->dir, &ours, &message)) {
    error(pos, message);
    return false;
  }
  package.hasAssembly = theirs.hasAssembly || ours.hasAssembly;
  package.names = std::move(theirs.names);
  bool excluded = false;
  const bool byHeader = package.filesFor != FilesFor::Chosen;
  if (!readSources(package, theirs.go, byHeader, false, &excluded) ||
      !readSources(package, chosen, false, false, &excluded) || !readSources(package, ours.go, true, true, &excluded)) {
    return false;
  }
  if (options_.readTests && !readSources(package, theirs.tests, byHeader, false, &excluded)) return false;
  finishScan(package);
  const bool anyTests = !package.tests.files.empty() || !package.externalTests.files.empty();
  if (package.files.empty() && !(anyTests && !pos.isValid())) {
    std::string text;
    if (theirs.anyNonTest || ours.anyNonTest) {
      text = fmt::format("build constraints exclude all Go files in {}", package.dir);
      if (!pos.isValid()) text = fmt::format("package {}: {}", package.importPath, text);
    } else if (theirs.anyGo || ours.anyGo) {
      text = fmt::format("{}no non-test Go files in {}", pos.isValid() ? "" : package.importPath + ": ", package.dir);
    } else if (pos.isValid()) {
      text = missing(package.importPath, nullptr);
    } else {
      text = fmt::format("no Go files in {}", package.dir);
    }
    // What a pattern finds need not be a package of this build.
    if (wildcard_ && !pos.isValid()) return false;
    package.error = text;
    error(pos, text);
    return false;
  }
  if (!package.isStd && !options_.listing) {
    for (const auto& [names, what] : {std::pair{&package.names.c, "C"}, {&package.names.cxx, "C++"}, {&package.names.m, "Objective-C"}, {&package.names.fortran, "Fortran"}}) {
      if (names->empty()) continue;
      std::string all;
      for (const std::string& name : *names) all += " " + name;
      errors_.push_back(fmt::format("package {}: {} source files not allowed when not using cgo or SWIG:{}",
                                    package.importPath, what, all));
      return false;
    }
  }
  if (!resolveEmbeds(package, package)) return false;
  if (patch) {
    std::vector<std::string> unused = unusedRules(*patch, package.importPath, true);
    errors_.insert(errors_.end(), unused.begin(), unused.end());
    if (!unused.empty()) return false;
  }
  return !package.incomplete;
}

bool Loader::resolveEmbeds(Package& package, GoFiles& files) {
  for (const EmbedPattern& p : files.embedPatterns) {
    std::vector<std::string> matched;
    std::string message;
    if (package.embedByPattern.contains(p.pattern)) continue;
    if (!resolveEmbed(disk_, package.dir, p.pattern, &matched, &message)) {
      error(p.pos, message);
      return false;
    }
    for (const std::string& file : matched) {
      const std::string path = joinPath(package.dir, file);
      if (std::string actual = disk_.actual(path); actual != path) package.replacedEmbeds[file] = std::move(actual);
    }
    files.embedFiles.insert(files.embedFiles.end(), matched.begin(), matched.end());
    package.embedByPattern[p.pattern] = std::move(matched);
  }
  std::sort(files.embedFiles.begin(), files.embedFiles.end());
  files.embedFiles.erase(std::unique(files.embedFiles.begin(), files.embedFiles.end()), files.embedFiles.end());
  return true;
}

bool Loader::readSources(Package& package, const std::vector<std::string>& paths, bool obeyConstraints, bool isOurs,
                         bool* excluded) {
  for (const std::string& path : paths) {
    const bool isTest = isTestFile(path);
    std::string text, message;
    if (!disk_.readFile(path, &text, &message)) {
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
        if (!isOurs) package.names.ignoredGo.emplace_back(baseName(path));
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
    bool usesC = false, usesEmbed = false, usesUnsafe = false;
    for (const syntax::ImportSpec* spec : tree->imports) {
      if (!spec->path || spec->path->bad) continue;
      std::string import = unquote(spec->path->value);
      usesC |= import == "C";
      usesEmbed |= import == "embed";
      usesUnsafe |= import == "unsafe";
      if (import == "unsafe" || import == "C" || import.empty()) continue;
      if (package.patch && !isOurs && !isTest && package.patch->dropsImport(import)) continue;
      imports.push_back({std::move(import), spec->name ? spec->name->pos : spec->path->pos});
    }
    if (usesC && !contextOf(package).cgo) {
      *excluded = true;
      if (!isOurs) package.names.ignoredGo.emplace_back(baseName(path));
      continue;
    }
    GoFiles* to = isTest ? &package.tests : &package;
    if (tree->name && !tree->hasErrors) {
      std::string_view name = tree->name->name;
      if (name == "documentation" && obeyConstraints) {
        *excluded = true;
        package.names.ignoredGo.emplace_back(baseName(path));
        continue;
      }
      if (isTest && name.ends_with("_test")) {
        to = &package.externalTests;
        name.remove_suffix(5);
      }
      if (package.name.empty()) {
        package.name = name;
      } else if (package.name != name) {
        const SourceEntry& first = !package.files.empty()         ? package.files.front()
                                   : !package.tests.files.empty() ? package.tests.files.front()
                                                                  : package.externalTests.files.front();
        errors_.push_back(fmt::format("found packages {} ({}) and {} ({}) in {}", package.name, baseName(first.path), name,
                                      baseName(path), package.dir));
        return false;
      }
      if (!isTest && package.doc.empty() && !isOurs && options_.listing)
        package.doc = synopsis(entry.source->text, tree->pos.value - entry.source->base);
    }
    if (usesEmbed) {
      source::Diagnostics alsoIgnored;
      options.importsOnly = false;
      syntax::File* whole = syntax::parseFile(*entry.source, scratch_, names_, options, alsoIgnored);
      for (const syntax::Directive* d : whole->directives) {
        if (d->verb != "go:embed" || !d->ownLine) continue;
        std::vector<std::pair<std::string, size_t>> patterns;
        splitEmbedLine(d->args, &patterns);
        const auto start = static_cast<uint32_t>(d->args.data() - d->text.data());
        for (auto& [pattern, offset] : patterns)
          to->embedPatterns.push_back({std::move(pattern), d->pos + start + static_cast<uint32_t>(offset)});
      }
    }
    to->importsUnsafe |= usesUnsafe;
    to->imports.insert(to->imports.end(), imports.begin(), imports.end());
    to->files.push_back(std::move(entry));
  }
  return true;
}

void Loader::finishScan(Package& package) {
  sortFiles(package);
  sortFiles(package.tests);
  sortFiles(package.externalTests);
  std::sort(package.names.ignoredGo.begin(), package.names.ignoredGo.end());
  package.isCommand = package.name == "main";
  if (package.isCommand) package.symbolPath = "main";
}

}  // namespace burrow::load
