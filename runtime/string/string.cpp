// Conversions between strings, bytes and runes; see string.h.
#include "string/string.h"

#include "abi/string.h"
#include "mem/malloc.h"
#include "stack/stack.h"
#include "string/utf8.h"

namespace burrow::rt {

uint64_t staticuint64s[abi::kSmallValues];

void smallValuesInit() {
  for (unsigned i = 0; i < abi::kSmallValues; i++) staticuint64s[i] = i;
}

namespace {
// A string of one byte without an allocation (the low byte comes first).
GoString byteString(uint8_t b) { return {reinterpret_cast<const uint8_t*>(&staticuint64s[b]), 1}; }
uint8_t* room(uint8_t* buf, int64_t n) {
  return buf != nullptr && n <= abi::kTmpBufSize ? buf : static_cast<uint8_t*>(rawmem(uint64_t(n)));
}
}  // namespace

GoString concatstrings(uint8_t* buf, const GoString* s, int64_t n) {
  int64_t total = 0;
  int64_t count = 0, last = 0;
  for (int64_t i = 0; i < n; i++) {
    if (s[i].len == 0) continue;
    if (__builtin_add_overflow(total, s[i].len, &total)) throw_("string concatenation too long");
    count++;
    last = i;
  }
  if (count == 0) return {nullptr, 0};
  // The result may outlive a string that some frame has room for, unless it has its own room there.
  if (count == 1 && (buf != nullptr || segmentOf(getg(), uintptr_t(s[last].data)) == nullptr)) return s[last];
  uint8_t* p = room(buf, total);
  uint8_t* at = p;
  for (int64_t i = 0; i < n; i++) {
    memcpy(at, s[i].data, size_t(s[i].len));
    at += s[i].len;
  }
  return {p, total};
}

GoString slicebytetostring(uint8_t* buf, const uint8_t* p, int64_t n) {
  if (n == 0) return {nullptr, 0};
  if (n == 1) return byteString(*p);
  uint8_t* d = room(buf, n);
  memcpy(d, p, size_t(n));
  return {d, n};
}

GoSlice rawbyteslice(int64_t n) {
  const uint64_t cap = roundupsize(uint64_t(n), true);
  auto* p = static_cast<uint8_t*>(rawmem(cap));
  memset(p + n, 0, cap - uint64_t(n));
  return {p, n, int64_t(cap)};
}

GoSlice stringtoslicebyte(uint8_t* buf, GoString s) {
  GoSlice b = {buf, s.len, abi::kTmpBufSize};
  if (buf != nullptr && s.len <= abi::kTmpBufSize) {
    memset(buf, 0, abi::kTmpBufSize);
  } else {
    b = rawbyteslice(s.len);
  }
  memcpy(b.data, s.data, size_t(s.len));
  return b;
}

GoString slicerunetostring(uint8_t* buf, const int32_t* runes, int64_t n) {
  int64_t bytes = 0;
  for (int64_t i = 0; i < n; i++) bytes += runeLen(uint32_t(runes[i]));
  if (bytes == 0) return {nullptr, 0};
  // Room for a whole encoding at the end is not needed: encodeRune writes exactly runeLen bytes.
  uint8_t* p = room(buf, bytes);
  uint8_t* at = p;
  for (int64_t i = 0; i < n; i++) {
    // Another goroutine may change the runes meanwhile; the string must stay inside its memory.
    const uint32_t r = uint32_t(runes[i]);
    if (at + runeLen(r) > p + bytes) break;
    at += encodeRune(at, r);
  }
  return {p, at - p};
}

int64_t countrunes(GoString s) {
  int64_t count = 0;
  for (int64_t i = 0; i < s.len; count++) {
    i += s.data[i] < 0x80 ? 1 : decodeRuneAt(s.data + i, uint64_t(s.len - i)).size;
  }
  return count;
}

GoSlice stringtoslicerune(int32_t* buf, GoString s) {
  const int64_t n = countrunes(s);
  if (uint64_t(n) > kMaxAlloc / 4) throw_("out of memory");
  const bool fits = buf != nullptr && n <= abi::kTmpBufSize;
  const uint64_t bytes = fits ? 4 * abi::kTmpBufSize : roundupsize(uint64_t(n) * 4, true);
  auto* runes = fits ? buf : static_cast<int32_t*>(rawmem(bytes));
  memset(runes + n, 0, bytes - uint64_t(n) * 4);
  int64_t i = 0;
  for (int64_t k = 0; k < n; k++) {
    const Rune r = decodeRuneAt(s.data + i, uint64_t(s.len - i));
    runes[k] = int32_t(r.rune);
    i += r.size;
  }
  return {runes, n, int64_t(bytes / 4)};
}

GoString intstring(uint8_t* buf, int64_t v) {
  if (v >= 0 && v < 0x80) return byteString(uint8_t(v));
  const uint32_t r = v == int32_t(v) ? uint32_t(v) : kRuneError;
  auto* p = buf != nullptr ? buf : static_cast<uint8_t*>(rawmem(4));
  return {p, int64_t(encodeRune(p, r))};
}

RuneAndNext decoderune(GoString s, int64_t k) {
  const Rune r = decodeRuneAt(s.data + k, uint64_t(s.len - k));
  return {int32_t(r.rune), k + r.size};
}

}  // namespace burrow::rt
