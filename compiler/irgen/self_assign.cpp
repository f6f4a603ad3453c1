// Assignments that put nothing into an object that was not in it before.
//
//   b.buf = b.buf[n:m]       *p = (*p)[1:]       v.x = v.y       v.list[i] = v.list[j]
//
// Escape analysis does not tell what is in an object apart from what its fields point to, so a store through a pointer looks
// as if what is stored got anywhere. It need not look at these: what b leads to was reachable from b already. This is what
// lets a bytes.Buffer stay on the stack. The rule is gc's, which says so with -m.
//
// Left and right must begin at the same variable, and nothing between the two may change it: no calls, no receives.
// Slicing an array that lies in the object itself is no such case: it makes a pointer to the object that was not there.
#include "irgen/self_assign.h"

#include "types/queries.h"

namespace burrow::irgen {

using namespace syntax;

namespace {

class SelfAssignment {
 public:
  explicit SelfAssignment(const types::Info& info) : info_(info) {}

  bool holds(const Expr* to, const Expr* from) const {
    to = unparen(to);
    from = unparen(from);
    if (info_.of(from).isConstant()) return false;
    if (auto* s = dynAs<SliceExpr>(from)) return slices(to, s);
    if (to->kind != from->kind) return false;
    if (auto* x = dynAs<SelectorExpr>(to)) {
      auto* y = as<SelectorExpr>(from);
      return sameFieldPath(x, y, true) && same(x->x, y->x);
    }
    if (auto* x = dynAs<IndexExpr>(to)) {
      auto* y = as<IndexExpr>(from);
      if (x->indices.size() != 1 || y->indices.size() != 1) return false;
      if (types::as<types::Map>(types::under(info_.typeOf(x->x))) != nullptr) return false;
      return isQuiet(x->indices[0]) && isQuiet(y->indices[0]) && same(x->x, y->x);
    }
    return false;
  }

 private:
  // The variable behind one dereference: p in *p and in p.f.
  const types::Object* pointer(const Expr* e) const {
    e = unparen(e);
    const Expr* x = nullptr;
    if (auto* star = dynAs<StarExpr>(e)) x = star->x;
    if (auto* s = dynAs<SelectorExpr>(e)) {
      const types::Selection* sel = info_.selection(s);
      if (sel == nullptr || sel->kind != types::SelectionKind::Field || sel->index.size() != 1) return nullptr;
      x = s->x;
    }
    if (x == nullptr || types::as<types::Pointer>(types::under(info_.typeOf(x))) == nullptr) return nullptr;
    return variable(x);
  }
  const types::Object* variable(const Expr* e) const {
    auto* id = dynAs<Ident>(unparen(e));
    return id == nullptr ? nullptr : types::as<types::Var>(info_.use(id));
  }

  bool slices(const Expr* to, const SliceExpr* s) const {
    const types::Object* base = pointer(to);
    if (base == nullptr || base != pointer(s->x)) return false;
    if (types::as<types::Array>(types::under(info_.typeOf(s->x))) != nullptr) return false;
    for (const Expr* i : s->index) {
      if (i != nullptr && !isQuiet(i)) return false;
    }
    return true;
  }

  // The same embedded fields on the way; `anyLast`: the last step may differ.
  bool sameFieldPath(const SelectorExpr* a, const SelectorExpr* b, bool anyLast) const {
    const types::Selection *x = info_.selection(a), *y = info_.selection(b);
    if (x == nullptr || y == nullptr || x->kind != types::SelectionKind::Field || y->kind != x->kind) return false;
    const size_t n = x->index.size();
    if (n != y->index.size()) return false;
    for (size_t i = 0; i + (anyLast ? 1 : 0) < n; i++) {
      if (x->index[i] != y->index[i]) return false;
    }
    return true;
  }

  bool same(const Expr* a, const Expr* b) const {
    a = unparen(a);
    b = unparen(b);
    const types::ExprInfo &x = info_.of(a), &y = info_.of(b);
    if (x.isConstant() || y.isConstant()) return x.isConstant() && y.isConstant() && x.value->exactStr() == y.value->exactStr();
    if (a->kind != b->kind) return false;
    switch (a->kind) {
      case NodeKind::Ident:
        return variable(a) != nullptr && variable(a) == variable(b);
      case NodeKind::SelectorExpr: {
        auto *s = as<SelectorExpr>(a), *t = as<SelectorExpr>(b);
        return sameFieldPath(s, t, false) && same(s->x, t->x);
      }
      case NodeKind::StarExpr:
        return same(as<StarExpr>(a)->x, as<StarExpr>(b)->x);
      case NodeKind::IndexExpr: {
        auto *s = as<IndexExpr>(a), *t = as<IndexExpr>(b);
        return s->indices.size() == 1 && t->indices.size() == 1 && same(s->x, t->x) && same(s->indices[0], t->indices[0]);
      }
      default:
        return false;
    }
  }

  // Evaluating it changes nothing.
  bool isQuiet(const Expr* e) const {
    e = unparen(e);
    if (info_.of(e).isConstant()) return true;
    switch (e->kind) {
      case NodeKind::Ident:
        return true;
      case NodeKind::BinaryExpr:
        return isQuiet(as<BinaryExpr>(e)->x) && isQuiet(as<BinaryExpr>(e)->y);
      case NodeKind::UnaryExpr:
        return as<UnaryExpr>(e)->op != Token::Arrow && isQuiet(as<UnaryExpr>(e)->x);
      case NodeKind::SelectorExpr: {
        auto* s = as<SelectorExpr>(e);
        const types::Selection* sel = info_.selection(s);
        return sel == nullptr || (sel->kind == types::SelectionKind::Field && isQuiet(s->x));
      }
      case NodeKind::IndexExpr:
        return as<IndexExpr>(e)->indices.size() == 1 && isQuiet(as<IndexExpr>(e)->x) && isQuiet(as<IndexExpr>(e)->indices[0]);
      case NodeKind::CallExpr: {
        // A conversion of numbers, len, cap.
        auto* c = as<CallExpr>(e);
        if (c->args.size() != 1 || !isQuiet(c->args[0])) return false;
        if (info_.of(c->fun).isType()) return true;
        auto* id = dynAs<Ident>(unparen(c->fun));
        auto* b = id == nullptr ? nullptr : types::as<types::Builtin>(info_.use(id));
        return b != nullptr && (b->id == types::BuiltinId::Len || b->id == types::BuiltinId::Cap);
      }
      default:
        return false;
    }
  }

  const types::Info& info_;
};

}  // namespace

bool isSelfAssignment(const types::Info& info, const Expr* to, const Expr* from) {
  return SelfAssignment(info).holds(to, from);
}

}  // namespace burrow::irgen
