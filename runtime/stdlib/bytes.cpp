// What internal/bytealg takes from the runtime apart from the searches, which are in string/bytealg.cpp.
#include "mem/malloc.h"

namespace burrow::rt {

// A byte slice whose contents the caller overwrites at once (strings.Builder).
GO_DECL("internal/bytealg.MakeNoZero", GoSlice, bytealgMakeNoZero, (int64_t len));
GoSlice bytealgMakeNoZero(int64_t len) { return {mallocgc(static_cast<uint64_t>(len), nullptr, false), len, len}; }

}  // namespace burrow::rt
