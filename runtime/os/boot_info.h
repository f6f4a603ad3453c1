// What the kernel told the process at its start: arguments, environment, auxiliary vector.
#pragma once

#include "base/defs.h"

namespace burrow::rt {

struct BootInfo {
  int32_t argc;
  char** argv;
  char** envp;
  uintptr_t* auxv;
  uintptr_t randomBytes;  // 16 bytes by the kernel
  uintptr_t vdso;
};
extern BootInfo bootInfo;

// args reads argv and what lies behind it (runtime.args); osinit counts the CPUs.
void args(int32_t argc, char** argv) GO_SYM("runtime.args");
void osinit() GO_SYM("runtime.osinit");
int32_t cpuCount() GO_SYM("runtime.getCPUCount");  // that this thread may run on, now
void vdsoInit(uintptr_t base);
// gogetenv returns the value of an environment variable, or null.
const char* gogetenv(const char* name) GO_SYM("runtime.gogetenv");

}  // namespace burrow::rt
