// math.Exp, which the distribution has in assembly on amd64: with the same operations in the same order, so that programs get
// the same last bits as with gc.
//
// exp(x) = 2^k exp(r), k being x / ln 2 rounded; k ln 2 is subtracted in two parts, so that r is exact but for its last bits.
// exp(r) - 1 comes of e = exp(r/16) - 1, whose Taylor series is short, by squaring four times: exp(2t) - 1 = e (e + 2). (N. Shibata,
// "Efficient evaluation methods of elementary functions suitable for SIMD computation", ISC'10.) Where the processor multiplies
// and adds in one step, gc uses that, and it rounds once less.
#include "string/cpu_features.h"

#include <immintrin.h>

namespace burrow::rt {

GO_DECL("math.archExp", double, archExp, (double x));

#pragma clang fp contract(off)

namespace {

constexpr double kLog2E = 1.4426950408889634073599246810018920;
constexpr double kLn2Upper = 0.69314718055966295651160180568695068359375;
constexpr double kLn2Lower = 0.28235290563031577122588448175013436025525412068e-12;
constexpr double kLargest = 7.09782712893384e+02;  // whose exponential is finite
constexpr int kBias = 0x3ff, kSpecial = 0x7ff, kFractionBits = 52;
constexpr double kInfinity = __builtin_inf();
// 1/8! to 1/0!
constexpr double kTaylor[] = {2.4801587301587301587e-5, 1.9841269841269841270e-4, 1.3888888888888888889e-3, 8.3333333333333333333e-3,
                              4.1666666666666666667e-2, 1.6666666666666666667e-1, 0.5, 1.0};

double withExponent(int biased) { return __builtin_bit_cast(double, uint64_t(biased) << kFractionBits); }

// y * 2^k, y being about 1.
double scaled(double y, int k) {
  k += kBias;
  if (k >= kSpecial) return kInfinity;
  if (k <= 0) {
    if (k < -kFractionBits) return 0;
    y *= withExponent(k + kBias - 1);
    k = 1;
  }
  return y * withExponent(k);
}

__attribute__((target("fma"))) double expFused(double x) {
  const int k = _mm_cvtsd_si32(_mm_set_sd(x * kLog2E));
  double e = __builtin_fma(-double(k), kLn2Upper, x);
  e = __builtin_fma(-double(k), kLn2Lower, e);
  e *= 0.0625;
  double sum = kTaylor[0];
  for (int i = 1; i < 8; i++) sum = __builtin_fma(sum, e, kTaylor[i]);
  e *= sum;
  for (int i = 0; i < 3; i++) e *= e + 2;
  return scaled(__builtin_fma(e, e + 2, 1.0), k);
}

double expPlain(double x) {
  const int k = _mm_cvtsd_si32(_mm_set_sd(x * kLog2E));
  double e = x - k * kLn2Upper;
  e -= k * kLn2Lower;
  e *= 0.0625;
  double sum = kTaylor[0];
  for (int i = 1; i < 8; i++) sum = sum * e + kTaylor[i];
  e *= sum;
  for (int i = 0; i < 4; i++) e *= e + 2;
  return scaled(e + 1, k);
}

}  // namespace

double archExp(double x) {
  if (!(__builtin_fabs(x) < kInfinity)) return x == -kInfinity ? 0 : x;
  if (x > kLargest) return kInfinity;
  return cpuWide ? expFused(x) : expPlain(x);
}

}  // namespace burrow::rt
