// What compiled code and the runtime agree on about strings.
#pragma once

#include <cstdint>

namespace burrow::abi {

// Of the buffer that a function has for the result of a conversion or concatenation that it does not let go; gc's number.
inline constexpr int64_t kTmpBufSize = 32;

}  // namespace burrow::abi
