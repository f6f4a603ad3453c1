// The vector functions of math/big that it has in assembly. All work on as many words as z has; z may be x or y, or for the
// shifts overlap x on the side to which they move.
#include "mem/env.h"
#include "stdlib/words.h"

namespace burrow::rt {

using Words = uint64_t*;
using Input = const uint64_t*;

GO_DECL("math/big.addVV", uint64_t, bigAdd,
        (Words z, int64_t n, int64_t, Input x, int64_t, int64_t, Input y, int64_t, int64_t));
GO_DECL("math/big.subVV", uint64_t, bigSub,
        (Words z, int64_t n, int64_t, Input x, int64_t, int64_t, Input y, int64_t, int64_t));
GO_DECL("math/big.lshVU", uint64_t, bigLsh, (Words z, int64_t n, int64_t, Input x, int64_t, int64_t, uint64_t s));
GO_DECL("math/big.rshVU", uint64_t, bigRsh, (Words z, int64_t n, int64_t, Input x, int64_t, int64_t, uint64_t s));
GO_DECL("math/big.mulAddVWW", uint64_t, bigMulAdd,
        (Words z, int64_t n, int64_t, Input x, int64_t, int64_t, uint64_t m, uint64_t a));
GO_DECL("math/big.addMulVVWW", uint64_t, bigAddMul,
        (Words z, int64_t n, int64_t, Input x, int64_t, int64_t, Input y, int64_t, int64_t, uint64_t m, uint64_t a));

// Takes the carry through n words.
template <typename Step>
static inline uint64_t chain(int64_t n, Step step) {
  Carry carry = 0;
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
#pragma clang loop unroll(full)
    for (int64_t j = 0; j < 8; j++) carry = step(i + j, carry);
  }
  for (; i < n; i++) carry = step(i, carry);
  return carry;
}

uint64_t bigAdd(Words z, int64_t n, int64_t, Input x, int64_t, int64_t, Input y, int64_t, int64_t) {
  return chain(n, [=](int64_t i, Carry carry) { return addWord(carry, x[i], y[i], &z[i]); });
}
uint64_t bigSub(Words z, int64_t n, int64_t, Input x, int64_t, int64_t, Input y, int64_t, int64_t) {
  return chain(n, [=](int64_t i, Carry borrow) { return subtractWord(borrow, x[i], y[i], &z[i]); });
}

uint64_t bigLsh(Words z, int64_t n, int64_t, Input x, int64_t, int64_t, uint64_t s) {
  if (n == 0) return 0;
  const uint64_t rest = 64 - s;
  uint64_t word = x[n - 1];
  const uint64_t out = word >> rest;
  for (int64_t i = n - 1; i > 0; i--) {
    const uint64_t next = x[i - 1];
    z[i] = word << s | next >> rest;
    word = next;
  }
  z[0] = word << s;
  return out;
}
uint64_t bigRsh(Words z, int64_t n, int64_t, Input x, int64_t, int64_t, uint64_t s) {
  if (n == 0) return 0;
  const uint64_t rest = 64 - s;
  uint64_t word = x[0];
  const uint64_t out = word << rest;
  for (int64_t i = 0; i < n - 1; i++) {
    const uint64_t next = x[i + 1];
    z[i] = word >> s | next << rest;
    word = next;
  }
  z[n - 1] = word >> s;
  return out;
}

uint64_t bigMulAdd(Words z, int64_t n, int64_t, Input x, int64_t, int64_t, uint64_t m, uint64_t a) {
  return mulAdd(z, x, n, m, a);
}
uint64_t bigAddMul(Words z, int64_t n, int64_t, Input x, int64_t, int64_t, Input y, int64_t, int64_t, uint64_t m,
                   uint64_t a) {
  return addMul(z, x, y, n, m, a);
}

}  // namespace burrow::rt
