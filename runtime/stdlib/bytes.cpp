// What internal/bytealg takes from the runtime apart from the searches, which are in string/bytealg.cpp.
#include "mem/malloc.h"

namespace burrow::rt {

// A byte slice whose contents the caller overwrites at once (strings.Builder). Its capacity is all of the object's size class:
// who grows a buffer gets what would be wasted.
GO_DECL("internal/bytealg.MakeNoZero", GoSlice, bytealgMakeNoZero, (int64_t len));
GoSlice bytealgMakeNoZero(int64_t len) {
  if (uint64_t(len) > kMaxAlloc) panicErrorString("makeslice: len out of range");
  const uint64_t cap = roundupsize(uint64_t(len), true);
  return {mallocgc(cap, nullptr, false), len, int64_t(cap)};
}

}  // namespace burrow::rt
