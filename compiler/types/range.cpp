// for ... range.
#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

// The types of the iteration values when ranging over t; null: there is none. False: t cannot be ranged over, *cause says
// why (and may be empty).
bool Checker::rangeKeyValue(Type* t, Type** key, Type** value, std::string* cause) {
  *key = *value = nullptr;
  auto bad = [&](std::string why) {
    *cause = std::move(why);
    return false;
  };
  Cause why = newCause();
  bool receives = forTypeSet(t, [&](Type* each, Type* u) {
    auto* c = as<Chan>(u);
    if (c == nullptr || c->dir != ChanDir::SendOnly) return true;
    why.text = "receive from send-only channel " + typeText(each);
    return false;
  });
  Type* u = receives ? commonUnder(t, &why) : nullptr;
  if (u == nullptr) return bad(why.text);
  auto* p = as<Pointer>(u);
  if (p != nullptr && underAs<Array>(p->elem) != nullptr) u = under(p->elem);
  Type* integer = basicType(BasicKind::Int);
  switch (u->kind) {
    case TypeKind::Basic:
      if (isString(u)) {
        *key = integer;
        *value = runeType();
        return true;
      }
      if (!isInteger(u)) return false;
      if (!allows(22)) return bad("requires go1.22 or later");
      *key = t;
      return true;
    case TypeKind::Array:
      *key = integer;
      *value = as<Array>(u)->elem;
      return true;
    case TypeKind::Slice:
      *key = integer;
      *value = as<Slice>(u)->elem;
      return true;
    case TypeKind::Map:
      *key = as<Map>(u)->key;
      *value = as<Map>(u)->elem;
      return true;
    case TypeKind::Chan: *key = as<Chan>(u)->elem; return true;
    case TypeKind::Signature: break;
    default: return false;
  }
  // func(yield func(K, V) bool)
  auto* f = as<Signature>(u);
  const std::string must = "func must be func(yield func(...) bool): ";
  if (!allows(23)) return bad("requires go1.23 or later");
  if (f->params->size() != 1) return bad(must + "wrong argument count");
  if (f->results->size() != 0) return bad(must + "unexpected results");
  Type* arg = f->params->vars[0]->type;
  Type* yu = isTypeParam(arg) ? commonUnder(arg, &why) : under(arg);
  auto* yield = as<Signature>(yu);
  if (yield == nullptr) {
    return bad(yu == nullptr ? must + "in yield type, " + why.text : must + "argument is not func");
  }
  if (yield->params->size() > 2) return bad(must + "yield func has too many parameters");
  bool one = yield->results->size() == 1;
  Type* result = one ? yield->results->vars[0]->type : nullptr;
  if (!one || !identical(result, basicType(BasicKind::Bool))) {
    return bad(must + (one && isBoolean(result) ? "yield func returns user-defined boolean, not bool"
                                                : "yield func does not return bool"));
  }
  if (yield->variadic) return bad("yield func of type " + typeText(yield) + " cannot be variadic");
  if (yield->params->size() >= 1) *key = yield->params->vars[0]->type;
  if (yield->params->size() == 2) *value = yield->params->vars[1]->type;
  return true;
}

void Checker::rangeStmt(syntax::RangeStmt* s) {
  Operand x;
  env_.hasCallOrReceive = false;
  expr(nullptr, x, s->x);
  Expr* lhs[2] = {s->key(), s->value()};
  Expr* extra = s->lhs.size() > 2 ? s->lhs[2] : nullptr;
  Type* rhs[2] = {nullptr, nullptr};
  bool invalidRange = false;
  if (x.isValid()) {
    std::string cause;
    if (!rangeKeyValue(x.type, &rhs[0], &rhs[1], &cause)) {
      invalidRange = true;
      if (!cause.empty()) {
        error(x, diag::CannotRangeCause, x, cause);
      } else {
        error(x, diag::CannotRange, x);
      }
    } else if (rhs[0] == nullptr && lhs[0] != nullptr) {
      error(lhs[0], diag::RangeNoVariables, x);
    } else if (rhs[1] == nullptr && lhs[1] != nullptr) {
      error(lhs[1], diag::RangeOneVariable, x);
    } else if (extra != nullptr) {
      error(extra, diag::RangeTwoVariables);
    }
  }
  openScope(s, "range");
  bool overInt = x.isValid() && !invalidRange && isInteger(x.type);
  auto valueOf = [&](Expr* at, Type* t) {
    Operand y;
    y.mode = Mode::Value;
    y.expr = at;
    y.type = t;
    return y;
  };
  if (s->define) {
    std::vector<Var*> vars;
    for (size_t i = 0; i < 2; i++) {
      if (lhs[i] == nullptr) continue;
      Var* v = nullptr;
      if (auto* id = dynAs<Ident>(lhs[i])) {
        v = newVar(VarKind::Local, id->pos, id->name, nullptr);
        recordDef(id, v);
        if (id->name != "_") vars.push_back(v);
      } else {
        error(lhs[i], diag::CannotDeclare, lhs[i]);
        v = newVar(VarKind::Local, lhs[i]->pos, "_", nullptr);
      }
      if (rhs[i] == nullptr || !isValid(rhs[i])) {
        v->type = invalidType();
        v->used = true;  // one error is enough
        continue;
      }
      if (overInt) {
        initVar(v, x, Purpose{"range clause"});
      } else {
        Operand y = valueOf(lhs[i], rhs[i]);
        initVar(v, y, Purpose{"assignment"});
      }
    }
    if (vars.empty()) {
      error(s->pos, diag::NoNewVariables);
    } else {
      for (Var* v : vars) declare(env_.scope, nullptr, v, s->body->pos);
    }
  } else if (lhs[0] != nullptr) {
    for (size_t i = 0; i < 2; i++) {
      if (lhs[i] == nullptr || rhs[i] == nullptr || !isValid(rhs[i])) continue;
      if (overInt) {
        assignVar(lhs[i], nullptr, &x, Purpose{"range clause"});
        // An untyped constant may have got a type that is no integer.
        if (x.isValid() && !isInteger(x.type)) error(lhs[i], diag::RangeVariableType, x.type);
      } else {
        Operand y = valueOf(lhs[i], rhs[i]);
        assignVar(lhs[i], nullptr, &y, Purpose{"assignment"});
      }
    }
  } else if (overInt) {
    // Without variables an untyped constant becomes an int.
    assignment(x, nullptr, Purpose{"range clause"});
  }
  stmt(s->body);
  closeScope();
}

}  // namespace burrow::types
