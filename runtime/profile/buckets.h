// Where profiles count: a bucket for each stack (and, for memory, size of object) that an event was seen on.
//
// Buckets live outside of the heap and are never freed: a program has as many allocation sites as its code has, and a reader
// may keep a bucket's stack for ever. They are found by a hash table; a list per kind is what readers walk. One lock guards
// everything, because only samples come here.
//
//     table[hash] -> Bucket -> Bucket        each: kind, object size, stack, counts
//     lists[kind] -> Bucket -> Bucket        newest first
//
// Rejected: a lock per counter, as gc has. Only a program that samples every allocation would notice.
#pragma once

#include "sched/proc.h"

namespace burrow::rt {

enum class BucketKind : uint32_t { Memory, Block, Mutex, Count };

inline constexpr int kProfileDepth = 128;  // frames of a stack that are kept

// Counts of a memory bucket. Objects are allocated as the program goes but freed only by the sweep after a collection, so that
// a picture of any moment would have too many of the young ones. Events therefore count for a later cycle than the one that
// they happen in, and are shown when that one is over:
//
//     allocation in cycle C counts for C + 2,  free by the sweep in cycle C for C + 1 (the marking that found it dead)
//
// A profile shows what counts up to mProfPublished, which is C, or C + 1 once a forced collection has swept everything.
// `future` holds the counts of up to three cycles; whoever finds those of a cycle that is shown by now adds them to `active`.
struct MemCounts {
  uint64_t allocs, frees;
};
struct MemRecord {
  MemCounts active;
  struct {
    uint32_t cycle;
    MemCounts counts;
  } future[3];
};
struct BlockRecord {
  double count;
  double nanoseconds;
};

struct Bucket {
  Bucket* next;     // with the same hash
  Bucket* allNext;  // of the same kind
  BucketKind kind;
  uint32_t nstk;
  uint64_t hash;
  uint64_t size;
  union {
    MemRecord mem;
    BlockRecord block;
  };
  uintptr_t* stack() { return reinterpret_cast<uintptr_t*>(this + 1); }
};

extern Mutex profLock;
extern Bucket* buckets[int(BucketKind::Count)];
// The bucket for a stack; made if there is none. profLock is held.
Bucket* stackBucket(BucketKind kind, uint64_t size, const uintptr_t* pcs, int n);

// The calling goroutine's stack as addresses for runtime.CallersFrames: the runtime's function that the program called, then the
// program's own, without the first `skip` of these. In symtab/callers.cpp.
int profileStack(uintptr_t* pcs, int n, int skip, bool withEntry) GO_SYM("runtime.profileStack");

// What Go code makes of a record: layouts of internal/profilerecord.
struct GoMemRecord {
  int64_t objectSize, allocs, frees;
  GoSlice stack;
};
struct GoBlockRecord {
  int64_t count, cycles;
  GoSlice stack;
};
inline GoSlice stackSlice(Bucket* b) { return {b->stack(), int64_t(b->nstk), int64_t(b->nstk)}; }

}  // namespace burrow::rt
