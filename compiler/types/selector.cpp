// Selector expressions: qualified names, fields, methods, method expressions.
#include "syntax/positions.h"
#include "source/unicode.h"
#include "types/checker.h"
#include "types/text.h"

namespace burrow::types {

using syntax::SelectorExpr;

bool Checker::qualifiedName(Operand& x, SelectorExpr* e, PkgName* name) {
  recordUse(static_cast<Ident*>(e->x), name);
  name->used = true;
  Package* p = name->imported;
  std::string_view sel = e->sel->name;
  Object* o = p->scope->lookup(sel);
  if (o == nullptr || !o->isExported()) {  // what is not exported does not exist for others
    if (p->fake || !source::isValidName(sel)) return false;
    Object* similar = nullptr;
    for (Object* each : p->scope->objects())
      if (similar == nullptr && each->isExported() && equalFold(each->name, sel)) similar = each;
    if (similar != nullptr) {
      error(e->sel, diag::UndefinedImportedHint, static_cast<Expr*>(e), similar->name);
    } else {
      error(e->sel, diag::UndefinedImported, static_cast<Expr*>(e));
    }
    return false;
  }
  recordUse(e->sel, o);
  x.type = o->type != nullptr ? o->type : invalidType();
  switch (o->kind) {
    case ObjectKind::Const:
      x.mode = Mode::Constant;
      x.value = as<Const>(o)->value;
      break;
    case ObjectKind::TypeName: x.mode = Mode::TypeExpr; break;
    case ObjectKind::Var: x.mode = Mode::Variable; break;
    case ObjectKind::Func: x.mode = Mode::Value; break;
    case ObjectKind::Builtin:
      x.mode = Mode::Builtin;
      x.builtin = as<Builtin>(o)->id;
      break;
    default: return false;
  }
  if (x.mode != Mode::Builtin && !isValid(x.type)) return false;
  return true;
}

void Checker::selector(Operand& x, SelectorExpr* e, bool wantType) {
  auto fail = [&] {
    x.invalidate();
    x.type = invalidType();
    x.expr = e;
  };
  std::string_view sel = e->sel->name;
  // A package name is no expression of its own.
  if (auto* id = dynAs<Ident>(e->x)) {
    if (auto* name = as<PkgName>(lookup(id->name))) {
      x = Operand{};
      x.expr = e;
      if (!qualifiedName(x, e, name)) fail();
      return;
    }
  }
  exprOrType(x, e->x, false);
  if (x.mode == Mode::Builtin) {
    error(e->pos, diag::BuiltinInSelector, x);
    return fail();
  }
  if (!x.isValid() || !isComplete(x.type)) return fail();
  if (wantType) {
    error(e->sel, diag::NotAType, static_cast<Expr*>(e));
    return fail();
  }
  if (auto* p = underAs<Pointer>(x.type); p != nullptr && !isComplete(p->elem)) return fail();

  LookupResult found = lookupFieldOrMethod(x.type, x.mode == Mode::Variable, pkg_, sel);
  if (found.object == nullptr) {
    selectorError(x, e, found);
    return fail();
  }
  if (auto* f = as<Var>(found.object)) {
    if (x.mode == Mode::TypeExpr) {
      error(e->x, diag::FieldOfType, sel, x.type);
      return fail();
    }
    recordSelection(e, SelectionKind::Field, x.type, found, f->type);
    x.mode = x.mode == Mode::Variable || found.indirect ? Mode::Variable : Mode::Value;
    x.type = f->type;
    x.expr = e;
    return;
  }
  auto* m = as<Func>(found.object);
  if (m->type == nullptr || m->origin->pathIndex != 0) objectDecl(m->origin);
  addDependency(m->origin);
  Signature* declared = m->signature();
  if (declared == nullptr) return fail();
  auto* sig = make<Signature>(*declared);
  sig->recv = nullptr;
  sig->recvTypeParams = {};
  sig->scope = nullptr;
  if (x.mode == Mode::TypeExpr) {
    if (declared->recv == nullptr) return fail();  // on a cycle, which has been reported
    // The receiver becomes the first parameter; it is named when the other parameters are.
    std::vector<Var*> params;
    std::string_view name;
    if (declared->params->size() > 0 && !declared->params->vars[0]->name.empty()) {
      name = declared->recv->name.empty() ? std::string_view("_") : declared->recv->name;
    }
    params.push_back(make<Var>(declared->recv->pos, declared->recv->pkg, name, x.type, VarKind::Param));
    params.insert(params.end(), declared->params->vars.begin(), declared->params->vars.end());
    sig->params = context_.newTuple(params);
    recordSelection(e, SelectionKind::MethodExpr, x.type, found, sig);
  } else {
    recordSelection(e, SelectionKind::MethodValue, x.type, found, sig);
  }
  x.mode = Mode::Value;
  x.type = sig;
  x.expr = e;
}

void Checker::selectorError(const Operand& x, SelectorExpr* e, const LookupResult& found) {
  std::string_view sel = e->sel->name;
  if (under(x.type) == invalidType()) return;
  if (!found.index.empty()) {
    error(e->sel, diag::AmbiguousSelector, x.expr, sel);
    return;
  }
  if (found.indirect) {
    if (x.mode == Mode::TypeExpr) {
      error(e->sel, diag::InvalidMethodExpr, x.type, sel, x.type, sel);
    } else {
      error(e->sel, diag::PointerMethodOnValue, sel, x.type);
    }
    return;
  }
  std::string why;
  if (isInterfacePointer(x.type)) {
    why = relations().interfacePointerError(x.type);
  } else {
    LookupResult alt = lookupFieldOrMethod(x.type, x.mode == Mode::Variable, pkg_, sel, true);
    why = lookupError(x.type, sel, alt.object, false);
  }
  error(e->sel, diag::MissingFieldOrMethod, x.expr, sel, why);
}

// Everything behind the first character.
static std::string_view tail(std::string_view s) {
  size_t i = 0;
  if (!s.empty()) decodeRune(s, &i);
  return s.substr(i);
}

std::string Checker::lookupError(Type* t, std::string_view sel, Object* alternative, bool structLit) {
  enum { Missing, Misspelled, Unexported, Inaccessible } e = Missing;
  std::string alt;
  if (alternative != nullptr) {
    alt = alternative->name;
    bool altExported = isExportedName(alt);
    if (alternative->pkg == pkg_) {
      e = Misspelled;
    } else if (isExportedName(sel)) {
      if (altExported) {
        e = Misspelled;
      } else if (tail(sel) == tail(alt)) {
        e = Unexported;
      }
    } else if (altExported) {
      if (tail(sel) == tail(alt)) e = Misspelled;
    } else if (sel == alt) {
      e = Inaccessible;
    }
  }
  std::string name(sel);
  std::string type = typeText(t);
  if (structLit) {
    if (e == Inaccessible) return "cannot refer to unexported field " + alt + " in struct literal of type " + type;
    std::string s = "unknown field " + name + " in struct literal of type " + type;
    if (e == Misspelled) s += ", but does have " + alt;
    if (e == Unexported) s += ", but does have unexported " + alt;
    return s;
  }
  std::string what = is<Var>(alternative) ? "field " : is<Func>(alternative) ? "method " : "object ";
  if (e == Inaccessible) return "cannot refer to unexported " + what + alt;
  std::string s = "type " + type + " has no field or method " + name;
  if (e == Misspelled) s += ", but does have " + what + alt;
  if (e == Unexported) s += ", but does have unexported " + what + alt;
  return s;
}

}  // namespace burrow::types
