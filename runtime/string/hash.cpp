// Key hashing with AES rounds or wide multiplications; see hash.h.
//
// The AES way keeps one to four lanes of 16 bytes. A lane starts as a secret key mixed with seed and length, takes in its
// data, and is then mixed by three keyed rounds: after two every input bit reaches all of the lane, the third hides what
// structure is left. Up to 64 bytes are covered by overlapping blocks without a loop:
//
//     n <= 16    one block (shorter keys: two overlapping halves put together, which with the length in the seed is unique)
//     n <= 32    the first and the last 16 bytes
//     n <= 64    two from the front, two from the end
//     more       four lanes over 64 bytes at a time, then the last 64
//
// The other way does the same with pairs of 8 bytes and 64x64->128 bit products.
#include "string/hash.h"

#include <immintrin.h>

#include "string/cpu_features.h"

namespace burrow::rt {

namespace {

#define AES_TARGET __attribute__((target("aes,sse4.1")))

alignas(16) uint64_t aesKeys[8];  // four round and lane keys
uint64_t mulKeys[4];              // odd

template <class T>
ALWAYS_INLINE T load(const uint8_t* p) {
  T v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// Up to 16 bytes as two words, without reading beyond them. Different contents of one length give different words.
ALWAYS_INLINE void loadShort(const uint8_t* p, uint64_t n, uint64_t* lo, uint64_t* hi) {
  if (n >= 8) {
    *lo = load<uint64_t>(p);
    *hi = load<uint64_t>(p + n - 8);
  } else if (n >= 4) {
    *lo = load<uint32_t>(p);
    *hi = load<uint32_t>(p + n - 4);
  } else if (n > 0) {
    *lo = uint64_t(p[0]) | uint64_t(p[n / 2]) << 8 | uint64_t(p[n - 1]) << 16;
    *hi = 0;
  } else {
    *lo = *hi = 0;
  }
}

// ---- AES

AES_TARGET ALWAYS_INLINE __m128i aesKey(unsigned i) {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(aesKeys) + i);
}
AES_TARGET ALWAYS_INLINE __m128i block(const uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }
AES_TARGET ALWAYS_INLINE __m128i lane(uint64_t seed, uint64_t n, unsigned key) {
  const __m128i s = _mm_xor_si128(_mm_set_epi64x(int64_t(n), int64_t(seed)), aesKey(key));
  return _mm_aesenc_si128(s, aesKey((key + 1) % 4));
}
AES_TARGET ALWAYS_INLINE __m128i finish(__m128i x) {
  x = _mm_aesenc_si128(x, aesKey(1));
  x = _mm_aesenc_si128(x, aesKey(2));
  return _mm_aesenc_si128(x, aesKey(3));
}
AES_TARGET ALWAYS_INLINE uint64_t low(__m128i x) { return uint64_t(_mm_cvtsi128_si64(x)); }

AES_TARGET uint64_t aesHash(const uint8_t* p, uint64_t seed, uint64_t n) {
  const __m128i s0 = lane(seed, n, 0);
  if (n <= 16) {
    uint64_t lo, hi;
    loadShort(p, n, &lo, &hi);
    return low(finish(_mm_xor_si128(s0, _mm_set_epi64x(int64_t(hi), int64_t(lo)))));
  }
  const __m128i s1 = lane(seed, n, 1);
  if (n <= 32) {
    const __m128i a = finish(_mm_xor_si128(s0, block(p)));
    const __m128i b = finish(_mm_xor_si128(s1, block(p + n - 16)));
    return low(_mm_xor_si128(a, b));
  }
  const __m128i s2 = lane(seed, n, 2), s3 = lane(seed, n, 3);
  __m128i v0 = s0, v1 = s1, v2 = s2, v3 = s3;
  if (n > 64) {
    const uint8_t* end = p + n - 64;
    do {
      // The data is the round's key: no two blocks can cancel out without knowing the state.
      v0 = _mm_aesenc_si128(_mm_aesenc_si128(v0, block(p)), s0);
      v1 = _mm_aesenc_si128(_mm_aesenc_si128(v1, block(p + 16)), s1);
      v2 = _mm_aesenc_si128(_mm_aesenc_si128(v2, block(p + 32)), s2);
      v3 = _mm_aesenc_si128(_mm_aesenc_si128(v3, block(p + 48)), s3);
      p += 64;
    } while (p < end);
    p = end;
    n = 64;
  }
  const __m128i a = finish(_mm_xor_si128(v0, block(p)));
  const __m128i b = finish(_mm_xor_si128(v1, block(p + 16)));
  const __m128i c = finish(_mm_xor_si128(v2, block(p + n - 32)));
  const __m128i d = finish(_mm_xor_si128(v3, block(p + n - 16)));
  return low(_mm_xor_si128(_mm_xor_si128(a, b), _mm_xor_si128(c, d)));
}

AES_TARGET uint64_t aesHashWord(uint64_t word, uint64_t seed) {
  return low(finish(_mm_xor_si128(_mm_set_epi64x(int64_t(seed), int64_t(word)), aesKey(0))));
}

// ---- multiplications

ALWAYS_INLINE uint64_t mulHashWord(uint64_t word, uint64_t seed) {
  return hashMix(hashMix(word ^ mulKeys[1], seed ^ mulKeys[0]) ^ word, mulKeys[2]);
}

uint64_t mulHash(const uint8_t* p, uint64_t seed, uint64_t n) {
  uint64_t h = seed ^ mulKeys[0];
  uint64_t a, b;
  const uint64_t total = n;
  if (n <= 16) {
    loadShort(p, n, &a, &b);
  } else {
    if (n > 48) {
      uint64_t h1 = h ^ mulKeys[1], h2 = h ^ mulKeys[2];
      for (; n > 48; p += 48, n -= 48) {
        h = hashMix(load<uint64_t>(p) ^ mulKeys[1], load<uint64_t>(p + 8) ^ h);
        h1 = hashMix(load<uint64_t>(p + 16) ^ mulKeys[2], load<uint64_t>(p + 24) ^ h1);
        h2 = hashMix(load<uint64_t>(p + 32) ^ mulKeys[3], load<uint64_t>(p + 40) ^ h2);
      }
      h ^= h1 ^ h2;
    }
    for (; n > 16; p += 16, n -= 16) h = hashMix(load<uint64_t>(p) ^ mulKeys[1], load<uint64_t>(p + 8) ^ h);
    // The last 16 bytes; some of them again when n is smaller.
    a = load<uint64_t>(p + n - 16);
    b = load<uint64_t>(p + n - 8);
  }
  return hashMix(hashMix(a ^ mulKeys[1], b ^ h) ^ mulKeys[2] ^ total, mulKeys[3] ^ seed);
}

// Factors for values that hash by hand: any large odd numbers.
constexpr uint64_t kMix0 = 0x9e3779b97f4a7c15, kMix1 = 0xd1342543de82ef95;

template <class T>
uint64_t floatHash(const T* p, uint64_t seed) {
  const T f = *p;
  if (f == 0) return kMix1 * (kMix0 ^ seed);
  if (f != f) return kMix1 * (kMix0 ^ seed ^ rand());
  return sizeof(T) == 4 ? memhash32(p, seed) : memhash64(p, seed);
}

}  // namespace

void alginit() {
  cpuinit();
  for (uint64_t& k : aesKeys) k = rand();
  for (uint64_t& k : mulKeys) k = rand() | 1;
}

uint64_t memhash(const void* p, uint64_t seed, uint64_t n) {
  auto* b = static_cast<const uint8_t*>(p);
  return LIKELY(cpuAes) ? aesHash(b, seed, n) : mulHash(b, seed, n);
}
uint64_t memhash32(const void* p, uint64_t seed) {
  const uint64_t w = load<uint32_t>(static_cast<const uint8_t*>(p));
  return LIKELY(cpuAes) ? aesHashWord(w, seed) : mulHashWord(w, seed);
}
uint64_t memhash64(const void* p, uint64_t seed) {
  const uint64_t w = load<uint64_t>(static_cast<const uint8_t*>(p));
  return LIKELY(cpuAes) ? aesHashWord(w, seed) : mulHashWord(w, seed);
}
uint64_t strhash(const GoString* s, uint64_t seed) { return memhash(s->data, seed, uint64_t(s->len)); }

uint64_t f32hash(const float* p, uint64_t seed) { return floatHash(p, seed); }
uint64_t f64hash(const double* p, uint64_t seed) { return floatHash(p, seed); }
uint64_t c64hash(const float* p, uint64_t seed) { return f32hash(p + 1, f32hash(p, seed)); }
uint64_t c128hash(const double* p, uint64_t seed) { return f64hash(p + 1, f64hash(p, seed)); }

}  // namespace burrow::rt
