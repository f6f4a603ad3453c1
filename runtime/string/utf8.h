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

// The rune at p; n > 0 bytes are there.
inline Rune decodeRuneAt(const uint8_t* p, uint64_t n) {
  const uint32_t b0 = p[0];
  if (b0 < 0x80) return {b0, 1};
  const Rune bad{kRuneError, 1};
  auto cont = [&](unsigned i) { return i < n && (p[i] & 0xc0) == 0x80; };
  if (b0 < 0xc2 || b0 > 0xf4) return bad;  // continuation byte, overlong two-byte form, too large
  if (b0 < 0xe0) return cont(1) ? Rune{(b0 & 0x1f) << 6 | (p[1] & 0x3fu), 2} : bad;
  if (b0 < 0xf0) {
    if (!cont(1) || !cont(2)) return bad;
    const uint32_t r = (b0 & 0x0f) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
    return r < 0x800 || (r >= 0xd800 && r < 0xe000) ? bad : Rune{r, 3};
  }
  if (!cont(1) || !cont(2) || !cont(3)) return bad;
  const uint32_t r = (b0 & 0x07) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
  return r < 0x10000 || r > kMaxRune ? bad : Rune{r, 4};
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
