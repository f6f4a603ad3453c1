// The per-P buffer behind the write barrier; see gc/barrier.h.
#pragma once

#include "sched/runtime2.h"

namespace burrow::rt {

inline void wbBufReset(P* pp) {
  pp->wbBuf.next = pp->wbBufEntries;
  pp->wbBuf.end = pp->wbBufEntries + kWbBufEntries;
}

// Adds the pair of one store: what was there and what will be (0: nothing). With the M held.
void wbBufPut2(P* pp, uintptr_t before, uintptr_t after);
// Shades everything in the running P's buffer. On g0; never a safe point.
void wbBufFlush(void*) __asm__("runtime.wbBufFlush");
void wbBufFlush1(P* pp) __asm__("runtime.wbBufFlush1");

}  // namespace burrow::rt
