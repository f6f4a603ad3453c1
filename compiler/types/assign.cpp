// Assignment: of a value to a place of some type, in all its syntactic forms.
#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

// Checks that x can be assigned to type t and gives untyped x its final type. `t` null: any type, x gets its default type.
void Checker::assignment(Operand& x, Type* t, const Purpose& purpose) {
  singleValue(x);
  switch (x.mode) {
    case Mode::Invalid: return;
    case Mode::NilValue:
    case Mode::Constant:
    case Mode::Variable:
    case Mode::MapIndex:
    case Mode::Value:
    case Mode::CommaOk:
    case Mode::CommaErr: break;
    default: x.invalidate(); return;  // no value at all: whoever evaluated it has complained
  }
  if (isUntyped(x.type)) {
    Type* target = t;
    if (x.isNil()) {
      if (t == nullptr) {
        error(x, diag::UntypedNil, purpose);
        x.invalidate();
        return;
      }
    } else if (t == nullptr || isNonTypeParamInterface(t)) {
      target = defaultType(x.type);
    }
    Constant value = x.value;
    Misfit misfit = Misfit::None;
    Type* type = relations().implicitType(x, target, &value, &misfit);
    if (type == nullptr) {
      switch (misfit) {
        case Misfit::Truncated: error(x, diag::CannotUseTruncated, x, target, purpose); break;
        case Misfit::Overflow: error(x, diag::CannotUseOverflows, x, target, purpose); break;
        default: error(x, diag::CannotUse, x, target, purpose);
      }
      x.invalidate();
      return;
    }
    if (x.isConstant()) {
      x.value = value;
      updateExprValue(x.expr, x.value);
    }
    if (type != x.type) {
      x.type = type;
      updateExprType(x.expr, type, false);
    }
  }
  // A generic function can be assigned when the target's type says how to instantiate it.
  if (auto* sig = as<Signature>(x.type); sig != nullptr && !sig->typeParams.empty()) {
    auto target = newTarget(t, purpose.str());
    nonGeneric(target ? &*target : nullptr, x);
    if (!x.isValid()) return;
    record(x);
  }
  if (t == nullptr) return;
  Cause cause = newCause();
  if (relations().assignable(x, t, &cause)) return;
  if (!cause.text.empty()) {
    error(x, diag::CannotUseCause, x, t, purpose, cause.text);
  } else {
    error(x, diag::CannotUse, x, t, purpose);
  }
  x.invalidate();
}

void Checker::initConst(Const* lhs, Operand& x) {
  auto invalid = [&] {
    if (lhs->type == nullptr) lhs->type = invalidType();
  };
  if (!x.isValid() || !isValid(x.type) || (lhs->type != nullptr && !isValid(lhs->type))) return invalid();
  if (!x.isConstant()) {
    error(x, diag::NotConstant, x);
    return invalid();
  }
  if (lhs->type == nullptr) lhs->type = x.type;
  assignment(x, lhs->type, Purpose{"constant declaration"});
  if (x.isValid()) lhs->value = x.value;
}

void Checker::initVar(Var* lhs, Operand& x, const Purpose& purpose) {
  if (!x.isValid() || !isValid(x.type) || (lhs->type != nullptr && !isValid(lhs->type))) {
    if (lhs->type == nullptr) lhs->type = invalidType();
    x.invalidate();
    return;
  }
  if (lhs->type == nullptr) {
    if (x.type == basicType(BasicKind::UntypedNil)) {
      error(x, diag::UntypedNil, purpose);
      lhs->type = invalidType();
      x.invalidate();
      return;
    }
    lhs->type = defaultType(x.type);
  }
  assignment(x, lhs->type, purpose);
}

Type* Checker::lhsVar(Expr* lhs) {
  auto* id = dynAs<Ident>(syntax::unparen(lhs));
  if (id != nullptr && id->name == "_") {
    recordDef(id, nullptr);
    return nullptr;
  }
  // Assigning to a variable does not use it.
  auto* v = id != nullptr ? as<Var>(lookup(id->name)) : nullptr;
  if (v != nullptr && v->pkg != pkg_) v = nullptr;
  bool wasUsed = v != nullptr && v->used;
  Operand x;
  expr(nullptr, x, lhs);
  if (v != nullptr) v->used = wasUsed;
  if (!x.isValid() || !isValid(x.type)) return invalidType();
  if (x.mode == Mode::Variable || x.mode == Mode::MapIndex) return x.type;
  if (auto* sel = dynAs<syntax::SelectorExpr>(x.expr)) {
    Operand base;
    expr(nullptr, base, sel->x);
    if (base.mode == Mode::MapIndex) {
      error(x, diag::AssignToMapField, x.expr);
      return invalidType();
    }
  }
  error(x, diag::NotAssignable, x.expr);
  return invalidType();
}

// lhs = rhs, or lhs = x when x is given.
void Checker::assignVar(Expr* lhs, Expr* rhs, Operand* x, Purpose purpose) {
  Type* t = lhsVar(lhs);
  if (t != nullptr && !isValid(t)) {
    if (x != nullptr) {
      x->invalidate();
    } else {
      use(rhs);
    }
    return;
  }
  Operand own;
  if (x == nullptr) {
    std::optional<Target> target;
    if (t != nullptr && is<Signature>(under(t))) target = newTarget(t, exprString(lhs));
    x = &own;
    expr(target ? &*target : nullptr, own, rhs);
  }
  if (t == nullptr && std::string_view(purpose.text) == "assignment") purpose = Purpose{"assignment to _ identifier"};
  assignment(*x, t, purpose);
}

// --- Counting ----------------------------------------------------------------------------------------------------

static std::string measure(size_t n, const char* unit) {
  return std::to_string(n) + " " + unit + (n == 1 ? "" : "s");
}

std::string Checker::typesSummary(const std::vector<Type*>& types, bool variadic, bool dots) {
  std::string out = "(";
  for (size_t i = 0; i < types.size(); i++) {
    Type* t = types[i];
    std::string s;
    if (t == nullptr || !isValid(t)) {
      s = "unknown type";
    } else if (isUntyped(t)) {
      // Telling "untyped int" from "untyped float" would not help.
      s = isNumeric(t) ? "number" : std::string(as<Basic>(t)->name.substr(sizeof "untyped " - 1));
    } else {
      s = typeText(t);
    }
    if (i + 1 == types.size()) {
      if (variadic) {
        if (auto* slice = as<Slice>(t)) s = typeText(slice->elem);
        s = "..." + s;
      } else if (dots) {
        s += "...";
      }
    }
    if (i > 0) out += ", ";
    out += s;
  }
  return out + ")";
}

void Checker::assignError(std::span<Expr* const> rhs, size_t l, size_t r) {
  std::string vars = measure(l, "variable"), vals = measure(r, "value");
  if (rhs.size() == 1) {
    if (auto* call = dynAs<syntax::CallExpr>(syntax::unparen(rhs[0]))) {
      error(rhs[0], diag::AssignMismatchCall, vars, call->fun, vals);
      return;
    }
  }
  error(rhs[0], diag::AssignMismatch, vars, vals);
}

void Checker::returnError(Where where, std::span<Var* const> lhs, const std::vector<Operand>& rhs) {
  bool tooMany = rhs.size() > lhs.size();
  if (tooMany) {
    where = Where(rhs[lhs.size()]);
  } else if (!rhs.empty()) {
    where = Where(rhs.back());
  }
  std::vector<Type*> have, want;
  for (const Operand& x : rhs) have.push_back(x.type);
  for (Var* v : lhs) want.push_back(v->type);
  errorWithNotes(where, {{Pos{}, "have " + typesSummary(have, false, false)}, {Pos{}, "want " + typesSummary(want, false, false)}},
                 diag::ReturnCount, tooMany ? "too many" : "not enough");
}

// --- Several at once ---------------------------------------------------------------------------------------------

static bool isCall(const Expr* e) { return dynAs<syntax::CallExpr>(syntax::unparen(e)) != nullptr; }

void Checker::initVars(std::span<Var* const> lhs, std::span<Expr* const> rhs, const Stmt* returnStmt) {
  size_t l = lhs.size(), r = rhs.size();
  Purpose purpose{returnStmt != nullptr ? "return statement" : l > 1 ? "multiple assignment" : "assignment"};
  auto invalidate = [&] {
    for (Var* v : lhs)
      if (v->type == nullptr) v->type = invalidType();
  };
  if (l == r && !(r == 1 && isCall(rhs[0]))) {
    for (size_t i = 0; i < l; i++) {
      Operand x;
      std::optional<Target> target;
      if (lhs[i]->type != nullptr) {
        bool unnamed = returnStmt != nullptr && lhs[i]->name.empty();
        target = newTarget(lhs[i]->type, unnamed ? "result variable" : std::string(lhs[i]->name));
      }
      expr(target ? &*target : nullptr, x, rhs[i]);
      initVar(lhs[i], x, purpose);
    }
    return;
  }
  if (r != 1) {
    // Do not complain about the number when the values are wrong themselves.
    if (useAll(rhs, false)) {
      if (returnStmt != nullptr) {
        returnError(returnStmt, lhs, exprList(rhs));
      } else {
        assignError(rhs, l, r);
      }
    }
    return invalidate();
  }
  bool commaOk = false;
  std::vector<Operand> values = multiExpr(rhs[0], l == 2 && returnStmt == nullptr, &commaOk);
  if (values.size() == l) {
    for (size_t i = 0; i < l; i++) initVar(lhs[i], values[i], purpose);
    if (commaOk && values[0].isValid() && values[1].isValid()) recordCommaOk(rhs[0], values);
    return;
  }
  if (values.empty() || values[0].isValid()) {
    if (returnStmt != nullptr) {
      returnError(returnStmt, lhs, values);
    } else {
      assignError(rhs, l, values.size());
    }
  }
  invalidate();
}

void Checker::assignVars(std::span<Expr* const> lhs, std::span<Expr* const> rhs) {
  size_t l = lhs.size(), r = rhs.size();
  Purpose purpose{l > 1 ? "multiple assignment" : "assignment"};
  if (l == r && !(r == 1 && isCall(rhs[0]))) {
    for (size_t i = 0; i < l; i++) assignVar(lhs[i], rhs[i], nullptr, purpose);
    return;
  }
  if (r != 1) {
    bool okLhs = useAll(lhs, true), okRhs = useAll(rhs, false);
    if (okLhs && okRhs) assignError(rhs, l, r);
    return;
  }
  bool commaOk = false;
  std::vector<Operand> values = multiExpr(rhs[0], l == 2, &commaOk);
  if (values.size() == l) {
    for (size_t i = 0; i < l; i++) assignVar(lhs[i], nullptr, &values[i], purpose);
    if (commaOk && values[0].isValid() && values[1].isValid()) recordCommaOk(rhs[0], values);
    return;
  }
  if (values.empty() || values[0].isValid()) assignError(rhs, l, values.size());
  useAll(lhs, true);
}

void Checker::shortVarDecl(Pos pos, std::span<Expr* const> lhs, std::span<Expr* const> rhs) {
  size_t top = delayed_.size();
  Scope* scope = env_.scope;
  std::vector<Var*> vars(lhs.size());
  std::vector<Var*> fresh;
  std::unordered_set<std::string_view> seen;
  bool failed = false;
  for (size_t i = 0; i < lhs.size(); i++) {
    auto* id = dynAs<Ident>(lhs[i]);
    if (id == nullptr) {
      useOne(lhs[i], true);
      error(lhs[i], diag::NonNameInDefine, lhs[i]);
      failed = true;
      continue;
    }
    if (id->name != "_" && !seen.insert(id->name).second) {
      error(lhs[i], diag::RepeatedInDefine, lhs[i]);
      failed = true;
      continue;
    }
    // A name of the same scope is assigned to, not declared again.
    if (Object* other = scope->lookup(id->name)) {
      recordUse(id, other);
      vars[i] = as<Var>(other);
      if (vars[i] == nullptr) {
        error(lhs[i], diag::CannotAssignTo, lhs[i]);
        failed = true;
      }
      continue;
    }
    vars[i] = newVar(VarKind::Local, id->pos, id->name, nullptr);
    if (id->name != "_") fresh.push_back(vars[i]);
    recordDef(id, vars[i]);
  }
  for (size_t i = 0; i < vars.size(); i++)
    if (vars[i] == nullptr) vars[i] = newVar(VarKind::Local, lhs[i]->pos, "_", nullptr);
  initVars(vars, rhs, nullptr);
  processDelayed(top);  // function literals on the right do not see the new variables
  if (fresh.empty() && !failed) {
    error(pos, diag::NoNewVariables);
    return;
  }
  Pos scopePos = syntax::endPos(rhs.back());
  for (Var* v : fresh) declare(scope, nullptr, v, scopePos);
}

}  // namespace burrow::types
