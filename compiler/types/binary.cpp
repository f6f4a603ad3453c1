// Unary and binary operators.
#include "syntax/positions.h"
#include "types/checker.h"

namespace burrow::types {

using syntax::BinaryExpr;
using syntax::NodeKind;
using syntax::UnaryExpr;

static ConstOp constOpOf(Token op) {
  switch (op) {
    case Token::Add: return ConstOp::Add;
    case Token::Sub: return ConstOp::Sub;
    case Token::Mul: return ConstOp::Mul;
    case Token::Quo: return ConstOp::Quo;
    case Token::Rem: return ConstOp::Rem;
    case Token::And: return ConstOp::And;
    case Token::Or: return ConstOp::Or;
    case Token::Xor: return ConstOp::Xor;
    case Token::AndNot: return ConstOp::AndNot;
    case Token::Shl: return ConstOp::Shl;
    case Token::Shr: return ConstOp::Shr;
    case Token::LogicalAnd: return ConstOp::LogicalAnd;
    case Token::LogicalOr: return ConstOp::LogicalOr;
    case Token::Not: return ConstOp::Not;
    case Token::Equal: return ConstOp::Eq;
    case Token::NotEqual: return ConstOp::Ne;
    case Token::Less: return ConstOp::Lt;
    case Token::LessEqual: return ConstOp::Le;
    case Token::Greater: return ConstOp::Gt;
    default: return ConstOp::Ge;
  }
}

// Where gc reports that an operation overflows: at its operator.
static Pos operatorPos(const Expr* e) {
  if (e == nullptr) return {};
  bool operation = e->kind == NodeKind::BinaryExpr || e->kind == NodeKind::UnaryExpr;
  return operation ? e->pos : syntax::reportPos(e);
}

void Checker::unary(Operand& x, UnaryExpr* e) {
  expr(nullptr, x, e->x);
  if (!x.isValid()) return;
  Token op = e->op;
  switch (op) {
    case Token::And:
      // Composite literals can be addressed though they are no variables.
      if (x.mode != Mode::Variable && syntax::unparen(e->x)->kind != NodeKind::CompositeLit) {
        error(x, diag::CannotTakeAddress, x);
        x.invalidate();
        return;
      }
      x.mode = Mode::Value;
      x.type = newPointer(x.type);
      return;
    case Token::Arrow: {
      Type* elem = chanElem(x, x, true);
      if (elem == nullptr || !isComplete(elem)) {
        x.invalidate();
        return;
      }
      x.mode = Mode::CommaOk;
      x.type = elem;
      env_.hasCallOrReceive = true;
      return;
    }
    case Token::Tilde:
      if (!allInteger(x.type)) {
        error(e, diag::TildeOutside);
        x.invalidate();
        return;
      }
      error(e, diag::TildeOutsideHint);
      op = Token::Xor;
      break;
    default: break;
  }
  bool defined = op == Token::Xor ? allInteger(x.type) : op == Token::Not ? allBoolean(x.type) : allNumeric(x.type);
  if (!defined) {
    error(x, diag::OperatorNotDefined, op, x);
    x.invalidate();
    return;
  }
  if (!x.isConstant()) {
    x.mode = Mode::Value;
    return;
  }
  if (!x.value.isKnown()) return;
  unsigned bits = 0;
  if (isUnsigned(x.type)) {
    static constexpr unsigned kByte = 8;
    switch (underAs<Basic>(x.type)->basic) {
      case BasicKind::Uint8: bits = kByte; break;
      case BasicKind::Uint16: bits = 2 * kByte; break;
      case BasicKind::Uint32: bits = 4 * kByte; break;
      default: bits = 8 * kByte;
    }
  }
  x.value = constUnary(constOpOf(op), x.value, bits);
  x.expr = e;
  overflow(x, operatorPos(e));
}

Type* Checker::chanElem(Where where, const Operand& x, bool receive) {
  std::string cause;
  Chan* common = nullptr;
  bool first = true;
  bool ok = forTypeSet(x.type, [&](Type* t, Type* u) {
    auto* c = as<Chan>(u);
    if (u == nullptr) {
      cause = "no specific channel type";
    } else if (c == nullptr) {
      cause = "non-channel " + typeText(t);
    } else if (receive && c->dir == ChanDir::SendOnly) {
      cause = "send-only channel " + typeText(t);
    } else if (!receive && c->dir == ChanDir::RecvOnly) {
      cause = "receive-only channel " + typeText(t);
    }
    if (!cause.empty()) return false;
    if (first) common = c;
    first = false;
    return true;
  });
  if (ok && isTypeParam(x.type)) {
    Cause why = newCause();
    common = as<Chan>(commonUnder(x.type, &why));
    cause = why.text;
  }
  if (ok && common != nullptr) return common->elem;
  if (isTypeParam(x.type)) {
    error(where, receive ? diag::CannotReceiveParam : diag::CannotSendParam, x, cause);
  } else {
    error(where, receive ? diag::CannotReceive : diag::CannotSend, cause, x);
  }
  return nullptr;
}

// a + b + c + ... leans left and may be thousands of operators long: evaluated in a loop, not by recursion.
void Checker::binaryChain(Operand& x, BinaryExpr* e) {
  std::vector<BinaryExpr*> chain;
  Expr* first = e;
  while (auto* b = dynAs<BinaryExpr>(first)) {
    chain.push_back(b);
    first = b->x;
  }
  expr(nullptr, x, first);
  for (size_t i = chain.size(); i-- > 0;) {
    BinaryExpr* b = chain[i];
    Operand y;
    expr(nullptr, y, b->y);
    if (x.isValid() && !y.isValid()) x.invalidate();
    if (x.isValid()) binary(x, y, b, b->x, b->y, b->op);
    x.expr = b;
    if (i > 0) record(x);  // the caller records the whole
  }
}

void Checker::binary(Operand& x, Operand& y, Expr* e, Expr* lhs, Expr* rhs, Token op) {
  if (syntax::isShift(op)) return shift(x, y, e, op);
  matchTypes(x, y);
  if (!x.isValid()) return;
  if (syntax::isComparison(op)) return comparison(x, y, op, false);
  if (!identical(x.type, y.type)) {
    if (isValid(x.type) && isValid(y.type)) {
      if (e != nullptr) {
        error(x, diag::MismatchedTypes, e, x.type, y.type);
      } else {
        error(x, diag::MismatchedTypesAssign, lhs, op, rhs, x.type, y.type);
      }
    }
    x.invalidate();
    return;
  }
  bool defined = false;
  switch (op) {
    case Token::Add: defined = allNumericOrString(x.type); break;
    case Token::Sub:
    case Token::Mul:
    case Token::Quo: defined = allNumeric(x.type); break;
    case Token::LogicalAnd:
    case Token::LogicalOr: defined = allBoolean(x.type); break;
    default: defined = allInteger(x.type);
  }
  if (!defined) {
    error(x, diag::OperatorNotDefined, op, x);
    x.invalidate();
    return;
  }
  if (op == Token::Quo || op == Token::Rem) {
    bool integral = x.isConstant() || allInteger(x.type);
    if (integral && y.isConstant() && y.value.isKnown() && y.value.sign() == 0) {
      error(y, diag::DivisionByZero);
      x.invalidate();
      return;
    }
    if (x.isConstant() && y.isConstant() && isComplex(x.type)) {
      // The divisor's square may be too small to be told from zero.
      Constant re = y.value.real(), im = y.value.imag();
      if (constBinary(re, ConstOp::Mul, re).sign() == 0 && constBinary(im, ConstOp::Mul, im).sign() == 0) {
        error(y, diag::DivisionByZero);
        x.invalidate();
        return;
      }
    }
  }
  if (x.isConstant() && y.isConstant()) {
    if (!x.value.isKnown() || !y.value.isKnown()) {
      x.value = Constant();
      return;
    }
    ConstOp c = constOpOf(op);
    if (op == Token::Quo && isInteger(x.type)) c = ConstOp::IntQuo;
    x.value = constBinary(x.value, c, y.value);
    if (e != nullptr) x.expr = e;
    overflow(x, operatorPos(x.expr));
    return;
  }
  x.mode = Mode::Value;
}

void Checker::shift(Operand& x, Operand& y, Expr* e, Token op) {
  auto fail = [&] { x.invalidate(); };
  Constant xv = x.isConstant() ? x.value.toInt() : Constant();
  // An untyped constant counts as an integer if its value is one.
  if (!allInteger(x.type) && !(isUntyped(x.type) && xv.kind() == Constant::Kind::Int)) {
    if (!(x.isConstant() && !x.value.isKnown() && isNumeric(x.type))) error(x, diag::ShiftedNotInteger, x);
    return fail();
  }
  Constant yv;
  if (y.isConstant()) {
    yv = y.value.toInt();
    if (yv.kind() == Constant::Kind::Int && yv.sign() < 0) {
      error(y, diag::NegativeShift, y);
      return fail();
    }
    if (isUntyped(y.type)) {
      representable(y, basicType(BasicKind::Uint));
      if (!y.isValid()) return fail();
    }
  } else if (allInteger(y.type)) {
    if (!allUnsigned(y.type) && !requireVersion(y, 13, "invalid operation: signed shift count " + text(y))) return fail();
  } else if (isUntyped(y.type)) {
    convertUntyped(y, basicType(BasicKind::Uint));
    if (!y.isValid()) return fail();
  } else {
    error(y, diag::ShiftCountNotInteger, y);
    return fail();
  }
  if (x.isConstant()) {
    if (y.isConstant()) {
      bool known = x.value.isKnown() && y.value.isKnown();
      if (known) {
        // Beyond this no shift of a sensible constant leads anywhere; small enough for the smallest float64.
        constexpr uint64_t kMaxShift = 1023 - 1 + 52;
        uint64_t s = 0;
        if (!yv.uint64Value(&s) || s > kMaxShift) {
          error(y, diag::InvalidShiftCount, y);
          return fail();
        }
        x.value = constShift(xv, constOpOf(op), s);
      } else {
        x.value = Constant();
      }
      if (!isInteger(x.type)) x.type = basicType(BasicKind::UntypedInt);
      if (!known) return;
      if (e != nullptr) x.expr = e;
      overflow(x, operatorPos(x.expr));
      return;
    }
    if (isUntyped(x.type)) {
      // A non-constant shift of an untyped constant: the constant gets the type that it would have without the shift.
      // That is known later; updateExprType then makes sure that it is an integer type.
      if (x.expr != nullptr && (pending_[x.expr->id] & kOpen) != 0) pending_[x.expr->id] |= kShiftOperand;
      x.mode = Mode::Value;
      return;
    }
  }
  if (!allInteger(x.type)) {
    error(x, diag::ShiftedNotInteger, x);
    return fail();
  }
  x.mode = Mode::Value;
}

// Brings an untyped operand to the type of the other one, where that makes sense.
void Checker::matchTypes(Operand& x, Operand& y) {
  auto mayConvert = [&] {
    if (isTyped(x.type) && isTyped(y.type)) return false;
    if (allNumeric(x.type) != allNumeric(y.type)) return false;
    // An untyped value may become an interface's dynamic value.
    if (isNonTypeParamInterface(x.type) || isNonTypeParamInterface(y.type)) return true;
    if (allBoolean(x.type) != allBoolean(y.type)) return false;
    if (allString(x.type) != allString(y.type)) return false;
    if (x.isNil()) return hasNil(y.type);
    if (y.isNil()) return hasNil(x.type);
    return !is<Pointer>(under(x.type)) && !is<Pointer>(under(y.type));
  };
  if (!mayConvert()) return;
  convertUntyped(x, y.type);
  if (!x.isValid()) return;
  convertUntyped(y, x.type);
  if (!y.isValid()) x.invalidate();
}

std::string Checker::incomparableCause(Type* t) {
  Type* u = under(t);
  if (is<Slice>(u) || is<Signature>(u) || is<Map>(u)) return std::string(compositeKind(t)) + " can only be compared to nil";
  Cause cause = newCause();
  comparableType(t, true, &cause);
  return cause.text;
}

void Checker::comparison(Operand& x, Operand& y, Token op, bool switchCase) {
  if (!isValid(x.type) || !isValid(y.type)) {
    x.invalidate();
    return;
  }
  if (switchCase) op = Token::Equal;
  const Operand* blame = &x;  // the operand that the error is about
  std::string cause;
  bool failed = false;
  Relations rel = relations();
  if (!rel.assignable(x, y.type, nullptr) && !rel.assignable(y, x.type, nullptr)) {
    // The position is that of the second operand, as gc has it.
    blame = &y;
    cause = "mismatched types " + typeText(x.type) + " and " + typeText(y.type);
    failed = true;
  } else if (op == Token::Equal || op == Token::NotEqual) {
    if (x.isNil() || y.isNil()) {
      if (!hasNil(x.isNil() ? y.type : x.type)) {
        blame = &y;
        failed = true;
      }
    } else if (!comparableType(x.type)) {
      cause = incomparableCause(x.type);
      failed = true;
    } else if (!comparableType(y.type)) {
      blame = &y;
      cause = incomparableCause(y.type);
      failed = true;
    }
  } else if (!allOrdered(x.type)) {
    failed = true;
  } else if (!allOrdered(y.type)) {
    blame = &y;
    failed = true;
  }
  if (!failed) {
    if (x.isConstant() && y.isConstant()) {
      x.value = x.value.isKnown() && y.value.isKnown() ? Constant::ofBool(constCompare(x.value, constOpOf(op), y.value))
                                                       : Constant();
    } else {
      x.mode = Mode::Value;
      // The operands are done: the result's type says nothing about theirs.
      updateExprType(x.expr, defaultType(x.type), true);
      updateExprType(y.expr, defaultType(y.type), true);
    }
    x.type = basicType(BasicKind::UntypedBool);
    return;
  }
  if (cause.empty()) {
    if (isTypeParam(x.type) || isTypeParam(y.type)) {
      if (!isTypeParam(x.type)) blame = &y;
      cause = "type parameter " + typeText(blame->type) + " cannot use operator " + text(op);
    } else {
      std::string what(compositeKind(blame->type));
      if (what.empty()) what = typeText(blame->type);
      cause = "operator " + text(op) + " not defined on " + what;
    }
  }
  auto exprText = [&](const Operand& o) { return o.label.empty() ? exprString(o.expr) : std::string(o.label); };
  if (switchCase) {
    error(x, diag::InvalidCase, exprText(x), exprText(y), cause);
  } else {
    error(*blame, diag::InvalidComparison, exprText(x), op, exprText(y), cause);
  }
  x.invalidate();
}

// --- Constants ---------------------------------------------------------------------------------------------------

static std::string operationName(const Expr* e) {
  if (auto* u = dynAs<UnaryExpr>(e)) return u->op == Token::Xor ? "bitwise complement " : "";
  if (auto* b = dynAs<BinaryExpr>(e)) {
    switch (b->op) {
      case Token::Add: return "addition ";
      case Token::Sub: return "subtraction ";
      case Token::Xor: return "bitwise XOR ";
      case Token::Mul: return "multiplication ";
      case Token::Shl: return "shift ";
      default: break;
    }
  }
  return "";
}

void Checker::overflow(Operand& x, Pos opPos) {
  if (!x.value.isKnown()) {
    error(opPos, diag::ConstantNotRepresentable);
    return;
  }
  if (isTyped(x.type)) {
    if (auto* b = underAs<Basic>(x.type)) representable(x, b);
    return;
  }
  constexpr size_t kMaxBits = 512;
  if (x.value.kind() == Constant::Kind::Int && x.value.bitLength() > kMaxBits) {
    error(opPos, diag::ConstantOverflow, operationName(x.expr));
    x.value = Constant();
    return;
  }
  constexpr size_t kMaxString = 2'000'000'000;
  if (x.value.kind() == Constant::Kind::String && x.value.stringLength() > kMaxString) {
    error(opPos, diag::ConstantStringTooLong, x.value.stringLength(), kMaxString);
    x.value = Constant();
  }
}

}  // namespace burrow::types
