// What inlining a function costs.
//
// Whether a function is inlined can be seen from outside: in -gcflags=-m, in tests that count allocations, in how a library is
// split into a fast path that is small enough and a slow one. So the measure is gc's: one for each node that gc's tree has
// after type checking, with its exceptions. Counted here, on the syntax tree, is everything but the calls: what a call of a
// function costs depends on whether that one can be inlined, which only the pass over the IR knows (passes/inline.cpp adds
// it, call by call).
//
//   func f(x int) int { return x + 1 }     return, +, x, 1: cost 4
//
// gc's tree differs from the source in some ways that count: a declaration is two nodes beside the assignment; a conversion
// that changes no bits is none; what is converted to an interface without being told costs one; a constant expression is
// one node; a struct literal has a node per field; arguments for `...T` are a slice literal.
//
// Rejected: counting operations of the IR. They say better how big the code gets, but nobody who knows Go could say which
// function is inlined.
#include "irgen/inline_cost.h"

#include "irgen/analysis.h"
#include "types/queries.h"
#include "types/sizes.h"

namespace burrow::irgen {

using namespace syntax;

namespace {

constexpr int kLiteral = 15, kPanic = 1, kDictionary = 2, kDictionaryOfDictionary = 4;  // gc's extra costs

class Cost {
 public:
  explicit Cost(const types::Info& info) : info_(info) {}

  int body(const BlockStmt* b, const types::Signature* signature) {
    signature_ = signature;
    generic_ = signature != nullptr && (!signature->typeParams.empty() || !signature->recvTypeParams.empty());
    return list(b->list);
  }
  std::string obstacle;

 private:
  // --- types

  types::Type* typeOf(const Expr* e) const { return e->id < info_.exprs.size() ? info_.typeOf(e) : nullptr; }
  static bool isInterface(types::Type* t) { return t != nullptr && types::isNonTypeParamInterface(t); }
  // An expression where a value of type `to` is wanted.
  int converted(const Expr* e, types::Type* to) {
    types::Type* from = typeOf(e);
    const bool nil = info_.of(e).mode == types::Mode::NilValue;
    return expr(e) + (isInterface(to) && from != nullptr && !isInterface(from) && !nil ? 1 : 0);
  }
  static bool isNoOp(types::Type* from, types::Type* to) {
    if (from == nullptr || to == nullptr) return false;
    if (isInterface(to)) return false;
    if (types::identicalIgnoreTags(types::under(from), types::under(to))) return true;
    auto pointerLike = [](types::Type* t) {
      return types::isUnsafePointer(t) || types::as<types::Pointer>(types::under(t)) != nullptr;
    };
    if (pointerLike(from) && pointerLike(to)) return true;
    auto basic = [](types::Type* t) {
      auto* b = types::as<types::Basic>(types::under(t));
      return b != nullptr ? b->basic : types::BasicKind::Invalid;
    };
    using enum types::BasicKind;
    const types::BasicKind a = basic(from), b = basic(to);
    const bool isSigned = (a == Int || a == Int64) && (b == Int || b == Int64);
    const bool isUnsigned = (a == Uint || a == Uint64 || a == Uintptr) && (b == Uint || b == Uint64 || b == Uintptr);
    return isSigned || isUnsigned || (a == Uintptr && b == UnsafePointer) || (a == UnsafePointer && b == Uintptr);
  }

  // --- expressions

  int exprs(std::span<Expr* const> list) {
    int n = 0;
    for (const Expr* e : list) n += expr(e);
    return n;
  }

  int expr(const Expr* e) {
    if (e == nullptr) return 0;
    e = unparen(e);
    const types::ExprInfo& i = info_.of(e);
    if (i.isType()) return 0;
    if (i.isConstant()) return 1;
    switch (e->kind) {
      case NodeKind::FuncLit:
        return 1 + kLiteral;
      case NodeKind::CompositeLit:
        return compositeLit(as<CompositeLit>(e));
      case NodeKind::SelectorExpr:
        return selector(as<SelectorExpr>(e));
      case NodeKind::IndexExpr: {
        auto* x = as<IndexExpr>(e);
        if (info_.of(x->indices[0]).isType()) return expr(x->x);
        return 1 + derefArray(x->x) + expr(x->indices[0]);
      }
      case NodeKind::SliceExpr:
        return slice(as<SliceExpr>(e));
      case NodeKind::TypeAssertExpr:
        return 1 + expr(as<TypeAssertExpr>(e)->x);
      case NodeKind::CallExpr:
        return call(as<CallExpr>(e));
      case NodeKind::StarExpr: {
        // *(*T)(unsafe.Pointer(&x)) is cheap.
        const Expr* x = unparen(as<StarExpr>(e)->x);
        const Expr* p = x;
        while (auto* c = dynAs<CallExpr>(p)) {
          if (!info_.of(c->fun).isType() || c->args.size() != 1 || !isNoOp(typeOf(c->args[0]), typeOf(c))) break;
          p = unparen(c->args[0]);
        }
        auto* u = dynAs<UnaryExpr>(p);
        return 1 + expr(x) - (u != nullptr && u->op == Token::And && dynAs<CompositeLit>(unparen(u->x)) == nullptr ? 1 : 0);
      }
      case NodeKind::UnaryExpr:
        return unary(as<UnaryExpr>(e));
      case NodeKind::BinaryExpr:
        return binary(as<BinaryExpr>(e));
      default:
        return 1;
    }
  }

  int derefArray(const Expr* x) {
    auto* p = types::as<types::Pointer>(types::under(typeOf(x)));
    return expr(x) + (p != nullptr ? 1 : 0);
  }

  // The fields on the way to a promoted one.
  int path(const types::Selection* s) const { return static_cast<int>(s->index.size()) - 1; }

  int selector(const SelectorExpr* s) {
    const types::Selection* sel = info_.selection(s);
    if (sel == nullptr) return 1;  // of another package
    if (sel->kind == types::SelectionKind::MethodExpr) return 1;
    if (sel->kind == types::SelectionKind::MethodValue) return 2 + path(sel) + receiver(s, sel);
    return 1 + path(sel) + expr(s->x);
  }

  int receiver(const SelectorExpr* s, const types::Selection* sel) {
    int n = expr(s->x);
    auto* f = types::as<types::Func>(sel->object);
    if (f == nullptr || f->isInterfaceMethod || isInterface(sel->recv)) return n;
    // An address or a dereference that the source leaves out; of a promoted method the last field decides.
    bool pointer = types::as<types::Pointer>(types::under(sel->recv)) != nullptr;
    if (sel->index.size() > 1) {
      types::Type* t = sel->recv;
      for (size_t i = 0; i + 1 < sel->index.size(); i++) {
        if (auto* p = types::as<types::Pointer>(types::under(t))) t = p->elem;
        auto* st = types::as<types::Struct>(types::under(t));
        if (st == nullptr) return n;
        t = st->fields[static_cast<size_t>(sel->index[i])]->type;
      }
      pointer = types::as<types::Pointer>(types::under(t)) != nullptr;
    }
    if (pointer == f->pointerReceiver) return n;
    if (pointer) return n + 1;
    if (sel->index.size() == 1) return addressOf(s->x);
    // Of a first field that is embedded in a variable; the caller counts the field as one on the path.
    return sel->index.size() == 2 && dynAs<Ident>(unparen(s->x)) != nullptr && isAtFront(sel) ? n - 1 : n + 1;
  }

  int slice(const SliceExpr* s) {
    int n = 1;
    auto* array = types::as<types::Array>(types::under(typeOf(s->x)));
    n += array != nullptr ? addressOf(s->x) : expr(s->x);
    for (const Expr* i : s->index) n += expr(i);
    if (s->index[0] != nullptr) {
      const types::ExprInfo& low = info_.of(s->index[0]);
      int64_t v = 1;
      if (low.isConstant() && low.value->int64Value(&v) && v == 0) n--;
    }
    // x[:len(x)] is x[:].
    auto* high = s->index[1] != nullptr && !s->full ? dynAs<CallExpr>(unparen(s->index[1])) : nullptr;
    if (high != nullptr && high->args.size() == 1 && info_.of(high->fun).mode == types::Mode::Builtin) {
      auto *id = dynAs<Ident>(unparen(high->fun)), *of = dynAs<Ident>(unparen(high->args[0])), *x = dynAs<Ident>(unparen(s->x));
      auto* b = id != nullptr ? types::as<types::Builtin>(info_.use(id)) : nullptr;
      if (b != nullptr && b->id == types::BuiltinId::Len && of != nullptr && x != nullptr && info_.use(of) == info_.use(x)) {
        n -= expr(high);
      }
    }
    return n;
  }

  int compositeLit(const CompositeLit* c) {
    types::Type* t = typeOf(c);
    int n = 1;
    if (auto* p = types::as<types::Pointer>(types::under(t))) {  // &T elided
      t = p->elem;
      n++;
    }
    types::Type* u = types::under(t);
    if (auto* st = types::as<types::Struct>(u)) {
      for (size_t i = 0; i < c->elems.size(); i++) {
        auto* kv = dynAs<KeyValueExpr>(c->elems[i]);
        types::Type* to = nullptr;
        if (kv != nullptr) {
          if (auto* key = dynAs<Ident>(kv->key)) {
            for (const types::Var* f : st->fields) {
              if (f->name == key->name) to = f->type;
            }
          }
        } else if (i < st->fields.size()) {
          to = st->fields[i]->type;
        }
        n += 1 + converted(kv != nullptr ? kv->value : c->elems[i], to);
      }
      return n;
    }
    if (auto* m = types::as<types::Map>(u)) {
      for (const Expr* e : c->elems) {
        if (auto* kv = dynAs<KeyValueExpr>(e)) n += 1 + converted(kv->key, m->key) + converted(kv->value, m->elem);
      }
      return n;
    }
    types::Type* elem = nullptr;
    if (auto* s = types::as<types::Slice>(u)) {
      elem = s->elem;
      n++;
    } else if (auto* a = types::as<types::Array>(u)) {
      elem = a->elem;
    }
    for (const Expr* e : c->elems) {
      auto* kv = dynAs<KeyValueExpr>(e);
      n += converted(kv != nullptr ? kv->value : e, elem) + (kv != nullptr ? 2 : 0);
    }
    return n;
  }

  // Has the field no other before it, or only such as have no size?
  static bool isAtFront(const types::Selection* field) {
    types::Type* t = field->recv;
    if (auto* p = types::as<types::Pointer>(types::under(t))) t = p->elem;
    auto* st = types::as<types::Struct>(types::under(t));
    if (st == nullptr) return false;
    for (int i = 0; i < field->index[0]; i++) {
      types::Type* before = st->fields[static_cast<size_t>(i)]->type;
      if (types::hasVarSize(before) || types::sizeOf(before) != 0) return false;
    }
    return true;
  }

  int unary(const UnaryExpr* u) {
    return u->op == Token::And ? addressOf(u->x) : 1 + expr(u->x);
  }

  // The address of the first field of a variable is the variable's.
  int addressOf(const Expr* x) {
    if (auto* s = dynAs<SelectorExpr>(unparen(x)); s != nullptr && dynAs<Ident>(unparen(s->x)) != nullptr) {
      const types::Selection* sel = info_.selection(s);
      if (sel != nullptr && sel->index.size() == 1 && isAtFront(sel)) return expr(s->x);
    }
    return 1 + expr(x);
  }

  int operandsOfConcat(const Expr* e, int* count) {
    e = unparen(e);
    auto* b = dynAs<BinaryExpr>(e);
    if (b != nullptr && b->op == Token::Add && !info_.of(e).isConstant()) {
      const int left = operandsOfConcat(b->x, count);
      return left + operandsOfConcat(b->y, count);
    }
    ++*count;
    return expr(e);
  }

  int binary(const BinaryExpr* b) {
    types::Type *x = typeOf(b->x), *y = typeOf(b->y);
    if (b->op == Token::Add && types::isString(typeOf(b))) {
      int count = 0;
      return 1 + operandsOfConcat(b, &count);
    }
    int n = 1 + expr(b->x) + expr(b->y);
    auto nil = [&](const Expr* e) { return info_.of(e).mode == types::Mode::NilValue; };
    if ((b->op == Token::Equal || b->op == Token::NotEqual) && isInterface(x) != isInterface(y) && !nil(b->x) && !nil(b->y)) n++;
    return n;
  }

  // Values of a call that go elsewhere than into variables: a temporary for each.
  static int several(size_t count) { return 4 * static_cast<int>(count) + 1; }

  // Instances have one more argument in gc.
  bool isInstance(const Expr* name, const types::Selection* sel) const {
    if (sel != nullptr) {
      types::Type* t = sel->recv;
      if (auto* p = types::as<types::Pointer>(types::unalias(t))) t = p->elem;
      auto* named = types::as<types::Named>(types::unalias(t));
      return named != nullptr && !isInterface(named) && !named->typeArgs.empty();
    }
    const Ident* id = dynAs<Ident>(name);
    if (auto* s = dynAs<SelectorExpr>(name)) id = s->sel;
    return id != nullptr && info_.instance(id) != nullptr;
  }

  int call(const CallExpr* c) {
    const Expr* fun = unparen(c->fun);
    if (info_.of(fun).isType()) {
      if (c->args.empty()) return 1;
      types::Type *to = typeOf(c), *from = typeOf(c->args[0]);
      return expr(c->args[0]) + (isNoOp(from, to) || (isInterface(to) && isInterface(from) && types::identical(from, to)) ? 0 : 1);
    }
    if (info_.of(fun).mode == types::Mode::Builtin) return builtin(c);
    int n = 1;
    const Expr* name = fun;
    if (auto* ix = dynAs<IndexExpr>(fun); ix != nullptr && info_.of(ix->indices[0]).isType()) name = unparen(ix->x);
    auto* s = dynAs<SelectorExpr>(name);
    const types::Selection* sel = s != nullptr ? info_.selection(s) : nullptr;
    if (sel != nullptr && sel->kind == types::SelectionKind::MethodValue) {
      auto* f = types::as<types::Func>(sel->object);
      const bool dynamic = f != nullptr && f->isInterfaceMethod;
      n += path(sel) + receiver(s, sel) + (dynamic ? 1 : 0);
    } else {
      n += expr(fun);
    }
    if (isInstance(name, sel)) n += generic_ ? kDictionaryOfDictionary : kDictionary;
    auto* signature = types::as<types::Signature>(types::under(typeOf(fun)));
    if (signature == nullptr || signature->params == nullptr) return n + exprs(c->args);
    const auto& params = signature->params->vars;
    if (c->args.size() == 1 && types::is<types::Tuple>(typeOf(c->args[0]))) return n + expr(c->args[0]) + several(params.size());
    const bool pack = signature->variadic && !c->hasDots();
    const size_t fixed = pack ? params.size() - 1 : params.size();
    types::Type* elem = nullptr;
    if (pack) {
      auto* rest = types::as<types::Slice>(types::under(params.back()->type));
      elem = rest != nullptr ? rest->elem : nullptr;
      n += c->args.size() > fixed ? 2 : 1;
    }
    for (size_t i = 0; i < c->args.size(); i++) n += converted(c->args[i], i < fixed ? params[i]->type : elem);
    return n;
  }

  int builtin(const CallExpr* c) {
    const Expr* fun = unparen(c->fun);
    const Ident* id = dynAs<Ident>(fun);
    if (auto* s = dynAs<SelectorExpr>(fun)) id = s->sel;
    auto* b = id != nullptr ? types::as<types::Builtin>(info_.use(id)) : nullptr;
    if (b == nullptr) return 1;
    switch (b->id) {
      case types::BuiltinId::Recover:
        if (obstacle.empty()) obstacle = "call to recover";
        return 1;
      case types::BuiltinId::Panic:
        return 1 + kPanic + expr(c->args[0]);
      case types::BuiltinId::Append: {
        types::Type* elem = nullptr;
        if (auto* s = types::as<types::Slice>(types::under(typeOf(c->args[0])))) elem = s->elem;
        int n = 1;
        for (size_t i = 0; i < c->args.size(); i++) n += converted(c->args[i], i == 0 || c->hasDots() ? nullptr : elem);
        return n;
      }
      case types::BuiltinId::UnsafeStringData:
      case types::BuiltinId::UnsafeSliceData:
        return 1 + exprs(c->args);
      default:
        return 1 + exprs(c->args);
    }
  }

  // --- statements

  int list(std::span<Stmt* const> stmts) {
    int n = 0;
    for (const Stmt* s : stmts) n += stmt(s);
    return n;
  }

  // A new variable: its declaration and its name there.
  int declared(const Expr* e) const {
    auto* id = dynAs<Ident>(e);
    return id != nullptr && id->name != "_" && info_.def(id) != nullptr ? 2 : 0;
  }

  int assign(const AssignStmt* s) {
    if (s->op != Token::Assign && s->op != Token::Define) return 1 + expr(s->lhs[0]) + expr(s->rhs[0]);
    int n = 1;
    for (const Expr* l : s->lhs) {
      auto* id = dynAs<Ident>(unparen(l));
      n += id != nullptr ? 1 : expr(l);
      if (s->op == Token::Define) n += declared(l);
    }
    for (size_t i = 0; i < s->rhs.size(); i++) {
      types::Type* to = nullptr;
      auto* id = s->lhs.size() == s->rhs.size() ? dynAs<Ident>(unparen(s->lhs[i])) : nullptr;
      if (s->lhs.size() == s->rhs.size() && (id == nullptr || id->name != "_")) {
        to = id != nullptr && info_.objectOf(id) != nullptr ? info_.objectOf(id)->type : typeOf(s->lhs[i]);
      }
      n += converted(s->rhs[i], to);
    }
    return n;
  }

  int declaration(const GenDecl* d) {
    int n = 0;
    if (d->tok != Token::Var) return 0;
    for (const Spec* spec : d->specs) {
      auto* v = dynAs<VarSpec>(spec);
      if (v == nullptr) continue;
      for (const Ident* name : v->names) {
        n += name->name == "_" ? 1 : 3;
        if (v->values.empty()) n++;  // an assignment for each
      }
      if (!v->values.empty()) n++;
      for (const Expr* e : v->values) {
        types::Type* to = v->values.size() == v->names.size() && v->type != nullptr ? typeOf(v->type) : nullptr;
        n += converted(e, to);
      }
    }
    return n;
  }

  int constantIf(const IfStmt* s, bool* known) {
    const types::ExprInfo& c = info_.of(s->cond);
    *known = c.isConstant();
    if (!*known) return 0;
    int n = stmt(s->init);
    if (c.value->boolValue()) return n + list(s->then->list);
    return n + stmt(s->else_);
  }

  int stmt(const Stmt* s) {
    if (s == nullptr) return 0;
    switch (s->kind) {
      case NodeKind::EmptyStmt:
        return 0;
      case NodeKind::LabeledStmt:
        return 1 + stmt(as<LabeledStmt>(s)->stmt);
      case NodeKind::BlockStmt:
        return list(as<BlockStmt>(s)->list);
      case NodeKind::ExprStmt:
        return expr(as<ExprStmt>(s)->x);
      case NodeKind::SendStmt: {
        auto* n = as<SendStmt>(s);
        auto* c = types::as<types::Chan>(types::under(typeOf(n->chan)));
        return 1 + expr(n->chan) + converted(n->value, c != nullptr ? c->elem : nullptr);
      }
      case NodeKind::IncDecStmt:
        return 2 + expr(as<IncDecStmt>(s)->x);
      case NodeKind::AssignStmt:
        return assign(as<AssignStmt>(s));
      case NodeKind::DeclStmt:
        return declaration(as<DeclStmt>(s)->decl);
      case NodeKind::GoStmt:
        if (obstacle.empty()) obstacle = "unhandled op GO";
        return 0;
      case NodeKind::DeferStmt:
        if (obstacle.empty()) obstacle = "unhandled op DEFER";
        return 0;
      case NodeKind::ReturnStmt: {
        auto* r = as<ReturnStmt>(s);
        int n = 1;
        const bool each = signature_ != nullptr && signature_->results != nullptr && signature_->results->size() == r->results.size();
        if (r->results.size() == 1) {
          if (auto* t = types::as<types::Tuple>(typeOf(r->results[0]))) n += several(t->size());
        }
        for (size_t i = 0; i < r->results.size(); i++) {
          n += converted(r->results[i], each ? signature_->results->vars[i]->type : nullptr);
        }
        return n;
      }
      case NodeKind::BranchStmt:
        return as<BranchStmt>(s)->tok == Token::Fallthrough ? 0 : 1;
      case NodeKind::IfStmt: {
        auto* n = as<IfStmt>(s);
        bool known = false;
        int cost = constantIf(n, &known);
        if (known) return cost;
        return 1 + stmt(n->init) + expr(n->cond) + list(n->then->list) + stmt(n->else_);
      }
      case NodeKind::ForStmt: {
        auto* n = as<ForStmt>(s);
        return 1 + stmt(n->init) + expr(n->cond) + stmt(n->post) + list(n->body->list);
      }
      case NodeKind::RangeStmt:
        return range(as<RangeStmt>(s));
      case NodeKind::SwitchStmt: {
        auto* n = as<SwitchStmt>(s);
        int cost = 1 + stmt(n->init) + expr(n->tag);
        for (const CaseClause* c : n->clauses) cost += 1 + exprs(c->exprs) + list(c->body);
        return cost;
      }
      case NodeKind::TypeSwitchStmt: {
        auto* n = as<TypeSwitchStmt>(s);
        int cost = 2 + stmt(n->init) + expr(n->guard->x);
        for (const CaseClause* c : n->clauses) {
          cost += 1 + exprs(c->exprs) + list(c->body);
          if (n->bind != nullptr && info_.implicits.contains(c)) cost++;
        }
        return cost;
      }
      case NodeKind::SelectStmt: {
        int cost = 1;
        for (const CommClause* c : as<SelectStmt>(s)->clauses) cost += 1 + stmt(c->comm) + list(c->body);
        return cost;
      }
      default:
        return 1;
    }
  }

  int range(const RangeStmt* r) {
    int n = 1 + expr(r->x) + list(r->body->list);
    for (const Expr* l : r->lhs) n += r->define ? 1 + declared(l) : expr(l);
    if (isRangeOverFunc(info_, r)) n += kLiteral;
    return n;
  }

  const types::Info& info_;
  const types::Signature* signature_ = nullptr;
  bool generic_ = false;
};

const char* pragmaObstacle(Pragma pragma) {
  if (has(pragma, Pragma::NoInline)) return "marked go:noinline";
  if (has(pragma, Pragma::CgoUnsafeArgs)) return "marked go:cgo_unsafe_args";
  if (has(pragma, Pragma::UintptrEscapes)) return "marked as having an escaping uintptr argument";
  if (has(pragma, Pragma::UintptrKeepAlive)) return "marked as having a keep-alive uintptr argument";
  if (has(pragma, Pragma::YesWriteBarrierRec)) return "marked go:yeswritebarrierrec";
  return nullptr;
}

}  // namespace

ir::InlineFacts inlineFacts(const Node* function, const types::Info& info) {
  ir::InlineFacts facts;
  Cost cost(info);
  if (auto* decl = dynAs<FuncDecl>(function)) {
    auto* f = types::as<types::Func>(info.def(decl->name));
    auto* signature = f != nullptr ? types::as<types::Signature>(f->type) : nullptr;
    facts.cost = cost.body(decl->body, signature);
    if (const char* why = pragmaObstacle(decl->pragma)) cost.obstacle = why;
  } else if (auto* range = dynAs<RangeStmt>(function)) {
    facts.cost = cost.body(range->body, nullptr);
    facts.literal = true;
  } else {
    auto* literal = as<FuncLit>(function);
    facts.cost = cost.body(literal->body, types::as<types::Signature>(types::under(info.typeOf(literal))));
    facts.literal = true;
  }
  facts.obstacle = std::move(cost.obstacle);
  return facts;
}

}  // namespace burrow::irgen
