// The functions that hash/crc32 has in assembly on amd64. A checksum is a polynomial over GF(2) modulo the generator, its
// bits reversed; the package inverts it before and after.
//
// For the Castagnoli polynomial there is an instruction. It has a latency of three cycles and can begin each cycle, so that
// long inputs are taken as three strands, which the package joins. For the IEEE polynomial the input is folded by carry-less
// multiplication: 128 bits with n bits of input behind them are congruent to
//     upper * (x^(n+64) mod P) + lower * (x^n mod P),
// which is added to what stands n bits further on. Four strands of 128 bits are folded over 512 bits at a time, then into
// one, this over 64 and 32 bits, and what is left is divided by P by multiplying with its inverse (Barrett).
#include "mem/env.h"

#include <immintrin.h>

#define BURROW_CRC __attribute__((target("sse4.2,pclmul")))
#define BURROW_CRC_INLINE __attribute__((target("sse4.2,pclmul"), always_inline)) inline

namespace burrow::rt {

struct ThreeSums {
  uint64_t a, b, c;  // whole words: see cpu.cpp
};

GO_DECL("hash/crc32.castagnoliSSE42", uint32_t, crc32Castagnoli, (uint32_t crc, const uint8_t* p, int64_t n, int64_t));
GO_DECL("hash/crc32.castagnoliSSE42Triple", ThreeSums, crc32CastagnoliTriple,
        (uint32_t a, uint32_t b, uint32_t c, const uint8_t* pa, int64_t, int64_t, const uint8_t* pb, int64_t, int64_t,
         const uint8_t* pc, int64_t, int64_t, uint32_t rounds));
GO_DECL("hash/crc32.ieeeCLMUL", uint32_t, crc32Ieee, (uint32_t crc, const uint8_t* p, int64_t n, int64_t));

static inline uint64_t word(const uint8_t* p) {
  uint64_t w;
  __builtin_memcpy(&w, p, sizeof w);
  return w;
}

BURROW_CRC uint32_t crc32Castagnoli(uint32_t crc, const uint8_t* p, int64_t n, int64_t) {
  uint64_t sum = crc;
  for (; n >= 8; n -= 8, p += 8) sum = _mm_crc32_u64(sum, word(p));
  crc = static_cast<uint32_t>(sum);
  for (; n > 0; n--, p++) crc = _mm_crc32_u8(crc, *p);
  return crc;
}

// 24 bytes of each a round.
BURROW_CRC ThreeSums crc32CastagnoliTriple(uint32_t a, uint32_t b, uint32_t c, const uint8_t* pa, int64_t, int64_t,
                                           const uint8_t* pb, int64_t, int64_t, const uint8_t* pc, int64_t, int64_t,
                                           uint32_t rounds) {
  uint64_t x = a, y = b, z = c;
  for (; rounds > 0; rounds--) {
#pragma unroll
    for (int i = 0; i < 24; i += 8) {
      x = _mm_crc32_u64(x, word(pa + i));
      y = _mm_crc32_u64(y, word(pb + i));
      z = _mm_crc32_u64(z, word(pc + i));
    }
    pa += 24, pb += 24, pc += 24;
  }
  return {x, y, z};
}

BURROW_CRC_INLINE static __m128i block(const uint8_t* p) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
// `factors`: for the lower half of x, which comes first in the input, and for the upper one.
BURROW_CRC_INLINE static __m128i fold(__m128i x, __m128i factors, __m128i next) {
  __m128i product = _mm_xor_si128(_mm_clmulepi64_si128(x, factors, 0x00), _mm_clmulepi64_si128(x, factors, 0x11));
  return _mm_xor_si128(product, next);
}

// n is a multiple of 16 and at least 64.
BURROW_CRC uint32_t crc32Ieee(uint32_t crc, const uint8_t* p, int64_t n, int64_t) {
  // Powers of x modulo P, reversed like everything, 33 bits: over 512, 128, 64 bits; P itself and its inverse.
  const __m128i over512 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
  const __m128i over128 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  const __m128i over64 = _mm_set_epi64x(0, 0x163cd6124);
  const __m128i divisor = _mm_set_epi64x(0x1f7011641, 0x1db710641);
  __m128i a = _mm_xor_si128(block(p), _mm_cvtsi32_si128(static_cast<int>(crc)));
  __m128i b = block(p + 16), c = block(p + 32), d = block(p + 48);
  for (p += 64, n -= 64; n >= 64; p += 64, n -= 64) {
    a = fold(a, over512, block(p));
    b = fold(b, over512, block(p + 16));
    c = fold(c, over512, block(p + 32));
    d = fold(d, over512, block(p + 48));
  }
  a = fold(fold(fold(a, over128, b), over128, c), over128, d);
  for (; n >= 16; p += 16, n -= 16) a = fold(a, over128, block(p));
  // 128 bits to 96, to 64, to 32.
  const __m128i low32 = _mm_set_epi32(0, -1, 0, -1);
  a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, over128, 0x10));
  a = _mm_xor_si128(_mm_srli_si128(a, 4), _mm_clmulepi64_si128(_mm_and_si128(a, low32), over64, 0x00));
  __m128i q = _mm_clmulepi64_si128(_mm_and_si128(a, low32), divisor, 0x10);
  a = _mm_xor_si128(a, _mm_clmulepi64_si128(_mm_and_si128(q, low32), divisor, 0x00));
  return static_cast<uint32_t>(_mm_extract_epi32(a, 1));
}

}  // namespace burrow::rt
