// What the processor must have for a program that was built with GOAMD64=v2 or above.
//
// The levels are those of the x86-64 psABI. The compiler uses their instructions in Go code without asking, so a program ends at
// its start, with gc's words, on a processor that lacks them; the runtime itself is built for v1. From v3 on compiled code has
// values in the upper halves of the vector registers, which then count where all registers are kept (wideCode). Below, the compiler
// has a second copy of some functions for v3 (cpuWide chooses), so that they count there too if the processor has them.
//
// GODEBUG=cpu.avx2=off has the program behave as on a processor without; likewise fma, bmi1, bmi2, popcnt, and all. What internal/cpu
// makes of GODEBUG is for the library's Go code only.
#include "boot/boot.h"

#include "os/os.h"
#include "string/cpu_features.h"

namespace burrow::rt {

bool wideCode;

// '2' to '4'; absent for v1. The linker writes it.
extern const char amd64Level[] __asm__("go:amd64level") __attribute__((weak));

void checkMicroarchitecture() {
  const char level = amd64Level ? amd64Level[0] : '1';
  if (level < '2') return;
  uint32_t a, b, c, d;
  const auto cpuid = [&](uint32_t leaf) { __asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(leaf), "c"(0)); };
  const auto bits = [](auto... n) { return (0u | ... | (1u << n)); };
  const auto all = [](uint32_t have, uint32_t want) { return (have & want) == want; };
  // By the manual's numbers: sse3 0, ssse3 9, fma 12, cx16 13, sse4.1 19, sse4.2 20, movbe 22, popcnt 23, osxsave 27, avx 28, f16c 29;
  // lahf 0, lzcnt 5; bmi1 3, avx2 5, bmi2 8, avx512f 16, avx512dq 17, avx512cd 28, avx512bw 30, avx512vl 31.
  const uint32_t v2 = bits(0, 9, 13, 19, 20, 23), v2Extended = bits(0);
  const uint32_t v3 = bits(12, 22, 27, 28, 29), v3Extended = bits(5), v3Leaf7 = bits(3, 5, 8), ymmState = bits(1, 2);
  const uint32_t v4Leaf7 = bits(16, 17, 28, 30, 31), zmmState = bits(1, 2, 5, 6, 7);
  cpuid(0);
  const uint32_t leaves = a;
  cpuid(0x80000001);
  const uint32_t extended = c;
  cpuid(1);
  bool able = all(c, v2) && all(extended, v2Extended);
  if (able && level >= '3') {
    able = leaves >= 7 && all(c, v3) && all(extended, v3Extended);
    if (able) {
      uint32_t state, upper;
      __asm__("xgetbv" : "=a"(state), "=d"(upper) : "c"(0));
      cpuid(7);
      able = all(b, v3Leaf7) && all(state, ymmState) && (level < '4' || (all(b, v4Leaf7) && all(state, zmmState)));
    }
  }
  wideCode = level >= '3';
  if (able) return;
  char text[] = "This program can only be run on AMD64 processors with v? microarchitecture support.\n";
  for (char& x : text) {
    if (x == '?') x = level;
  }
  write1(2, text, sizeof text - 1);
  exitProcess(1);
}

void cpuOptions() {
  static const struct {
    const char* key;
    bool* ability;
  } options[] = {{"cpu.all", &cpuWide}, {"cpu.avx2", &cpuWide}, {"cpu.fma", &cpuWide}, {"cpu.bmi1", &cpuWide}, {"cpu.bmi2", &cpuWide},
                 {"cpu.popcnt", &cpuWide}, {"cpu.all", &cpuWideProducts}, {"cpu.avx512f", &cpuWideProducts}};
  for (const auto& [key, ability] : options) {
    size_t n;
    const char* value = godebugValue(key, &n);
    if (value != nullptr && n == 3 && value[0] == 'o' && value[1] == 'f' && value[2] == 'f') *ability = false;
  }
  if (cpuWide) wideCode = true;
}

}  // namespace burrow::rt
