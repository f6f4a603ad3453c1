// The vector functions of math/big that it has in assembly. All work on as many words as z has; z may be x or y, or for the
// shifts overlap x on the side to which they move.
#include "mem/env.h"
#include "stdlib/words.h"
#include "string/cpu_features.h"

#define BURROW_WIDE __attribute__((target("avx2"), noinline))
#define BURROW_WIDE_INLINE __attribute__((target("avx2"), always_inline)) inline

namespace burrow::rt {

using Words = uint64_t*;
using Input = const uint64_t*;

constexpr int64_t kFewWords = 8;  // up to here the shifts go word by word

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

// The shifts take vectors of four words where the processor has them: each word's part from its neighbour comes by a second load,
// one word off. A vector's words are all loaded before any of its places in z is written, as z may be x.
BURROW_WIDE_INLINE static __m256i fourWords(Input p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
BURROW_WIDE_INLINE static void storeFour(Words p, __m256i words) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), words);
}
struct Shifts {
  __m128i by, rest;
};
BURROW_WIDE_INLINE static __m256i leftFour(Input x, Shifts s) {
  return _mm256_or_si256(_mm256_sll_epi64(fourWords(x), s.by), _mm256_srl_epi64(fourWords(x - 1), s.rest));
}
BURROW_WIDE_INLINE static __m256i rightFour(Input x, Shifts s) {
  return _mm256_or_si256(_mm256_srl_epi64(fourWords(x), s.by), _mm256_sll_epi64(fourWords(x + 1), s.rest));
}
BURROW_WIDE_INLINE static Shifts shifts(uint64_t s) {
  return {_mm_cvtsi64_si128(static_cast<int64_t>(s)), _mm_cvtsi64_si128(static_cast<int64_t>(64 - s))};
}
// Words from the top down while four and one below them are left; returns how many are left.
BURROW_WIDE static int64_t leftWide(Words z, Input x, int64_t n, uint64_t s) {
  const Shifts by = shifts(s);
  for (; n > 16; n -= 16) {
    const __m256i a = leftFour(x + n - 4, by), b = leftFour(x + n - 8, by);
    const __m256i c = leftFour(x + n - 12, by), d = leftFour(x + n - 16, by);
    storeFour(z + n - 4, a);
    storeFour(z + n - 8, b);
    storeFour(z + n - 12, c);
    storeFour(z + n - 16, d);
  }
  for (; n > 4; n -= 4) storeFour(z + n - 4, leftFour(x + n - 4, by));
  return n;
}
// Words from the bottom up while four and one above them are left; returns how many that were.
BURROW_WIDE static int64_t rightWide(Words z, Input x, int64_t n, uint64_t s) {
  const Shifts by = shifts(s);
  int64_t i = 0;
  for (; i + 16 < n; i += 16) {
    const __m256i a = rightFour(x + i, by), b = rightFour(x + i + 4, by);
    const __m256i c = rightFour(x + i + 8, by), d = rightFour(x + i + 12, by);
    storeFour(z + i, a);
    storeFour(z + i + 4, b);
    storeFour(z + i + 8, c);
    storeFour(z + i + 12, d);
  }
  for (; i + 4 < n; i += 4) storeFour(z + i, rightFour(x + i, by));
  return i;
}

uint64_t bigLsh(Words z, int64_t n, int64_t, Input x, int64_t, int64_t, uint64_t s) {
  if (n == 0) return 0;
  const uint64_t rest = 64 - s;
  const uint64_t out = x[n - 1] >> rest;
  if (n > kFewWords && cpuWide) n = leftWide(z, x, n, s);
  uint64_t word = x[n - 1];
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
  const uint64_t out = x[0] << rest;
  int64_t i = n > kFewWords && cpuWide ? rightWide(z, x, n, s) : 0;
  uint64_t word = x[i];
  for (; i < n - 1; i++) {
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
