// The scheduler's structures: G (a goroutine), M (a thread), P (the right to run Go code, with its caches), and what
// hangs on them. Field and type names are Go's wherever Go has the thing, so that knowledge and debugger habits carry over.
//
// Who owns what:
//   G  its fields belong to whoever "owns" the goroutine: the M that runs it, or, while it is _Gwaiting, the holder of the
//      lock it was parked with. `atomicstatus` is the only field that others change.
//   M  belongs to its thread; sched.lock guards the list links.
//   P  belongs to the M in p->m; idle Ps belong to sched.lock. Only the owner pushes to its run queue, anybody may steal.
// G, M and P are never freed: they live in persistent memory (mem/malloc.h, persistentalloc) and are reused, so that a
// pointer read without a lock is always a pointer to such a structure.
//
// Offsets that assembly uses stand in sched/offsets.h and are pinned in sched/offsets_check.cpp.
#pragma once

#include "base/atomic.h"
#include "base/defs.h"
#include "sched/runq.h"
#include "trace/trace.h"

namespace burrow::rt {

struct G;
struct M;
struct P;
struct HChan;     // chan/
struct MCache;    // mem/
struct Panic;     // panic/
struct StackSegment;  // stack/
struct SigContext;
struct Timers;         // timer/
struct SynctestBubble; // sched/synctest.h
struct Coro;           // sched/coro.cpp
struct Ancestors;      // symtab/ancestors.h

// ---- locks and notes (os/lock_futex.cpp)

// LockRank orders the runtime's locks; a lock may only be taken when every lock that the M holds has a smaller rank.
// The list, with what each guards, is sched/lock_rank.def.
enum class LockRank : uint8_t {
#define LOCK_RANK(name, text) name,
#include "sched/lock_rank.def"
#undef LOCK_RANK
  Count
};

// A mutex for the runtime's own short critical sections: it blocks the thread, not the goroutine, and the holder cannot be
// preempted. Zero is unlocked.
struct Mutex {
  Atomic<uint32_t> key;  // 0 free, 1 held, 2 held and somebody sleeps
  LockRank rank = LockRank(0);  // 0 (Unranked): never checked
};

// A one-shot event between threads: one notewakeup, any number of sleeps after it return at once; noteclear before reuse.
struct Note {
  Atomic<uint32_t> key;
};

// ---- goroutine states (gc's numbers; tools read them)
enum GStatus : uint32_t {
  Gidle = 0,
  Grunnable = 1,
  Grunning = 2,
  Gsyscall = 3,
  Gwaiting = 4,
  Gdead = 6,
  Gcopystack = 8,   // unused: stacks do not move
  Gpreempted = 9,
  Gscan = 0x1000,   // ORed in while the collector scans the stack
};
enum PStatus : uint32_t { Pidle = 0, Prunning = 1, Psyscall = 2, Pgcstop = 3, Pdead = 4 };

enum class WaitReason : uint8_t {
#define WAIT_REASON(name, text) name,
#include "sched/wait_reason.def"
#undef WAIT_REASON
  Count
};
extern const char* const waitReasonTexts[size_t(WaitReason::Count)] GO_SYM("runtime.waitReasonStrings");
// Why a goroutine blocks, as the execution tracer names it.
enum class TraceBlockReason : uint8_t { Generic, Forever, Net, Select, CondWait, Sync, ChanSend, ChanRecv, GCMarkAssist,
                                        GCSweep, SystemGoroutine, Preempted, DebugCall, UntilGCEnds, Sleep };

// Output of print functions collected in memory; what does not fit is dropped.
struct PrintBuffer {
  uint8_t* data;
  int64_t len, cap;
};

struct Stack {
  uintptr_t lo, hi;
};

// Where a goroutine that does not run goes on. The callee-saved registers are on its stack, just above `sp`.
struct Gobuf {
  uintptr_t sp;
  uintptr_t pc;   // for tracebacks: the return address of the switch
  uintptr_t bp;
};

// A goroutine in the queue of a channel or semaphore; as Go's sudog. A G can be on many queues, so one G can have many.
struct Sudog {
  G* g;
  Sudog* next;
  Sudog* prev;
  void* elem;  // where the value goes to or comes from (may be on g's stack)

  int64_t acquiretime, releasetime;
  uint32_t ticket;
  bool isSelect;  // g takes part in a select: g->selectDone must be won before it is woken
  bool success;   // woken by a value (true) or by a close (false)
  uint16_t waiters;
  Sudog* parent;    // semaphore treap
  Sudog* waitlink;  // g->waiting list, or the list of one semaphore address
  Sudog* waittail;
  HChan* c;
};

inline constexpr unsigned kSyscallRegs = 6;

// What a goroutine's birth, switch and death touch is in front, cache line by cache line: of thousands that wait for their
// first turn, none is in the cache when it comes.
struct alignas(kCacheLine) G {
  // ---- first line: queues and switches
  Stack stack;            // g0 and gsignal: the whole stack; goroutines: the first segment (a dead one keeps it: newproc.cpp)
  G* schedlink;           // the list it is on: run queue, free list
  StackSegment* segment;  // the segment that runs now; null when dead
  Gobuf sched;
  Atomic<uint32_t> atomicstatus;
  Atomic<uint8_t> preempt;         // 0, or PREEMPT_WANTED / PREEMPT_DEFERRED: yield at the next stack check
  bool throwsplit;                 // the stack must not grow now
  bool preemptStop;                // preempt means park, not yield
  bool paniconfault;               // an unexpected fault address panics instead of being fatal

  // ---- second line: its run
  M* m;                            // the M that runs it, or null
  abi::DeferFrame* deferTop;       // innermost deferring function
  Panic* panic;                    // innermost panic
  int64_t waitsince;               // about when it blocked
  SynctestBubble* bubble;          // sched/synctest.h
  WaitReason waitreason;
  bool issystem;          // runtime's own goroutine: hidden from dumps, not counted by NumGoroutine
  bool runsUserCode;      // such a one while it is in a finalizer or cleanup: in dumps and profiles
  bool parkingOnChan;     // between enqueueing on a channel and parking
  bool leaked;            // waits, and nobody can wake it: gc/leaks.cpp
  bool goexiting;
  // profile/metrics.cpp: of one in so many changes of state it is known how long they took.
  uint8_t trackingSeq;
  bool tracked;
  Atomic<uint32_t> selectDone;     // a select in progress: 0 open, 1 won
  uint32_t moreCount;              // times this goroutine needed a further segment (stack hint)
  void* param;                     // passed by the waker; for channels the Sudog, for others what they agree on

  // ---- third line: who it is
  uint64_t goid;
  uint64_t parentGoid;
  uintptr_t gopc;         // pc of the go statement
  uintptr_t startpc;      // pc of the goroutine's function
  FuncVal* startfn;
  uint64_t hintKey;       // stack-size hint of its go statement
  void* labels;           // pprof
  M* lockedm;             // LockOSThread

  // ---- fourth line
  Sudog* waiting;         // sudogs this g waits on (in lock order for a select)
  Ancestors* ancestors;   // symtab/ancestors.h
  uint64_t libraryFlags;  // goroutineFlags in std/runtime/library.go
  int64_t gcAssistBytes;  // gc/
  uintptr_t moreFrame, moreArgs;   // what the last __morestack was asked for
  uint32_t sig;                    // the fault that the panic in progress came from; as the next group
  bool isMain;
  bool unseen;            // ran on another thread when all stacks were printed, and that has not shown it: os/signal.cpp
  bool gcscandone;        // gc/
  bool coroexit;          // the switch is the last one
  Coro* coroarg;          // iter.Pull: the coroutine to switch with

  // ---- the rest
  uintptr_t syscallRegs[kSyscallRegs];  // callee-saved registers at entersyscall: the collector looks at them
  uintptr_t syscallsp, syscallpc;
  G* alllink;             // list of all Gs

  // ---- signals (os/signal.cpp): the fault that the panic in progress came from
  uintptr_t sigcode0, sigcode1, sigpc;
  PrintBuffer* writebuf;  // where this G's prints go instead of standard error (runtime.Stack)

  // ---- owned by others
  uintptr_t rootless;     // gc/: no frame from the newest to that of the function at this address holds Go pointers; 0: none such
  void* timer;            // timer/: of Sleep; stays when the G is reused
  int64_t sleepWhen;      // timer/
  Panic* deferredMethod;  // the panic that called the method value whose call reflect is making
  TraceState trace;       // trace/
  int64_t trackedSince, trackedRunnable;
};

struct M {
  // ---- the part that assembly knows
  G* g0;
  G* gsignal;
  G* curg;
  abi::ThreadArea* tls;
  uintptr_t sigSavedLimit;

  P* p;      // the P it runs Go code with, or null
  P* nextp;  // handed over while it was stopped
  P* oldp;   // the P it had before a system call
  int64_t id;
  uint64_t procid;  // kernel thread id
  int32_t mallocing;
  int32_t throwing;  // 0, 1 user throw, 2 runtime throw
  int32_t locks;     // > 0: not preemptible
  int32_t dying;
  const char* preemptoff;  // non-null: why curg must stay on this M
  bool spinning;  // looks for work without having any
  bool blocked;   // sleeps on a note
  uint32_t cheaprand_;
  uint64_t rand_[2];
  M* alllink;
  M* schedlink;
  M* freelink;
  G* lockedg;
  uint32_t lockedExt, lockedInt;  // LockOSThread by the user, by the runtime
  Note park;
  bool (*waitunlockf)(G*, void*);  // gopark's
  void* waitlock;
  void (*mstartfn)();
  uint64_t syscalltick;
  Atomic<uint32_t> needPerThreadSyscall;  // os/all_threads.cpp
  uint32_t profilehz;
  abi::ThreadArea area;  // of Ms but m0: part of the M, so that a late request to yield never hits unmapped memory
  void* stackMemory;  // the mapping with g0's and gsignal's stacks
  size_t stackMemorySize;
  // Lock-rank checking (debug builds).
  uint32_t locksHeldLen;
  struct HeldLock { Mutex* lock; LockRank rank; } locksHeld[12];
  TraceM trace;  // trace/; last, because it outlives the thread
};

// A P's grey objects (gc/workbuf.h), and what it has counted since it last told.
struct WorkBuf;
struct GcWork {
  WorkBuf* wbuf1;
  WorkBuf* wbuf2;
  WorkBuf* spanIn;   // spans to be scanned, first come first served: put here,
  WorkBuf* spanOut;  // taken from here, at spanOutNext
  uint64_t spanOutNext;
  uint64_t bytesMarked;
  int64_t heapScanWork;
  bool flushedWork;  // a buffer with objects was made available since the last look
};

// The write barrier's buffer: [entries, next) is used. A barrier writes two words; whoever makes next == end empties it.
inline constexpr uint32_t kWbBufEntries = 512;
struct WbBuf {
  uintptr_t* next;
  uintptr_t* end;
};

inline constexpr uint32_t kRunQueueSize = 256;
inline constexpr uint32_t kSudogCache = 128;
inline constexpr uint32_t kStackClasses = 5;  // 2, 4, 8, 16, 32 KB

struct P {
  int32_t id;
  Atomic<uint32_t> status;
  P* link;
  uint32_t schedtick;    // grows with every call of schedule
  uint32_t syscalltick;  // grows with every system call
  struct SysmonTick { uint32_t schedtick; uint32_t syscalltick; int64_t schedwhen, syscallwhen; } sysmontick;
  M* m;             // back link; null when idle
  MCache* mcache;   // mem/
  WbBuf wbBuf;      // gc/: pointers that the write barrier has seen

  // Local run queue and the G that runs next, inheriting the time slice.
  RunQueue<G, kRunQueueSize> runq;

  // Dead Gs; most have a stack.
  G* gFree;
  int32_t gFreeN;
  // Sudogs.
  uint32_t sudogcacheLen;
  Sudog* sudogcache[kSudogCache];
  // Goroutine ids handed out in batches.
  uint64_t goidcache, goidcacheend;
  // Free stack segments per class, linked through `prev` (stack/).
  struct { StackSegment* list; uint32_t count; } stackcache[kStackClasses];
  int64_t stackInuse;  // bytes in segments, made here less freed here; a part of a sum (stack/)

  Atomic<uint8_t> preempt;  // wanted by stopTheWorld
  // ---- owned by others
  GcWork gcw;              // gc/
  uint32_t gcMarkWorkerMode;
  int64_t gcMarkWorkerStartTime, gcAssistTime, gcFractionalMarkTime;
  Timers* timers;          // timer/
  Atomic<uint32_t> runSafePointFn;  // forEachP wants something of this P
  TraceState trace;        // trace/
  TraceP traceP;
  int64_t idleSince;  // profile/metrics.cpp
  uintptr_t wbBufEntries[kWbBufEntries];  // gc/: wbBuf's room
};

// The scheduler's shared state.
struct GQueue {
  G* head = nullptr;
  G* tail = nullptr;
  int64_t size = 0;
};
struct Sched {
  Atomic<uint64_t> goidgen;
  Atomic<int64_t> lastpoll;   // when netpoll was called last; 0: a thread sleeps in it
  Atomic<int64_t> pollUntil;  // until when that thread sleeps; 0: for ever
  Mutex lock;

  M* midle;          // stopped Ms
  int32_t nmidle, nmidlelocked;
  int64_t mnext;     // Ms ever made, the next id
  int32_t maxmcount;
  int32_t nmsys;     // Ms that do not count for deadlock detection
  int64_t nmfreed;
  Atomic<int32_t> ngsys;
  P* pidle;
  Atomic<int32_t> npidle;
  Atomic<int32_t> nmspinning;
  Atomic<uint32_t> needspinning;

  GQueue runq;       // global run queue
  // Dead Gs: those with a stack (n) and those without (dead, with the others). `unused`: so many with one were there all the time
  // since gfTrim looked.
  struct { Mutex lock; G* stack; G* noStack; int32_t n, dead, unused; } gFree;
  struct { Mutex lock; Sudog* cache; } sudog;

  Atomic<int32_t> exitingSyscall;  // threads without a P that change a goroutine's state
  Atomic<uint32_t> gcwaiting;  // the world is to be stopped
  int32_t stopwait;
  Note stopnote;
  Atomic<uint32_t> sysmonwait;
  Note sysmonnote;
  void (*safePointFn)(P*, void*);  // forEachP
  void* safePointArg;
  int32_t safePointWait;
  Note safePointNote;
  Mutex sysmonlock;
  int64_t procresizetime;
  const char* stopReason;  // of the last stopTheWorld
};

extern G g0 GO_SYM("runtime.g0");
extern M m0 GO_SYM("runtime.m0");
extern Sched sched GO_SYM("runtime.sched");
extern P** allp GO_SYM("runtime.allp");
extern int32_t gomaxprocs GO_SYM("runtime.gomaxprocs");
extern int32_t ncpu GO_SYM("runtime.ncpu");

}  // namespace burrow::rt
