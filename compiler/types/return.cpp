// Terminating statements: whether control can reach the end of a function with results. The rules are the language's, by
// syntax alone, but for calls of the predeclared panic, which the checker has marked.
#include "types/checker.h"

namespace burrow::types {

using syntax::NodeKind;

namespace {

bool hasBreakList(std::span<Stmt* const> stmts, std::string_view label, bool implicit);

// Whether s contains a break that leaves the statement with that label, or (implicit) an unlabelled one that leaves the
// innermost statement around s.
bool hasBreak(const Stmt* s, std::string_view label, bool implicit) {
  if (s == nullptr) return false;
  switch (s->kind) {
    case NodeKind::LabeledStmt: return hasBreak(syntax::as<syntax::LabeledStmt>(s)->stmt, label, implicit);
    case NodeKind::BranchStmt: {
      auto* b = syntax::as<syntax::BranchStmt>(s);
      if (b->tok != Token::Break) return false;
      return b->label == nullptr ? implicit : b->label->name == label;
    }
    case NodeKind::BlockStmt: return hasBreakList(syntax::as<syntax::BlockStmt>(s)->list, label, implicit);
    case NodeKind::IfStmt: {
      auto* n = syntax::as<syntax::IfStmt>(s);
      return hasBreak(n->then, label, implicit) || hasBreak(n->else_, label, implicit);
    }
    // An unlabelled break in these leaves them.
    case NodeKind::SwitchStmt:
      if (label.empty()) return false;
      for (auto* c : syntax::as<syntax::SwitchStmt>(s)->clauses)
        if (hasBreakList(c->body, label, false)) return true;
      return false;
    case NodeKind::TypeSwitchStmt:
      if (label.empty()) return false;
      for (auto* c : syntax::as<syntax::TypeSwitchStmt>(s)->clauses)
        if (hasBreakList(c->body, label, false)) return true;
      return false;
    case NodeKind::SelectStmt:
      if (label.empty()) return false;
      for (auto* c : syntax::as<syntax::SelectStmt>(s)->clauses)
        if (hasBreakList(c->body, label, false)) return true;
      return false;
    case NodeKind::ForStmt: return !label.empty() && hasBreak(syntax::as<syntax::ForStmt>(s)->body, label, false);
    case NodeKind::RangeStmt: return !label.empty() && hasBreak(syntax::as<syntax::RangeStmt>(s)->body, label, false);
    default: return false;
  }
}

bool hasBreakList(std::span<Stmt* const> stmts, std::string_view label, bool implicit) {
  for (const Stmt* s : stmts)
    if (hasBreak(s, label, implicit)) return true;
  return false;
}

}  // namespace

bool Checker::isTerminatingList(std::span<Stmt* const> stmts) {
  for (size_t i = stmts.size(); i-- > 0;)
    if (stmts[i]->kind != NodeKind::EmptyStmt) return isTerminating(stmts[i], "");
  return false;
}

bool Checker::isTerminating(const Stmt* s, std::string_view label) {
  auto clauses = [&](auto& list) {
    bool hasDefault = false;
    for (auto* c : list) {
      hasDefault = hasDefault || c->isDefault;
      if (!isTerminatingList(c->body) || hasBreakList(c->body, label, true)) return false;
    }
    return hasDefault;
  };
  switch (s->kind) {
    case NodeKind::LabeledStmt: {
      auto* n = syntax::as<syntax::LabeledStmt>(s);
      return isTerminating(n->stmt, n->label->name);
    }
    case NodeKind::ExprStmt: {
      auto* call = dynAs<syntax::CallExpr>(syntax::unparen(syntax::as<syntax::ExprStmt>(s)->x));
      return call != nullptr && env_.panics != nullptr && env_.panics->contains(call);
    }
    case NodeKind::ReturnStmt: return true;
    case NodeKind::BranchStmt: {
      Token tok = syntax::as<syntax::BranchStmt>(s)->tok;
      return tok == Token::Goto || tok == Token::Fallthrough;
    }
    case NodeKind::BlockStmt: return isTerminatingList(syntax::as<syntax::BlockStmt>(s)->list);
    case NodeKind::IfStmt: {
      auto* n = syntax::as<syntax::IfStmt>(s);
      return n->else_ != nullptr && isTerminating(n->then, "") && isTerminating(n->else_, "");
    }
    case NodeKind::SwitchStmt: return clauses(syntax::as<syntax::SwitchStmt>(s)->clauses);
    case NodeKind::TypeSwitchStmt: return clauses(syntax::as<syntax::TypeSwitchStmt>(s)->clauses);
    case NodeKind::SelectStmt:
      for (auto* c : syntax::as<syntax::SelectStmt>(s)->clauses)
        if (!isTerminatingList(c->body) || hasBreakList(c->body, label, true)) return false;
      return true;
    case NodeKind::ForStmt: {
      auto* n = syntax::as<syntax::ForStmt>(s);
      return n->cond == nullptr && !hasBreak(n->body, label, true);
    }
    default: return false;
  }
}

}  // namespace burrow::types
