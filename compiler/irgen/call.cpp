// Calls: what is called, with which arguments, and the call itself.
//
// A pointer that is handed over as a number, f(uintptr(unsafe.Pointer(p))), is none to the collector. Functions marked
// go:uintptrkeepalive or go:uintptrescapes, and those without a body, are promised that what such an argument points to
// stays until they return: the pointer itself is kept beside the arguments and named by a KeepAlive behind the call, also
// where go or defer make the call in another function. Only a conversion in the argument itself counts, as for gc.
#include "irgen/concrete_type.h"
#include "irgen/function_gen.h"

#include "syntax/print.h"

#include <algorithm>

namespace burrow::irgen {

using namespace syntax;

const Ident* FunctionGen::calleeIdent(const Expr* fun) const {
  fun = unparen(fun);
  if (auto* ix = dynAs<IndexExpr>(fun); ix != nullptr && info().of(ix->indices[0]).isType()) fun = unparen(ix->x);
  if (auto* id = dynAs<Ident>(fun)) return id;
  if (auto* s = dynAs<SelectorExpr>(fun); s != nullptr && info().selection(s) == nullptr) return s->sel;
  return nullptr;
}

bool FunctionGen::isConversion(const CallExpr* e) const { return info().of(e->fun).isType(); }

const types::Builtin* FunctionGen::builtinOf(const CallExpr* e) const {
  const Ident* id = calleeIdent(e->fun);
  return id == nullptr ? nullptr : types::as<types::Builtin>(info().use(id));
}

ValueId FunctionGen::packVariadic(std::span<const ValueId> values, TypeId slice) {
  if (values.empty()) return b_.zero(slice);
  auto n = static_cast<int64_t>(values.size());
  ValueId array = described(b_.newObject(T().array(T().elem(slice), n)), [] { return "... argument"; });
  for (int64_t i = 0; i < n; i++) b_.store(b_.indexAddr(array, constInt(i)), values[static_cast<size_t>(i)]);
  return b_.emit(Op::SliceMake, slice, {b_.indexAddr(array, constInt(0)), constInt(n), constInt(n)});
}

KeepAlive FunctionGen::keepsAlive(const types::Object* callee) {
  auto* f = types::as<types::Func>(callee);
  const FuncDecl* decl = f != nullptr ? f->origin->decl : nullptr;
  if (decl == nullptr) return KeepAlive::No;
  if (has(decl->pragma, Pragma::UintptrEscapes)) return KeepAlive::Escapes;
  return decl->body == nullptr || has(decl->pragma, Pragma::UintptrKeepAlive) ? KeepAlive::Yes : KeepAlive::No;
}

const Expr* FunctionGen::pointerBehind(const Expr* e, TypeId type) {
  if (T().kind(type) != TypeKind::Uintptr) return nullptr;
  auto* c = dynAs<CallExpr>(unparen(e));
  if (c == nullptr || !isConversion(c) || info().of(c).isConstant()) return nullptr;
  if (info().of(c->args[0]).mode == types::Mode::NilValue) return nullptr;
  return T().kind(typeOf(c->args[0])) == TypeKind::UnsafePointer ? c->args[0] : nullptr;
}

void FunctionGen::arguments(const CallExpr* e, TypeId func, size_t firstParam, Call& call) {
  std::vector<ValueId>& out = call.operands;
  std::vector<TypeId> params = T().get(func).params;
  params.erase(params.begin(), params.begin() + static_cast<ptrdiff_t>(firstParam));
  bool variadic = T().get(func).variadic && !e->hasDots();
  size_t fixed = variadic ? params.size() - 1 : params.size();
  TypeId rest = variadic ? params.back() : TypeId{};
  TypeId elem = variadic ? T().elem(rest) : TypeId{};
  auto paramType = [&](size_t i) { return i < fixed ? params[i] : elem; };
  std::vector<ValueId> values;
  if (e->args.size() == 1 && types::is<types::Tuple>(info().typeOf(e->args[0]))) {
    values = exprMulti(e->args[0]);  // f(g()) with a g of several results
    setPos(e->pos);
    for (size_t i = 0; i < values.size(); i++) values[i] = assignable(values[i], paramType(i));
  } else {
    for (size_t i = 0; i < e->args.size(); i++) {
      const Expr* pointer = call.keepAlive == KeepAlive::No ? nullptr : pointerBehind(e->args[i], paramType(i));
      if (pointer == nullptr) {
        values.push_back(exprTo(e->args[i], paramType(i)));
        continue;
      }
      ValueId p = expr(pointer);
      call.alive.push_back(p);
      setPos(e->args[i]->pos);
      values.push_back(convert(p, paramType(i)));
    }
  }
  setPos(e->pos);
  for (size_t i = 0; i < fixed && i < values.size(); i++) out.push_back(values[i]);
  if (!variadic) return;
  call.rest = rest;
  call.variadic.assign(values.begin() + static_cast<ptrdiff_t>(std::min(fixed, values.size())), values.end());
}

bool FunctionGen::copiesReceiver(const CallExpr* e) {
  auto* s = dynAs<SelectorExpr>(unparen(e->fun));
  const types::Selection* sel = s == nullptr ? nullptr : info().selection(s);
  if (sel == nullptr || sel->kind != types::SelectionKind::MethodValue || e->args.empty()) return false;
  types::Type* iface = info().typeOf(s->x);
  if (!types::isNonTypeParamInterface(iface)) return false;
  // Nothing in these can tell when the receiver is read.
  auto isPlain = [&](const Expr* x) {
    return info().of(x).isConstant() || x->kind == NodeKind::Ident || x->kind == NodeKind::FuncLit;
  };
  if (std::ranges::all_of(e->args, isPlain)) return false;
  types::Type* concrete = concreteType(s->x, info(), *context_.facts);
  if (concrete == nullptr || types::missingMethod(concrete, iface, true) != nullptr) return false;
  return !T().isDirectIface(map(concrete));
}

void FunctionGen::nilCheckInterface(ValueId v) { b_.nilCheck(b_.emit(Op::IfaceTab, T().unsafePointer(), {v})); }

Call FunctionGen::prepareCall(const CallExpr* e, bool isDeferred) {
  Call c;
  if (const types::Builtin* b = builtinOf(e)) {
    c.kind = Call::Builtin;
    c.builtin = b->id;
    c.operands = builtinOperands(e, b->id);
    return c;
  }
  const Expr* fun = unparen(e->fun);
  auto setStatic = [&](Callee callee) {
    c.kind = Call::Static;
    c.callee = std::move(callee);
  };
  const Ident* id = calleeIdent(fun);
  if (auto* f = id != nullptr ? types::as<types::Func>(info().objectOf(id)) : nullptr) {
    c.intrinsic = package_.intrinsic(f);
    setStatic(package_.function(f, instanceArgs(id)));
    c.keepAlive = keepsAlive(f);
    if (c.intrinsic != nullptr) c.kind = Call::Intrinsic;
    arguments(e, c.callee.type, 0, c);
    c.result = b_.resultType(c.callee.type);
    return c;
  }
  const Expr* method = fun;
  if (auto* ix = dynAs<IndexExpr>(fun); ix != nullptr && info().of(ix->indices[0]).isType()) method = unparen(ix->x);
  if (auto* s = dynAs<SelectorExpr>(method)) {
    const types::Selection* sel = info().selection(s);
    if (sel != nullptr && sel->kind == types::SelectionKind::MethodValue) {
      const MethodEntry* m = findMethod(typeOf(s->x), sel->object);
      setPos(s->pos);
      if (auto it = early_.find(unparen(s->x)); it != early_.end() && m->func == nullptr && m->path.empty()) {
        c.operands.push_back(it->second);  // a variable is kept only here
      } else {
        c.operands.push_back(receiver(s->x, *m));
        if (m->func == nullptr && !isDeferred && copiesReceiver(e)) nilCheckInterface(c.operands[0]);
      }
      if (m->func == nullptr) {
        c.kind = Call::Interface;
        c.method = static_cast<size_t>(m->ifaceIndex);
        TypeId type = m->type;
        arguments(e, type, 0, c);
        c.result = b_.resultType(type);
      } else {
        c.keepAlive = keepsAlive(m->func);
        setStatic(package_.method(m->holder, m->func, instanceArgs(s->sel)));
        arguments(e, c.callee.type, 1, c);
        c.result = b_.resultType(c.callee.type);
      }
      return c;
    }
    if (sel != nullptr && sel->kind == types::SelectionKind::MethodExpr) {
      ValueId f = methodExpr(s, sel);
      if (fn_[f].op == Op::FuncAddr) {
        setStatic({std::string(package_.module().str(fn_[f].sym)), b_.typeOf(f)});
        c.keepAlive = keepsAlive(sel->object);
        arguments(e, c.callee.type, 0, c);
        c.result = b_.resultType(c.callee.type);
        return c;
      }
    }
  }
  c.kind = Call::Closure;
  ValueId f = expr(fun);
  c.operands.push_back(f);
  arguments(e, b_.typeOf(f), 0, c);
  c.result = b_.resultType(b_.typeOf(f));
  return c;
}

ValueId FunctionGen::carryOut(const Call& c, std::vector<ValueId> operands, std::span<const ValueId> alive) {
  ValueId result = carryOut(c, std::move(operands));
  for (ValueId p : alive) b_.emit(Op::KeepAlive, {}, {p}, c.keepAlive == KeepAlive::Escapes ? 1 : 0);
  return result;
}

static bool hasNonStringPointers(ir::TypeTable& types, TypeId t) {
  switch (types.kind(t)) {
    case TypeKind::String:
      return false;
    case TypeKind::Array:
      return types.get(t).length != 0 && hasNonStringPointers(types, types.elem(t));
    case TypeKind::Struct: {
      const std::vector<ir::Field> fields = types.get(t).fields;
      return std::any_of(fields.begin(), fields.end(), [&](const ir::Field& f) { return hasNonStringPointers(types, f.type); });
    }
    default:
      return types.hasPointers(t);
  }
}

ValueId FunctionGen::carryOut(const Call& c, std::vector<ValueId> operands) {
  if (c.rest.isValid()) operands.push_back(packVariadic(c.variadic, c.rest));
  switch (c.kind) {
    case Call::Static:
      return b_.call(c.callee.symbol, c.callee.type, std::move(operands));
    case Call::Intrinsic:
      if (c.intrinsic->shape == IntrinsicShape::NonStrings) {
        if (!hasNonStringPointers(T(), b_.typeOf(operands[0]))) return {};
        return b_.call(c.callee.symbol, c.callee.type, std::move(operands));
      }
      return intrinsic(*c.intrinsic, std::move(operands), c.callee.type);
    case Call::Interface: {
      ValueId iface = operands[0];
      operands.erase(operands.begin());
      return b_.callInterface(iface, c.method, std::move(operands));
    }
    case Call::Closure: {
      ValueId f = operands[0];
      operands.erase(operands.begin());
      nilCheckFunction(f);
      return b_.callClosure(f, std::move(operands));
    }
    case Call::Builtin:
      return builtinEffect(c.builtin, operands);
  }
  return {};
}

ValueId FunctionGen::callExpr(const CallExpr* e) {
  if (!early_.empty()) {
    if (auto it = early_.find(e); it != early_.end()) return it->second;
  }
  if (isConversion(e)) return conversion(e);
  if (const types::Builtin* b = builtinOf(e)) return builtin(e, b);
  Call c = prepareCall(e, false);
  setPos(e->pos);
  ValueId v = carryOut(c, std::move(c.operands), c.alive);
  if ((c.kind == Call::Interface || c.kind == Call::Closure) && package_.options().describe) {
    fn_[v].sym = package_.module().intern(" " + sourceText(e->fun));  // for "devirtualizing x.M"
  }
  return c.result.isValid() ? v : ValueId{};
}

ValueId FunctionGen::intrinsic(const IntrinsicSpec& spec, std::vector<ValueId> args, TypeId func) {
  TypeId result = b_.resultType(func);
  switch (spec.shape) {
    case IntrinsicShape::Plain:
      return b_.intrinsic(spec.kind, result, std::move(args));
    case IntrinsicShape::CountToInt: {
      TypeId t = b_.typeOf(args[0]);
      ValueId n = b_.intrinsic(spec.kind, t, {args[0]});
      return b_.convert(Op::Convert, result, n);
    }
    case IntrinsicShape::Length: {
      TypeId t = b_.typeOf(args[0]);
      int64_t width = T().bits(t);
      ValueId n = b_.convert(Op::Convert, result, b_.intrinsic(spec.kind, t, {args[0]}));
      return b_.binary(Op::Sub, b_.constInt(result, width), n);
    }
    case IntrinsicShape::Rotate: {
      TypeId t = b_.typeOf(args[0]);
      return b_.intrinsic(spec.kind, t, {args[0], b_.convert(Op::Convert, t, args[1])});
    }
    case IntrinsicShape::Atomic: {
      TypeId p = b_.typeOf(args[0]);
      nilCheck(args[0]);
      if (T().kind(p) == TypeKind::UnsafePointer) {
        p = T().pointer(T().unsafePointer());
        args[0] = b_.convert(Op::Bitcast, p, args[0]);
      }
      TypeId word = T().elem(p);
      for (size_t i = 1; i < args.size(); i++) {
        TypeId t = b_.typeOf(args[i]);
        if (t == word) continue;
        args[i] = b_.convert(T().isInteger(t) && T().isInteger(word) ? Op::Convert : Op::Bitcast, word, args[i]);
      }
      switch (spec.kind) {
        case ir::IntrinsicKind::AtomicStore:
          return b_.intrinsic(spec.kind, {}, std::move(args));
        case ir::IntrinsicKind::AtomicCas:
          return b_.intrinsic(spec.kind, bool_(), std::move(args));
        default:
          break;
      }
      ValueId v = b_.intrinsic(spec.kind, word, std::move(args));
      return result.isValid() && result != word ? convert(v, result) : v;
    }
    case IntrinsicShape::NonStrings:
      break;  // carryOut
  }
  return {};
}

}  // namespace burrow::irgen
