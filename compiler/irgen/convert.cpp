// Conversions: implicit ones (to interfaces, between names of one representation) and those that the source spells out.
#include "irgen/function_gen.h"

namespace burrow::irgen {

using namespace syntax;

ValueId FunctionGen::makeIface(ValueId v, TypeId to) {
  TypeId type = b_.typeOf(v);
  if (!T().isEmptyInterface(to)) package_.needMethods(type);
  return b_.emit(Op::MakeIface, to, {v}, 0, {}, type);
}

ValueId FunctionGen::assignable(ValueId v, TypeId to) {
  TypeId from = b_.typeOf(v);
  if (from == to || !to.isValid()) return v;
  if (T().isInterface(to)) {
    if (!T().isInterface(from)) return makeIface(v, to);
    // Without methods the words stay; the same methods under another name are another itab.
    if (T().isEmptyInterface(from) && T().isEmptyInterface(to)) return b_.convert(Op::Bitcast, to, v);
    return b_.convert(Op::ConvertIface, to, v);
  }
  if (fn_[v].op == Op::ConstInt || fn_[v].op == Op::ConstFloat || fn_[v].op == Op::ConstString || fn_[v].op == Op::Zero) {
    // A fresh constant of the other name.
    ir::Inst inst = fn_[v];
    return b_.emit(inst.op, to, {}, inst.imm, inst.sym);
  }
  return b_.convert(Op::Bitcast, to, v);
}

ValueId FunctionGen::convert(ValueId v, TypeId to) {
  TypeId from = b_.typeOf(v);
  if (from == to) return v;
  if (T().isInterface(to) || T().underlying(from) == T().underlying(to)) return assignable(v, to);
  TypeKind kf = T().kind(from), kt = T().kind(to);
  auto numeric = [&](TypeId t) { return T().isInteger(t) || T().isFloat(t) || T().isComplex(t); };
  if (numeric(from) && numeric(to)) {
    return b_.convert(Op::Convert, to, v);
  }
  if (kt == TypeKind::String) {
    if (T().isInteger(from)) {
      ValueId wide = kf == TypeKind::Int64 ? assignable(v, T().basic(TypeKind::Int64))
                                           : b_.convert(Op::Convert, T().basic(TypeKind::Int64), v);
      return b_.convert(Op::RuneToString, to, wide);
    }
    if (kf == TypeKind::Slice) {
      bool bytes = T().kind(T().elem(from)) == TypeKind::Uint8;
      return b_.convert(bytes ? Op::BytesToString : Op::RunesToString, to, v);
    }
  }
  if (kf == TypeKind::String && kt == TypeKind::Slice) {
    bool bytes = T().kind(T().elem(to)) == TypeKind::Uint8;
    return b_.convert(bytes ? Op::StringToBytes : Op::StringToRunes, to, v);
  }
  if (kf == TypeKind::UnsafePointer && kt == TypeKind::Uintptr) return b_.convert(Op::PtrToInt, to, v);
  if (kf == TypeKind::Uintptr && kt == TypeKind::UnsafePointer) return b_.convert(Op::IntToPtr, to, v);
  if (kf == TypeKind::Slice && (kt == TypeKind::Array || kt == TypeKind::Pointer)) {
    TypeId array = kt == TypeKind::Array ? to : T().elem(to);
    int64_t n = T().get(array).length;
    if (n != 0) checkBounds(constInt(n), b_.len(v), ir::CheckKind::SliceConvert);
    if (kt == TypeKind::Array && n == 0) return b_.zero(to);
    ValueId p = b_.convert(Op::Bitcast, kt == TypeKind::Array ? T().pointer(array) : to, b_.slicePtr(v));
    return kt == TypeKind::Array ? b_.load(p) : p;
  }
  return b_.convert(Op::Bitcast, to, v);
}

ValueId FunctionGen::conversion(const CallExpr* e) {
  TypeId to = typeOf(e);
  const Expr* arg = e->args[0];
  const types::ExprInfo& i = info().of(arg);
  if (i.mode == types::Mode::NilValue) return b_.zero(to);
  ValueId v = expr(arg);
  setPos(arg->pos);  // gc's place for a conversion
  v = described(convert(v, to), [&] { return sourceText(e); });
  setPos(e->pos);
  return v;
}

}  // namespace burrow::irgen
