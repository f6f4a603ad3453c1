// Calling Go func values from the runtime: equality and hash functions of types, deferred and go'ed closures.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

using EqualFn = bool GOABI (*)(const void*, const void*);
using HashFn = uint64_t GOABI (*)(const void*, uint64_t);

// The closure object travels in R10, as in a call from Go code (docs/contract.md).
#ifdef BURROW_HOSTED
#define BURROW_CALL_CLOSURE(call, closure) (call)
#else
#define BURROW_CALL_CLOSURE(call, closure) __builtin_call_with_static_chain(call, closure)
#endif

ALWAYS_INLINE bool callEqual(FuncVal* fn, const void* a, const void* b) {
  return BURROW_CALL_CLOSURE(reinterpret_cast<EqualFn>(fn->code)(a, b), static_cast<void*>(fn));
}
ALWAYS_INLINE uint64_t callHasher(FuncVal* fn, const void* key, uint64_t seed) {
  return BURROW_CALL_CLOSURE(reinterpret_cast<HashFn>(fn->code)(key, seed), static_cast<void*>(fn));
}

}  // namespace burrow::rt
