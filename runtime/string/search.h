// Searches in bytes with vectors of N bytes: one byte, a short string, how often a byte occurs. One text serves every vector
// width: it is written in the compiler's vector types, without intrinsics, and what it becomes is decided by the function it
// is inlined into (bytealg.cpp has one for SSE2, which every x86-64 has, and one for AVX2). No function here takes or returns
// a vector, so that the widths may differ from the caller's calling convention.
//
// Only bytes of the operands are read: what is left over behind whole blocks is covered by a block that overlaps the one
// before, and operands shorter than 16 bytes are put together from two overlapping words.
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
  uint64_t low, high = 0;
  if (n >= 8) {
    low = loadAs<uint64_t>(p);
    high = loadAs<uint64_t>(p + n - 8) >> 1 >> (127 - 8 * n);  // the bytes from the eighth on
  } else if (n >= 4) {
    low = loadAs<uint32_t>(p) | uint64_t(loadAs<uint32_t>(p + n - 4)) << 8 * (n - 4);
  } else if (n > 0) {
    low = p[0] | uint64_t(p[n / 2]) << 8 * (n / 2) | uint64_t(p[n - 1]) << 8 * (n - 1);
  } else {
    return 0;
  }
  // In a register: two stores and a load over both of them would wait for each other.
  typedef uint64_t Words __attribute__((vector_size(16)));
  return bitsOf<16>(reinterpret_cast<typename Block<16>::Bytes>(Words{low, high}) == c) & ((uint64_t(1) << n) - 1);
}

// The position of c in p[0..n), or -1.
template <int N>
ALWAYS_INLINE int64_t indexByte(const uint8_t* p, uint64_t n, uint8_t c) {
  using Bytes = typename Block<N>::Bytes;
  if (n < 16) {
    const uint64_t bits = equalBitsShort(p, n, c);
    return bits ? __builtin_ctzll(bits) : -1;
  }
  uint64_t i = 0;
  for (; i + 4 * N <= n; i += 4 * N) {
    const auto e0 = loadAs<Bytes>(p + i) == c, e1 = loadAs<Bytes>(p + i + N) == c;
    const auto e2 = loadAs<Bytes>(p + i + 2 * N) == c, e3 = loadAs<Bytes>(p + i + 3 * N) == c;
    if (bitsOf<N>((e0 | e1) | (e2 | e3)) == 0) continue;
    if (const uint64_t bits = bitsOf<N>(e0)) return int64_t(i) + __builtin_ctzll(bits);
    if (const uint64_t bits = bitsOf<N>(e1)) return int64_t(i) + N + __builtin_ctzll(bits);
    if (const uint64_t bits = bitsOf<N>(e2)) return int64_t(i) + 2 * N + __builtin_ctzll(bits);
    return int64_t(i) + 3 * N + __builtin_ctzll(bitsOf<N>(e3));
  }
  for (; i + N <= n; i += N) {
    if (const uint64_t bits = equalBits<N>(p + i, c)) return int64_t(i) + __builtin_ctzll(bits);
  }
  if (i == n) return -1;
  if constexpr (N > 16) {
    if (i + 16 <= n) {
      if (const uint64_t bits = equalBits<16>(p + i, c)) return int64_t(i) + __builtin_ctzll(bits);
    }
  }
  // The last block overlaps bytes that are known not to be c.
  const uint64_t bits = equalBits<16>(p + n - 16, c);
  return bits ? int64_t(n) - 16 + __builtin_ctzll(bits) : -1;
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

// The first place where a and b differ within n >= 16 bytes, or n.
template <int N>
ALWAYS_INLINE uint64_t firstDifference(const uint8_t* a, const uint8_t* b, uint64_t n) {
  using Bytes = typename Block<N>::Bytes;
  using Half = typename Block<16>::Bytes;
  uint64_t i = 0;
  for (; i + 2 * N <= n; i += 2 * N) {
    const auto d0 = loadAs<Bytes>(a + i) != loadAs<Bytes>(b + i), d1 = loadAs<Bytes>(a + i + N) != loadAs<Bytes>(b + i + N);
    if (bitsOf<N>(d0 | d1) == 0) continue;
    if (const uint64_t bits = bitsOf<N>(d0)) return i + uint64_t(__builtin_ctzll(bits));
    return i + N + uint64_t(__builtin_ctzll(bitsOf<N>(d1)));
  }
  for (; i + 16 <= n; i += 16) {
    if (const uint64_t bits = bitsOf<16>(loadAs<Half>(a + i) != loadAs<Half>(b + i))) return i + uint64_t(__builtin_ctzll(bits));
  }
  if (i == n) return n;
  // The last block overlaps bytes that are known to be equal.
  const uint64_t bits = bitsOf<16>(loadAs<Half>(a + n - 16) != loadAs<Half>(b + n - 16));
  return bits ? n - 16 + uint64_t(__builtin_ctzll(bits)) : n;
}

// The first of the positions `bits` at which the string at `want`, n >= 2 bytes whose first and last are known to stand there,
// begins in p; or -1.
ALWAYS_INLINE int64_t firstMatch(const uint8_t* p, uint64_t bits, const uint8_t* want, uint64_t n) {
  for (; bits; bits &= bits - 1) {
    const int64_t at = __builtin_ctzll(bits);
    if (n == 2 || memequal(p + at + 1, want + 1, n - 2)) return at;
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
