// Yes-or-no questions about single types.
#include "types/queries.h"
#include "types/type_string.h"

namespace burrow::types {

bool isValid(Type* t) {
  // An alias that is being declared is not invalid, only not known yet.
  return openAlias(t) != invalidType();
}
bool isTypeParam(Type* t) { return is<TypeParam>(unalias(t)); }
bool isInterface(Type* t) { return is<Interface>(under(t)); }
bool isNonTypeParamInterface(Type* t) { return !isTypeParam(t) && isInterface(t); }

bool isNamedType(Type* t) {
  t = unalias(t);
  return is<Basic>(t) || is<Named>(t) || is<TypeParam>(t);
}

bool isUntyped(Type* t) {
  auto* b = as<Basic>(t);
  return b != nullptr && (b->info & kIsUntyped) != 0;
}
bool isTyped(Type* t) { return !isUntyped(t); }
bool isUntypedNumeric(Type* t) { return isUntyped(t) && (as<Basic>(t)->info & kIsNumeric) != 0; }

bool isBasicInfo(Type* t, uint16_t info) {
  auto* b = underAs<Basic>(t);
  return b != nullptr && (b->info & info) != 0;
}

bool allBasicInfo(Type* t, uint16_t info) {
  if (!isTypeParam(t)) return isBasicInfo(t, info);
  return forTypeSet(t, [info](Type* term, Type*) { return term != nullptr && isBasicInfo(term, info); });
}

bool isBoolean(Type* t) { return isBasicInfo(t, kIsBoolean); }
bool isNumeric(Type* t) { return isBasicInfo(t, kIsNumeric); }
bool isString(Type* t) { return isBasicInfo(t, kIsString); }
bool isInteger(Type* t) { return isBasicInfo(t, kIsInteger); }
bool isUnsigned(Type* t) { return isBasicInfo(t, kIsUnsigned); }
bool isFloat(Type* t) { return isBasicInfo(t, kIsFloat); }
bool isComplex(Type* t) { return isBasicInfo(t, kIsComplex); }
bool isConstType(Type* t) { return isBasicInfo(t, kIsConstType); }
bool isIntegerOrFloat(Type* t) { return isBasicInfo(t, kIsInteger | kIsFloat); }
bool allBoolean(Type* t) { return allBasicInfo(t, kIsBoolean); }
bool allInteger(Type* t) { return allBasicInfo(t, kIsInteger); }
bool allUnsigned(Type* t) { return allBasicInfo(t, kIsUnsigned); }
bool allNumeric(Type* t) { return allBasicInfo(t, kIsNumeric); }
bool allString(Type* t) { return allBasicInfo(t, kIsString); }
bool allOrdered(Type* t) { return allBasicInfo(t, kIsOrdered); }
bool allNumericOrString(Type* t) { return allBasicInfo(t, kIsNumeric | kIsString); }

bool isGeneric(Type* t) {
  if (auto* a = as<Alias>(t); a != nullptr && a->origin == a && !a->typeParams.empty()) return true;
  auto* n = unaliasAs<Named>(t);
  return n != nullptr && n->isGeneric();
}

bool isBytesOrRunes(Type* t) {
  auto* s = underAs<Slice>(t);
  auto* b = s != nullptr ? underAs<Basic>(s->elem) : nullptr;
  return b != nullptr && (b->basic == BasicKind::Uint8 || b->basic == BasicKind::Int32);
}

bool isUnsafePointer(Type* t) {
  auto* b = underAs<Basic>(t);
  return b != nullptr && b->basic == BasicKind::UnsafePointer;
}

bool hasNil(Type* t) {
  Type* u = under(t);
  switch (u->kind) {
    case TypeKind::Basic: return as<Basic>(u)->basic == BasicKind::UnsafePointer;
    case TypeKind::Slice:
    case TypeKind::Pointer:
    case TypeKind::Signature:
    case TypeKind::Map:
    case TypeKind::Chan: return true;
    case TypeKind::Interface:
      return !isTypeParam(t) || forTypeSet(t, [](Type*, Type* each) { return each != nullptr && hasNil(each); });
    default: return false;
  }
}

Type* defaultType(Type* t) {
  auto* b = as<Basic>(t);
  if (b == nullptr) return t;
  switch (b->basic) {
    case BasicKind::UntypedBool: return basicType(BasicKind::Bool);
    case BasicKind::UntypedInt: return basicType(BasicKind::Int);
    case BasicKind::UntypedRune: return runeType();
    case BasicKind::UntypedFloat: return basicType(BasicKind::Float64);
    case BasicKind::UntypedComplex: return basicType(BasicKind::Complex128);
    case BasicKind::UntypedString: return basicType(BasicKind::String);
    default: return t;
  }
}

std::pair<Type*, bool> derefPointer(Type* t) {
  if (auto* p = unaliasAs<Pointer>(t)) return {p->elem, true};
  return {t, false};
}

// --- Comparability -----------------------------------------------------------------------------------------------

namespace {

struct Comparability {
  bool dynamic;
  std::vector<Type*> seen;

  bool comparable(Type* t, Cause* cause);

  bool typeSetComparable(TypeSet* set) {
    if (set->allTypes) return set->comparable;
    if (set->terms.empty()) return false;
    for (const Term& term : set->terms) {
      Comparability strict{false, seen};
      if (!strict.comparable(term.type, nullptr)) return false;
    }
    return true;
  }
};

}  // namespace

bool Comparability::comparable(Type* t, Cause* cause) {
  for (Type* s : seen)
    if (s == t) return true;
  seen.push_back(t);
  Type* u = under(t);
  switch (u->kind) {
    case TypeKind::Basic: return as<Basic>(u)->basic != BasicKind::UntypedNil;
    case TypeKind::Pointer:
    case TypeKind::Chan: return true;
    case TypeKind::Struct:
      for (Var* f : as<Struct>(u)->fields) {
        if (comparable(f->type, nullptr)) continue;
        if (cause != nullptr) cause->text = "struct containing " + typeString(f->type, cause->from) + " cannot be compared";
        return false;
      }
      return true;
    case TypeKind::Array:
      if (comparable(as<Array>(u)->elem, nullptr)) return true;
      if (cause != nullptr) cause->text = typeString(t, cause->from) + " cannot be compared";
      return false;
    case TypeKind::Interface: {
      TypeSet* set = typeSetOf(as<Interface>(u));
      if ((dynamic && !isTypeParam(t)) || typeSetComparable(set)) return true;
      if (cause != nullptr) cause->text = set->isEmpty() ? "empty type set" : "incomparable types in type set";
      return false;
    }
    default: return false;
  }
}

bool comparableType(Type* t, bool dynamic, Cause* cause) {
  return Comparability{dynamic, {}}.comparable(t, cause);
}

// --- Occurrence of type parameters -------------------------------------------------------------------------------

namespace {

struct ParamFinder {
  std::vector<Type*> seen;

  bool inVars(std::span<Var*> vars) {
    for (Var* v : vars)
      if (v->type != nullptr && in(v->type)) return true;
    return false;
  }
  bool in(Type* t) {
    switch (t->kind) {
      case TypeKind::Basic: return false;
      case TypeKind::TypeParam: return true;
      case TypeKind::Alias: return in(unalias(t));
      case TypeKind::Pointer: return in(as<Pointer>(t)->elem);
      case TypeKind::Slice: return in(as<Slice>(t)->elem);
      case TypeKind::Array: return in(as<Array>(t)->elem);
      case TypeKind::Map: return in(as<Map>(t)->key) || in(as<Map>(t)->elem);
      case TypeKind::Chan: return in(as<Chan>(t)->elem);
      case TypeKind::Struct: return inVars(as<Struct>(t)->fields);
      case TypeKind::Tuple: return inVars(as<Tuple>(t)->vars);
      case TypeKind::Signature: return in(as<Signature>(t)->params) || in(as<Signature>(t)->results);
      case TypeKind::Union:
        for (const Term& term : as<Union>(t)->terms)
          if (in(term.type)) return true;
        return false;
      case TypeKind::Interface: {
        for (Type* s : seen)
          if (s == t) return false;
        seen.push_back(t);
        for (Func* m : as<Interface>(t)->methods)
          if (m->type != nullptr && in(m->type)) return true;
        for (Type* e : as<Interface>(t)->embeddeds)
          if (in(e)) return true;
        return false;
      }
      case TypeKind::Named: {
        auto* n = as<Named>(t);
        for (Type* a : n->typeArgs)
          if (in(a)) return true;
        for (Type* a : n->outerArgs)
          if (in(a)) return true;
        return !n->outerParams.empty() && n->outerArgs.empty();
      }
    }
    return false;
  }
};

}  // namespace

bool isParameterized(Type* t) { return ParamFinder{}.in(t); }

}  // namespace burrow::types
