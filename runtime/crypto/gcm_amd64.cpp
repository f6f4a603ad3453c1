// The functions that crypto/internal/fips140/aes/gcm has in assembly on amd64: GHASH by carry-less multiplication, and
// with it AES-GCM in one pass over the data.
//
// GHASH takes blocks as polynomials over GF(2) whose coefficients stand from the big end on. With the bytes swapped they
// are bit-reversed numbers, and the carry-less product of two such is the reversed product shifted right by one. The shift
// is undone once, in the key: `Table` holds H*x, and its powers. The product of 256 bits is then reduced from below, 64
// bits at a time: each step adds the multiple of the polynomial that makes the lowest 64 bits vanish.
//
//     p = x^128 + x^7 + x^2 + x + 1, reversed: 1 followed by 0xc2000000000000000000000000000001
//
// For eight blocks at once, y' = (y + b0) H^8 + b1 H^7 + ... + b7 H, the products are added before the one reduction. Each
// needs three multiplications of 64 bits (Karatsuba); the sum of the halves of each power stands in the table too.
//
// The eight counters' AES rounds and the hash of eight blocks do not depend on each other, so that the processor overlaps
// them by itself: encryption hashes the eight blocks before those that it encrypts, decryption those that it decrypts.
#include "crypto/aes_amd64.h"
#include "mem/env.h"

namespace burrow::rt {

static constexpr int kPowers = 8;
static constexpr int64_t kStride = 16 * kPowers;

struct Table {
  __m128i power[kPowers];      // H^1 ... H^8, times x
  __m128i halvesSum[kPowers];  // the upper half of each plus the lower, in both halves
};
static_assert(sizeof(Table) == 256, "what the library reserves");

GO_DECL("crypto/internal/fips140/aes/gcm.gcmAesInit", void, gcmAesInit,
        (Table * table, const uint32_t* keys, int64_t keyWords, int64_t));
GO_DECL("crypto/internal/fips140/aes/gcm.gcmAesData", void, gcmAesData,
        (const Table* table, const uint8_t* data, int64_t n, int64_t, uint8_t* tag));
GO_DECL("crypto/internal/fips140/aes/gcm.gcmAesEnc", void, gcmAesEnc,
        (const Table* table, uint8_t* dst, int64_t, int64_t, const uint8_t* src, int64_t n, int64_t,
         const uint8_t* counter, uint8_t* tag, const uint32_t* keys, int64_t keyWords, int64_t));
GO_DECL("crypto/internal/fips140/aes/gcm.gcmAesDec", void, gcmAesDec,
        (const Table* table, uint8_t* dst, int64_t, int64_t, const uint8_t* src, int64_t n, int64_t,
         const uint8_t* counter, uint8_t* tag, const uint32_t* keys, int64_t keyWords, int64_t));
GO_DECL("crypto/internal/fips140/aes/gcm.gcmAesFinish", void, gcmAesFinish,
        (const Table* table, const uint8_t* mask, uint8_t* tag, uint64_t textBytes, uint64_t dataBytes));

// A product before its reduction: 128 bits at either end and those in the middle.
struct Product {
  __m128i low, middle, high;
};

BURROW_AES_INLINE static __m128i swapHalves(__m128i v) { return _mm_shuffle_epi32(v, 0x4e); }
BURROW_AES_INLINE static __m128i plus(__m128i a, __m128i b) { return _mm_xor_si128(a, b); }

BURROW_AES_INLINE static void addProduct(Product* sum, __m128i a, __m128i b, __m128i bHalves) {
  sum->low = plus(sum->low, _mm_clmulepi64_si128(a, b, 0x00));
  sum->high = plus(sum->high, _mm_clmulepi64_si128(a, b, 0x11));
  sum->middle = plus(sum->middle, _mm_clmulepi64_si128(plus(a, swapHalves(a)), bHalves, 0x00));
}
BURROW_AES_INLINE static __m128i reduce(const Product& p) {
  __m128i middle = plus(p.middle, plus(p.low, p.high));
  __m128i low = plus(p.low, _mm_slli_si128(middle, 8));
  __m128i high = plus(p.high, _mm_srli_si128(middle, 8));
  const __m128i polynomial =
      _mm_set_epi64x(static_cast<int64_t>(0xc200000000000000), static_cast<int64_t>(0xc200000000000000));
  low = plus(swapHalves(low), _mm_clmulepi64_si128(low, polynomial, 0x00));
  low = plus(swapHalves(low), _mm_clmulepi64_si128(low, polynomial, 0x00));
  return plus(low, high);
}
BURROW_AES_INLINE static Product zeroProduct() {
  return {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
}

// (y + b) H.
BURROW_AES_INLINE static __m128i hashBlock(const Table* t, __m128i y, __m128i b) {
  Product p = zeroProduct();
  addProduct(&p, plus(y, b), load(&t->power[0]), load(&t->halvesSum[0]));
  return reduce(p);
}
BURROW_AES_INLINE static __m128i hashEight(const Table* t, __m128i y, const uint8_t* data) {
  Product p = zeroProduct();
#pragma unroll
  for (int i = 0; i < kPowers; i++) {
    __m128i b = swapBytes(load(data + 16 * i));
    if (i == 0) b = plus(b, y);
    addProduct(&p, b, load(&t->power[kPowers - 1 - i]), load(&t->halvesSum[kPowers - 1 - i]));
  }
  return reduce(p);
}

// n < 16 bytes, and zeros behind them.
BURROW_AES_INLINE static __m128i loadPart(const uint8_t* p, int64_t n) {
  alignas(16) uint8_t block[16] = {};
  for (int64_t i = 0; i < n; i++) block[i] = p[i];
  return load(block);
}
BURROW_AES_INLINE static void storePart(uint8_t* p, __m128i v, int64_t n) {
  alignas(16) uint8_t block[16];
  store(block, v);
  for (int64_t i = 0; i < n; i++) p[i] = block[i];
}

BURROW_AES void gcmAesInit(Table* t, const uint32_t* keys, int64_t keyWords, int64_t) {
  __m128i zero[1] = {_mm_setzero_si128()};
  aesEncrypt(keys, keyWords / 4 - 1, zero);
  __m128i h = swapBytes(zero[0]);
  // Times x: a shift by one to the left; what falls out at the top comes back as the polynomial.
  __m128i carries = _mm_srli_epi64(h, 63);
  __m128i shifted = _mm_or_si128(_mm_slli_epi64(h, 1), _mm_slli_si128(carries, 8));
  __m128i out =
      _mm_sub_epi64(_mm_setzero_si128(), _mm_srli_si128(carries, 8));  // all ones in the lower half, or nothing
  out = _mm_unpacklo_epi64(out, out);
  h = plus(shifted, _mm_and_si128(out, _mm_set_epi64x(static_cast<int64_t>(0xc200000000000000), 1)));
  __m128i halves = plus(h, swapHalves(h)), power = h;
  for (int i = 0; i < kPowers; i++) {
    store(&t->power[i], power);
    store(&t->halvesSum[i], plus(power, swapHalves(power)));
    Product p = zeroProduct();
    addProduct(&p, power, h, halves);
    power = reduce(p);
  }
}

BURROW_AES void gcmAesData(const Table* t, const uint8_t* data, int64_t n, int64_t, uint8_t* tag) {
  __m128i y = swapBytes(load(tag));
  for (; n >= kStride; n -= kStride, data += kStride) y = hashEight(t, y, data);
  for (; n >= 16; n -= 16, data += 16) y = hashBlock(t, y, swapBytes(load(data)));
  if (n > 0) y = hashBlock(t, y, swapBytes(loadPart(data, n)));
  store(tag, swapBytes(y));
}

// The key stream of the eight counters after `counter`, which is moved on.
BURROW_AES_INLINE static void keyStream(const uint32_t* keys, int64_t rounds, __m128i* counter, __m128i (&b)[kPowers]) {
#pragma unroll
  for (int i = 0; i < kPowers; i++) b[i] = swapBytes(_mm_add_epi32(*counter, _mm_set_epi32(0, 0, 0, i + 1)));
  *counter = _mm_add_epi32(*counter, _mm_set_epi32(0, 0, 0, kPowers));
  aesEncrypt(keys, rounds, b);
}

BURROW_AES void gcmAesEnc(const Table* t, uint8_t* dst, int64_t, int64_t, const uint8_t* src, int64_t n, int64_t,
                          const uint8_t* firstCounter, uint8_t* tag, const uint32_t* keys, int64_t keyWords, int64_t) {
  int64_t rounds = keyWords / 4 - 1;
  __m128i counter = swapBytes(load(firstCounter)), y = swapBytes(load(tag));
  const uint8_t* unhashed = nullptr;
  for (; n >= kStride; n -= kStride, src += kStride, dst += kStride) {
    __m128i b[kPowers];
    keyStream(keys, rounds, &counter, b);
    if (unhashed != nullptr) y = hashEight(t, y, unhashed);
#pragma unroll
    for (int i = 0; i < kPowers; i++) store(dst + 16 * i, plus(b[i], load(src + 16 * i)));
    unhashed = dst;
  }
  if (unhashed != nullptr) y = hashEight(t, y, unhashed);
  if (n > 0) {
    __m128i b[kPowers];
    keyStream(keys, rounds, &counter, b);
    int64_t i = 0;
    for (; n >= 16; n -= 16, src += 16, dst += 16, i++) {
      __m128i text = plus(b[i], load(src));
      store(dst, text);
      y = hashBlock(t, y, swapBytes(text));
    }
    if (n > 0) {
      storePart(dst, plus(b[i], loadPart(src, n)), n);
      y = hashBlock(t, y, swapBytes(loadPart(dst, n)));
    }
  }
  store(tag, swapBytes(y));
}

BURROW_AES void gcmAesDec(const Table* t, uint8_t* dst, int64_t, int64_t, const uint8_t* src, int64_t n, int64_t,
                          const uint8_t* firstCounter, uint8_t* tag, const uint32_t* keys, int64_t keyWords, int64_t) {
  int64_t rounds = keyWords / 4 - 1;
  __m128i counter = swapBytes(load(firstCounter)), y = swapBytes(load(tag));
  for (; n >= kStride; n -= kStride, src += kStride, dst += kStride) {
    __m128i b[kPowers];
    keyStream(keys, rounds, &counter, b);
    y = hashEight(t, y, src);
#pragma unroll
    for (int i = 0; i < kPowers; i++) store(dst + 16 * i, plus(b[i], load(src + 16 * i)));
  }
  if (n > 0) {
    __m128i b[kPowers];
    keyStream(keys, rounds, &counter, b);
    int64_t i = 0;
    for (; n >= 16; n -= 16, src += 16, dst += 16, i++) {
      __m128i text = load(src);
      y = hashBlock(t, y, swapBytes(text));
      store(dst, plus(b[i], text));
    }
    if (n > 0) {
      __m128i text = loadPart(src, n);
      y = hashBlock(t, y, swapBytes(text));
      storePart(dst, plus(b[i], text), n);
    }
  }
  store(tag, swapBytes(y));
}

BURROW_AES void gcmAesFinish(const Table* t, const uint8_t* mask, uint8_t* tag, uint64_t textBytes,
                             uint64_t dataBytes) {
  __m128i lengths = _mm_set_epi64x(static_cast<int64_t>(dataBytes * 8), static_cast<int64_t>(textBytes * 8));
  __m128i y = hashBlock(t, swapBytes(load(tag)), lengths);
  store(tag, plus(swapBytes(y), load(mask)));
}

}  // namespace burrow::rt
