// Where goroutines wait tells the block profile and the mutex profile. The functions are there once the program has asked for one of
// these (profile/block_profile.cpp); until then waiting costs one look at a pointer more.
//
//   waiting:    blockStart(s)      s->releasetime is minus the time, or 0 when nobody wants to know
//   waking:     blockWake(s)       before the goroutine can run: the time is added, and there is how long it took
//   afterwards: blockEnd(s, skip)
//
// Of a semaphore that is a mutex s->acquiretime is the time since when its waiting is to be charged to who lets go.
#pragma once

#include "sched/sched.h"

namespace burrow::rt {

// For `skip`: how many frames of the program to leave out, or this: the runtime's own function that was called is shown as well.
inline constexpr int kBlockInRuntime = -1;

struct BlockProfiler {
  int64_t (*start)();  // the time if blocking events are wanted now, else 0
  void (*semaStart)(Sudog* s, bool mutex);
  void (*block)(int64_t ns, int skip);  // the caller's goroutine was blocked for so long
  // The head of a semaphore's queue is about to be woken: what all waiters have waited since somebody was charged last.
  int64_t (*wakeFirst)(Sudog* first);
  void (*mutex)(int64_t ns, int skip);  // the lock that the caller lets go kept others waiting for so long together
};
extern const BlockProfiler* blockProfiler __asm__("runtime.blockProfiler");

ALWAYS_INLINE void blockStart(Sudog* s) {
  s->releasetime = 0;
  if (UNLIKELY(blockProfiler != nullptr)) s->releasetime = -blockProfiler->start();
}
ALWAYS_INLINE void blockWake(Sudog* s) {
  if (UNLIKELY(s->releasetime != 0)) s->releasetime += nanotime();
}
ALWAYS_INLINE void blockEnd(Sudog* s, int skip) {
  if (UNLIKELY(s->releasetime > 0)) blockProfiler->block(s->releasetime, skip);
}

}  // namespace burrow::rt
