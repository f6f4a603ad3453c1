// Types of Go, as the checker builds them and later phases read them.
//
// A type is an arena object that is built once and then only read, apart from what is computed when first asked for:
// the underlying type and the methods of an instantiated type, and the type set of an interface. Two `Type*` may differ
// and still denote identical types (every `[]int` in the source makes its own `Slice`); `identical` (queries.h) decides
// identity and `canonicalKey` maps identical types to one number. Only basic types and non-generic declared types may
// be compared by pointer.
//
// Invariants:
//  - No field of a finished type is null, except where its comment says so. What could not be understood is
//    `invalidType()`, which every rule accepts silently, so that one mistake is reported once.
//  - `Alias` is kept as written (diagnostics print it); look through it with `unalias`. `under` looks through aliases
//    and declared types both. Code that switches over `kind` does so after `unalias` or `under`.
//  - A generic declared type (`Named` with typeParams and no typeArgs) is only ever an operand of instantiation, or the
//    type of its own receiver declarations' lookups.
//
// Rejected: hash-consing every type at creation (types are built while their parts are incomplete, and diagnostics want
// the aliases as written); virtual classes (no RTTI here, and every reader switches over the kind anyway).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "source/pos.h"
#include "types/name_index.h"

namespace burrow::types {

using source::Pos;

class Checker;
class Context;
class Scope;
struct Func;
struct Package;
struct TypeName;
struct Var;

enum class TypeKind : uint8_t {
  Basic,
  Named,
  Alias,
  Pointer,
  Slice,
  Array,
  Map,
  Chan,
  Struct,
  Tuple,
  Signature,
  Interface,
  Union,
  TypeParam,
};

struct Type {
  TypeKind kind;

 protected:
  explicit Type(TypeKind k) : kind(k) {}
};

// `as<Pointer>(t)`: t as that kind, or null when t is null or of another kind. Does not look through aliases.
template <typename T>
T* as(Type* t) {
  return t != nullptr && t->kind == T::kKind ? static_cast<T*>(t) : nullptr;
}
template <typename T>
const T* as(const Type* t) {
  return t != nullptr && t->kind == T::kKind ? static_cast<const T*>(t) : nullptr;
}
template <typename T>
bool is(const Type* t) {
  return t != nullptr && t->kind == T::kKind;
}

// --- Basic types -----------------------------------------------------------------------------------------------

// The order matters: the sized integers stand together, the untyped kinds are last and in the order in which constant
// operands are matched ("int < rune < float < complex").
enum class BasicKind : uint8_t {
  Invalid,
  Bool,
  Int,
  Int8,
  Int16,
  Int32,
  Int64,
  Uint,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Uintptr,
  Float32,
  Float64,
  Complex64,
  Complex128,
  String,
  UnsafePointer,
  UntypedBool,
  UntypedInt,
  UntypedRune,
  UntypedFloat,
  UntypedComplex,
  UntypedString,
  UntypedNil,
};
inline constexpr size_t kBasicKindCount = static_cast<size_t>(BasicKind::UntypedNil) + 1;

// Properties of a basic type, as a set of bits.
enum BasicInfo : uint16_t {
  kIsBoolean = 1 << 0,
  kIsInteger = 1 << 1,
  kIsUnsigned = 1 << 2,
  kIsFloat = 1 << 3,
  kIsComplex = 1 << 4,
  kIsString = 1 << 5,
  kIsUntyped = 1 << 6,
  kIsOrdered = kIsInteger | kIsFloat | kIsString,
  kIsNumeric = kIsInteger | kIsFloat | kIsComplex,
  kIsConstType = kIsBoolean | kIsNumeric | kIsString,
};

struct Basic : Type {
  static constexpr TypeKind kKind = TypeKind::Basic;
  BasicKind basic;
  uint16_t info;  // BasicInfo bits
  std::string_view name;
  Basic(BasicKind b, uint16_t i, std::string_view n) : Type(kKind), basic(b), info(i), name(n) {}
};

// The one object of a basic kind. `byte` and `rune` are aliases of uint8 and int32 that print under their own name:
// distinct objects of kind Uint8 and Int32 (so compare `basic`, not pointers, when those may occur).
Basic* basicType(BasicKind kind);
Basic* byteType();
Basic* runeType();
inline Type* invalidType() { return basicType(BasicKind::Invalid); }

// --- Composite types -------------------------------------------------------------------------------------------

struct Pointer : Type {
  static constexpr TypeKind kKind = TypeKind::Pointer;
  Type* elem;
  explicit Pointer(Type* e) : Type(kKind), elem(e) {}
};

struct Slice : Type {
  static constexpr TypeKind kKind = TypeKind::Slice;
  Type* elem;
  explicit Slice(Type* e) : Type(kKind), elem(e) {}
};

struct Array : Type {
  static constexpr TypeKind kKind = TypeKind::Array;
  Type* elem;
  int64_t length;  // negative: unknown, because of an error reported elsewhere
  Array(Type* e, int64_t n) : Type(kKind), elem(e), length(n) {}
};

struct Map : Type {
  static constexpr TypeKind kKind = TypeKind::Map;
  Type* key;
  Type* elem;
  Map(Type* k, Type* e) : Type(kKind), key(k), elem(e) {}
};

enum class ChanDir : uint8_t { Both, SendOnly, RecvOnly };

struct Chan : Type {
  static constexpr TypeKind kKind = TypeKind::Chan;
  ChanDir dir;
  Type* elem;
  Chan(ChanDir d, Type* e) : Type(kKind), dir(d), elem(e) {}
};

struct Struct : Type {
  static constexpr TypeKind kKind = TypeKind::Struct;
  std::span<Var*> fields;              // Var::isField, Var::embedded
  std::span<std::string_view> tags;    // unquoted; empty when no field has a tag, else one per field
  NameIndex index;                     // of fields
  int64_t size = 0, align = 0;         // as sizes.h tells them; align 0: not worked out yet
  Struct() : Type(kKind) {}
  std::string_view tag(size_t i) const { return i < tags.size() ? tags[i] : std::string_view(); }
};

// The type of several values at once: parameter lists, result lists, what a call with several results yields.
// The empty list is a Tuple without vars, never null.
struct Tuple : Type {
  static constexpr TypeKind kKind = TypeKind::Tuple;
  std::span<Var*> vars;
  explicit Tuple(std::span<Var*> v = {}) : Type(kKind), vars(v) {}
  size_t size() const { return vars.size(); }
};

struct TypeParam;

// A function or method type. In a method, the receiver's type parameters (`func (r *List[T]) ...`: T) are the method's
// own objects, distinct from those of the type's declaration; Info of the method's body speaks of them.
struct Signature : Type {
  static constexpr TypeKind kKind = TypeKind::Signature;
  std::span<TypeParam*> recvTypeParams;  // receiver's, left to right
  std::span<TypeParam*> typeParams;      // the function's or method's own
  Var* recv = nullptr;                   // null: a function. Not part of the type's identity.
  Tuple* params = nullptr;
  Tuple* results = nullptr;
  bool variadic = false;   // the last parameter is ...T; its type is then []T (or string, for append's second form)
  Scope* scope = nullptr;  // scope of parameters and body; null in instantiated or imported-only signatures
  Signature() : Type(kKind) {}
};

// --- Interfaces and constraints --------------------------------------------------------------------------------

struct Term {
  bool tilde = false;
  Type* type = nullptr;
};

// `~int | string | T`, legal only as an element of an interface.
struct Union : Type {
  static constexpr TypeKind kKind = TypeKind::Union;
  std::span<Term> terms;
  explicit Union(std::span<Term> t) : Type(kKind), terms(t) {}
};

// What an interface means: which methods a type must have, and which types are allowed at all.
struct TypeSet {
  std::vector<Func*> methods;  // all methods, embedded ones included, exported ones first, sorted by name (and package path)
  NameIndex index;             // of methods
  bool allTypes = true;      // no restriction by terms: `terms` is then empty
  std::vector<Term> terms;   // normalised union (no overlaps); empty with allTypes false: the empty type set
  bool comparable = false;   // only comparable types (meaningful only with allTypes)
  bool isEmpty() const { return !allTypes && terms.empty(); }
  bool isAll() const { return allTypes && methods.empty() && !comparable; }
  bool isMethodSet() const { return allTypes && !comparable; }
};

struct Interface : Type {
  static constexpr TypeKind kKind = TypeKind::Interface;
  std::span<Func*> methods;      // declared here, in source order
  std::span<Type*> embeddeds;    // embedded elements in source order: interfaces, unions, other types
  std::span<Pos> embedPos;       // one per element
  bool implicit = false;         // made for a constraint literal such as [T ~int]: printed without "interface{}"
  bool complete = false;         // methods and embeddeds are set
  TypeSet* typeSet = nullptr;    // computed on demand by typeSetOf() (queries.h)
  std::unique_ptr<TypeSet> ownTypeSet;  // what typeSet points to, unless all such interfaces share it
  Interface() : Type(kKind) {}
};

struct TypeParam : Type {
  static constexpr TypeKind kKind = TypeKind::TypeParam;
  TypeName* object;
  uint32_t index = 0;     // position in its list
  uint32_t id = 0;        // unique in the process; for hashing and for telling same-named ones apart
  Type* bound = nullptr;  // the constraint as written; constraintInterface() gives it as an interface
  Context* context = nullptr;
  TypeParam* canonical = nullptr;  // the declared one that this stands in for (a method's receiver parameter for its
                                   // type's, a fresh copy for the original); null: this one
  explicit TypeParam(TypeName* o) : Type(kKind), object(o) {}
};

// --- Declared types --------------------------------------------------------------------------------------------

// A defined type, or an instance of a generic one (then `origin` differs from this and `typeArgs` is not empty).
// Instances of one origin with identical arguments are shared where possible, but not always: use `identical`.
struct Named : Type {
  static constexpr TypeKind kKind = TypeKind::Named;
  TypeName* object;                    // of the declaration; instances share their origin's
  Named* origin;                       // this, unless instantiated
  Context* context;                    // where an instance is expanded
  std::span<Type*> typeArgs;           // of an instance
  std::span<TypeParam*> typeParams;    // of a generic type (an instance has its origin's: see typeParamsOf)
  Type* fromRhs = nullptr;             // the declaration's right-hand side; null until it has been looked at
  Type* underlying = nullptr;          // use under(); null until known
  std::vector<Func*> methods;          // declared methods in source order. In an instance: filled on demand, may hold
                                       // nulls. Read through methodCount() and methodAt().
  NameIndex index;                     // of methods; an instance has its origin's
  // A type declared inside a generic function is another type in every instance of that function. `outerParams` are
  // the function's type parameters (its receiver's first); a substitution of them makes an instance with `outerArgs`.
  std::span<TypeParam*> outerParams;
  std::span<Type*> outerArgs;
  Pos instancePos;                     // of an instance: where it was first written; for messages
  uint32_t id = 0;                     // unique in the process; an instance has its own
  bool resolving = false;              // the underlying type is being worked out
  int8_t varSize = -1;                 // whether its size depends on type parameters; -1: not known yet
  Named(TypeName* o, Context* c) : Type(kKind), object(o), origin(this), context(c) {}
  bool isInstance() const { return origin != this; }
  bool isGeneric() const { return origin == this && !typeParams.empty(); }
};

struct Alias : Type {
  static constexpr TypeKind kKind = TypeKind::Alias;
  TypeName* object;
  Alias* origin;                       // this, unless instantiated
  std::span<Type*> typeArgs;
  std::span<TypeParam*> typeParams;
  Type* rhs = nullptr;                 // right-hand side as written (may be another alias); null until known
  explicit Alias(TypeName* o) : Type(kKind), object(o), origin(this) {}
};

// --- The most basic accessors ----------------------------------------------------------------------------------

// The type behind aliases. Never an Alias; invalidType() for aliases that are not resolved (yet).
Type* unalias(Type* t);
// The same, but an alias whose declaration is being looked at is returned itself.
Type* openAlias(Type* t);
// The underlying type: never Named or Alias. A type parameter's underlying type is its constraint interface.
// For a type whose declaration is not complete yet: invalidType().
Type* under(Type* t);
// Methods declared on t's type name (not the method set), expanded for instances.
size_t methodCount(Named* t);
Func* methodAt(Named* t, size_t i);
inline std::span<TypeParam*> typeParamsOf(const Named* t) { return t->origin->typeParams; }

template <typename T>
T* underAs(Type* t) {
  return as<T>(under(t));
}
template <typename T>
T* unaliasAs(Type* t) {
  return as<T>(unalias(t));
}

}  // namespace burrow::types
