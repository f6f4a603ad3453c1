// Numbers of many words, least significant first: the loops that math/big and crypto/internal/fips140/bigmod spend their
// time in.
//
// What takes the time is the way of the carry from word to word. It stays in the flag (a few words at a time; then it is taken out
// of it and put back). Of products, four are made first, because a multiplication changes the flag, and then the upper half of each
// is added to the lower half of the next: one addition a word waits for the one before it, not two.
//
// A sum of two numbers and a product has two carries. Processors with ADX keep each in a flag of its own (adcx, adox), and have
// a multiplication that leaves both alone (mulx): there eight words at a time are added in one pass, about a cycle each.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "string/cpu_features.h"

namespace burrow::rt {

using Carry = unsigned char;

static inline Carry addWord(Carry carry, uint64_t x, uint64_t y, uint64_t* sum) {
  unsigned long long word;
  carry = _addcarry_u64(carry, x, y, &word);
  *sum = word;
  return carry;
}
static inline Carry subtractWord(Carry borrow, uint64_t x, uint64_t y, uint64_t* difference) {
  unsigned long long word;
  borrow = _subborrow_u64(borrow, x, y, &word);
  *difference = word;
  return borrow;
}

struct Product {
  Product(uint64_t x, uint64_t y) {
    const unsigned __int128 p = static_cast<unsigned __int128>(x) * y;
    low = static_cast<uint64_t>(p);
    high = static_cast<uint64_t>(p >> 64);
  }
  uint64_t low, high;
};

// z = x * m + a, n words; what is left over above them.
static inline uint64_t mulAdd(uint64_t* z, const uint64_t* x, int64_t n, uint64_t m, uint64_t a) {
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const Product p0(x[i], m), p1(x[i + 1], m), p2(x[i + 2], m), p3(x[i + 3], m);
    Carry carry = addWord(0, p0.low, a, &z[i]);
    carry = addWord(carry, p1.low, p0.high, &z[i + 1]);
    carry = addWord(carry, p2.low, p1.high, &z[i + 2]);
    carry = addWord(carry, p3.low, p2.high, &z[i + 3]);
    addWord(carry, p3.high, 0, &a);
  }
  for (; i < n; i++) {
    const Product p(x[i], m);
    addWord(addWord(0, p.low, a, &z[i]), p.high, 0, &a);
  }
  return a;
}

// One word of addMulAdx: its lower half takes the upper half of the word before it with one carry and the word of x with the other.
#define BURROW_ADD_MUL_WORD(at, above, below) \
  "mulx " #at "(%[y]), %[low], %[" #above "]\n" \
  "adcx %[" #below "], %[low]\n"               \
  "adox " #at "(%[x]), %[low]\n"               \
  "mov %[low], " #at "(%[z])\n"

// As addMul below, for groups of eight words, at least one. The loop is counted by instructions that change no flag.
static inline uint64_t addMulAdx(uint64_t* z, const uint64_t* x, const uint64_t* y, int64_t groups, uint64_t m, uint64_t a) {
  uint64_t low, above;
  __asm__ volatile(
      "xor %k[low], %k[low]\n"
      "1:\n"
      // clang-format off
      BURROW_ADD_MUL_WORD(0, above, a)
      BURROW_ADD_MUL_WORD(8, a, above)
      BURROW_ADD_MUL_WORD(16, above, a)
      BURROW_ADD_MUL_WORD(24, a, above)
      BURROW_ADD_MUL_WORD(32, above, a)
      BURROW_ADD_MUL_WORD(40, a, above)
      BURROW_ADD_MUL_WORD(48, above, a)
      BURROW_ADD_MUL_WORD(56, a, above)
      // clang-format on
      "lea 64(%[y]), %[y]\n"
      "lea 64(%[x]), %[x]\n"
      "lea 64(%[z]), %[z]\n"
      "lea -1(%%rcx), %%rcx\n"
      "jrcxz 2f\n"
      "jmp 1b\n"
      "2:\n"
      "mov $0, %k[low]\n"
      "adcx %[low], %[a]\n"
      "adox %[low], %[a]\n"
      : [z] "+r"(z), [x] "+r"(x), [y] "+r"(y), "+c"(groups), [a] "+r"(a), [low] "=&r"(low), [above] "=&r"(above)
      : "d"(m)
      : "cc", "memory");
  return a;
}
#undef BURROW_ADD_MUL_WORD

// z = x + y * m + a, n words; what is left over above them.
static inline uint64_t addMul(uint64_t* z, const uint64_t* x, const uint64_t* y, int64_t n, uint64_t m, uint64_t a) {
  int64_t i = 0;
  if (n >= 8 && cpuAdx) {
    a = addMulAdx(z, x, y, n / 8, m, a);
    i = n & ~int64_t{7};
  }
  for (; i + 4 <= n; i += 4) {
    const Product p0(y[i], m), p1(y[i + 1], m), p2(y[i + 2], m), p3(y[i + 3], m);
    uint64_t s0, s1, s2, s3, above;
    Carry carry = addWord(0, p0.low, a, &s0);
    carry = addWord(carry, p1.low, p0.high, &s1);
    carry = addWord(carry, p2.low, p1.high, &s2);
    carry = addWord(carry, p3.low, p2.high, &s3);
    addWord(carry, p3.high, 0, &above);
    carry = addWord(0, s0, x[i], &z[i]);
    carry = addWord(carry, s1, x[i + 1], &z[i + 1]);
    carry = addWord(carry, s2, x[i + 2], &z[i + 2]);
    carry = addWord(carry, s3, x[i + 3], &z[i + 3]);
    addWord(carry, above, 0, &a);
  }
  for (; i < n; i++) {
    const Product p(y[i], m);
    uint64_t sum, above;
    addWord(addWord(0, p.low, a, &sum), p.high, 0, &above);
    addWord(addWord(0, sum, x[i], &z[i]), above, 0, &a);
  }
  return a;
}

}  // namespace burrow::rt
