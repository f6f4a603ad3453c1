// Package initialisation: the tasks of runtime.inittasks in order, on the locked main goroutine; GODEBUG=inittrace=1.
// want-stderr: a1 a2 init * @* ms, * ms clock, 48 bytes, 1 allocs\nb1 init * @* ms, * ms clock, 0 bytes, 0 allocs\nmain\n
// want-exit: 0
// env: GODEBUG=inittrace=1
#include "mem/malloc.h"
#include "support.h"
using namespace test;

static void a1() {
  CHECK(getm() == &m0 && getg()->lockedm == &m0 && mallocgc(40, nullptr, true) != nullptr);
  rtPrint("a1 ");
}
static void a2() { rtPrint("a2 "); }
static void b1() { rtPrint("b1 "); }
static void c1() { CHECK(!"done already"); }
template <int N>
struct Task {
  burrow::abi::InitTask head;
  void (*fns[N])();
};
static Task<2> a = {{0, 2}, {a1, a2}};
static Task<1> b = {{0, 1}, {b1}}, c = {{2, 1}, {c1}};
extern "C" {
extern burrow::abi::InitTask* const inittasks[] GO_SYM("runtime.inittasks");
burrow::abi::InitTask* const inittasks[] = {&a.head, &c.head, &b.head};
extern const uint64_t ninittasks GO_SYM("runtime.ninittasks");
const uint64_t ninittasks = 3;
}
GOABI void mainMain() {
  CHECK(a.head.state == 2 && b.head.state == 2 && getg()->lockedm == nullptr);
  rtPrint("main\n");
}
