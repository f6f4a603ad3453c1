// See analysis.h.
#include "irgen/analysis.h"

#include "syntax/walk.h"
#include "types/queries.h"

namespace burrow::irgen {

using namespace syntax;

bool isRangeOverFunc(const types::Info& info, const RangeStmt* s) {
  types::Type* t = info.typeOf(s->x);
  return t != nullptr && types::is<types::Signature>(types::coreType(t));
}

namespace {

class Walker {
 public:
  Walker(const types::Info& info, types::LangVersion version, BodyFacts& out)
      : info_(info), perIteration_(version.atLeast(22)), out_(out) {}

  void root(const Node* n) {
    if (auto* d = dynAs<FuncDecl>(n)) {
      enter(d, nullptr);
      for (Field* f : d->recv.fields) visit(f);
      visit(d->type);
      results(d->type);
      if (d->body) visit(d->body);
      leave();
    } else {
      // Not under its own node: the root may itself be a function literal.
      enter(nullptr, nullptr);
      visit(n);
      leave();
    }
  }

 private:
  struct Level {
    const Node* function;
    const RangeStmt* rangeBody;
    FunctionFacts facts;
    std::unordered_set<const types::Var*> free;
    std::vector<const types::Var*> resultVars;
  };

  void enter(const Node* function, const RangeStmt* rangeBody) {
    levels_.push_back({function, rangeBody, {}, {}, {}});
    levels_.back().facts.rangeBody = rangeBody;
  }
  void leave() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    out_.functions[level.function] = std::move(level.facts);
  }
  // The function that a range body stands in, several levels out perhaps.
  Level& realFunction() {
    size_t i = levels_.size() - 1;
    while (levels_[i].rangeBody != nullptr) i--;
    return levels_[i];
  }

  const types::Var* localVar(const types::Object* o) const {
    auto* v = types::as<types::Var>(o);
    return v != nullptr && !v->isField() && v->varKind != types::VarKind::Package ? v : nullptr;
  }

  void declare(const types::Object* o) {
    if (auto* v = localVar(o)) declared_[v] = levels_.size() - 1;
  }

  void useVar(const types::Var* v) {
    auto it = declared_.find(v);
    if (it == declared_.end() || it->second + 1 >= levels_.size()) return;
    out_.vars[v] |= kCaptured;
    for (size_t i = it->second + 1; i < levels_.size(); i++) {
      if (levels_[i].free.insert(v).second) levels_[i].facts.free.push_back(v);
    }
  }

  // Remembers named results: a return statement in a range body assigns them.
  void results(const FuncType* type) {
    for (Field* f : type->results.fields)
      for (Ident* n : f->names)
        if (auto* v = localVar(info_.def(n))) levels_.back().resultVars.push_back(v);
  }

  // The variable that x is a part of, if changing x changes the variable itself and not something it points to.
  const types::Var* rootOf(const Expr* x) const {
    for (;;) {
      x = unparen(x);
      if (auto* id = dynAs<Ident>(x)) return localVar(info_.objectOf(id));
      if (auto* sel = dynAs<SelectorExpr>(x)) {
        const types::Selection* s = info_.selection(sel);
        if (s == nullptr || s->kind != types::SelectionKind::Field || s->indirect) return nullptr;
        if (types::is<types::Pointer>(types::coreType(info_.typeOf(sel->x)))) return nullptr;
        x = sel->x;
      } else if (auto* ix = dynAs<IndexExpr>(x)) {
        types::Type* t = info_.typeOf(ix->x);
        if (t == nullptr) return nullptr;
        if (!types::isTypeParam(t) && !types::is<types::Array>(types::under(t))) return nullptr;
        x = ix->x;
      } else {
        return nullptr;
      }
    }
  }
  void mark(const Expr* x, uint8_t flag) {
    if (auto* v = rootOf(x)) out_.vars[v] |= flag;
  }

  void assignTargets(std::span<Expr*> lhs, bool define) {
    for (Expr* e : lhs) {
      auto* id = dynAs<Ident>(unparen(e));
      if (define && id != nullptr && info_.def(id) != nullptr) continue;
      mark(e, kReassigned);
    }
  }

  // The values of a local variable of interface type that `target` denotes, or null.
  InterfaceValues* interfaceValues(const Expr* target) {
    auto* id = dynAs<Ident>(unparen(target));
    auto* v = id == nullptr ? nullptr : localVar(info_.objectOf(id));
    if (v == nullptr || v->varKind != types::VarKind::Local || !types::isNonTypeParamInterface(v->type)) return nullptr;
    return &out_.interfaces[v];
  }
  template <typename Target>
  void assignValues(std::span<Target*> lhs, std::span<Expr*> rhs) {
    for (size_t i = 0; i < lhs.size(); i++) {
      InterfaceValues* known = rhs.empty() ? nullptr : interfaceValues(lhs[i]);
      if (known == nullptr) continue;
      auto* results = lhs.size() == rhs.size() ? nullptr : types::as<types::Tuple>(info_.typeOf(rhs[0]));
      if (results == nullptr) {
        known->values.push_back(rhs[i]);
      } else if (i == 0 && unparen(rhs[0])->kind == NodeKind::TypeAssertExpr) {
        known->values.push_back(rhs[0]);
      } else {
        known->types.push_back(results->vars[i]->type);
      }
    }
  }
  // What `range` assigns, except numbers, which have no methods.
  void assignRange(const RangeStmt* s) {
    types::Type* over[2] = {};
    types::Type* core = types::coreType(info_.typeOf(s->x));
    if (auto* p = types::as<types::Pointer>(core); p != nullptr) core = types::under(p->elem);
    if (auto* slice = types::as<types::Slice>(core); slice != nullptr) {
      over[1] = slice->elem;
    } else if (auto* array = types::as<types::Array>(core); array != nullptr) {
      over[1] = array->elem;
    } else if (auto* map = types::as<types::Map>(core); map != nullptr) {
      over[0] = map->key, over[1] = map->elem;
    } else if (auto* chan = types::as<types::Chan>(core); chan != nullptr) {
      over[0] = chan->elem;
    } else if (auto* f = types::as<types::Signature>(core); f != nullptr) {
      if (auto* yield = types::as<types::Signature>(types::coreType(f->params->vars[0]->type)); yield != nullptr) {
        for (size_t i = 0; i < 2 && i < yield->params->vars.size(); i++) over[i] = yield->params->vars[i]->type;
      }
    }
    for (size_t i = 0; i < 2 && i < s->lhs.size(); i++) {
      if (InterfaceValues* known = interfaceValues(s->lhs[i])) known->types.push_back(over[i]);
    }
  }

  void visitAll(const Node* n) {
    forEachChild(n, [&](Node* c) { visit(c); });
  }

  void visit(const Node* n) {
    switch (n->kind) {
      case NodeKind::Ident: {
        auto* id = as<Ident>(n);
        if (auto* d = info_.def(id)) declare(d);
        else if (auto* v = localVar(info_.use(id))) useVar(v);
        return;
      }
      case NodeKind::FuncLit: {
        auto* f = as<FuncLit>(n);
        enter(f, nullptr);
        visit(f->type);
        results(f->type);
        visit(f->body);
        leave();
        return;
      }
      case NodeKind::StructType:
      case NodeKind::InterfaceType:
        return;
      case NodeKind::SelectorExpr: {
        auto* s = as<SelectorExpr>(n);
        const types::Selection* sel = info_.selection(s);
        if (sel != nullptr && sel->kind == types::SelectionKind::MethodValue && !sel->indirect) {
          auto* f = types::as<types::Func>(sel->object);
          types::Type* t = info_.typeOf(s->x);
          bool pointer = t != nullptr && types::is<types::Pointer>(types::under(t));
          if (f != nullptr && f->origin->pointerReceiver && !pointer) mark(s->x, kAddressed);
        }
        visit(s->x);
        return;
      }
      case NodeKind::KeyValueExpr: {
        auto* kv = as<KeyValueExpr>(n);
        // The key of a struct literal is a field's name, which has no variable.
        visit(kv->key);
        visit(kv->value);
        return;
      }
      case NodeKind::UnaryExpr: {
        auto* u = as<UnaryExpr>(n);
        if (u->op == Token::And) mark(u->x, kAddressed);
        visit(u->x);
        return;
      }
      case NodeKind::SliceExpr: {
        auto* s = as<SliceExpr>(n);
        types::Type* t = info_.typeOf(s->x);
        if (t != nullptr && types::is<types::Array>(types::isTypeParam(t) ? types::coreType(t) : types::under(t))) {
          mark(s->x, kAddressed);
        }
        visitAll(s);
        return;
      }
      case NodeKind::CallExpr: {
        auto* c = as<CallExpr>(n);
        if (auto* id = dynAs<Ident>(unparen(c->fun))) {
          auto* b = types::as<types::Builtin>(info_.use(id));
          if (b != nullptr && b->id == types::BuiltinId::Recover) {
            levels_.back().facts.hasRecover = true;
            if (levels_.back().rangeBody != nullptr) {
              realFunction().facts.rangeRecover = true;
              realFunction().facts.hasRecover = true;
            }
          }
        }
        visitAll(c);
        return;
      }
      case NodeKind::AssignStmt: {
        auto* a = as<AssignStmt>(n);
        assignTargets(a->lhs, a->op == Token::Define);
        assignValues(a->lhs, a->rhs);
        // The right-hand side comes first: what the left declares is not in scope there.
        for (Expr* e : a->rhs) visit(e);
        for (Expr* e : a->lhs) visit(e);
        return;
      }
      case NodeKind::VarSpec:
        assignValues(as<VarSpec>(n)->names, as<VarSpec>(n)->values);
        return visitAll(n);
      case NodeKind::IncDecStmt:
        mark(as<IncDecStmt>(n)->x, kReassigned);
        return visitAll(n);
      case NodeKind::DeferStmt:
        realFunction().facts.hasDefer = true;
        if (levels_.back().rangeBody != nullptr) realFunction().facts.rangeDefer = true;
        return visitAll(n);
      case NodeKind::LabeledStmt:
        out_.labelHome[as<LabeledStmt>(n)] = levels_.back().rangeBody;
        visit(as<LabeledStmt>(n)->stmt);
        return;
      case NodeKind::BranchStmt: {
        auto* b = as<BranchStmt>(n);
        if (b->tok == Token::Goto && b->target != nullptr && b->target->pos < b->pos) out_.loopLabels.insert(b->target);
        // Without a label a branch stays in its loop.
        if (levels_.back().rangeBody != nullptr && (b->label != nullptr || b->tok == Token::Goto)) {
          realFunction().facts.rangeExit = true;
        }
        return;
      }
      case NodeKind::ReturnStmt:
        if (levels_.back().rangeBody != nullptr) {
          Level& real = realFunction();
          real.facts.rangeReturn = real.facts.rangeExit = true;
          for (const types::Var* v : real.resultVars) {
            out_.vars[v] |= kReassigned;
            useVar(v);
          }
        }
        if (as<ReturnStmt>(n)->results.size() != 0) {
          for (const types::Var* v : realFunction().resultVars) out_.vars[v] |= kReassigned;
        }
        return visitAll(n);
      case NodeKind::RangeStmt:
        return range(as<RangeStmt>(n));
      case NodeKind::TypeSwitchStmt: {
        auto* s = as<TypeSwitchStmt>(n);
        if (s->init) visit(s->init);
        visit(s->guard->x);
        for (CaseClause* c : s->clauses) {
          auto it = info_.implicits.find(c);
          auto* v = it == info_.implicits.end() ? nullptr : localVar(it->second);
          if (v != nullptr && types::isNonTypeParamInterface(v->type)) {
            out_.interfaces[v].values.push_back(s->guard->x);
          }
          visit(c);
        }
        return;
      }
      case NodeKind::CaseClause:
        if (auto it = info_.implicits.find(n); it != info_.implicits.end()) declare(it->second);
        return visitAll(n);
      case NodeKind::Field: {
        auto* f = as<Field>(n);
        if (f->names.empty()) {
          if (auto it = info_.implicits.find(f); it != info_.implicits.end()) declare(it->second);
        }
        for (Ident* name : f->names) visit(name);
        return;
      }
      case NodeKind::ConstSpec:
      case NodeKind::TypeSpec:
        return;
      default:
        return visitAll(n);
    }
  }

  void range(const RangeStmt* s) {
    visit(s->x);
    assignTargets(s->lhs, s->define);
    assignRange(s);
    if (isRangeOverFunc(info_, s)) {
      enter(s, s);
      for (Expr* e : s->lhs) visit(e);
      visit(s->body);
      leave();
      return;
    }
    for (Expr* e : s->lhs) {
      visit(e);
      // One variable for the whole loop is assigned again and again.
      if (s->define && !perIteration_) mark(e, kReassigned);
    }
    visit(s->body);
  }

  const types::Info& info_;
  bool perIteration_;
  BodyFacts& out_;
  std::vector<Level> levels_;
  std::unordered_map<const types::Var*, size_t> declared_;
};

}  // namespace

BodyFacts analyse(const Node* root, const types::Info& info, types::LangVersion version, bool findMoved) {
  BodyFacts facts;
  Walker(info, version, facts).root(root);
  if (findMoved) findMovedSlices(root, info, facts);
  return facts;
}

}  // namespace burrow::irgen
