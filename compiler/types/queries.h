// Questions about types that the checker and all later phases ask.
//
// All functions accept invalid types and answer so that no follow-up error arises (usually "yes"). None reports; those
// that can say why write a reason into `cause->text` in gc's words when `cause` is not null. Functions that make types take
// the Context whose arena receives them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "types/context.h"
#include "types/objects.h"
#include "types/types.h"

namespace burrow::types {

// Why something does not hold, for a reader in package `from` (names of which are then printed bare).
struct Cause {
  const Package* from = nullptr;
  std::string text{};
};

// --- Kinds of types --------------------------------------------------------------------------------------------
// The is... functions look at the underlying type and say no for type parameters; the all... functions say yes for a
// type parameter when every type of its type set qualifies.

bool isValid(Type* t);
bool isTypeParam(Type* t);
bool isInterface(Type* t);             // underlying type is an interface (true for type parameters)
bool isNonTypeParamInterface(Type* t);
bool isNamedType(Type* t);             // basic, declared or type parameter: has a name
bool isTyped(Type* t);
bool isUntyped(Type* t);
bool isUntypedNumeric(Type* t);
bool isBasicInfo(Type* t, uint16_t info);     // the underlying basic type has one of the properties
bool allBasicInfo(Type* t, uint16_t info);
bool isBoolean(Type* t);
bool isNumeric(Type* t);
bool isString(Type* t);
bool isInteger(Type* t);
bool isUnsigned(Type* t);
bool isFloat(Type* t);
bool isComplex(Type* t);
bool isConstType(Type* t);
bool isIntegerOrFloat(Type* t);
bool allBoolean(Type* t);
bool allInteger(Type* t);
bool allUnsigned(Type* t);
bool allNumeric(Type* t);
bool allString(Type* t);
bool allOrdered(Type* t);
bool allNumericOrString(Type* t);
bool isGeneric(Type* t);               // a generic declared type or alias without type arguments
bool isBytesOrRunes(Type* underlying); // []byte or []rune
bool hasNil(Type* t);
bool isUnsafePointer(Type* t);
// Whether a type parameter occurs in t.
bool isParameterized(Type* t);
// Untyped types become their default type; others stay.
Type* defaultType(Type* t);

// --- Identity --------------------------------------------------------------------------------------------------

bool identical(Type* a, Type* b);
bool identicalIgnoreTags(Type* a, Type* b);
// Equal for identical types.
uint64_t hashType(Type* t);

// Maps types to small numbers, one per identity class. For tables keyed by type (type descriptors, itabs, instances of
// functions).
class TypeTable {
 public:
  // The number of t's class, from 0 in order of first appearance.
  uint32_t canonicalKey(Type* t);
  size_t size() const { return types_.size(); }

 private:
  std::unordered_map<Type*, uint32_t> direct_;
  std::unordered_map<uint64_t, std::vector<uint32_t>> byHash_;
  std::vector<Type*> types_;
};

// --- Type sets, core types -------------------------------------------------------------------------------------

// The type set of an interface, computed when first asked for.
TypeSet* typeSetOf(Interface* t);
// The order of methods: exported before others, by name, then by package path.
bool methodLess(const Func* a, const Func* b);
// The constraint of a type parameter as an interface (a constraint such as ~int is wrapped into one).
Interface* constraintInterface(TypeParam* p);
// Calls f(t, underlying of t) for every type in the type set of t (t itself when it is no type parameter), until f
// returns false; then returns false. A type set without specific types calls f(null, null) once.
bool forTypeSet(Type* t, const std::function<bool(Type*, Type*)>& f);
// The single underlying type of all types in the type set (of channels: with the more restricted direction), or null.
Type* coreType(Type* t);
// As coreType, but a type set of []byte and string yields string.
Type* coreString(Type* t);
// The underlying type that all types in t's type set share, or null; `*cause` says why there is none.
Type* commonUnder(Type* t, Cause* cause = nullptr);

// --- Comparison, assignment, conversion ------------------------------------------------------------------------

// Whether values of t can be compared with ==. `dynamic`: interfaces count as comparable (they may panic).
bool comparableType(Type* t, bool dynamic = true, Cause* cause = nullptr);
// Whether a value of type v can be assigned to type t (v typed; for untyped constants ask constRepresentable).
bool assignableTo(Context& context, Type* v, Type* t, Cause* cause = nullptr);
bool convertibleTo(Context& context, Type* v, Type* t, Cause* cause = nullptr);
// Whether v implements interface type t (`constraint`: t is used as a constraint, and the wording follows).
bool implements(Context& context, Type* v, Type* t, bool constraint, Cause* cause = nullptr);
// The first method of interface type t that v lacks, or null. `*wrongType` is set when it exists with another signature or
// needs a pointer receiver. With `isStatic` false an interface v need only not contradict (type assertions).
Func* missingMethod(Type* v, Type* t, bool isStatic, bool* wrongType = nullptr, Cause* cause = nullptr);

// --- Fields and methods ----------------------------------------------------------------------------------------

struct Selection;

struct LookupResult {
  Object* object = nullptr;  // Var (a field) or Func; null: not found
  std::vector<int> index;    // path: embedded fields, then the field or method number at the end. Not found but not
                             // empty: ambiguous at this path
  bool indirect = false;     // a pointer was followed on the way (or, not found: the method needs a pointer receiver)
};
// The field or method x.name for an x of type t, seen from `pkg`. `addressable`: x can be addressed, so that methods
// with pointer receivers are found as well.
LookupResult lookupFieldOrMethod(Type* t, bool addressable, const Package* pkg, std::string_view name,
                                 bool foldCase = false);

// One method of a method set: how to reach it.
struct MethodEntry {
  Func* func;
  std::vector<int> index;  // embedded fields, then the method's number
  bool indirect;           // a pointer is followed on the way
};
// The method set of t (of *T when t is a pointer), exported ones first, then by name and
// package path: the order of runtime type descriptors and itabs.
std::vector<MethodEntry> methodSet(Type* t);

// *T for T: the base and true; otherwise t and false. Looks through aliases, not through declared pointer types.
std::pair<Type*, bool> derefPointer(Type* t);

// --- Substitution ----------------------------------------------------------------------------------------------

// Type parameters and what stands for them. A handful of entries, so a list.
class TypeParamMap {
 public:
  TypeParamMap() = default;
  TypeParamMap(std::span<TypeParam* const> params, std::span<Type* const> args) { add(params, args); }
  void add(TypeParam* p, Type* t) { entries_.emplace_back(p, t); }
  void add(std::span<TypeParam* const> params, std::span<Type* const> args) {
    for (size_t i = 0; i < params.size() && i < args.size(); i++) add(params[i], args[i]);
  }
  Type* lookup(const TypeParam* p) const {
    for (const auto& e : entries_)
      if (e.first == p) return e.second;
    return nullptr;
  }
  bool empty() const { return entries_.empty(); }
  const std::vector<std::pair<TypeParam*, Type*>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<TypeParam*, Type*>> entries_;
};

// `t` with all type parameters of the map replaced. Returns `t` itself when nothing changes. A signature with own type
// parameters that are not in the map gets fresh ones (their bounds may change).
Type* substitute(Context& context, Type* t, const TypeParamMap& map);

// The instance of a generic Named, Alias or Signature with explicit type arguments (as many as it has parameters).
// `verify`: check the constraints; on failure returns null and sets *failed to the argument's index and *cause.
// The instance of a Signature has no type parameters left.
Type* instantiate(Context& context, Type* generic, std::span<Type* const> typeArgs, bool verify = false,
                  size_t* failed = nullptr, Cause* cause = nullptr);

}  // namespace burrow::types
