// System calls that block, goroutines locked to their threads, and threads that end with their goroutine.
// want-stderr: syscalls 64\nlocked 20\n
// want-exit: 0
#include "os/syscall_linux_amd64.h"
#include "support.h"
using namespace test;
namespace burrow::rt {
GOABI void goLockOSThread() GO_SYM("runtime.LockOSThread");
GOABI void goUnlockOSThread() GO_SYM("runtime.UnlockOSThread");
}
static uint32_t done;
static Atomic<int64_t> count;
static void sleeper(Closure*) {
  entersyscall();
  usleep(2000);
  exitsyscall();
  count.xadd(1);
  semrelease(&done);
}
static void lockedOne(Closure* c) {
  goLockOSThread();
  int64_t tid = burrow::rt::syscall(kSysGettid);
  for (int i = 0; i < 20; i++) {
    gosched();
    CHECK(burrow::rt::syscall(kSysGettid) == tid);
  }
  if (c->more & 1) goUnlockOSThread();  // the others take their threads with them
  count.xadd(1);
  semrelease(&done);
}
GOABI void mainMain() {
  static Closure s = closure(sleeper), l[20];
  int64_t t = nanotime();
  for (int i = 0; i < 64; i++) newproc(asFunc(&s));
  for (int i = 0; i < 64; i++) semacquire(&done);
  CHECK(nanotime() - t < 1000000000);
  rtPrint("syscalls ", count.load(), "\n");
  count.store(0);
  for (uint64_t i = 0; i < 20; i++) {
    l[i] = closure(lockedOne, nullptr, i);
    newproc(asFunc(&l[i]));
  }
  for (int i = 0; i < 20; i++) semacquire(&done);
  rtPrint("locked ", count.load(), "\n");
}
