// Hash functions for map keys: (address of the key, seed) -> 64 bits.
//
// They are keyed with random numbers drawn at start and never leave the process, so that nobody outside can build keys
// that collide. Where the CPU has AES instructions a few rounds of AES mix the key; elsewhere 64x64->128 multiplications.
//
// Agreement: a 4-byte key of plain memory is hashed by memhash32, an 8-byte one by memhash64, a string by strhash and any
// other plain memory by memhash, wherever it is hashed: in the Hasher that the compiler makes for a map type, in the
// specialised map functions, and in typehash (reflect, interfaces).
#pragma once

#include "mem/env.h"

namespace burrow::rt {

GO_DECL("runtime.memhash", uint64_t, memhash, (const void* p, uint64_t seed, uint64_t n));
GO_DECL("runtime.memhash32", uint64_t, memhash32, (const void* p, uint64_t seed));
GO_DECL("runtime.memhash64", uint64_t, memhash64, (const void* p, uint64_t seed));
GO_DECL("runtime.strhash", uint64_t, strhash, (const GoString* s, uint64_t seed));
// +0 and -0 are equal and hash alike; NaN is unequal to itself and gets a random hash each time.
GO_DECL("runtime.f32hash", uint64_t, f32hash, (const float* p, uint64_t seed));
GO_DECL("runtime.f64hash", uint64_t, f64hash, (const double* p, uint64_t seed));
GO_DECL("runtime.c64hash", uint64_t, c64hash, (const float* p, uint64_t seed));
GO_DECL("runtime.c128hash", uint64_t, c128hash, (const double* p, uint64_t seed));

// Draws the keys and chooses the implementation. Before the first map is made; after the random numbers are seeded.
void alginit() __asm__("runtime.alginit");

// Mixing step for hashes of composed values.
inline uint64_t hashMix(uint64_t a, uint64_t b) {
  const unsigned __int128 m = static_cast<unsigned __int128>(a) * b;
  return uint64_t(m) ^ uint64_t(m >> 64);
}

}  // namespace burrow::rt
