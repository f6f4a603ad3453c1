// SHA-1 and SHA-256 by the processor's instructions (runtime/crypto/sha_rounds.h) against plain code. The instructions are
// spelled out here, as the processor's manual defines them, so that the test runs where there are none.
#include "crypto/sha_rounds.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

namespace {

using namespace burrow::rt::sha;

struct SpelledOut {
  struct Vector {
    uint32_t w[4];
  };
  static uint32_t rl(uint32_t x, int n) { return x << n | x >> (32 - n); }
  static Vector words(uint32_t a, uint32_t b, uint32_t c, uint32_t d) { return {{d, c, b, a}}; }
  static Vector load(const void* p) {
    Vector v;
    memcpy(&v, p, 16);
    return v;
  }
  static void store(void* p, Vector v) { memcpy(p, &v, 16); }
  static Vector loadWords(const uint8_t* p) {
    Vector v;
    for (int i = 0; i < 4; i++) v.w[i] = loadBig<uint32_t>(p + 4 * i);
    return v;
  }
  static Vector loadReversed(const uint8_t* p) {
    Vector v;
    for (int i = 0; i < 4; i++) v.w[3 - i] = loadBig<uint32_t>(p + 4 * i);
    return v;
  }
  static Vector add(Vector a, Vector b) {
    for (int i = 0; i < 4; i++) a.w[i] += b.w[i];
    return a;
  }
  static Vector exclusive(Vector a, Vector b) {
    for (int i = 0; i < 4; i++) a.w[i] ^= b.w[i];
    return a;
  }
  static Vector upperHalf(Vector v) { return {{v.w[2], v.w[3], v.w[0], v.w[0]}}; }
  static Vector shiftIn(Vector h, Vector l) { return {{l.w[1], l.w[2], l.w[3], h.w[0]}}; }
  static uint32_t s0(uint32_t x) { return rotr(x, 7) ^ rotr(x, 18) ^ x >> 3; }
  static uint32_t s1(uint32_t x) { return rotr(x, 17) ^ rotr(x, 19) ^ x >> 10; }
  static Vector sha256Rounds(Vector x, Vector y, Vector k) {
    uint32_t a = y.w[3], b = y.w[2], c = x.w[3], d = x.w[2], e = y.w[1], f = y.w[0], g = x.w[1], h = x.w[0];
    for (int i = 0; i < 2; i++) {
      uint32_t t = ((e & f) ^ (~e & g)) + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + k.w[i] + h;
      uint32_t n = t + ((a & b) ^ (a & c) ^ (b & c)) + (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22));
      uint32_t ne = t + d;
      h = g;
      g = f;
      f = e;
      e = ne;
      d = c;
      c = b;
      b = a;
      a = n;
    }
    return {{f, e, b, a}};
  }
  static Vector sha256Message1(Vector a, Vector b) {
    return {{a.w[0] + s0(a.w[1]), a.w[1] + s0(a.w[2]), a.w[2] + s0(a.w[3]), a.w[3] + s0(b.w[0])}};
  }
  static Vector sha256Message2(Vector a, Vector b) {
    uint32_t w16 = a.w[0] + s1(b.w[2]), w17 = a.w[1] + s1(b.w[3]), w18 = a.w[2] + s1(w16), w19 = a.w[3] + s1(w17);
    return {{w16, w17, w18, w19}};
  }
  template <int F>
  static Vector sha1Rounds(Vector x, Vector y) {
    uint32_t a = x.w[3], b = x.w[2], c = x.w[1], d = x.w[0], e = 0;
    for (int i = 0; i < 4; i++) {
      uint32_t f = F == 0 ? (b & c) ^ (~b & d) : F == 2 ? (b & c) ^ (b & d) ^ (c & d) : b ^ c ^ d;
      uint32_t n = f + rl(a, 5) + y.w[3 - i] + (i ? e : 0) + kConstants1[F];
      e = d;
      d = c;
      c = rl(b, 30);
      b = a;
      a = n;
    }
    return {{d, c, b, a}};
  }
  static Vector sha1NextE(Vector x, Vector y) {
    y.w[3] += rl(x.w[3], 30);
    return y;
  }
  static Vector sha1Message1(Vector a, Vector b) {
    return {{a.w[0] ^ b.w[2], a.w[1] ^ b.w[3], a.w[2] ^ a.w[0], a.w[3] ^ a.w[1]}};
  }
  static Vector sha1Message2(Vector a, Vector b) {
    uint32_t w16 = rl(a.w[3] ^ b.w[2], 1), w17 = rl(a.w[2] ^ b.w[1], 1), w18 = rl(a.w[1] ^ b.w[0], 1),
             w19 = rl(a.w[0] ^ w16, 1);
    return {{w19, w18, w17, w16}};
  }
};

std::vector<uint8_t> someBytes(size_t n) {
  std::vector<uint8_t> out(n);
  uint32_t r = 1;
  for (uint8_t& x : out) x = static_cast<uint8_t>((r = r * 1664525 + 1013904223) >> 24);
  return out;
}

TEST(Sha, InstructionsAgreeWithPlainCode) {
  const std::vector<uint8_t> data = someBytes(8192);
  for (int n = 0; n < 4096; n += 64) {
    std::array<uint32_t, 8> a = {1, 2, 3, 4, 5, 6, 7, 8}, b = a;
    sha2Blocks(a.data(), data.data() + n, n);
    sha256Blocks(b.data(), data.data() + n, n, SpelledOut());
    EXPECT_EQ(a, b) << n;
    sha1Blocks(a.data(), data.data() + n, n);
    sha1Blocks(b.data(), data.data() + n, n, SpelledOut());
    EXPECT_EQ(a, b) << n;
  }
}

// The block of an empty message, from the initial state: the digests that everybody knows.
TEST(Sha, KnownDigests) {
  std::array<uint8_t, 128> block = {0x80};
  std::array<uint32_t, 8> s256 = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  sha2Blocks(s256.data(), block.data(), 64);
  EXPECT_EQ(s256[0], 0xe3b0c442u);
  std::array<uint64_t, 8> s512 = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
  sha2Blocks(s512.data(), block.data(), 128);
  EXPECT_EQ(s512[0], 0xcf83e1357eefb8bdu);
  std::array<uint32_t, 5> s1 = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  sha1Blocks(s1.data(), block.data(), 64);
  EXPECT_EQ(s1[0], 0xda39a3eeu);
}

}  // namespace
