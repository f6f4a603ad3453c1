// What all packages of a compilation share: the arena that types live in and the table of instantiated types.
//
// One `Context` serves a whole compilation. It is not thread-safe: packages are checked one after the other, and queries
// that may expand an instance or compute a type set (under, methodAt, identical, ...) need the context to themselves.
//
// Instances are looked up by a hash of origin and arguments, so that `List[int]` written in a hundred places is one
// `Named`, and its fields and methods are substituted once.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "source/arena.h"
#include "types/objects.h"
#include "types/types.h"

namespace burrow::types {

class Context {
 public:
  explicit Context(source::Arena& arena) : arena_(arena) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  source::Arena& arena() { return arena_; }

  // The instance of `origin` with these arguments, made when there is none yet. Neither the number of arguments nor
  // the constraints are checked (see instantiate in queries.h for that).
  // The lists are copied. `outerArgs`: see Named::outerParams; empty when those stay as they are.
  Named* instance(Named* origin, std::span<Type* const> typeArgs, std::span<Type* const> outerArgs = {});
  Alias* aliasInstance(Alias* origin, std::span<Type* const> typeArgs);

  Named* newNamed(TypeName* object);
  // A type parameter; also becomes the type of `object`.
  TypeParam* newTypeParam(TypeName* object, uint32_t index, Type* bound);
  std::span<Type*> copyTypes(std::span<Type* const> list) {
    return arena_.copy(std::vector<Type*>(list.begin(), list.end()));
  }
  Tuple* newTuple(const std::vector<Var*>& vars) { return arena_.make<Tuple>(arena_.copy(vars)); }

 private:
  source::Arena& arena_;
  std::unordered_map<uint64_t, std::vector<Type*>> instances_;  // Named and Alias instances by hash
};

}  // namespace burrow::types
