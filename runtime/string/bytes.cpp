// cmpstring, indexByte, countByte; see bytes.h.
#include "string/bytes.h"

#include <emmintrin.h>

#include "string/cpu_features.h"
#include "string/search.h"

namespace burrow::rt {

namespace {

ALWAYS_INLINE __m128i load16(const uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }
template <class T>
ALWAYS_INLINE T load(const uint8_t* p) {
  T v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
__attribute__((target("avx2,bmi"))) uint64_t firstDifferenceWide(const uint8_t* a, const uint8_t* b, uint64_t n) {
  return search::firstDifference<32>(a, b, n);
}

// The order of a and b in their first n bytes, as a negative, zero or positive number.
ALWAYS_INLINE int64_t compareBytes(const uint8_t* a, const uint8_t* b, uint64_t n) {
  if (n >= 16) {
    const uint64_t at = cpuWide && n >= 2 * 32 ? firstDifferenceWide(a, b, n) : search::firstDifference<16>(a, b, n);
    return at == n ? 0 : int64_t(a[at]) - int64_t(b[at]);
  }
  if (n >= 8) {
    // Big-endian numbers compare as their bytes do.
    uint64_t x = __builtin_bswap64(load<uint64_t>(a)), y = __builtin_bswap64(load<uint64_t>(b));
    if (x != y) return x < y ? -1 : 1;
    x = __builtin_bswap64(load<uint64_t>(a + n - 8));
    y = __builtin_bswap64(load<uint64_t>(b + n - 8));
    return x == y ? 0 : x < y ? -1 : 1;
  }
  for (uint64_t i = 0; i < n; i++) {
    if (a[i] != b[i]) return int64_t(a[i]) - int64_t(b[i]);
  }
  return 0;
}

}  // namespace

int64_t cmpstring(GoString a, GoString b) {
  const int64_t n = minOf(a.len, b.len);
  if (a.data != b.data) {
    const int64_t r = compareBytes(a.data, b.data, uint64_t(n));
    if (r != 0) return r < 0 ? -1 : 1;
  }
  return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

int64_t indexByte(const uint8_t* p, int64_t n, uint8_t c) {
  if (n >= 16) {
    const __m128i want = _mm_set1_epi8(char(c));
    int64_t i = 0;
    for (; i + 16 <= n; i += 16) {
      const unsigned m = unsigned(_mm_movemask_epi8(_mm_cmpeq_epi8(load16(p + i), want)));
      if (m) return i + __builtin_ctz(m);
    }
    if (i == n) return -1;
    // The last block overlaps bytes that are known not to be c.
    const unsigned m = unsigned(_mm_movemask_epi8(_mm_cmpeq_epi8(load16(p + n - 16), want)));
    return m ? n - 16 + __builtin_ctz(m) : -1;
  }
  for (int64_t i = 0; i < n; i++) {
    if (p[i] == c) return i;
  }
  return -1;
}

int64_t countByte(const uint8_t* p, int64_t n, uint8_t c) {
  const __m128i want = _mm_set1_epi8(char(c));
  int64_t i = 0, count = 0;
  while (i + 16 <= n) {
    // A match is -1 in its byte lane; up to 255 of them fit before the lanes are added up.
    __m128i lanes = _mm_setzero_si128();
    for (unsigned k = 0; k < 255 && i + 16 <= n; k++, i += 16) {
      lanes = _mm_sub_epi8(lanes, _mm_cmpeq_epi8(load16(p + i), want));
    }
    const __m128i sums = _mm_sad_epu8(lanes, _mm_setzero_si128());
    count += _mm_cvtsi128_si64(sums) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums));
  }
  for (; i < n; i++) count += p[i] == c;
  return count;
}

}  // namespace burrow::rt
