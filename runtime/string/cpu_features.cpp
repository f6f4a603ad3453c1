// What the processor has beyond the first level of x86-64. Asked for once, at boot, before anything but equality depends on it:
// package initialisation (internal/cpu) would be too late, since variables of packages before it may search or hash already.
#include "string/cpu_features.h"

namespace burrow::rt {

bool cpuAes, cpuWide, cpuAdx, cpuWideProducts;

void cpuinit() {
  uint32_t a, b, c, d;
  const auto cpuid = [&](uint32_t leaf) { __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(leaf), "c"(0)); };
  const auto bits = [](auto... n) { return (0u | ... | (1u << n)); };
  const auto all = [](uint32_t have, uint32_t want) { return (have & want) == want; };
  // By the manual's numbers: sse3 0, ssse3 9, fma 12, cx16 13, sse4.1 19, sse4.2 20, movbe 22, popcnt 23, aes 25, osxsave 27, avx 28,
  // f16c 29; lahf 0, lzcnt 5; bmi1 3, avx2 5, bmi2 8, avx512f 16, adx 19, vpclmulqdq 10 (ecx).
  const uint32_t aes = bits(19, 25), v3 = bits(0, 9, 12, 13, 19, 20, 22, 23, 27, 28, 29), v3Extended = bits(0, 5), v3Leaf7 = bits(3, 5, 8);
  const uint32_t ymmState = bits(1, 2), zmmState = bits(1, 2, 5, 6, 7);  // XCR0: what the system keeps of wide registers
  cpuid(0);
  const uint32_t leaves = a;
  cpuid(1);
  cpuAes = all(c, aes);
  if (leaves < 7 || !all(c, v3)) return;
  uint32_t state, upper;
  __asm__("xgetbv" : "=a"(state), "=d"(upper) : "c"(0));
  cpuid(7);
  cpuAdx = all(b, bits(8, 19));
  cpuWideProducts = all(b, bits(16)) && all(c, bits(10)) && all(state, zmmState);
  const bool avx2 = all(b, v3Leaf7) && all(state, ymmState);
  cpuid(0x80000001);
  cpuWide = avx2 && all(c, v3Extended);
}

}  // namespace burrow::rt
