// What the processor has beyond the first level of x86-64, as far as the runtime's own loops ask.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

extern bool cpuAes;                             // AES and SSE 4.1
extern bool cpuWide __asm__("runtime.cpuWide"); // AVX2, FMA, BMI1, POPCNT and LZCNT, and the system keeps the wide registers
extern bool cpuAdx;                             // ADX and BMI2

// Sets them; alginit's first step.
void cpuinit();

}  // namespace burrow::rt
