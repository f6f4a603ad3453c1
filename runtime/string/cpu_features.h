// What the processor has beyond the first level of x86-64, as far as the runtime's own loops ask.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

extern bool cpuAes;                             // AES and SSE 4.1
extern bool cpuWide __asm__("runtime.cpuWide"); // what GOAMD64=v3 means: AVX2, FMA, BMI2, POPCNT, LZCNT, ...
extern bool cpuAdx;                             // ADX and BMI2
extern bool cpuWideProducts;                    // AVX512F and VPCLMULQDQ, and the system keeps registers of 64 bytes

// Sets them; alginit's first step.
void cpuinit();

}  // namespace burrow::rt
