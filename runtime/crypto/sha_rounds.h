// The rounds of SHA-1, SHA-256 and SHA-512 over whole blocks.
//
// Twice each: with the processor's instructions for SHA-1 and SHA-256 (ShaBlocks), and in plain code, which the compiler
// makes good use of rotations into three operands from. The first are written against `Ops`, the instructions as functions,
// so that a test can run them on a processor that lacks them, with the operations spelled out.
#pragma once

#include <cstdint>

namespace burrow::rt::sha {

#define BURROW_SHA_INLINE __attribute__((always_inline)) inline
// What functions that call Ops need besides, to be allowed to inline those: the includer says.
#ifndef BURROW_SHA_TARGET
#define BURROW_SHA_TARGET
#endif

// The fractional parts of the cube roots of the first primes; SHA-256 has the upper halves of the first 64.
inline constexpr uint64_t kCubeRoots[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
    0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
    0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
    0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
    0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
    0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
    0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
    0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
    0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
    0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};
struct Constants256 {
  alignas(16) uint32_t k[64];
  constexpr Constants256() : k() {
    for (int i = 0; i < 64; i++) k[i] = static_cast<uint32_t>(kCubeRoots[i] >> 32);
  }
};
inline constexpr Constants256 kConstants256;
inline constexpr uint32_t kConstants1[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};

template <typename Word>
BURROW_SHA_INLINE Word rotr(Word x, int n) {
  return x >> n | x << (8 * static_cast<int>(sizeof(Word)) - n);
}
template <typename Word>
BURROW_SHA_INLINE Word loadBig(const uint8_t* p) {
  Word w;
  __builtin_memcpy(&w, p, sizeof w);
  if constexpr (sizeof(Word) == 8) return __builtin_bswap64(w);
  return __builtin_bswap32(static_cast<uint32_t>(w));
}

// SHA-256 and SHA-512 differ in the word, the number of rounds and the distances.
template <typename Word>
struct Sha2;
template <>
struct Sha2<uint32_t> {
  static constexpr int kRounds = 64;
  static constexpr int kSum0[3] = {2, 13, 22}, kSum1[3] = {6, 11, 25}, kNear[3] = {7, 18, 3}, kFar[3] = {17, 19, 10};
  static uint32_t constant(int i) { return kConstants256.k[i]; }
};
template <>
struct Sha2<uint64_t> {
  static constexpr int kRounds = 80;
  static constexpr int kSum0[3] = {28, 34, 39}, kSum1[3] = {14, 18, 41}, kNear[3] = {1, 8, 7}, kFar[3] = {19, 61, 6};
  static uint64_t constant(int i) { return kCubeRoots[i]; }
};

template <typename Word>
BURROW_SHA_INLINE void sha2Blocks(Word* state, const uint8_t* p, int64_t n) {
  using S = Sha2<Word>;
  constexpr int64_t kBlock = 16 * sizeof(Word);
  auto three = [](Word x, const int(&by)[3]) { return rotr(x, by[0]) ^ rotr(x, by[1]) ^ rotr(x, by[2]); };
  auto mix = [](Word x, const int(&by)[3]) { return rotr(x, by[0]) ^ rotr(x, by[1]) ^ (x >> by[2]); };
  for (; n >= kBlock; n -= kBlock, p += kBlock) {
    Word w[16], s[8];
    for (int i = 0; i < 8; i++) s[i] = state[i];
#pragma unroll
    for (int i = 0; i < S::kRounds; i++) {
      if (i < 16) {
        w[i] = loadBig<Word>(p + i * sizeof(Word));
      } else {
        w[i % 16] += mix(w[(i + 1) % 16], S::kNear) + w[(i + 9) % 16] + mix(w[(i + 14) % 16], S::kFar);
      }
      // The names turn instead of the values.
      Word &a = s[(80 - i) % 8], &b = s[(81 - i) % 8], &c = s[(82 - i) % 8], &d = s[(83 - i) % 8], &e = s[(84 - i) % 8],
           &f = s[(85 - i) % 8], &g = s[(86 - i) % 8], &h = s[(87 - i) % 8];
      const Word t = h + three(e, S::kSum1) + (g ^ (e & (f ^ g))) + S::constant(i) + w[i % 16];
      d += t;
      h = t + three(a, S::kSum0) + ((a & b) | (c & (a | b)));
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
  }
}

BURROW_SHA_INLINE void sha1Blocks(uint32_t* state, const uint8_t* p, int64_t n) {
  for (; n >= 64; n -= 64, p += 64) {
    uint32_t w[16], s[5];
    for (int i = 0; i < 5; i++) s[i] = state[i];
#pragma unroll
    for (int i = 0; i < 80; i++) {
      if (i < 16) {
        w[i] = loadBig<uint32_t>(p + 4 * i);
      } else {
        w[i % 16] = rotr(w[(i + 13) % 16] ^ w[(i + 8) % 16] ^ w[(i + 2) % 16] ^ w[i % 16], 31);
      }
      uint32_t &a = s[(80 - i) % 5], &b = s[(81 - i) % 5], &c = s[(82 - i) % 5], &d = s[(83 - i) % 5],
               &e = s[(84 - i) % 5];
      const uint32_t f = i < 20 ? d ^ (b & (c ^ d)) : i >= 40 && i < 60 ? (b & c) + (d & (b ^ c)) : b ^ c ^ d;
      e += rotr(a, 27) + f + kConstants1[i / 20] + w[i % 16];
      b = rotr(b, 2);
    }
    for (int i = 0; i < 5; i++) state[i] += s[i];
  }
}

// With the instructions. SHA-256 keeps the state as (a, b, e, f) and (c, d, g, h), the first of each in the top word; two
// rounds make the one from the other.
template <typename Ops>
BURROW_SHA_TARGET BURROW_SHA_INLINE void sha256Blocks(uint32_t* state, const uint8_t* p, int64_t n, const Ops& ops) {
  using V = typename Ops::Vector;
  V low = ops.words(state[0], state[1], state[4], state[5]), high = ops.words(state[2], state[3], state[6], state[7]);
  for (; n >= 64; n -= 64, p += 64) {
    const V low0 = low, high0 = high;
    V w[4];
#pragma unroll
    for (int i = 0; i < 16; i++) {
      if (i < 4) {
        w[i] = ops.loadWords(p + 16 * i);
      } else {
        const V sum =
            ops.add(ops.sha256Message1(w[i % 4], w[(i + 1) % 4]), ops.shiftIn(w[(i + 3) % 4], w[(i + 2) % 4]));
        w[i % 4] = ops.sha256Message2(sum, w[(i + 3) % 4]);
      }
      const V k = ops.add(w[i % 4], ops.load(kConstants256.k + 4 * i));
      high = ops.sha256Rounds(high, low, k);
      low = ops.sha256Rounds(low, high, ops.upperHalf(k));
    }
    low = ops.add(low, low0);
    high = ops.add(high, high0);
  }
  uint32_t a[4], b[4];
  ops.store(a, low);
  ops.store(b, high);
  state[0] = a[3], state[1] = a[2], state[2] = b[3], state[3] = b[2];
  state[4] = a[1], state[5] = a[0], state[6] = b[1], state[7] = b[0];
}

// SHA-1: (a, b, c, d) with a in the top word; e comes out of the rounds before.
template <typename Ops>
BURROW_SHA_TARGET BURROW_SHA_INLINE void sha1Blocks(uint32_t* state, const uint8_t* p, int64_t n, const Ops& ops) {
  using V = typename Ops::Vector;
  V abcd = ops.words(state[0], state[1], state[2], state[3]), e = ops.words(state[4], 0, 0, 0);
  for (; n >= 64; n -= 64, p += 64) {
    const V abcd0 = abcd, e0 = e;
    V w[4], before = abcd;
#pragma unroll
    for (int i = 0; i < 20; i++) {
      if (i < 4) {
        w[i] = ops.loadReversed(p + 16 * i);
      } else {
        const V sum = ops.exclusive(ops.sha1Message1(w[i % 4], w[(i + 1) % 4]), w[(i + 2) % 4]);
        w[i % 4] = ops.sha1Message2(sum, w[(i + 3) % 4]);
      }
      e = i == 0 ? ops.add(e, w[0]) : ops.sha1NextE(before, w[i % 4]);
      before = abcd;
      abcd = i < 5    ? ops.template sha1Rounds<0>(abcd, e)
             : i < 10 ? ops.template sha1Rounds<1>(abcd, e)
             : i < 15 ? ops.template sha1Rounds<2>(abcd, e)
                      : ops.template sha1Rounds<3>(abcd, e);
    }
    e = ops.sha1NextE(before, e0);
    abcd = ops.add(abcd, abcd0);
  }
  uint32_t a[4], b[4];
  ops.store(a, abcd);
  ops.store(b, e);
  state[0] = a[3], state[1] = a[2], state[2] = a[1], state[3] = a[0], state[4] = b[3];
}

}  // namespace burrow::rt::sha
