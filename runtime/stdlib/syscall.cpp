// What packages syscall, internal/runtime/syscall/linux, internal/syscall/unix and os take from the runtime, apart from the
// scheduler's part (entersyscall and its kin are in sched/).
#include "base/defs.h"
#include "boot/boot.h"
#include "mem/malloc.h"
#include "os/boot_info.h"
#include "os/fake_time.h"
#include "os/os.h"
#include "os/syscall_linux_amd64.h"
#include "panic/panic.h"
#include "symtab/traceback.h"

namespace burrow::rt {

// ---- system calls as such. The kernel's answers from -4095 to -1 are error numbers.

struct SyscallResult {
  uint64_t r1, r2, error;
};
GO_DECL("internal/runtime/syscall/linux.Syscall6", SyscallResult, Syscall6,
        (uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f));
NO_SPLIT SyscallResult Syscall6(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                                uint64_t f) {
  uint64_t r1 = number, r2 = c;
  register uint64_t r10 asm("r10") = d;
  register uint64_t r8 asm("r8") = e;
  register uint64_t r9 asm("r9") = f;
  asm volatile("syscall" : "+a"(r1), "+d"(r2) : "D"(a), "S"(b), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  if (UNLIKELY(r1 > uint64_t(-4096))) return {~uint64_t(0), 0, uint64_t(0) - r1};
  return {r1, r2, 0};
}

struct TwoWords {
  uint64_t r1, r2;
};
GO_DECL("syscall.rawSyscallNoError", TwoWords, rawSyscallNoError,
        (uint64_t number, uint64_t a, uint64_t b, uint64_t c));
NO_SPLIT TwoWords rawSyscallNoError(uint64_t number, uint64_t a, uint64_t b, uint64_t c) {
  uint64_t r1 = number, r2 = c;
  asm volatile("syscall" : "+a"(r1), "+d"(r2) : "D"(a), "S"(b) : "rcx", "r11", "memory");
  return {r1, r2};
}

GO_DECL("syscall.gettimeofday", uint64_t, syscallGettimeofday, (int64_t * tv));
uint64_t syscallGettimeofday(int64_t* tv) {
  int64_t sec;
  int32_t nsec;
  walltime(&sec, &nsec);
  tv[0] = sec;
  tv[1] = nsec / 1000;
  return 0;
}

GO_DECL("runtime.fcntl", TwoWords, goFcntl, (int32_t fd, int32_t command, int32_t argument));
TwoWords goFcntl(int32_t fd, int32_t command, int32_t argument) {
  constexpr int64_t kSysFcntl = 72;
  const int64_t r = syscall(kSysFcntl, uint64_t(int64_t(fd)), uint64_t(int64_t(command)), uint64_t(int64_t(argument)));
  if (r < 0) return {~uint64_t(0), uint64_t(-r)};
  return {uint64_t(r), 0};
}

GO_DECL("runtime.write", int32_t, goWrite, (uint64_t fd, const void* p, int32_t n));
int32_t goWrite(uint64_t fd, const void* p, int32_t n) {
  const auto write = fakeTime == nullptr ? write1 : fakeTime->write;
  return int32_t(write(int(fd), p, size_t(n)));
}

// Random numbers by the vDSO are not offered: callers use the system call then.
struct VgetrandomResult {
  int64_t n;
  uint64_t supported;
};
GO_DECL("runtime.vgetrandom", VgetrandomResult, goVgetrandom, (void* p, int64_t len, int64_t cap, uint32_t flags));
VgetrandomResult goVgetrandom(void*, int64_t, int64_t, uint32_t) { return {-1, 0}; }

// ---- the process

GO_DECL("syscall.Exit", void, syscallExit, (int64_t code));
void syscallExit(int64_t code) { exitProcess(int(code)); }
GO_DECL("syscall.Getpagesize", int64_t, syscallGetpagesize, ());
int64_t syscallGetpagesize() { return int64_t(physPageSize); }
// Without C there are no calls into it.
GO_DECL("syscall.cgocaller", uint64_t, syscallCgocaller, ());
uint64_t syscallCgocaller() { throw_("runtime: call of C in a program without it"); }

// ---- fork and exec. Between BeforeFork and AfterFork the child may share this thread's memory and stack: no signal may be
// handled and nothing may be preempted.

namespace {

// The mask of the thread that forks; one fork at a time (syscall.ForkLock).
uint64_t forkMask;

extern "C" char sigtramp[] GO_SYM("runtime.sigtramp");

// The child has the parent's handlers, but nobody to handle anything: back to the kernel's defaults. What is ignored stays
// ignored, for the new program too.
void clearSignalHandlers() {
  struct {
    uintptr_t handler;
    uint64_t flags;
    uintptr_t restorer;
    uint64_t mask;
  } action;
  constexpr uint64_t kSignals = 64;
  for (uint64_t sig = 1; sig <= kSignals; sig++) {
    if (syscall6(kSysRtSigaction, sig, 0, word(&action), 8) != 0 || action.handler != uintptr_t(sigtramp)) continue;
    action = {};
    syscall6(kSysRtSigaction, sig, word(&action), 0, 8);
  }
}

}  // namespace

GO_DECL("syscall.runtime_BeforeFork", void, syscallBeforeFork, ());
void syscallBeforeFork() {
  acquirem();
  uint64_t all = ~uint64_t(0);
  syscall6(kSysRtSigprocmask, 2, word(&all), word(&forkMask), 8);
}
GO_DECL("syscall.runtime_AfterFork", void, syscallAfterFork, ());
void syscallAfterFork() {
  syscall6(kSysRtSigprocmask, 2, word(&forkMask), 0, 8);
  releasem(getm());
}
// In the child, before exec.
GO_DECL("syscall.runtime_AfterForkInChild", void, syscallAfterForkInChild, ());
void syscallAfterForkInChild() {
  clearSignalHandlers();
  syscall6(kSysRtSigprocmask, 2, word(&forkMask), 0, 8);
}
GO_DECL("syscall.runtime_BeforeExec", void, syscallBeforeExec, ());
void syscallBeforeExec() {}
GO_DECL("syscall.runtime_AfterExec", void, syscallAfterExec, ());
void syscallAfterExec() {}

}  // namespace burrow::rt
