// Buffers of the execution tracer, and writing into them in the format that gc's tools read.
//
// The format (internal/trace/tracev2 of the distribution describes it): batches of at most 64 KB, each with generation, thread
// and a time, then events: a byte for the kind, a varint for the time since the event before, varints for the arguments. Other
// batches hold what events refer to by number: stacks, strings, the clock.
//
// A buffer is one batch. It belongs to one thread and one generation until it is full or the generation ends; then it is queued for
// the reader (control.cpp).
#pragma once

#include "os/os.h"
#include "sched/proc.h"
#include "trace/trace.h"

namespace burrow::rt {

// Kinds, with gc's numbers.
enum TraceEv : uint8_t {
  EvEventBatch = 1, EvStacks, EvStack, EvStrings, EvString, EvCPUSamples, EvCPUSample, EvFrequency,
  EvProcsChange, EvProcStart, EvProcStop, EvProcSteal, EvProcStatus,
  EvGoCreate, EvGoCreateSyscall, EvGoStart, EvGoDestroy, EvGoDestroySyscall, EvGoStop, EvGoBlock, EvGoUnblock,
  EvGoSyscallBegin, EvGoSyscallEnd, EvGoSyscallEndBlocked, EvGoStatus,
  EvSTWBegin, EvSTWEnd,
  EvGCActive, EvGCBegin, EvGCEnd, EvGCSweepActive, EvGCSweepBegin, EvGCSweepEnd, EvGCMarkAssistActive,
  EvGCMarkAssistBegin, EvGCMarkAssistEnd, EvHeapAlloc, EvHeapGoal,
  EvGoLabel, EvUserTaskBegin, EvUserTaskEnd, EvUserRegionBegin, EvUserRegionEnd, EvUserLog,
  EvGoSwitch, EvGoSwitchDestroy, EvGoCreateBlocked, EvGoStatusStack, EvExperimentalBatch,
  EvSync, EvClockSnapshot, EvEndOfGeneration,
};
enum TraceGoStatus : uint8_t { GoRunnable = 1, GoRunning, GoSyscall, GoWaiting };
enum TraceProcStatus : uint8_t { ProcRunning = 1, ProcIdle, ProcSyscall, ProcSyscallAbandoned };

inline constexpr uint32_t kTraceBatch = 64 << 10;
inline constexpr uint32_t kTraceNumber = 10;  // bytes of the longest varint
inline constexpr uint32_t kTraceFrames = 128;
inline constexpr uint32_t kTraceStringMax = 1 << 10;
inline constexpr int64_t kTraceTimeDiv = 64;  // ns of a unit of the trace's clock
inline uint64_t traceClock() { return uint64_t(nanotime() / kTraceTimeDiv); }

struct TraceBuf {
  TraceBuf* link;
  uint64_t lastTime;
  uint32_t pos, lenPos;
  uint8_t data[kTraceBatch - 24];
};
static_assert(sizeof(TraceBuf) == kTraceBatch);

struct TraceBufQueue {
  TraceBuf *head, *tail;
  bool empty() const { return head == nullptr; }
  void push(TraceBuf* b) {
    b->link = nullptr;
    if (head == nullptr) head = b; else tail->link = b;
    tail = b;
  }
  TraceBuf* pop() {
    TraceBuf* b = head;
    if (b == nullptr) return nullptr;
    head = b->link;
    b->link = nullptr;
    return b;
  }
};

// Writes to one buffer after the other. On g0.
struct TraceWriter {
  uint64_t gen;
  uint64_t mid = ~uint64_t(0);  // the thread; none for tables
  TraceBuf* buf = nullptr;

  // Room for n bytes; true: in a new batch.
  bool ensure(uint32_t n) {
    if (buf != nullptr && sizeof(buf->data) - buf->pos >= n) return false;
    refill();
    return true;
  }
  void byte(uint8_t v) { buf->data[buf->pos++] = v; }
  void varint(uint64_t v) {
    uint32_t p = buf->pos;
    for (; v >= 0x80; v >>= 7) buf->data[p++] = uint8_t(v | 0x80);
    buf->data[p++] = uint8_t(v);
    buf->pos = p;
  }
  void bytes(const void* p, uint32_t n) {
    memcpy(buf->data + buf->pos, p, n);
    buf->pos += n;
  }
  // The time of an event that is written now: it grows from event to event.
  uint64_t timeDelta() {
    uint64_t now = traceClock();
    if (now <= buf->lastTime) now = buf->lastTime + 1;
    const uint64_t d = now - buf->lastTime;
    buf->lastTime = now;
    return d;
  }
  template <class... Args>
  void event(TraceEv ev, Args... args) {
    ensure(1 + (1 + sizeof...(args)) * kTraceNumber);
    byte(ev);
    varint(timeDelta());
    (varint(uint64_t(args)), ...);
  }
  void refill();
  void flush();
};

// What all threads share. `lock` may be taken while any other lock is held, but those for printing.
struct TraceShared {
  Mutex lock{{}, LockRank::Trace};
  Atomic<uint64_t> gen;   // 0: nothing is traced
  uint64_t lastGen = 0;   // the last one that was not 0
  TraceBufQueue full[2] = {};  // by generation % 2
  TraceBuf* empty = nullptr;
  TraceBuf* reading = nullptr;  // given to the reader, until it comes again
  uint64_t readerGen = 0, flushedGen = 0;
  bool headerWritten = false, endWritten = false, shutdown = false;
  bool readerWaits = false;
  Note readerNote;
  uint32_t doneSema[2] = {};  // the reader is through with a generation
  uint64_t seqGC = 0;     // changed with the world stopped only
};
extern constinit TraceShared trace;

// Queues a finished batch; trace.lock held.
void traceBufFlush(TraceBuf* b, uint64_t gen);
void traceWakeReader();  // trace.lock held

}  // namespace burrow::rt
