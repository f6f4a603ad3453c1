// Basic types, and what of the other types is computed when first asked for: resolved aliases, underlying types, the
// right-hand sides and methods of instances.
//
// An instance `List[int]` knows only its origin and arguments at first. Its right-hand side is the origin's with the
// arguments substituted; its methods are the origin's, each substituted when asked for. While the origin's declaration is
// still being looked at there is nothing to substitute yet: the answer is then the invalid type, and is not kept.
#include "types/types.h"

#include "types/context.h"
#include "types/objects.h"
#include "types/queries.h"

namespace burrow::types {

Basic* basicType(BasicKind kind) {
  static Basic table[kBasicKindCount] = {
      {BasicKind::Invalid, 0, "invalid type"},
      {BasicKind::Bool, kIsBoolean, "bool"},
      {BasicKind::Int, kIsInteger, "int"},
      {BasicKind::Int8, kIsInteger, "int8"},
      {BasicKind::Int16, kIsInteger, "int16"},
      {BasicKind::Int32, kIsInteger, "int32"},
      {BasicKind::Int64, kIsInteger, "int64"},
      {BasicKind::Uint, kIsInteger | kIsUnsigned, "uint"},
      {BasicKind::Uint8, kIsInteger | kIsUnsigned, "uint8"},
      {BasicKind::Uint16, kIsInteger | kIsUnsigned, "uint16"},
      {BasicKind::Uint32, kIsInteger | kIsUnsigned, "uint32"},
      {BasicKind::Uint64, kIsInteger | kIsUnsigned, "uint64"},
      {BasicKind::Uintptr, kIsInteger | kIsUnsigned, "uintptr"},
      {BasicKind::Float32, kIsFloat, "float32"},
      {BasicKind::Float64, kIsFloat, "float64"},
      {BasicKind::Complex64, kIsComplex, "complex64"},
      {BasicKind::Complex128, kIsComplex, "complex128"},
      {BasicKind::String, kIsString, "string"},
      {BasicKind::UnsafePointer, 0, "Pointer"},
      {BasicKind::UntypedBool, kIsBoolean | kIsUntyped, "untyped bool"},
      {BasicKind::UntypedInt, kIsInteger | kIsUntyped, "untyped int"},
      {BasicKind::UntypedRune, kIsInteger | kIsUntyped, "untyped rune"},
      {BasicKind::UntypedFloat, kIsFloat | kIsUntyped, "untyped float"},
      {BasicKind::UntypedComplex, kIsComplex | kIsUntyped, "untyped complex"},
      {BasicKind::UntypedString, kIsString | kIsUntyped, "untyped string"},
      {BasicKind::UntypedNil, kIsUntyped, "untyped nil"},
  };
  return &table[static_cast<size_t>(kind)];
}

Basic* byteType() {
  static Basic type(BasicKind::Uint8, kIsInteger | kIsUnsigned, "byte");
  return &type;
}

Basic* runeType() {
  static Basic type(BasicKind::Int32, kIsInteger, "rune");
  return &type;
}

Type* openAlias(Type* t) {
  // Chains of aliases are short; a cycle of them has been broken by the checker, but not before it is found.
  constexpr int kMaxChain = 1000;
  for (int i = 0; i < kMaxChain; i++) {
    auto* alias = as<Alias>(t);
    if (alias == nullptr || alias->rhs == nullptr) return t;
    t = alias->rhs;
  }
  return invalidType();
}

Type* unalias(Type* t) {
  t = openAlias(t);
  return is<Alias>(t) ? invalidType() : t;
}

// The right-hand side of an instance's declaration, with the interface's methods bound to the instance.
static Type* expandRhs(Named* n) {
  Named* origin = n->origin;
  if (origin->fromRhs == nullptr) return nullptr;
  bool fits = n->typeArgs.size() == origin->typeParams.size();
  if (!fits) return invalidType();
  TypeParamMap map(origin->typeParams, n->typeArgs);
  map.add(origin->outerParams, n->outerArgs);
  return substitute(*n->context, origin->fromRhs, map);
}

static Type* rhsOf(Named* n) {
  if (n->fromRhs == nullptr && n->isInstance()) n->fromRhs = expandRhs(n);
  return n->fromRhs;
}

static Type* underlyingOf(Named* n) {
  if (n->underlying != nullptr) return n->underlying;
  if (n->resolving) return invalidType();  // a cycle of declarations; reported by the checker
  n->resolving = true;
  Type* rhs = rhsOf(n);
  Type* u = rhs == nullptr ? nullptr : unalias(rhs);
  bool known = u != nullptr;
  if (auto* next = as<Named>(u)) {
    u = underlyingOf(next);
    known = next->underlying != nullptr;
  } else if (auto* p = as<TypeParam>(u)) {
    u = under(p);
  }
  n->resolving = false;
  if (!known) return invalidType();
  n->underlying = u;
  return u;
}

Type* under(Type* t) {
  t = unalias(t);
  if (auto* n = as<Named>(t)) return underlyingOf(n);
  if (auto* p = as<TypeParam>(t)) return constraintInterface(p);
  return t;
}

size_t methodCount(Named* t) { return t->origin->methods.size(); }

// The method of an instance: the declared one with the receiver's type parameters replaced.
static Func* expandMethod(Named* n, Func* declared) {
  Context& context = *n->context;
  Signature* old = declared->signature();
  Signature* sig = old;
  TypeParamMap map(old->recvTypeParams, n->typeArgs);
  if (old->recvTypeParams.size() == n->typeArgs.size()) sig = as<Signature>(substitute(context, old, map));
  if (sig == old) sig = context.arena().make<Signature>(*old);
  Type* recvType = n;
  if (declared->pointerReceiver) recvType = context.arena().make<Pointer>(n);
  if (old->recv != nullptr) {
    sig->recv = context.arena().make<Var>(*old->recv);
    sig->recv->type = recvType;
    sig->recv->origin = old->recv->origin;
  } else {
    sig->recv = context.arena().make<Var>(declared->pos, declared->pkg, "", recvType, VarKind::Receiver);
  }
  sig->recvTypeParams = {};
  sig->scope = nullptr;
  Func* f = context.arena().make<Func>(*declared);
  f->type = sig;
  f->origin = declared->origin;
  f->checker = nullptr;
  f->pathIndex = 0;
  return f;
}

Func* methodAt(Named* t, size_t i) {
  if (!t->isInstance()) return t->methods[i];
  if (t->methods.size() < t->origin->methods.size()) t->methods.resize(t->origin->methods.size());
  if (t->methods[i] == nullptr) {
    Func* f = expandMethod(t, t->origin->methods[i]);
    // Expanding may have looked at declarations that add methods.
    if (t->methods.size() <= i) t->methods.resize(i + 1);
    t->methods[i] = f;
  }
  return t->methods[i];
}

}  // namespace burrow::types
