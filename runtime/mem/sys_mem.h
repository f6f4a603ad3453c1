// Memory from the operating system with an account of what it is for. The states that heap memory goes through:
//
//            sysReserve           sysMap              first touch
//     None ------------> Reserved -------> Ready ------------------> resident
//                            ^               |  ^
//                   sysFault |     sysUnused |  | sysUsed
//                            +---------------+--+
//
// Reserved memory has addresses and may not be touched; it costs nothing. Ready memory may be touched: the kernel finds a
// zero page at the first touch of each page, which is what makes the resident size of a program grow step by step while
// its virtual size grows at once.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

// Bytes obtained for one purpose; the sums are MemStats' *Sys fields.
using SysMemStat = Atomic<uint64_t>;

// Reserved -> Ready; throws "runtime: out of memory" when the system refuses.
inline void sysMapFor(void* at, uint64_t size, SysMemStat* stat) {
  sysMap(at, size);
  if (stat) stat->xadd(size);
}
// Ready, zeroed memory for the runtime's own tables; nil when the system refuses.
inline void* sysAllocFor(uint64_t size, SysMemStat* stat) {
  void* p = sysAlloc(size);
  if (p && stat) stat->xadd(size);
  return p;
}

}  // namespace burrow::rt
