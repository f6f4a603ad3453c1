// Binary operators: arithmetic with its checks, shifts, comparisons, && and ||.
#include "irgen/order.h"

namespace burrow::irgen {

using namespace syntax;

namespace {

Op opOf(Token t) {
  switch (t) {
    case Token::Add: return Op::Add;
    case Token::Sub: return Op::Sub;
    case Token::Mul: return Op::Mul;
    case Token::Quo: return Op::Div;
    case Token::Rem: return Op::Rem;
    case Token::And: return Op::And;
    case Token::Or: return Op::Or;
    case Token::Xor: return Op::Xor;
    case Token::AndNot: return Op::AndNot;
    case Token::Shl: return Op::Shl;
    case Token::Shr: return Op::Shr;
    case Token::Equal: return Op::Eq;
    case Token::NotEqual: return Op::Ne;
    case Token::Less: return Op::Lt;
    case Token::LessEqual: return Op::Le;
    case Token::Greater: return Op::Gt;
    case Token::GreaterEqual: return Op::Ge;
    default: return Op::Add;
  }
}

}  // namespace

ValueId FunctionGen::binary(const BinaryExpr* e) {
  if (e->op == Token::LogicalAnd || e->op == Token::LogicalOr) return logical(e);
  if (isComparison(e->op)) return comparison(e);
  TypeId type = typeOf(e);
  if (isShift(e->op)) {
    ValueId x = exprTo(e->x, type);
    return shift(e->op, x, e->y);
  }
  if (e->op == Token::Add && T().kind(type) == TypeKind::String) return concat(e);
  ValueId x = exprTo(e->x, type);
  ValueId y = exprTo(e->y, type);
  setPos(e->pos);
  return arithmetic(e->op, x, y);
}

ValueId FunctionGen::arithmetic(Token op, ValueId x, ValueId y) {
  TypeId type = b_.typeOf(x);
  if (op == Token::Add && T().kind(type) == TypeKind::String) return b_.emit(Op::ConcatStrings, type, {x, y});
  if ((op == Token::Quo || op == Token::Rem) && T().isInteger(type)) {
    bool known = fn_[y].op == Op::ConstInt && fn_[y].imm != 0;
    if (!known) b_.emit(Op::CheckDivide, {}, {y});
  }
  return b_.binary(opOf(op), x, y);
}

// a + b + c of strings is one operation.
ValueId FunctionGen::concat(const BinaryExpr* e) {
  TypeId type = typeOf(e);
  std::vector<const Expr*> parts;
  std::vector<const Expr*> work{e};
  while (!work.empty()) {
    const Expr* x = work.back();
    work.pop_back();
    const Expr* inner = unparen(x);
    auto* b = dynAs<BinaryExpr>(inner);
    if (b != nullptr && b->op == Token::Add && !info().of(inner).isConstant() && T().kind(typeOf(inner)) == TypeKind::String) {
      work.push_back(b->y);
      work.push_back(b->x);
    } else {
      parts.push_back(x);
    }
  }
  std::vector<ValueId> values;
  for (const Expr* x : parts) values.push_back(exprTo(x, type));
  setPos(e->pos);
  return described(b_.emit(Op::ConcatStrings, type, std::move(values)), [&] { return sourceText(e); });
}

ValueId FunctionGen::shift(Token op, ValueId x, const Expr* y) {
  const types::ExprInfo& i = info().of(y);
  if (i.isConstant()) {
    uint64_t n = 0;
    types::Constant c = i.value->toInt();
    if (c.kind() != types::Constant::Kind::Int || !c.uint64Value(&n)) n = UINT64_MAX;
    ValueId count = b_.constInt(T().basic(TypeKind::Uint), n > INT64_MAX ? INT64_MAX : static_cast<int64_t>(n));
    setPos(y->pos);
    return shiftBy(op, x, count, true);
  }
  ValueId count = expr(y);
  return shiftBy(op, x, count, false);
}

ValueId FunctionGen::shiftBy(Token op, ValueId x, ValueId count, bool countNonNegative) {
  if (!countNonNegative && T().isSigned(b_.typeOf(count))) b_.emit(Op::CheckShift, {}, {count});
  return b_.emit(opOf(op), b_.typeOf(x), {x, count});
}

// --- comparisons -----------------------------------------------------------------------------------------------------

ValueId FunctionGen::equalMixed(ValueId iface, ValueId concrete) {
  // Same dynamic type, and then equal values: nothing is boxed.
  TypeId type = b_.typeOf(concrete);
  ValueId both = assertTo(iface, type, true);
  ValueId value = b_.tupleGet(both, 0);
  ValueId same = b_.tupleGet(both, 1);
  BlockId test = b_.newBlock(), end = b_.newBlock();
  ValueId result = b_.addBlockParam(end, bool_());
  b_.branch(same, ir::Edge{test, 0, {}}, ir::Edge{end, 0, {same}});
  b_.setBlock(test);
  ValueId equal = b_.binary(Op::Eq, value, concrete);
  b_.jump(end, {equal});
  b_.setBlock(end);
  return result;
}

ValueId FunctionGen::compare(Token op, ValueId x, ValueId y) {
  TypeId tx = b_.typeOf(x), ty = b_.typeOf(y);
  if (tx != ty) {
    bool ix = T().isInterface(tx), iy = T().isInterface(ty);
    if (ix && iy) {
      // The one with more methods implements the other.
      if (T().get(tx).methods.size() >= T().get(ty).methods.size()) {
        x = assignable(x, ty);
      } else {
        y = assignable(y, tx);
      }
    } else if (ix || iy) {
      ValueId equal = ix ? equalMixed(x, y) : equalMixed(y, x);
      return op == Token::NotEqual ? b_.unary(Op::Not, equal) : equal;
    } else {
      y = assignable(y, tx);
    }
  }
  return b_.binary(opOf(op), x, y);
}

ValueId FunctionGen::comparison(const BinaryExpr* e) {
  TypeId result = typeOf(e);
  auto isNil = [&](const Expr* x) { return info().of(x).mode == types::Mode::NilValue; };
  ValueId v;
  if (isNil(e->x) || isNil(e->y)) {
    const Expr* other = isNil(e->x) ? e->y : e->x;
    ValueId x = expr(other);
    setPos(e->pos);
    // An interface is nil when its first word is.
    if (T().isInterface(b_.typeOf(x))) x = b_.emit(Op::IfaceTab, T().unsafePointer(), {x});
    v = b_.binary(opOf(e->op), x, b_.zero(b_.typeOf(x)));
  } else {
    const types::ExprInfo& ix = info().of(e->x);
    const types::ExprInfo& iy = info().of(e->y);
    // A constant takes the type of the other side, unless that is an interface.
    auto typed = [&](const types::ExprInfo& self, const types::ExprInfo& other) {
      TypeId t = map(self.type);
      if (self.isConstant() && !other.isConstant()) {
        TypeId o = map(other.type);
        if (!T().isInterface(o)) t = o;
      }
      return t;
    };
    ValueId x = exprTo(e->x, typed(ix, iy));
    ValueId y = exprTo(e->y, typed(iy, ix));
    setPos(e->pos);
    v = compare(e->op, x, y);
  }
  return assignable(v, result);
}

// --- && and || -------------------------------------------------------------------------------------------------------

ValueId FunctionGen::logical(const BinaryExpr* e) {
  TypeId type = typeOf(e);
  BlockId rhs = b_.newBlock(), end = b_.newBlock(), decided = b_.newBlock();
  ValueId result = b_.addBlockParam(end, type);
  bool isAnd = e->op == Token::LogicalAnd;
  condition(e->x, isAnd ? rhs : decided, isAnd ? decided : rhs);
  b_.setBlock(decided);
  b_.jump(end, {b_.constInt(type, isAnd ? 0 : 1)});
  b_.setBlock(rhs);
  InOrder order(*this, {e->y});
  ValueId y = exprTo(e->y, type);
  b_.jump(end, {y});
  b_.setBlock(end);
  return result;
}

void FunctionGen::condition(const Expr* e, BlockId ifTrue, BlockId ifFalse) {
  const Expr* x = unparen(e);
  const types::ExprInfo& i = info().of(x);
  if (i.isConstant() && i.value->kind() == types::Constant::Kind::Bool) {
    setPos(x->pos);
    b_.jump(i.value->boolValue() ? ifTrue : ifFalse);
    return;
  }
  if (auto* u = dynAs<UnaryExpr>(x); u != nullptr && u->op == Token::Not) return condition(u->x, ifFalse, ifTrue);
  if (auto* b = dynAs<BinaryExpr>(x); b != nullptr && (b->op == Token::LogicalAnd || b->op == Token::LogicalOr)) {
    BlockId middle = b_.newBlock();
    if (b->op == Token::LogicalAnd) {
      condition(b->x, middle, ifFalse);
    } else {
      condition(b->x, ifTrue, middle);
    }
    b_.setBlock(middle);
    return condition(b->y, ifTrue, ifFalse);
  }
  InOrder order(*this, {x});
  ValueId v = expr(x);
  setPos(x->pos);
  b_.branch(v, ifTrue, ifFalse);
}

}  // namespace burrow::irgen
