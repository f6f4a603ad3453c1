// Built-in functions, but for append.
#include "irgen/diagnostics.h"
#include "irgen/function_gen.h"

#include "syntax/print.h"
#include "types/queries.h"
#include "types/type_string.h"

namespace burrow::irgen {

using namespace syntax;
using types::BuiltinId;

// A size given to make: any integer type, as an int. What does not fit becomes negative and is refused at run time.
ValueId FunctionGen::sizeArgument(const Expr* e) {
  if (auto c = constIntValue(e)) return constInt(*c);
  return sizeOfValue(expr(e));
}

ValueId FunctionGen::sizeOfValue(ValueId v) {
  return T().underlying(b_.typeOf(v)) == int_() ? assignable(v, int_()) : b_.convert(Op::Convert, int_(), v);
}

// The two operands of unsafe.Add, Slice and String, which a call may deliver together.
std::pair<ValueId, ValueId> FunctionGen::pointerAndSize(const CallExpr* e) {
  if (e->args.size() == 1) {
    std::vector<ValueId> both = exprMulti(e->args[0]);
    return {both[0], sizeOfValue(both[1])};
  }
  ValueId p = expr(e->args[0]);
  return {p, sizeArgument(e->args[1])};
}

ValueId FunctionGen::lenOrCap(const Expr* x, bool cap) {
  TypeId t = typeOf(x);
  TypeId array = T().kind(t) == TypeKind::Pointer ? T().elem(t) : t;
  if (T().kind(array) == TypeKind::Array) {
    discard(x);
    return constInt(T().get(array).length);
  }
  ValueId v = expr(x);
  return cap ? b_.cap(v) : b_.len(v);
}

ValueId FunctionGen::makeBuiltin(const CallExpr* e) {
  TypeId type = typeOf(e);
  switch (T().kind(type)) {
    case TypeKind::Slice: {
      ValueId len = sizeArgument(e->args[1]);
      ValueId cap = e->args.size() > 2 ? sizeArgument(e->args[2]) : len;
      setPos(e->pos);
      return described(b_.emit(Op::MakeSlice, type, {len, cap}, 0, {}, T().elem(type)), [&] { return sourceText(e); });
    }
    case TypeKind::Map: {
      ValueId hint = e->args.size() > 1 ? sizeArgument(e->args[1]) : constInt(0);
      setPos(e->pos);
      return described(b_.emit(Op::MakeMap, type, {hint}), [&] { return sourceText(e); });
    }
    default: {
      ValueId size = e->args.size() > 1 ? sizeArgument(e->args[1]) : constInt(0);
      setPos(e->pos);
      return b_.emit(Op::MakeChan, type, {size});
    }
  }
}

ValueId FunctionGen::newBuiltin(const CallExpr* e) {
  TypeId elem = T().elem(typeOf(e));
  if (info().of(e->args[0]).isType()) {
    setPos(e->pos);
    return described(b_.newObject(elem), [&] { return sourceText(e); });
  }
  ValueId v = exprTo(e->args[0], elem);
  setPos(e->pos);
  ValueId p = described(b_.newObject(elem), [&] { return sourceText(e); });
  b_.store(p, v);
  return p;
}

ValueId FunctionGen::minMaxOf(ValueId x, ValueId y, bool max) {
  TypeId type = b_.typeOf(x);
  if (T().isFloat(type)) return b_.intrinsic(max ? ir::IntrinsicKind::Max : ir::IntrinsicKind::Min, type, {x, y});
  ValueId better = b_.binary(max ? Op::Gt : Op::Lt, y, x);
  return b_.emit(Op::CondSelect, type, {better, y, x});
}

ValueId FunctionGen::minMax(const CallExpr* e, bool max) {
  TypeId type = typeOf(e);
  std::vector<ValueId> values;
  if (types::is<types::Tuple>(info().typeOf(e->args[0]))) {
    for (ValueId v : exprMulti(e->args[0])) values.push_back(assignable(v, type));
  } else {
    for (const Expr* a : e->args) values.push_back(exprTo(a, type));
  }
  setPos(e->pos);
  ValueId v = values[0];
  for (size_t i = 1; i < values.size(); i++) v = minMaxOf(v, values[i], max);
  return v;
}

ValueId FunctionGen::unsafeSlice(const CallExpr* e, bool isString) {
  auto [p, len] = pointerAndSize(e);
  setPos(e->pos);
  TypeId elem = T().elem(b_.typeOf(p));
  ValueId plain = b_.convert(Op::Bitcast, T().unsafePointer(), p);
  if (isString) {
    b_.callRuntime(RuntimeFn::UnsafeStringCheck, {}, {plain, len});
    return b_.emit(Op::StringMake, typeOf(e), {p, len});
  }
  b_.callRuntime(RuntimeFn::UnsafeSliceCheck, {}, {b_.typeAddr(elem), plain, len});
  return b_.emit(Op::SliceMake, typeOf(e), {p, len, len});
}

ValueId FunctionGen::unsafeBuiltin(const CallExpr* e, BuiltinId id) {
  const Expr* x = e->args[0];
  auto number = [&](int64_t v) { return b_.constInt(typeOf(e), v); };
  switch (id) {
    case BuiltinId::UnsafeAdd: {
      auto [p, n] = pointerAndSize(e);
      setPos(e->pos);
      return b_.emit(Op::PtrAdd, b_.typeOf(p), {p, n});
    }
    // The next three are constants but in generic code.
    case BuiltinId::UnsafeSizeof:
      return number(T().sizeOf(typeOf(x)));
    case BuiltinId::UnsafeAlignof:
      return number(T().alignOf(typeOf(x)));
    case BuiltinId::UnsafeOffsetof: {
      auto* s = as<SelectorExpr>(unparen(x));
      TypeId t = typeOf(s->x);
      if (T().kind(t) == TypeKind::Pointer) t = T().elem(t);
      int64_t offset = 0;
      for (int index : info().selection(s)->index) {
        offset += T().fieldOffset(T().underlying(t), static_cast<size_t>(index));
        t = T().get(t).fields[static_cast<size_t>(index)].type;
      }
      return number(offset);
    }
    case BuiltinId::UnsafeSlice:
      return unsafeSlice(e, false);
    case BuiltinId::UnsafeString:
      return unsafeSlice(e, true);
    case BuiltinId::UnsafeSliceData: {
      ValueId s = expr(x);
      setPos(e->pos);
      return assignable(b_.slicePtr(s), typeOf(e));
    }
    default: {
      ValueId s = expr(x);
      setPos(e->pos);
      return b_.emit(Op::StringPtr, typeOf(e), {s});
    }
  }
}

// Built-ins in expressions.
ValueId FunctionGen::builtin(const CallExpr* e, const types::Builtin* b) {
  switch (b->id) {
    case BuiltinId::Append:
      return append(e);
    case BuiltinId::Len:
    case BuiltinId::Cap: {
      ValueId v = lenOrCap(e->args[0], b->id == BuiltinId::Cap);
      return assignable(v, typeOf(e));
    }
    case BuiltinId::Complex: {
      TypeId type = typeOf(e);
      TypeId part = T().basic(T().kind(type) == TypeKind::Complex64 ? TypeKind::Float32 : TypeKind::Float64);
      std::vector<ValueId> parts;
      if (e->args.size() == 1) {
        parts = exprMulti(e->args[0]);
        for (ValueId& v : parts) v = assignable(v, part);
      } else {
        for (const Expr* a : e->args) parts.push_back(exprTo(a, part));
      }
      setPos(e->pos);
      return b_.emit(Op::ComplexMake, type, std::move(parts));
    }
    case BuiltinId::Real:
    case BuiltinId::Imag: {
      ValueId x = expr(e->args[0]);
      setPos(e->pos);
      return b_.emit(b->id == BuiltinId::Real ? Op::Real : Op::Imag, typeOf(e), {x});
    }
    case BuiltinId::Make:
      return makeBuiltin(e);
    case BuiltinId::New:
      return newBuiltin(e);
    case BuiltinId::Min:
    case BuiltinId::Max:
      return minMax(e, b->id == BuiltinId::Max);
    case BuiltinId::UnsafeAdd: case BuiltinId::UnsafeAlignof: case BuiltinId::UnsafeOffsetof: case BuiltinId::UnsafeSizeof:
    case BuiltinId::UnsafeSlice: case BuiltinId::UnsafeSliceData: case BuiltinId::UnsafeString:
    case BuiltinId::UnsafeStringData:
      return unsafeBuiltin(e, b->id);
    default: {
      std::vector<ValueId> operands = builtinOperands(e, b->id);
      setPos(e->pos);
      return builtinEffect(b->id, operands);
    }
  }
}

// Those that a statement may consist of, and so `go` and `defer` may name: operands first, effect apart.
std::vector<ValueId> FunctionGen::builtinOperands(const CallExpr* e, BuiltinId id) {
  std::vector<ValueId> out;
  switch (id) {
    case BuiltinId::Panic:
      out.push_back(exprTo(e->args[0], T().emptyInterface()));
      break;
    case BuiltinId::Delete:
      if (e->args.size() == 1) {
        out = exprMulti(e->args[0]);
        if (out.size() > 1) out[1] = assignable(out[1], T().key(b_.typeOf(out[0])));
        break;
      }
      out.push_back(expr(e->args[0]));
      out.push_back(exprTo(e->args[1], T().key(b_.typeOf(out[0]))));
      break;
    default:
      for (const Expr* a : e->args) {
        if (types::is<types::Tuple>(info().typeOf(a))) {
          out = exprMulti(a);
          break;
        }
        out.push_back(expr(a));
      }
      if (id == BuiltinId::Print) checkPrinted(e, out, "print");
      if (id == BuiltinId::Println) checkPrinted(e, out, "println");
      break;
  }
  return out;
}

// The checker takes any operand, for of a type parameter's nobody knows yet whether it can be printed.
void FunctionGen::checkPrinted(const CallExpr* e, const std::vector<ValueId>& operands, const char* name) {
  for (size_t i = 0; i < operands.size(); i++) {
    const TypeId t = b_.typeOf(operands[i]);
    if (!isUnprintable(t)) continue;
    const auto* results = types::as<types::Tuple>(info().typeOf(e->args[0]));
    types::Type* written = results ? results->vars[i]->type : info().typeOf(e->args[i]);
    const std::string text =
        types::isTypeParam(written) ? T().goString(t) : types::typeString(written, {.from = &package_.package(), .spaced = true});
    package_.diagnostics().report(e->pos, diag::IllegalPrintOperand, name, text);
  }
}

bool FunctionGen::isUnprintable(TypeId t) { return T().kind(t) == TypeKind::Struct || T().kind(t) == TypeKind::Array; }

ValueId FunctionGen::builtinEffect(BuiltinId id, const std::vector<ValueId>& operands) {
  switch (id) {
    case BuiltinId::Panic:
      b_.emit(Op::Panic, {}, {operands[0]});
      return {};
    case BuiltinId::Print:
    case BuiltinId::Println:
      print(operands, id == BuiltinId::Println);
      return {};
    case BuiltinId::Recover:
      return recover();
    case BuiltinId::Copy:
      return b_.emit(Op::SliceCopy, int_(), {operands[0], operands[1]});
    case BuiltinId::Delete:
      b_.emit(Op::MapDelete, {}, {operands[0], operands[1]});
      return {};
    case BuiltinId::Close:
      b_.emit(Op::Close, {}, {operands[0]});
      return {};
    case BuiltinId::Clear:
      b_.emit(Op::Clear, {}, {operands[0]});
      return {};
    default:
      return {};
  }
}

ValueId FunctionGen::recover() {
  if (recoverSlot_.isValid()) return b_.callRuntime(RuntimeFn::GoRecover, T().emptyInterface(), {recoverSlot_});
  fn_.attributes.hasRecover = true;
  return b_.emit(Op::Recover, T().emptyInterface());
}

void FunctionGen::print(const std::vector<ValueId>& args, bool newline) {
  b_.callRuntime(RuntimeFn::PrintLock, {}, {});
  bool first = true;
  for (ValueId v : args) {
    if (newline && !first) b_.callRuntime(RuntimeFn::PrintSp, {}, {});
    first = false;
    TypeId t = b_.typeOf(v);
    if (isUnprintable(t)) continue;  // an error by now
    auto as = [&](TypeKind kind) {
      TypeId to = T().basic(kind);
      return T().underlying(t) == to ? assignable(v, to) : b_.convert(Op::Convert, to, v);
    };
    if (T().kind(t) == TypeKind::Bool) {
      b_.callRuntime(RuntimeFn::PrintBool, {}, {assignable(v, bool_())});
    } else if (T().isInteger(t)) {
      if (T().isSigned(t)) {
        b_.callRuntime(RuntimeFn::PrintInt, {}, {as(TypeKind::Int64)});
      } else {
        // package runtime prints numbers of its type hex in base 16
        bool hex = T()[t].kind == TypeKind::Named && T()[t].name == "runtime.hex";
        b_.callRuntime(hex ? RuntimeFn::PrintHex : RuntimeFn::PrintUint, {}, {as(TypeKind::Uint64)});
      }
    } else if (T().isFloat(t)) {
      bool narrow = T().kind(t) == TypeKind::Float32;  // its digits differ
      b_.callRuntime(narrow ? RuntimeFn::PrintFloat32 : RuntimeFn::PrintFloat64, {}, {as(TypeKind::Float64)});
    } else if (T().isComplex(t)) {
      bool narrow = T().kind(t) == TypeKind::Complex64;
      b_.callRuntime(narrow ? RuntimeFn::PrintComplex64 : RuntimeFn::PrintComplex128, {}, {as(TypeKind::Complex128)});
    } else if (T().kind(t) == TypeKind::String) {
      b_.callRuntime(RuntimeFn::PrintString, {}, {assignable(v, T().stringType())});
    } else if (T().kind(t) == TypeKind::Slice) {
      b_.callRuntime(RuntimeFn::PrintSlice, {}, {v});
    } else if (T().isInterface(t)) {
      b_.callRuntime(T().isEmptyInterface(t) ? RuntimeFn::PrintEface : RuntimeFn::PrintIface, {}, {v});
    } else {
      b_.callRuntime(RuntimeFn::PrintPointer, {}, {assignable(v, T().unsafePointer())});
    }
  }
  if (newline) b_.callRuntime(RuntimeFn::PrintNl, {}, {});
  b_.callRuntime(RuntimeFn::PrintUnlock, {}, {});
}

}  // namespace burrow::irgen
