// Raw Linux system calls. Results are as the kernel gives them: negative errno on failure.
#pragma once

#include <cstdint>

#include "base/defs.h"

namespace burrow::rt {

enum Errno : int64_t { kEINTR = 4, kEAGAIN = 11, kENOMEM = 12 };

enum Sys : int64_t {
  kSysRead = 0, kSysWrite = 1, kSysOpen = 2, kSysClose = 3, kSysMmap = 9, kSysMunmap = 11,
  kSysRtSigaction = 13, kSysPread64 = 17, kSysRtSigprocmask = 14, kSysSchedYield = 24, kSysMadvise = 28, kSysNanosleep = 35, kSysGetpid = 39,
  kSysExit = 60, kSysSigaltstack = 131, kSysGettid = 186, kSysFutex = 202,
  kSysSchedGetaffinity = 204, kSysClockGettime = 228, kSysExitGroup = 231, kSysKill = 62, kSysTgkill = 234,
  kSysTimerCreate = 222, kSysTimerSettime = 223, kSysTimerDelete = 226, kSysEventfd2 = 290, kSysEpollCreate1 = 291, kSysEpollCtl = 233, kSysEpollPwait = 281, kSysGetrandom = 318,
};

ALWAYS_INLINE int64_t syscall(int64_t n, uint64_t a = 0, uint64_t b = 0, uint64_t c = 0) {
  int64_t r;
  asm volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return r;
}
ALWAYS_INLINE int64_t syscall6(int64_t n, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e = 0, uint64_t f = 0) {
  int64_t r;
  register uint64_t r10 asm("r10") = d;
  register uint64_t r8 asm("r8") = e;
  register uint64_t r9 asm("r9") = f;
  asm volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return r;
}

template <class T>
ALWAYS_INLINE uint64_t word(T* p) { return reinterpret_cast<uint64_t>(p); }

}  // namespace burrow::rt
