// The block function of crypto/md5, which the package has in assembly.
//
// Each of the 64 steps waits for the one before it, so that only the way from one step's result b to the next counts. What does
// not depend on b (the word of input, the constant, the oldest part of the state) is added before it; where LLVM would put the
// additions into another order, opaque() holds it back. In the second sixteen steps the function b&d | c&~d has two halves with
// no common bit: they are added one by one, the half without b early.
#include "mem/env.h"

namespace burrow::rt {

GO_DECL("crypto/md5.block", void, md5Block, (uint32_t * state, const uint8_t* p, int64_t n, int64_t));

[[gnu::always_inline]] static inline uint32_t opaque(uint32_t x) {
  __asm__("" : "+r"(x));
  return x;
}
[[gnu::always_inline]] static inline uint32_t rotate(uint32_t x, int bits) { return __builtin_rotateleft32(x, bits); }

// floor(2^32 * |sin(i + 1)|)
static constexpr uint32_t kSines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};
static constexpr int kRotations[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

template <int kStep>
[[gnu::always_inline]] static inline uint32_t step(uint32_t a, uint32_t b, uint32_t c, uint32_t d, const uint8_t* p) {
  constexpr int kRound = kStep / 16;
  constexpr int kWord = (kRound == 0 ? kStep : kRound == 1 ? 5 * kStep + 1 : kRound == 2 ? 3 * kStep + 5 : 7 * kStep) % 16;
  uint32_t word;
  __builtin_memcpy(&word, p + 4 * kWord, sizeof word);
  uint32_t sum = opaque(a + word + kSines[kStep]);
  if constexpr (kRound == 0) {
    sum += ((c ^ d) & b) ^ d;
  } else if constexpr (kRound == 1) {
    sum = opaque(sum + (c & ~d)) + (b & d);
  } else if constexpr (kRound == 2) {
    sum += opaque(c ^ d) ^ b;
  } else {
    sum += c ^ (b | ~d);
  }
  return rotate(sum, kRotations[kRound][kStep % 4]) + b;
}

// kStep and the three after it, and so on to the last.
template <int kStep = 0>
[[gnu::always_inline]] static inline void steps(uint32_t& a, uint32_t& b, uint32_t& c, uint32_t& d, const uint8_t* p) {
  if constexpr (kStep < 64) {
    a = step<kStep>(a, b, c, d, p);
    d = step<kStep + 1>(d, a, b, c, p);
    c = step<kStep + 2>(c, d, a, b, p);
    b = step<kStep + 3>(b, c, d, a, p);
    steps<kStep + 4>(a, b, c, d, p);
  }
}

void md5Block(uint32_t* state, const uint8_t* p, int64_t n, int64_t) {
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  for (; n >= 64; p += 64, n -= 64) {
    const uint32_t a0 = a, b0 = b, c0 = c, d0 = d;
    steps(a, b, c, d, p);
    a += a0, b += b0, c += c0, d += d0;
  }
  state[0] = a, state[1] = b, state[2] = c, state[3] = d;
}

}  // namespace burrow::rt
