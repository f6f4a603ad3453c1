// countByte; see bytes.h.
#include "string/bytes.h"

#include <emmintrin.h>

namespace burrow::rt {

static ALWAYS_INLINE __m128i load16(const uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }

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
