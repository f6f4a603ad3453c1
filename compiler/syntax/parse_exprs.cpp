// Expressions. See parser_impl.h.
#include "syntax/parser_impl.h"
#include "syntax/print.h"

namespace burrow::syntax {

namespace {

// Whether an expression cannot be a type, by its form.
bool isValue(const Expr* x) {
  for (;;) {
    switch (x->kind) {
      case NodeKind::BasicLit:
      case NodeKind::CompositeLit:
      case NodeKind::FuncLit:
      case NodeKind::SliceExpr:
      case NodeKind::TypeAssertExpr:
      case NodeKind::CallExpr:
      case NodeKind::UnaryExpr:
      case NodeKind::BinaryExpr:
        return true;
      case NodeKind::ParenExpr:
        x = as<ParenExpr>(x)->x;
        break;
      case NodeKind::IndexExpr: {
        auto* n = as<IndexExpr>(x);
        if (n->indices.size() == 1 && isValue(n->indices[0])) return true;
        x = n->x;
        break;
      }
      default:
        return false;
    }
  }
}

}  // namespace

// ExpressionList = Expression { "," Expression } .
Parser::ExprList Parser::exprList() {
  ExprList result;
  result.first = expr();
  if (tok() != Token::Comma) return result;
  List<Expr> all(*this);
  all.add(result.first);
  while (got(Token::Comma)) all.add(expr());
  result.many = all.finish();
  return result;
}

// Expression = UnaryExpr { binary_op Expression } with operators that bind tighter than `limit`. The first operand may
// have been read already.
Expr* Parser::binaryExpr(Expr* x, int limit) {
  if (!x) x = unaryExpr();
  int depth = 0;  // of the tree that this loop builds, leaning left
  while (precedence(tok()) > limit && !tooDeep(++depth)) {
    auto* n = make<BinaryExpr>(pos());
    n->op = tok();
    next();
    n->x = x;
    depth_ += depth;
    n->y = binaryExpr(nullptr, precedence(n->op));
    depth_ -= depth;
    x = n;
  }
  return x;
}

// UnaryExpr = PrimaryExpr | unary_op UnaryExpr .
Expr* Parser::unaryExpr() {
  Nest nest(*this);
  if (tooDeep()) return badExpr();
  switch (tok()) {
    case Token::Mul: {
      auto* n = make<StarExpr>(pos());
      next();
      n->x = unaryExpr();
      return n;
    }
    case Token::Add:
    case Token::Sub:
    case Token::Not:
    case Token::Xor:
    case Token::Tilde:
    case Token::And: {
      auto* n = make<UnaryExpr>(pos());
      n->op = tok();
      next();
      n->x = unaryExpr();
      if (n->op == Token::And) n->x = unparen(n->x);  // &(T{}) is &T{}
      return n;
    }
    case Token::Arrow:
      return receiveOrChanType();
    default:
      return primaryExpr(nullptr);
  }
}

// `<-x` is a receive operation; but if x turns out to be a channel type, the arrow belongs to it, and its own arrow to
// its element: <-(chan<- T) written without parentheses is <-chan (<-T).
Expr* Parser::receiveOrChanType() {
  Pos arrow = pos();
  next();
  Expr* x = unaryExpr();
  auto* chan = dynAs<ChanType>(x);
  if (!chan) {
    auto* n = make<UnaryExpr>(arrow);
    n->op = Token::Arrow;
    n->x = x;
    return n;
  }
  ChanDir dir = ChanDir::SendOnly;
  Expr* t = x;
  while (dir == ChanDir::SendOnly) {
    chan = dynAs<ChanType>(t);
    if (!chan) break;
    dir = chan->dir;
    if (dir == ChanDir::RecvOnly) syntaxError(pos(), diag::Unexpected, "<-", "chan");
    chan->dir = ChanDir::RecvOnly;
    std::swap(chan->arrow, arrow);
    t = chan->elem;
  }
  if (dir == ChanDir::SendOnly) channelExpected(t);
  return x;
}

[[gnu::noinline, gnu::cold]] void Parser::channelExpected(const Expr* t) {
  syntaxError(pos(), diag::Unexpected, exprString(t), "chan");
}

// Operand = Literal | OperandName | "(" Expression ")" | FunctionLit | Type .
Expr* Parser::operand() {
  switch (tok()) {
    case Token::Name:
      return name();
    case Token::Literal:
      return literalOrNull();
    case Token::LeftParen: {
      auto* n = make<ParenExpr>(pos());
      next();
      expressionLevel_++;
      n->x = expr();
      expressionLevel_--;
      n->rparen = want(Token::RightParen);
      return n;
    }
    case Token::Func: {
      Pos at = pos();
      next();
      FuncType* t = funcType(at, "function type");
      if (tok() != Token::LeftBrace) return t;
      expressionLevel_++;
      auto* n = make<FuncLit>(at);
      n->type = t;
      n->body = funcBody();
      expressionLevel_--;
      return n;
    }
    case Token::LeftBracket:
    case Token::Chan:
    case Token::Map:
    case Token::Struct:
    case Token::Interface:
      return type();
    default: {
      Expr* bad = badExpr();
      expected("expression");
      advance({Token::RightParen, Token::RightBracket, Token::RightBrace});
      return bad;
    }
  }
}

// PrimaryExpr = Operand { Selector | Index | Slice | TypeAssertion | Arguments | LiteralValue } .
// The operand may have been read already.
Expr* Parser::primaryExpr(Expr* x) {
  if (!x) x = operand();
  int outer = depth_;
  for (;;) {
    depth_++;
    if (tooDeep()) break;
    if (tok() == Token::Dot) {
      x = selectorOrAssertion(x);
    } else if (tok() == Token::LeftBracket) {
      x = indexOrSlice(x);
    } else if (tok() == Token::LeftParen) {
      x = call(x);
    } else if (tok() == Token::LeftBrace) {
      // A composite literal, if x can be its type; in the header of a statement a name is rather what stands before the
      // block.
      Expr* t = unparen(x);
      bool literal = false;
      switch (t->kind) {
        case NodeKind::Ident:
        case NodeKind::SelectorExpr:
          literal = expressionLevel_ >= 0;
          break;
        case NodeKind::IndexExpr:
          literal = expressionLevel_ >= 0 && (options_.likeGoParser || !isValue(t));
          break;
        case NodeKind::ArrayType:
        case NodeKind::SliceType:
        case NodeKind::StructType:
        case NodeKind::MapType:
          literal = true;
          break;
        default:
          break;
      }
      if (!literal) break;
      if (t != x) syntaxError(pos(), diag::ParenthesizedLiteralType);
      x = compositeLit(x);
    } else {
      break;
    }
  }
  depth_ = outer;
  return x;
}

Expr* Parser::selectorOrAssertion(Expr* x) {
  Pos dot = pos();
  next();
  if (tok() == Token::Name) {
    auto* n = make<SelectorExpr>(dot);
    n->x = x;
    n->sel = name();
    return n;
  }
  if (tok() == Token::LeftParen) {
    auto* n = make<TypeAssertExpr>(dot);
    n->x = x;
    n->lparen = pos();
    next();
    if (!got(Token::Type)) n->type = type();
    n->rparen = want(Token::RightParen);
    return n;
  }
  expected("name or (");
  advance({Token::Semicolon, Token::RightParen});
  return x;
}

// Index = "[" TypeOrExpression { "," Type } [ "," ] "]" .
// Slice = "[" [ Expression ] ":" [ Expression [ ":" Expression ] ] "]" .
Expr* Parser::indexOrSlice(Expr* x) {
  Pos lbrack = pos();
  next();
  Expr* low = nullptr;
  if (tok() != Token::Colon) {
    std::span<Expr*> indices;
    bool comma = false;
    if (tok() == Token::RightBracket) {
      expected("operand");
      indices = one<Expr>(badExpr());
    } else {
      indices = typeList(false, &comma);
    }
    if (comma || tok() == Token::RightBracket) {
      auto* n = make<IndexExpr>(lbrack);
      n->x = x;
      n->indices = indices;
      n->rbrack = want(Token::RightBracket);
      return n;
    }
    low = indices[0];
  }

  auto* n = make<SliceExpr>(lbrack);
  n->x = x;
  n->index[0] = low;
  if (!got(Token::Colon)) {
    expected("comma, : or ]");
    advance({Token::Comma, Token::Colon, Token::RightBracket});
  }
  expressionLevel_++;
  if (tok() != Token::Colon && tok() != Token::RightBracket) n->index[1] = expr();
  if (tok() == Token::Colon) {
    n->full = true;
    if (!n->index[1]) {
      error(pos(), diag::MiddleIndexRequired);
      n->index[1] = badExpr();
    }
    next();
    if (tok() == Token::RightBracket) {
      error(pos(), diag::FinalIndexRequired);
      n->index[2] = badExpr();
    } else {
      n->index[2] = expr();
    }
  }
  expressionLevel_--;
  n->rbrack = want(Token::RightBracket);
  return n;
}

// Arguments = "(" [ Expression { "," Expression } [ "..." ] [ "," ] ] ")" .
Expr* Parser::call(Expr* x) {
  auto* n = make<CallExpr>(pos());
  next();
  n->fun = x;
  expressionLevel_++;
  List<Expr> args(*this);
  n->rparen = list("argument list", Token::Comma, Token::RightParen, [&] {
    args.add(expr());
    if (tok() != Token::Ellipsis) return false;
    n->ellipsis = pos();
    next();
    return true;
  });
  n->args = args.finish();
  expressionLevel_--;
  return n;
}

// LiteralValue = "{" [ Element { "," Element } [ "," ] ] "}" .  Element = [ Value ":" ] Value .
CompositeLit* Parser::compositeLit(Expr* type) {
  auto* n = make<CompositeLit>(pos());
  n->type = type;
  n->rbrace = n->pos;
  Nest nest(*this);
  if (tooDeep()) return n;
  expressionLevel_++;
  next();
  List<Expr> elems(*this);
  n->rbrace = list("composite literal", Token::Comma, Token::RightBrace, [&] {
    Expr* e = literalElement();
    if (tok() == Token::Colon) {
      auto* pair = make<KeyValueExpr>(pos());
      next();
      pair->key = e;
      pair->value = literalElement();
      e = pair;
      n->keyCount++;
    }
    elems.add(e);
    return false;
  });
  n->elems = elems.finish();
  expressionLevel_--;
  return n;
}

Expr* Parser::literalElement() { return tok() == Token::LeftBrace ? compositeLit(nullptr) : expr(); }

}  // namespace burrow::syntax
