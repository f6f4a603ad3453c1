// The functions of internal/bytealg that have no Go body on amd64: search.h at the width that the processor has. They stand
// in a file of their own, so that a program whose internal/bytealg is all Go does not get them linked in; what the runtime
// itself searches for goes through bytes.h.
//
// The width is asked for at the first call and kept. Package initialisation would be too late: variables of packages that are
// initialised before internal/cpu may search already.
#include "string/bytes.h"
#include "string/search.h"

#define BURROW_WIDE __attribute__((target("avx2,bmi,popcnt,lzcnt")))

namespace burrow::rt {

GO_DECL("internal/bytealg.IndexByte", int64_t, bytealgIndexByte, (const uint8_t* p, int64_t n, int64_t cap, uint8_t c));
GO_DECL("internal/bytealg.IndexByteString", int64_t, bytealgIndexByteString, (GoString s, uint8_t c));
GO_DECL("internal/bytealg.Count", int64_t, bytealgCount, (const uint8_t* p, int64_t n, int64_t cap, uint8_t c));
GO_DECL("internal/bytealg.CountString", int64_t, bytealgCountString, (GoString s, uint8_t c));
GO_DECL("internal/bytealg.Index", int64_t, bytealgIndex,
        (const uint8_t* p, int64_t n, int64_t cap, const uint8_t* want, int64_t m, int64_t wantCap));
GO_DECL("internal/bytealg.IndexString", int64_t, bytealgIndexString, (GoString s, GoString want));
GO_DECL("internal/bytealg.Compare", int64_t, bytealgCompare,
        (const uint8_t* a, int64_t aLen, int64_t aCap, const uint8_t* b, int64_t bLen, int64_t bCap));

namespace {

enum Width : uint8_t { kUnknown, kNarrow, kWide };
Width width;

// The processor's answer, and the system's whether it keeps the upper halves of the registers (XCR0 bits 1 and 2).
__attribute__((noinline, cold)) Width askWidth() {
  uint32_t a, b, c, d;
  const auto cpuid = [&](uint32_t leaf) { __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(leaf), "c"(0)); };
  constexpr uint32_t kOsxsave = 1u << 27, kAvx = 1u << 28, kPopcnt = 1u << 23, kAvx2 = 1u << 5, kBmi1 = 1u << 3;
  constexpr uint32_t kLzcnt = 1u << 5, kYmmState = 6;
  Width found = kNarrow;
  cpuid(0);
  const uint32_t leaves = a;
  cpuid(1);
  if (leaves >= 7 && (c & (kOsxsave | kAvx | kPopcnt)) == (kOsxsave | kAvx | kPopcnt)) {
    uint32_t state, upper;
    __asm__("xgetbv" : "=a"(state), "=d"(upper) : "c"(0));
    cpuid(7);
    const bool avx2 = (b & (kAvx2 | kBmi1)) == (kAvx2 | kBmi1) && (state & kYmmState) == kYmmState;
    cpuid(0x80000001);
    if (avx2 && (c & kLzcnt)) found = kWide;
  }
  __atomic_store_n(&width, found, __ATOMIC_RELAXED);
  return found;
}

ALWAYS_INLINE bool wide() {
  Width w = __atomic_load_n(&width, __ATOMIC_RELAXED);
  if (__builtin_expect(w == kUnknown, 0)) w = askWidth();
  return w == kWide;
}

BURROW_WIDE int64_t indexByteWide(const uint8_t* p, int64_t n, uint8_t c) {
  return search::indexByte<32>(p, uint64_t(n), c);
}
BURROW_WIDE int64_t countByteWide(const uint8_t* p, int64_t n, uint8_t c) {
  return search::countByte<32>(p, uint64_t(n), c);
}
BURROW_WIDE int64_t indexWide(const uint8_t* p, int64_t n, const uint8_t* want, int64_t m) {
  return search::indexString<32>(p, uint64_t(n), want, uint64_t(m));
}
int64_t indexNarrow(const uint8_t* p, int64_t n, const uint8_t* want, int64_t m) {
  return search::indexString<16>(p, uint64_t(n), want, uint64_t(m));
}

ALWAYS_INLINE int64_t indexIn(const uint8_t* p, int64_t n, uint8_t c) {
  return wide() ? indexByteWide(p, n, c) : search::indexByte<16>(p, uint64_t(n), c);
}
ALWAYS_INLINE int64_t countIn(const uint8_t* p, int64_t n, uint8_t c) {
  return wide() ? countByteWide(p, n, c) : countByte(p, n, c);
}
ALWAYS_INLINE int64_t indexIn(const uint8_t* p, int64_t n, const uint8_t* want, int64_t m) {
  return wide() ? indexWide(p, n, want, m) : indexNarrow(p, n, want, m);
}

}  // namespace

int64_t bytealgIndexByte(const uint8_t* p, int64_t n, int64_t, uint8_t c) { return indexIn(p, n, c); }
int64_t bytealgIndexByteString(GoString s, uint8_t c) { return indexIn(s.data, s.len, c); }
int64_t bytealgCount(const uint8_t* p, int64_t n, int64_t, uint8_t c) { return countIn(p, n, c); }
int64_t bytealgCountString(GoString s, uint8_t c) { return countIn(s.data, s.len, c); }
int64_t bytealgIndex(const uint8_t* p, int64_t n, int64_t, const uint8_t* want, int64_t m, int64_t) {
  return indexIn(p, n, want, m);
}
int64_t bytealgIndexString(GoString s, GoString want) { return indexIn(s.data, s.len, want.data, want.len); }
int64_t bytealgCompare(const uint8_t* a, int64_t aLen, int64_t, const uint8_t* b, int64_t bLen, int64_t) {
  return cmpstring({a, aLen}, {b, bLen});
}

}  // namespace burrow::rt
