// append, opened up:
//
//     n := len(s) + added
//     if uint(n) > uint(cap(s)) { s = growslice(s, n, added) } else { s = s[:n] }
//     s[old len:] = the new elements
//
// append(s, make([]T, n)...) makes no slice: the tail is cleared.
//
// All operands are evaluated before the slice is touched, so that `s = append(s, s[0])` and a call that changes s behave.
#include "irgen/function_gen.h"

namespace burrow::irgen {

using namespace syntax;

ValueId FunctionGen::grow(ValueId slice, ValueId newLen, ValueId added, bool single) {
  TypeId type = b_.typeOf(slice);
  TypeId word = T().basic(TypeKind::Uint);
  ValueId cap = b_.cap(slice);
  BlockId more = b_.newBlock(), fits = b_.newBlock(), end = b_.newBlock();
  ValueId result = b_.addBlockParam(end, type);
  ValueId tooLong = b_.binary(Op::Gt, b_.convert(Op::Convert, word, newLen), b_.convert(Op::Convert, word, cap));
  b_.branch(tooLong, more, fits);
  b_.setBlock(more);
  ValueId grown = b_.emit(Op::GrowSlice, type, {slice, newLen, added}, single ? ir::kGrowSingle : 0);
  fn_[grown].sym = package_.module().intern(" append");
  b_.jump(end, {grown});
  b_.setBlock(fits);
  ValueId longer = b_.emit(Op::SliceMake, type, {b_.slicePtr(slice), newLen, cap});
  b_.jump(end, {longer});
  b_.setBlock(end);
  return result;
}

ValueId FunctionGen::appendValues(ValueId slice, std::span<const ValueId> values) {
  ValueId added = constInt(static_cast<int64_t>(values.size()));
  ValueId oldLen = b_.len(slice);
  ValueId result = grow(slice, b_.binary(Op::Add, oldLen, added), added, true);
  ValueId base = b_.slicePtr(result);
  for (size_t i = 0; i < values.size(); i++) {
    ValueId at = i == 0 ? oldLen : b_.binary(Op::Add, oldLen, constInt(static_cast<int64_t>(i)));
    b_.store(elementAt(base, at), values[i]);
  }
  return result;
}

// The slice with `added` more elements, which `fill` writes, given that many as a slice of their own.
template <class Fill>
ValueId FunctionGen::appendTail(ValueId slice, ValueId added, Fill fill) {
  ValueId oldLen = b_.len(slice);
  TypeId type = b_.typeOf(slice);
  // Nothing to add: the slice itself. The tail would begin behind the object.
  BlockId some = b_.newBlock(), end = b_.newBlock();
  ValueId out = b_.addBlockParam(end, type);
  b_.branch(b_.binary(Op::Ne, added, constInt(0)), ir::Edge{some, 0, {}}, ir::Edge{end, 0, {slice}});
  b_.setBlock(some);
  ValueId result = grow(slice, b_.binary(Op::Add, oldLen, added), added, false);
  fill(b_.emit(Op::SliceMake, type, {elementAt(b_.slicePtr(result), oldLen), added, added}));
  b_.jump(end, {result});
  b_.setBlock(end);
  return out;
}

ValueId FunctionGen::appendSlice(ValueId slice, ValueId more) {
  return appendTail(slice, b_.len(more), [&](ValueId tail) { b_.emit(Op::SliceCopy, int_(), {tail, more}); });
}

// The n of append(s, make([]T, n)...), when e is that. (With -m the slice is made: it is spoken of.)
const Expr* FunctionGen::sizeOfAppendedMake(const CallExpr* e) {
  if (!e->hasDots() || e->args.size() != 2 || package_.options().describe) return nullptr;
  const auto* call = dynAs<CallExpr>(unparen(e->args[1]));
  if (call == nullptr || call->args.size() != 2) return nullptr;
  const types::Builtin *outer = builtinOf(e), *inner = builtinOf(call);
  if (outer == nullptr || outer->id != types::BuiltinId::Append) return nullptr;
  if (inner == nullptr || inner->id != types::BuiltinId::Make) return nullptr;
  return T().underlying(typeOf(call)) == T().underlying(typeOf(e)) ? call->args[1] : nullptr;
}

ValueId FunctionGen::appendZeros(ValueId slice, ValueId added) {
  BlockId bad = b_.newBlock(), good = b_.newBlock();
  b_.branch(b_.binary(Op::Lt, added, constInt(0)), bad, good);
  b_.setBlock(bad);
  b_.callRuntime(RuntimeFn::PanicMakeSlice, {}, {added});
  b_.unreachable();
  b_.setBlock(good);
  return appendTail(slice, added, [&](ValueId tail) { b_.emit(Op::Clear, {}, {tail}); });
}

ValueId FunctionGen::append(const CallExpr* e) {
  TypeId type = typeOf(e);
  TypeId elem = T().elem(type);
  std::vector<ValueId> values;
  ValueId slice;
  if (e->args.size() == 1 && types::is<types::Tuple>(info().typeOf(e->args[0]))) {
    values = exprMulti(e->args[0]);
    slice = assignable(values[0], type);
    values.erase(values.begin());
    for (ValueId& v : values) v = assignable(v, elem);
  } else {
    slice = exprTo(e->args[0], type);
    if (e->hasDots()) {
      const Expr* last = e->args[1];
      if (info().of(last).mode == types::Mode::NilValue) return slice;
      if (const Expr* size = sizeOfAppendedMake(e)) {
        ValueId added = sizeArgument(size);
        setPos(e->pos);
        return appendZeros(slice, added);
      }
      ValueId more = expr(last);
      setPos(e->pos);
      return appendSlice(slice, more);
    }
    for (size_t i = 1; i < e->args.size(); i++) values.push_back(exprTo(e->args[i], elem));
  }
  setPos(e->pos);
  return values.empty() ? slice : appendValues(slice, values);
}

}  // namespace burrow::irgen
