// Goexit in an init function ends the main goroutine; the others go on, until none is left.
// want-stderr: other\nfatal error: no goroutines (main called runtime.Goexit) - deadlock!\n*
// want-exit: 2
#include "support.h"
using namespace test;
static void other(Closure*) {
  for (int i = 0; i < 10; i++) gosched();
  rtPrint("other\n");
}
static void a1() {
  static Closure c = closure(other);
  newproc(asFunc(&c));
  Goexit();
}
static struct {
  burrow::abi::InitTask head;
  void (*fn)();
} a = {{0, 1}, a1};
extern "C" {
extern burrow::abi::InitTask* const inittasks[] GO_SYM("runtime.inittasks");
burrow::abi::InitTask* const inittasks[] = {&a.head};
extern const uint64_t ninittasks GO_SYM("runtime.ninittasks");
const uint64_t ninittasks = 1;
}
GOABI void mainMain() { rtPrint("main\n"); }
