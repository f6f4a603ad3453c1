// Expression and type switches.
#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

using syntax::CaseClause;

template <typename Clauses, typename Report>
static void eachExtraDefault(const Clauses& clauses, Report report) {
  const CaseClause* first = nullptr;
  for (CaseClause* c : clauses) {
    if (!c->isDefault) continue;
    if (first != nullptr) report(c, first);
    if (first == nullptr) first = c;
  }
}

void Checker::switchStmt(syntax::SwitchStmt* s) {
  openScope(s, "switch");
  stmt(s->init);
  Operand x;
  if (s->tag != nullptr) {
    expr(nullptr, x, s->tag);
    // A constant tag has its default type: it is a value that the cases are compared with.
    assignment(x, nullptr, Purpose{"switch expression"});
    if (x.isValid() && !comparableType(x.type) && !hasNil(x.type)) {
      error(x, diag::CannotSwitchOn, x, x.type);
      x.invalidate();
    }
  } else {
    // A missing tag is `true`.
    x.mode = Mode::Constant;
    x.type = basicType(BasicKind::Bool);
    x.value = Constant::ofBool(true);
    x.label = "true";
    x.labelPos = s->clauses.empty() ? s->rbrace : s->clauses[0]->pos;
  }
  eachExtraDefault(s->clauses, [&](CaseClause* c, const CaseClause* first) { error(c, diag::MultipleDefaults, first->pos); });
  CaseTable seen;
  for (CaseClause* c : s->clauses) {
    caseValues(x, std::span<Expr* const>(c->exprs.data(), c->exprs.size()), seen);
    openScope(c, "case");
    stmtList(c->body);
    closeScope();
  }
  closeScope();
}

// A text that is equal for equal values of the kinds that gc compares; empty for others.
static std::string caseKey(const Constant& v) {
  switch (v.kind()) {
    case Constant::Kind::Int: return "i" + v.exactStr();
    case Constant::Kind::Float: return "f" + std::to_string(v.doubleValue()) + v.exactStr();
    case Constant::Kind::String: return "s" + v.stringValue();
    default: return "";
  }
}

void Checker::caseValues(Operand& x, std::span<Expr* const> values, CaseTable& seen) {
  for (Expr* e : values) {
    Operand v;
    expr(nullptr, v, e);
    if (!x.isValid() || !v.isValid()) continue;
    convertUntyped(v, x.type);
    if (!v.isValid()) continue;
    // The value is compared with the tag in this order, which shows in the messages.
    Operand result = v, tag = x;
    comparison(result, tag, Token::Equal, true);
    if (!result.isValid() || !v.isConstant() || !v.value.isKnown()) continue;
    std::string key = caseKey(v.value);
    if (key.empty()) continue;
    auto& same = seen[key];
    const CaseValue* other = nullptr;
    for (const CaseValue& c : same)
      if (identical(c.type, v.type)) other = &c;
    if (other != nullptr) {
      errorWithNotes(v, {{other->pos, "previous case"}}, diag::DuplicateCase, v);
    } else {
      same.push_back({e->pos, v.type, v.value});
    }
  }
}

// --- Type switches -----------------------------------------------------------------------------------------------

bool Checker::isNilExpr(const Expr* e) const {
  auto* id = dynAs<Ident>(syntax::unparen(e));
  return id != nullptr && is<Nil>(lookup(id->name));
}

// The type of the bound variable in a clause with these types. `x` is null when the guard is invalid.
Type* Checker::caseTypes(const Operand* x, std::span<Expr* const> types, TypeCases& seen) {
  Type* t = nullptr;  // null: nil
  for (Expr* e : types) {
    if (isNilExpr(e)) {
      t = nullptr;
      Operand ignored;
      expr(nullptr, ignored, e);
    } else {
      t = varType(e);
      if (!isValid(t)) continue;
    }
    Expr* other = nullptr;
    auto& same = seen[t != nullptr ? hashType(t) : 0];
    for (auto& [type, where] : same)
      if ((t == nullptr && type == nullptr) || (t != nullptr && type != nullptr && identical(t, type))) other = where;
    if (other != nullptr) {
      errorWithNotes(e, {{syntax::reportPos(other), "previous case"}}, diag::DuplicateTypeCase, t != nullptr ? typeText(t) : "nil");
      continue;
    }
    same.emplace_back(t, e);
    if (x != nullptr && t != nullptr) typeAssertion(e, *x, t, true);
  }
  // With one type the variable has that type; else the guard's.
  if (types.size() == 1 && t != nullptr) return t;
  return x != nullptr ? x->type : invalidType();
}

void Checker::typeSwitchStmt(syntax::TypeSwitchStmt* s) {
  openScope(s, "switch");
  stmt(s->init);
  Ident* bind = s->bind;
  if (bind != nullptr && bind->name == "_") {
    error(bind, diag::NoNewVariable);
    bind = nullptr;
  }
  Operand x;
  expr(nullptr, x, s->guard->x);
  bool valid = false;
  if (x.isValid()) {
    if (isTypeParam(x.type)) {
      error(x, diag::TypeSwitchTypeParam, x);
    } else if (isInterface(x.type)) {
      valid = true;
    } else {
      error(x, diag::NotAnInterface, x);
    }
  }
  eachExtraDefault(s->clauses, [&](CaseClause* c, const CaseClause* first) { error(c, diag::MultipleDefaults, first->pos); });
  std::vector<Var*> vars;
  TypeCases seen;
  for (CaseClause* c : s->clauses) {
    Type* t = caseTypes(valid ? &x : nullptr, std::span<Expr* const>(c->exprs.data(), c->exprs.size()), seen);
    openScope(c, "case");
    if (bind != nullptr) {
      // One variable per clause; they count as one for "declared and not used".
      Var* v = newVar(VarKind::Local, bind->pos, bind->name, t);
      env_.scope->insert(v);
      v->scopePos = c->colon;
      recordImplicit(c, v);
      vars.push_back(v);
    }
    stmtList(c->body);
    closeScope();
  }
  if (bind != nullptr) {
    bool used = false;
    for (Var* v : vars) used = used || v->used;
    if (!used) error(bind, diag::NameDeclaredAndNotUsed, bind->name);
  }
  closeScope();
}

}  // namespace burrow::types
