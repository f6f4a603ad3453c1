// Unification of types: finding types for type parameters that make two types identical, or close enough.
//
// Each type parameter under inference has a slot for its type. Parameters that are found to be equal share a slot
// (`join`), so that what is learnt about one is known of both.
//
// Modes: `exact` wants identity; otherwise a declared type matches its underlying type, channel directions are ignored,
// and (from Go 1.21) an interface matches a type that has its methods. `assign` says that the types meet in an assignment:
// inexact at the top, exact inside.
#pragma once

#include <span>
#include <vector>

#include "types/queries.h"

namespace burrow::types {

class Unifier {
 public:
  enum Mode : unsigned { kInexact = 0, kAssign = 1, kExact = 2 };

  // Slots start with the given types (null: unknown).
  Unifier(std::span<TypeParam* const> params, std::span<Type* const> types, bool interfaceInference);

  bool unify(Type* x, Type* y, unsigned mode);
  // The type in the slot of p, or null. p must be one of the parameters.
  Type* at(TypeParam* p) const { return slots_[slotOf_[indexOf(p)]]; }
  void set(TypeParam* p, Type* t) { slots_[slotOf_[indexOf(p)]] = t; }
  size_t unknowns() const;
  std::vector<Type*> inferred() const;

 private:
  struct InterfacePair {
    Interface *x, *y;
    const InterfacePair* previous;
  };
  static constexpr size_t kNone = static_cast<size_t>(-1);
  static constexpr int kMaxDepth = 100;

  size_t indexOf(const TypeParam* p) const;
  TypeParam* bound(Type* t) const;
  bool join(TypeParam* x, TypeParam* y);
  bool nify(Type* x, Type* y, unsigned mode, const InterfacePair* p);
  bool nifyInner(Type* x, Type* y, unsigned mode, const InterfacePair* p);
  bool withParam(TypeParam* px, Type* y, unsigned mode, const InterfacePair* p);
  bool interfaces(Interface* x, Interface* y, unsigned mode, const InterfacePair* p);
  bool vars(std::span<Var*> a, std::span<Var*> b, unsigned mode, const InterfacePair* p);

  std::vector<TypeParam*> params_;
  std::vector<size_t> slotOf_;  // by parameter
  std::vector<Type*> slots_;
  bool interfaceInference_;
  int depth_ = 0;
};

}  // namespace burrow::types
