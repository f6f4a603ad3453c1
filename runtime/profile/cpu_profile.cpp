// The CPU profile: many times a second of processor time, what is every thread doing?
//
//   timer (one per thread, on the thread's own clock)      the goroutine of runtime/pprof
//     SIGPROF -> tick: unwinds what was interrupted,          cpuProfileRead: takes whole records out of the ring,
//     puts a record into the ring                             sleeps while there are few
//
// A timer on a thread's own clock fires in that thread, and only while it runs: shares are right however many threads there are.
// (One timer for the process, ITIMER_PROF, sends its signal to whichever thread the kernel picks.) The thread that begins a
// profile makes timers for all others; a thread that is born later makes its own. The first period is a random part of a
// whole one, so that short-lived threads count too.
//
// The handler may interrupt anything, so it touches only what is the ring's, without locks that others could hold with the
// handler on top of them: writers take turns by a spin lock that is held inside handlers only, or with the signal blocked
// by being about to end the profile (`hz` is set to 0 under it).
//
// Stacks. In a goroutine's code the walk begins at the interrupted instruction. On g0, where systemstack has gone for a
// goroutine, g0's frames come first and then the goroutine's. Code that is just changing stacks (mcall, gogo, __morestack ...) is
// not unwound: neither stack is whole there. Those samples, and what the function table does not know, are given to
// runtime._System, _VDSO or _ExternalCode, as with gc.
//
// The ring. Words, written by handlers at `head`, read at `tail`; both only grow. A record is as runtime/pprof reads it:
//
//     length in words | time | count | stack ...          count 0 and one word of stack: so many were lost
//
// and for each record there is a word in a second ring, the goroutine's labels. These may be heap objects, so the second
// ring is a root. A slot is written without a write barrier: the labels are reachable from the goroutine at that moment, and
// whoever takes them away from it shades them (runtime.setlabels).
#include "boot/boot.h"
#include "gc/gc.h"
#include "mem/sys_mem.h"
#include "os/os.h"
#include "os/signal.h"
#include "os/syscall_linux_amd64.h"
#include "panic/rt_print.h"
#include "profile/buckets.h"
#include "stack/stack.h"
#include "symtab/symtab.h"

namespace burrow::rt {

// In std/runtime/profile.go; their names are what is wanted of them.
extern "C" char symSystem[] GO_SYM("runtime._System");
extern "C" char symVDSO[] GO_SYM("runtime._VDSO");

namespace {

constexpr int kMaxStack = 64;
constexpr uint64_t kRingWords = 1 << 17;  // 1900 samples of the deepest stacks
constexpr uint64_t kTagSlots = 1 << 13;
constexpr uint64_t kLeastRecord = 4;
constexpr uint64_t kWakeAt = kRingWords / 4;
constexpr int64_t kNanosecond = 1000000000;

struct {
  Mutex lock = {{}, LockRank::Profile};  // beginning, ending, timers
  Atomic<uint32_t> signalLock;           // writers
  Atomic<int32_t> hz;                    // 0: off
  bool reading;                          // begun, and not yet read to its end
  bool headerRead;
  int32_t headerHz;
  uint64_t* words;
  void** tags;
  Atomic<uint64_t> head, tail, tagHead, tagTail;
  uint64_t lost;           // samples that found no room; writers
  Atomic<uint32_t> bell;   // moved when there is much to read, or nothing will follow
  Atomic<uint32_t> closed;
} prof;

// Timers, also of threads that have ended meanwhile. prof.lock.
struct ThreadTimer {
  ThreadTimer* next;
  M* m;
  int32_t id;
};
ThreadTimer* timers;
ThreadTimer* freeTimers;

struct KernelItimerspec {
  int64_t intervalSec, intervalNsec, valueSec, valueNsec;
};
struct KernelSigevent {
  uint64_t value;
  int32_t signo, notify, tid, pad[11];
};
static_assert(sizeof(KernelSigevent) == 64);
constexpr int32_t kSigevThreadId = 4;

// prof.lock is held, and hz is not 0.
void addTimer(M* mp) {
  const uint64_t tid = __atomic_load_n(&mp->procid, __ATOMIC_ACQUIRE);
  if (tid == 0 || mp->profilehz != 0) return;  // a thread that is about to start does it itself
  // The clock of thread tid: what the kernel and C libraries call CPUCLOCK_PERTHREAD | CPUCLOCK_SCHED.
  const uint64_t clock = uint64_t(uint32_t(~uint32_t(tid) << 3 | 6));
  KernelSigevent event = {};
  event.signo = int32_t(kSIGPROF);
  event.notify = kSigevThreadId;
  event.tid = int32_t(tid);
  int32_t id;
  if (syscall(kSysTimerCreate, clock, word(&event), word(&id)) < 0) return;
  const int64_t period = kNanosecond / prof.hz.load();
  const int64_t first = 1 + int64_t(cheaprand() % uint64_t(period));
  const KernelItimerspec spec = {period / kNanosecond, period % kNanosecond, first / kNanosecond, first % kNanosecond};
  if (syscall6(kSysTimerSettime, uint64_t(id), 0, word(&spec), 0) < 0) {
    syscall(kSysTimerDelete, uint64_t(id));
    return;
  }
  ThreadTimer* t = freeTimers;
  if (t != nullptr) freeTimers = t->next;
  else t = static_cast<ThreadTimer*>(persistentAlloc(sizeof *t, alignof(ThreadTimer), &mheap_.stats.otherSys));
  *t = {timers, mp, id};
  timers = t;
  mp->profilehz = uint32_t(prof.hz.load());
}

void removeTimers(M* only) {
  for (ThreadTimer** at = &timers; *at != nullptr;) {
    ThreadTimer* t = *at;
    if (only != nullptr && t->m != only) {
      at = &t->next;
      continue;
    }
    syscall(kSysTimerDelete, uint64_t(t->id));
    t->m->profilehz = 0;
    *at = t->next;
    t->next = freeTimers;
    freeTimers = t;
  }
}

void threadStarts(M* mp) {
  if (prof.hz.load() == 0) return;
  lock(&prof.lock);
  if (prof.hz.load() != 0) addTimer(mp);
  unlock(&prof.lock);
}

void threadEnds(M* mp) {
  if (mp->profilehz == 0) return;
  lock(&prof.lock);
  removeTimers(mp);
  unlock(&prof.lock);
}

// ---- the ring. Writers hold signalLock.

void putWord(uint64_t at, uint64_t w) { prof.words[at % kRingWords] = w; }

bool put(uint64_t count, const uintptr_t* stack, uint64_t n, void* tag) {
  const uint64_t head = prof.head.loadRelaxed(), tagHead = prof.tagHead.loadRelaxed();
  if (kRingWords - (head - prof.tail.loadAcquire()) < n + 3 || kTagSlots == tagHead - prof.tagTail.loadAcquire()) return false;
  putWord(head, n + 3);
  putWord(head + 1, uint64_t(nanotime()));
  putWord(head + 2, count);
  for (uint64_t i = 0; i < n; i++) putWord(head + 3 + i, stack[i]);
  prof.tags[tagHead % kTagSlots] = tag;
  prof.tagHead.storeRelease(tagHead + 1);
  prof.head.storeRelease(head + n + 3);
  return true;
}

void ring() {
  prof.bell.xadd(1);
  futexwakeup(&prof.bell.value, 1);
}

void lockWriters() {
  while (!prof.signalLock.cas(0, 1)) cpuRelax();
}
void unlockWriters() { prof.signalLock.storeRelease(0); }

// ---- what was interrupted

bool changesStacks(const ft::FuncRecord* f) {
  switch (f->funcId) {
    case ft::kFuncRt0: case ft::kFuncMstart: case ft::kFuncMorestack: case ft::kFuncMcall: case ft::kFuncSystemstack:
    case ft::kFuncGogo: case ft::kFuncSigreturn: case ft::kFuncSigtramp: case ft::kFuncAsyncPreempt:
      return true;
    default:
      return false;
  }
}

// g0's frames, and whether they end where systemstack left the goroutine.
int systemFrames(G* g0, uintptr_t pc, uintptr_t sp, uintptr_t fp, uintptr_t* pcs, int n, bool* forGoroutine) {
  Unwinder u;
  u.init(g0, pc, sp, fp, true);
  int filled = 0;
  for (; u.valid() && filled < n; u.next()) {
    if (u.fn != nullptr && u.fn->funcId == ft::kFuncSystemstack) {
      *forGoroutine = true;
      break;
    }
    if (u.fn == nullptr || (u.fn->flags & ft::kWrapper)) continue;
    pcs[filled++] = u.exact ? u.pc + 1 : u.pc;
  }
  return filled;
}

int stackOf(M* m, G* gp, uintptr_t pc, uintptr_t sp, uintptr_t fp, uintptr_t* pcs) {
  const ft::FuncRecord* f = findfunc(pc);
  G* curg = m->curg;
  if (f != nullptr && changesStacks(f)) {
    pcs[0] = pc + 1;
    pcs[1] = uintptr_t(symSystem) + 1;
    return 2;
  }
  if (gp == m->g0) {
    int n = 0;
    bool forGoroutine = false;
    if (f == nullptr) {
      // No code of ours on g0: the vDSO reads a clock, always for systemstack.
      pcs[n++] = uintptr_t(symVDSO) + 1;
      forGoroutine = curg != nullptr;
    } else {
      n = systemFrames(gp, pc, sp, fp, pcs, kMaxStack, &forGoroutine);
    }
    if (forGoroutine && curg != nullptr && curg->sched.sp != 0 && segmentOf(curg, curg->sched.sp) != nullptr) {
      Unwinder u;
      u.initParked(curg);
      n += unwoundStack(u, pcs + n, kMaxStack - n);
    } else if (n == 0 || (f == nullptr && n == 1)) {
      pcs[n++] = uintptr_t(symSystem) + 1;
    }
    return n;
  }
  if (gp != curg || f == nullptr) {
    pcs[0] = pc + 1;
    pcs[1] = uintptr_t(symSystem) + 1;
    return 2;
  }
  Unwinder u;
  u.init(gp, pc, sp, fp, true);
  return unwoundStack(u, pcs, kMaxStack);
}

void tick(G* gp, const SigContext* c) {
  if (prof.hz.loadRelaxed() == 0) return;
  M* m = getm();
  uintptr_t pcs[kMaxStack];
  const int n = stackOf(m, gp, c->rip, c->rsp, c->rbp, pcs);
  if (n == 0) return;
  // Not traceEvent: it is not for signal handlers.
  if (TraceHook hook = traceHook.load()) hook(TraceEvent::CpuSample, word(pcs), uint64_t(n), 0);
  lockWriters();
  if (prof.hz.load() != 0) {
    const uintptr_t lost = prof.lost;
    if (lost != 0 && put(0, &lost, 1, nullptr)) prof.lost = 0;
    if (!put(1, pcs, uint64_t(n), m->curg != nullptr ? m->curg->labels : nullptr)) prof.lost++;
    if (prof.head.loadRelaxed() - prof.tail.load() >= kWakeAt || prof.tagHead.loadRelaxed() - prof.tagTail.load() >= kTagSlots / 4) ring();
  }
  unlockWriters();
}

constexpr CpuProfiler profiler = {tick, threadStarts, threadEnds};

}  // namespace

GO_DECL("runtime.setCPUProfileRate", bool, setCPUProfileRate, (int64_t rate));
// False: a profile is being taken, or has not been read to its end.
bool setCPUProfileRate(int64_t rate) {
  lock(&prof.lock);
  bool ok = true;
  if (rate > 0) {
    ok = !prof.reading;
    if (ok) {
      if (prof.words == nullptr) {
        prof.words = static_cast<uint64_t*>(sysAllocFor(kRingWords * 8, &mheap_.stats.otherSys));
        prof.tags = static_cast<void**>(sysAllocFor(kTagSlots * 8, &mheap_.stats.otherSys));
        if (prof.words == nullptr || prof.tags == nullptr) throw_("runtime: cannot allocate memory");
        systemstack([] { gcAddRoot(prof.tags, kTagSlots * 8); });
      }
      prof.reading = true;
      prof.headerRead = false;
      prof.headerHz = int32_t(rate);
      prof.closed.store(0);
      if (cpuProfiler == nullptr) {
        __atomic_store_n(&cpuProfiler, &profiler, __ATOMIC_RELEASE);
        sigenable(kSIGPROF);
      }
      prof.hz.store(int32_t(rate));
      // Ms are never freed, and one that is not yet in the list sees `hz` when it starts.
      for (M* mp = __atomic_load_n(&allm, __ATOMIC_ACQUIRE); mp != nullptr; mp = __atomic_load_n(&mp->alllink, __ATOMIC_ACQUIRE)) addTimer(mp);
    }
  } else if (prof.hz.load() != 0) {
    removeTimers(nullptr);
    // The signal is not blocked here: a handler on this thread must not wait for us.
    prof.hz.store(0);
    while (prof.signalLock.load() != 0) osyield();
    prof.closed.store(1);
    ring();
  }
  unlock(&prof.lock);
  return ok;
}

// Waits until there is something to take. Returns how many words and tags there are now; words < 0: the profile has ended and
// all was taken.
struct ProfileRoom {
  int64_t words, tags;
};
GO_DECL("runtime.cpuProfileWait", ProfileRoom, cpuProfileWait, ());
ProfileRoom cpuProfileWait() {
  for (;;) {
    if (!prof.headerRead) return {3, 1};
    const uint32_t rung = prof.bell.load();
    const bool closed = prof.closed.load() != 0;
    // Tags are visible before the words that they belong to.
    const uint64_t words = prof.head.loadAcquire() - prof.tail.load();
    const bool much = words >= kWakeAt || prof.tagHead.load() - prof.tagTail.load() >= kTagSlots / 4;
    if (words != 0 && (closed || much)) return {int64_t(words), int64_t(words / kLeastRecord)};
    if (closed) {
      lock(&prof.lock);
      prof.reading = false;
      unlock(&prof.lock);
      return {-1, 0};
    }
    entersyscallblock();
    futexsleep(&prof.bell.value, rung, -1);
    exitsyscall();
  }
}

// Takes whole records: up to n words into `to`, a tag each into `tags`. Returns what was taken.
GO_DECL("runtime.cpuProfileTake", ProfileRoom, cpuProfileTake, (uint64_t * to, int64_t n, void** tags));
ProfileRoom cpuProfileTake(uint64_t* to, int64_t n, void** tags) {
  if (!prof.headerRead) {
    prof.headerRead = true;
    to[0] = 3;
    to[1] = 0;
    to[2] = uint64_t(prof.headerHz);
    tags[0] = nullptr;
    return {3, 1};
  }
  int64_t words = 0, records = 0;
  uint64_t tail = prof.tail.load();
  const uint64_t head = prof.head.loadAcquire();
  while (tail != head) {
    const uint64_t len = prof.words[tail % kRingWords];
    if (words + int64_t(len) > n) break;
    for (uint64_t i = 0; i < len; i++) to[words + int64_t(i)] = prof.words[(tail + i) % kRingWords];
    void*& slot = prof.tags[prof.tagTail.load() % kTagSlots];
    storePointer(&tags[records], slot);
    __atomic_store_n(&slot, nullptr, __ATOMIC_RELAXED);
    prof.tagTail.storeRelease(prof.tagTail.load() + 1);
    words += int64_t(len);
    records++;
    tail += len;
    prof.tail.storeRelease(tail);
  }
  return {words, records};
}

}  // namespace burrow::rt
