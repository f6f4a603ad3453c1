// Arguments and environment as Go slices of strings, for packages os and syscall.
//
// Each call makes a slice of the heap: a program may put strings of its own into os.Args, and os.Setenv does so with the
// environment that it was given. In memory that the collector does not look at, these strings would be freed while they
// are in use. The first strings' bytes lie where the kernel put them.
#include "abi/type.h"
#include "mem/malloc.h"
#include "os/boot_info.h"

namespace burrow::rt {

namespace {

uint8_t stringMask[] = {0b01};
abi::Type stringElem = {
    .size = sizeof(GoString), .ptrBytes = 8, .hash = 0, .tflag = 0, .align = 8, .fieldAlign = 8,
    .kind = abi::kString, .equal = nullptr, .gcData = stringMask, .str = 0, .ptrToThis = 0};

GoSlice stringsOf(char** p, int64_t n) {
  if (n == 0) return {nullptr, 0, 0};
  auto* s = static_cast<GoString*>(mallocgc(sizeof(GoString) * size_t(n), &stringElem, true));
  for (int64_t i = 0; i < n; i++) s[i] = goString(p[i]);
  return {s, n, n};
}

}  // namespace

GOABI GoSlice os_runtime_args() GO_SYM("os.runtime_args");
GOABI GoSlice os_runtime_args() { return stringsOf(bootInfo.argv, bootInfo.argc); }

GOABI GoSlice syscall_runtime_envs() GO_SYM("syscall.runtime_envs");
GOABI GoSlice syscall_runtime_envs() {
  int64_t n = 0;
  while (bootInfo.envp[n] != nullptr) n++;
  return stringsOf(bootInfo.envp, n);
}

}  // namespace burrow::rt
