// math.Exp to the last bit, as gc has it: with products and sums in one step where the processor has that (cpuWide), and without.
// The two sums are what gc's math.Exp gives for the same arguments, by itself and with GODEBUG=cpu.fma=off.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "string/cpu_features.h"

namespace burrow::rt {

double archExp(double x);

namespace {

constexpr uint64_t kFused = 10205632847744106797u, kPlain = 17524887822310269376u;

// Three of four arguments are of sizes whose exponential is finite; the rest is anything.
uint64_t sumOfExponentials() {
  uint64_t sum = 0, x = 88172645463325252;
  for (int i = 0; i < 200000; i++) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    const double f = i % 4 == 0 ? std::bit_cast<double>(x) : (double(x >> 11) / double(uint64_t{1} << 53) - 0.5) * 1500;
    const double e = archExp(f);
    sum = sum * 31 + std::bit_cast<uint64_t>(std::isnan(e) ? 7.0 : e);
  }
  return sum;
}

TEST(Exp, LastBits) {
  cpuinit();
  if (cpuWide) {
    EXPECT_EQ(sumOfExponentials(), kFused);
  }
  cpuWide = false;
  EXPECT_EQ(sumOfExponentials(), kPlain);
  cpuinit();
}

}  // namespace
}  // namespace burrow::rt
