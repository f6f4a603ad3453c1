// What the processor has beyond the first level of x86-64. Asked for once, at boot, before anything but equality depends on it:
// package initialisation (internal/cpu) would be too late, since variables of packages before it may search or hash already.
#include "string/cpu_features.h"

namespace burrow::rt {

bool cpuAes, cpuWide, cpuAdx;

void cpuinit() {
  uint32_t a, b, c, d;
  const auto cpuid = [&](uint32_t leaf) { __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(leaf), "c"(0)); };
  constexpr uint32_t kFma = 1u << 12, kSse41 = 1u << 19, kPopcnt = 1u << 23, kAes = 1u << 25, kOsxsave = 1u << 27, kAvx = 1u << 28;  // 1: ecx
  constexpr uint32_t kBmi1 = 1u << 3, kAvx2 = 1u << 5, kBmi2 = 1u << 8, kAdx = 1u << 19;  // 7: ebx
  constexpr uint32_t kLzcnt = 1u << 5;                  // 0x80000001: ecx
  constexpr uint32_t kYmmState = 6;                     // XCR0: the system keeps the upper halves of the registers
  const auto all = [](uint32_t have, uint32_t want) { return (have & want) == want; };
  cpuid(0);
  const uint32_t leaves = a;
  cpuid(1);
  cpuAes = all(c, kAes | kSse41);
  if (leaves < 7 || !all(c, kOsxsave | kAvx | kPopcnt | kFma)) return;
  uint32_t state, upper;
  __asm__("xgetbv" : "=a"(state), "=d"(upper) : "c"(0));
  cpuid(7);
  const bool avx2 = all(b, kAvx2 | kBmi1) && all(state, kYmmState);
  cpuAdx = all(b, kAdx | kBmi2);
  cpuid(0x80000001);
  cpuWide = avx2 && all(c, kLzcnt);
}

}  // namespace burrow::rt
