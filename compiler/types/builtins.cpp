// Calls of predeclared functions.
#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

using syntax::CallExpr;

namespace {

struct BuiltinInfo {
  const char* name;
  size_t args;
  bool variadic;
};

// By BuiltinId.
constexpr BuiltinInfo kBuiltins[] = {
    {"append", 1, true},   {"cap", 1, false},     {"clear", 1, false},     {"close", 1, false},    {"complex", 2, false},
    {"copy", 2, false},    {"delete", 2, false},  {"imag", 1, false},      {"len", 1, false},      {"make", 1, true},
    {"max", 1, true},      {"min", 1, true},      {"new", 1, false},       {"panic", 1, false},    {"print", 0, true},
    {"println", 0, true},  {"real", 1, false},    {"recover", 0, false},   {"Add", 2, false},      {"Alignof", 1, false},
    {"Offsetof", 1, false}, {"Sizeof", 1, false}, {"Slice", 2, false},     {"SliceData", 1, false}, {"String", 2, false},
    {"StringData", 1, false}, {"assert", 1, false},
};

// *[n]T counts as the array.
Type* throughArrayPointer(Type* u) {
  auto* p = as<Pointer>(u);
  auto* a = p != nullptr ? underAs<Array>(p->elem) : nullptr;
  return a != nullptr ? a : u;
}

bool isByteSlice(Type* u) {
  auto* s = as<Slice>(u);
  return s != nullptr && identical(s->elem, byteType());
}

// Whether every type of the set is a string or []byte; *hasString: at least one is a string.
bool bytesOrStrings(Type* t, bool* hasString) {
  *hasString = false;
  return forTypeSet(t, [&](Type*, Type* u) {
    if (u == nullptr) return false;
    if (isByteSlice(u)) return true;
    *hasString = *hasString || isString(u);
    return isString(u);
  });
}

}  // namespace

bool Checker::builtinCall(Operand& x, CallExpr* call, BuiltinId id) {
  const BuiltinInfo& info = kBuiltins[static_cast<size_t>(id)];
  std::span<Expr* const> argExprs(call->args.data(), call->args.size());
  if (call->hasDots() && id != BuiltinId::Append) {
    error(call, diag::DotsWithBuiltin, info.name);
    use(argExprs);
    return false;
  }
  // len and cap of an array are constant when nothing in the argument is evaluated at run time.
  bool savedCall = env_.hasCallOrReceive;
  bool isLen = id == BuiltinId::Len || id == BuiltinId::Cap;
  if (isLen) env_.hasCallOrReceive = false;

  std::vector<Operand> args;
  size_t nargs = argExprs.size();
  bool special = id == BuiltinId::Make || id == BuiltinId::New || id == BuiltinId::UnsafeOffsetof;
  bool argsValid = true;
  if (!special) {
    args = exprList(argExprs);
    nargs = args.size();
    for (Operand& a : args) argsValid = argsValid && a.isValid();
  }
  bool argHasCall = env_.hasCallOrReceive;
  if (isLen) env_.hasCallOrReceive = savedCall;
  if (!argsValid) return false;
  if (!args.empty()) x = args[0];
  bool tooFew = nargs < info.args, tooMany = !info.variadic && nargs > info.args;
  if (tooFew || tooMany) {
    error(call, diag::BuiltinArgumentCount, tooFew ? "not enough" : "too many", static_cast<Expr*>(call), info.args, nargs);
    if (special) use(argExprs);
    return false;
  }
  switch (id) {
    case BuiltinId::Append: return builtinAppend(x, call, args);
    case BuiltinId::Cap:
    case BuiltinId::Len: return builtinCapLen(x, call, id, argHasCall);
    case BuiltinId::Clear: return builtinClear(x, call);
    case BuiltinId::Close: return builtinClose(x, call);
    case BuiltinId::Complex: return builtinComplex(x, call, args[1]);
    case BuiltinId::Copy: return builtinCopy(x, call, args[1]);
    case BuiltinId::Delete: return builtinDelete(x, call, args[1]);
    case BuiltinId::Imag:
    case BuiltinId::Real: return builtinRealImag(x, call, id);
    case BuiltinId::Make: return builtinMake(x, call);
    case BuiltinId::Max:
    case BuiltinId::Min: return builtinMinMax(x, call, id, args);
    case BuiltinId::New: return builtinNew(x, call);
    case BuiltinId::Panic:
      // Marks the call as one that does not return, for the analysis of missing returns.
      if (env_.panics != nullptr) env_.panics->insert(call);
      assignment(x, universe().emptyInterface, Purpose{"argument to panic"});
      if (!x.isValid()) return false;
      x.mode = Mode::NoValue;
      recordBuiltin(call->fun, nullptr, {universe().emptyInterface});
      return true;
    case BuiltinId::Print:
    case BuiltinId::Println: return builtinPrint(x, call, id, args);
    case BuiltinId::Recover:
      x = Operand{};
      x.mode = Mode::Value;
      x.type = universe().emptyInterface;
      recordBuiltin(call->fun, x.type, {});
      return true;
    case BuiltinId::UnsafeOffsetof: return builtinOffsetof(x, call);
    default: return builtinUnsafe(x, call, id, args);
  }
}

// The element type of slices of x's type (set).
Type* Checker::sliceElem(const Operand& x, std::string* cause) {
  Type* elem = nullptr;
  forTypeSet(x.type, [&](Type*, Type* u) {
    auto* s = as<Slice>(u);
    if (s == nullptr) {
      *cause = x.isNil() ? "argument must be a slice; have untyped nil" : "argument must be a slice; have " + text(x);
      elem = nullptr;
      return false;
    }
    if (elem != nullptr && !identical(elem, s->elem)) {
      *cause = "mismatched slice element types " + typeText(elem) + " and " + typeText(s->elem) + " in " + text(x);
      elem = nullptr;
      return false;
    }
    elem = s->elem;
    return true;
  });
  return elem;
}

bool Checker::builtinAppend(Operand& x, CallExpr* call, std::vector<Operand>& args) {
  std::string cause;
  Type* elem = sliceElem(x, &cause);
  if (elem == nullptr) {
    error(x, diag::InvalidAppend, cause);
    return false;
  }
  // append([]byte, string...)
  if (args.size() == 2 && call->hasDots() && relations().assignable(x, newSlice(byteType()), nullptr)) {
    Operand& y = args[1];
    bool hasString = false;
    if (bytesOrStrings(y.type, &hasString) && hasString) {
      if (isUntyped(y.type)) convertUntyped(y, basicType(BasicKind::String));
      recordBuiltin(call->fun, x.type, {x.type, y.type}, true);
      x.mode = Mode::Value;
      return true;
    }
  }
  Signature* sig = newSignature();
  sig->params = context_.newTuple({newVar(VarKind::Param, Pos{}, "", x.type), newVar(VarKind::Param, Pos{}, "", newSlice(elem))});
  sig->results = context_.newTuple({newVar(VarKind::Result, Pos{}, "", x.type)});
  sig->variadic = true;
  std::vector<std::vector<Type*>> none;
  arguments(call, sig, {}, {}, args, none);
  recordBuiltinSignature(call->fun, sig);
  x.mode = Mode::Value;
  return true;
}

bool Checker::builtinCapLen(Operand& x, CallExpr* call, BuiltinId id, bool hasCall) {
  bool isLen = id == BuiltinId::Len;
  auto accepts = [&](Type* u) {
    u = u != nullptr ? throughArrayPointer(u) : nullptr;
    if (u == nullptr) return false;
    if (is<Array>(u) || is<Slice>(u) || is<Chan>(u)) return true;
    return isLen && (is<Map>(u) || isString(u));
  };
  Type* u = throughArrayPointer(under(x.type));
  Mode mode = Mode::Invalid;
  Constant value;
  if (isTypeParam(x.type)) {
    if (forTypeSet(x.type, [&](Type*, Type* each) { return accepts(each); })) mode = Mode::Value;
  } else if (accepts(u)) {
    mode = Mode::Value;
    if (isString(u) && x.isConstant()) {
      mode = Mode::Constant;
      if (x.value.isKnown()) value = Constant::ofInt(static_cast<int64_t>(x.value.stringLength()));
    } else if (auto* a = as<Array>(u); a != nullptr && !hasCall) {
      mode = Mode::Constant;
      if (a->length >= 0) value = Constant::ofInt(a->length);
    }
  }
  const char* name = isLen ? "len" : "cap";
  if (mode == Mode::Invalid) {
    if (isValid(under(x.type))) error(x, diag::InvalidBuiltinArgument, x, name);
    return false;
  }
  if (mode != Mode::Constant) recordBuiltin(call->fun, basicType(BasicKind::Int), {x.type});
  x.mode = mode;
  x.type = basicType(BasicKind::Int);
  x.value = value;
  return true;
}

bool Checker::builtinClear(Operand& x, CallExpr* call) {
  requireVersion(call->fun, 21, "clear");
  bool ok = forTypeSet(x.type, [&](Type*, Type* u) {
    if (u != nullptr && (is<Map>(u) || is<Slice>(u))) return true;
    error(x, diag::CannotClear, x);
    return false;
  });
  if (!ok) return false;
  recordBuiltin(call->fun, nullptr, {x.type});
  x.mode = Mode::NoValue;
  return true;
}

bool Checker::builtinClose(Operand& x, CallExpr* call) {
  bool ok = forTypeSet(x.type, [&](Type*, Type* u) {
    auto* c = as<Chan>(u);
    if (c == nullptr) {
      error(x, diag::CloseNonChannel, x);
      return false;
    }
    if (c->dir != ChanDir::RecvOnly) return true;
    error(x, diag::CloseReceiveOnly, x);
    return false;
  });
  if (!ok) return false;
  recordBuiltin(call->fun, nullptr, {x.type});
  x.mode = Mode::NoValue;
  return true;
}

bool Checker::builtinCopy(Operand& x, CallExpr* call, Operand& y) {
  std::string cause;
  Type* to = sliceElem(x, &cause);
  if (to == nullptr) {
    error(x, diag::InvalidCopy, cause);
    return false;
  }
  bool hasString = false;
  bool fromBytes = relations().assignable(x, newSlice(byteType()), nullptr) && bytesOrStrings(y.type, &hasString);
  if (!fromBytes) {
    Type* from = sliceElem(y, &cause);
    if (from == nullptr) {
      if (!allString(y.type)) {
        error(y, diag::InvalidCopy, cause);
        return false;
      }
      from = byteType();
    }
    if (!identical(to, from)) {
      error(x, diag::CopyMismatch, x, y, to, from);
      return false;
    }
  }
  if (isUntyped(y.type)) convertUntyped(y, basicType(BasicKind::String));
  recordBuiltin(call->fun, basicType(BasicKind::Int), {x.type, y.type});
  x.mode = Mode::Value;
  x.type = basicType(BasicKind::Int);
  return true;
}

bool Checker::builtinDelete(Operand& x, CallExpr* call, Operand& key) {
  Type* mapType = x.type;
  Type* keyType = nullptr;
  bool ok = forTypeSet(mapType, [&](Type*, Type* u) {
    auto* m = as<Map>(u);
    if (m == nullptr) {
      error(x, diag::DeleteNotMap, x);
      return false;
    }
    if (keyType != nullptr && !identical(m->key, keyType)) {
      error(x, diag::DeleteKeysDiffer, x);
      return false;
    }
    keyType = m->key;
    return true;
  });
  if (!ok) return false;
  x = key;
  assignment(x, keyType, Purpose{"argument to delete"});
  if (!x.isValid()) return false;
  x.mode = Mode::NoValue;
  recordBuiltin(call->fun, nullptr, {mapType, keyType});
  return true;
}

bool Checker::builtinMake(Operand& x, CallExpr* call) {
  Expr* first = call->args[0];
  Type* t = varType(first);
  size_t nargs = call->args.size();
  auto useRest = [&] {
    for (size_t i = 1; i < nargs; i++) use(call->args[i]);
    return false;
  };
  if (!isValid(t)) return useRest();
  Cause cause = newCause();
  bool ok = forTypeSet(t, [&](Type*, Type* u) {
    if (u == nullptr) {
      cause.text = "no specific type";
      return false;
    }
    if (is<Slice>(u) || is<Map>(u) || is<Chan>(u)) return true;
    cause.text = "type must be slice, map, or channel";
    return false;
  });
  Type* u = ok ? commonUnder(t, &cause) : nullptr;
  if (u == nullptr) {
    error(first, diag::CannotMake, first, cause.text);
    return useRest();
  }
  size_t min = is<Slice>(u) ? 2 : 1;
  if (nargs < min || nargs > min + 1) {
    error(call, diag::MakeArgumentCount, static_cast<Expr*>(call), min, min + 1, nargs);
    return useRest();
  }
  std::vector<Type*> types{t};
  std::vector<int64_t> sizes;
  for (size_t i = 1; i < nargs; i++) {
    int64_t n = -1;
    types.push_back(index(call->args[i], -1, &n));
    if (n >= 0) sizes.push_back(n);
  }
  if (sizes.size() == 2 && sizes[0] > sizes[1]) error(call->args[1], diag::MakeSwapped);
  x = Operand{};
  x.mode = Mode::Value;
  x.type = t;
  Signature* sig = newSignature();
  std::vector<Var*> params;
  for (Type* p : types) params.push_back(newVar(VarKind::Param, Pos{}, "", defaultType(p)));
  sig->params = context_.newTuple(params);
  sig->results = context_.newTuple({newVar(VarKind::Result, Pos{}, "", t)});
  recordBuiltinSignature(call->fun, sig);
  return true;
}

bool Checker::builtinNew(Operand& x, CallExpr* call) {
  Expr* arg = call->args[0];
  exprOrType(x, arg, false);
  exclude(x, true, true, false);
  if (!x.isValid()) return false;
  if (x.mode == Mode::TypeExpr) {
    validVarType(arg, x.type);
  } else {
    if (isUntyped(x.type)) {
      assignment(x, nullptr, Purpose{"argument to new"});
      if (!x.isValid()) return false;
    }
    requireVersion(call->fun, 26, "new(" + exprString(arg) + ")");
  }
  Type* t = x.type;
  x.mode = Mode::Value;
  x.type = newPointer(t);
  recordBuiltin(call->fun, x.type, {t});
  return true;
}

bool Checker::builtinPrint(Operand& x, CallExpr* call, BuiltinId id, std::vector<Operand>& args) {
  Signature* sig = newSignature();
  std::vector<Var*> params;
  for (Operand& a : args) {
    assignment(a, nullptr, Purpose{id == BuiltinId::Print ? "argument to built-in print" : "argument to built-in println"});
    if (!a.isValid()) return false;
    params.push_back(newVar(VarKind::Param, Pos{}, "", a.type));
  }
  sig->params = context_.newTuple(params);
  recordBuiltinSignature(call->fun, sig);
  x = Operand{};
  x.mode = Mode::NoValue;
  return true;
}

}  // namespace burrow::types
