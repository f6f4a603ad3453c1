// What the scheduler and the collector tell the execution tracer, and what it keeps with each G, M and P.
//
// The tracer is linked into programs that start traces only: everybody else calls one function pointer, which is null as long
// as nothing is traced. events.cpp turns the calls into events, control.cpp begins, ends and hands out what was recorded.
//
// Goroutine events have no call of their own. casgstatus, the one place where a goroutine's state changes, gives the change to
// the hook, which makes it and records it as one step; what the change means follows from the two states and the wait reason.
#pragma once

#include "base/atomic.h"
#include "base/defs.h"

namespace burrow::rt {

struct G;
struct M;
struct TraceBuf;

enum class TraceEvent : uint32_t {
  Status,       // G, from, to: changes the state. Returns false when nothing is traced and the caller must do it.
  PreemptPark,  // G in Gpreempted|Gscan: lets go of the bit. Returns as Status.
  TakeP,        // P, to: takes a P out of a system call. Returns 0: failed, 1: done, kNotTraced: the caller must do it.
  ReacquireP,   // P: the same for the thread that comes out of the call; the P is then its own.
  ProcStart,    // P: this thread's from now on
  ProcStop,     // P: not any more, in a moment
  ProcsChange,  // a number
  StwBegin,     // the reason (C string)
  StwEnd,
  GCBegin,
  GCEnd,
  AssistBegin,
  AssistEnd,
  SweepSpan,    // bytes swept, bytes freed
  SweepEnd,
  HeapAlloc,    // bytes
  HeapGoal,
  ThreadEnd,    // M: it will record nothing more
  CpuSample,    // from a signal handler: addresses, how many of them
};
inline constexpr uint64_t kNotTraced = ~uint64_t(0);

using TraceHook = uint64_t (*)(TraceEvent e, uint64_t a, uint64_t b, uint64_t c);
extern Atomic<TraceHook> traceHook GO_SYM("runtime.traceHook");

// Records an event; nothing when nothing is traced. Out of line, because the calls are many and the program small.
uint64_t traceEvent(TraceEvent e, uint64_t a = 0, uint64_t b = 0) GO_SYM("runtime.traceEvent");
template <class T>
uint64_t traceEvent(TraceEvent e, T* a, uint64_t b = 0) {
  return traceEvent(e, uint64_t(uintptr_t(a)), b);
}

// What a G and a P have alike. Generations follow each other; in each the state of everything is told once, when the first
// event about it is recorded or at the end, and from then on its events are numbered.
struct TraceState {
  uint8_t told[3] = {};     // atomic; by generation % 3: this one's, and the next one's, which is cleared early
  bool inAssist = false;            // G only
  bool inSweep = false;             // P only
  uint64_t seq[2] = {};          // by generation % 2

  bool wasTold(uint64_t gen) const { return __atomic_load_n(&told[gen % 3], __ATOMIC_SEQ_CST) != 0; }
  void setTold(uint64_t gen) { __atomic_store_n(&told[gen % 3], uint8_t(1), __ATOMIC_SEQ_CST); }
  void readyNext(uint64_t gen) {
    seq[(gen + 1) % 2] = 0;
    __atomic_store_n(&told[(gen + 1) % 3], uint8_t(0), __ATOMIC_SEQ_CST);
  }
  // Whoever gets true tells the state.
  bool acquireTold(uint64_t gen) {
    if (__atomic_exchange_n(&told[gen % 3], uint8_t(1), __ATOMIC_SEQ_CST) != 0) return false;
    readyNext(gen);
    return true;
  }
  uint64_t nextSeq(uint64_t gen) { return ++seq[gen % 2]; }
};

struct TraceP {
  int64_t syscallM = 0;           // the thread that entered a system call with this P; -1: none
  uint64_t swept = 0, reclaimed = 0;  // since the sweep event began
};

struct TraceM {
  Atomic<uint8_t> writing;  // between reading the generation and leaving its buffer
  uint8_t switching = 0;        // coroswitch is between its two state changes: 1, 2: the old goroutine ends
  uint8_t preempted = 0;        // goschedImpl: not of the goroutine's own will
  uint64_t gen = 0;          // valid while writing
  TraceBuf* buf[2] = {};         // by generation % 2
  M* link = nullptr;                 // a snapshot of the list of Ms
  struct TraceFrameCache* frames = nullptr;  // trace/table.cpp; made when needed, never freed
};

}  // namespace burrow::rt
