// Calls of predeclared functions: numbers, min and max, and package unsafe.
#include <algorithm>

#include "syntax/positions.h"
#include "types/checker.h"
#include "types/sizes.h"

namespace burrow::types {

using syntax::CallExpr;

// f applied to x's type; for a type parameter to every type of its set. gc has no way yet to use the result of the latter,
// and says so. Null: f does not apply.
Type* Checker::applyToTypeSet(const std::function<Type*(Type*)>& f, const Operand& x, std::string_view builtin) {
  auto* p = unaliasAs<TypeParam>(x.type);
  if (p == nullptr) return f(x.type);
  std::vector<Term> terms;
  bool ok = forTypeSet(p, [&](Type* t, Type*) {
    Type* r = t != nullptr ? f(t) : nullptr;
    if (r != nullptr) terms.push_back({false, r});
    return r != nullptr;
  });
  if (!ok) return nullptr;
  error(x, diag::BuiltinOnTypeParam, x, builtin);
  auto* bound = make<Interface>();
  bound->embeddeds = list(std::vector<Type*>{make<Union>(list(terms))});
  bound->embedPos = list(std::vector<Pos>{Pos{}});
  bound->complete = true;
  auto* name = make<TypeName>(Pos{}, pkg_, p->object->name, nullptr);
  return context_.newTypeParam(name, p->index, bound);
}

static BasicKind basicKindOf(Type* t) {
  auto* b = underAs<Basic>(t);
  return b != nullptr ? b->basic : BasicKind::Invalid;
}

bool Checker::builtinComplex(Operand& x, CallExpr* call, Operand& y) {
  bool ux = isUntyped(x.type), uy = isUntyped(y.type);
  if (ux && !uy) {
    convertUntyped(x, y.type);
  } else if (!ux && uy) {
    convertUntyped(y, x.type);
  } else if (ux && uy) {
    if (x.isConstant() && y.isConstant()) {
      // Untyped constants of any sort are fine when they are real numbers.
      for (Operand* o : {&x, &y}) {
        if (isNumeric(o->type) && o->value.imag().sign() == 0) o->type = basicType(BasicKind::UntypedFloat);
      }
    } else {
      convertUntyped(x, basicType(BasicKind::Float64));
      convertUntyped(y, basicType(BasicKind::Float64));
    }
  }
  if (!x.isValid() || !y.isValid()) return false;
  if (!identical(x.type, y.type)) {
    error(x, diag::ComplexMismatch, static_cast<Expr*>(call), x.type, y.type);
    return false;
  }
  auto complexOf = [](Type* t) -> Type* {
    switch (basicKindOf(t)) {
      case BasicKind::Float32: return basicType(BasicKind::Complex64);
      case BasicKind::Float64: return basicType(BasicKind::Complex128);
      case BasicKind::UntypedFloat: return basicType(BasicKind::UntypedComplex);
      default: return nullptr;
    }
  };
  Type* result = applyToTypeSet(complexOf, x, "complex");
  if (result == nullptr) {
    error(x, diag::ComplexNotFloat, x.type);
    return false;
  }
  if (x.isConstant() && y.isConstant()) {
    x.value = Constant::ofComplex(x.value.toFloat(), y.value.toFloat());
  } else {
    x.mode = Mode::Value;
    recordBuiltin(call->fun, result, {x.type, x.type});
  }
  x.type = result;
  return true;
}

bool Checker::builtinRealImag(Operand& x, CallExpr* call, BuiltinId id) {
  bool isReal = id == BuiltinId::Real;
  if (isUntyped(x.type)) {
    if (x.isConstant()) {
      if (isNumeric(x.type)) x.type = basicType(BasicKind::UntypedComplex);
    } else {
      convertUntyped(x, basicType(BasicKind::Complex128));
      if (!x.isValid()) return false;
    }
  }
  auto partOf = [](Type* t) -> Type* {
    switch (basicKindOf(t)) {
      case BasicKind::Complex64: return basicType(BasicKind::Float32);
      case BasicKind::Complex128: return basicType(BasicKind::Float64);
      case BasicKind::UntypedComplex: return basicType(BasicKind::UntypedFloat);
      default: return nullptr;
    }
  };
  Type* result = applyToTypeSet(partOf, x, isReal ? "real" : "imag");
  if (result == nullptr) {
    error(x, diag::RealImagNotComplex, x.type);
    return false;
  }
  if (x.isConstant()) {
    x.value = isReal ? x.value.real() : x.value.imag();
  } else {
    x.mode = Mode::Value;
    recordBuiltin(call->fun, result, {x.type});
  }
  x.type = result;
  return true;
}

bool Checker::builtinMinMax(Operand& x, CallExpr* call, BuiltinId id, std::vector<Operand>& args) {
  bool isMax = id == BuiltinId::Max;
  requireVersion(call->fun, 21, isMax ? "built-in max" : "built-in min");
  for (size_t i = 0; i < args.size(); i++) {
    Operand& a = args[i];
    if (!allOrdered(a.type)) {
      error(a, diag::CannotOrder, a);
      return false;
    }
    if (i == 0) continue;
    matchTypes(x, a);
    if (!x.isValid()) return false;
    if (!identical(x.type, a.type)) {
      error(a, diag::MinMaxMismatch, x.type, a.type, a.expr);
      return false;
    }
    if (x.isConstant() && a.isConstant()) {
      if (constCompare(a.value, isMax ? ConstOp::Gt : ConstOp::Lt, x.value)) x = a;
    } else {
      x.mode = Mode::Value;
    }
  }
  if (!x.isConstant()) {
    x.mode = Mode::Value;
    // A value must have a type.
    assignment(x, universe().emptyInterface, Purpose{isMax ? "argument to built-in max" : "argument to built-in min"});
    if (!x.isValid()) return false;
  }
  for (Operand& a : args) updateExprType(a.expr, x.type, true);
  if (!x.isConstant()) {
    Signature* sig = newSignature();
    std::vector<Var*> params;
    for (size_t i = 0; i < args.size(); i++) params.push_back(newVar(VarKind::Param, Pos{}, "", x.type));
    sig->params = context_.newTuple(params);
    sig->results = context_.newTuple({newVar(VarKind::Result, Pos{}, "", x.type)});
    recordBuiltinSignature(call->fun, sig);
  }
  return true;
}

// --- unsafe ------------------------------------------------------------------------------------------------------

// A type that nests more instances than this contains itself in ever larger forms.
static constexpr size_t kMaxSizing = 500;

// As hasVarSize, but for types whose declaration may still be looked at: such a size is a cycle.
bool Checker::hasVariableSize(Type* type) {
  Type* t = unalias(type);
  switch (t->kind) {
    case TypeKind::TypeParam: return true;
    case TypeKind::Array: return hasVariableSize(as<Array>(t)->elem);
    case TypeKind::Struct:
      for (Var* f : as<Struct>(t)->fields)
        if (hasVariableSize(f->type)) return true;
      return false;
    case TypeKind::Named: break;
    default: return false;
  }
  auto* n = as<Named>(t);
  if (n->varSize >= 0) return n->varSize != 0;
  TypeName* o = n->object;
  under(n);
  Type* rhs = n->fromRhs != nullptr ? n->fromRhs : invalidType();
  bool result = false;
  if (n->isInstance()) {
    // Instances have no place on the path of declarations; `sizing_` is theirs.
    auto it = std::find(sizing_.begin(), sizing_.end(), n);
    if (it != sizing_.end() || sizing_.size() > kMaxSizing) {
      std::vector<Station> cycle;
      for (; it != sizing_.end(); ++it) cycle.push_back({o, typeText(*it), (*it)->instancePos});
      if (cycle.empty()) cycle.push_back({o, typeText(n), n->instancePos});
      cycleError(cycle, 0);
      return true;
    }
    sizing_.push_back(n);
    result = hasVariableSize(rhs);
    sizing_.pop_back();
  } else {
    if (o->pathIndex != 0) {
      std::vector<Object*> cycle(path_.begin() + (o->pathIndex - 1), path_.end());
      cycleError(cycle, firstInSource(cycle));
      return true;
    }
    push(o);
    result = hasVariableSize(rhs);
    pop();
  }
  n->varSize = result ? 1 : 0;
  return result;
}

bool Checker::builtinOffsetof(Operand& x, CallExpr* call) {
  Expr* arg = call->args[0];
  auto* sel = dynAs<syntax::SelectorExpr>(syntax::unparen(arg));
  if (sel == nullptr) {
    error(arg, diag::OffsetofNotSelector, arg);
    use(arg);
    return false;
  }
  expr(nullptr, x, sel->x);
  if (!x.isValid()) return false;
  Type* base = x.type;
  if (auto* p = underAs<Pointer>(base); p != nullptr && underAs<Struct>(p->elem) != nullptr) base = p->elem;
  LookupResult found = lookupFieldOrMethod(base, false, pkg_, sel->sel->name);
  if (found.object == nullptr) {
    error(x, diag::OffsetofNoField, base, sel->sel->name);
    return false;
  }
  if (is<Func>(found.object)) {
    error(arg, diag::OffsetofMethod, arg);
    return false;
  }
  if (found.indirect) {
    error(x, diag::OffsetofThroughPointer, sel->sel->name, base);
    return false;
  }
  recordSelection(sel, SelectionKind::Field, base, found, found.object->type);
  recordTypeAndValue(sel, x.mode == Mode::Variable ? Mode::Variable : Mode::Value, found.object->type);
  if (hasVariableSize(base)) {
    x.mode = Mode::Value;
    recordBuiltin(call->fun, basicType(BasicKind::Uintptr), {found.object->type});
  } else {
    int64_t offset = offsetOf(base, found.index);
    if (offset < 0) {
      error(x, diag::TooLarge, x);
      return false;
    }
    x.mode = Mode::Constant;
    x.value = Constant::ofInt(offset);
  }
  x.type = basicType(BasicKind::Uintptr);
  return true;
}

bool Checker::builtinUnsafe(Operand& x, CallExpr* call, BuiltinId id, std::vector<Operand>& args) {
  Type* pointer = basicType(BasicKind::UnsafePointer);
  Type* string = basicType(BasicKind::String);
  auto result = [&](Type* t, std::initializer_list<Type*> params) {
    recordBuiltin(call->fun, t, params);
    x.mode = Mode::Value;
    x.type = t;
    return true;
  };
  switch (id) {
    case BuiltinId::UnsafeAdd:
      requireVersion(call->fun, 17, "unsafe.Add");
      assignment(x, pointer, Purpose{"argument to unsafe.Add"});
      if (!x.isValid() || !isValidIndex(args[1], "length", true)) return false;
      return result(pointer, {pointer, args[1].type});
    case BuiltinId::UnsafeAlignof:
    case BuiltinId::UnsafeSizeof: {
      bool isSize = id == BuiltinId::UnsafeSizeof;
      assignment(x, nullptr, Purpose{isSize ? "argument to unsafe.Sizeof" : "argument to unsafe.Alignof"});
      if (!x.isValid()) return false;
      if (hasVariableSize(x.type)) return result(basicType(BasicKind::Uintptr), {x.type});
      int64_t n = isSize ? sizeOf(x.type) : alignOf(x.type);
      if (n < 0) {
        error(x, diag::TooLarge, x);
        return false;
      }
      x.mode = Mode::Constant;
      x.value = Constant::ofInt(n);
      x.type = basicType(BasicKind::Uintptr);
      return true;
    }
    case BuiltinId::UnsafeSlice: {
      requireVersion(call->fun, 17, "unsafe.Slice");
      auto* p = as<Pointer>(isTypeParam(x.type) ? commonUnder(x.type) : under(x.type));
      if (p == nullptr) {
        error(x, diag::NotAPointer, x);
        return false;
      }
      if (!isValidIndex(args[1], "length", false)) return false;
      return result(newSlice(p->elem), {p, args[1].type});
    }
    case BuiltinId::UnsafeSliceData: {
      requireVersion(call->fun, 20, "unsafe.SliceData");
      auto* s = as<Slice>(isTypeParam(x.type) ? commonUnder(x.type) : under(x.type));
      if (s == nullptr) {
        error(x, diag::NotASlice, x);
        return false;
      }
      return result(newPointer(s->elem), {s});
    }
    case BuiltinId::UnsafeString: {
      requireVersion(call->fun, 20, "unsafe.String");
      Type* bytes = newPointer(byteType());
      assignment(x, bytes, Purpose{"argument to unsafe.String"});
      if (!x.isValid() || !isValidIndex(args[1], "length", false)) return false;
      return result(string, {bytes, args[1].type});
    }
    case BuiltinId::UnsafeStringData:
      requireVersion(call->fun, 20, "unsafe.StringData");
      assignment(x, string, Purpose{"argument to unsafe.StringData"});
      if (!x.isValid()) return false;
      return result(newPointer(byteType()), {string});
    case BuiltinId::Assert:
      if (!x.isConstant() || !isBoolean(x.type)) {
        error(x, diag::AssertNotConstant, x);
        return false;
      }
      if (!x.value.boolValue()) error(call, diag::AssertFailed, static_cast<Expr*>(call));
      return true;
    default: return false;
  }
}

}  // namespace burrow::types
