// Equality and hashing of values whose type is known only at run time.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

// x == y for interface values whose types are known to be equal; panics "comparing uncomparable type T".
GO_DECL("runtime.efaceeq", bool, efaceeq, (const Type* type, const void* x, const void* y));
GO_DECL("runtime.ifaceeq", bool, ifaceeq, (const ITab* tab, const void* x, const void* y));

// Hash of *p, an interface value with or without methods; panics "hash of unhashable type T".
GO_DECL("runtime.interhash", uint64_t, interhash, (const Iface* p, uint64_t seed));
GO_DECL("runtime.nilinterhash", uint64_t, nilinterhash, (const Eface* p, uint64_t seed));
// Hash of the value of `type` at p; agrees with the Hasher that the compiler makes for the type.
GO_DECL("runtime.typehash", uint64_t, typehash, (const Type* type, const void* p, uint64_t seed));

// The type in the value of an interface type, and where its data is: *data is the address of a value of the type.
inline const Type* ifaceType(const abi::InterfaceType* it, const void* p, const void** data) {
  const Type* t;
  if (it->methodCount == 0) {
    t = static_cast<const Eface*>(p)->type;
  } else {
    auto* tab = static_cast<const Iface*>(p)->tab;
    t = tab ? tab->type : nullptr;
  }
  auto* e = static_cast<const Eface*>(p);
  if (t) *data = t->isDirectIface() ? static_cast<const void*>(&e->data) : e->data;
  return t;
}

}  // namespace burrow::rt
