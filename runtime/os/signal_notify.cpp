// Signals on their way to os/signal.
//
//   handler (any thread, any moment)              the goroutine of os/signal
//     sigsend: pending |= bit, bell++, wake         signal_recv: takes bits off `pending`, one per call;
//                                                   none left: sleeps while bell is what it was before looking
//
// The handler may interrupt anything, so it touches atomic words only and makes one system call. No signal is lost: the
// receiver reads the bell, then looks for bits, then sleeps on the bell by futex, which the kernel compares once more; the
// handler sets the bit first and moves the bell afterwards. Signals that come faster than they are taken are merged, as
// the kernel does.
//
// The receiver sleeps like in a system call: its thread blocks, its P goes on. (A goroutine that waits in a channel would
// need the scheduler to be woken, which a handler cannot do.) So a program that uses os/signal is never seen as deadlocked.
#include "os/signal.h"

#include "os/os.h"
#include "sched/proc.h"

namespace burrow::rt {

namespace {

constexpr uint32_t kWords = (kSignals + 31) / 32;
struct SigSet {
  Atomic<uint32_t> words[kWords];
  bool has(uint32_t sig) const { return (words[sig / 32].load() >> (sig % 32) & 1) != 0; }
  void add(uint32_t sig) { words[sig / 32].orFetch(uint32_t(1) << (sig % 32)); }
  void remove(uint32_t sig) { words[sig / 32].andFetch(~(uint32_t(1) << (sig % 32))); }
};
SigSet wanted, ignored, pending;
Atomic<uint32_t> bell;
Atomic<uint32_t> delivering;  // handlers inside sigsend
Atomic<uint32_t> receiving;   // the receiver found nothing and sleeps, or is about to
uint32_t taken[kWords];       // the receiver's own: bits that it took and has not returned yet

}  // namespace

bool sigsend(uint32_t sig) {
  if (sig >= kSignals) return false;
  delivering.xadd(1);
  const bool want = wanted.has(sig);
  if (want && !pending.has(sig)) {
    pending.add(sig);
    bell.xadd(1);
    futexwakeup(&bell.value, 1);
  }
  delivering.xadd(uint32_t(-1));
  return want;
}

bool sigIgnored(uint32_t sig) { return sig < kSignals && ignored.has(sig); }

GO_DECL("os/signal.signal_recv", uint32_t, signalRecv, ());
uint32_t signalRecv() {
  for (;;) {
    const uint32_t rung = bell.load();
    for (uint32_t w = 0; w < kWords; w++) {
      if (taken[w] == 0 && pending.words[w].load() != 0) taken[w] = pending.words[w].xchg(0);
      if (taken[w] == 0) continue;
      const uint32_t bit = uint32_t(__builtin_ctz(taken[w]));
      taken[w] &= taken[w] - 1;
      return w * 32 + bit;
    }
    receiving.store(1);
    entersyscallblock();
    futexsleep(&bell.value, rung, -1);
    exitsyscall();
    receiving.store(0);
  }
}

// Waits until every signal that came so far has been returned by signal_recv, and what it did with it is done.
GO_DECL("os/signal.signalWaitUntilIdle", void, signalWaitUntilIdle, ());
void signalWaitUntilIdle() {
  while (delivering.load() != 0) gosched();
  for (;;) {
    bool idle = receiving.load() != 0;
    for (auto& w : pending.words) idle = idle && w.load() == 0;
    if (idle) return;
    gosched();
  }
}

GO_DECL("os/signal.signal_enable", void, signalEnable, (uint32_t sig));
void signalEnable(uint32_t sig) {
  if (sig >= kSignals) return;
  wanted.add(sig);
  ignored.remove(sig);
  sigenable(sig);
}

GO_DECL("os/signal.signal_disable", void, signalDisable, (uint32_t sig));
void signalDisable(uint32_t sig) {
  if (sig >= kSignals) return;
  sigdisable(sig);
  wanted.remove(sig);
}

GO_DECL("os/signal.signal_ignore", void, signalIgnore, (uint32_t sig));
void signalIgnore(uint32_t sig) {
  if (sig >= kSignals) return;
  sigignore(sig);
  wanted.remove(sig);
  ignored.add(sig);
}

GO_DECL("os/signal.signal_ignored", bool, signalIgnored, (uint32_t sig));
bool signalIgnored(uint32_t sig) { return sigIgnored(sig) || sigInheritedIgnored(sig); }

// A write to standard output or error failed with EPIPE: what the signal would have done to a C program.
GO_DECL("os.sigpipe", void, osSigpipe, ());
void osSigpipe() {
  if (sigIgnored(kSIGPIPE) || sigsend(kSIGPIPE)) return;
  systemstack([] { dieFromSignal(kSIGPIPE); });
}

}  // namespace burrow::rt
