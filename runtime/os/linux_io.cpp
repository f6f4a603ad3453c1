// Files, exit, sleeping, random bytes: thin names over system calls.
#include "os/os.h"
#include "os/syscall_linux_amd64.h"

namespace burrow::rt {

int64_t write1(int fd, const void* p, size_t n) { return syscall(kSysWrite, uint64_t(fd), word(p), n); }
int64_t read(int fd, void* p, size_t n) { return syscall(kSysRead, uint64_t(fd), word(p), n); }
int64_t open(const char* path, int flags, int mode) { return syscall(kSysOpen, word(path), uint64_t(flags), uint64_t(mode)); }
int64_t closefd(int fd) { return syscall(kSysClose, uint64_t(fd)); }

[[noreturn]] NO_SPLIT void exitProcess(int code) {
  for (;;) syscall(kSysExitGroup, uint64_t(code));
}

NO_SPLIT void osyield() { syscall(kSysSchedYield); }

void usleep(uint32_t usec) {
  struct { int64_t sec, nsec; } ts = {usec / 1000000, int64_t(usec % 1000000) * 1000};
  syscall(kSysNanosleep, word(&ts), 0);
}

NO_SPLIT void futexsleep(uint32_t* addr, uint32_t value, int64_t ns) {
  constexpr uint64_t kWaitPrivate = 0 | 128;
  if (ns < 0) {
    syscall6(kSysFutex, word(addr), kWaitPrivate, value, 0);
    return;
  }
  struct { int64_t sec, nsec; } ts = {ns / 1000000000, ns % 1000000000};
  syscall6(kSysFutex, word(addr), kWaitPrivate, value, word(&ts));
}

NO_SPLIT void futexwakeup(uint32_t* addr, uint32_t n) {
  constexpr uint64_t kWakePrivate = 1 | 128;
  syscall6(kSysFutex, word(addr), kWakePrivate, n, 0);
}

void getRandom(void* p, size_t n) {
  uint8_t* at = static_cast<uint8_t*>(p);
  while (n > 0) {
    int64_t r = syscall(kSysGetrandom, word(at), n, 0);
    if (r <= 0) {
      if (r == -kEINTR) continue;
      // No kernel without getrandom can run a current libc; a clock is better than nothing.
      for (; n > 0; n--) *at++ = uint8_t(__builtin_ia32_rdtsc() >> (n & 7));
      return;
    }
    at += r;
    n -= size_t(r);
  }
}

}  // namespace burrow::rt
