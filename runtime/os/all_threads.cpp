// A system call on every thread of the program (setuid and its like, which Linux keeps per thread).
//
// The world is stopped, so that no thread is made meanwhile, and sched.lock is held, so that none ends. The call is made
// here first; when that fails, nothing else happens. Then every other thread is sent a signal whose handler makes the same
// call, whatever the thread is doing (sleeping on a futex, in a blocking system call), and all are waited for. When one
// gets another result than the first, the threads differ from now on: that is fatal.
#include "os/os.h"
#include "os/signal.h"
#include "os/syscall_linux_amd64.h"
#include "panic/rt_print.h"
#include "sched/proc.h"

namespace burrow::rt {

namespace {

struct {
  uint64_t trap, a[6];
  int64_t result;
} call;
Atomic<uint32_t> left;  // threads that have not made it
Atomic<uint32_t> differ;

int64_t makeCall() {
  return syscall6(int64_t(call.trap), call.a[0], call.a[1], call.a[2], call.a[3], call.a[4], call.a[5]);
}

}  // namespace

void runPerThreadSyscall() {
  M* m = getm();
  if (!m->needPerThreadSyscall.cas(1, 0)) return;
  if (makeCall() != call.result) differ.store(1);
  left.xadd(uint32_t(-1));
}

struct AllThreadsResult {
  uint64_t r1, r2, err;
};
GO_DECL("syscall.runtime_doAllThreadsSyscall", AllThreadsResult, doAllThreadsSyscall,
        (uint64_t trap, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6));
AllThreadsResult doAllThreadsSyscall(uint64_t trap, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5,
                                     uint64_t a6) {
  WorldStop w = stopTheWorld("doAllThreadsSyscall");
  AllThreadsResult r = {};
  systemstack([&] {
    call = {trap, {a1, a2, a3, a4, a5, a6}, 0};
    call.result = makeCall();
    if (call.result < 0 && call.result > -4096) {
      r = {~uint64_t(0), 0, uint64_t(-call.result)};
      return;
    }
    r = {uint64_t(call.result), 0, 0};
    lock(&sched.lock);
    const uint64_t pid = uint64_t(syscall(kSysGetpid));
    for (M* m = allm; m != nullptr; m = m->alllink) {
      if (m == getm()) continue;
      // A thread that is just being made has its id when clone returns to its maker, which is a stopped one.
      while (__atomic_load_n(&m->procid, __ATOMIC_ACQUIRE) == 0) osyield();
      left.xadd(1);
      m->needPerThreadSyscall.store(1);
      syscall(kSysTgkill, pid, m->procid, kSigPerThreadSyscall);
    }
    while (left.load() != 0) osyield();
    unlock(&sched.lock);
    if (differ.load() != 0) {
      rtPrint("trap:", trap, ", a123456=[", a1, ",", a2, ",", a3, ",", a4, ",", a5, ",", a6, "]\n");
      fatal("AllThreadsSyscall6 results differ between threads; runtime corrupted");
    }
  });
  startTheWorld(w);
  return r;
}

}  // namespace burrow::rt
