// Expressions: dispatch by kind, and what every expression goes through.
//
// Each function takes an operand to fill and the expression. On an error the operand becomes invalid and the error has
// been reported. rawExpr records the result; everything else calls it through expr, genericExpr, exprOrType, multiExpr,
// which exclude what the caller cannot use.
#include "syntax/positions.h"
#include "types/checker.h"
#include "types/text.h"

namespace burrow::types {

using syntax::NodeKind;

std::optional<Target> Checker::newTarget(Type* t, const std::string& desc) {
  if (t == nullptr) return std::nullopt;
  auto* sig = as<Signature>(isTypeParam(t) ? commonUnder(t) : under(t));
  if (sig == nullptr) return std::nullopt;
  return Target{sig, desc};
}

ExprClass Checker::rawExpr(const Target* target, Operand& x, Expr* e, Type* hint, bool allowGeneric) {
  ExprClass c = exprInternal(target, x, e, hint);
  if (!allowGeneric) nonGeneric(target, x);
  record(x);
  return c;
}

// Generic types and functions must be instantiated, except where they are called or indexed.
void Checker::nonGeneric(const Target* target, Operand& x) {
  if (!x.isValid() || x.mode == Mode::NoValue) return;
  const char* what = nullptr;
  if (is<Alias>(x.type) || is<Named>(x.type)) {
    if (isGeneric(x.type)) what = "type";
  } else if (auto* sig = as<Signature>(x.type); sig != nullptr && !sig->typeParams.empty() && x.mode != Mode::Builtin) {
    if (target != nullptr) {
      funcInst(target, x.expr->pos, x, nullptr, true);
      return;
    }
    what = "function";
  }
  if (what == nullptr) return;
  error(x.expr, diag::GenericNotInstantiated, what, x.expr);
  x.invalidate();
  x.type = invalidType();
}

ExprClass Checker::exprInternal(const Target* target, Operand& x, Expr* e, Type* hint) {
  x = Operand{};
  auto done = [&](ExprClass c) {
    x.expr = e;
    return x.isValid() ? c : ExprClass::Statement;  // no follow-up errors for invalid ones
  };
  switch (e->kind) {
    case NodeKind::BadExpr: return done(ExprClass::Expression);
    case NodeKind::Ident: ident(x, syntax::as<Ident>(e), false); x.expr = e; return ExprClass::Expression;
    case NodeKind::BasicLit: basicLit(x, syntax::as<syntax::BasicLit>(e)); return done(ExprClass::Expression);
    case NodeKind::FuncLit: funcLit(x, syntax::as<syntax::FuncLit>(e)); return done(ExprClass::Expression);
    case NodeKind::CompositeLit:
      compositeLit(x, syntax::as<syntax::CompositeLit>(e), hint);
      return done(ExprClass::Expression);
    case NodeKind::ParenExpr: {
      ExprClass c = rawExpr(nullptr, x, syntax::as<syntax::ParenExpr>(e)->x, nullptr, false);
      x.expr = e;
      return c;
    }
    case NodeKind::SelectorExpr:
      selector(x, syntax::as<syntax::SelectorExpr>(e), false);
      x.expr = e;
      return ExprClass::Expression;
    case NodeKind::IndexExpr: {
      auto* n = syntax::as<syntax::IndexExpr>(e);
      if (indexExpr(x, n)) funcInst(target, e->pos, x, n, true);
      return done(ExprClass::Expression);
    }
    case NodeKind::SliceExpr: sliceExpr(x, syntax::as<syntax::SliceExpr>(e)); return done(ExprClass::Expression);
    case NodeKind::TypeAssertExpr:
      typeAssertExpr(x, syntax::as<syntax::TypeAssertExpr>(e));
      return done(ExprClass::Expression);
    case NodeKind::CallExpr: return callExpr(x, syntax::as<syntax::CallExpr>(e));
    case NodeKind::StarExpr: starExpr(x, syntax::as<syntax::StarExpr>(e)); return done(ExprClass::Expression);
    case NodeKind::UnaryExpr: {
      auto* n = syntax::as<syntax::UnaryExpr>(e);
      unary(x, n);
      return done(n->op == Token::Arrow ? ExprClass::Statement : ExprClass::Expression);
    }
    case NodeKind::BinaryExpr: binaryChain(x, syntax::as<syntax::BinaryExpr>(e)); return done(ExprClass::Expression);
    // The parser lets these stand only where somebody else looks at them.
    case NodeKind::KeyValueExpr:
    case NodeKind::Ellipsis: return done(ExprClass::Expression);
    case NodeKind::ArrayType:
    case NodeKind::SliceType:
    case NodeKind::StructType:
    case NodeKind::FuncType:
    case NodeKind::InterfaceType:
    case NodeKind::MapType:
    case NodeKind::ChanType:
      x.type = typ(e);
      x.mode = Mode::TypeExpr;
      return done(ExprClass::Expression);
    default: return done(ExprClass::Expression);
  }
}

void Checker::exclude(Operand& x, bool noValue, bool builtin, bool type) {
  if (x.mode == Mode::NoValue && noValue) {
    error(x, type ? diag::UsedAsValue : diag::UsedAsValueOrType, x);
    // Follow-on messages that list argument types show the callee's, as gc's do.
    if (auto* call = dynAs<syntax::CallExpr>(syntax::unparen(x.expr))) x.type = info_->exprs[call->fun->id].type;
  } else if (x.mode == Mode::Builtin && builtin) {
    error(x, diag::MustBeCalled, x);
  } else if (x.mode == Mode::TypeExpr && type) {
    error(x, diag::NotAnExpression, x);
  } else {
    return;
  }
  x.invalidate();
}

void Checker::singleValue(Operand& x) {
  if (x.mode != Mode::Value || !is<Tuple>(x.type)) return;
  error(x, diag::MultipleValue, x);
  x.invalidate();
}

void Checker::expr(const Target* target, Operand& x, Expr* e) {
  rawExpr(target, x, e, nullptr, false);
  exclude(x, true, true, true);
  singleValue(x);
}

void Checker::genericExpr(Operand& x, Expr* e, Type* hint) {
  rawExpr(nullptr, x, e, hint, true);
  exclude(x, true, true, true);
  singleValue(x);
}

void Checker::exprOrType(Operand& x, Expr* e, bool allowGeneric) {
  rawExpr(nullptr, x, e, nullptr, allowGeneric);
  exclude(x, true, false, false);
  singleValue(x);
}

static std::string ordinal(size_t n) {
  const char* suffix = n == 1 ? "st" : n == 2 ? "nd" : n == 3 ? "rd" : "th";
  return std::to_string(n) + suffix;
}

std::vector<Operand> Checker::multiExpr(Expr* e, bool allowCommaOk, bool* commaOk) {
  Operand x;
  rawExpr(nullptr, x, e, nullptr, false);
  exclude(x, true, true, true);
  *commaOk = false;
  auto part = [&](std::string_view label, Type* t) {
    Operand y;
    y.mode = Mode::Value;
    y.type = t;
    y.label = label;
    y.labelPos = syntax::reportPos(e);
    return y;
  };
  if (auto* t = as<Tuple>(x.type); t != nullptr && x.isValid()) {
    std::vector<Operand> out;
    for (size_t i = 0; i < t->size(); i++)
      out.push_back(part(arena().copy(ordinal(i + 1) + " function result"), t->vars[i]->type));
    return out;
  }
  bool ok = x.mode == Mode::MapIndex || x.mode == Mode::CommaOk || x.mode == Mode::CommaErr;
  std::vector<Operand> out{x};
  if (allowCommaOk && ok) {
    if (x.mode == Mode::CommaErr) {
      out.push_back(part("err value of (comma, err) expression", universe().errorType));
    } else {
      out.push_back(part("ok value of (comma, ok) expression", basicType(BasicKind::UntypedBool)));
    }
    *commaOk = true;
  }
  return out;
}

// --- Single kinds ------------------------------------------------------------------------------------------------

void Checker::starExpr(Operand& x, syntax::StarExpr* e) {
  exprOrType(x, e->x, false);
  if (!x.isValid()) return;
  if (x.mode == Mode::TypeExpr) {
    validVarType(e->x, x.type);
    x.type = newPointer(x.type);
    return;
  }
  Type* base = nullptr;
  bool ok = forTypeSet(x.type, [&](Type*, Type* u) {
    auto* p = as<Pointer>(u);
    if (p == nullptr) {
      error(x, diag::CannotIndirect, x);
      return false;
    }
    if (base != nullptr && !identical(p->elem, base)) {
      error(x, diag::PointersDiffer, x);
      return false;
    }
    base = p->elem;
    return true;
  });
  if (!ok || !isComplete(base)) {
    x.invalidate();
    return;
  }
  x.mode = Mode::Variable;
  x.type = base;
}

void Checker::typeAssertExpr(Operand& x, syntax::TypeAssertExpr* e) {
  if (e->type == nullptr) {
    error(e, diag::TypeSwitchGuardOutside);
    use(e->x);
    x.invalidate();
    return;
  }
  expr(nullptr, x, e->x);
  if (!x.isValid()) return;
  if (isTypeParam(x.type)) {
    error(x, diag::AssertTypeParam, x);
    x.invalidate();
    return;
  }
  if (!isInterface(x.type)) {
    error(x, diag::AssertNotInterface, x);
    x.invalidate();
    return;
  }
  Type* t = varType(e->type);
  if (!isValid(t) || !isComplete(t)) {
    x.invalidate();
    return;
  }
  typeAssertion(e, x, t, false);
  x.mode = Mode::CommaOk;
  x.type = t;
}

void Checker::typeAssertion(Expr* e, const Operand& x, Type* t, bool typeSwitch) {
  Cause cause = newCause();
  if (relations().assertableTo(x.type, t, &cause)) return;
  if (typeSwitch) {
    error(e, diag::ImpossibleCase, e, x, t, cause.text);
  } else {
    error(e, diag::ImpossibleAssertion, e, t, x.type, cause.text);
  }
}

void Checker::basicLit(Operand& x, syntax::BasicLit* e) {
  x.expr = e;
  if (e->bad) return;
  constexpr size_t kMaxDigits = 10000;
  std::string_view v = e->value;
  using syntax::LiteralKind;
  bool number = e->literal == LiteralKind::Int || e->literal == LiteralKind::Float || e->literal == LiteralKind::Imaginary;
  if (number) {
    if (v.size() > 2 && !allows(13)) {
      if (v.find('_') != v.npos) {
        requireVersion(e, 13, "underscore in numeric literal");
      } else if (v[0] == '0' && (v[1] == 'b' || v[1] == 'B')) {
        requireVersion(e, 13, "binary literal");
      } else if (v[0] == '0' && (v[1] == 'o' || v[1] == 'O')) {
        requireVersion(e, 13, "0o/0O-style octal literal");
      } else if (v[0] == '0' && (v[1] == 'x' || v[1] == 'X') && e->literal != LiteralKind::Int) {
        requireVersion(e, 13, "hexadecimal floating-point literal");
      }
    }
    if (v.size() > kMaxDigits) {
      error(e, diag::ExcessivelyLongConstant, v.substr(0, 10), v.size());
      return;
    }
  }
  BasicKind kind = BasicKind::UntypedInt;
  switch (e->literal) {
    case LiteralKind::Int: x.value = Constant::parseInt(v); break;
    case LiteralKind::Float:
      kind = BasicKind::UntypedFloat;
      x.value = Constant::parseFloat(v);
      break;
    case LiteralKind::Imaginary:
      kind = BasicKind::UntypedComplex;
      x.value = Constant::parseImaginary(v);
      break;
    case LiteralKind::Rune: {
      kind = BasicKind::UntypedRune;
      uint32_t rune = 0;
      if (unquoteRune(v, &rune)) x.value = Constant::ofInt(rune);
      break;
    }
    case LiteralKind::String: {
      kind = BasicKind::UntypedString;
      std::string s;
      if (unquoteString(v, &s)) x.value = Constant::ofString(std::move(s));
      break;
    }
  }
  if (!x.value.isKnown()) {
    error(e, diag::MalformedConstant, v);
    return;
  }
  x.mode = Mode::Constant;
  x.type = basicType(kind);
  overflow(x, e->pos);
}

void Checker::funcLit(Operand& x, syntax::FuncLit* e) {
  auto* sig = as<Signature>(typ(e->type));
  if (sig == nullptr) return;
  // Those outside of functions are in initialisers, which only the package itself compiles.
  if (e->body != nullptr && (!input_.genericBodiesOnly || env_.sig != nullptr)) {
    // The body is checked when the enclosing statement has been: names that it declares are visible then.
    DeclInfo* decl = env_.decl;
    Func* func = env_.func;
    const Constant* iota = env_.iota;
    later([=, this] { funcBody(decl, func, sig, e->body, iota); });
  }
  x.mode = Mode::Value;
  x.type = sig;
}

}  // namespace burrow::types
