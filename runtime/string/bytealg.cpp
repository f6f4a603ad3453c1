// Count and Index of internal/bytealg, which have no Go body on amd64: search.h at the width that the processor has. They stand
// in a file of their own, so that a program whose internal/bytealg is all Go does not get them linked in; what the runtime
// itself searches for goes through bytes.h.
#include "string/bytes.h"
#include "string/cpu_features.h"
#include "string/search.h"

#define BURROW_WIDE __attribute__((target("avx2,bmi,popcnt,lzcnt")))

namespace burrow::rt {

GO_DECL("internal/bytealg.Count", int64_t, bytealgCount, (const uint8_t* p, int64_t n, int64_t cap, uint8_t c));
GO_DECL("internal/bytealg.CountString", int64_t, bytealgCountString, (GoString s, uint8_t c));
GO_DECL("internal/bytealg.Index", int64_t, bytealgIndex,
        (const uint8_t* p, int64_t n, int64_t cap, const uint8_t* want, int64_t m, int64_t wantCap));
GO_DECL("internal/bytealg.IndexString", int64_t, bytealgIndexString, (GoString s, GoString want));

namespace {

BURROW_WIDE int64_t countByteWide(const uint8_t* p, int64_t n, uint8_t c) {
  return search::countByte<32>(p, uint64_t(n), c);
}
BURROW_WIDE int64_t indexWide(const uint8_t* p, int64_t n, const uint8_t* want, int64_t m) {
  return search::indexString<32>(p, uint64_t(n), want, uint64_t(m));
}
int64_t indexNarrow(const uint8_t* p, int64_t n, const uint8_t* want, int64_t m) {
  return search::indexString<16>(p, uint64_t(n), want, uint64_t(m));
}

ALWAYS_INLINE int64_t countIn(const uint8_t* p, int64_t n, uint8_t c) {
  return cpuWide ? countByteWide(p, n, c) : countByte(p, n, c);
}
ALWAYS_INLINE int64_t indexIn(const uint8_t* p, int64_t n, const uint8_t* want, int64_t m) {
  return cpuWide ? indexWide(p, n, want, m) : indexNarrow(p, n, want, m);
}

}  // namespace

int64_t bytealgCount(const uint8_t* p, int64_t n, int64_t, uint8_t c) { return countIn(p, n, c); }
int64_t bytealgCountString(GoString s, uint8_t c) { return countIn(s.data, s.len, c); }
int64_t bytealgIndex(const uint8_t* p, int64_t n, int64_t, const uint8_t* want, int64_t m, int64_t) {
  return indexIn(p, n, want, m);
}
int64_t bytealgIndexString(GoString s, GoString want) { return indexIn(s.data, s.len, want.data, want.len); }

}  // namespace burrow::rt
