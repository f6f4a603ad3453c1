// The functions of internal/bytealg that have no Go body on amd64. They stand in a file of their own, so that a program
// whose internal/bytealg is all Go does not get them linked in.
#include "string/bytes.h"

namespace burrow::rt {

GO_DECL("internal/bytealg.IndexByte", int64_t, bytealgIndexByte, (const uint8_t* p, int64_t n, int64_t cap, uint8_t c));
GO_DECL("internal/bytealg.IndexByteString", int64_t, bytealgIndexByteString, (GoString s, uint8_t c));
GO_DECL("internal/bytealg.Count", int64_t, bytealgCount, (const uint8_t* p, int64_t n, int64_t cap, uint8_t c));
GO_DECL("internal/bytealg.CountString", int64_t, bytealgCountString, (GoString s, uint8_t c));
GO_DECL("internal/bytealg.Compare", int64_t, bytealgCompare,
        (const uint8_t* a, int64_t aLen, int64_t aCap, const uint8_t* b, int64_t bLen, int64_t bCap));

int64_t bytealgIndexByte(const uint8_t* p, int64_t n, int64_t, uint8_t c) { return indexByte(p, n, c); }
int64_t bytealgIndexByteString(GoString s, uint8_t c) { return indexByte(s.data, s.len, c); }
int64_t bytealgCount(const uint8_t* p, int64_t n, int64_t, uint8_t c) { return countByte(p, n, c); }
int64_t bytealgCountString(GoString s, uint8_t c) { return countByte(s.data, s.len, c); }
int64_t bytealgCompare(const uint8_t* a, int64_t aLen, int64_t, const uint8_t* b, int64_t bLen, int64_t) {
  return cmpstring({a, aLen}, {b, bLen});
}

}  // namespace burrow::rt
