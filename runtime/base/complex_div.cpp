// Division of complex numbers.
//
// Smith's method (divide by the larger component of the divisor first) avoids overflow in the middle. What it leaves as NaN
// although the exact rules of C99's annex G say an infinity or a zero is put right afterwards, as gc does.
#include "base/defs.h"

namespace burrow::rt {

namespace {

constexpr double kInf = __builtin_inf();
bool isNaN(double x) { return x != x; }
bool isInf(double x) { return x == kInf || x == -kInf; }
bool isFinite(double x) { return !isNaN(x) && !isInf(x); }
// An infinity as a unit with its sign, everything else as a zero with its sign.
double boxed(double x) { return __builtin_copysign(isInf(x) ? 1.0 : 0.0, x); }

}  // namespace

struct Complex128 {
  double re, im;
};

GOABI Complex128 complex128div(double a, double b, double c, double d) GO_SYM("runtime.complex128div");
GOABI Complex128 complex128div(double a, double b, double c, double d) {
  double re, im;
  if (__builtin_fabs(c) >= __builtin_fabs(d)) {
    double ratio = d / c, denominator = c + ratio * d;
    re = (a + b * ratio) / denominator;
    im = (b - a * ratio) / denominator;
  } else {
    double ratio = c / d, denominator = d + ratio * c;
    re = (a * ratio + b) / denominator;
    im = (b * ratio - a) / denominator;
  }
  if (!isNaN(re) || !isNaN(im)) return {re, im};
  if (c == 0 && d == 0 && (!isNaN(a) || !isNaN(b))) {
    double inf = __builtin_copysign(kInf, c);
    return {inf * a, inf * b};
  }
  if ((isInf(a) || isInf(b)) && isFinite(c) && isFinite(d)) {
    a = boxed(a);
    b = boxed(b);
    return {kInf * (a * c + b * d), kInf * (b * c - a * d)};
  }
  if ((isInf(c) || isInf(d)) && isFinite(a) && isFinite(b)) {
    c = boxed(c);
    d = boxed(d);
    return {0 * (a * c + b * d), 0 * (b * c - a * d)};
  }
  return {re, im};
}

}  // namespace burrow::rt
