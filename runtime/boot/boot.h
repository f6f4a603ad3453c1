// The boot's own interfaces: debug variables and what schedinit calls. The order is in docs/runtime.md and in the table
// bootSteps, which a test reads back through runtime.bootTrace.
#pragma once

#include "sched/proc.h"

namespace burrow::rt {

// GODEBUG and GOTRACEBACK, read once at boot.
struct DebugVars {
  int32_t inittrace;
  int32_t schedtrace, scheddetail;
  int32_t gctrace;
  int32_t asyncpreemptoff;
  int32_t containermaxprocs, updatemaxprocs;
  int32_t panicnil, tracebacklabels;  // these two may change later: std/runtime/godebug.go
  int32_t clobberfree, gcstoptheworld, invalidptr, madvdontneed, sbrk, tracebackancestors, disablethp;
  int32_t gcalways;        // collect at every Nth slow allocation
  int32_t gccheckmark;     // look at every edge of the heap when marking ends
  int32_t gcpoison;        // or clobberfree
  int32_t gcconservative;  // no stack maps
  int32_t gcpacertrace;
};
extern DebugVars debug GO_SYM("runtime.debug");
// The value of one GODEBUG key as it was at boot, or null; not NUL-terminated.
const char* godebugValue(const char* key, size_t* len);
// What the link step says of //go:debug lines and go.mod's go version, as GODEBUG is written; null when it says nothing.
extern const char godebugDefault[] __asm__("go:godebugdefault") __attribute__((weak));

// GOTRACEBACK: level (0 none/single, 1 all, 2 system) and whether to dump core at the end. m->throwing raises them.
struct TracebackMode { int32_t level; bool all, crash; };
TracebackMode gotraceback();
void setTraceback(const char* level, size_t n);

// BOOT_HOOK("hook", "function"), inside `function`: schedinit's last step calls `hook`, which the same file defines, in programs
// that have the function. The linker keeps such a record, one offset relative to itself, only beside the function's section.
#define BOOT_HOOK(hook, function) \
  __asm__ volatile(".pushsection .burrow.boot,\"ao\",@progbits," function "\n\t.long " hook " - .\n\t.popsection")

void parsedebugvars() GO_SYM("runtime.parsedebugvars");
// Ends the program on a processor that lacks what it was built for.
void checkMicroarchitecture() GO_SYM("runtime.checkMicroarchitecture");
// Compiled code may keep values in the upper halves of ymm registers: GOAMD64=v3 and above, or cpuWide.
extern bool wideCode GO_SYM("runtime.wideCode");
// What GODEBUG says of the processor: cpu.avx2=off.
void cpuOptions() GO_SYM("runtime.cpuoptions");
void check() GO_SYM("runtime.check");

// The steps of schedinit that other folders provide.
void mallocinit() __asm__("runtime.mallocinit");
void modulesinit() GO_SYM("runtime.modulesinit");
void initSignalTable() GO_SYM("runtime.initsig");
void goargs() GO_SYM("runtime.goargs");
void goenvs() GO_SYM("runtime.goenvs");

// What schedinit has done so far, in order; ends with null. tests/runtime checks it against docs/runtime.md.
extern const char* bootTrace[24] GO_SYM("runtime.bootTrace");

}  // namespace burrow::rt
