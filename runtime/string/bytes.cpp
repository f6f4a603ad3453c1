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

ALWAYS_INLINE int64_t order(int64_t a, int64_t b) { return (a > b) - (a < b); }

// n bytes, fewer than 8, as a number that compares as they do: big-endian. Where pieces overlap, the bytes that come twice differ
// only if they differed before.
ALWAYS_INLINE uint64_t shortNumber(const uint8_t* p, uint64_t n) {
  if (n >= 4) return uint64_t{__builtin_bswap32(load<uint32_t>(p))} << 32 | __builtin_bswap32(load<uint32_t>(p + n - 4));
  if (n == 0) return 0;
  return uint64_t{p[0]} << 16 | uint64_t{p[n / 2]} << 8 | p[n - 1];
}

// For 16 bytes and more in the shorter one. By itself, so that short strings need no registers for it.
__attribute__((noinline)) int64_t compareLong(GoString a, GoString b, uint64_t n) {
  const uint64_t at =
      cpuWide && n >= 2 * 32 ? firstDifferenceWide(a.data, b.data, n) : search::firstDifference<16>(a.data, b.data, n);
  return at == n ? order(a.len, b.len) : order(a.data[at], b.data[at]);
}

}  // namespace

int64_t cmpstring(GoString a, GoString b) {
  const uint64_t n = uint64_t(minOf(a.len, b.len));
  if (a.data == b.data) return order(a.len, b.len);
  if (n >= 16) return compareLong(a, b, n);
  uint64_t x, y;
  if (n >= 8) {
    x = __builtin_bswap64(load<uint64_t>(a.data));
    y = __builtin_bswap64(load<uint64_t>(b.data));
    if (x == y) {
      x = __builtin_bswap64(load<uint64_t>(a.data + n - 8));
      y = __builtin_bswap64(load<uint64_t>(b.data + n - 8));
    }
  } else {
    x = shortNumber(a.data, n);
    y = shortNumber(b.data, n);
  }
  return x == y ? order(a.len, b.len) : x < y ? -1 : 1;
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
