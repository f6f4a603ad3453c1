// What internal/cpu and package cpu of golang.org/x/sys, in the library and as a module, ask the processor.
//
// Results of 32 bits travel as whole words here: as a struct of halves clang would put two into one register.
#include "base/defs.h"
#include "mem/malloc.h"
#include "os/boot_info.h"

namespace burrow::rt {

struct CpuidResult {
  uint64_t eax, ebx, ecx, edx;
};
struct XgetbvResult {
  uint64_t eax, edx;
};

static CpuidResult cpuid(uint32_t eax, uint32_t ecx) {
  uint32_t a, b, c, d;
  asm volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(eax), "c"(ecx));
  return {a, b, c, d};
}
static XgetbvResult xgetbv() {
  uint32_t a, d;
  asm volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return {a, d};
}

GO_DECL("internal/cpu.cpuid", CpuidResult, internalCpuid, (uint32_t eax, uint32_t ecx));
CpuidResult internalCpuid(uint32_t eax, uint32_t ecx) { return cpuid(eax, ecx); }
GO_DECL("internal/cpu.xgetbv", XgetbvResult, internalXgetbv, ());
XgetbvResult internalXgetbv() { return xgetbv(); }
// The architecture level that the program requires: always the base.
GO_DECL("internal/cpu.getGOAMD64level", int32_t, getGOAMD64level, ());
int32_t getGOAMD64level() { return 1; }
// What std/internal/cpu begins with.
GO_DECL("internal/cpu.godebug", GoString, internalCpuGodebug, ());
GoString internalCpuGodebug() {
  const char* text = gogetenv("GODEBUG");
  return {reinterpret_cast<const uint8_t*>(text), text == nullptr ? 0 : static_cast<int64_t>(__builtin_strlen(text))};
}

GO_DECL("vendor/golang.org/x/sys/cpu.cpuid", CpuidResult, vendorCpuid, (uint32_t eax, uint32_t ecx));
CpuidResult vendorCpuid(uint32_t eax, uint32_t ecx) { return cpuid(eax, ecx); }
GO_DECL("vendor/golang.org/x/sys/cpu.xgetbv", XgetbvResult, vendorXgetbv, ());
XgetbvResult vendorXgetbv() { return xgetbv(); }
GO_DECL("golang.org/x/sys/cpu.cpuid", CpuidResult, xsysCpuid, (uint32_t eax, uint32_t ecx));
CpuidResult xsysCpuid(uint32_t eax, uint32_t ecx) { return cpuid(eax, ecx); }
GO_DECL("golang.org/x/sys/cpu.xgetbv", XgetbvResult, xsysXgetbv, ());
XgetbvResult xsysXgetbv() { return xgetbv(); }
// For programs that wait in a loop of their own (std/runtime/linknames.go).
GO_DECL("runtime.procyield", void, goProcyield, (uint32_t turns));
void goProcyield(uint32_t turns) {
  while (turns-- > 0) cpuRelax();
}
// The kernel's auxiliary vector with its end mark.
GO_DECL("runtime.getAuxv", GoSlice, getAuxv, ());
GoSlice getAuxv() {
  int64_t n = 0;
  while (bootInfo.auxv[n] != 0) n += 2;
  n += 2;
  return {bootInfo.auxv, n, n};
}

}  // namespace burrow::rt
