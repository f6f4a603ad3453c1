// The table of instances; creation of declared types and type parameters.
#include "types/context.h"

#include <atomic>

#include "types/queries.h"

namespace burrow::types {

// Identities are unique in the process, so that types of several contexts never collide in a hash table.
static uint32_t nextId() {
  static std::atomic<uint32_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

static uint64_t mix(uint64_t h, uint64_t v) { return (h ^ v) * 0x9E3779B97F4A7C15u + (h >> 29); }

static uint64_t hashInstance(uint64_t origin, std::span<Type* const> args, std::span<Type* const> outer) {
  uint64_t h = mix(0x517CC1B727220A95u, origin);
  for (Type* t : args) h = mix(h, hashType(t));
  for (Type* t : outer) h = mix(h, hashType(t));
  return h;
}

static bool sameTypes(std::span<Type* const> a, std::span<Type* const> b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++)
    if (!identical(a[i], b[i])) return false;
  return true;
}

Named* Context::newNamed(TypeName* object) {
  Named* n = arena_.make<Named>(object, this);
  n->id = nextId();
  if (object->type == nullptr) object->type = n;
  return n;
}

TypeParam* Context::newTypeParam(TypeName* object, uint32_t index, Type* bound) {
  TypeParam* p = arena_.make<TypeParam>(object);
  p->id = nextId();
  p->index = index;
  p->bound = bound;
  p->context = this;
  if (object->type == nullptr) object->type = p;
  return p;
}

Named* Context::instance(Named* origin, std::span<Type* const> typeArgs, std::span<Type* const> outerArgs) {
  uint64_t h = hashInstance(origin->id, typeArgs, outerArgs);
  // `identical` may make instances and so move the table: walk by index.
  for (size_t i = 0; i < instances_[h].size(); i++) {
    Type* t = instances_[h][i];
    auto* n = as<Named>(t);
    if (n != nullptr && n->origin == origin && sameTypes(n->typeArgs, typeArgs) && sameTypes(n->outerArgs, outerArgs))
      return n;
  }
  Named* n = arena_.make<Named>(origin->object, this);
  n->id = nextId();
  n->origin = origin;
  n->typeArgs = copyTypes(typeArgs);
  n->outerArgs = copyTypes(outerArgs);
  instances_[h].push_back(n);
  return n;
}

Alias* Context::aliasInstance(Alias* origin, std::span<Type* const> typeArgs) {
  uint64_t h = hashInstance(reinterpret_cast<uintptr_t>(origin), typeArgs, {});
  for (Type* t : std::vector<Type*>(instances_[h])) {
    auto* a = as<Alias>(t);
    if (a != nullptr && a->origin == origin && sameTypes(a->typeArgs, typeArgs)) return a;
  }
  Alias* a = arena_.make<Alias>(origin->object);
  a->origin = origin;
  a->typeArgs = copyTypes(typeArgs);
  TypeParamMap map(origin->typeParams, typeArgs);
  a->rhs = origin->rhs == nullptr ? invalidType() : substitute(*this, origin->rhs, map);
  if (origin->rhs != nullptr) instances_[h].push_back(a);
  return a;
}

}  // namespace burrow::types
