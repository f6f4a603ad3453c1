// Endless recursion.
// want-stderr: runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp=*stack=[*]\nfatal error: stack overflow\n*
// want-exit: 2
#include "support.h"
using namespace test;
__attribute__((noinline)) static int64_t forever(int64_t n) {
  volatile char room[400];
  room[n & 255] = 1;
  return forever(n + 1) + room[n & 255];
}
GOABI void mainMain() { rtPrint(forever(0)); }
