// Indexing and slicing, with their bounds checks.
#include "irgen/function_gen.h"

namespace burrow::irgen {

using namespace syntax;
using ir::CheckKind;

// The index as the check sees it: an int, or a 64-bit unsigned number, which the message prints as such. Narrower unsigned
// types fit an int.
FunctionGen::Index FunctionGen::index(const Expr* e) {
  Index i;
  if (auto c = constIntValue(e)) {
    i.isConstant = true;
    i.value = *c;
    i.check = constInt(*c);
    return i;
  }
  ValueId v = expr(e);
  TypeId t = b_.typeOf(v);
  bool wide = !T().isSigned(t) && T().bits(t) == 64;
  TypeId to = wide ? T().basic(TypeKind::Uint) : int_();
  i.check = T().underlying(t) == to ? assignable(v, to) : b_.convert(Op::Convert, to, v);
  return i;
}

ValueId FunctionGen::indexInt(const Index& i) {
  if (b_.typeOf(i.check) == int_()) return i.check;
  return b_.convert(Op::Convert, int_(), i.check);
}

void FunctionGen::checkBounds(ValueId index, ValueId bound, CheckKind kind) {
  if (package_.options().boundsChecks) b_.boundsCheck(index, bound, kind);
}

ValueId FunctionGen::elementAt(ValueId first, ValueId index) {
  TypeId type = b_.typeOf(first);
  TypeId elem = T().elem(type);
  return b_.emit(Op::IndexAddr, T().pointer(elem), {first, index}, 0, {}, elem);
}

ValueId FunctionGen::elementAddress(ValueId slice, const Index& i) {
  checkBounds(i.check, b_.len(slice), CheckKind::Index);
  return elementAt(b_.slicePtr(slice), indexInt(i));
}

// Elements of arrays, pointers to arrays, and slices.
Ref FunctionGen::indexRef(const IndexExpr* e) {
  TypeId t = typeOf(e->x);
  if (T().kind(t) == TypeKind::Slice) {
    ValueId s = expr(e->x);
    Index i = index(e->indices[0]);
    setPos(e->pos);
    return Ref{true, elementAddress(s, i)};
  }
  Ref base;
  bool isPointer = T().kind(t) == TypeKind::Pointer;
  if (isPointer) {
    base = Ref{true, expr(e->x)};
    t = T().elem(t);
  } else {
    base = ref(e->x);
  }
  Index i = index(e->indices[0]);
  setPos(e->pos);
  if (isPointer) nilCheck(base.v);
  int64_t length = T().get(t).length;
  bool inBounds = i.isConstant && i.value >= 0 && i.value < length;
  if (!inBounds) checkBounds(i.check, constInt(length), CheckKind::Index);
  if (!base.isAddress) {
    if (inBounds) return Ref{false, b_.element(base.v, i.value)};
    base = Ref{true, spill(base.v)};
  }
  return Ref{true, b_.indexAddr(base.v, indexInt(i))};
}

ValueId FunctionGen::mapIndex(const IndexExpr* e, bool commaOk) {
  ValueId m = expr(e->x);
  TypeId elem = T().elem(b_.typeOf(m));
  ValueId key = exprTo(e->indices[0], T().key(b_.typeOf(m)));
  setPos(e->pos);
  if (commaOk) return b_.emit(Op::MapGet2, T().tuple({elem, bool_()}), {m, key});
  return b_.emit(Op::MapGet, elem, {m, key});
}

ValueId FunctionGen::indexExpr(const IndexExpr* e) {
  if (info().of(e->indices[0]).isType()) {
    // An explicit instantiation used as a value.
    const Expr* x = unparen(e->x);
    if (auto* id = dynAs<Ident>(x)) return identValue(id);
    return expr(x);
  }
  TypeId t = typeOf(e->x);
  switch (T().kind(t)) {
    case TypeKind::Map:
      return mapIndex(e, false);
    case TypeKind::String: {
      ValueId s = expr(e->x);
      Index i = index(e->indices[0]);
      setPos(e->pos);
      checkBounds(i.check, b_.len(s), CheckKind::Index);
      ValueId p = b_.emit(Op::StringPtr, T().pointer(T().uint8Type()), {s});
      return assignable(b_.load(b_.indexAddr(p, indexInt(i))), typeOf(e));
    }
    default:
      return readRef(indexRef(e));
  }
}

// The pointer to element `index`, but never behind the object: when nothing is left (`rest` is 0) the base stays.
ValueId FunctionGen::guardedOffset(ValueId base, ValueId index, ValueId rest) {
  if (fn_[index].op == Op::ConstInt && fn_[index].imm == 0) return base;
  if (fn_[rest].op == Op::ConstInt) return fn_[rest].imm == 0 ? base : elementAt(base, index);
  ValueId some = b_.binary(Op::Ne, rest, constInt(0));
  ValueId offset = b_.emit(Op::CondSelect, int_(), {some, index, constInt(0)});
  return elementAt(base, offset);
}

// Is e `len(x) - n`, with a constant n that is not negative?
bool FunctionGen::isLengthLess(const Expr* e, const Expr* x) {
  auto* difference = dynAs<BinaryExpr>(unparen(e));
  auto* of = dynAs<Ident>(unparen(x));
  if (of == nullptr || difference == nullptr || difference->op != Token::Sub) return false;
  const std::optional<int64_t> n = info().of(difference->y).isConstant() ? constIntValue(difference->y) : std::nullopt;
  auto* call = dynAs<CallExpr>(unparen(difference->x));
  if (!n || *n < 0 || call == nullptr || call->args.size() != 1) return false;
  const types::Builtin* b = builtinOf(call);
  auto* argument = dynAs<Ident>(unparen(call->args[0]));
  return b != nullptr && b->id == types::BuiltinId::Len && argument != nullptr && info().use(argument) == info().use(of);
}

ValueId FunctionGen::sliceExpr(const SliceExpr* e) {
  TypeId t = typeOf(e->x);
  TypeId result = typeOf(e);
  bool isString = T().kind(t) == TypeKind::String;
  ValueId base, length, capacity;  // length: the default for j; capacity: the bound of j, k
  bool isArray = false;
  ValueId operand;
  if (isString || T().kind(t) == TypeKind::Slice) {
    operand = expr(e->x);
  } else {
    isArray = true;
    operand = T().kind(t) == TypeKind::Pointer ? expr(e->x) : address(e->x);
  }
  std::optional<Index> i, j, k;
  if (e->index[0]) i = index(e->index[0]);
  if (e->index[1]) j = index(e->index[1]);
  if (e->index[2]) k = index(e->index[2]);
  setPos(e->pos);
  int64_t fixed = -1;
  if (isArray) {
    nilCheck(operand);
    TypeId array = T().elem(b_.typeOf(operand));
    fixed = T().get(array).length;
    base = fixed == 0 ? b_.convert(Op::Bitcast, T().pointer(T().elem(array)), operand) : b_.indexAddr(operand, constInt(0));
    length = capacity = constInt(fixed);
  } else if (isString) {
    base = b_.emit(Op::StringPtr, T().pointer(T().uint8Type()), {operand});
    length = capacity = b_.len(operand);
  } else {
    base = b_.slicePtr(operand);
    length = b_.len(operand);
    capacity = b_.cap(operand);
  }
  // Checks go from the right to the left: k against the capacity, j against k, i against j.
  bool alen = isString || isArray;
  ValueId max = capacity, high = length;
  auto provable = [&](const Index& x, const std::optional<Index>& upper, bool upperIsFixed) {
    if (!x.isConstant || x.value < 0) return false;
    if (upper) return upper->isConstant && x.value <= upper->value;
    return upperIsFixed && fixed >= 0 && x.value <= fixed;
  };
  if (k) {
    if (!provable(*k, std::nullopt, true)) {
      checkBounds(k->check, capacity, alen ? CheckKind::Slice3Alen : CheckKind::Slice3Acap);
    }
    max = indexInt(*k);
    if (!provable(*j, k, false)) checkBounds(j->check, max, CheckKind::Slice3B);
    high = indexInt(*j);
    if (i && !provable(*i, j, false)) checkBounds(i->check, high, CheckKind::Slice3C);
  } else {
    if (j) {
      if (!provable(*j, std::nullopt, true)) {
        // Of len(x) - n nothing is to be found out but whether it is negative, and the length tells that, too: a loop that
        // takes from the end knows it.
        const bool fromLength = !alen && isLengthLess(e->index[1], e->x);
        checkBounds(j->check, fromLength ? length : capacity, alen ? CheckKind::SliceAlen : CheckKind::SliceAcap);
      }
      high = indexInt(*j);
    }
    bool zero = i && i->isConstant && i->value == 0;
    if (i && !zero && !(j ? provable(*i, j, false) : provable(*i, std::nullopt, true))) {
      checkBounds(i->check, high, CheckKind::SliceB);
    }
  }
  auto difference = [&](ValueId x, ValueId y) {
    bool known = fn_[x].op == Op::ConstInt && fn_[y].op == Op::ConstInt;
    return known ? constInt(fn_[x].imm - fn_[y].imm) : b_.binary(Op::Sub, x, y);
  };
  ValueId low = i ? indexInt(*i) : ValueId{};
  bool fromStart = !i || (i->isConstant && i->value == 0);
  ValueId newLen = fromStart ? high : difference(high, low);
  if (isString) {
    if (!fromStart) base = guardedOffset(base, low, newLen);
    return b_.emit(Op::StringMake, result, {base, newLen});
  }
  ValueId newCap = fromStart ? max : difference(max, low);
  if (!fromStart) {
    // The capacity decides whether something is left, but loops know of lengths: what has a length has a capacity. LLVM sees
    // that the word of both is not 0 where one of them isn't, and the pointer needs no choice.
    ValueId rest = newCap;
    if (fn_[newLen].op == Op::ConstInt) {
      if (fn_[newLen].imm > 0) rest = newLen;
    } else if (fn_[newCap].op != Op::ConstInt && newLen != newCap) {
      rest = b_.binary(Op::Or, newLen, newCap);
    }
    base = guardedOffset(base, low, rest);
  }
  return b_.emit(Op::SliceMake, result, {base, newLen, newCap});
}

}  // namespace burrow::irgen
