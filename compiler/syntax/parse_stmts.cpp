// Statements. See parser_impl.h.
#include "syntax/parser_impl.h"
#include "syntax/branches.h"
#include "syntax/positions.h"
#include "syntax/print.h"

namespace burrow::syntax {

namespace {
constexpr TokenSet kClauseStart = {Token::Case, Token::Default, Token::RightBrace};
constexpr Token kNoKeyword = Token::EndOfFile;
}  // namespace

BlockStmt* Parser::funcBody() {
  functionDepth_++;
  uint32_t errorsBefore = s_.errorCount;
  BlockStmt* body = block("");
  functionDepth_--;
  // With syntax errors in the body, complaints about labels would be guesses.
  if (options_.checkBranches && errorsBefore == s_.errorCount) {
    sideErrors_ += checkBranches(body, s_.file(), diagnostics_);
  }
  return body;
}

// StatementList = { Statement ";" } .
std::span<Stmt*> Parser::stmtList() {
  List<Stmt> all(*this);
  while (tok() != Token::EndOfFile && !kClauseStart.has(tok())) {
    Stmt* s = stmtOrNull();
    clearDirectives();
    if (!s) break;
    all.add(s);
    if (!got(Token::Semicolon) && tok() != Token::RightBrace) {
      unexpected(diag::UnexpectedAtEndOfStatement);
      advance(kClauseStart | TokenSet{Token::Semicolon});
      got(Token::Semicolon);
    }
  }
  return all.finish();
}

Stmt* Parser::stmtOrNull() {
  Nest nest(*this);
  if (tooDeep()) return nullptr;

  if (tok() == Token::Name) {  // most statements
    clearDirectives();
    ExprList lhs = exprList();
    if (auto* label = dynAs<Ident>(lhs.first); label && lhs.single() && tok() == Token::Colon) {
      return labeledStmtOrNull(label);
    }
    return simpleStmt(&lhs, kNoKeyword);
  }
  if (tok() == Token::Var || tok() == Token::Const || tok() == Token::Type) {
    auto* s = make<DeclStmt>(pos());
    s->decl = genDecl();
    return s;
  }

  clearDirectives();
  switch (tok()) {
    case Token::LeftBrace:
      return block("");
    case Token::Add:
    case Token::Sub:
    case Token::Mul:
    case Token::And:
    case Token::Xor:
    case Token::Not:
    case Token::Arrow:
    case Token::Literal:
    case Token::Func:
    case Token::LeftParen:
    case Token::LeftBracket:
    case Token::Struct:
    case Token::Map:
    case Token::Chan:
    case Token::Interface:
      return simpleStmt(nullptr, kNoKeyword);
    case Token::For:
      return forStmt();
    case Token::Switch:
      return switchStmt();
    case Token::Select:
      return selectStmt();
    case Token::If:
      return ifStmt();
    case Token::Fallthrough:
    case Token::Break:
    case Token::Continue:
    case Token::Goto:
      return branchStmt();
    case Token::Go:
    case Token::Defer:
      return callStmt();
    case Token::Return:
      return returnStmt();
    case Token::Semicolon: {
      auto* s = make<EmptyStmt>(pos());
      s->implicit = s_.semicolon != SemicolonKind::Written;
      return s;
    }
    default:
      return nullptr;
  }
}

// Block = "{" StatementList "}" .  `context` says what stands before it, unless the brace is known to be there.
BlockStmt* Parser::block(std::string_view context) {
  auto* s = make<BlockStmt>(pos());
  if (!got(Token::LeftBrace)) {
    unexpected(diag::UnexpectedBeforeBlock, context);
    advance({Token::Name, Token::RightBrace});
    s->rbrace = missing();
    if (got(Token::RightBrace)) return s;
  }
  s->list = stmtList();
  s->rbrace = want(Token::RightBrace);
  return s;
}

Stmt* Parser::labeledStmtOrNull(Ident* label) {
  auto* s = make<LabeledStmt>(pos());
  s->label = label;
  want(Token::Colon);
  if (tok() == Token::RightBrace) {  // the semicolon of an empty statement may be left out here
    auto* empty = make<EmptyStmt>(pos());
    empty->implicit = true;
    s->stmt = empty;
    return s;
  }
  s->stmt = stmtOrNull();
  if (s->stmt) return s;
  syntaxError(options_.likeGoParser ? pos() : s->pos, diag::MissingStatementAfterLabel);
  return nullptr;
}

// SimpleStmt = ExpressionStmt | SendStmt | IncDecStmt | Assignment | ShortVarDecl, and, when `keyword` says that it may
// be, a range clause or the guard of a type switch. The expressions on the left may have been read already.
Stmt* Parser::simpleStmt(const ExprList* given, Token keyword) {
  if (keyword == Token::For && tok() == Token::Range) return rangeClause();
  ExprList lhs = given ? *given : exprList();

  auto expression = [&] {
    auto* s = make<ExprStmt>(lhs.first->pos);
    s->x = lhs.first;
    return s;
  };
  if (tok() == Token::Assign || tok() == Token::Define) return assignment(lhs, keyword);
  if (!lhs.single()) {
    expected(":= or = or comma");
    advance({Token::Semicolon, Token::RightBrace});
    return expression();
  }
  Pos at = pos();
  if (isCompoundAssign(tok())) {
    auto* s = make<AssignStmt>(at);
    s->op = tok();
    next();
    s->lhs = one(lhs.first);
    s->rhs = one(expr());
    return s;
  }
  switch (tok()) {
    case Token::Increment:
    case Token::Decrement: {
      auto* s = make<IncDecStmt>(at);
      s->op = tok();
      s->x = lhs.first;
      next();
      return s;
    }
    case Token::Arrow: {
      auto* s = make<SendStmt>(at);
      next();
      s->chan = lhs.first;
      s->value = expr();
      return s;
    }
    default:
      return expression();
  }
}

// At = or :=.
Stmt* Parser::assignment(const ExprList& lhs, Token keyword) {
  Pos at = pos();
  Token op = tok();
  next();
  if (keyword == Token::For && tok() == Token::Range) {
    RangeStmt* r = rangeClause();
    r->lhs = toSpan(lhs);
    r->define = op == Token::Define;
    r->assignPos = at;
    return r;
  }
  ExprList rhs = exprList();
  if (keyword == Token::Switch && op == Token::Define && rhs.single() && lhs.single()) {
    auto* guard = dynAs<TypeAssertExpr>(rhs.first);
    auto* bind = dynAs<Ident>(lhs.first);
    if (guard && !guard->type && (bind || options_.likeGoParser)) {
      typeSwitch_ = {guard, bind, at};
      auto* s = make<ExprStmt>(guard->pos);
      s->x = guard;
      return s;
    }
  }
  auto* s = make<AssignStmt>(at);
  s->op = op;
  s->lhs = toSpan(lhs);
  s->rhs = toSpan(rhs);
  return s;
}

// "range" Expression. The for statement fills in the rest.
RangeStmt* Parser::rangeClause() {
  auto* r = make<RangeStmt>(pos());
  r->range = pos();
  next();
  r->x = expr();
  return r;
}

// "go" | "defer" Expression .
Stmt* Parser::callStmt() {
  Pos at = pos();
  Token keyword = tok();
  next();
  Expr* x = primaryExpr(nullptr);
  if (Expr* inner = unparen(x); inner != x) {
    error(x->pos, diag::ParenthesizedCall, spelling(keyword));
    x = inner;
  }
  if (options_.likeGoParser) requireCall(x, keyword);
  if (keyword == Token::Go) {
    auto* s = make<GoStmt>(at);
    s->call = x;
    return s;
  }
  auto* s = make<DeferStmt>(at);
  s->call = x;
  return s;
}

void Parser::requireCall(const Expr* x, Token keyword) {
  if (x->kind != NodeKind::CallExpr && x->kind != NodeKind::BadExpr) {
    error(endPos(x), diag::CallRequired, spelling(keyword));
  }
}

Stmt* Parser::branchStmt() {
  auto* s = make<BranchStmt>(pos());
  s->tok = tok();
  next();
  bool mayHaveLabel = s->tok == Token::Break || s->tok == Token::Continue;
  if (s->tok == Token::Goto || (mayHaveLabel && tok() == Token::Name)) s->label = name();
  return s;
}

Stmt* Parser::returnStmt() {
  auto* s = make<ReturnStmt>(pos());
  next();
  if (tok() != Token::Semicolon && tok() != Token::RightBrace) s->results = toSpan(exprList());
  return s;
}

// What stands between the keyword and the block of if, for and switch: [ init ";" ] [ cond ] [ ";" post ].
Parser::Header Parser::header(Token keyword) {
  Header h;
  next();
  if (tok() == Token::LeftBrace) {
    if (keyword == Token::If) {
      syntaxError(pos(), diag::MissingCondition);
      h.cond = badExpr();
    }
    return h;
  }

  int outer = expressionLevel_;
  expressionLevel_ = -1;
  if (tok() != Token::Semicolon) {
    if (got(Token::Var)) syntaxError(pos(), diag::VarInInitializer, spelling(keyword));
    h.init = simpleStmt(nullptr, keyword);
    if (auto* range = dynAs<RangeStmt>(h.init)) {
      h.init = nullptr;
      h.range = range;
      expressionLevel_ = outer;
      return h;
    }
  }

  Stmt* cond = nullptr;
  Pos semi;
  SemicolonKind semiKind = SemicolonKind::Written;
  if (tok() == Token::LeftBrace) {
    std::swap(cond, h.init);
  } else {
    if (tok() == Token::Semicolon) {
      semi = pos();
      semiKind = s_.semicolon;
      next();
    } else {
      want(Token::LeftBrace);  // more helpful than asking for the semicolon
      if (tok() != Token::LeftBrace) advance({Token::LeftBrace, Token::RightBrace});
    }
    if (keyword == Token::For) {
      bool missing = tok() == Token::LeftBrace;
      if (missing) {
        expected("for loop condition");
      } else {
        if (tok() != Token::Semicolon) cond = simpleStmt(nullptr, kNoKeyword);
        want(Token::Semicolon);
        if (tok() != Token::LeftBrace) {
          h.post = simpleStmt(nullptr, kNoKeyword);
          auto* a = dynAs<AssignStmt>(h.post);
          if (a && a->op == Token::Define && !options_.likeGoParser) {
            syntaxError(a->pos, diag::ForPostDeclares);
          }
        }
      }
    } else if (tok() != Token::LeftBrace) {
      cond = simpleStmt(nullptr, keyword);
    }
  }
  expressionLevel_ = outer;

  if (auto* x = dynAs<ExprStmt>(cond)) {
    h.cond = x->x;
  } else if (cond) {
    usedAsValue(cond);
  } else if (keyword == Token::If && semi.isValid()) {
    if (semiKind == SemicolonKind::Written) {
      syntaxError(semi, diag::MissingCondition);
    } else {
      syntaxError(semi, diag::Unexpected, semiKind == SemicolonKind::Newline ? "newline" : "EOF", "{ after if clause");
    }
    h.cond = make<BadExpr>(semi);
  }
  if (keyword == Token::If && !h.cond) h.cond = badExpr();
  return h;
}

// A statement stands where a value has to. Mostly it is "=" instead of "==": then the message shows what was taken for
// the two sides.
[[gnu::noinline, gnu::cold]] void Parser::usedAsValue(const Stmt* s) {
  auto* a = dynAs<AssignStmt>(s);
  if (!a || a->op != Token::Assign) return syntaxError(s->pos, diag::UsedAsValue, stmtString(s));
  auto side = [](std::span<Expr*> list) {
    std::string text = exprListString(list);
    return list.size() == 1 && list[0]->kind == NodeKind::BinaryExpr ? "(" + text + ")" : text;
  };
  syntaxError(s->pos, diag::UsedAsValue, "assignment " + side(a->lhs) + " = " + side(a->rhs));
}

IfStmt* Parser::ifStmt() {
  Nest nest(*this);
  auto* s = make<IfStmt>(pos());
  Header h = header(Token::If);
  s->init = h.init;
  s->cond = h.cond;
  s->then = block("if clause");
  if (tok() != Token::Else) return s;
  s->elsePos = pos();
  next();
  if (tok() == Token::If && !tooDeep()) {
    s->else_ = ifStmt();
  } else if (tok() == Token::LeftBrace) {
    s->else_ = block("");
  } else {
    syntaxError(pos(), diag::ElseWithoutBlock);
    advance({Token::Name, Token::RightBrace});
  }
  return s;
}

Stmt* Parser::forStmt() {
  Pos at = pos();
  Header h = header(Token::For);
  if (h.range) {
    h.range->pos = at;
    h.range->body = block("for clause");
    if (options_.likeGoParser && h.range->lhs.size() > 2) error(h.range->lhs.back()->pos, diag::RangeTooWide);
    return h.range;
  }
  auto* s = make<ForStmt>(at);
  s->init = h.init;
  s->cond = h.cond;
  s->post = h.post;
  s->body = block("for clause");
  return s;
}

Stmt* Parser::switchStmt() {
  Pos at = pos();
  typeSwitch_ = {};
  Header h = header(Token::Switch);
  auto guardInfo = typeSwitch_;

  Pos lbrace = pos();
  if (!got(Token::LeftBrace)) {
    syntaxError(pos(), diag::MissingBraceAfterSwitch);
    advance(kClauseStart);
  }
  List<CaseClause> clauses(*this);
  while (tok() != Token::EndOfFile && tok() != Token::RightBrace) clauses.add(caseClause());
  Pos rbrace = want(Token::RightBrace);

  auto* guard = dynAs<TypeAssertExpr>(h.cond);
  if (guard && !guard->type) {
    auto* s = make<TypeSwitchStmt>(at);
    s->init = h.init;
    s->guard = guard;
    if (guardInfo.guard == guard) {
      s->bind = guardInfo.bind;
      s->define = guardInfo.define;
    }
    s->lbrace = lbrace;
    s->rbrace = rbrace;
    s->clauses = clauses.finish();
    return s;
  }
  auto* s = make<SwitchStmt>(at);
  s->init = h.init;
  s->tag = h.cond;
  s->lbrace = lbrace;
  s->rbrace = rbrace;
  s->clauses = clauses.finish();
  return s;
}

Stmt* Parser::selectStmt() {
  auto* s = make<SelectStmt>(pos());
  next();
  s->lbrace = pos();
  if (!got(Token::LeftBrace)) {
    syntaxError(pos(), diag::MissingBraceAfterSelect);
    advance(kClauseStart);
  }
  List<CommClause> clauses(*this);
  while (tok() != Token::EndOfFile && tok() != Token::RightBrace) clauses.add(commClause());
  s->rbrace = want(Token::RightBrace);
  s->clauses = clauses.finish();
  return s;
}

CaseClause* Parser::caseClause() {
  auto* c = make<CaseClause>(pos());
  if (got(Token::Case)) {
    c->exprs = toSpan(exprList());
  } else if (got(Token::Default)) {
    c->isDefault = true;
  } else {
    c->isDefault = true;
    expected("case or default or }");
    advance(kClauseStart | TokenSet{Token::Colon});
  }
  c->colon = want(Token::Colon);
  c->body = stmtList();
  return c;
}

CommClause* Parser::commClause() {
  auto* c = make<CommClause>(pos());
  if (got(Token::Case)) {
    c->comm = simpleStmt(nullptr, kNoKeyword);
  } else if (got(Token::Default)) {
    c->isDefault = true;
  } else {
    c->isDefault = true;
    expected("case or default or }");
    advance(kClauseStart | TokenSet{Token::Colon});
  }
  c->colon = want(Token::Colon);
  c->body = stmtList();
  return c;
}

}  // namespace burrow::syntax
