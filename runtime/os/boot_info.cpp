// args and osinit: the steps of the boot that only read what the kernel left on the stack.
#include "os/boot_info.h"

#include "os/os.h"
#include "os/syscall_linux_amd64.h"
#include "sched/sched.h"

namespace burrow::rt {

BootInfo bootInfo;

void args(int32_t argc, char** argv) {
  bootInfo.argc = argc;
  bootInfo.argv = argv;
  bootInfo.envp = argv + argc + 1;
  char** p = bootInfo.envp;
  while (*p != nullptr) p++;
  bootInfo.auxv = reinterpret_cast<uintptr_t*>(p + 1);
  constexpr uintptr_t kAtNull = 0, kAtPagesz = 6, kAtRandom = 25, kAtSysinfoEhdr = 33;
  for (uintptr_t* a = bootInfo.auxv; a[0] != kAtNull; a += 2) {
    if (a[0] == kAtPagesz) physPageSize = a[1];
    if (a[0] == kAtRandom) bootInfo.randomBytes = a[1];
    if (a[0] == kAtSysinfoEhdr) bootInfo.vdso = a[1];
  }
  vdsoInit(bootInfo.vdso);
}

int32_t cpuCount() {
  // 8192 CPUs; the kernel answers with the bytes it wrote.
  uint64_t mask[128];
  int64_t r = syscall(kSysSchedGetaffinity, 0, sizeof(mask), word(&mask[0]));
  int32_t n = 0;
  for (int64_t i = 0; i < r / 8; i++) n += __builtin_popcountll(mask[i]);
  return n > 0 ? n : 1;
}

void osinit() { ncpu = cpuCount(); }

const char* gogetenv(const char* name) {
  for (char** e = bootInfo.envp; *e != nullptr; e++) {
    const char *n = name, *v = *e;
    while (*n != 0 && *n == *v) n++, v++;
    if (*n == 0 && *v == '=') return v + 1;
  }
  return nullptr;
}

}  // namespace burrow::rt
