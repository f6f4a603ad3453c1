// Import declarations.
#include <algorithm>
#include <filesystem>

#include "source/unicode.h"
#include "types/checker.h"
#include "types/text.h"

namespace burrow::types {

// What is wrong with an import path; empty when nothing.
static std::string importPathError(std::string_view literal, std::string* path) {
  if (!unquoteString(literal, path)) return "invalid syntax";
  if (path->empty()) return "empty string";
  constexpr std::string_view kIllegal = "!\"#$%&'()*,:;<=>?[\\]^{|}`";
  for (size_t i = 0; i < path->size();) {
    uint32_t r = decodeRune(*path, &i);
    bool bad = r <= ' ' || r == 0x7F || r == 0xFFFD || (r < 0x80 && kIllegal.find(static_cast<char>(r)) != kIllegal.npos);
    if (bad || !source::isPrintableRune(r)) return "invalid character " + source::describeRune(r);
  }
  return "";
}

// Paths that no package can have, in gc's words.
static std::string unsuitablePath(std::string_view path) {
  if (path.starts_with('/')) return "import path cannot be absolute path";
  if (path.starts_with("./") || path.starts_with("../") || path == "." || path == "..") return "";
  std::string clean = std::filesystem::path(path).lexically_normal().string();
  while (clean.ends_with('/')) clean.pop_back();
  if (clean != path) return "non-canonical import path " + quote(path) + " (should be " + quote(clean) + ")";
  return "";
}

Package* Checker::importPackage(syntax::ImportSpec* spec, std::string_view path) {
  if (path == "unsafe") return universe().unsafe;
  if (auto it = importCache_.find(path); it != importCache_.end()) return it->second;
  std::string reason = unsuitablePath(path);
  Package* p = reason.empty() && input_.importer ? input_.importer(path, spec->path->pos, &reason) : nullptr;
  if (p != nullptr && (p->name.empty() || p->name == "_")) {
    reason = "invalid package name: " + quote(p->name);
    p = nullptr;
  }
  path = arena().copy(path);
  if (p == nullptr) {
    if (reason.empty()) reason = "package not found";
    error(spec->path, diag::CouldNotImport, path, reason);
    // A stand-in that has every name, so that its uses are not reported one by one.
    p = make<Package>();
    p->path = path;
    std::string_view name = path;
    while (name.ends_with('/')) name.remove_suffix(1);
    p->name = name.substr(name.rfind('/') + 1);
    p->scope = make<Scope>(universe().scope, Pos{}, Pos{}, "package");
    p->fake = true;
  }
  importCache_.emplace(path, p);
  return p;
}

void Checker::collectImport(syntax::ImportSpec* spec, Scope* fileScope) {
  if (spec->path == nullptr || spec->path->bad) return;
  std::string path;
  if (std::string reason = importPathError(spec->path->value, &path); !reason.empty()) {
    error(spec->path, diag::InvalidImportPath, reason);
    return;
  }
  Package* imported = importPackage(spec, path);
  std::string_view name = spec->name != nullptr ? spec->name->name : imported->name;
  if (name == "init") {
    error(spec, diag::ImportAsInit);
    return;
  }
  if (std::find(pkg_->imports.begin(), pkg_->imports.end(), imported) == pkg_->imports.end())
    pkg_->imports.push_back(imported);
  auto* object = make<PkgName>(spec->name != nullptr ? spec->name->pos : spec->path->pos, pkg_, name, imported);
  if (spec->name != nullptr) {
    recordDef(spec->name, object);
  } else {
    recordImplicit(spec, object);
  }
  if (imported->fake) object->used = true;
  imports_.push_back(object);
  if (name == ".") {
    dotImport(spec, object, fileScope);
  } else {
    declare(fileScope, nullptr, object, Pos{});
  }
}

void Checker::dotImport(syntax::ImportSpec* spec, PkgName* name, Scope* fileScope) {
  for (Object* o : name->imported->scope->objects()) {
    if (!o->isExported()) continue;
    if (Object* other = fileScope->insertAs(o->name, o)) {
      errorWithNotes(spec->name, otherDeclaration(other), diag::Redeclared, other->name);
    } else {
      dotImports_[o].emplace_back(fileScope, name);
    }
  }
}

void Checker::unusedImports() {
  for (PkgName* p : imports_) {
    if (p->name == "_" || p->used) continue;
    std::string_view path = p->imported->path;
    std::string_view elem = path.substr(path.rfind('/') + 1);
    if (p->name.empty() || p->name == "." || p->name == elem) {
      error(p, diag::UnusedImport, quote(path));
    } else {
      error(p, diag::UnusedImportAs, quote(path), p->name);
    }
  }
}

}  // namespace burrow::types
