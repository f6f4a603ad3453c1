// memequal, cmpstring, indexByte, countByte; see bytes.h.
#include "string/bytes.h"

#include <emmintrin.h>

namespace burrow::rt {

namespace {

ALWAYS_INLINE __m128i load16(const uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }
template <class T>
ALWAYS_INLINE T load(const uint8_t* p) {
  T v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
// Bit i set: byte i is equal.
ALWAYS_INLINE unsigned equalMask(const uint8_t* a, const uint8_t* b) {
  return unsigned(_mm_movemask_epi8(_mm_cmpeq_epi8(load16(a), load16(b))));
}

// The order of a and b in their first n bytes, as a negative, zero or positive number.
ALWAYS_INLINE int64_t compareBytes(const uint8_t* a, const uint8_t* b, uint64_t n) {
  uint64_t i = 0;
  if (n >= 16) {
    for (; i + 16 <= n; i += 16) {
      const unsigned m = equalMask(a + i, b + i);
      if (m != 0xffff) {
        const unsigned at = unsigned(__builtin_ctz(~m));
        return int64_t(a[i + at]) - int64_t(b[i + at]);
      }
    }
    if (i == n) return 0;
    i = n - 16;
    const unsigned m = equalMask(a + i, b + i);
    if (m == 0xffff) return 0;
    const unsigned at = unsigned(__builtin_ctz(~m));
    return int64_t(a[i + at]) - int64_t(b[i + at]);
  }
  if (n >= 8) {
    // Big-endian numbers compare as their bytes do.
    uint64_t x = __builtin_bswap64(load<uint64_t>(a)), y = __builtin_bswap64(load<uint64_t>(b));
    if (x != y) return x < y ? -1 : 1;
    x = __builtin_bswap64(load<uint64_t>(a + n - 8));
    y = __builtin_bswap64(load<uint64_t>(b + n - 8));
    return x == y ? 0 : x < y ? -1 : 1;
  }
  for (; i < n; i++) {
    if (a[i] != b[i]) return int64_t(a[i]) - int64_t(b[i]);
  }
  return 0;
}

}  // namespace

bool memequal(const void* pa, const void* pb, uint64_t n) {
  auto* a = static_cast<const uint8_t*>(pa);
  auto* b = static_cast<const uint8_t*>(pb);
  if (a == b) return true;
  if (n >= 16) {
    uint64_t i = 0;
    for (; i + 64 <= n; i += 64) {
      const __m128i e0 = _mm_cmpeq_epi8(load16(a + i), load16(b + i));
      const __m128i e1 = _mm_cmpeq_epi8(load16(a + i + 16), load16(b + i + 16));
      const __m128i e2 = _mm_cmpeq_epi8(load16(a + i + 32), load16(b + i + 32));
      const __m128i e3 = _mm_cmpeq_epi8(load16(a + i + 48), load16(b + i + 48));
      if (_mm_movemask_epi8(_mm_and_si128(_mm_and_si128(e0, e1), _mm_and_si128(e2, e3))) != 0xffff) return false;
    }
    for (; i + 16 <= n; i += 16) {
      if (equalMask(a + i, b + i) != 0xffff) return false;
    }
    return i == n || equalMask(a + n - 16, b + n - 16) == 0xffff;
  }
  if (n >= 8) {
    return ((load<uint64_t>(a) ^ load<uint64_t>(b)) | (load<uint64_t>(a + n - 8) ^ load<uint64_t>(b + n - 8))) == 0;
  }
  if (n >= 4) {
    return ((load<uint32_t>(a) ^ load<uint32_t>(b)) | (load<uint32_t>(a + n - 4) ^ load<uint32_t>(b + n - 4))) == 0;
  }
  if (n >= 2) {
    return ((load<uint16_t>(a) ^ load<uint16_t>(b)) | (load<uint16_t>(a + n - 2) ^ load<uint16_t>(b + n - 2))) == 0;
  }
  return n == 0 || *a == *b;
}

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
