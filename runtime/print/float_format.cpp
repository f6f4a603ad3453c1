// Shortest float printing by exact integer arithmetic (Steele and White, Dybvig: "free-format" digit generation).
//
// The value v = f * 2^e is kept as the fraction r/s, together with half the distances to its neighbours, plus/s and
// minus/s, all scaled by a power of ten so that the next digit is the integer part of 10*r/s. Digits are produced until
// what is left is so small that every number it could stand for reads back as v.
//
// Slow (microseconds) and small: numbers are at most some 1100 bits. Rejected: the table-driven algorithms (Ryu, Grisu,
// Schubfach), whose tables are larger than the rest of print.
#include "print/float_format.h"

namespace burrow::rt {

namespace {

// A natural number of up to kWords * 32 bits, lowest word first.
struct Big {
  // 2^1023 * 2^2 * 10, and 10^324 * 2^53 with room.
  static constexpr unsigned kWords = 38;
  uint32_t w[kWords];
  unsigned n;  // words in use; w[n-1] != 0

  explicit Big(uint64_t v) : n(0) {
    for (; v; v >>= 32) w[n++] = uint32_t(v);
  }
  void mulSmall(uint32_t m) {
    uint64_t carry = 0;
    for (unsigned i = 0; i < n; i++) {
      carry += uint64_t(w[i]) * m;
      w[i] = uint32_t(carry);
      carry >>= 32;
    }
    if (carry) w[n++] = uint32_t(carry);
  }
  void mulPow10(unsigned k) {
    for (; k >= 9; k -= 9) mulSmall(1000000000);
    for (; k; k--) mulSmall(10);
  }
  void shiftLeft(unsigned bits) {
    const unsigned words = bits / 32, rest = bits % 32;
    if (n == 0) return;
    for (unsigned i = n; i-- > 0;) w[i + words] = w[i];
    for (unsigned i = 0; i < words; i++) w[i] = 0;
    n += words;
    if (rest) {
      uint32_t carry = 0;
      for (unsigned i = words; i < n; i++) {
        const uint32_t v = w[i];
        w[i] = v << rest | carry;
        carry = v >> (32 - rest);
      }
      if (carry) w[n++] = carry;
    }
  }
  // this -= b; this >= b.
  void sub(const Big& b) {
    int64_t borrow = 0;
    for (unsigned i = 0; i < n; i++) {
      borrow += int64_t(w[i]) - (i < b.n ? int64_t(b.w[i]) : 0);
      w[i] = uint32_t(borrow);
      borrow >>= 32;
    }
    while (n && w[n - 1] == 0) n--;
  }
};

int compare(const Big& a, const Big& b) {
  if (a.n != b.n) return a.n < b.n ? -1 : 1;
  for (unsigned i = a.n; i-- > 0;) {
    if (a.w[i] != b.w[i]) return a.w[i] < b.w[i] ? -1 : 1;
  }
  return 0;
}
// Compares a + b with c.
int compareSum(const Big& a, const Big& b, const Big& c) {
  Big sum(0);
  uint64_t carry = 0;
  const unsigned n = a.n > b.n ? a.n : b.n;
  for (unsigned i = 0; i < n; i++) {
    carry += (i < a.n ? uint64_t(a.w[i]) : 0) + (i < b.n ? b.w[i] : 0);
    sum.w[sum.n++] = uint32_t(carry);
    carry >>= 32;
  }
  if (carry) sum.w[sum.n++] = uint32_t(carry);
  return compare(sum, c);
}

struct Digits {
  char d[20];
  int count = 0;
  int point = 0;  // value = 0.d d d... * 10^point
};

// f * 2^e, f > 0; lowestGap: the number below is nearer than the one above (f is a power of two).
void shortest(uint64_t f, int e, bool lowestGap, Digits* out) {
  Big r(f), s(1), plus(1), minus(1);
  Big* const scaled[] = {&r, &plus, &minus};
  const unsigned extra = lowestGap ? 2 : 1, up = e >= 0 ? unsigned(e) : 0, down = e >= 0 ? 0 : unsigned(-e);
  r.shiftLeft(up + extra);
  s.shiftLeft(down + extra);
  plus.shiftLeft(up + extra - 1);
  minus.shiftLeft(up);
  // Both ends of the interval round to v when f is even.
  const bool inclusive = f % 2 == 0;
  const int bitLength = 64 - __builtin_clzll(f);
  // log10(v) rounded up, perhaps one too small: 30103/100000 is log10(2).
  int k = int((int64_t(e + bitLength - 1) * 30103 + 99999 * (e + bitLength - 1 > 0)) / 100000);
  if (k >= 0) {
    s.mulPow10(unsigned(k));
  } else {
    for (Big* b : scaled) b->mulPow10(unsigned(-k));
  }
  auto aboveOne = [&] {
    const int c = compareSum(r, plus, s);
    return inclusive ? c >= 0 : c > 0;
  };
  while (aboveOne()) {
    s.mulSmall(10);
    k++;
  }
  out->point = k;
  for (;;) {
    for (Big* b : scaled) b->mulSmall(10);
    int digit = 0;
    while (compare(r, s) >= 0) {
      r.sub(s);
      digit++;
    }
    const int lowCompare = compare(r, minus);
    const bool low = inclusive ? lowCompare <= 0 : lowCompare < 0;
    const bool high = aboveOne();
    if (!low && !high) {
      // A first digit of 0 only says that k was one too large.
      if (out->count == 0 && digit == 0) {
        out->point--;
        continue;
      }
      out->d[out->count++] = char('0' + digit);
      continue;
    }
    if (high && low) {
      r.shiftLeft(1);
      const int c = compare(r, s);
      if (c > 0 || (c == 0 && digit % 2 == 1)) digit++;
    } else if (high) {
      digit++;
    }
    out->d[out->count++] = char('0' + digit);
    return;
  }
}

}  // namespace

unsigned formatFloat(char* out, double v, unsigned bits) {
  uint64_t raw;
  __builtin_memcpy(&raw, &v, sizeof raw);
  const bool negative = raw >> 63;
  char* at = out;
  auto put = [&](const char* s) {
    while (*s) *at++ = *s++;
    return unsigned(at - out);
  };
  if (v != v) return put("NaN");
  if ((raw & ~(uint64_t{1} << 63)) == uint64_t{0x7ff} << 52) return put(negative ? "-Inf" : "+Inf");
  if (negative) *at++ = '-';
  if (v == 0) return put("0");

  unsigned mantBits = 52;
  int expBits = int(raw >> 52 & 0x7ff), bias = 1023;
  uint64_t mant = raw & ((uint64_t{1} << 52) - 1);
  if (bits == 32) {
    const float f = float(v);
    uint32_t raw32;
    __builtin_memcpy(&raw32, &f, sizeof raw32);
    mantBits = 23;
    expBits = int(raw32 >> 23 & 0xff);
    bias = 127;
    mant = raw32 & ((1u << 23) - 1);
  }
  const bool lowestGap = mant == 0 && expBits > 1;
  if (expBits == 0) {
    expBits = 1;
  } else {
    mant |= uint64_t{1} << mantBits;
  }
  Digits digits;
  shortest(mant, expBits - bias - int(mantBits), lowestGap, &digits);
  while (digits.count > 1 && digits.d[digits.count - 1] == '0') digits.count--;

  constexpr int kMinExp = -4, kMaxExp = 6;
  const int exp = digits.point - 1;
  if (exp < kMinExp || exp >= kMaxExp) {
    *at++ = digits.d[0];
    if (digits.count > 1) *at++ = '.';
    for (int i = 1; i < digits.count; i++) *at++ = digits.d[i];
    *at++ = 'e';
    *at++ = exp < 0 ? '-' : '+';
    const int e = exp < 0 ? -exp : exp;
    if (e >= 100) *at++ = char('0' + e / 100);
    *at++ = char('0' + e / 10 % 10);
    *at++ = char('0' + e % 10);
    return unsigned(at - out);
  }
  if (digits.point <= 0) {
    put("0.");
    for (int i = digits.point; i < 0; i++) *at++ = '0';
  }
  for (int i = 0; i < digits.count || i < digits.point; i++) {
    if (i == digits.point && i > 0) *at++ = '.';
    *at++ = i < digits.count ? digits.d[i] : '0';
  }
  return unsigned(at - out);
}

}  // namespace burrow::rt
