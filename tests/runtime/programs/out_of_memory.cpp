// More than the system can give: gc's text and status.
// want-stderr: fatal error: runtime: out of memory\n*
// want-exit: 2
#include "mem/malloc.h"
#include "support.h"
using namespace test;

GOABI void mainMain() { mallocgc(uint64_t{1} << 45, nullptr, true); }
