// Numbers of many words, least significant first: the loops that math/big and crypto/internal/fips140/bigmod spend their
// time in. Four words at a time, so that a carry is taken out of the flags only once in four.
#pragma once

#include <cstdint>

namespace burrow::rt {

// z = x + y * m + a, n words; what is left over above them.
static inline uint64_t addMul(uint64_t* z, const uint64_t* x, const uint64_t* y, int64_t n, uint64_t m, uint64_t a) {
  using Wide = unsigned __int128;
  Wide c = a;
  auto step = [&](int64_t i) {
    c += Wide{y[i]} * m + x[i];
    z[i] = static_cast<uint64_t>(c);
    c >>= 64;
  };
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    step(i);
    step(i + 1);
    step(i + 2);
    step(i + 3);
  }
  for (; i < n; i++) step(i);
  return static_cast<uint64_t>(c);
}

}  // namespace burrow::rt
