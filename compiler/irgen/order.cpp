// See order.h.
#include "irgen/order.h"

#include "syntax/walk.h"

namespace burrow::irgen {

using namespace syntax;
using types::BuiltinId;

namespace {

// Something that can be a statement of its own: a look at the syntax decides most cases.
bool hasEffect(const Node* root) {
  bool found = false;
  walk(const_cast<Node*>(root), [&](Node* n) {
    switch (n->kind) {
      case NodeKind::FuncLit: return false;
      case NodeKind::CallExpr: found = true; break;
      case NodeKind::UnaryExpr: found |= as<UnaryExpr>(n)->op == Token::Arrow; break;
      default: break;
    }
    return !found;
  });
  return found;
}

}  // namespace

class OperandOrder {
 public:
  explicit OperandOrder(FunctionGen& gen) : gen_(gen) {}

  // Whether some effect comes behind a late operand that it could change. Operands are added from left to right.
  bool matters(const Expr* e) { return scan(e); }
  bool targetMatters(const Expr* e) {
    return eachTargetOperand(e, [&](const Expr* x) { return scan(x); });
  }
  bool callMatters(const CallExpr* e) { return scanOperands(e); }

  void evaluate(const Expr* e) { hoist(e); }
  void evaluateTarget(const Expr* e) {
    eachTargetOperand(e, [&](const Expr* x) { return hoist(x), false; });
  }
  void evaluateOperands(const CallExpr* e) { hoistOperands(e); }
  // Of a statement that does not make the call itself.
  void defer(const CallExpr* e) { deferred_ = e; }

 private:
  struct Class {
    enum Kind : uint8_t { Late, Early, Scoped, Nothing } kind = Late;
    bool effect = false;    // Early: does something, or may panic
    bool delicate = false;  // Late: reads memory that a call may write, or may panic
  };

  const types::Info& info() const { return gen_.info(); }
  ir::TypeTable& T() { return gen_.T(); }
  bool isConstant(const Expr* e) const { return info().of(e).isConstant(); }

  bool readsMemory(const types::Object* o) const {
    auto* v = types::as<types::Var>(o);
    if (v == nullptr) return false;
    if (v->varKind == types::VarKind::Package) return true;
    uint8_t flags = gen_.context_.facts->flags(v);
    return (flags & kAddressed) != 0 || ((flags & kCaptured) != 0 && (flags & kReassigned) != 0);
  }

  Class classifyBuiltin(BuiltinId id) {
    switch (id) {
      case BuiltinId::Len:
      case BuiltinId::Cap:
      case BuiltinId::Complex:
      case BuiltinId::Real:
      case BuiltinId::Imag:
      case BuiltinId::Min:
      case BuiltinId::Max:
      case BuiltinId::New: return {Class::Early};
      case BuiltinId::UnsafeAdd:
      case BuiltinId::UnsafeSlice:
      case BuiltinId::UnsafeSliceData:
      case BuiltinId::UnsafeString:
      case BuiltinId::UnsafeStringData: return {Class::Late, false, true};
      default: return {Class::Early, true};
    }
  }

  Class classifyCall(const CallExpr* e) {
    if (gen_.isConversion(e)) {
      if (e->args.empty() || isConstant(e->args[0])) return {};
      TypeKind from = T().kind(gen_.typeOf(e->args[0])), to = T().kind(gen_.typeOf(e));
      if (to == TypeKind::Slice && from == TypeKind::String) return {Class::Early};
      bool reads = to == TypeKind::String || to == TypeKind::Array || to == TypeKind::Pointer;
      return {Class::Late, false, from == TypeKind::Slice && reads};
    }
    if (const types::Builtin* b = gen_.builtinOf(e)) return classifyBuiltin(b->id);
    return {Class::Early, true};
  }

  Class classifyBinary(const BinaryExpr* e) {
    switch (e->op) {
      case Token::LogicalAnd:
      case Token::LogicalOr: return {Class::Scoped};
      case Token::Quo:
      case Token::Rem: return {Class::Late, false, !isConstant(e->y) && T().isInteger(gen_.typeOf(e))};
      case Token::Shl:
      case Token::Shr: return {Class::Late, false, !isConstant(e->y) && T().isSigned(gen_.typeOf(e->y))};
      case Token::Equal:
      case Token::NotEqual: {
        auto mayPanic = [&](const Expr* x) {
          if (info().of(x).mode == types::Mode::NilValue || isConstant(x)) return false;
          TypeKind kind = T().kind(gen_.typeOf(x));
          return kind == TypeKind::Interface || kind == TypeKind::Struct || kind == TypeKind::Array;
        };
        return {Class::Late, false, mayPanic(e->x) && mayPanic(e->y)};
      }
      default: return {};
    }
  }

  Class classify(const Expr* e) {
    const types::ExprInfo& i = info().of(e);
    if (i.mode == types::Mode::Constant || i.mode == types::Mode::NilValue || i.isType()) return {Class::Nothing};
    bool several =
        i.type != nullptr && types::is<types::Tuple>(i.type);  // v, ok = e: the statement itself evaluates it
    switch (e->kind) {
      case NodeKind::Ident: return {Class::Late, false, readsMemory(info().objectOf(as<Ident>(e)))};
      case NodeKind::FuncLit:
      case NodeKind::BasicLit: return {Class::Nothing};
      case NodeKind::CompositeLit:
        if (!as<CompositeLit>(e)->elems.empty() && T().kind(gen_.typeOf(e)) == TypeKind::Map) return {Class::Scoped};
        return {};
      case NodeKind::SelectorExpr: {
        auto* s = as<SelectorExpr>(e);
        const types::Selection* sel = info().selection(s);
        if (sel == nullptr) return {Class::Nothing, false, readsMemory(info().objectOf(s->sel))};
        if (sel->kind == types::SelectionKind::MethodExpr) return {Class::Nothing};
        if (sel->kind == types::SelectionKind::MethodValue) return {Class::Late, false, true};
        return {Class::Late, false, sel->indirect};
      }
      case NodeKind::IndexExpr: {
        auto* ix = as<IndexExpr>(e);
        if (info().of(ix->indices[0]).isType()) return {Class::Nothing};
        bool array = T().kind(gen_.typeOf(ix->x)) == TypeKind::Array;
        return {Class::Late, false, !array || !isConstant(ix->indices[0])};
      }
      case NodeKind::SliceExpr: return {Class::Early, true};
      case NodeKind::TypeAssertExpr:
        if (several || T().isDirectIface(gen_.typeOf(e))) return {Class::Late, false, true};
        return {Class::Early, true};
      case NodeKind::CallExpr: return classifyCall(as<CallExpr>(e));
      case NodeKind::StarExpr: return {Class::Late, false, true};
      case NodeKind::UnaryExpr:
        switch (as<UnaryExpr>(e)->op) {
          case Token::Arrow: return {several ? Class::Late : Class::Early, true, several};
          case Token::And: {
            const Expr* x = unparen(as<UnaryExpr>(e)->x);
            return {Class::Late, false, x->kind != NodeKind::Ident && x->kind != NodeKind::CompositeLit};
          }
          default: return {};
        }
      case NodeKind::BinaryExpr: return classifyBinary(as<BinaryExpr>(e));
      default: return {};
    }
  }

  // The operands of e in order; stops when f says true.
  template <typename F>
  bool eachOperand(const Expr* e, F f) {
    switch (e->kind) {
      case NodeKind::CompositeLit:
        for (const Expr* x : as<CompositeLit>(e)->elems) {
          auto* kv = dynAs<KeyValueExpr>(x);
          if (f(kv != nullptr ? kv->value : x)) return true;
        }
        return false;
      case NodeKind::SelectorExpr: return f(as<SelectorExpr>(e)->x);
      case NodeKind::IndexExpr: return f(as<IndexExpr>(e)->x) || f(as<IndexExpr>(e)->indices[0]);
      case NodeKind::SliceExpr: {
        auto* s = as<SliceExpr>(e);
        if (f(s->x)) return true;
        for (const Expr* x : s->index)
          if (x != nullptr && f(x)) return true;
        return false;
      }
      case NodeKind::TypeAssertExpr: return f(as<TypeAssertExpr>(e)->x);
      case NodeKind::CallExpr: {
        auto* c = as<CallExpr>(e);
        if (!info().of(c->fun).isType() && info().of(c->fun).mode != types::Mode::Builtin) {
          auto* s = dynAs<SelectorExpr>(unparen(c->fun));
          const types::Selection* sel = s != nullptr ? info().selection(s) : nullptr;
          bool method = sel != nullptr && sel->kind == types::SelectionKind::MethodValue;
          if (f(method ? s->x : c->fun)) return true;
        }
        for (const Expr* x : c->args)
          if (f(x)) return true;
        return false;
      }
      case NodeKind::StarExpr: return f(as<StarExpr>(e)->x);
      case NodeKind::UnaryExpr:
        if (as<UnaryExpr>(e)->op == Token::And) return eachTargetOperand(as<UnaryExpr>(e)->x, f);
        return f(as<UnaryExpr>(e)->x);
      case NodeKind::BinaryExpr: return f(as<BinaryExpr>(e)->x) || f(as<BinaryExpr>(e)->y);
      default: return false;
    }
  }

  // The operands of what stands on the left of an assignment.
  template <typename F>
  bool eachTargetOperand(const Expr* e, F f) {
    e = unparen(e);
    switch (e->kind) {
      case NodeKind::StarExpr: return f(as<StarExpr>(e)->x);
      case NodeKind::SelectorExpr: {
        auto* s = as<SelectorExpr>(e);
        const types::Selection* sel = info().selection(s);
        if (sel == nullptr) return false;
        // Through an embedded pointer it is a field that is read.
        if (sel->indirect) return f(s->x);
        return eachTargetOperand(s->x, f);
      }
      case NodeKind::IndexExpr: {
        auto* ix = as<IndexExpr>(e);
        bool array = T().kind(gen_.typeOf(ix->x)) == TypeKind::Array;
        if (array ? eachTargetOperand(ix->x, f) : f(ix->x)) return true;
        return f(ix->indices[0]);
      }
      case NodeKind::Ident: return false;
      default: return f(e);
    }
  }

  // The receiver of a method is read through a pointer when the call is made.
  bool scanOperands(const CallExpr* e) {
    auto* s = dynAs<SelectorExpr>(unparen(e->fun));
    const types::Selection* sel = s != nullptr ? info().selection(s) : nullptr;
    bool first = sel != nullptr && sel->kind == types::SelectionKind::MethodValue && sel->indirect;
    bool copied = e != deferred_ && gen_.copiesReceiver(e);
    return eachOperand(e, [&](const Expr* x) {
      const int before = delicate_;
      bool found = scan(x);
      if (copied) {
        delicate_ = before;
        found |= before != 0;  // it may be nil
        copied = false;
      }
      delicate_ += first;
      first = false;
      return found;
    });
  }

  bool scan(const Expr* e) {
    e = unparen(e);
    Class c = classify(e);
    const int before = delicate_;
    switch (c.kind) {
      case Class::Nothing: delicate_ += c.delicate; return false;
      case Class::Scoped: return before != 0 && hasEffect(e);
      case Class::Late:
        if (eachOperand(e, [&](const Expr* x) { return scan(x); })) return true;
        delicate_ += c.delicate;
        return false;
      case Class::Early: {
        if (auto* call = dynAs<CallExpr>(e)) {
          if (scanOperands(call)) return true;
        } else if (eachOperand(e, [&](const Expr* x) { return scan(x); })) {
          return true;
        }
        // What an early operation reads is early with it, and may fail before what stands on its left.
        const bool early = c.effect || delicate_ > before;
        delicate_ = before;
        return early && before != 0;
      }
    }
    return false;
  }

  void hoist(const Expr* e) {
    e = unparen(e);
    Class::Kind kind = classify(e).kind;
    if (kind == Class::Nothing || gen_.early_.contains(e)) return;
    if (kind != Class::Scoped) hoistOperands(e);
    if (kind != Class::Late) keep(e);
  }

  void keep(const Expr* e) {
    ValueId v = gen_.expr(e);
    gen_.early_.emplace(e, v);
    gen_.earlyOrder_.push_back(e);
  }

  void hoistOperands(const Expr* e) {
    size_t i = 0;
    auto* call = dynAs<CallExpr>(e);
    bool copied = call != nullptr && call != deferred_ && gen_.copiesReceiver(call);
    const Expr* appended = call != nullptr ? gen_.sizeOfAppendedMake(call) : nullptr;
    eachOperand(e, [&](const Expr* x) {
      if (appended != nullptr && x == call->args[1]) return hoist(appended), false;
      hoist(x);
      if (copied) {
        copied = false;
        if (!gen_.early_.contains(unparen(x))) keep(unparen(x));
        gen_.nilCheckInterface(gen_.early_.at(unparen(x)));
      }
      if (inMemory(e, i++, x) && !gen_.early_.contains(unparen(x))) keep(unparen(x));
      return false;
    });
  }

  // Whether gc wants an address of operand `number` of e, and has to put it into memory for that because it has none.
  bool inMemory(const Expr* e, size_t number, const Expr* x) {
    const types::ExprInfo& i = info().of(x);
    if (i.mode == types::Mode::Constant || i.mode == types::Mode::NilValue || i.isType() || i.type == nullptr)
      return false;
    if (types::is<types::Tuple>(i.type)) return false;
    switch (unparen(x)->kind) {
      case NodeKind::Ident:
      case NodeKind::StarExpr:
      case NodeKind::IndexExpr:
      case NodeKind::FuncLit:
      case NodeKind::BasicLit: return false;
      case NodeKind::SelectorExpr: {
        const types::Selection* sel = info().selection(as<SelectorExpr>(unparen(x)));
        if (sel == nullptr || sel->kind != types::SelectionKind::MethodValue) return false;
        break;
      }
      default: break;
    }
    TypeId from = gen_.typeOf(x);
    switch (e->kind) {
      case NodeKind::CompositeLit: return boxes(from, elementType(as<CompositeLit>(e), number));
      case NodeKind::CallExpr: {
        auto* c = as<CallExpr>(e);
        if (gen_.isConversion(c)) return boxes(from, gen_.typeOf(c));
        if (number == 0 || info().of(c->fun).mode == types::Mode::Builtin) return false;
        return boxes(from, parameterType(c, number - 1));
      }
      case NodeKind::BinaryExpr: {
        if (!isComparison(as<BinaryExpr>(e)->op)) return false;
        TypeKind kind = T().kind(from);
        return kind == TypeKind::Struct || kind == TypeKind::Array;
      }
      default: return false;
    }
  }

  TypeId elementType(const CompositeLit* e, size_t number) {
    TypeId type = gen_.typeOf(e);
    if (T().kind(type) == TypeKind::Pointer) type = T().elem(type);
    if (T().kind(type) != TypeKind::Struct) return T().elem(type);
    std::vector<ir::Field> fields = T().get(type).fields;
    TypeId at = type;
    for (int f : gen_.fieldPath(e, number, fields)) at = T().get(at).fields[static_cast<size_t>(f)].type;
    return at;
  }

  TypeId parameterType(const CallExpr* c, size_t number) {
    TypeId func = gen_.typeOf(c->fun);
    if (T().kind(func) != TypeKind::Func) return {};
    const ir::TypeData& f = T().get(func);
    if (f.variadic && number + 1 >= f.params.size()) return c->hasDots() ? TypeId{} : T().elem(f.params.back());
    return number < f.params.size() ? f.params[number] : TypeId{};
  }

  // A conversion to an interface that goes through the value's address. Others take the value in a register.
  bool boxes(TypeId from, TypeId to) {
    if (!to.isValid() || !T().isInterface(to) || T().isInterface(from)) return false;
    int64_t size = T().sizeOf(from);
    bool word = (size == 2 || size == 4 || size == 8) && T().alignOf(from) == size && !T().hasPointers(from);
    return !word && T().kind(from) != TypeKind::String && T().kind(from) != TypeKind::Slice;
  }

  FunctionGen& gen_;
  const CallExpr* deferred_ = nullptr;
  int delicate_ = 0;  // late operands that matter in what was scanned so far
};

InOrder::InOrder(FunctionGen& gen, std::span<Expr* const> targets, std::span<Expr* const> values)
    : gen_(gen), mark_(gen.earlyOrder_.size()) {
  bool any = false;
  for (const Expr* e : targets) any |= hasEffect(e);
  for (const Expr* e : values) any |= hasEffect(e);
  if (!any) return;
  OperandOrder order(gen);
  bool found = false;
  for (size_t i = 0; i < targets.size() && !found; i++) found = order.targetMatters(targets[i]);
  for (size_t i = 0; i < values.size() && !found; i++) found = order.matters(values[i]);
  if (!found) return;
  for (const Expr* e : targets) gen.nameLiterals(e);
  for (const Expr* e : values) gen.nameLiterals(e);
  for (const Expr* e : targets) order.evaluateTarget(e);
  for (const Expr* e : values) order.evaluate(e);
}

InOrder::InOrder(FunctionGen& gen, std::initializer_list<const Expr*> values)
    : gen_(gen), mark_(gen.earlyOrder_.size()) {
  bool any = false;
  for (const Expr* e : values) any |= hasEffect(e);
  if (!any) return;
  OperandOrder order(gen);
  bool found = false;
  for (const Expr* e : values) found = found || order.matters(e);
  if (!found) return;
  for (const Expr* e : values) gen.nameLiterals(e);
  for (const Expr* e : values) order.evaluate(e);
}

InOrder::InOrder(FunctionGen& gen, const CallExpr* call) : gen_(gen), mark_(gen.earlyOrder_.size()) {
  OperandOrder order(gen);
  order.defer(call);
  if (!order.callMatters(call)) return;
  gen.nameLiterals(call);
  order.evaluateOperands(call);
}

InOrder::~InOrder() {
  for (size_t i = mark_; i < gen_.earlyOrder_.size(); i++) gen_.early_.erase(gen_.earlyOrder_[i]);
  gen_.earlyOrder_.resize(mark_);
}

}  // namespace burrow::irgen
