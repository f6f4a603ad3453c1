// Collecting the package's names: every package-level declaration of every file becomes an object with its DeclInfo, before
// any of them is looked at. Methods are matched with their receiver's type name by syntax alone, since types do not exist
// yet; they are added to the type when its declaration is looked at.
#include <algorithm>

#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

using syntax::ConstSpec;
using syntax::FuncDecl;
using syntax::GenDecl;
using syntax::TypeSpec;
using syntax::VarSpec;

DeclInfo* Checker::newDecl(Scope* fileScope) {
  auto* d = make<DeclInfo>();
  d->fileScope = fileScope;
  d->version = env_.version;
  return d;
}

void Checker::addObject(Object* o, DeclInfo* d) {
  o->declInfo = d;
  if (d->object == nullptr) d->object = o;
  objects_.push_back(o);
  o->order = static_cast<uint32_t>(objects_.size());
}

void Checker::declarePackageObject(const Ident* id, Object* o, DeclInfo* d) {
  if (id->name == "init") {
    error(id, diag::CannotDeclareInit);
    return;
  }
  if (id->name == "main" && pkg_->name == "main") {
    error(id, diag::CannotDeclareMain);
    return;
  }
  declare(pkg_->scope, id, o, Pos{});
  addObject(o, d);
}

void Checker::arity(Pos pos, std::span<Ident* const> names, std::span<Expr* const> values, bool isConst, bool inherited) {
  size_t l = names.size(), r = values.size();
  if (l < r) {
    if (inherited) {
      error(pos, diag::ExtraInitAt, values[l]->pos);
    } else {
      error(values[l], diag::ExtraInit, values[l]);
    }
  } else if (l > r && (isConst || r != 1)) {  // a single value may be a call with several results
    error(names[r], diag::MissingInit, names[r]->name);
  }
}

void Checker::collectConsts(GenDecl* decl, Scope* fileScope) {
  for (syntax::Spec* spec : decl->specs) {
    auto* s = dynAs<ConstSpec>(spec);
    if (s == nullptr) continue;
    const ConstSpec* from = s->inherited != nullptr ? s->inherited : s;
    for (size_t i = 0; i < s->names.size(); i++) {
      Ident* name = s->names[i];
      auto* o = make<Const>(name->pos, pkg_, name->name, nullptr);
      DeclInfo* d = newDecl(fileScope);
      d->type = from->type;
      d->init = i < from->values.size() ? from->values[i] : nullptr;
      d->inherited = s->inherited != nullptr;
      d->iota = s->index;
      declarePackageObject(name, o, d);
    }
    arity(s->pos, s->names, from->values, true, s->inherited != nullptr);
  }
}

void Checker::collectVars(VarSpec* s, Scope* fileScope) {
  DeclInfo* shared = nullptr;  // n variables, one value
  if (s->values.size() == 1 || s->values.empty()) {
    shared = newDecl(fileScope);
    shared->type = s->type;
    shared->init = s->values.empty() ? nullptr : s->values[0];
  }
  std::vector<Var*> lhs;
  for (size_t i = 0; i < s->names.size(); i++) {
    Ident* name = s->names[i];
    Var* o = newVar(VarKind::Package, name->pos, name->name, nullptr);
    lhs.push_back(o);
    DeclInfo* d = shared;
    if (d == nullptr) {
      d = newDecl(fileScope);
      d->type = s->type;
      d->init = i < s->values.size() ? s->values[i] : nullptr;
    }
    declarePackageObject(name, o, d);
  }
  if (shared != nullptr) shared->lhs = std::move(lhs);
  if (s->type == nullptr || !s->values.empty()) arity(s->pos, s->names, s->values, false, false);
}

bool Checker::unpackReceiver(Expr* type, Expr** base, std::vector<Ident*>* params) {
  Expr* e = syntax::unparen(type);
  bool pointer = false;
  if (auto* star = dynAs<syntax::StarExpr>(e)) {
    pointer = true;
    e = syntax::unparen(star->x);
  }
  if (auto* index = dynAs<syntax::IndexExpr>(e)) {
    e = index->x;
    if (params != nullptr) {
      for (Expr* arg : index->indices) {
        auto* id = dynAs<Ident>(arg);
        if (id == nullptr) {
          if (arg->kind != syntax::NodeKind::BadExpr) error(arg, diag::ReceiverParamNotName, arg);
          id = make<Ident>();
          id->pos = arg->pos;
          id->name = "_";
        }
        params->push_back(id);
      }
    }
  }
  *base = e;
  return pointer;
}

void Checker::collectFunc(FuncDecl* decl, Scope* fileScope) {
  std::string_view name = decl->name->name;
  auto* f = make<Func>(decl->name->pos, pkg_, name, nullptr);
  f->decl = decl;
  f->checker = this;
  info_->functions.push_back(f);
  const auto& typeParams = decl->type->typeParams.fields;
  if (!decl->isMethod) {
    if (name == "init" || (name == "main" && pkg_->name == "main")) {
      if (!typeParams.empty()) error(typeParams[0], diag::FuncNoTypeParams, name);
      if (!decl->type->params.empty() || !decl->type->results.empty()) error(decl->name, diag::FuncNoArguments, name);
    } else if (!typeParams.empty()) {
      requireVersion(typeParams[0], 18, "type parameter");
    }
    if (name == "init") {
      // Not declared: cannot be referred to, and there may be several.
      f->parent = pkg_->scope;
      recordDef(decl->name, f);
      if (decl->body == nullptr) error(f, diag::MissingInitBody);
    } else {
      declare(pkg_->scope, decl->name, f, Pos{});
    }
  } else {
    if (!decl->recv.fields.empty()) {
      Expr* base = nullptr;
      bool pointer = unpackReceiver(decl->recv.fields[0]->type, &base, nullptr);
      if (auto* id = dynAs<Ident>(base); id != nullptr && name != "_") pendingMethods_.push_back({f, pointer, id});
      f->pointerReceiver = pointer;
    }
    if (!typeParams.empty()) requireVersion(typeParams[0], 27, "generic method");
    recordDef(decl->name, f);
  }
  DeclInfo* d = newDecl(fileScope);
  d->func = decl;
  addObject(f, d);
}

void Checker::collectObjects() {
  for (size_t i = 0; i < pkg_->files.size(); i++) {
    syntax::File* file = pkg_->files[i];
    env_.version = pkg_->fileVersions[i];
    Scope* fileScope = make<Scope>(pkg_->scope, file->pos, file->eof, "file");
    pkg_->fileScopes.push_back(fileScope);
    recordScope(file, fileScope);
    for (syntax::Decl* decl : file->decls) {
      if (auto* f = dynAs<FuncDecl>(decl)) {
        collectFunc(f, fileScope);
        continue;
      }
      auto* g = dynAs<GenDecl>(decl);
      if (g == nullptr) continue;
      if (g->tok == Token::Const) collectConsts(g, fileScope);
      for (syntax::Spec* spec : g->specs) {
        if (auto* s = dynAs<syntax::ImportSpec>(spec)) collectImport(s, fileScope);
        if (auto* s = dynAs<VarSpec>(spec)) collectVars(s, fileScope);
        if (auto* s = dynAs<TypeSpec>(spec)) {
          DeclInfo* d = newDecl(fileScope);
          d->typeSpec = s;
          declarePackageObject(s->name, make<TypeName>(s->name->pos, pkg_, s->name->name, nullptr), d);
        }
      }
    }
  }
  env_.version = pkg_->version;
  checkFileScopeConflicts();
  associateMethods();
}

// A name may not be declared both in the package block and in the file block of one of its files.
void Checker::checkFileScopeConflicts() {
  for (Scope* scope : pkg_->fileScopes) {
    for (Object* o : scope->objects()) {
      Object* other = pkg_->scope->lookup(o->name);
      if (other == nullptr) continue;
      if (auto* p = as<PkgName>(o)) {
        errorWithNotes(other, otherDeclaration(p), diag::DeclaredThroughImport, other->name,
                       "package " + std::string(p->imported->name) + " (\"" + std::string(p->imported->path) + "\")");
      } else {
        errorWithNotes(other, otherDeclaration(o), diag::DeclaredThroughDotImport, other->name,
                       "package " + std::string(o->pkg->name) + " (\"" + std::string(o->pkg->path) + "\")");
      }
    }
  }
}

// The declared type that a receiver's base name leads to, through aliases; they may add one pointer.
TypeName* Checker::resolveBaseTypeName(bool* pointer, const Ident* name) {
  std::vector<TypeName*> seen;
  while (name != nullptr) {
    auto* tn = as<TypeName>(pkg_->scope->lookup(name->name));
    if (tn == nullptr || tn->declInfo == nullptr) return nullptr;
    if (std::find(seen.begin(), seen.end(), tn) != seen.end()) return nullptr;
    TypeSpec* spec = tn->declInfo->typeSpec;
    if (!spec->isAlias()) return tn;
    if (!spec->typeParams.empty()) return nullptr;
    seen.push_back(tn);
    Expr* e = syntax::unparen(spec->type);
    if (auto* star = dynAs<syntax::StarExpr>(e)) {
      if (*pointer) return nullptr;  // pointer to pointer
      *pointer = true;
      e = syntax::unparen(star->x);
    }
    name = dynAs<Ident>(e);
  }
  return nullptr;
}

void Checker::associateMethods() {
  for (PendingMethod& m : pendingMethods_) {
    bool pointer = m.pointer;
    if (TypeName* base = resolveBaseTypeName(&pointer, m.recv)) {
      m.func->pointerReceiver = pointer;
      methods_[base].push_back(m.func);
    }
  }
  pendingMethods_.clear();
}

// Types first and aliases after them, so that an alias never stands for a type that is not there yet.
void Checker::packageObjects() {
  std::vector<Object*> aliases, others;
  for (size_t i = 0; i < objects_.size(); i++) {
    Object* o = objects_[i];
    if (!is<TypeName>(o)) {
      others.push_back(o);
    } else if (o->declInfo->typeSpec->isAlias()) {
      aliases.push_back(o);
    } else {
      objectDecl(o);
    }
  }
  for (Object* o : aliases) objectDecl(o);
  for (Object* o : others) objectDecl(o);
  methods_.clear();
}

}  // namespace burrow::types
