// Recursion over many segments, with results, stack arguments and floats crossing the boundaries; then again, when the
// segments are there already; then a loop whose call lies at a boundary.
// want-stderr: sum 500000500000\nargs 104500045\nfloat 500000.5\nagain 500000500000\nhot ok\n
// want-exit: 0
#include "support.h"
using namespace test;

__attribute__((noinline)) static GOABI int64_t sum(int64_t n) {
  if (n == 0) return 0;
  int64_t r = sum(n - 1);
  asm volatile("" : "+r"(r));
  return r + n;
}
// More arguments than registers.
__attribute__((noinline)) static GOABI int64_t many(int64_t n, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f,
                                                    int64_t g, int64_t h, int64_t i, int64_t j) {
  if (n == 0) return a + b + c + d + e + f + g + h + i + j;
  int64_t r = many(n - 1, b, c, d, e, f, g, h, i, j, a);
  asm volatile("" : "+r"(r));
  return r + a;
}
__attribute__((noinline)) static GOABI double floats(int64_t n, double x, double y) {
  if (n == 0) return x;
  double r = floats(n - 1, x + y, y);
  asm volatile("" : "+x"(r));
  return r;
}
struct Four { int64_t a, b, c, d; };
__attribute__((noinline)) static GOABI Four four(int64_t n, Four v) {
  if (n == 0) return v;
  Four r = four(n - 1, {v.b, v.c, v.d, v.a});
  asm volatile("" : "+r"(r.a), "+r"(r.b), "+r"(r.c), "+r"(r.d));
  return {r.d, r.a, r.b, r.c};
}
__attribute__((noinline)) static GOABI int64_t leaf(int64_t x) {
  volatile char room[700];
  room[x & 511] = char(x);
  return x + room[x & 511];
}
__attribute__((noinline)) static GOABI int64_t atDepth(int64_t depth, int64_t turns) {
  if (depth > 0) {
    int64_t r = atDepth(depth - 1, turns);
    asm volatile("" : "+r"(r));
    return r;
  }
  int64_t s = 0;
  for (int64_t i = 0; i < turns; i++) s += leaf(i & 1);
  return s;
}

GOABI void mainMain() {
  rtPrint("sum ", sum(1000000), "\n");
  rtPrint("args ", many(999999, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1000), "\n");
  double f = floats(1000000, 0.5, 0.5);
  rtPrint("float ");
  rtPrint(f == 500000.5 ? "500000.5" : "wrong");
  Four v = four(400000, {1, 2, 3, 4});
  CHECK(v.a == 1 && v.b == 2 && v.c == 3 && v.d == 4);
  rtPrint("\nagain ", sum(1000000), "\n");
  int64_t worst = 0;
  for (int64_t d = 0; d < 200; d++) {
    int64_t t = nanotime();
    atDepth(d, 1000);
    t = nanotime() - t;
    if (t > worst) worst = t;
  }
  CHECK(worst < 5000000);  // even the worst place: below 5 us a call on any machine
  rtPrint("hot ok\n");
}
