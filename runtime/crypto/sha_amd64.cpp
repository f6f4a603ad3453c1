// The functions that crypto/sha1 and crypto/internal/fips140/sha256 and sha512 have in assembly on amd64. Their names come
// from what gc's use: blockAVX2 is called on processors with AVX2 and BMI, blockSHANI on those with the SHA extensions.
#include <immintrin.h>

#define BURROW_SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))
#include "crypto/sha_rounds.h"
#include "mem/env.h"

#define BURROW_BMI __attribute__((target("avx2,bmi,bmi2")))
#define BURROW_SHANI __attribute__((target("sha,sse4.1,ssse3")))
#define BURROW_SHANI_INLINE __attribute__((target("sha,sse4.1,ssse3"), always_inline)) inline

namespace burrow::rt {

GO_DECL("crypto/sha1.blockAVX2", void, sha1BlockBmi, (uint32_t * state, const uint8_t* p, int64_t n, int64_t));
GO_DECL("crypto/sha1.blockSHANI", void, sha1BlockShaNi, (uint32_t * state, const uint8_t* p, int64_t n, int64_t));
GO_DECL("crypto/internal/fips140/sha256.blockAVX2", void, sha256BlockBmi,
        (uint32_t * state, const uint8_t* p, int64_t n, int64_t));
GO_DECL("crypto/internal/fips140/sha256.blockSHANI", void, sha256BlockShaNi,
        (uint32_t * state, const uint8_t* p, int64_t n, int64_t));
GO_DECL("crypto/internal/fips140/sha512.blockAVX2", void, sha512BlockBmi,
        (uint64_t * state, const uint8_t* p, int64_t n, int64_t));

struct ShaOps {
  using Vector = __m128i;
  BURROW_SHANI_INLINE static Vector words(uint32_t top, uint32_t b, uint32_t c, uint32_t d) {
    return _mm_set_epi32(static_cast<int>(top), static_cast<int>(b), static_cast<int>(c), static_cast<int>(d));
  }
  BURROW_SHANI_INLINE static Vector load(const void* p) { return _mm_loadu_si128(static_cast<const Vector*>(p)); }
  BURROW_SHANI_INLINE static void store(void* p, Vector v) { _mm_storeu_si128(static_cast<Vector*>(p), v); }
  BURROW_SHANI_INLINE static Vector loadWords(const void* p) {
    return _mm_shuffle_epi8(load(p), _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
  }
  BURROW_SHANI_INLINE static Vector loadReversed(const void* p) {
    return _mm_shuffle_epi8(load(p), _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  }
  BURROW_SHANI_INLINE static Vector add(Vector a, Vector b) { return _mm_add_epi32(a, b); }
  BURROW_SHANI_INLINE static Vector exclusive(Vector a, Vector b) { return _mm_xor_si128(a, b); }
  BURROW_SHANI_INLINE static Vector upperHalf(Vector v) { return _mm_shuffle_epi32(v, 0x0e); }
  BURROW_SHANI_INLINE static Vector shiftIn(Vector high, Vector low) { return _mm_alignr_epi8(high, low, 4); }
  BURROW_SHANI_INLINE static Vector sha256Rounds(Vector cdgh, Vector abef, Vector k) {
    return _mm_sha256rnds2_epu32(cdgh, abef, k);
  }
  BURROW_SHANI_INLINE static Vector sha256Message1(Vector a, Vector b) { return _mm_sha256msg1_epu32(a, b); }
  BURROW_SHANI_INLINE static Vector sha256Message2(Vector a, Vector b) { return _mm_sha256msg2_epu32(a, b); }
  template <int kFunction>
  BURROW_SHANI_INLINE static Vector sha1Rounds(Vector abcd, Vector e) {
    return _mm_sha1rnds4_epu32(abcd, e, kFunction);
  }
  BURROW_SHANI_INLINE static Vector sha1NextE(Vector abcd, Vector w) { return _mm_sha1nexte_epu32(abcd, w); }
  BURROW_SHANI_INLINE static Vector sha1Message1(Vector a, Vector b) { return _mm_sha1msg1_epu32(a, b); }
  BURROW_SHANI_INLINE static Vector sha1Message2(Vector a, Vector b) { return _mm_sha1msg2_epu32(a, b); }
};

BURROW_BMI void sha1BlockBmi(uint32_t* state, const uint8_t* p, int64_t n, int64_t) { sha::sha1Blocks(state, p, n); }
BURROW_BMI void sha256BlockBmi(uint32_t* state, const uint8_t* p, int64_t n, int64_t) { sha::sha2Blocks(state, p, n); }
BURROW_BMI void sha512BlockBmi(uint64_t* state, const uint8_t* p, int64_t n, int64_t) { sha::sha2Blocks(state, p, n); }
BURROW_SHANI void sha1BlockShaNi(uint32_t* state, const uint8_t* p, int64_t n, int64_t) {
  sha::sha1Blocks(state, p, n, ShaOps());
}
BURROW_SHANI void sha256BlockShaNi(uint32_t* state, const uint8_t* p, int64_t n, int64_t) {
  sha::sha256Blocks(state, p, n, ShaOps());
}

}  // namespace burrow::rt
