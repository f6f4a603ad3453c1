// The collector: a concurrent, non-moving, tri-colour mark and sweep. The map of the files:
//   gc.cpp          the cycle: start, mark termination, who waits for what
//   workers.cpp     background mark workers, assists
//   limiter.h       gcCPULimiter: no more than half of the CPU
//   pacer.cpp       gcController: when to start, how much work each allocation owes, how many workers
//   mark.cpp        roots, scanning objects, greying
//   stack_scan.cpp  a goroutine's stack
//   workbuf.cpp     where grey objects are kept
//   sweep.cpp       freeing, span by span
//   scavenge.cpp    giving free pages back
//   specials.cpp    finalizers, cleanups, weak pointers: what hangs on objects
//   finalizers.cpp  the goroutine that runs them, and package runtime's functions for them
//   barrier.cpp     the write barrier
//   check.cpp       checking modes
//   leaks.cpp       goroutines that nobody can wake any more
//   debug_api.cpp   runtime/debug, MemStats, runtime/metrics
//
// One cycle, with the world running but in the two moments marked ||:
//
//     off --|| sweep termination ||--> mark --|| mark termination ||--> off (sweeping in the background)
//            finish the last sweep,            nothing grey anywhere:
//            barrier on, roots listed           barrier off, sweepgen += 2
//
//   white  gcmarkBits bit clear            not reached
//   grey   bit set, in a work buffer       reached, not scanned
//   black  bit set, in no buffer           scanned; allocated while marking
//
// Invariants of the mark phase: an object that was reachable when it began, or was allocated since, is or will be marked. A
// black object never points to a white one that has no other way to be found (the write barrier and the roots not yet scanned
// see to that). The phase ends only when no P has grey objects, in its buffers or in its write barrier's.
#pragma once

#include "boot/boot.h"
#include "gc/barrier.h"
#include "gc/pacer.h"
#include "gc/wb_buf.h"
#include "gc/workbuf.h"
#include "mem/malloc.h"
#include "sched/proc.h"

namespace burrow::rt {

enum GcPhase : uint32_t { GCoff, GCmark, GCmarktermination };
extern uint32_t gcphase __asm__("runtime.gcphase");
// Assists and workers may mark: set from the start of the phase to the decision that it is over.
extern Atomic<uint32_t> gcBlackenEnabled __asm__("runtime.gcBlackenEnabled");

enum class GcMode : uint32_t { Background, ForceMark, ForceBlock };  // the latter two: GODEBUG=gcstoptheworld=1, 2

enum class GcMarkWorkerMode : uint32_t { NotWorker, Dedicated, Fractional, Idle };

// Why a collection might start; test says whether it should, now.
struct GcTrigger {
  enum Kind : uint8_t { Heap, Time, Cycle } kind;
  int64_t now = 0;   // Time
  uint32_t n = 0;    // Cycle: start number n unless it has begun
  bool test() const;
};

// The state of a cycle. Written with the world stopped, unless a field says otherwise.
struct GcWorkState {
  Atomic<uint64_t> bytesMarked;
  Atomic<uint32_t> markrootNext;  // the next root job, taken by any worker
  uint32_t markrootJobs;
  uint32_t nDataRoots, nSpanRoots, nTimerRoots, nStackRoots;
  uint32_t nproc;
  Atomic<uint32_t> nwait;  // == nproc: no worker and no assist is at work
  G** stackRoots;          // all goroutines when marking began
  uint64_t stackRootsLen, stackRootsCap;
  G* stackRootsLast;

  uint32_t startSema = 1;     // one start at a time
  uint32_t markDoneSema = 1;  // one attempt at ending the phase
  uint32_t workerReady = 0;
  uint32_t gcsema = 1;        // held by a cycle, and by what must not happen during one (stopTheWorldGC)
  Atomic<uint32_t> cycles;    // collections begun

  GcMode mode;
  bool userForced;
  uint64_t initialHeapLive;
  struct {
    Mutex lock = {{}, LockRank::AssistQueue};
    GQueue q;
  } assistQueue;  // goroutines that owe work which nobody has for them
  struct {
    Mutex lock = {{}, LockRank::SweepWaiters};
    GQueue list;
  } sweepWaiters;  // goroutines that wait for the end of marking (runtime.GC)

  int32_t stwprocs, maxprocs;
  int64_t tSweepTerm, tMark, tMarkTerm, tEnd;
  int64_t tMarkBefore;  // tMark of the cycle before
  int64_t pauseNS;
  uint64_t heap0, heap1, heap2, heapGoalAtStart;
  int64_t totalTime;  // CPU time the program could have had since it began
};
extern GcWorkState work __asm__("runtime.work");

// What a finished cycle adds to MemStats.
struct GcTotals {
  Atomic<uint64_t> pauseTotalNs;
  uint64_t pauseNs[256], pauseEnd[256];  // rings by numGC; pauseEnd in wall clock
  Atomic<uint32_t> numGC;
  uint32_t numForcedGC;
  Atomic<int64_t> lastGCNanotime, lastGCUnix;
  double cpuFraction;
  bool enableGC;  // set when the runtime is up
};
extern GcTotals gcTotals __asm__("runtime.gcTotals");

// The memory profile's clock (profile/mem_profile.cpp): cycles of the collector, and up to which of them what was counted may
// be shown.
extern Atomic<uint32_t> mProfCycle __asm__("runtime.mProfCycle"), mProfPublished __asm__("runtime.mProfPublished");

void gcinit() __asm__("runtime.gcinit");
void gcenable() __asm__("runtime.gcenable");
// Begins a collection unless the trigger says no (any more). A goroutine that may not be stopped now does nothing.
void gcStart(GcTrigger trigger) __asm__("runtime.gcStart");
// Ends the mark phase if there is nothing left to do; else returns.
struct WorldStop;
// stopTheWorld, but never in the middle of a cycle: waits for its end, and the next one waits for startTheWorldGC.
WorldStop stopTheWorldGC(const char* reason) GO_SYM("runtime.stopTheWorldGC");
void startTheWorldGC(WorldStop w) GO_SYM("runtime.startTheWorldGC");
void gcMarkDone() __asm__("runtime.gcMarkDone");
// Waits until n mark phases are over.
void gcWaitOnMark(uint32_t n) __asm__("runtime.gcWaitOnMark");
// Called where a span or a large object is taken.
void gcMaybeStart();
// The same, unseen by the checking modes.
void gcTestTrigger();
// sysmon: a collection when there was none for two minutes.
void gcForcePeriodic(int64_t now);

// ---- mark.cpp
// Does root job `i`; returns the work done, in bytes.
int64_t markroot(GcWork* gcw, uint32_t i, bool flushBgCredit) __asm__("runtime.markroot");
void gcPrepareMarkRoots() __asm__("runtime.gcPrepareMarkRoots");
void gcMarkTinyAllocs() __asm__("runtime.gcMarkTinyAllocs");
enum GcDrainFlags : uint32_t {
  kDrainUntilPreempt = 1, kDrainFlushBgCredit = 2, kDrainIdle = 4, kDrainFractional = 8
};
void gcDrain(GcWork* gcw, uint32_t flags) __asm__("runtime.gcDrain");
int64_t gcDrainN(GcWork* gcw, int64_t scanWork) __asm__("runtime.gcDrainN");
bool gcMarkWorkAvailable(P* pp);
// A word that may or may not be a pointer: greys the object it points into, if there is one.
void gcGreyConservative(uintptr_t word, GcWork* gcw);
// Every word of [from, to), conservatively.
void scanConservative(uintptr_t from, uintptr_t to, GcWork* gcw) __asm__("runtime.scanConservative");
// An object that was allocated while marking: black.
void gcmarknewobject(MSpan* s, uintptr_t obj);
// Something that the runtime keeps outside of the heap now refers to obj. Anywhere with the M held and a P.
void gcShade(const void* obj);
// True when the object at obj (its span's slot) is marked in the cycle that is being swept or marked.
inline bool isMarked(const MSpan* s, uint64_t index) {
  return __atomic_load_n(&s->gcmarkBits[index / 8], __ATOMIC_RELAXED) >> (index % 8) & 1;
}
// Bytes [at, at + size) outside of the heap, in memory of the runtime's own, may hold pointers for ever.
void gcAddRoot(void* at, uint64_t size) __asm__("runtime.gcAddRoot");

// The address lies in the executable's own memory: code, constants, globals.
bool gcInExecutable(const void* p);
void gcFindRoots();

// ---- stack_scan.cpp: gp is stopped, and stays so. Returns bytes looked at.
int64_t scanstack(G* gp, GcWork* gcw) __asm__("runtime.scanstack");

// ---- workers.cpp
void gcBgMarkStartWorkers() __asm__("runtime.gcBgMarkStartWorkers");
void gcAssistAlloc(G* gp) __asm__("runtime.gcAssistAlloc");
void gcWakeAllAssists() __asm__("runtime.gcWakeAllAssists");
void gcFlushBgCredit(int64_t scanWork) __asm__("runtime.gcFlushBgCredit");
// For findRunnable, which holds the P and runs on g0: a worker that this P should run now, or nil.
G* gcFindRunnableWorker(P* pp, int64_t now) __asm__("runtime.gcController.findRunnableGCWorker");
G* gcFindIdleWorker(P* pp) __asm__("runtime.gcFindIdleWorker");

// ---- specials.cpp
uint64_t gcSpecialRootJobs();
void markrootSpans(GcWork* gcw, uint64_t job);

// ---- leaks.cpp: null in programs that have not asked for leaked goroutines, with the world stopped.
struct LeakDetector {
  void (*prepare)();    // after the roots are listed
  bool (*more)();       // when nothing is grey: there are root jobs again
};
extern const LeakDetector* leakDetector;

// ---- check.cpp
void gcCheckMarks();
void gcPoison(void* p, uint64_t size);

}  // namespace burrow::rt
