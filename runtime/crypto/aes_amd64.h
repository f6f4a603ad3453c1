// AES rounds with the processor's own instructions, for one block or several at once.
//
// A round has a latency of some cycles and a throughput of one or two a cycle: blocks that do not depend on each other go
// through the rounds side by side. The functions are inlined into callers that carry the same target attribute; they use
// SSE forms only, which is what the library's test for hardware support promises.
#pragma once

#include <immintrin.h>

#include <cstdint>

#define BURROW_AES __attribute__((target("aes,pclmul,sse4.1,ssse3")))
#define BURROW_AES_INLINE __attribute__((target("aes,pclmul,sse4.1,ssse3"), always_inline)) inline

namespace burrow::rt {

BURROW_AES_INLINE static __m128i load(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
BURROW_AES_INLINE static void store(void* p, __m128i v) { _mm_storeu_si128(static_cast<__m128i*>(p), v); }
// Bytes in the other order: AES counters and GHASH count from the big end.
BURROW_AES_INLINE static __m128i swapBytes(__m128i v) {
  return _mm_shuffle_epi8(v, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

// The N blocks through all rounds; `keys` holds rounds + 1 round keys.
template <int N>
BURROW_AES_INLINE static void aesEncrypt(const uint32_t* keys, int64_t rounds, __m128i (&b)[N]) {
  __m128i key = load(keys);
#pragma unroll
  for (int i = 0; i < N; i++) b[i] = _mm_xor_si128(b[i], key);
#pragma clang loop unroll(disable)
  for (int64_t r = 1; r < rounds; r++) {
    key = load(keys + 4 * r);
#pragma unroll
    for (int i = 0; i < N; i++) b[i] = _mm_aesenc_si128(b[i], key);
  }
  key = load(keys + 4 * rounds);
#pragma unroll
  for (int i = 0; i < N; i++) b[i] = _mm_aesenclast_si128(b[i], key);
}

}  // namespace burrow::rt
