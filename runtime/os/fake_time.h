// The playground's clock, of programs that are built with -tags=faketime (gc's rules).
//
// Time stands still while anything runs. When everybody waits, checkdead moves the clock to the first timer instead of
// finding a deadlock; no thread sleeps in netpoll, for that would be waiting too. What is written to standard output and error is
// framed, so that a reader can play it back at the right moments:
//
//     0 0 'P' 'B' | time: 8 bytes | length: 4 bytes | data          both numbers big-endian
//
// Times never go back, and grow by at least 1 where the descriptor is another one than the last time: the order is known
// even when the two are read apart.
#pragma once

#include "base/defs.h"

namespace burrow::rt {

// Null in all other programs, which are linked without the rest.
struct FakeTime {
  int64_t (*write)(int fd, const void* p, size_t n);
  void (*jump)(int64_t when);
};
extern const FakeTime* fakeTime GO_SYM("runtime.fakeTime");

}  // namespace burrow::rt
