// Searches in bytes with vectors of N bytes: a short string, how often a byte occurs (for one byte see index_byte_amd64.S). One
// text serves every vector width: it is written in the compiler's vector types, without intrinsics, and what it becomes is decided
// by the function it is inlined into (bytealg.cpp has one for SSE2, which every x86-64 has, and one for AVX2). No function here
// takes or returns a vector, so that the widths may differ from the caller's calling convention.
//
// What is left over behind whole blocks is covered by a block that overlaps the one before. Operands shorter than 16 bytes are read
// as one block, which begins or ends with them so that it does not leave a page that they are in; putting them together from
// two overlapping words took half as long again.
//
// A short string is found as in "SIMD-friendly algorithms for substring searching" (W. Mula, 2016): blocks in which its first
// and its last byte stand at the right distance, then a comparison. The library's own
// fallback, Rabin and Karp's rolling hash, took 14 times as long as gc's assembly on strings.BenchmarkIndexHard1; this takes 0.6.
#pragma once

#include "string/bytes.h"

namespace burrow::rt::search {

template <bool kFirst, class A, class B>
struct Choose {
  using Type = A;
};
template <class A, class B>
struct Choose<false, A, B> {
  using Type = B;
};

constexpr uint64_t kPage = 4096;  // no smaller unit is mapped

template <int N>
struct Block {
  typedef uint8_t Bytes __attribute__((vector_size(N)));  // gcc takes a dependent size in a typedef only
};

// N bits, which hold a 1 where the byte of the vector is not zero.
template <int N, class Vector>
ALWAYS_INLINE uint64_t bitsOf(const Vector& v) {
  static_assert(N == 16 || N == 32);
#ifdef __clang__
  using Flags = bool __attribute__((ext_vector_type(N)));
  using Mask = typename Choose<N == 32, uint32_t, uint16_t>::Type;
  return __builtin_bit_cast(Mask, __builtin_convertvector(v, Flags));
#else  // the hosted tests' compiler, which has no vectors of bits
  uint64_t bits = 0;
  for (int i = 0; i < N; i++) bits |= uint64_t(v[i] != 0) << i;
  return bits;
#endif
}

template <class T>
ALWAYS_INLINE T loadAs(const uint8_t* p) {
  T v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// Bit i: p[i] is c, for i < N.
template <int N>
ALWAYS_INLINE uint64_t equalBits(const uint8_t* p, uint8_t c) {
  return bitsOf<N>(loadAs<typename Block<N>::Bytes>(p) == c);
}

// Bit i: p[i] is c, for i < n < 16.
ALWAYS_INLINE uint64_t equalBitsShort(const uint8_t* p, uint64_t n, uint8_t c) {
#ifdef BURROW_HOSTED  // the sanitizers are not told that one may read around an operand; tests/programs/page_edges.go looks at it
  uint64_t bits = 0;
  for (uint64_t i = 0; i < n; i++) bits |= uint64_t(p[i] == c) << i;
  return bits;
#else
  if (n == 0) return 0;
  // Of a page that holds a byte of the operand any may be read.
  if ((reinterpret_cast<uint64_t>(p) & (kPage - 1)) <= kPage - 16) return equalBits<16>(p, c) & ((uint64_t(1) << n) - 1);
  return equalBits<16>(p + n - 16, c) >> (16 - n);
#endif
}

// The sum of the bytes of v, which is below 65536.
template <int N>
ALWAYS_INLINE uint64_t sumOf(const typename Block<N>::Bytes& v) {
  uint64_t words[N / 8], sum = 0;
  __builtin_memcpy(words, &v, N);
  constexpr uint64_t kEven = 0x00ff00ff00ff00ff;
  for (uint64_t w : words) sum += (w & kEven) + (w >> 8 & kEven);
  return (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32 & 0xffff) + (sum >> 48);
}

// How many bytes of p[0..n) are c.
template <int N>
ALWAYS_INLINE int64_t countByte(const uint8_t* p, uint64_t n, uint8_t c) {
  if (n < 16) return __builtin_popcountll(equalBitsShort(p, n, c));
  uint64_t i = 0;
  int64_t count = 0;
  // Each byte of the sums counts what stood at its place in up to 127 blocks.
  using Bytes = typename Block<N>::Bytes;
  while (i + 4 * N <= n) {
    uint64_t turns = (n - i) / (2 * N);
    if (turns > 127) turns = 127;
    Bytes even = {}, odd = {};
    for (; turns != 0; turns--, i += 2 * N) {
      even -= Bytes(loadAs<Bytes>(p + i) == c);
      odd -= Bytes(loadAs<Bytes>(p + i + N) == c);
    }
    count += int64_t(sumOf<N>(even + odd));
  }
  for (; i + N <= n; i += N) count += __builtin_popcountll(equalBits<N>(p + i, c));
  if constexpr (N > 16) {
    if (i + 16 <= n) {
      count += __builtin_popcountll(equalBits<16>(p + i, c));
      i += 16;
    }
  }
  // Of the last block only what was not counted yet.
  if (i < n) count += __builtin_popcountll(equalBits<16>(p + n - 16, c) >> (16 - (n - i)));
  return count;
}

// Whether the n >= 2 bytes at a and b are equal, if the first and the last are known to be.
ALWAYS_INLINE bool sameInside(const uint8_t* a, const uint8_t* b, uint64_t n) {
  // Without a call for what is mostly looked for: two words that overlap.
  if (n <= 3) return a[n / 2] == b[n / 2];
  if (n < 8) return loadAs<uint32_t>(a) == loadAs<uint32_t>(b) && loadAs<uint32_t>(a + n - 4) == loadAs<uint32_t>(b + n - 4);
  if (n > 16) return memequal(a + 1, b + 1, n - 2);
  return loadAs<uint64_t>(a) == loadAs<uint64_t>(b) && loadAs<uint64_t>(a + n - 8) == loadAs<uint64_t>(b + n - 8);
}

// The first of the positions `bits` at which the string at `want`, n >= 2 bytes whose first and last are known to stand there,
// begins in p; or -1.
ALWAYS_INLINE int64_t firstMatch(const uint8_t* p, uint64_t bits, const uint8_t* want, uint64_t n) {
  for (; bits; bits &= bits - 1) {
    const int64_t at = __builtin_ctzll(bits);
    if (sameInside(p + at, want, n)) return at;
  }
  return -1;
}

// The position of the string want[0..m) in p[0..n), or -1. m >= 2.
template <int N>
ALWAYS_INLINE int64_t indexString(const uint8_t* p, uint64_t n, const uint8_t* want, uint64_t m) {
  if (m > n) return -1;
  const uint8_t first = want[0], last = want[m - 1];
  const uint64_t positions = n - m + 1;
  if (n < 16) {
    const uint64_t ends = equalBitsShort(p, n, last) >> (m - 1);
    return firstMatch(p, ends ? ends & equalBitsShort(p, n, first) : 0, want, m);
  }
  uint64_t i = 0;
  for (; i + N <= positions; i += N) {
    const uint64_t bits = bitsOf<N>((loadAs<typename Block<N>::Bytes>(p + i) == first) &
                                    (loadAs<typename Block<N>::Bytes>(p + i + m - 1) == last));
    if (bits == 0) continue;
    // Markup is full of places where both ends stand (strings.BenchmarkIndexHard2): their neighbours are asked before each is
    // compared by itself, which is a branch that can't be foreseen.
    const uint64_t inner = equalBits<N>(p + i + 1, want[1]) & equalBits<N>(p + i + m - 2, want[m - 2]);
    const int64_t at = firstMatch(p + i, bits & inner, want, m);
    if (at >= 0) return int64_t(i) + at;
  }
  for (; i < positions; i += 16) {
    // Up to 16 positions that are left. Blocks of first and of last bytes may not reach beyond the end: what is known of an
    // earlier place is shifted out.
    const uint64_t left = positions - i < 16 ? positions - i : 16;
    const uint64_t back = i + 16 <= n ? 0 : i + 16 - n;
    const uint64_t end = i + m - 1, endBack = end + 16 <= n ? 0 : end + 16 - n;
    const uint64_t bits = equalBits<16>(p + i - back, first) >> back &
                          equalBits<16>(p + end - endBack, last) >> endBack & ((uint64_t(1) << left) - 1);
    const int64_t at = firstMatch(p + i, bits, want, m);
    if (at >= 0) return int64_t(i) + at;
  }
  return -1;
}

}  // namespace burrow::rt::search
