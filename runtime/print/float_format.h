// The shortest decimal digits that read back as the same floating-point number, as print and println show them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace burrow::rt {

// Longest result: sign, 17 digits, point, "e-308".
inline constexpr unsigned kMaxFloatChars = 24;

// Writes v in strconv's format 'g' with the shortest precision ("0.1", "1e+100", "-0", "NaN", "+Inf") and returns the
// number of bytes, at most kMaxFloatChars. bits is 64, or 32 for a value that is a float32.
unsigned formatFloat(char* out, double v, unsigned bits);

}  // namespace burrow::rt
