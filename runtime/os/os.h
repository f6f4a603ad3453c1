// The operating system as the runtime sees it: memory, threads, futexes, clocks, output. One implementation makes raw Linux
// system calls (os/linux_*.cpp); tests that run hosted bring their own of the few functions that their subject uses.
#pragma once

#include "base/defs.h"

namespace burrow::rt {

// ---- memory. Sizes are multiples of the page size. Reserved memory has addresses but no access; mapped memory reads as zero
// and is committed when touched.
// sysAlloc maps fresh memory; null when the system has none.
void* sysAlloc(size_t n) GO_SYM("runtime.sysAlloc");
// sysReserve reserves address space, at `hint` if that is free (hint null: anywhere); null on failure.
void* sysReserve(void* hint, size_t n) GO_SYM("runtime.sysReserve");
// sysReserveAligned: the same with an alignment (a power of two).
void* sysReserveAligned(void* hint, size_t n, size_t align) GO_SYM("runtime.sysReserveAligned");
// sysMap makes reserved memory accessible; throws when the system refuses (out of memory).
void sysMap(void* p, size_t n) GO_SYM("runtime.sysMap");
void sysFree(void* p, size_t n) GO_SYM("runtime.sysFree");
// sysUnused gives the contents back to the system and keeps the range; sysUsed announces that it is needed again.
void sysUnused(void* p, size_t n) GO_SYM("runtime.sysUnused");
void sysUsed(void* p, size_t n) GO_SYM("runtime.sysUsed");
void sysFault(void* p, size_t n) GO_SYM("runtime.sysFault");
// sysPopulate finds pages for all of the range now, whose contents stay.
void sysPopulate(void* p, size_t n);
void sysHugePage(void* p, size_t n) GO_SYM("runtime.sysHugePage");
void sysNoHugePage(void* p, size_t n) GO_SYM("runtime.sysNoHugePage");

// ---- output and exit. write1 returns the bytes written or a negative errno.
int64_t write1(int fd, const void* p, size_t n) GO_SYM("runtime.write1");
int64_t read(int fd, void* p, size_t n) GO_SYM("runtime.read");
int64_t open(const char* path, int flags, int mode) GO_SYM("runtime.open");
int64_t closefd(int fd) GO_SYM("runtime.closefd");
[[noreturn]] void exitProcess(int code) GO_SYM("runtime.exit");

// ---- futex: sleep while *addr == value, at most ns nanoseconds (negative: for ever); wake up to n sleepers.
void futexsleep(uint32_t* addr, uint32_t value, int64_t ns) GO_SYM("runtime.futexsleep");
void futexwakeup(uint32_t* addr, uint32_t n) GO_SYM("runtime.futexwakeup");
// The two clocks in one go: CLOCK_REALTIME and CLOCK_MONOTONIC.
void wallAndMono(int64_t* sec, int32_t* nsec, int64_t* mono);
// The function that reads clocks from now on, which returns 0 when it could.
struct Timespec { int64_t sec, nsec; };
using ClockGettime = int (*)(int clock, Timespec* ts);
void useClock(ClockGettime clock);
void osyield() GO_SYM("runtime.osyield");
void usleep(uint32_t usec) GO_SYM("runtime.usleep");

// getRandom fills p from the kernel.
void getRandom(void* p, size_t n);

extern size_t physPageSize;
extern size_t physHugePageSize;

}  // namespace burrow::rt
