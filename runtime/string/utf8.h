// UTF-8 as Go reads and writes it: a bad byte is one U+FFFD, surrogates and numbers above U+10FFFF do not exist.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

inline constexpr uint32_t kRuneError = 0xfffd;
inline constexpr uint32_t kMaxRune = 0x10ffff;

struct Rune {
  uint32_t rune;
  uint32_t size;  // bytes
};

// The rune at p; n > 0 bytes are there. Each form is one comparison of all its marks, in four bytes at once: what lies behind the
// end counts as zero, which continues nothing.
__attribute__((always_inline)) inline Rune decodeRuneAt(const uint8_t* p, uint64_t n) {
  if (p[0] < 0x80) return {p[0], 1};
  uint32_t w;
  if (LIKELY(n >= 4)) {
    __builtin_memcpy(&w, p, 4);
  } else {
    w = p[0] | (n > 1 ? p[1] << 8 : 0u) | (n > 2 ? p[2] << 16 : 0u);
  }
  auto tail = [&](unsigned byte, unsigned shift) { return (w >> 8 * byte & 0x3f) << shift; };
  if ((w & 0xc0c0f0) == 0x8080e0) {
    const uint32_t r = (w & 0x0f) << 12 | tail(1, 6) | tail(2, 0);
    if (LIKELY(r >= 0x800 && r - 0xd800 >= 0x800)) return {r, 3};
  } else if ((w & 0xc0e0) == 0x80c0) {
    const uint32_t r = (w & 0x1f) << 6 | tail(1, 0);
    if (LIKELY(r >= 0x80)) return {r, 2};
  } else if ((w & 0xc0c0c0f8) == 0x808080f0) {
    const uint32_t r = (w & 0x07) << 18 | tail(1, 12) | tail(2, 6) | tail(3, 0);
    if (LIKELY(r >= 0x10000 && r <= kMaxRune)) return {r, 4};
  }
  return {kRuneError, 1};
}

// Bytes that encodeRune writes for r.
inline unsigned runeLen(uint32_t r) {
  if (r < 0x80) return 1;
  if (r < 0x800) return 2;
  if (r > kMaxRune || (r >= 0xd800 && r < 0xe000)) return 3;  // U+FFFD
  return r < 0x10000 ? 3 : 4;
}

// Writes r (U+FFFD if it is no rune) at p and returns the number of bytes, at most 4.
inline unsigned encodeRune(uint8_t* p, uint32_t r) {
  if (r < 0x80) {
    p[0] = uint8_t(r);
    return 1;
  }
  if (r < 0x800) {
    p[0] = uint8_t(0xc0 | r >> 6);
    p[1] = uint8_t(0x80 | (r & 0x3f));
    return 2;
  }
  if (r > kMaxRune || (r >= 0xd800 && r < 0xe000)) r = kRuneError;
  if (r < 0x10000) {
    p[0] = uint8_t(0xe0 | r >> 12);
    p[1] = uint8_t(0x80 | (r >> 6 & 0x3f));
    p[2] = uint8_t(0x80 | (r & 0x3f));
    return 3;
  }
  p[0] = uint8_t(0xf0 | r >> 18);
  p[1] = uint8_t(0x80 | (r >> 12 & 0x3f));
  p[2] = uint8_t(0x80 | (r >> 6 & 0x3f));
  p[3] = uint8_t(0x80 | (r & 0x3f));
  return 4;
}

}  // namespace burrow::rt
