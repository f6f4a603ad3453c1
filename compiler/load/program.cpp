// See program.h.
#include "load/program.h"

#include "syntax/diagnostics.h"

#include <algorithm>

namespace burrow::load {

namespace {

// Packages that the runtime is made of: they may use directives that others may not. gc has the same list.
bool isRuntimePart(std::string_view path) {
  for (std::string_view known :
       {"runtime", "internal/abi", "internal/bytealg", "internal/chacha8rand", "internal/coverage/rtcov",
        "internal/cpu", "internal/goarch", "internal/godebugs", "internal/goexperiment", "internal/goos",
        "internal/profilerecord", "internal/stringslite"}) {
    if (path == known) return true;
  }
  return path.starts_with("runtime/internal/") || path.starts_with("internal/runtime/");
}

}  // namespace

Program::Unit& Program::unit(Package& package) {
  std::unique_ptr<Unit>& slot = units_[&package];
  if (!slot) {
    slot = std::make_unique<Unit>();
    slot->package = &package;
    order_.push_back(slot.get());
  }
  return *slot;
}

Program::Unit& Program::parse(Package& package) {
  Unit& unit = this->unit(package);
  if (unit.parsed) return unit;
  unit.parsed = true;
  for (SourceEntry& entry : package.files) {
    entry.source->lineStarts.clear();
    entry.source->lineDirectives.clear();
    syntax::ParseOptions options;
    options.ids = &unit.ids;
    options.isStd = package.isStd;
    options.fieldTrack = fieldTrack_;
    options.isRuntime = package.isStd && isRuntimePart(package.importPath);
    syntax::File* tree = syntax::parseFile(*entry.source, arena_, names_, options, unit.diagnostics);
    if (package.patch && !entry.isOurs && !entry.path.ends_with("_test.go")) applyPatch(*package.patch, *tree);
    unit.trees.push_back(tree);
  }
  for (const source::Diagnostic& d : unit.diagnostics.list()) {
    // Where the parser has given up the tree is not what was written.
    const bool gaveUp = d.kind == &syntax::diag::NestingTooDeep;
    unit.syntaxErrors = unit.syntaxErrors || gaveUp || d.message.starts_with("syntax error");
  }
  if (package.patch) unit.other = unusedRules(*package.patch, package.importPath, false);
  return unit;
}

Program::Unit& Program::check(Package& package, const CheckOptions& options) {
  Unit& unit = parse(package);
  if (unit.tried || unit.syntaxErrors || !unit.other.empty()) return unit;
  unit.tried = true;
  std::vector<Package*> imports;
  for (const auto& [path, imported] : package.resolved) imports.push_back(imported);
  for (Package* imported : imports) {
    Unit& other = check(*imported, {});
    if (!other.ok() || !other.checked) return unit;
  }
  types::PackageInput input;
  input.path = package.symbolPath;
  input.files = unit.trees;
  input.ids = unit.ids;
  input.version = types::parseLangVersion(options.language.empty() ? package.language : options.language);
  input.sources = &files_;
  input.allowMissingBodies = package.hasAssembly || package.isStd || options.missingBodies;
  input.patched = package.patch != nullptr;
  input.genericBodiesOnly = unit.isCompiled;
  input.importer = [&](std::string_view path, source::Pos, std::string* error) -> types::Package* {
    auto found = package.resolved.find(path);
    if (found == package.resolved.end()) {
      *error = "package not found";
      return nullptr;
    }
    return units_[found->second]->types;
  };
  unit.types = types::checkPackage(context_, input, unit.diagnostics);
  unit.checked = unit.diagnostics.empty();
  return unit;
}

std::vector<Program::Unit*> Program::failed() {
  std::vector<Unit*> list;
  for (Unit* unit : order_) {
    if (!unit->ok()) list.push_back(unit);
  }
  return list;
}

}  // namespace burrow::load
