// Signatures: parameters, results and type parameters. See parser_impl.h.
//
// In `(a, b int, c)` only the whole list tells whether a lone name is a parameter's name or its type. So a list is
// first read as pairs of an optional name and an optional type; `distributeTypes` then hands types to the names before
// them, and `groupParams` makes fields of names that share one.
#include "syntax/parser_impl.h"
#include "syntax/positions.h"

namespace burrow::syntax {

// Signature, behind "func" and the name, with type parameters. `context` names the construct if it may have none.
FuncType* Parser::funcType(Pos func, std::string_view context) {
  auto* t = make<FuncType>(pos());
  t->func = func;
  if (tok() == Token::LeftBracket) {
    Pos open = pos();
    next();
    if (!context.empty()) syntaxError(open, diag::NoTypeParametersAllowed, context);
    if (tok() == Token::RightBracket) {
      syntaxError(pos(), diag::EmptyTypeParameterList);
      next();
    } else {
      FieldList params = paramList(open, nullptr, nullptr, Token::RightBracket, true, false);
      if (context.empty()) t->typeParams = params;
    }
  }
  Pos open = want(Token::LeftParen);
  t->params = paramList(open, nullptr, nullptr, Token::RightParen, false, true);
  t->results = funcResult();
  return t;
}

// Result = Parameters | Type .
FieldList Parser::funcResult() {
  Pos at = pos();
  if (got(Token::LeftParen)) return paramList(at, nullptr, nullptr, Token::RightParen, false, false);
  Expr* t = typeOrNull();
  if (!t) return {};
  auto* f = make<Field>(at);
  f->type = t;
  return {{}, {}, one(f)};
}

// ParameterDecl = [ identifier ] [ "..." ] Type, or a lone name. In type parameter lists (`follow` is the bracket)
// unions are types too. Returns false, after an error, when there is nothing.
bool Parser::paramDecl(Ident* first, Token follow, Param* out) {
  bool unions = follow == Token::RightBracket;
  auto atUnion = [&] { return unions && tok() == Token::Or; };
  *out = {nullptr, nullptr, first ? first->pos : pos()};

  if (!first && unions && tok() == Token::Tilde) {
    out->type = embeddedElement(nullptr);
    return true;
  }
  if (first || tok() == Token::Name) {
    if (!first) first = name();
    if (tok() == Token::LeftBracket) {
      out->type = arrayOrTypeArguments();
      if (auto* instance = dynAs<IndexExpr>(out->type)) {
        instance->x = first;
      } else {
        out->name = first;
      }
      if (atUnion()) out->type = embeddedElement(out->type);
      return true;
    }
    if (tok() == Token::Dot) {
      out->type = qualifiedName(first);
      if (atUnion()) out->type = embeddedElement(out->type);
      return true;
    }
    if (atUnion()) {
      out->type = embeddedElement(first);
      return true;
    }
    out->name = first;
  }

  if (tok() == Token::Ellipsis) {
    auto* dots = make<Ellipsis>(pos());
    next();
    dots->elem = typeOrNull();
    if (!dots->elem) {
      out->type = badExpr();
      syntaxError(pos(), diag::DotsWithoutType);
    } else {
      out->type = dots;
    }
    return true;
  }
  if (unions && tok() == Token::Tilde) {
    out->type = embeddedElement(nullptr);
    return true;
  }
  out->type = typeOrNull();
  if (out->type && atUnion()) out->type = embeddedElement(out->type);
  if (out->name || out->type) return true;

  expected(expectedText(follow));
  advance({Token::Comma, follow});
  return false;
}

// Parameters = "(" [ ParameterDecl { "," ParameterDecl } [ "," ] ] ")", behind the bracket at `open`. A first name, and
// a type for it, may have been read already. In the result all have names or none has.
FieldList Parser::paramList(Pos open, Ident* name, Expr* type, Token close, bool requireNames, bool dotsAllowed) {
  Nest nest(*this);  // its frames are large: lists nest half as deep as plain types
  FieldList result;
  result.open = open;
  size_t from = params_.size();
  size_t named = 0;  // with a name and a type of their own
  size_t typed = 0;  // with a type of their own
  auto add = [&](const Param& p) {
    if (p.name && p.type) named++;
    if (p.type) typed++;
    params_.push_back(p);
  };

  if (name && type && tok() == close) {
    add({name, type, name->pos});
    result.close = pos();
    next();
  } else {
    result.close = list("parameter list", Token::Comma, close, [&] {
      Param p;
      if (type) {
        add({name, type, name->pos});
      } else if (paramDecl(name, close, &p)) {
        add(p);
      }
      name = nullptr;
      type = nullptr;
      return false;
    });
  }
  if (params_.size() == from) return result;

  distributeTypes(params_, from, result.close, named, typed, requireNames);

  // Only the last parameter of a signature may have dots.
  bool reported = false;
  for (size_t i = from; i < params_.size(); i++) {
    auto* dots = dynAs<Ellipsis>(params_[i].type);
    if (!dots || (dotsAllowed && i + 1 == params_.size())) continue;
    if (!reported) error(dots->pos, dotsAllowed ? diag::DotsNotFinal : diag::InvalidDots);
    reported = true;
    params_[i].type = dots->elem;
  }

  result.fields = groupParams(std::span(params_).subspan(from));
  params_.resize(from);
  return result;
}

void Parser::distributeTypes(std::vector<Param>& list, size_t from, Pos end, size_t named, size_t typed,
                             bool requireNames) {
  size_t count = list.size() - from;
  if (named == 0 && !requireNames) {
    for (size_t i = from; i < list.size(); i++) {
      if (list[i].name) list[i] = {nullptr, list[i].name, list[i].pos};
    }
    return;
  }
  if (named == count) return;

  // Each type also belongs to the lone names right before it.
  Pos leftmost;
  Expr* type = nullptr;
  for (size_t i = list.size(); i-- > from;) {
    Param& p = list[i];
    if (p.type) {
      type = p.type;
      if (!p.name) {
        leftmost = reportPos(type);
        p.name = inventName(leftmost);
      }
    } else if (type) {
      p.type = type;
    } else {
      leftmost = p.name->pos;
      p.type = make<BadExpr>(leftmost);
    }
  }
  if (!leftmost.isValid()) return;
  if (named == typed) {  // every type has a name, so names at the end lack a type
    syntaxError(end, requireNames ? diag::MissingTypeConstraint : diag::MissingParameterType);
  } else if (!requireNames) {
    syntaxError(leftmost, diag::MissingParameterName);
  } else {
    syntaxError(leftmost, count == 1 ? diag::MissingTypeParameterNameOrLength : diag::MissingTypeParameterName);
  }
}

std::span<Field*> Parser::groupParams(std::span<Param> list) {
  List<Field> fields(*this);
  for (size_t i = 0; i < list.size();) {
    auto* f = make<Field>(list[i].pos);
    f->type = list[i].type;
    if (!list[i].name) {
      i++;
    } else {
      List<Ident> names(*this);
      for (; i < list.size() && list[i].name && list[i].type == f->type; i++) names.add(list[i].name);
      f->names = names.finish();
    }
    fields.add(f);
  }
  return fields.finish();
}

}  // namespace burrow::syntax
