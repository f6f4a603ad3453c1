// Identifiers and type expressions.
#include "syntax/positions.h"
#include "source/unicode.h"
#include "types/checker.h"
#include "types/type_string.h"

namespace burrow::types {

// What sort of thing o is, for "x (variable of type int) is not a type" and the like.
static std::string_view objectKind(Object* o) {
  switch (o->kind) {
    case ObjectKind::PkgName: return "package name";
    case ObjectKind::Const: return "constant";
    case ObjectKind::TypeName: return as<TypeName>(o)->isAlias() ? "type alias" : is<TypeParam>(o->type) ? "type parameter" : "defined type";
    case ObjectKind::Var:
      switch (as<Var>(o)->varKind) {
        case VarKind::Package: return "package-level variable";
        case VarKind::Local: return "local variable";
        case VarKind::Receiver: return "receiver";
        case VarKind::Param: return "parameter";
        case VarKind::Result: return "result variable";
        case VarKind::Field: return "struct field";
      }
      return "variable";
    case ObjectKind::Func: return as<Func>(o)->pointerReceiver || (o->type != nullptr && as<Signature>(o->type)->recv != nullptr) ? "method" : "function";
    case ObjectKind::Label: return "label";
    case ObjectKind::Builtin: return "built-in function";
    case ObjectKind::Nil: return "untyped nil";
  }
  return "";
}

void Checker::ident(Operand& x, Ident* e, bool wantType) {
  x.invalidate();
  x.expr = e;
  x.label = {};
  auto [scope, o] = lookupScope(e->name);
  if (o == nullptr) {
    if (e->name == "_") {
      error(e, diag::BlankAsValue);
    } else if (source::isValidName(e->name)) {  // otherwise the scanner has complained
      error(e, diag::Undefined, e->name);
    }
    return;
  }
  const Universe& u = universe();
  if ((o == u.any || o == u.comparable) && !requireVersion(e, 18, "predeclared " + std::string(e->name))) return;
  recordUse(e, o);
  bool isType = is<TypeName>(o);
  if (wantType && !isType) {
    error(e, diag::ObjectNotAType, o->name, objectKind(o));
    if (is<Var>(o) && o->pkg == pkg_) o->used = true;
    return;
  }
  // Types are asked again even when they have a type, to notice cycles.
  if (o->type == nullptr || (isType && wantType && o->pkg == pkg_)) objectDecl(o);
  if (!dotImports_.empty()) {
    if (auto it = dotImports_.find(o); it != dotImports_.end())
      for (auto& [fileScope, name] : it->second)
        if (fileScope == scope) name->used = true;
  }
  Type* t = o->type != nullptr ? o->type : invalidType();
  switch (o->kind) {
    case ObjectKind::PkgName: error(e, diag::PackageWithoutSelector, o->name); return;
    case ObjectKind::Const:
      addDependency(o);
      if (!isValid(t)) return;
      if (o == u.iota) {
        if (env_.iota == nullptr) {
          error(e, diag::IotaOutsideConst);
          return;
        }
        x.value = *env_.iota;
      } else {
        x.value = as<Const>(o)->value;
      }
      x.mode = Mode::Constant;
      break;
    case ObjectKind::TypeName: x.mode = Mode::TypeExpr; break;
    case ObjectKind::Var:
      if (o->pkg == pkg_) o->used = true;
      addDependency(o);
      if (!isValid(t)) return;
      x.mode = Mode::Variable;
      break;
    case ObjectKind::Func:
      addDependency(o);
      x.mode = Mode::Value;
      break;
    case ObjectKind::Builtin:
      x.builtin = as<Builtin>(o)->id;
      x.mode = Mode::Builtin;
      break;
    case ObjectKind::Nil: x.mode = Mode::NilValue; break;
    case ObjectKind::Label: return;
  }
  x.type = t;
}

Type* Checker::varType(Expr* e) {
  Type* t = declaredType(e, nullptr);
  validVarType(e, t);
  return t;
}

// Interfaces with type terms are for constraints only. Whether t is one may not be known before all types are complete.
void Checker::validVarType(Expr* e, Type* t) {
  if (isTypeParam(t) || is<Basic>(t)) return;
  later([this, e, t] {
    auto* i = underAs<Interface>(t);
    if (i == nullptr || isTypeParam(t)) return;
    TypeSet* set = typeSetOf(i);
    if (set->isMethodSet()) return;
    error(syntax::reportPos(e), set->comparable ? diag::ConstraintAsTypeComparable : diag::ConstraintAsType, t);
  });
}

Type* Checker::declaredType(Expr* e, TypeName* def) {
  Type* t = typeInternal(e, def);
  if (isGeneric(t)) {
    error(e, diag::GenericTypeNotInstantiated, t);
    t = invalidType();
  }
  recordTypeAndValue(e, Mode::TypeExpr, t);
  return t;
}

Type* Checker::genericType(Expr* e, std::string* cause) {
  Type* t = typeInternal(e, nullptr);
  if (isValid(t) && !isGeneric(t)) {
    *cause = typeText(t) + " is not a generic type";
    t = invalidType();
  }
  recordTypeAndValue(e, Mode::TypeExpr, t);
  return t;
}

// The type that a name denotes.
Type* Checker::typeOperand(const Operand& x) {
  switch (x.mode) {
    case Mode::TypeExpr: return x.type;
    case Mode::Invalid: break;
    default: error(x, diag::NotAType, x);
  }
  return invalidType();
}

Type* Checker::typeInternal(Expr* e, TypeName* def) {
  Operand x;
  switch (e->kind) {
    case syntax::NodeKind::BadExpr: return invalidType();
    case syntax::NodeKind::Ident: ident(x, syntax::as<Ident>(e), true); return typeOperand(x);
    case syntax::NodeKind::SelectorExpr: selector(x, syntax::as<syntax::SelectorExpr>(e), true); return typeOperand(x);
    case syntax::NodeKind::IndexExpr:
      requireVersion(e, 18, "type instantiation");
      return instantiatedType(syntax::as<syntax::IndexExpr>(e));
    case syntax::NodeKind::ParenExpr: return declaredType(syntax::as<syntax::ParenExpr>(e)->x, def);
    case syntax::NodeKind::ArrayType: {
      auto* n = syntax::as<syntax::ArrayType>(e);
      int64_t length = -1;
      if (n->len != nullptr) {
        length = arrayLength(n->len);
      } else {
        error(e, diag::OpenArray);
      }
      Type* elem = varType(n->elem);
      if (length < 0) return invalidType();
      auto* t = make<Array>(elem, length);
      noteWritten(t, e->pos);
      return t;
    }
    case syntax::NodeKind::SliceType: {
      auto* t = make<Slice>(invalidType());
      t->elem = varType(syntax::as<syntax::SliceType>(e)->elem);
      return t;
    }
    case syntax::NodeKind::Ellipsis:  // the parser has complained
      use(syntax::as<syntax::Ellipsis>(e)->elem);
      return invalidType();
    case syntax::NodeKind::StructType: {
      auto* t = make<Struct>();
      structType(t, syntax::as<syntax::StructType>(e));
      noteWritten(t, e->pos);
      return t;
    }
    case syntax::NodeKind::StarExpr: {
      auto* t = make<Pointer>(invalidType());
      t->elem = varType(syntax::as<syntax::StarExpr>(e)->x);
      return isValid(t->elem) ? t : invalidType();
    }
    case syntax::NodeKind::FuncType: {
      Signature* t = newSignature();
      auto* f = syntax::as<syntax::FuncType>(e);
      funcType(t, nullptr, &f->typeParams, f);
      return t;
    }
    case syntax::NodeKind::InterfaceType: {
      auto* t = make<Interface>();
      interfaceType(t, syntax::as<syntax::InterfaceType>(e), def);
      return t;
    }
    case syntax::NodeKind::MapType: {
      auto* n = syntax::as<syntax::MapType>(e);
      auto* t = make<Map>(invalidType(), invalidType());
      t->key = varType(n->key);
      t->elem = varType(n->value);
      noteWritten(t, e->pos);
      later([this, n, t] {
        if (comparableType(t->key)) return;
        error(n->key, diag::InvalidMapKey, t->key, isTypeParam(t->key) ? " (missing comparable constraint)" : "");
      });
      return t;
    }
    case syntax::NodeKind::ChanType: {
      auto* n = syntax::as<syntax::ChanType>(e);
      auto* t = make<Chan>(static_cast<ChanDir>(n->dir), invalidType());
      t->elem = varType(n->elem);
      noteWritten(t, e->pos);
      return t;
    }
    default:
      error(e, diag::NotAType, e);
      use(e);
      return invalidType();
  }
}

bool Checker::validateTypeArgCount(Pos pos, std::string_view name, size_t want, size_t got) {
  if (got == want) return true;
  error(pos, diag::TypeArgCount, got < want ? "not enough" : "too many", name, got, want);
  return false;
}

Type* Checker::instantiatedType(syntax::IndexExpr* e) {
  std::string cause;
  Type* generic = genericType(e->x, &cause);
  if (!cause.empty()) {
    std::string args;
    for (Expr* arg : e->indices) args += (args.empty() ? "[" : ", ") + exprString(arg);
    error(e->x, diag::NotGeneric, e->x, args + "]", cause);
  }
  if (!isValid(generic)) {
    for (Expr* arg : e->indices) use(arg);
    return generic;
  }
  std::vector<Type*> args;
  if (!typeList(e->indices, &args)) return invalidType();
  auto* alias = as<Alias>(generic);
  auto* named = alias != nullptr ? nullptr : unaliasAs<Named>(generic);
  TypeName* name = alias != nullptr ? alias->object : named->object;
  std::span<TypeParam*> params = alias != nullptr ? alias->typeParams : named->typeParams;
  Pos pos = e->x->pos;
  Type* instance = nullptr;
  if (alias != nullptr) {
    if (!validateTypeArgCount(pos, name->name, params.size(), args.size())) return invalidType();
    instance = context_.aliasInstance(alias, args);
  } else {
    Named* inst = context_.instance(named, args);
    if (!inst->instancePos.isValid()) inst->instancePos = pos;
    instance = inst;
  }
  std::span<Type*> typeArgs = context_.copyTypes(args);
  later([=, this] {
    recordInstance(e->x, typeArgs, instance);
    // The parameters are complete only now.
    auto all = alias != nullptr ? alias->typeParams : named->typeParams;
    if (!validateTypeArgCount(pos, name->name, all.size(), typeArgs.size())) return;
    Cause why = newCause();
    size_t bad = relations().verifyTypeArgs(all, typeArgs, &why);
    if (bad < all.size()) {
      error(bad < e->indices.size() ? syntax::reportPos(e->indices[bad]) : pos, diag::TypeArgUnsatisfied, why.text);
    } else {
      monoRecord(pos, all, typeArgs, e->indices);
    }
  });
  return instance;
}

int64_t Checker::arrayLength(Expr* e) {
  if (auto* id = dynAs<Ident>(e)) {
    // A name that is no constant: most likely a type parameter list that lacks its constraint.
    Object* o = lookup(id->name);
    if (o == nullptr) {
      error(id, diag::UndefinedArrayLength, id->name);
      return -1;
    }
    if (!is<Const>(o)) {
      error(id, diag::InvalidArrayLength, id->name);
      return -1;
    }
  }
  Operand x;
  expr(nullptr, x, e);
  if (!x.isConstant()) {
    if (x.isValid()) error(x, diag::ArrayLengthNotConstant, x);
    return -1;
  }
  if (isUntyped(x.type) || isInteger(x.type)) {
    Constant v = x.value.toInt();
    int64_t n = 0;
    if (v.kind() == Constant::Kind::Int && v.int64Value(&n) && n >= 0) return n;
    if (!x.value.isKnown()) return -1;
  }
  if (isInteger(x.type)) {
    error(x, diag::InvalidArrayLength, x);
  } else {
    error(x, diag::ArrayLengthNotInteger, x);
  }
  return -1;
}

bool Checker::typeList(std::span<Expr* const> exprs, std::vector<Type*>* out) {
  bool ok = true;
  for (Expr* e : exprs) {
    Type* t = varType(e);
    ok = ok && isValid(t);
    out->push_back(t);
  }
  return ok;
}

}  // namespace burrow::types
