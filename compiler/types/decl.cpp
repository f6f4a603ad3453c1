// Declarations: constants, variables, types, functions, methods; package-level ones on demand, local ones in order.
#include <algorithm>

#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

using syntax::ConstSpec;
using syntax::GenDecl;
using syntax::TypeSpec;
using syntax::VarSpec;

void Checker::declare(Scope* scope, const Ident* id, Object* o, Pos scopePos) {
  // The blank identifier introduces no binding.
  if (o->name != "_") {
    if (Object* other = scope->insert(o)) {
      errorWithNotes(o, otherDeclaration(other), diag::Redeclared, o->name);
      return;
    }
    o->scopePos = scopePos;
    auto* v = as<Var>(o);
    if (v != nullptr && v->varKind == VarKind::Local && env_.locals != nullptr) env_.locals->push_back(v);
  }
  if (id != nullptr) recordDef(id, o);
}

void Checker::addDependency(Object* to) {
  if (env_.decl == nullptr || to->declInfo == nullptr) return;
  if (env_.decl->depSet.insert(to).second) env_.decl->deps.push_back(to);
}

void Checker::objectDecl(Object* o) {
  if (o->pathIndex != 0) {
    // Met while it is being looked at.
    bool valid = validCycle(o);
    if ((is<Const>(o) || is<Var>(o)) && (!valid || o->type == nullptr)) o->type = invalidType();
    if (is<TypeName>(o) && !valid) o->type = invalidType();
    return;
  }
  if (o->type != nullptr) return;
  DeclInfo* d = o->declInfo;
  if (d == nullptr) {
    o->type = invalidType();
    return;
  }
  Environment saved = env_;
  env_ = Environment{};
  env_.scope = d->fileScope;
  env_.version = d->version;
  push(o);
  switch (o->kind) {
    case ObjectKind::Const:
      env_.decl = d;
      constDecl(as<Const>(o), d->type, d->init, d->inherited, d->iota);
      break;
    case ObjectKind::Var:
      env_.decl = d;
      varDecl(as<Var>(o), d->lhs, d->type, d->init);
      break;
    case ObjectKind::TypeName:
      typeDecl(as<TypeName>(o), d->typeSpec);
      collectMethods(as<TypeName>(o));
      break;
    case ObjectKind::Func: funcDecl(as<Func>(o), d); break;
    default: break;
  }
  pop();
  env_ = saved;
}

void Checker::constDecl(Const* c, Expr* type, Expr* init, bool inherited, int64_t iota) {
  const Constant* savedIota = env_.iota;
  Pos savedPos = env_.errorPos;
  env_.iota = make<Constant>(Constant::ofInt(iota));
  env_.errorPos = Pos{};
  auto restore = [&] {
    env_.iota = savedIota;
    env_.errorPos = savedPos;
  };
  if (type != nullptr) {
    Type* t = typ(type);
    if (!isConstType(t)) {
      if (under(t) != invalidType()) error(type, diag::InvalidConstType, t);
      c->type = invalidType();
      return restore();
    }
    c->type = t;
  }
  Operand x;
  if (init != nullptr) {
    // The initialiser stands elsewhere: errors in it are this constant's.
    if (inherited) env_.errorPos = c->pos;
    expr(nullptr, x, init);
  }
  initConst(c, x);
  restore();
}

void Checker::varDecl(Var* v, std::span<Var* const> lhs, Expr* type, Expr* init) {
  if (type != nullptr) v->type = varType(type);
  if (init == nullptr) {
    if (type == nullptr) v->type = invalidType();
    return;
  }
  if (lhs.size() <= 1) {
    Operand x;
    auto target = newTarget(v->type, std::string(v->name));
    expr(target ? &*target : nullptr, x, init);
    initVar(v, x, Purpose{"variable declaration"});
    return;
  }
  // Several variables, one value: all are worked out together.
  if (type != nullptr)
    for (Var* other : lhs) other->type = v->type;
  Expr* values[] = {init};
  initVars(lhs, values, nullptr);
}

// --- Types -------------------------------------------------------------------------------------------------------

void Checker::typeDecl(TypeName* o, TypeSpec* spec) {
  if (spec->isAlias()) return aliasDecl(o, spec);
  if (!spec->typeParams.empty()) requireVersion(spec->typeParams.fields[0], 18, "type parameter");
  Named* named = context_.newNamed(o);
  info_->namedTypes.push_back(o);
  later([this, named] { validType(named); });
  if (env_.func != nullptr) {
    o->enclosing = env_.func;
    Signature* outer = env_.func->signature();
    std::vector<TypeParam*> params(outer->recvTypeParams.begin(), outer->recvTypeParams.end());
    params.insert(params.end(), outer->typeParams.begin(), outer->typeParams.end());
    named->outerParams = list(params);
  }
  bool generic = !spec->typeParams.empty();
  if (generic) {
    openScope(spec, "type parameters");
    collectTypeParams(spec->typeParams, &named->typeParams);
  }
  Type* rhs = declaredType(spec->type, o);
  named->fromRhs = rhs;
  if (is<Map>(rhs) || is<Chan>(rhs)) declaredContainers_.push_back({rhs, syntax::reportPos(spec->name)});
  if (isTypeParam(rhs)) {
    error(spec->type, diag::TypeParamAsRhs);
    named->fromRhs = invalidType();
  }
  if (generic) closeScope();
}

void Checker::aliasDecl(TypeName* o, TypeSpec* spec) {
  bool generic = !spec->typeParams.empty();
  bool versionOk = !generic || requireVersion(spec->typeParams.fields[0], 23, "generic type alias");
  if (versionOk) requireVersion(spec, 9, "type alias");
  auto* alias = make<Alias>(o);
  o->type = alias;
  if (env_.func != nullptr) o->enclosing = env_.func;
  if (generic) {
    openScope(spec, "type parameters");
    collectTypeParams(spec->typeParams, &alias->typeParams);
  }
  Type* rhs = declaredType(spec->type, o);
  auto* p = as<TypeParam>(rhs);
  bool ownParam = p != nullptr && std::find(alias->typeParams.begin(), alias->typeParams.end(), p) != alias->typeParams.end();
  if (ownParam) error(spec->type, diag::TypeParamAsAliasRhs);
  // A cycle error may have made it invalid already.
  if (alias->rhs == nullptr) alias->rhs = ownParam ? invalidType() : rhs;
  if (generic) closeScope();
}

void Checker::collectTypeParams(const syntax::FieldList& fields, std::span<TypeParam*>* params) {
  std::vector<TypeParam*> all;
  Pos scopePos = fields.fields.empty() ? Pos{} : fields.fields[0]->pos;
  for (syntax::Field* f : fields.fields)
    for (Ident* name : f->names) all.push_back(declareTypeParam(name, static_cast<uint32_t>(all.size()), scopePos));
  *params = list(all);
  bool saved = env_.inTypeParams;
  env_.inTypeParams = true;
  size_t i = 0;
  for (syntax::Field* f : fields.fields) {
    Type* b = bound(f->type);
    if (isTypeParam(b)) {
      error(f->type, diag::TypeParamAsConstraint);
      b = invalidType();
    }
    for (size_t k = 0; k < f->names.size(); k++) all[i++]->bound = b;
  }
  env_.inTypeParams = saved;
}

Type* Checker::bound(Expr* e) {
  auto* u = dynAs<syntax::UnaryExpr>(e);
  auto* b = dynAs<syntax::BinaryExpr>(e);
  bool element = (u != nullptr && u->op == Token::Tilde) || (b != nullptr && b->op == Token::Or);
  if (!element) return typ(e);
  auto* t = make<Interface>();
  t->embeddeds = list(std::vector<Type*>{unionType(e)});
  t->embedPos = list(std::vector<Pos>{syntax::reportPos(e)});
  t->implicit = true;
  t->complete = true;
  recordTypeAndValue(e, Mode::TypeExpr, t);
  later([this, t] { validateInterface(t); });
  return t;
}

TypeParam* Checker::declareTypeParam(const Ident* name, uint32_t index, Pos scopePos) {
  auto* o = make<TypeName>(name->pos, pkg_, name->name, nullptr);
  TypeParam* p = context_.newTypeParam(o, index, invalidType());
  declare(env_.scope, name, o, scopePos);
  return p;
}

// --- Functions and methods ---------------------------------------------------------------------------------------

void Checker::collectMethods(TypeName* o) {
  auto it = methods_.find(o);
  if (it == methods_.end()) return;
  std::vector<Func*> methods = std::move(it->second);
  methods_.erase(it);
  auto* base = unaliasAs<Named>(o->type);
  if (base != nullptr) later([this, base] { checkFieldUniqueness(base); });
  NameSet set;
  for (Func* m : methods) {
    if (Object* other = set.insert(m)) {
      error(m, diag::MethodRedeclared, o->name, m->name, other->pos);
      continue;
    }
    if (base != nullptr) base->methods.push_back(m);
  }
}

void Checker::checkFieldUniqueness(Named* base) {
  auto* s = underAs<Struct>(base);
  if (s == nullptr) return;
  NameSet set;
  for (Func* m : base->methods) set.insert(m);
  for (Var* f : s->fields) {
    if (f->name == "_") continue;
    Object* other = set.insert(f);
    if (other != nullptr && is<Func>(other)) errorWithNotes(other, otherDeclaration(f), diag::FieldAndMethod, f->name);
  }
}

void Checker::funcDecl(Func* f, DeclInfo* d) {
  Signature* sig = newSignature();
  f->type = sig;  // for cycles
  syntax::FuncDecl* decl = d->func;
  funcType(sig, decl->isMethod ? &decl->recv : nullptr, &decl->type->typeParams, decl->type);
  if (decl->body == nullptr && !decl->type->typeParams.empty()) {
    error(decl, diag::GenericWithoutBody);
  }
  const bool generic = !sig->typeParams.empty() || !sig->recvTypeParams.empty();
  if (decl->body == nullptr || (input_.genericBodiesOnly && !generic)) return;
  later([this, d, f, sig, decl] { funcBody(d, f, sig, decl->body, nullptr); });
}

// --- Declarations in functions -----------------------------------------------------------------------------------

void Checker::declStmt(GenDecl* decl) {
  if (decl->tok == Token::Const) return localConsts(decl);
  for (syntax::Spec* spec : decl->specs) {
    if (auto* s = dynAs<VarSpec>(spec)) localVars(s);
    if (auto* s = dynAs<TypeSpec>(spec)) {
      auto* o = make<TypeName>(s->name->pos, pkg_, s->name->name, nullptr);
      // A type's name is in scope from its identifier on.
      declare(env_.scope, s->name, o, s->name->pos);
      push(o);
      typeDecl(o, s);
      pop();
    }
  }
}

void Checker::localConsts(GenDecl* decl) {
  for (syntax::Spec* spec : decl->specs) {
    auto* s = dynAs<ConstSpec>(spec);
    if (s == nullptr) continue;
    size_t top = delayed_.size();
    const ConstSpec* from = s->inherited != nullptr ? s->inherited : s;
    bool inherited = s->inherited != nullptr;
    std::vector<Const*> lhs;
    for (size_t i = 0; i < s->names.size(); i++) {
      lhs.push_back(make<Const>(s->names[i]->pos, pkg_, s->names[i]->name, nullptr));
      constDecl(lhs.back(), from->type, i < from->values.size() ? from->values[i] : nullptr, inherited, s->index);
    }
    arity(s->pos, s->names, from->values, true, inherited);
    processDelayed(top);  // function literals in the values see the scope without the new names
    Pos scopePos = syntax::endPos(s);
    for (size_t i = 0; i < lhs.size(); i++) declare(env_.scope, s->names[i], lhs[i], scopePos);
  }
}

void Checker::localVars(VarSpec* s) {
  size_t top = delayed_.size();
  std::vector<Var*> lhs;
  for (Ident* name : s->names) lhs.push_back(newVar(VarKind::Local, name->pos, name->name, nullptr));
  for (size_t i = 0; i < lhs.size(); i++) {
    std::span<Var* const> all;
    Expr* init = nullptr;
    if (s->values.size() == lhs.size()) {
      init = s->values[i];
    } else if (s->values.size() == 1) {
      all = lhs;
      init = s->values[0];
    } else if (i < s->values.size()) {
      init = s->values[i];
    }
    varDecl(lhs[i], all, s->type, init);
    if (s->values.size() == 1) break;  // the rest has been done together
  }
  if (s->type == nullptr || !s->values.empty()) arity(s->pos, s->names, s->values, false, false);
  processDelayed(top);
  for (Var* v : lhs)
    if (v->type == nullptr) v->type = invalidType();
  Pos scopePos = syntax::endPos(s);
  for (size_t i = 0; i < lhs.size(); i++) declare(env_.scope, s->names[i], lhs[i], scopePos);
}

}  // namespace burrow::types
