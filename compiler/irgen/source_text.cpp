// Expressions as -m shows them.
//
// gc prints its own trees there, which are not quite the source any more: constants are folded and say their type where it is
// not the default one, types are spelled out, a conversion shows the type that it goes to, literals and function literals
// are cut short, implicit steps are left out. This printer says the same of our syntax trees; editors and people
// compare the lines.
//
//   make(map[string]T, n)      make(map[string]T, n)
//   any(T(0))                  T(0)                       the conversion to the interface is what the line is about
//   []byte(s + "x")            ([]byte)(s + "x")
//   &T{1, 2}                   &T{...}
//   f(func() { return })       f(func literal)
#include "irgen/source_text.h"

#include "syntax/print.h"
#include "types/queries.h"
#include "types/type_string.h"

namespace burrow::irgen {

using namespace syntax;
using types::Mode;

namespace {

class Writer {
 public:
  Writer(const types::Info& info, const types::Package* package) : info_(info) {
    style_.from = package;
    style_.spaced = true;
  }
  std::string out;

  // `precedence`: of the operator around it; a weaker one gets parentheses.
  void expr(const Expr* e, int precedence = 0) {
    if (e == nullptr) return;
    const types::ExprInfo& i = info_.of(e);
    if (i.isType()) return type(i.type);
    if (i.isConstant()) return constant(i);
    if (i.mode == Mode::NilValue) {
      out += "nil";
      return;
    }
    switch (e->kind) {
      case NodeKind::ParenExpr:
        // gc's trees have none; where they are needed they come back.
        return expr(unparen(e), precedence);
      case NodeKind::Ident:
        out.append(as<Ident>(e)->name);
        return;
      case NodeKind::CompositeLit:
        literal(as<CompositeLit>(e), precedence);
        return;
      case NodeKind::FuncLit:
        out += "func literal";
        return;
      case NodeKind::SelectorExpr: {
        auto* s = as<SelectorExpr>(e);
        expr(s->x, kPrimary);
        out.append(".").append(s->sel->name);
        return;
      }
      case NodeKind::IndexExpr: {
        auto* x = as<IndexExpr>(e);
        expr(x->x, kPrimary);
        if (info_.of(x->indices[0]).isType()) return;  // an instance: said by what follows, if at all
        out += '[';
        list(x->indices);
        out += ']';
        return;
      }
      case NodeKind::SliceExpr: {
        auto* s = as<SliceExpr>(e);
        expr(s->x, kPrimary);
        out += '[';
        expr(s->index[0]);
        out += ':';
        expr(s->index[1]);
        if (s->full) {
          out += ':';
          expr(s->index[2]);
        }
        out += ']';
        return;
      }
      case NodeKind::TypeAssertExpr: {
        auto* a = as<TypeAssertExpr>(e);
        expr(a->x, kPrimary);
        out += ".(";
        expr(a->type);
        out += ')';
        return;
      }
      case NodeKind::CallExpr:
        return call(as<CallExpr>(e));
      case NodeKind::StarExpr:
        return unary("*", as<StarExpr>(e)->x, precedence);
      case NodeKind::UnaryExpr:
        return unary(std::string(spelling(as<UnaryExpr>(e)->op)), as<UnaryExpr>(e)->x, precedence);
      case NodeKind::BinaryExpr:
        return binary(as<BinaryExpr>(e), precedence);
      default:
        return;
    }
  }

  void type(types::Type* t) { out += types::typeString(t, style_); }

 private:
  static constexpr int kUnary = 6, kPrimary = 7;

  static int strength(Token op) { return syntax::precedence(op); }

  void list(std::span<Expr* const> exprs) {
    for (size_t i = 0; i < exprs.size(); i++) {
      if (i > 0) out += ", ";
      expr(exprs[i]);
    }
  }

  void constant(const types::ExprInfo& i) {
    auto* basic = types::as<types::Basic>(i.type);
    const bool plain = basic != nullptr && (types::isUntyped(i.type) || isDefault(*basic));
    if (!plain) {
      type(i.type);
      out += '(';
    }
    out += i.value->str();
    if (!plain) out += ')';
  }
  static bool isDefault(const types::Basic& b) {
    switch (b.basic) {
      case types::BasicKind::Bool: case types::BasicKind::String: case types::BasicKind::Int:
      case types::BasicKind::Float64: case types::BasicKind::Complex128:
        return true;
      default:
        return false;
    }
  }

  void literal(const CompositeLit* e, int precedence) {
    types::Type* t = info_.typeOf(e);
    // An element of a literal whose & is left out.
    if (auto* p = types::as<types::Pointer>(types::unalias(t)); p != nullptr && e->type == nullptr) {
      const bool parens = precedence > kUnary;
      out += parens ? "(&" : "&";
      type(p->elem);
      out += e->elems.empty() ? "{}" : "{...}";
      if (parens) out += ')';
      return;
    }
    type(t);
    out += e->elems.empty() ? "{}" : "{...}";
  }

  void call(const CallExpr* e) {
    if (info_.of(e->fun).isType()) {
      types::Type* t = info_.of(e->fun).type;
      const bool named = types::is<types::Named>(types::unalias(t)) || types::is<types::Basic>(types::unalias(t)) ||
                         types::is<types::TypeParam>(types::unalias(t));
      const bool any = types::typeString(t, style_) == "any";
      if (!named && !any) out += '(';
      type(t);
      out += named || any ? "(" : ")(";
      list(e->args);
      out += ')';
      return;
    }
    expr(e->fun, kPrimary);
    out += '(';
    list(e->args);
    if (e->hasDots()) out += "...";
    out += ')';
  }

  void unary(const std::string& op, const Expr* x, int precedence) {
    const bool parens = precedence > kUnary;
    if (parens) out += '(';
    out += op;
    auto* inner = dynAs<UnaryExpr>(unparen(x));
    if (inner != nullptr && spelling(inner->op) == op) out += ' ';
    // gc writes *(*p).
    const bool twice = op == "*" && dynAs<StarExpr>(unparen(x)) != nullptr;
    expr(x, twice ? kPrimary : kUnary);
    if (parens) out += ')';
  }

  // A chain of binary operators leans left and can be long: without recursion.
  void binary(const BinaryExpr* b, int precedence) {
    const bool parens = precedence > strength(b->op);
    if (parens) out += '(';
    std::vector<const BinaryExpr*> chain;
    const Expr* x = b;
    for (;;) {
      auto* inner = dynAs<BinaryExpr>(unparen(x));
      if (inner == nullptr || info_.of(inner).isConstant()) break;
      if (!chain.empty() && strength(inner->op) < strength(chain.back()->op)) break;
      chain.push_back(inner);
      x = inner->x;
    }
    expr(x, strength(chain.back()->op));
    for (size_t i = chain.size(); i-- > 0;) {
      out.append(" ").append(spelling(chain[i]->op)).append(" ");
      expr(chain[i]->y, strength(chain[i]->op) + 1);
    }
    if (parens) out += ')';
  }

  const types::Info& info_;
  types::StringStyle style_;
};

}  // namespace

std::string sourceText(const types::Info& info, const types::Package* package, const Expr* e) {
  Writer w(info, package);
  w.expr(e);
  return std::move(w.out);
}

std::string sourceType(const types::Package* package, types::Type* t) {
  types::StringStyle style;
  style.from = package;
  style.spaced = true;
  return types::typeString(t, style);
}

}  // namespace burrow::irgen
