// Stacks and strings of a trace: each is written once in a generation and has a number.
//
// A table is a hash table of chains that only grow at their heads, so looking up takes no lock and adding takes a
// compare-and-swap; two threads that add the same at the same time find out, and one of the two copies is dropped. The memory is
// cut from chunks, which all go when the generation has been written out.
//
// Rejected: looking names and lines up when an event is recorded. A stack is a list of addresses until its generation ends.
#pragma once

#include "trace/buffer.h"

namespace burrow::rt {

struct TraceTable {
  struct Entry {
    Entry* next;
    uint64_t hash;
    uint64_t id;
    uint64_t size;
    const uint8_t* data() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  };
  static constexpr uint32_t kBuckets = 8192;

  void init();  // before use; again: nothing
  // The number of these bytes, 0 for none. added: they are new.
  uint64_t put(const void* data, uint64_t size, bool* added);
  uint64_t stealId() { return seq.xadd(1); }
  void reset();

  Atomic<Entry*>* buckets = nullptr;
  Atomic<uint64_t> seq;

 private:
  struct Chunk {
    Chunk* link;
    uint64_t used;
  };
  static constexpr uint64_t kChunk = 256 << 10;
  Entry* allocate(uint64_t size);
  Mutex memLock{{}, LockRank::TraceTable};
  Chunk* chunks = nullptr;
};

// Strings go to the reader as soon as they have a number.
struct TraceStrings {
  TraceTable table;
  uint64_t put(uint64_t gen, const void* s, uint64_t n);
  uint64_t put(uint64_t gen, const char* s) { return put(gen, s, strlen(s)); }
  // For strings that hardly come twice.
  uint64_t emit(uint64_t gen, const void* s, uint64_t n);
  void finish(uint64_t gen);  // nobody writes to this generation any more

 private:
  void write(uint64_t gen, uint64_t id, const void* s, uint64_t n);
  Mutex lock_{{}, LockRank::TraceStrings};
  TraceBuf* buf = nullptr;
};

extern TraceTable traceStacks[2];    // by generation % 2
extern TraceStrings traceStrings[2];

// The stack of gp, which is parked or waits on this thread's g0; its innermost Go frames come first.
uint64_t traceStack(uint64_t gen, G* gp);
// A goroutine in (or about to enter) a system call: where syscallpc and syscallsp say.
uint64_t traceSyscallStack(uint64_t gen, G* gp);
// The first instruction of a goroutine's function.
uint64_t traceStartStack(uint64_t gen, uintptr_t pc);
// Writes all stacks of the generation; from a goroutine's stack.
void traceDumpStacks(uint64_t gen);

}  // namespace burrow::rt
