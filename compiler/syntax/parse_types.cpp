// Types. See parser_impl.h; parameter lists are in parse_params.cpp.
#include "syntax/parser_impl.h"

namespace burrow::syntax {

namespace {

// The operators that gc's scanner calls plain operators: all but the star and the arrow.
constexpr TokenSet kPlainOperators = [] {
  TokenSet s;
  for (int i = 0; i < kTokenCount; i++) {
    auto t = static_cast<Token>(i);
    if ((precedence(t) > 0 && t != Token::Mul) || t == Token::Not || t == Token::Tilde) s.add(t);
  }
  return s;
}();
constexpr TokenSet kTypeEnd = {Token::Semicolon, Token::RightParen, Token::RightBracket, Token::RightBrace};

}  // namespace

Expr* Parser::type() {
  if (Expr* t = typeOrNull()) return t;
  Expr* bad = badExpr();
  expected("type");
  advance(kTypeEnd | TokenSet{Token::Comma, Token::Colon});
  return bad;
}

// Type     = TypeName | TypeLit | "(" Type ")" .
// TypeName = identifier | QualifiedIdent .
// TypeLit  = ArrayType | StructType | PointerType | FunctionType | InterfaceType | SliceType | MapType | ChannelType .
Expr* Parser::typeOrNull() {
  Nest nest(*this);
  if (tooDeep()) return nullptr;
  Pos at = pos();
  switch (tok()) {
    case Token::Name:
      return qualifiedName(nullptr);
    case Token::Mul: {
      auto* t = make<StarExpr>(at);
      next();
      t->x = type();
      return t;
    }
    case Token::LeftBracket:
      next();
      if (got(Token::RightBracket)) return sliceType(at);
      return arrayType(at, nullptr);
    case Token::Struct:
      return structType();
    case Token::Interface:
      return interfaceType();
    case Token::Func:
      next();
      return funcType(at, "function type");
    case Token::Map: {
      auto* t = make<MapType>(at);
      next();
      want(Token::LeftBracket);
      t->key = type();
      want(Token::RightBracket);
      t->value = type();
      return t;
    }
    case Token::Chan: {
      auto* t = make<ChanType>(at);
      next();
      if (tok() == Token::Arrow) {
        t->arrow = pos();
        t->dir = ChanDir::SendOnly;
        next();
      }
      t->elem = chanElem();
      return t;
    }
    case Token::Arrow: {
      auto* t = make<ChanType>(at);
      next();
      want(Token::Chan);
      t->arrow = at;
      t->dir = ChanDir::RecvOnly;
      t->elem = chanElem();
      return t;
    }
    case Token::LeftParen: {
      next();
      Expr* t = type();
      want(Token::RightParen);
      return t;
    }
    default:
      return nullptr;
  }
}

Expr* Parser::chanElem() {
  if (Expr* t = typeOrNull()) return t;
  Expr* bad = badExpr();
  syntaxError(pos(), diag::MissingChannelElement);
  return bad;  // it is simply absent: nothing to skip
}

// Behind the bracket at `lbrack`; `len` was read already, or is null.
Expr* Parser::arrayType(Pos lbrack, Expr* len) {
  auto* t = make<ArrayType>(lbrack);
  if (!len && !got(Token::Ellipsis)) {
    expressionLevel_++;
    len = expr();
    expressionLevel_--;
  }
  if (tok() == Token::Comma) {
    // Fine in a type parameter list, which this might have been meant to be.
    syntaxError(pos(), diag::UnexpectedComma);
    next();
  }
  want(Token::RightBracket);
  t->len = len;
  t->elem = type();
  return t;
}

// Behind both brackets.
Expr* Parser::sliceType(Pos lbrack) {
  auto* t = make<SliceType>(lbrack);
  t->elem = type();
  return t;
}

// TypeName [ "[" TypeList "]" ]; the first name may have been read already.
Expr* Parser::qualifiedName(Ident* first) {
  Expr* x = first;
  if (!x) {
    if (tok() == Token::Name) {
      x = name();
    } else {
      x = inventName(pos());
      expected("name");
      advance({Token::Dot, Token::Semicolon, Token::RightBrace});
    }
  }
  if (tok() == Token::Dot) {
    auto* s = make<SelectorExpr>(pos());
    next();
    s->x = x;
    s->sel = name();
    x = s;
  }
  return tok() == Token::LeftBracket ? typeInstance(x) : x;
}

Expr* Parser::typeInstance(Expr* generic) {
  auto* n = make<IndexExpr>(pos());
  n->x = generic;
  want(Token::LeftBracket);
  if (tok() == Token::RightBracket) {
    expected("type argument list");
    n->indices = one<Expr>(badExpr());
  } else {
    bool comma;
    n->indices = typeList(true, &comma);
  }
  n->rbrack = want(Token::RightBracket);
  return n;
}

// A list of at least one type, with an optional comma behind it. Unless `strict`, the first may be any expression.
std::span<Expr*> Parser::typeList(bool strict, bool* comma) {
  expressionLevel_++;
  List<Expr> all(*this);
  all.add(strict ? type() : expr());
  *comma = false;
  while (got(Token::Comma)) {
    *comma = true;
    Expr* t = typeOrNull();
    if (!t) break;
    all.add(t);
  }
  expressionLevel_--;
  return all.finish();
}

// Behind a name: `[n]E`, `[]E` (then it is the name's type), or `[T1, T2]` (then the result is an IndexExpr whose x the
// caller fills in).
Expr* Parser::arrayOrTypeArguments() {
  Pos lbrack = want(Token::LeftBracket);
  if (got(Token::RightBracket)) return sliceType(lbrack);
  bool comma;
  std::span<Expr*> args = typeList(false, &comma);
  Pos rbrack = want(Token::RightBracket);
  if (!comma) {
    if (Expr* elem = typeOrNull()) {
      auto* t = make<ArrayType>(lbrack);
      t->len = args[0];
      t->elem = elem;
      return t;
    }
  }
  auto* n = make<IndexExpr>(lbrack);
  n->indices = args;
  n->rbrack = rbrack;
  return n;
}

// StructType = "struct" "{" { FieldDecl ";" } "}" .
StructType* Parser::structType() {
  auto* t = make<StructType>(pos());
  next();
  t->fields.open = want(Token::LeftBrace);
  List<Field> fields(*this);
  t->fields.close = list("struct type", Token::Semicolon, Token::RightBrace, [&] {
    structField(fields);
    return false;
  });
  t->fields.fields = fields.finish();
  return t;
}

// FieldDecl = ( IdentifierList Type | [ "*" ] TypeName ) [ Tag ] .
void Parser::structField(List<Field>& fields) {
  Pos at = pos();
  auto add = [&](std::span<Ident*> names, Expr* type) {
    auto* f = make<Field>(at);
    f->names = names;
    f->type = type;
    f->tag = literalOrNull();
    fields.add(f);
  };
  auto star = [&](Pos where) {
    auto* t = make<StarExpr>(where);
    t->x = qualifiedName(nullptr);
    return t;
  };

  switch (tok()) {
    case Token::Name: {
      Ident* first = name();
      if (tok() == Token::Dot || tok() == Token::Literal || tok() == Token::Semicolon || tok() == Token::RightBrace) {
        return add({}, qualifiedName(first));
      }
      std::span<Ident*> names = nameList(first);
      if (names.size() == 1 && tok() == Token::LeftBracket) {
        // A field of array or slice type, or an embedded instantiation.
        Expr* t = arrayOrTypeArguments();
        if (auto* instance = dynAs<IndexExpr>(t)) {
          instance->x = first;
          return add({}, instance);
        }
        return add(names, t);
      }
      return add(names, type());
    }
    case Token::Mul:
      next();
      if (tok() == Token::LeftParen) {
        syntaxError(pos(), diag::ParenthesizedEmbedded);
        next();
        Expr* t = star(at);
        got(Token::RightParen);
        return add({}, t);
      }
      return add({}, star(at));
    case Token::LeftParen: {
      syntaxError(pos(), diag::ParenthesizedEmbedded);
      next();
      Expr* t;
      if (Pos where = pos(); got(Token::Mul)) {
        t = star(where);
      } else {
        t = qualifiedName(nullptr);
      }
      got(Token::RightParen);
      return add({}, t);
    }
    default:
      expected("field name or embedded type");
      advance({Token::Semicolon, Token::RightBrace});
  }
}

// InterfaceType = "interface" "{" { ( MethodSpec | TypeElem ) ";" } "}" .
InterfaceType* Parser::interfaceType() {
  auto* t = make<InterfaceType>(pos());
  next();
  t->elems.open = want(Token::LeftBrace);
  List<Field> elems(*this);
  t->elems.close = list("interface type", Token::Semicolon, Token::RightBrace, [&] {
    Field* f;
    if (tok() == Token::Name) {
      f = methodOrEmbedded();
      if (f->names.empty()) f->type = embeddedElement(f->type);
    } else {
      f = make<Field>(pos());
      f->type = embeddedElement(nullptr);
    }
    elems.add(f);
    return false;
  });
  t->elems.fields = elems.finish();
  return t;
}

// MethodSpec = identifier Signature, or an embedded type that starts with a name.
Field* Parser::methodOrEmbedded() {
  constexpr std::string_view kContext = "interface method";
  auto* f = make<Field>(pos());
  Ident* first = name();
  auto method = [&] {
    f->names = one(first);
    f->type = funcType({}, kContext);
  };

  if (tok() == Token::LeftParen) {
    method();
    return f;
  }
  if (tok() != Token::LeftBracket) {
    f->type = qualifiedName(first);
    return f;
  }

  // An embedded instantiation T[A, B], or a method with type parameters, which interfaces do not have.
  auto* instance = make<IndexExpr>(pos());
  next();
  if (tok() == Token::RightBracket) {
    Pos empty = pos();
    next();
    if (tok() == Token::LeftParen) {
      error(empty, diag::EmptyMethodTypeParameterList);
      method();
    } else {
      error(empty, diag::EmptyTypeArgumentList);
      f->type = first;
    }
    return f;
  }
  // Type arguments look like parameters without names.
  FieldList args = paramList(instance->pos, nullptr, nullptr, Token::RightBracket, false, false);
  if (args.empty()) {  // an error was reported
    if (tok() == Token::LeftParen) {
      method();
    } else {
      f->type = first;
    }
    return f;
  }
  if (!args.fields[0]->names.empty()) {
    method();
    error(instance->pos, diag::MethodWithTypeParameters);
    return f;
  }
  instance->x = first;
  instance->rbrack = args.close;
  List<Expr> types(*this);
  for (Field* arg : args.fields) types.add(arg->type);
  instance->indices = types.finish();
  f->type = instance;
  return f;
}

// TypeElem = TypeTerm { "|" TypeTerm } .
Expr* Parser::embeddedElement(Expr* first) {
  Expr* x = first ? first : embeddedTerm();
  int depth = 0;
  while (tok() == Token::Or && !tooDeep(++depth)) {
    auto* n = make<BinaryExpr>(pos());
    n->op = Token::Or;
    next();
    n->x = x;
    n->y = embeddedTerm();
    x = n;
  }
  return x;
}

// TypeTerm = [ "~" ] Type .
Expr* Parser::embeddedTerm() {
  if (tok() == Token::Tilde) {
    auto* n = make<UnaryExpr>(pos());
    n->op = Token::Tilde;
    next();
    n->x = type();
    return n;
  }
  if (Expr* t = typeOrNull()) return t;
  Expr* bad = badExpr();
  expected("~ term or type");
  advance(kTypeEnd | kPlainOperators);
  return bad;
}

}  // namespace burrow::syntax
