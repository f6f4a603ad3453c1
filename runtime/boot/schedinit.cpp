// schedinit: brings up every part of the runtime in the order that docs/runtime.md writes down, on g0 of M0, with one
// thread and no P. The last step makes the Ps; after it goroutines can be made and memory allocated the ordinary way.
#include "boot/boot.h"
#include "os/boot_info.h"
#include "os/os.h"
#include "os/syscall_linux_amd64.h"
#include "stack/stack.h"

namespace burrow::rt {

const char* bootTrace[24];

// Parts that a program may be linked without (tests of the runtime's lower half).
void alginit() __asm__("runtime.alginit") __attribute__((weak));
void itabsinit() __asm__("runtime.itabsinit") __attribute__((weak));
void smallValuesInit() __asm__("runtime.smallvaluesinit") __attribute__((weak));  // string/string.h
void typelinksinit() __asm__("runtime.typelinksinit") __attribute__((weak));
void gcinit() __asm__("runtime.gcinit") __attribute__((weak));
// BOOT_HOOK's records.
extern const int32_t bootHooks[] GO_SYM("runtime.boothooks") __attribute__((weak));
extern const int32_t bootHooksEnd[] GO_SYM("runtime.eboothooks") __attribute__((weak));

namespace {

int steps;
void step(const char* name, void (*fn)()) {
  bootTrace[steps++] = name;
  if (fn != nullptr) fn();
}

void schedlocks() {
  lockInit(&sched.lock, LockRank::Sched);
  lockInit(&sched.sysmonlock, LockRank::Sysmon);
  lockInit(&sched.gFree.lock, LockRank::GFree);
  lockInit(&sched.sudog.lock, LockRank::Sudog);
  lockInit(&allglock, LockRank::AllG);
  lockInit(&allpLock, LockRank::AllP);
  sched.maxmcount = 10000;
}

void minit0() {
  m0.procid = uint64_t(syscall(kSysGettid));
  mReserveStacks(&m0);
  mcommoninit(&m0, -1);
}

void procs() {
  lock(&sched.lock);
  sched.lastpoll.store(nanotime());
  if (procresize(initialProcs()) != nullptr) throw_("unknown runnable goroutine during bootstrap");
  unlock(&sched.lock);
}

}  // namespace

void schedinit() {
  if (smallValuesInit != nullptr) smallValuesInit();
  step("locks", schedlocks);
  step("stackinit", stackinit);
  step("randinit", randinit);  // seeds what the next steps draw from
  step("mallocinit", mallocinit);
  step("mcommoninit", minit0);
  step("alginit", alginit);
  step("modulesinit", modulesinit);
  step("typelinksinit", typelinksinit);
  step("itabsinit", itabsinit);
  step("initsig", initSignalTable);
  step("goargs", goargs);
  step("goenvs", goenvs);
  step("parsedebugvars", parsedebugvars);
  step("cpuoptions", cpuOptions);
  step("gcinit", gcinit);
  step("procresize", procs);
  for (const int32_t* hook = bootHooks; hook != bootHooksEnd; hook++) reinterpret_cast<void (*)()>(uintptr_t(hook) + uintptr_t(*hook))();
}

// check: what the rest takes for granted about the machine and the compiler.
void check() {
  checkMicroarchitecture();
  static_assert(sizeof(void*) == 8 && sizeof(int64_t) == 8 && sizeof(abi::ThreadArea) == BURROW_THREAD_AREA_SIZE);
  Atomic<uint32_t> z(1);
  if (!z.cas(1, 2) || z.load() != 2 || z.cas(5, 6) || z.xadd(3) != 5 || z.xchg(7) != 5) throw_("cas");
  uint64_t flags;
  asm volatile("pushfq\n\tpopq %0" : "=r"(flags));
  if (flags & 0x400) throw_("direction flag is set");
  double nan = __builtin_nan("");
  if (nan == nan) throw_("float64nan");
}

// Of arguments and environment bootInfo has all there is; arguments.cpp makes Go's slices of them when asked.
void goargs() {}
void goenvs() {}

}  // namespace burrow::rt
