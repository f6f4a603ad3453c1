// Relations between types: implements, assignable, convertible, and the implicit conversion of untyped values.
//
// They depend on more than the types: on the language version of the file (some conversions are newer than others) and,
// for the wording of causes, on the package whose source is being read. This class carries both. It reports nothing.
#pragma once

#include <functional>

#include "types/operand.h"
#include "types/queries.h"

namespace burrow::types {

// Why an untyped value does not fit its target type.
enum class Misfit : uint8_t { None, Invalid, Truncated, Overflow };

using TypeRelation = std::function<bool(Type*, Type*)>;

struct Relations {
  Context* context;
  const Package* from;
  LangVersion version;

  std::string name(Type* t) const;

  // --- methods ---
  Func* missingMethod(Type* v, Type* t, bool isStatic, const TypeRelation& equivalent, bool* wrongType, Cause* cause);
  // As !missingMethod, but yes when v is invalid or embeds something invalid.
  bool hasAllMethods(Type* v, Type* t, bool isStatic, const TypeRelation& equivalent, Cause* cause);
  bool implements(Type* v, Type* t, bool constraint, Cause* cause);
  // Whether x.(T) can succeed for an x of interface type v.
  bool assertableTo(Type* v, Type* t, Cause* cause);
  // The index of the first type argument that does not satisfy its constraint, or the number of parameters.
  size_t verifyTypeArgs(std::span<TypeParam* const> params, std::span<Type* const> args, Cause* cause);
  std::string interfacePointerError(Type* t) const;

  // --- values ---
  bool assignable(const Operand& x, Type* t, Cause* cause);
  bool convertible(const Operand& x, Type* t, Cause* cause);
  // The type (and for constants the value) that an untyped x takes on when it is used where `target` is wanted; null when
  // it cannot be. Typed operands keep their type.
  Type* implicitType(const Operand& x, Type* target, Constant* value, Misfit* misfit);
  // The constant's value as a value of basic type t.
  bool representation(const Operand& x, Basic* t, Constant* value, Misfit* misfit);
};

bool isInterfacePointer(Type* t);
// The larger of two untyped types in the order of kinds, or null when they do not mix.
Type* maxUntyped(Type* a, Type* b);

}  // namespace burrow::types
