// What the compiler's phases agree on about slices.
#pragma once

#include <cstdint>

namespace burrow::abi {

// Of the buffer in a frame for the first elements that are appended to a slice that stays there; gc's number.
inline constexpr int64_t kAppendBufBytes = 32;
// Of the room in a frame for a slice of a size that is not known and that stays there; gc's number.
inline constexpr int64_t kMakeBufBytes = 32;

}  // namespace burrow::abi
