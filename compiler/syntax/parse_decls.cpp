// Declarations. See parser_impl.h.
#include "syntax/parser_impl.h"

#include <algorithm>

namespace burrow::syntax {

// Declaration = keyword ( Spec | "(" { Spec ";" } ")" ) .
GenDecl* Parser::genDecl() {
  auto* decl = make<GenDecl>(pos());
  decl->tok = tok();
  next();
  switch (decl->tok) {
    case Token::Import: specs(decl, [&] { return importSpec(); }); break;
    case Token::Const: {
      ConstSpec* last = nullptr;  // the one that later specs without type and values repeat
      specs(decl, [&] {
        ConstSpec* c = constSpec();
        if (c->type || !c->values.empty()) {
          last = c;
        } else {
          c->inherited = last;
        }
        return c;
      });
      break;
    }
    case Token::Type: specs(decl, [&] { return typeSpec(); }); break;
    default: specs(decl, [&] { return varSpec(); }); break;
  }
  return decl;
}

template <typename F>
void Parser::specs(GenDecl* decl, F spec) {
  List<Spec> all(*this);
  auto addOne = [&] {
    Spec* s = spec();
    s->decl = decl;
    s->index = static_cast<uint32_t>(all.size());
    all.add(s);
    return false;
  };
  if (tok() == Token::LeftParen) {
    decl->lparen = pos();
    clearDirectives();  // before the parenthesis is consumed: those behind it belong to the first spec
    next();
    decl->rparen = list("grouped declaration", Token::Semicolon, Token::RightParen, addOne);
  } else {
    addOne();
  }
  decl->specs = all.finish();
}

// ImportSpec = [ "." | PackageName ] ImportPath .
ImportSpec* Parser::importSpec() {
  auto* spec = make<ImportSpec>(pos());
  spec->directives = takeDirectives(Pragma::None, false);
  if (tok() == Token::Name) {
    spec->name = name();
  } else if (tok() == Token::Dot) {
    spec->name = makeName(pos(), dotName_);
    next();
  }
  spec->path = literalOrNull();
  if (!spec->path) {
    syntaxError(pos(), diag::MissingImportPath);
    advance({Token::Semicolon, Token::RightParen});
    return spec;
  }
  if (!spec->path->bad && spec->path->literal != LiteralKind::String) {
    syntaxError(spec->path->pos, diag::ImportPathNoString);
    spec->path->bad = true;
  }
  if (!spec->path->bad) {
    std::string_view path = spec->path->value.substr(1, spec->path->value.size() - 2);
    importsEmbed_ |= path == "embed";
    importsUnsafe_ |= path == "unsafe";
  }
  return spec;
}

// ConstSpec = IdentifierList [ [ Type ] "=" ExpressionList ] .
ConstSpec* Parser::constSpec() {
  auto* spec = make<ConstSpec>(pos());
  spec->directives = takeDirectives(Pragma::None, false);
  spec->names = nameList(name());
  if (tok() != Token::EndOfFile && tok() != Token::Semicolon && tok() != Token::RightParen) {
    spec->type = typeOrNull();
    if (gotAssign(&spec->assign)) spec->values = toSpan(exprList());
  }
  return spec;
}

// VarSpec = IdentifierList ( Type [ "=" ExpressionList ] | "=" ExpressionList ) .
VarSpec* Parser::varSpec() {
  auto* spec = make<VarSpec>(pos());
  spec->directives = takeDirectives(Pragma::None, true);
  spec->names = nameList(name());
  if (gotAssign(&spec->assign)) {
    spec->values = toSpan(exprList());
  } else {
    spec->type = type();
    if (gotAssign(&spec->assign)) spec->values = toSpan(exprList());
  }
  if (!spec->directives.empty()) embedPatterns(spec, functionDepth_ > 0);
  return spec;
}

// TypeSpec = identifier [ TypeParams ] [ "=" ] Type .
//
// Behind `type T [` there may be an array length or a type parameter list, and `type T[P *C]` is both until the token
// behind it is known. So the part behind the bracket is read as an expression, and then taken apart again if it can
// only (or, before a comma, better) be a name and a constraint.
TypeSpec* Parser::typeSpec() {
  auto* spec = make<TypeSpec>(pos());
  spec->directives = takeDirectives(Pragma::None, false);
  spec->name = name();

  if (tok() != Token::LeftBracket) {
    gotAssign(&spec->assign);
    spec->type = typeOrNull();
  } else {
    Pos lbrack = pos();
    next();
    if (tok() == Token::Name) {
      // `name [` starts a constraint like []E or an instantiation: no constant expression indexes.
      Expr* x = name();
      if (tok() != Token::LeftBracket) {
        expressionLevel_++;
        x = binaryExpr(primaryExpr(x), 0);
        expressionLevel_--;
      }
      Expr* constraint = nullptr;
      Ident* parameter = extractName(x, tok() == Token::Comma, &constraint);
      if (parameter && (constraint || tok() != Token::RightBracket)) {
        spec->typeParams = paramList(lbrack, parameter, constraint, Token::RightBracket, true, false);
        gotAssign(&spec->assign);
        spec->type = typeOrNull();
      } else {
        spec->type = arrayType(lbrack, x);
      }
    } else if (got(Token::RightBracket)) {
      spec->type = sliceType(lbrack);
    } else {
      spec->type = arrayType(lbrack, nullptr);
    }
  }

  if (!spec->type) {
    spec->type = badExpr();
    unexpected(diag::UnexpectedInTypeDeclaration);
    advance({Token::Semicolon, Token::RightParen});
  }
  if (functionDepth_ > 0 && !spec->isAlias()) localTypes_.push_back(spec);
  return spec;
}

// Splits an expression into a type parameter's name and its constraint, if it can be read so:
//
//	P            name, no constraint yet
//	P *C         (a product)     if C must be a type, or `force`
//	P (C)        (a call)        likewise
//	P *C|D       (a bitwise or)  if its left side can be split, where a D that must be a type forces
//
// Returns null, and leaves *rest alone, where it cannot.
Ident* Parser::extractName(Expr* x, bool force, Expr** rest) {
  if (auto* ident = dynAs<Ident>(x)) {
    *rest = nullptr;
    return ident;
  }
  if (auto* op = dynAs<BinaryExpr>(x)) {
    if (op->op == Token::Mul) {
      auto* ident = dynAs<Ident>(op->x);
      if (!ident || !(force || isTypeElement(op->y))) return nullptr;
      auto* star = make<StarExpr>(op->pos);
      star->x = op->y;
      *rest = star;
      return ident;
    }
    if (op->op == Token::Or) {
      Expr* left = nullptr;
      Ident* ident = extractName(op->x, force || isTypeElement(op->y), &left);
      if (!ident || !left) return nullptr;
      op->x = left;
      *rest = op;
      return ident;
    }
    return nullptr;
  }
  if (auto* c = dynAs<CallExpr>(x)) {
    auto* ident = dynAs<Ident>(c->fun);
    if (!ident || c->args.size() != 1 || c->hasDots() || !(force || isTypeElement(c->args[0]))) return nullptr;
    *rest = unparen(c->args[0]);
    return ident;
  }
  return nullptr;
}

// Whether an expression can only be a type (or a union of types).
bool Parser::isTypeElement(const Expr* x) {
  // Unions lean left and may be long: recurse to the right only.
  for (;;) {
    switch (x->kind) {
      case NodeKind::ArrayType:
      case NodeKind::SliceType:
      case NodeKind::StructType:
      case NodeKind::FuncType:
      case NodeKind::InterfaceType:
      case NodeKind::MapType:
      case NodeKind::ChanType:
        return true;
      case NodeKind::BinaryExpr:
        if (isTypeElement(as<BinaryExpr>(x)->y)) return true;
        x = as<BinaryExpr>(x)->x;
        break;
      case NodeKind::UnaryExpr:
        if (as<UnaryExpr>(x)->op == Token::Tilde) return true;
        x = as<UnaryExpr>(x)->x;
        break;
      case NodeKind::StarExpr:
        x = as<StarExpr>(x)->x;
        break;
      case NodeKind::ParenExpr:
        x = as<ParenExpr>(x)->x;
        break;
      default:
        return false;
    }
  }
}

// FunctionDecl = "func" identifier [ TypeParams ] Signature [ Block ] .
// MethodDecl   = "func" Parameters identifier [ TypeParams ] Signature [ Block ] .
FuncDecl* Parser::funcDecl() {
  Pos func = pos();
  next();
  auto* decl = make<FuncDecl>(pos());
  decl->func = func;
  constexpr Pragma kAllowed = static_cast<Pragma>(~static_cast<uint32_t>(Pragma::Build));
  decl->directives = takeDirectives(kAllowed, false, &decl->pragma);

  if (tok() == Token::LeftParen) {
    decl->isMethod = true;
    Pos open = pos();
    next();
    decl->recv = paramList(open, nullptr, nullptr, Token::RightParen, false, false);
    size_t count = decl->recv.count();
    if (count == 0) {
      if (!options_.likeGoParser) error(pos(), diag::NoReceiver);
    } else if (count > 1) {
      if (!options_.likeGoParser) error(pos(), diag::MultipleReceivers);
      Field* first = decl->recv.fields[0];
      if (first->names.size() > 1) first->names = first->names.first(1);
      decl->recv.fields = decl->recv.fields.first(1);
    }
  }

  if (tok() == Token::Name) {
    decl->name = name();
    decl->type = funcType(func, "");
  } else {
    decl->name = inventName(pos());
    decl->type = make<FuncType>(pos());
    decl->type->func = func;
    expected(decl->isMethod ? "name" : "name or (");
    advance({Token::LeftBrace, Token::Semicolon});
  }
  if (tok() == Token::LeftBrace) decl->body = funcBody();
  return decl;
}

}  // namespace burrow::syntax
