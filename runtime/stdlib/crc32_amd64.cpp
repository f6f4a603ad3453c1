// The functions that hash/crc32 has in assembly on amd64. A checksum is a polynomial over GF(2) modulo the generator, its
// bits reversed; the package inverts it before and after.
//
// For the Castagnoli polynomial there is an instruction. It has a latency of three cycles and can begin each cycle, so that
// long inputs are taken as three strands, which the package joins. For the IEEE polynomial the input is folded by carry-less
// multiplication: 128 bits with n bits of input behind them are congruent to
//     upper * (x^(n+64) mod P) + lower * (x^n mod P),
// which is added to what stands n bits further on. Four strands of 128 bits are folded over 512 bits at a time, then into
// one, this over 64 and 32 bits, and what is left is divided by P by multiplying with its inverse (Barrett).
//
// Where the processor multiplies four times 128 bits with one instruction (cpuWideProducts), four such registers are folded over
// 2048 bits at a time and then become the four strands. One register, as in gc, waits for each product before it can begin the next.
#include "mem/env.h"
#include "string/cpu_features.h"

#include <immintrin.h>

#define BURROW_CRC __attribute__((target("sse4.2,pclmul")))
#define BURROW_CRC_WIDE __attribute__((target("avx512f,vpclmulqdq,pclmul"), noinline))
#define BURROW_CRC_WIDE_INLINE __attribute__((target("avx512f,vpclmulqdq,pclmul"), always_inline)) inline
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

// Powers of x modulo P, reversed like everything, 33 bits: over 2048, 512, 128, 64 bits (the second is for the lower half), and P
// itself with its inverse.
constexpr long long kOver2048[] = {0x1322d1430, 0x11542778a};
constexpr long long kOver512[] = {0x1c6e41596, 0x154442bd4};
constexpr long long kOver128[] = {0x0ccaa009e, 0x1751997d0};
constexpr long long kOver64[] = {0, 0x163cd6124};
constexpr long long kDivisor[] = {0x1f7011641, 0x1db710641};

// From this many bytes on the wide registers are worth their beginning and end.
constexpr int64_t kWideFrom = 512;
constexpr int64_t kWideStep = 256;

BURROW_CRC_WIDE_INLINE static __m512i blockWide(const uint8_t* p) { return _mm512_loadu_si512(p); }
BURROW_CRC_WIDE_INLINE static __m512i foldWide(__m512i x, __m512i factors, __m512i next) {
  constexpr int kXor = 0x96;
  return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(x, factors, 0x00), _mm512_clmulepi64_epi128(x, factors, 0x11), next, kXor);
}

// Folds as many multiples of kWideStep as there are into the four strands.
BURROW_CRC_WIDE static void foldWideSteps(uint32_t crc, const uint8_t* p, int64_t n, __m128i* strands) {
  const __m512i over2048 = _mm512_broadcast_i32x4(_mm_set_epi64x(kOver2048[0], kOver2048[1]));
  const __m512i over512 = _mm512_broadcast_i32x4(_mm_set_epi64x(kOver512[0], kOver512[1]));
  __m512i a = _mm512_xor_si512(blockWide(p), _mm512_zextsi128_si512(_mm_cvtsi32_si128(static_cast<int>(crc))));
  __m512i b = blockWide(p + 64), c = blockWide(p + 128), d = blockWide(p + 192);
  for (p += kWideStep, n -= kWideStep; n >= kWideStep; p += kWideStep, n -= kWideStep) {
    a = foldWide(a, over2048, blockWide(p));
    b = foldWide(b, over2048, blockWide(p + 64));
    c = foldWide(c, over2048, blockWide(p + 128));
    d = foldWide(d, over2048, blockWide(p + 192));
  }
  _mm512_storeu_si512(strands, foldWide(foldWide(foldWide(a, over512, b), over512, c), over512, d));
}

// n is a multiple of 16 and at least 64.
BURROW_CRC uint32_t crc32Ieee(uint32_t crc, const uint8_t* p, int64_t n, int64_t) {
  const __m128i over512 = _mm_set_epi64x(kOver512[0], kOver512[1]);
  const __m128i over128 = _mm_set_epi64x(kOver128[0], kOver128[1]);
  const __m128i over64 = _mm_set_epi64x(kOver64[0], kOver64[1]);
  const __m128i divisor = _mm_set_epi64x(kDivisor[0], kDivisor[1]);
  __m128i strands[4];
  if (n >= kWideFrom && cpuWideProducts) {
    foldWideSteps(crc, p, n, strands);
    p += n & -kWideStep, n &= kWideStep - 1;
  } else {
    strands[0] = _mm_xor_si128(block(p), _mm_cvtsi32_si128(static_cast<int>(crc)));
    for (int i = 1; i < 4; i++) strands[i] = block(p + 16 * i);
    p += 64, n -= 64;
  }
  __m128i a = strands[0], b = strands[1], c = strands[2], d = strands[3];
  for (; n >= 64; p += 64, n -= 64) {
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
