// Split stacks: what a goroutine's stack is made of, and who allocates it. The essay is in stack/stack.cpp.
#pragma once

#include "sched/sched.h"

namespace burrow::rt {

// One piece of a goroutine's stack. The header lies at the low end of its own memory; the stack grows down towards it:
//
//   header | slack (kStackSlack) | usable room ................ | top
//   ^this                        ^limit                         ^ first sp
//
// Segments form a doubly linked list, oldest first. Those after the current one are empty and kept for the next time.
struct StackSegment {
  StackSegment* prev;
  StackSegment* next;
  uintptr_t limit;   // what fs:112 holds while this segment runs
  uintptr_t top;     // 16-byte aligned
  uintptr_t oldSP;   // %rbp of the __morestack frame that came here, on prev; valid while the segment is in use
  uintptr_t room;    // top - limit
  size_t size;       // of the whole memory, header included
  size_t total;      // sizes of this segment and all before it
  uint32_t sizeClass;  // index of the free list, or kStackLarge
  uint32_t depth;      // 0 for the first one
  struct StackChunk* chunk;  // where it was cut from; null for a large one
};
static_assert(sizeof(StackSegment) == 80);

inline constexpr size_t kStackMin = 2048;                                     // the smallest segment
inline constexpr size_t kStackMaxCached = kStackMin << (kStackClasses - 1);   // larger ones are mapped one by one
inline constexpr uint32_t kStackLarge = ~0u;

void stackinit() GO_SYM("runtime.stackinit");
// stackalloc returns a segment of `size` bytes (a power of two from kStackMin on), linked to nothing. Runs on g0.
StackSegment* stackalloc(size_t size) GO_SYM("runtime.stackalloc");
void stackfree(StackSegment* s) GO_SYM("runtime.stackfree");
// stackfreeFrom frees s and all that follow it.
void stackfreeFrom(StackSegment* s);
// Gives gp its first segment of (at least) `size` bytes; runs on g0.
void stackattach(G* gp, size_t size);
// Returns a P's cached segments to the pool (the P goes away, or the world is stopped).
void stackcacheClear(P* p);

// What the first segment of a new goroutine is to have, whose go statement has hint key `key`; learnStackSize is told when a goroutine
// needs a second one for the first time (hints.cpp).
size_t firstStackSize(uint64_t key);
void learnStackSize(G* gp);

struct StackHint {
  uint32_t level;  // log2 of the guess over kStackMin
  uint32_t left;   // how many goroutines still get it
  uint32_t grant;  // how many get it at a time
  uint32_t less;   // how many got half of it since then
};
inline constexpr uint32_t kStackHintBits = 9;
extern StackHint stackHints[1 << kStackHintBits];
inline StackHint& stackHint(uint64_t key) { return stackHints[(key * 0x9e3779b97f4a7c15u) >> (64 - kStackHintBits)]; }
// What most of the statement's goroutines get now.
inline size_t usualStackSize(uint64_t key) { return kStackMin << __atomic_load_n(&stackHint(key).level, __ATOMIC_RELAXED); }

// Halves gp's stack when less than a quarter of it, `used` bytes, is in use. gp is stopped, and in no system call. waitsLong: and will
// not go on soon.
void shrinkstack(G* gp, size_t used, bool waitsLong);

// segmentOf finds the segment of gp that holds address sp; null when none does.
StackSegment* segmentOf(G* gp, uintptr_t sp);
// newerFrame reports whether the frame at stack address a was made later than the one at b.
bool newerFrame(G* gp, uintptr_t a, uintptr_t b);
// dropSegments makes the segment that holds sp the current one (the frames above it are abandoned).
void dropSegments(G* gp, uintptr_t sp);

extern uintptr_t maxstacksize;      // debug.SetMaxStack
extern uintptr_t maxstackceiling;

struct StackStats {
  Atomic<int64_t> inuse;  // bytes in segments that belong to goroutines: those that no P has counted
  Atomic<int64_t> sys;    // bytes taken from the system
};
extern StackStats stackStats;
// Bytes in segments that belong to goroutines, about.
int64_t stackInuse();

// Gives pages of segments that have not been needed for a while back to the system; sysmon calls it every few seconds.
void stackTrim();
// There are pages to give back.
bool stackTrimWanted();
// The first segment of the main goroutine: programs whose main function does everything should not see a boundary.
inline constexpr size_t kStackMain = kStackMaxCached;

// The return address of the calling function, looking through a segment boundary: `callerPC(__builtin_return_address(0))`.
uintptr_t callerPC(void* returnAddress);

// Return address inside __morestack to which a body that runs on a further segment returns.
extern "C" char morestackReturn[] GO_SYM("runtime.morestack_return");

}  // namespace burrow::rt
