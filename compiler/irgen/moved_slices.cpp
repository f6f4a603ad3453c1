// Local slices that only append makes grow, and that leave their variable at one place:
//
//   var s []int
//   for i := range 3 {
//     s = append(s, i)
//   }
//   return s           cap(s) is 3 here, not 4
//
// The first elements of such a slice can lie in the frame until then: what would be several small objects is one, of the right
// size. A MoveSlice stands where the slice is let go, and the variable gets what it gives, too. A program can see it by the
// capacity, so the rule is gc's ("exclusive" slice variables, cmd/compile/internal/slice).
//
// A variable counts when everything that is done to it is understood: s = nil, s = []T{...}, s = s[i:j], s = append(s, ...),
// s[i], len(s), cap(s), and one place outside of loops that lets it go: return s, x = s, range s. Each mention is counted
// twice, once among all of them and once where it is understood.
//
// Left out: calls that s is an argument of. gc lets those through that do not keep s; what they do is not known yet here. And
// where nobody looks at the capacity gc's buffer is taken only by a slice without elements, and once: parameters, which may
// have some, do not count, and slices that are declared in a loop do not in append_buffers.cpp.
#include "irgen/analysis.h"

#include "ir/ir.h"
#include "syntax/walk.h"
#include "types/queries.h"

namespace burrow::irgen {

using namespace syntax;

namespace {

class MovedSlices {
 public:
  MovedSlices(const types::Info& info, BodyFacts& facts) : info_(info), facts_(facts) {}

  void root(const Node* n) {
    if (auto* d = dynAs<FuncDecl>(n)) {
      if (d->body) body(d->type, d->body);
    } else {
      visit(n);
    }
    for (auto& [v, use] : uses_) {
      if (v->varKind == types::VarKind::Param && !use.capUsed) continue;
      if (use.out || !use.left || use.understood != use.mentioned || use.weight < kLeastWeight) continue;
      facts_.moved[v] = ir::kSliceMoved | (use.capUsed ? ir::kSliceCapUsed : 0);
      facts_.leaves[use.leave].push_back(v);
    }
  }

 private:
  // It pays only from the second append on. One in a loop counts as two.
  static constexpr int kLeastWeight = 2;

  struct Use {
    int mentioned = 0, understood = 0;
    int weight = 0;  // of the appends
    int depth = 0;   // loops around the declaration
    bool capUsed = false;
    bool left = false;  // it has been let go
    const Node* leave = nullptr;  // where: an Ident or a bare ReturnStmt
    bool out = false;   // it does not count
  };

  Use* slice(const Expr* e) {
    auto* id = e == nullptr ? nullptr : dynAs<Ident>(unparen(e));
    auto* v = id == nullptr ? nullptr : types::as<types::Var>(info_.objectOf(id));
    if (v == nullptr || v->isField() || v->varKind == types::VarKind::Package || types::isTypeParam(v->type))
      return nullptr;
    if ((facts_.flags(v) & (kAddressed | kCaptured)) != 0 || !types::is<types::Slice>(types::under(v->type)))
      return nullptr;
    return &uses_[v];
  }
  void understood(const Expr* e) {
    if (Use* u = slice(e)) u->understood++;
  }
  void letGo(Use& u, const Node* where) {
    if (u.left || depth_ > u.depth) u.out = true;
    u.left = true;
    u.leave = where;
  }

  void body(const FuncType* type, const BlockStmt* b) {
    const int depth = depth_;
    std::vector<const Ident*> results;
    for (const Field* f : type->results.fields) results.insert(results.end(), f->names.begin(), f->names.end());
    std::swap(results, results_);
    depth_ = 0;
    visit(b);
    depth_ = depth;
    results_ = std::move(results);
  }

  const types::Builtin* builtin(const Expr* e) const {
    auto* call = dynAs<CallExpr>(unparen(e));
    auto* id = call == nullptr ? nullptr : dynAs<Ident>(unparen(call->fun));
    return id == nullptr ? nullptr : types::as<types::Builtin>(info_.use(id));
  }

  void declare(const Ident* name) {
    Use* u = slice(name);
    if (u == nullptr) return;
    u->mentioned++, u->understood++;
    u->depth = depth_;
  }
  // x = y, also as a declaration; the mentions are counted elsewhere.
  void assign(const Expr* x, const Expr* y, types::Type* type) {
    y = unparen(y);
    if (Use* u = slice(x)) {
      auto* cut = dynAs<SliceExpr>(y);
      if (info_.of(y).mode == types::Mode::NilValue) {
        u->understood++;
      } else if (!types::identical(type, info_.typeOf(y))) {
        // a conversion
      } else if (y->kind == NodeKind::CompositeLit) {
        u->understood++;
        u->capUsed = true;
      } else if (cut != nullptr && !cut->full && slice(cut->x) == u) {
        u->understood += 2;
        u->capUsed = true;
      } else if (auto* b = builtin(y);
                 b != nullptr && b->id == types::BuiltinId::Append && slice(as<CallExpr>(y)->args[0]) == u) {
        u->understood += 2;
        u->weight += 1 + depth_ - u->depth;
      }
    }
    Use* from = slice(y);
    if (from != nullptr && (type == nullptr || types::identical(type, info_.typeOf(y)))) {
      from->understood++;
      letGo(*from, y);
    }
  }

  // &s[i], and what else takes the address of a part of an element.
  void addressOf(const Expr* x) {
    for (;;) {
      x = unparen(x);
      if (auto* sel = dynAs<SelectorExpr>(x)) {
        const types::Selection* s = info_.selection(sel);
        if (s == nullptr || s->kind != types::SelectionKind::Field || s->indirect) return;
        if (types::is<types::Pointer>(types::coreType(info_.typeOf(sel->x)))) return;
        x = sel->x;
      } else if (auto* ix = dynAs<IndexExpr>(x)) {
        if (Use* u = slice(ix->x)) u->out = true;
        types::Type* t = info_.typeOf(ix->x);
        if (t == nullptr || types::isTypeParam(t) || !types::is<types::Array>(types::under(t))) return;
        x = ix->x;
      } else {
        return;
      }
    }
  }

  void visit(const Node* n) {
    switch (n->kind) {
      case NodeKind::Ident:
        if (Use* u = slice(as<Ident>(n))) u->mentioned++;
        return;
      case NodeKind::FuncLit: return body(as<FuncLit>(n)->type, as<FuncLit>(n)->body);
      case NodeKind::FuncType:
      case NodeKind::StructType:
      case NodeKind::InterfaceType:
      case NodeKind::ConstSpec:
      case NodeKind::TypeSpec: return;
      case NodeKind::SelectorExpr: {
        auto* s = as<SelectorExpr>(n);
        const types::Selection* sel = info_.selection(s);
        if (sel != nullptr && sel->kind == types::SelectionKind::MethodValue && !sel->indirect) {
          auto* f = types::as<types::Func>(sel->object);
          if (f != nullptr && f->origin->pointerReceiver) addressOf(s->x);
        }
        return visit(s->x);
      }
      case NodeKind::UnaryExpr:
        if (as<UnaryExpr>(n)->op == Token::And) addressOf(as<UnaryExpr>(n)->x);
        break;
      case NodeKind::SliceExpr: {
        types::Type* t = info_.typeOf(as<SliceExpr>(n)->x);
        if (t != nullptr && types::is<types::Array>(types::isTypeParam(t) ? types::coreType(t) : types::under(t))) {
          addressOf(as<SliceExpr>(n)->x);
        }
        break;
      }
      case NodeKind::IndexExpr: understood(as<IndexExpr>(n)->x); break;
      case NodeKind::CallExpr: {
        auto* c = as<CallExpr>(n);
        const types::Builtin* b = builtin(c);
        if (b != nullptr && (b->id == types::BuiltinId::Len || b->id == types::BuiltinId::Cap)) {
          if (Use* u = slice(c->args[0])) {
            u->understood++;
            if (b->id == types::BuiltinId::Cap) u->capUsed = true;
          }
        }
        break;
      }
      case NodeKind::VarSpec: {
        auto* s = as<VarSpec>(n);
        for (size_t i = 0; i < s->names.size(); i++) {
          declare(s->names[i]);
          if (s->values.empty()) continue;
          visit(s->names[i]);
          auto* v = types::as<types::Var>(info_.objectOf(s->names[i]));
          if (s->values.size() == s->names.size()) assign(s->names[i], s->values[i], v == nullptr ? nullptr : v->type);
        }
        for (const Expr* e : s->values) visit(e);
        return;
      }
      case NodeKind::AssignStmt: {
        auto* a = as<AssignStmt>(n);
        for (const Expr* e : a->lhs) {
          auto* id = dynAs<Ident>(unparen(e));
          if (a->op == Token::Define && id != nullptr && info_.def(id) != nullptr) declare(id);
        }
        if ((a->op == Token::Define || a->op == Token::Assign) && a->lhs.size() == a->rhs.size()) {
          for (size_t i = 0; i < a->lhs.size(); i++) assign(a->lhs[i], a->rhs[i], targetType(a->lhs[i]));
        }
        break;
      }
      case NodeKind::ReturnStmt: {
        auto* r = as<ReturnStmt>(n);
        for (const Expr* e : r->results) {
          if (Use* u = slice(e)) u->understood++, letGo(*u, unparen(e));
        }
        if (r->results.empty()) {
          for (const Ident* name : results_) {
            if (Use* u = slice(name)) letGo(*u, r);
          }
        }
        break;
      }
      case NodeKind::ForStmt:
        depth_++;
        visitChildren(n);
        depth_--;
        return;
      case NodeKind::RangeStmt: {
        auto* s = as<RangeStmt>(n);
        if (isRangeOverFunc(info_, s)) {
          visit(s->x);
          for (const Expr* e : s->lhs) visit(e);
          const int depth = depth_;
          std::vector<const Ident*> results;
          std::swap(results, results_);
          depth_ = 0;
          visit(s->body);
          depth_ = depth;
          results_ = std::move(results);
          return;
        }
        if (Use* u = slice(s->x)) u->understood++, letGo(*u, unparen(s->x));
        depth_++;
        visitChildren(n);
        depth_--;
        return;
      }
      default: break;
    }
    visitChildren(n);
  }
  void visitChildren(const Node* n) {
    forEachChild(n, [&](Node* c) { visit(c); });
  }
  // Null where anything goes: the blank.
  types::Type* targetType(const Expr* x) const {
    auto* id = dynAs<Ident>(unparen(x));
    if (id == nullptr) return info_.typeOf(x);
    auto* v = types::as<types::Var>(info_.objectOf(id));
    return v == nullptr ? nullptr : v->type;
  }

  const types::Info& info_;
  BodyFacts& facts_;
  std::unordered_map<const types::Var*, Use> uses_;
  std::vector<const Ident*> results_;  // of the function
  int depth_ = 0;
};

}  // namespace

void findMovedSlices(const Node* root, const types::Info& info, BodyFacts& facts) {
  MovedSlices(info, facts).root(root);
}

}  // namespace burrow::irgen
