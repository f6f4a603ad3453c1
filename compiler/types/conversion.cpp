// Assignability, convertibility, and what an untyped value becomes where a type is wanted.
#include "types/relations.h"

namespace burrow::types {

static bool isUintptr(Type* t) {
  auto* b = underAs<Basic>(t);
  return b != nullptr && b->basic == BasicKind::Uintptr;
}

// Calls f(term type) for the specific types of a type parameter; false when there are none or f says no.
static bool allTerms(TypeParam* p, const std::function<bool(Type*)>& f) {
  return forTypeSet(p, [&](Type* t, Type*) { return t != nullptr && f(t); });
}

static void wrapCause(Cause* cause, std::string text) {
  if (cause == nullptr) return;
  if (!cause->text.empty()) text += "\n\t" + cause->text;
  cause->text = std::move(text);
}

Type* maxUntyped(Type* a, Type* b) {
  if (a == b) return a;
  if (!isUntypedNumeric(a) || !isUntypedNumeric(b)) return nullptr;
  return as<Basic>(a)->basic > as<Basic>(b)->basic ? a : b;
}

bool Relations::representation(const Operand& x, Basic* t, Constant* value, Misfit* misfit) {
  *value = x.value;
  if (constRepresentable(x.value, t->basic, value)) return true;
  *misfit = Misfit::Invalid;
  if (isNumeric(x.type) && isNumeric(t)) {
    *misfit = !isInteger(x.type) && isInteger(t) ? Misfit::Truncated : Misfit::Overflow;
  }
  return false;
}

Type* Relations::implicitType(const Operand& x, Type* target, Constant* value, Misfit* misfit) {
  *misfit = Misfit::None;
  if (!x.isValid() || isTyped(x.type) || !isValid(target)) return x.type;
  auto fail = [&]() -> Type* {
    *misfit = Misfit::Invalid;
    return nullptr;
  };
  if (isUntyped(target)) {
    Type* max = maxUntyped(x.type, target);
    return max != nullptr ? max : fail();
  }
  if (x.isNil()) return hasNil(target) ? target : fail();
  Type* u = under(target);
  if (auto* b = as<Basic>(u)) {
    if (x.isConstant()) return representation(x, b, value, misfit) ? target : nullptr;
    // Untyped values that are no constants: results of comparisons, and shifts.
    uint16_t info = as<Basic>(x.type)->info;
    bool fits = info & kIsBoolean ? isBoolean(target) : info & kIsNumeric ? isNumeric(target) : info & kIsString && isString(target);
    return fits ? target : fail();
  }
  if (auto* i = as<Interface>(u)) {
    if (isTypeParam(target)) {
      bool all = forTypeSet(target, [&](Type*, Type* each) {
        Constant ignored;
        Misfit inner;
        return each != nullptr && implicitType(x, each, &ignored, &inner) != nullptr;
      });
      return all ? target : fail();
    }
    // Untyped values have no methods.
    return typeSetOf(i)->isAll() ? defaultType(x.type) : fail();
  }
  return fail();
}

bool Relations::assignable(const Operand& x, Type* wanted, Cause* cause) {
  if (!x.isValid() || !isValid(wanted)) return true;
  Type *v = unalias(x.type), *t = unalias(wanted);
  if (identical(v, t)) return true;
  Type *vu = under(v), *tu = under(t);
  auto *vp = as<TypeParam>(v), *tp = as<TypeParam>(t);

  if (isUntyped(vu)) {
    auto fits = [&](Type* to) {
      Constant ignored;
      Misfit misfit;
      return implicitType(x, to, &ignored, &misfit) != nullptr;
    };
    return tp != nullptr ? allTerms(tp, fits) : fits(t);
  }
  bool someLiteral = !isNamedType(v) || !isNamedType(t);
  // "V and T have identical underlying types but are not type parameters and at least one of them is not a named type"
  // (Identity is asked first: with invalid recursive interfaces the order shows in what is reported.)
  if (identical(vu, tu) && someLiteral && vp == nullptr && tp == nullptr) return true;

  if ((is<Interface>(tu) && tp == nullptr) || isInterfacePointer(tu)) {
    if (implements(v, t, false, cause)) return true;
    if (vp == nullptr) return false;
    if (cause != nullptr) cause->text.clear();
  }
  if (is<Interface>(vu) && vp == nullptr && implements(t, v, false, nullptr)) {
    if (cause != nullptr) cause->text = "need type assertion";
    return false;
  }
  auto *vc = as<Chan>(vu), *tc = as<Chan>(tu);
  if (vc != nullptr && tc != nullptr && vc->dir == ChanDir::Both && identical(vc->elem, tc->elem)) return someLiteral;

  if (tp != nullptr && !isNamedType(v)) {
    return allTerms(tp, [&](Type* term) {
      if (assignable(x, term, cause)) return true;
      if (cause != nullptr) wrapCause(cause, "cannot assign " + name(x.type) + " to " + name(term) + " (in " + name(tp) + ")");
      return false;
    });
  }
  if (vp != nullptr && !isNamedType(t)) {
    Operand y = x;
    return allTerms(vp, [&](Type* term) {
      y.type = term;
      if (assignable(y, t, cause)) return true;
      if (cause != nullptr) wrapCause(cause, "cannot assign " + name(term) + " (in " + name(vp) + ") to " + name(wanted));
      return false;
    });
  }
  return false;
}

bool Relations::convertible(const Operand& x, Type* wanted, Cause* cause) {
  if (assignable(x, wanted, cause)) return true;
  Type *v = unalias(x.type), *t = unalias(wanted);
  Type *vu = under(v), *tu = under(t);
  auto *vp = as<TypeParam>(v), *tp = as<TypeParam>(t);

  if (vp == nullptr && tp == nullptr && identicalIgnoreTags(vu, tu)) return true;
  if (auto *a = as<Pointer>(v), *b = as<Pointer>(t); a != nullptr && b != nullptr) {
    if (!isTypeParam(a->elem) && !isTypeParam(b->elem) && identicalIgnoreTags(under(a->elem), under(b->elem))) return true;
  }
  if (isIntegerOrFloat(vu) && isIntegerOrFloat(tu)) return true;
  if (isComplex(vu) && isComplex(tu)) return true;
  if (isString(tu) && (isInteger(vu) || isBytesOrRunes(vu))) return true;
  if (isString(vu) && isBytesOrRunes(tu)) return true;
  if (isUnsafePointer(tu) && (is<Pointer>(vu) || isUintptr(vu))) return true;
  if (isUnsafePointer(vu) && (is<Pointer>(tu) || isUintptr(tu))) return true;
  if (auto* s = as<Slice>(vu)) {
    auto* p = as<Pointer>(tu);
    auto* a = p != nullptr ? underAs<Array>(p->elem) : as<Array>(tu);
    if (a != nullptr && identical(s->elem, a->elem)) {
      if (version.atLeast(p != nullptr ? 17 : 20)) return true;
      if (cause != nullptr)
        cause->text = p != nullptr ? "conversion of slice to array pointer requires go1.17 or later"
                                   : "conversion of slice to array requires go1.20 or later";
      return false;
    }
  }
  if (vp == nullptr && tp == nullptr) return false;

  Operand y = x;
  auto each = [&](Type* from, Type* to) {
    y.type = from;
    if (convertible(y, to, cause)) return true;
    if (cause == nullptr) return false;
    std::string in = vp != nullptr ? " (in " + name(vp) + ")" : "";
    std::string inTarget = tp != nullptr ? " (in " + name(tp) + ")" : "";
    wrapCause(cause, "cannot convert " + name(from) + in + " to type " + name(tp != nullptr ? to : wanted) + inTarget);
    return false;
  };
  if (vp != nullptr && tp != nullptr) {
    return allTerms(vp, [&](Type* from) { return allTerms(tp, [&](Type* to) { return each(from, to); }); });
  }
  if (vp != nullptr) return allTerms(vp, [&](Type* from) { return each(from, t); });
  return allTerms(tp, [&](Type* to) { return each(x.type, to); });
}

// --- Public forms ------------------------------------------------------------------------------------------------

static Operand valueOf(Type* v) {
  Operand x;
  x.mode = v == basicType(BasicKind::UntypedNil) ? Mode::NilValue : Mode::Value;
  x.type = v;
  return x;
}

bool assignableTo(Context& context, Type* v, Type* t, Cause* cause) {
  return Relations{&context, cause != nullptr ? cause->from : nullptr, {}}.assignable(valueOf(v), t, cause);
}

bool convertibleTo(Context& context, Type* v, Type* t, Cause* cause) {
  return Relations{&context, cause != nullptr ? cause->from : nullptr, {}}.convertible(valueOf(v), t, cause);
}

}  // namespace burrow::types
