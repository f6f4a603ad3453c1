// Untyped values: their conversion to the type that the context wants, and the records of expressions that stay untyped
// until then.
//
// In `var x int64 = 1 << s + 2` nothing on the right has a type when it is looked at. The result goes up as "untyped int",
// and when the assignment wants int64, updateExprType walks down again and gives every open part its final type. It stops at
// constant expressions: only their root needs a type, since their parts vanish.
#include "types/checker.h"
#include "types/text.h"

namespace burrow::types {

using syntax::NodeKind;

void Checker::misfitError(const Operand& x, Misfit misfit, Type* target) {
  switch (misfit) {
    case Misfit::Truncated: error(x, diag::Truncated, x, target); break;
    case Misfit::Overflow: error(x, diag::Overflows, x, target); break;
    default: error(x, diag::CannotConvert, x, target);
  }
}

void Checker::representable(Operand& x, Basic* t) {
  Constant value;
  Misfit misfit = Misfit::None;
  if (relations().representation(x, t, &value, &misfit)) {
    x.value = std::move(value);
    return;
  }
  misfitError(x, misfit, t);
  x.invalidate();
}

void Checker::convertUntyped(Operand& x, Type* target) {
  Constant value = x.value;
  Misfit misfit = Misfit::None;
  Type* t = relations().implicitType(x, target, &value, &misfit);
  if (t == nullptr) {
    misfitError(x, misfit, isTypeParam(target) ? target : under(target));
    x.invalidate();
    return;
  }
  if (x.isConstant() && isUntyped(x.type)) {
    x.value = value;
    updateExprValue(x.expr, x.value);
  }
  if (t != x.type) {
    x.type = t;
    updateExprType(x.expr, t, false);
  }
}

void Checker::updateExprValue(Expr* e, const Constant& value) {
  if (e == nullptr || (pending_[e->id] & kOpen) == 0) return;
  info_->exprs[e->id].value = make<Constant>(value);
}

void Checker::updateExprType(Expr* e, Type* t, bool final) {
  if (e == nullptr || (pending_[e->id] & kOpen) == 0) return;
  ExprInfo old = info_->exprs[e->id];
  bool isConstant = old.mode == Mode::Constant;
  switch (e->kind) {
    case NodeKind::ParenExpr: updateExprType(syntax::as<syntax::ParenExpr>(e)->x, t, final); break;
    case NodeKind::UnaryExpr:
      if (!isConstant) updateExprType(syntax::as<syntax::UnaryExpr>(e)->x, t, final);
      break;
    case NodeKind::BinaryExpr: {
      auto* b = syntax::as<syntax::BinaryExpr>(e);
      // The result of a comparison does not depend on its operands' types; a shift's type is its left operand's.
      if (isConstant || syntax::isComparison(b->op)) break;
      updateExprType(b->x, t, final);
      if (!syntax::isShift(b->op)) updateExprType(b->y, t, final);
      break;
    }
    default: break;  // names, literals, selectors; calls of built-in functions
  }
  ExprInfo& info = info_->exprs[e->id];
  if (!final && isUntyped(t)) {
    info.type = t;
    return;
  }
  bool shifted = (pending_[e->id] & kShiftOperand) != 0;
  pending_[e->id] = 0;
  if (shifted && !allInteger(t)) {
    error(e, diag::ShiftedMustBeInteger, e, t);
    return;
  }
  if (isConstant) {
    Operand c;
    c.mode = old.mode;
    c.expr = e;
    c.type = old.type;
    c.value = *old.value;
    convertUntyped(c, t);
    if (!c.isValid()) return;
    recordTypeAndValue(e, old.mode, t, &c.value);
    return;
  }
  info.type = t;
}

// --- Explicit conversions ----------------------------------------------------------------------------------------

static bool constConvertible(const Operand& x, Type* t, Constant* value) {
  auto* b = underAs<Basic>(t);
  if (b == nullptr) return false;
  if (constRepresentable(x.value, b->basic, value)) return true;
  if (!isInteger(x.type) || !isString(b)) return false;
  constexpr uint64_t kMaxRune = 0x10FFFF;
  uint64_t code = 0;
  std::string s;
  bool inRange = x.value.uint64Value(&code) && code <= kMaxRune;
  appendRune(s, inRange ? static_cast<uint32_t>(code) : 0xFFFD);
  *value = Constant::ofString(std::move(s));
  return true;
}

void Checker::conversion(Operand& x, Type* t) {
  bool constantArg = x.isConstant();
  bool ok = false;
  Cause cause = newCause();
  if (constantArg && isConstType(t)) {
    Constant value = x.value;
    ok = constConvertible(x, t, &value);
    x.value = value;  // also when it does not fit: an integral value is then shown as an integer
    if (!ok && isInteger(x.type) && isInteger(t)) {
      error(x, diag::ConstantOverflows, x.value.str(), t);
      x.invalidate();
      return;
    }
  } else if (constantArg && isTypeParam(t)) {
    // Must be convertible to every type of the set.
    ok = forTypeSet(t, [&](Type*, Type* u) {
      if (u == nullptr) {
        cause.text = typeText(t) + " does not contain specific types";
        return false;
      }
      if (isString(x.type) && isBytesOrRunes(u)) return true;
      Constant ignored = x.value;
      if (constConvertible(x, u, &ignored)) return true;
      if (isInteger(x.type) && isInteger(u)) {
        cause.text = "constant " + x.value.str() + " overflows " + typeText(u) + " (in " + typeText(t) + ")";
      } else {
        cause.text = "cannot convert " + text(x) + " to type " + typeText(u) + " (in " + typeText(t) + ")";
      }
      return false;
    });
    x.mode = Mode::Value;  // values of type parameters are no constants
  } else if (relations().convertible(x, t, &cause)) {
    ok = true;
    x.mode = Mode::Value;
  }
  if (!ok) {
    if (!cause.text.empty()) {
      error(x, diag::CannotConvertCause, x, t, cause.text);
    } else {
      error(x, diag::CannotConvert, x, t);
    }
    x.invalidate();
    return;
  }
  if (isUntyped(x.type)) {
    Type* final = t;
    if (x.type == basicType(BasicKind::UntypedNil)) {
      // nil takes the type itself
    } else if (isNonTypeParamInterface(t) || (constantArg && !isConstType(t))) {
      // []byte("x"), any(1): the constant has its default type and is converted at run time.
      final = defaultType(x.type);
    } else if (x.isConstant() && isInteger(x.type) && allString(t)) {
      final = x.type;  // string('x') keeps the rune
    }
    updateExprType(x.expr, final, true);
  }
  x.type = t;
}

}  // namespace burrow::types
