// What the rest of the runtime asks of the scheduler: who am I, park and ready, locks, notes, running on the system stack,
// and how to give up. The implementation is spread over sched/, os/ and panic/.
//
// Three kinds of error, as in Go:
//   panic  a Go program's error; can be recovered (panic/panic.h)
//   fatal  the program broke a rule that cannot be recovered from (concurrent map writes): user-level traceback, exit 2
//   throw_ the runtime itself is broken: traceback with runtime frames, exit 2
#pragma once

#include "sched/runtime2.h"

namespace burrow::rt {

// ---- the thread area. A goroutine may wake on another thread: getg() stays valid, getm() only while m->locks > 0 or on g0.
#define BURROW_SEG_FS __attribute__((address_space(257)))
ALWAYS_INLINE G* getg() { return *reinterpret_cast<G* BURROW_SEG_FS*>(BURROW_FS_G); }
ALWAYS_INLINE M* getm() { return *reinterpret_cast<M* BURROW_SEG_FS*>(BURROW_FS_M); }
ALWAYS_INLINE void setStackLimit(uintptr_t limit) {
  *reinterpret_cast<volatile uintptr_t BURROW_SEG_FS*>(BURROW_FS_STACK_LIMIT) = limit;
}
// Where compiled code finds the cache of the thread's P (abi/alloc_run.h): with every change of M.p.
ALWAYS_INLINE void setThreadMCache(MCache* c) {
  *reinterpret_cast<MCache* volatile BURROW_SEG_FS*>(BURROW_FS_MCACHE) = c;
}
ALWAYS_INLINE MCache* threadMCache() { return *reinterpret_cast<MCache* volatile BURROW_SEG_FS*>(BURROW_FS_MCACHE); }

// acquirem keeps the goroutine on its M (no preemption) until releasem; nests.
ALWAYS_INLINE M* acquirem() {
  // One instruction on the thread's own M would be needed to be atomic against preemption; but preemption happens only
  // in calls, and there is none between these two lines.
  M* m = getm();
  m->locks++;
  return m;
}
void releasemSlow() GO_SYM("runtime.releasemSlow");
ALWAYS_INLINE void releasem(M* m) {
  m->locks--;
  if (UNLIKELY(m->locks == 0 && getg()->preempt.loadRelaxed())) releasemSlow();
}
// procPin/procUnpin: the same, returning the P's id (sync.Pool and friends).
int64_t procPin();
void procUnpin();

// ---- giving up
NORETURN COLD GOABI void goThrow(GoString text) GO_SYM("runtime.throw");
NORETURN COLD GOABI void goFatal(GoString text) GO_SYM("runtime.fatal");
// Takes no length: the calls are many, and each is a part of every program.
NORETURN COLD void throw_(const char* text) GO_SYM("runtime.throwText");
NORETURN ALWAYS_INLINE void fatal(const char* text) { goFatal(goString(text)); }

// ---- stacks
using SystemFn = void (*)(void*);
// systemstackCall runs fn(arg) on the M's g0 stack and comes back; on g0 or gsignal it is a plain call.
void systemstackCall(SystemFn fn, void* arg) GO_SYM("runtime.systemstack");
template <class F>
ALWAYS_INLINE void systemstack(F&& f) {
  systemstackCall([](void* p) { (*static_cast<__remove_reference_t(F)*>(p))(); }, const_cast<void*>(static_cast<const void*>(&f)));
}
// mcall leaves the goroutine and runs fn(g) on g0; fn must not return (it ends in schedule()). The goroutine goes on after
// mcall when somebody gogo()s it.
void mcall(void (*fn)(G*)) GO_SYM("runtime.mcall");
NORETURN void gogo(G* gp) GO_SYM("runtime.gogo");

// ---- park and ready
// gopark puts the goroutine into Gwaiting and, once it is off its stack, calls unlockf(g, lock) on g0; when that reports
// false the goroutine goes on at once. Until unlockf has run nobody else may touch the goroutine's stack, so unlockf is
// where the lock that guards the waiting is let go. unlockf must not use the goroutine's stack. lock may be null.
void gopark(bool (*unlockf)(G*, void*), void* lock, WaitReason reason, TraceBlockReason why = TraceBlockReason::Generic,
            int traceskip = 1) GO_SYM("runtime.gopark");
// goparkunlock parks and unlocks `lock`.
void goparkunlock(Mutex* lock, WaitReason reason, TraceBlockReason why = TraceBlockReason::Generic, int traceskip = 1)
    GO_SYM("runtime.goparkunlock");
// goready makes a waiting goroutine runnable, as the next one to run on this P.
void goready(G* gp, int traceskip = 1) GO_SYM("runtime.goready");
const char* waitReasonText(WaitReason r);

Sudog* acquireSudog() GO_SYM("runtime.acquireSudog");
void releaseSudog(Sudog* s) GO_SYM("runtime.releaseSudog");

GOABI void newproc(FuncVal* fn) GO_SYM("runtime.newproc");
// newprocSystem starts a goroutine of the runtime's own that runs fn(); it does not count as the program's.
void newprocSystem(void (*fn)());
GOABI void gosched() GO_SYM("runtime.Gosched");

// ---- locks between threads (never held over a park; the holder is not preempted)
void lock(Mutex* l) GO_SYM("runtime.lock");
void unlock(Mutex* l) GO_SYM("runtime.unlock");
// lockSameRank takes a second lock of the same rank (channels ordered by address): that is not checked.
void lockSameRank(Mutex* l) GO_SYM("runtime.lockSameRank");
ALWAYS_INLINE void lockInit(Mutex* l, LockRank rank) { l->rank = rank; }
// lockWithRank is for locks that begin as zeros and that nobody initializes: in large tables, and in Go's structures.
ALWAYS_INLINE void lockWithRank(Mutex* l, [[maybe_unused]] LockRank rank) {
#if BURROW_LOCK_RANKS
  lockInit(l, rank);  // whoever holds it has written the same
#endif
  lock(l);
}

void noteclear(Note* n) GO_SYM("runtime.noteclear");
void notewakeup(Note* n) GO_SYM("runtime.notewakeup");
// notesleep runs on g0 and blocks the thread. notetsleep waits at most ns nanoseconds (negative: for ever) and reports
// whether it was woken.
void notesleep(Note* n) GO_SYM("runtime.notesleep");
bool notetsleep(Note* n, int64_t ns) GO_SYM("runtime.notetsleep");
// notetsleepg: the same from a goroutine, letting go of the P meanwhile.
bool notetsleepg(Note* n, int64_t ns) GO_SYM("runtime.notetsleepg");

// ---- the world
struct WorldStop {
  int64_t startedStopping, finishedStopping;
};
// stopTheWorld returns when no other goroutine runs Go code; the caller stays on its M. One at a time.
WorldStop stopTheWorld(const char* reason) GO_SYM("runtime.stopTheWorld");
void startTheWorld(WorldStop w) GO_SYM("runtime.startTheWorld");
// The same on g0, for callers that hold worldsema themselves.
WorldStop stopTheWorldWithSema(const char* reason) GO_SYM("runtime.stopTheWorldWithSema");
int64_t startTheWorldWithSema(int64_t now, WorldStop w) GO_SYM("runtime.startTheWorldWithSema");
// forEachG calls fn for every goroutine ever made, dead ones too.
void forEachG(void (*fn)(G*, void*), void* arg);

// ---- semaphores (sched/sema.cpp)
void semacquire(uint32_t* addr) GO_SYM("runtime.semacquire");
void semrelease(uint32_t* addr) GO_SYM("runtime.semrelease");

// ---- time and chance
int64_t nanotime() GO_SYM("runtime.nanotime1");
void walltime(int64_t* sec, int32_t* nsec);
uint32_t cheaprand() GO_SYM("runtime.cheaprand");
inline uint32_t cheaprandn(uint32_t n) { return uint32_t((uint64_t(cheaprand()) * n) >> 32); }
// rand: 64 good random bits, seeded by the kernel.
uint64_t rand() GO_SYM("runtime.rand");

inline uint32_t readgstatus(G* gp) { return gp->atomicstatus.load(); }
void casgstatus(G* gp, uint32_t from, uint32_t to) GO_SYM("runtime.casgstatus");

}  // namespace burrow::rt
