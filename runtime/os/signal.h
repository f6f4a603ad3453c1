// What the files about signals share: signal.cpp (what the kernel enters, faults), signal_notify.cpp (os/signal),
// all_threads.cpp (system calls on every thread).
#pragma once

#include "sched/sched.h"

namespace burrow::rt {

enum SigFlag : uint8_t {
  kSigNotify = 1,        // os/signal may have it
  kSigKill = 2,          // otherwise it ends the program, as the kernel's default would
  kSigThrow = 4,         // otherwise: report all goroutines and exit
  kSigPanic = 8,         // when the kernel sent it: a panic
  kSigDefault = 16,      // no handler until os/signal asks
  kSigKeepIgnored = 32,  // stays ignored when the parent ignored it (nohup)
};
inline constexpr uint32_t kSignals = 65;
inline constexpr uint32_t kSIGPIPE = 13, kSIGPROF = 27, kSIGSYS = 31;
// Between threads of a program only; the kernel's second real-time signal, which C libraries use likewise.
inline constexpr uint32_t kSigPerThreadSyscall = 33;

// What the kernel saved.
struct SigContext {
  uint64_t flags, link, stackSp, stackFlags, stackSize;
  uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags, csgsfs, err, trapno,
      oldmask, cr2;
};

uint8_t sigFlagsOf(uint32_t sig);
// Our handler for sig; false when it was ignored from the beginning and is to stay so (nohup).
void sigenable(uint32_t sig);
// Back to what it was when the program began.
void sigdisable(uint32_t sig);
void sigignore(uint32_t sig);

// signal_notify.cpp: the program wants sig, and will get it. Called by the handler.
bool sigsend(uint32_t sig) GO_SYM("runtime.sigsend");
bool sigIgnored(uint32_t sig);
bool sigInheritedIgnored(uint32_t sig);  // since the start, and nobody has asked for it
// profile/cpu_profile.cpp: null until a CPU profile is taken for the first time. `tick` is called by the handler; the others
// by a thread when it starts and before it ends.
struct CpuProfiler {
  void (*tick)(G* gp, const SigContext* c);
  void (*threadStarts)(M* mp);
  void (*threadEnds)(M* mp);
};
extern const CpuProfiler* cpuProfiler GO_SYM("runtime.cpuProfiler");
// all_threads.cpp
void runPerThreadSyscall();

[[noreturn]] void dieFromSignal(uint32_t sig) GO_SYM("runtime.dieFromSignal");

}  // namespace burrow::rt
