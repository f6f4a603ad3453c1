// Statements and function bodies.
//
// Whether break, continue, goto and labels are right is a matter of syntax and was checked by the parser.
#include <algorithm>

#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

using syntax::NodeKind;

void Checker::funcBody(DeclInfo* decl, Func* func, Signature* sig, syntax::BlockStmt* body, const Constant* iota) {
  std::vector<Var*> locals;
  std::unordered_set<const syntax::CallExpr*> panics;
  Environment saved = std::move(env_);
  env_ = Environment{};
  env_.decl = decl;
  env_.func = func;
  env_.scope = sig->scope;
  env_.version = saved.version;
  env_.iota = iota;
  env_.sig = sig;
  env_.locals = &locals;
  env_.panics = &panics;

  stmtList(body->list);
  if (sig->results->size() > 0 && !isTerminating(body, "")) error(body->rbrace, diag::MissingReturn);
  std::stable_sort(locals.begin(), locals.end(), [](const Var* a, const Var* b) { return a->pos < b->pos; });
  for (Var* v : locals)
    if (!v->used) error(v, diag::DeclaredAndNotUsed, v->name);
  // Enough of them make a frame that is too large (restrictions.cpp).
  constexpr int64_t kLargeLength = 1 << 12;
  for (Var* v : locals)
    if (auto* a = as<Array>(v->type); a != nullptr && a->length >= kLargeLength && func != nullptr) largeLocals_[func].push_back(v);

  env_ = std::move(saved);
}

void Checker::stmtList(std::span<Stmt* const> stmts) {
  for (Stmt* s : stmts) stmt(s);
}

// What a statement puts off (bodies of function literals above all) is done when the statement is.
void Checker::stmt(Stmt* s) {
  if (s == nullptr) return;
  Pos outer = stmtPos_;
  stmtPos_ = s->pos;
  size_t top = delayed_.size();
  stmtInner(s);
  processDelayed(top);
  stmtPos_ = outer;
}

void Checker::stmtInner(Stmt* s) {
  switch (s->kind) {
    case NodeKind::EmptyStmt:
    case NodeKind::BranchStmt: return;
    case NodeKind::DeclStmt: return declStmt(syntax::as<syntax::DeclStmt>(s)->decl);
    case NodeKind::LabeledStmt: return stmt(syntax::as<syntax::LabeledStmt>(s)->stmt);
    case NodeKind::ExprStmt: return exprStmt(syntax::as<syntax::ExprStmt>(s));
    case NodeKind::SendStmt: {
      auto* n = syntax::as<syntax::SendStmt>(s);
      Operand ch, value;
      expr(nullptr, ch, n->chan);
      genericExpr(value, n->value);
      if (!ch.isValid() || !value.isValid()) return;
      if (Type* elem = chanElem(n, ch, false)) assignment(value, elem, Purpose{"send"});
      return;
    }
    case NodeKind::IncDecStmt: return incDecStmt(syntax::as<syntax::IncDecStmt>(s));
    case NodeKind::AssignStmt: return assignStmt(syntax::as<syntax::AssignStmt>(s));
    case NodeKind::GoStmt: return suspendedCall("go", syntax::as<syntax::GoStmt>(s)->call);
    case NodeKind::DeferStmt: return suspendedCall("defer", syntax::as<syntax::DeferStmt>(s)->call);
    case NodeKind::ReturnStmt: return returnStmt(syntax::as<syntax::ReturnStmt>(s));
    case NodeKind::BlockStmt:
      openScope(s, "block");
      stmtList(syntax::as<syntax::BlockStmt>(s)->list);
      return closeScope();
    case NodeKind::IfStmt: return ifStmt(syntax::as<syntax::IfStmt>(s));
    case NodeKind::ForStmt: return forStmt(syntax::as<syntax::ForStmt>(s));
    case NodeKind::RangeStmt: return rangeStmt(syntax::as<syntax::RangeStmt>(s));
    case NodeKind::SwitchStmt: return switchStmt(syntax::as<syntax::SwitchStmt>(s));
    case NodeKind::TypeSwitchStmt: return typeSwitchStmt(syntax::as<syntax::TypeSwitchStmt>(s));
    case NodeKind::SelectStmt: return selectStmt(syntax::as<syntax::SelectStmt>(s));
    default: return;
  }
}

void Checker::exprStmt(syntax::ExprStmt* s) {
  // Calls and receive operations are the only expressions that may stand alone.
  Operand x;
  ExprClass c = rawExpr(nullptr, x, s->x, nullptr, false);
  if (x.mode == Mode::Builtin) {
    error(x, diag::MustBeCalled, x);
  } else if (x.mode == Mode::TypeExpr) {
    error(x, diag::NotAnExpression, x);
  } else if (c != ExprClass::Statement && x.isValid()) {
    error(x, diag::NotUsed, x);
  }
}

void Checker::incDecStmt(syntax::IncDecStmt* s) {
  Operand x;
  expr(nullptr, x, s->x);
  if (!x.isValid()) return;
  if (!allNumeric(x.type)) {
    error(s->x, diag::NonNumericIncDec, s->x, s->op, x.type);
    return;
  }
  assignVar(s->x, nullptr, &x, Purpose{"assignment"});
}

void Checker::assignStmt(syntax::AssignStmt* s) {
  std::span<Expr* const> lhs(s->lhs.data(), s->lhs.size()), rhs(s->rhs.data(), s->rhs.size());
  if (s->op == Token::Define) return shortVarDecl(s->pos, lhs, rhs);
  if (s->op == Token::Assign) return assignVars(lhs, rhs);
  if (lhs.size() != 1 || rhs.size() != 1) return;  // the parser has complained
  Operand x, y;
  expr(nullptr, x, lhs[0]);
  expr(nullptr, y, rhs[0]);
  if (!y.isValid()) x.invalidate();
  if (x.isValid()) binary(x, y, nullptr, lhs[0], rhs[0], syntax::operatorOf(s->op));
  assignVar(lhs[0], nullptr, &x, Purpose{"assignment"});
}

void Checker::suspendedCall(std::string_view keyword, Expr* call) {
  if (call->kind != NodeKind::CallExpr) {
    if (call->kind != NodeKind::BadExpr) error(call, diag::MustBeFunctionCall, keyword);
    use(call);
    return;
  }
  Operand x;
  switch (rawExpr(nullptr, x, call, nullptr, false)) {
    case ExprClass::Conversion: error(x, diag::SuspendedConversion, keyword, x); break;
    case ExprClass::Expression: error(x, diag::SuspendedDiscards, keyword, x); break;
    case ExprClass::Statement: break;
  }
}

void Checker::returnStmt(syntax::ReturnStmt* s) {
  if (env_.sig == nullptr) return;
  Tuple* results = env_.sig->results;
  std::span<Expr* const> values(s->results.data(), s->results.size());
  if (values.empty() && results->size() > 0 && !results->vars[0]->name.empty()) {
    // A bare return: no inner declaration may hide a result.
    for (Var* v : results->vars) {
      Object* other = lookup(v->name);
      if (other == nullptr || other == v || v->name == "_") continue;
      std::string inner = std::string("inner declaration of ") + (is<Var>(other) ? "var " : "") + std::string(v->name) + " " +
                          typeText(v->type);
      errorWithNotes(s, {{other->pos, inner}}, diag::ResultNotInScope, v->name);
    }
    return;
  }
  if (results->size() > 0) return initVars(results->vars, values, s);
  if (!values.empty()) initVars({}, values, s);
}

void Checker::condition(Expr* cond, const DiagnosticKind& kind) {
  Operand x;
  expr(nullptr, x, cond);
  if (x.isValid() && !allBoolean(x.type)) error(cond, kind);
}

void Checker::ifStmt(syntax::IfStmt* s) {
  openScope(s, "if");
  stmt(s->init);
  condition(s->cond, diag::NonBoolIf);
  stmt(s->then);
  stmt(s->else_);
  closeScope();
}

void Checker::forStmt(syntax::ForStmt* s) {
  openScope(s, "for");
  stmt(s->init);
  if (s->cond != nullptr) condition(s->cond, diag::NonBoolFor);
  stmt(s->post);
  // The parser does not allow a declaration here, and has said so.
  if (auto* a = dynAs<syntax::AssignStmt>(s->post); a != nullptr && a->op == Token::Define)
    for (Expr* e : a->lhs)
      if (auto* id = dynAs<Ident>(e); id != nullptr && info_->def(id) != nullptr) info_->def(id)->used = true;
  stmt(s->body);
  closeScope();
}

// The channel operation of a select case: a send, or a receive whose value may be assigned.
static bool isCommunication(const Stmt* s) {
  const Expr* value = nullptr;
  if (s->kind == NodeKind::SendStmt) return true;
  if (auto* e = dynAs<syntax::ExprStmt>(s)) value = e->x;
  if (auto* a = dynAs<syntax::AssignStmt>(s); a != nullptr && a->rhs.size() == 1) value = a->rhs[0];
  auto* u = value != nullptr ? dynAs<syntax::UnaryExpr>(syntax::unparen(value)) : nullptr;
  return u != nullptr && u->op == Token::Arrow;
}

void Checker::selectStmt(syntax::SelectStmt* s) {
  const syntax::CommClause* first = nullptr;
  for (syntax::CommClause* c : s->clauses) {
    if (!c->isDefault) continue;
    if (first != nullptr) {
      error(c, diag::MultipleDefaults, first->pos);
    } else {
      first = c;
    }
  }
  for (syntax::CommClause* c : s->clauses) {
    if (c->comm != nullptr && !isCommunication(c->comm)) {
      error(c->comm, diag::InvalidSelectCase);
      continue;
    }
    openScope(c, "case");
    stmt(c->comm);
    stmtList(c->body);
    closeScope();
  }
}

}  // namespace burrow::types
