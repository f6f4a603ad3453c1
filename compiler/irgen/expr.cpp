// Expressions: the dispatcher, names, constants, selectors, unary operators, methods as values, type assertions.
#include "irgen/function_gen.h"

#include "syntax/print.h"

namespace burrow::irgen {

using namespace syntax;
using types::Mode;

ValueId FunctionGen::constant(const types::Constant& c, TypeId type) {
  using Kind = types::Constant::Kind;
  TypeKind kind = T().kind(type);
  switch (kind) {
    case TypeKind::Bool:
      return b_.constInt(type, c.kind() == Kind::Bool && c.boolValue());
    case TypeKind::String:
      return c.kind() == Kind::String ? b_.constString(c.stringValue(), type) : b_.zero(type);
    case TypeKind::Float32:
      return b_.constFloat(type, c.isNumeric() ? static_cast<double>(c.toFloat().floatValue()) : 0);
    case TypeKind::Float64:
      return b_.constFloat(type, c.isNumeric() ? c.toFloat().doubleValue() : 0);
    case TypeKind::Complex64:
    case TypeKind::Complex128: {
      TypeId part = T().basic(kind == TypeKind::Complex64 ? TypeKind::Float32 : TypeKind::Float64);
      ValueId re = constant(c.real(), part);
      return b_.emit(Op::ComplexMake, type, {re, constant(c.imag(), part)});
    }
    default:
      break;
  }
  if (T().isInteger(type)) {
    types::Constant v = c.toInt();
    int64_t s = 0;
    uint64_t u = 0;
    if (v.kind() == Kind::Int && !v.int64Value(&s) && v.uint64Value(&u)) s = static_cast<int64_t>(u);
    return b_.constInt(type, s);
  }
  if (kind == TypeKind::Interface || kind == TypeKind::Slice) {
    // A constant of its default type on its way to an interface, or a string on its way to a slice (generic code only).
    TypeId own = c.kind() == Kind::Bool      ? bool_()
                 : c.kind() == Kind::String  ? T().stringType()
                 : c.kind() == Kind::Int     ? int_()
                 : c.kind() == Kind::Complex ? T().basic(TypeKind::Complex128)
                                             : T().float64Type();
    return convert(constant(c, own), type);
  }
  return b_.zero(type);
}

ValueId FunctionGen::expr(const Expr* e) {
  const types::ExprInfo& i = info().of(e);
  setPos(e->pos);
  if (i.mode == Mode::Constant) return constant(*i.value, map(i.type));
  if (i.mode == Mode::NilValue) return b_.zero(map(i.type));
  if (!early_.empty()) {
    if (auto it = early_.find(e); it != early_.end()) return it->second;
  }
  switch (e->kind) {
    case NodeKind::ParenExpr:
      return expr(as<ParenExpr>(e)->x);
    case NodeKind::Ident:
      return identValue(as<Ident>(e));
    case NodeKind::FuncLit:
      return funcLit(as<FuncLit>(e));
    case NodeKind::CompositeLit:
      return compositeLit(as<CompositeLit>(e), typeOf(e));
    case NodeKind::SelectorExpr: {
      auto* s = as<SelectorExpr>(e);
      const types::Selection* sel = info().selection(s);
      if (sel == nullptr) return identValue(s->sel);  // of another package
      setPos(e->pos);
      if (sel->kind == types::SelectionKind::MethodValue) return methodValue(s, sel);
      if (sel->kind == types::SelectionKind::MethodExpr) return methodExpr(s, sel);
      return readRef(ref(e));
    }
    case NodeKind::IndexExpr:
      return indexExpr(as<IndexExpr>(e));
    case NodeKind::SliceExpr:
      return sliceExpr(as<SliceExpr>(e));
    case NodeKind::TypeAssertExpr:
      return typeAssert(as<TypeAssertExpr>(e), false);
    case NodeKind::CallExpr:
      return callExpr(as<CallExpr>(e));
    case NodeKind::StarExpr:
      return readRef(ref(e));
    case NodeKind::UnaryExpr:
      return unary(as<UnaryExpr>(e));
    case NodeKind::BinaryExpr:
      return binary(as<BinaryExpr>(e));
    default:
      return b_.zero(typeOf(e));
  }
}

// For -m: what a conversion to an interface was made of.
ValueId FunctionGen::boxed(ValueId v, const Expr* e) {
  if (!package_.options().describe || fn_[v].op != Op::MakeIface || fn_[v].sym.isValid()) return v;
  return described(v, [&] { return sourceText(e); });
}

ValueId FunctionGen::exprTo(const Expr* e, TypeId to) {
  const types::ExprInfo& i = info().of(e);
  if (i.mode == Mode::NilValue || i.mode == Mode::Constant) setPos(e->pos);
  if (i.mode == Mode::NilValue) return b_.zero(to);
  if (i.mode == Mode::Constant) {
    if (!T().isInterface(to)) return constant(*i.value, to);
    TypeId own = map(i.type);
    if (T().isInterface(own)) return constant(*i.value, to);
    return boxed(assignable(constant(*i.value, own), to), e);
  }
  return boxed(assignable(expr(e), to), e);
}

void FunctionGen::exprInto(ValueId address, const Expr* e, bool isZero) {
  TypeId type = T().elem(b_.typeOf(address));
  const Expr* x = unparen(e);
  const types::ExprInfo& i = info().of(x);
  if (i.mode != Mode::Constant && i.mode != Mode::NilValue) {
    TypeId own = map(i.type);
    if (auto* lit = dynAs<CompositeLit>(x); lit != nullptr && own == type) {
      TypeKind kind = T().kind(type);
      if (kind == TypeKind::Struct || kind == TypeKind::Array) return compositeInto(address, lit, type, isZero);
    }
    bool denotes = x->kind == NodeKind::Ident || x->kind == NodeKind::StarExpr || x->kind == NodeKind::IndexExpr ||
                   (x->kind == NodeKind::SelectorExpr);
    if (denotes && own == type && isMemoryClass(type)) {
      Ref r = ref(x);
      if (r.isAddress) return copyValue(address, r.v);
      return b_.store(address, r.v);
    }
  }
  b_.store(address, exprTo(e, type));
}

std::vector<ValueId> FunctionGen::exprMulti(const Expr* e) {
  const Expr* x = unparen(e);
  types::Type* t = info().typeOf(x);
  bool isTuple = types::is<types::Tuple>(t);
  switch (x->kind) {
    case NodeKind::CallExpr: {
      ValueId v = callExpr(as<CallExpr>(x));
      return v.isValid() ? unpack(v) : std::vector<ValueId>{};
    }
    case NodeKind::TypeAssertExpr:
      if (isTuple) return unpack(typeAssert(as<TypeAssertExpr>(x), true));
      break;
    case NodeKind::IndexExpr:
      if (isTuple) return unpack(mapIndex(as<IndexExpr>(x), true));
      break;
    case NodeKind::UnaryExpr:
      if (isTuple) {
        ValueId chan = expr(as<UnaryExpr>(x)->x);
        setPos(x->pos);
        return unpack(b_.emit(Op::Recv2, T().tuple({T().elem(b_.typeOf(chan)), bool_()}), {chan}));
      }
      break;
    default:
      break;
  }
  return {expr(x)};
}

void FunctionGen::discard(const Expr* e) {
  const Expr* x = unparen(e);
  const types::ExprInfo& i = info().of(x);
  if (i.mode == Mode::Constant || i.mode == Mode::NilValue || i.mode == Mode::TypeExpr) return;
  if (auto* c = dynAs<CallExpr>(x)) {
    callExpr(c);
  } else {
    expr(x);
  }
}

// --- names -----------------------------------------------------------------------------------------------------------

std::vector<TypeId> FunctionGen::instanceArgs(const Ident* id) {
  std::vector<TypeId> args;
  if (const types::Instance* in = info().instance(id))
    for (types::Type* t : in->typeArgs) args.push_back(map(t));
  return args;
}

ValueId FunctionGen::functionValue(const types::Func* f, const Ident* id) {
  Callee c = package_.function(f, instanceArgs(id));
  return b_.funcAddr(c.symbol, c.type);
}

// Where slices leave their variables (moved_slices.cpp). That a variable is one is noted down here, not where it is declared:
// what nobody moves must not lie in the frame.
void FunctionGen::moveOut(const Node* where) {
  for (const types::Var* v : context_.facts->leaves.at(where)) {
    const Ref at = place(v);
    if (!at.isAddress || fn_[at.v].op != Op::Local) continue;
    const int64_t how = context_.facts->moved.at(v);
    fn_[at.v].imm = how;
    const ValueId slice = b_.load(at.v);
    b_.store(at.v, b_.emit(Op::MoveSlice, b_.typeOf(slice), {slice}, (how & ir::kSliceCapUsed) != 0 ? 1 : 0));
  }
}

ValueId FunctionGen::identValue(const Ident* id) {
  const types::Object* o = info().objectOf(id);
  if (auto* v = types::as<types::Var>(o)) {
    if (context_.facts->leaves.contains(id)) moveOut(id);
    return readRef(place(v));
  }
  if (auto* f = types::as<types::Func>(o)) return functionValue(f, id);
  if (auto* c = types::as<types::Const>(o)) return constant(c->value, map(c->type));
  return b_.zero(typeOf(id));
}

Ref FunctionGen::ref(const Expr* e) {
  const types::ExprInfo& i = info().of(e);
  if (i.mode == Mode::Constant || i.mode == Mode::NilValue) return Ref{false, expr(e)};
  switch (e->kind) {
    case NodeKind::ParenExpr:
      return ref(as<ParenExpr>(e)->x);
    case NodeKind::Ident:
      if (auto* v = types::as<types::Var>(info().objectOf(as<Ident>(e)))) {
        if (context_.facts->leaves.contains(e)) moveOut(e);
        return place(v);
      }
      break;
    case NodeKind::StarExpr: {
      ValueId p = expr(as<StarExpr>(e)->x);
      setPos(e->pos);
      return Ref{true, derefPointer(p)};
    }
    case NodeKind::SelectorExpr: {
      auto* s = as<SelectorExpr>(e);
      const types::Selection* sel = info().selection(s);
      if (sel == nullptr) {
        if (auto* v = types::as<types::Var>(info().objectOf(s->sel))) return place(v);
      } else if (sel->kind == types::SelectionKind::Field) {
        return selectorRef(s);
      }
      break;
    }
    case NodeKind::IndexExpr: {
      auto* ix = as<IndexExpr>(e);
      TypeId t = typeOf(ix->x);
      if (info().of(ix->indices[0]).isType()) break;  // an instantiation
      TypeKind kind = T().kind(t);
      if (kind == TypeKind::Array || kind == TypeKind::Pointer || kind == TypeKind::Slice) return indexRef(ix);
      break;
    }
    default:
      break;
  }
  return Ref{false, expr(e)};
}

ValueId FunctionGen::address(const Expr* e) {
  Ref r = ref(e);
  return r.isAddress ? r.v : spill(r.v);
}

// --- selectors -------------------------------------------------------------------------------------------------------

Ref FunctionGen::selectField(Ref base, std::span<const int> path) {
  for (int index : path) {
    TypeId t = base.isAddress ? T().elem(b_.typeOf(base.v)) : b_.typeOf(base.v);
    if (T().kind(t) == TypeKind::Pointer) base = Ref{true, derefPointer(readRef(base))};
    base.v = base.isAddress ? b_.fieldAddr(base.v, static_cast<size_t>(index)) : b_.field(base.v, static_cast<size_t>(index));
  }
  return base;
}

Ref FunctionGen::receiverRef(const Expr* x) {
  Ref base = ref(x);
  TypeId t = base.isAddress ? T().elem(b_.typeOf(base.v)) : b_.typeOf(base.v);
  if (T().kind(t) == TypeKind::Pointer) return Ref{false, readRef(base)};
  return base;
}

Ref FunctionGen::selectorRef(const SelectorExpr* e) {
  const types::Selection* sel = info().selection(e);
  Ref base = receiverRef(e->x);
  setPos(e->pos);
  return selectField(base, sel->index);
}

const MethodEntry* FunctionGen::findMethod(TypeId receiver, const types::Object* method) {
  std::string_view path = method->isExported() || method->pkg == nullptr ? std::string_view() : method->pkg->path;
  return package_.methods().find(receiver, method->name, path);
}

ValueId FunctionGen::receiver(const Expr* x, const MethodEntry& e) {
  Ref base = selectField(receiverRef(x), e.path);
  TypeId t = base.isAddress ? T().elem(b_.typeOf(base.v)) : b_.typeOf(base.v);
  bool isPointer = T()[t].kind == TypeKind::Pointer;
  if (e.pointerReceiver) {
    if (isPointer) return readRef(base);
    // Of *p, where p's type is a named one, p is the address.
    return base.isAddress ? assignable(base.v, T().pointer(t)) : spill(base.v);
  }
  if (isPointer && e.func != nullptr) return b_.load(derefPointer(readRef(base)));
  return readRef(base);
}

ValueId FunctionGen::methodValue(const SelectorExpr* e, const types::Selection* sel) {
  TypeId recv = typeOf(e->x);
  const MethodEntry* m = findMethod(recv, sel->object);
  ValueId r = receiver(e->x, *m);
  setPos(e->pos);
  TypeId type;
  std::string symbol;
  if (m->func == nullptr) {
    nilCheckInterface(r);
    type = typeOf(e);
    symbol = package_.boundMethod(package_.interfaceMethod(b_.typeOf(r), static_cast<size_t>(m->ifaceIndex)), true,
                                  static_cast<size_t>(m->ifaceIndex), b_.typeOf(r));
  } else {
    Callee c = package_.method(m->holder, m->func, instanceArgs(e->sel));
    type = package_.withoutReceiver(c.type);  // the selector's own type is that of the generic method, if it is one
    symbol = package_.boundMethod(c, false, 0, b_.typeOf(r));
  }
  // For -m what the source has here; `sym` is taken.
  const int64_t text = package_.options().describe ? package_.module().intern(" " + sourceText(e)).value : 0;
  return b_.emit(Op::Closure, type, {r}, text, package_.module().intern(symbol));
}

ValueId FunctionGen::methodExpr(const SelectorExpr* e, const types::Selection* sel) {
  TypeId recv = map(sel->recv);
  const MethodEntry* m = findMethod(recv, sel->object);
  const std::vector<TypeId> args = instanceArgs(e->sel);
  Callee c = T().isInterface(recv) ? package_.interfaceMethod(recv, static_cast<size_t>(m->ifaceIndex))
                                   : package_.methodOf(recv, *m, args);
  ValueId f = b_.funcAddr(c.symbol, c.type);
  return args.empty() ? assignable(f, typeOf(e)) : f;
}

// --- unary operators -------------------------------------------------------------------------------------------------

ValueId FunctionGen::addressOf(const Expr* e) {
  const Expr* x = unparen(e);
  if (auto* lit = dynAs<CompositeLit>(x)) {
    return pointerLit(lit, typeOf(lit));
  }
  return address(x);
}

ValueId FunctionGen::unary(const UnaryExpr* e) {
  switch (e->op) {
    case Token::And:
      setPos(e->pos);
      return assignable(addressOf(e->x), typeOf(e));
    case Token::Arrow: {
      ValueId chan = expr(e->x);
      setPos(e->pos);
      return b_.emit(Op::Recv, T().elem(b_.typeOf(chan)), {chan});
    }
    case Token::Not: {
      ValueId x = exprTo(e->x, typeOf(e));
      setPos(e->pos);
      return b_.unary(Op::Not, x);
    }
    default:
      break;
  }
  ValueId x = exprTo(e->x, typeOf(e));
  setPos(e->pos);
  switch (e->op) {
    case Token::Sub: return b_.unary(Op::Neg, x);
    case Token::Xor: return b_.unary(Op::Com, x);
    default: return x;
  }
}

// --- type assertions -------------------------------------------------------------------------------------------------

ValueId FunctionGen::assertTo(ValueId iface, TypeId to, bool commaOk) {
  TypeId result = commaOk ? T().tuple({to, bool_()}) : to;
  uint8_t flags = commaOk ? ir::kCommaOk : 0;
  // The comparison is with the itab of `to`, which is then emitted here, with whatever methods are known.
  if (!T().isInterface(to) && !T().isEmptyInterface(b_.typeOf(iface))) package_.needMethods(to);
  return b_.emit(T().isInterface(to) ? Op::IfaceAssert : Op::TypeAssert, result, {iface}, 0, {}, to, flags);
}

ValueId FunctionGen::typeAssert(const TypeAssertExpr* e, bool commaOk) {
  ValueId x = expr(e->x);
  setPos(e->pos);
  return assertTo(x, typeOf(e->type), commaOk);
}

}  // namespace burrow::irgen
