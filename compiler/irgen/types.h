// From the checker's types to IR types.
//
// IR types are concrete, so a checker's type is always looked at together with what its type parameters stand for: an
// `Env`. An instance of a generic declaration is a mapping from that declaration's type parameters to IR types; nothing is
// ever substituted in the checker's own structures. That matters for types declared inside generic functions: they mention
// the function's type parameters without being generic themselves, so that only the Env tells the instances apart.
//
// For every defined IR type the map remembers where it comes from (`NamedInfo`): which declaration, with which arguments,
// and under which Env its methods' signatures are to be read. `TypeId`s are what identifies instances everywhere.
//
// Rejected: types::substitute (it cannot express a local type of an instantiated function, and it makes new objects for
// every instance of a body).
#pragma once

#include "ir/type.h"
#include "types/objects.h"
#include "types/queries.h"

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace burrow::irgen {

using ir::TypeId;
using ir::TypeKind;

// What type parameters stand for in one instance. The empty Env is that of all code that is not generic.
struct Env {
  std::vector<std::pair<const types::TypeParam*, TypeId>> params;
  // How many of these, from the front, the function has; the rest is of a type that is declared in it. None: all.
  std::optional<size_t> functionParams;
  std::unordered_map<const types::Type*, TypeId> cache;

  TypeId lookup(const types::TypeParam* p) const {
    for (const auto& e : params)
      if (e.first == p) return e.second;
    return {};
  }
  void add(std::span<types::TypeParam* const> list, const std::vector<TypeId>& args, size_t from = 0) {
    for (size_t i = 0; i < list.size() && from + i < args.size(); i++) params.emplace_back(list[i], args[from + i]);
  }
};

// Where a defined IR type comes from.
struct NamedInfo {
  types::Named* origin = nullptr;  // the declared type; generic when there are `args`
  std::vector<TypeId> args;
  Env* env = nullptr;     // its own type parameters and, for a local type, those of the enclosing function
  bool instance = false;  // of a generic type, or declared inside an instantiated function: no package owns its code
};

class TypeMap {
 public:
  // `package` is the one that is being lowered: defined types of others are external.
  TypeMap(ir::TypeTable& table, const types::Package& package) : table_(table), package_(package) {}
  TypeMap(const TypeMap&) = delete;
  TypeMap& operator=(const TypeMap&) = delete;

  ir::TypeTable& table() { return table_; }
  Env& noEnv() { return noEnv_; }
  Env& newEnv() { return envs_.emplace_back(); }

  // The IR type. Untyped types become their default types, untyped nil unsafe.Pointer; a Tuple an IR tuple.
  TypeId map(types::Type* t, Env& env);
  // The type of a function; with a receiver type that is the first parameter.
  TypeId signature(const types::Signature* s, Env& env, TypeId receiver = {});
  // The instance of a generic declared type.
  TypeId instance(types::Named* origin, std::vector<TypeId> args, Env& env);

  // Null for types that are not defined ones of a package (and for predeclared ones without methods).
  const NamedInfo* info(TypeId t) const {
    auto it = named_.find(t.value);
    return it == named_.end() ? nullptr : &it->second;
  }
  // Defined types in the order in which they were first met; grows while others are mapped.
  const std::vector<TypeId>& namedTypes() const { return order_; }

  // "[int,main.T]", or nothing.
  // "[A,B]", or "[F;A,B]" with the arguments of the function around a local type; nothing when there are none.
  std::string argsText(const std::vector<TypeId>& args, const std::vector<TypeId>& functionArgs = {}) const;

 private:
  TypeId mapNew(types::Type* t, Env& env);

  ir::TypeTable& table_;
  const types::Package& package_;
  Env noEnv_;
  std::deque<Env> envs_;
  std::unordered_map<uint32_t, NamedInfo> named_;
  std::vector<TypeId> order_;
};

// A package path as symbols spell it: dots of the last element, blanks, quotes and non-ASCII escaped as %xx.
std::string escapePath(std::string_view path);
// The declared function or method whose body a local type stands in is generic.
bool isGenericFunction(const types::Func* f);

}  // namespace burrow::irgen
