// The scheduler's inside: what its own files share. The map of the files:
//   globals.cpp    g0, m0, sched and small state helpers (status changes, lists)
//   schedule.cpp   schedule, findRunnable, execute, goexit: which goroutine runs next
//   ready.cpp      gopark, goready, run queues, Gosched
//   newproc.cpp    making goroutines
//   m.cpp          threads: mstart, newm, startm, stopm, handoffp
//   p.cpp          procresize, acquirep, releasep
//   world.cpp      stopTheWorld, startTheWorld, preemption requests
//   preempt.cpp    suspendG, forEachP
//   maxprocs*.cpp  GOMAXPROCS
//   syscall.cpp    entersyscall, exitsyscall
//   synctest.cpp   bubbles
//   sysmon.cpp     the watching thread, deadlock detection
//   schedtrace.cpp GODEBUG=schedtrace
//   sema.cpp       semaphores; notify_list.cpp: sync.Cond
//   coro.cpp       iter.Pull
#pragma once

#include "os/os.h"
#include "sched/sched.h"

namespace burrow::rt {

// ---- globals.cpp
extern Atomic<uint32_t> panicking;   // number of Ms that print a fatal error
extern bool mainStarted;
extern bool mainInitRunning;          // package initialisation is going on, on the main goroutine
extern Atomic<uint32_t> runningPanicDefers;
extern Mutex allglock, allpLock;
extern int32_t allpEver;             // Ps ever made
extern G* allgs GO_SYM("runtime.allgs");  // oldest first, through alllink; they are never removed
extern Atomic<int64_t> allglen;
extern M* allm GO_SYM("runtime.allm");
extern uint32_t worldsema;           // semaphore: 1 when nobody stops the world

void gqPush(GQueue* q, G* g);
void gqPushBack(GQueue* q, G* g);
G* gqPop(GQueue* q);
void mcommoninit(M* mp, int64_t id) GO_SYM("runtime.mcommoninit");
void allgadd(G* gp);
void randinit() GO_SYM("runtime.randinit");
void seedM(M* mp);
inline void dropg() {
  M* m = getm();
  m->curg->m = nullptr;
  m->curg = nullptr;
}
// The change of state itself: casgstatus and the tracer make it.
ALWAYS_INLINE void castogstatus(G* gp, uint32_t from, uint32_t to) {
  // Only a scan of the stack can be in the way; it is short.
  for (int i = 0; !gp->atomicstatus.cas(from, to); i++) {
    if (from == Gwaiting && gp->atomicstatus.load() == Grunnable) throw_("casgstatus: waiting for Gwaiting but is Grunnable");
    if (i < 100) cpuRelax(); else osyield();
  }
}
// isSystemGoroutine: of the runtime's own, and not with the program's code at the moment.
inline bool isSystemGoroutine(const G* gp) { return gp->issystem && !gp->runsUserCode; }

// ---- schedule.cpp
NORETURN void schedule() GO_SYM("runtime.schedule");
G* findRunnable(bool* inheritTime, bool* tryWakeP) GO_SYM("runtime.findRunnable");
NORETURN void execute(G* gp, bool inheritTime) GO_SYM("runtime.execute");
void goexit1() GO_SYM("runtime.goexit1");
// Where a goroutine goes on that has never run: behind goexit's first instruction (sched/entry.cpp).
extern "C" char goexitCode[] GO_SYM("runtime.goexit");
inline uintptr_t goroutineStart() { return uintptr_t(goexitCode) + 1; }
// gdestroy: the running goroutine is over; what it had goes back. On g0, which goes on.
void gdestroy(G* gp) GO_SYM("runtime.gdestroy");
void resetspinning();

// ---- ready.cpp
void ready(G* gp, bool next) GO_SYM("runtime.ready");
void runqput(P* pp, G* gp, bool next) GO_SYM("runtime.runqput");
G* runqsteal(P* pp, P* victim, bool stealRunNext) GO_SYM("runtime.runqsteal");
// The global queue; sched.lock held.
void globrunqput(G* gp) GO_SYM("runtime.globrunqput");
void globrunqputhead(G* gp);
void globrunqputbatch(GQueue* batch);
G* globrunqget(P* pp, int32_t max) GO_SYM("runtime.globrunqget");
// Makes a list of waiting goroutines runnable, with or without a P; threads are woken for them.
void injectglist(GQueue* list) GO_SYM("runtime.injectglist");
NORETURN void goschedImpl(G* gp, bool preempted) GO_SYM("runtime.goschedImpl");

// ---- sema.cpp
// What waiting for a semaphore tells the profiles of blocking and of mutexes, for the caller `skip` frames up.
enum class SemaProfile : uint8_t { None, Block, Mutex };
void semacquire1(uint32_t* addr, bool lifo, WaitReason reason, SemaProfile profile = SemaProfile::None, int skip = 0)
    GO_SYM("runtime.semacquire1");
void semrelease1(uint32_t* addr, bool handoff, int skip = 0) GO_SYM("runtime.semrelease1");

// ---- newproc.cpp
G* malg();
// A goroutine for fn, Grunnable; parked: Gwaiting, for a coroutine.
G* newproc1(FuncVal* fn, G* callergp, uintptr_t callerpc, bool parked = false, bool system = false)
    GO_SYM("runtime.newproc1");
void gfput(P* pp, G* gp) GO_SYM("runtime.gfput");
G* gfget(P* pp) GO_SYM("runtime.gfget");
void gfpurge(P* pp);
// Frees stacks of dead Gs that nobody has needed since the last call.
void gfTrim();
bool gfTrimWanted();

// ---- m.cpp
void startm(P* pp, bool spinning) GO_SYM("runtime.startm");
void stopm() GO_SYM("runtime.stopm");
void newm(void (*fn)(), P* pp) GO_SYM("runtime.newm");
void handoffp(P* pp) GO_SYM("runtime.handoffp");
void wakep() GO_SYM("runtime.wakep");
void stoplockedm() GO_SYM("runtime.stoplockedm");
void startlockedm(G* gp) GO_SYM("runtime.startlockedm");
void lockOSThread() GO_SYM("runtime.lockOSThread");
void unlockOSThread() GO_SYM("runtime.unlockOSThread");
void mput(M* mp);
M* mget();
void mReserveStacks(M* mp);  // g0's and gsignal's memory
// More threads than debug.SetMaxThreads allows end the program. sched.lock is held.
void checkmcount() GO_SYM("runtime.checkmcount");
inline int32_t mcount() { return int32_t(sched.mnext - sched.nmfreed); }

// ---- p.cpp
void acquirep(P* pp) GO_SYM("runtime.acquirep");
void wirep(P* pp) GO_SYM("runtime.wirep");  // acquirep, but a trace does not show it
P* releasep() GO_SYM("runtime.releasep");
// Returns the Ps that have work, linked; world stopped and sched.lock held.
P* procresize(int32_t n) GO_SYM("runtime.procresize");
void pidleput(P* pp);
P* pidleget();
// For a thread that has found work for the P: without an idle one, somebody who still has a P must look again before he lets go of it.
P* pidlegetSpinning();

// ---- world.cpp
bool canPreemptM(M* m);
bool preemptone(P* pp) GO_SYM("runtime.preemptone");
bool preemptall() GO_SYM("runtime.preemptall");
NORETURN void gopreempt_m(G* gp) GO_SYM("runtime.gopreempt_m");
NORETURN void preemptPark(G* gp) GO_SYM("runtime.preemptPark");
void gcstopm() GO_SYM("runtime.gcstopm");

// ---- maxprocs.cpp
extern int32_t newprocs;   // for startTheWorld: the number of Ps from then on; 0: as it is
int32_t initialProcs();    // what the environment, the control group or the CPUs say

// ---- syscall.cpp
GOABI void entersyscall() GO_SYM("runtime.entersyscall");
GOABI void exitsyscall() GO_SYM("runtime.exitsyscall");
GOABI void entersyscallblock() GO_SYM("runtime.entersyscallblock");
// Takes a P out of a system call that lasts, if nobody is faster: it is then the caller's, in state `to`.
bool takePFromSyscall(P* pp, uint32_t to) GO_SYM("runtime.takePFromSyscall");

// ---- sysmon.cpp
void sysmon() GO_SYM("runtime.sysmon");
void checkdead() GO_SYM("runtime.checkdead");  // sched.lock held
void countAsRunning(bool on);
void schedtrace(bool detailed) GO_SYM("runtime.schedtrace");  // schedtrace.cpp

// ---- stack/, panic/, os/
void newstack(G* gp) GO_SYM("runtime.newstack");
void looppreempt_m(G* gp) GO_SYM("runtime.looppreempt_m");
void reportStackOverflow(uintptr_t limit, uintptr_t sp, uintptr_t lo, uintptr_t hi);
void minitSignals(M* mp);
void callClosure(FuncVal* fn) GO_SYM("runtime.callClosure");
int32_t clone(M* mp, G* g0, void* stackTop) GO_SYM("runtime.clone");

// ---- boot/
void schedinit() GO_SYM("runtime.schedinit");

// Runs f on g0 with the goroutine counted as waiting: its stack may be scanned, and nobody waits for it to stop.
template <class F>
void asWaiting(WaitReason reason, F f) {
  systemstack([&] {
    G* gp = getm()->curg;
    gp->waitreason = reason;
    casgstatus(gp, Grunning, Gwaiting);
    f();
    casgstatus(gp, Gwaiting, Grunning);
  });
}

}  // namespace burrow::rt
