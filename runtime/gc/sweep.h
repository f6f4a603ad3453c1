// Sweeping: what was not marked is free. See sweep.cpp.
#pragma once

#include "gc/gc.h"

namespace burrow::rt {

// Who sweeps at this moment, and whether there is anything left: the low bits count sweepers, the top one says "drained". A
// sweeper that begins before the list is drained is waited for by whoever needs the sweep to be over.
class ActiveSweep {
 public:
  bool begin() {
    for (;;) {
      const uint32_t s = state_.load();
      if (s & kDrained) return false;
      if (state_.cas(s, s + 1)) return true;
    }
  }
  // Reports whether nothing is left, with nobody at it.
  bool end() { return state_.xadd(uint32_t(-1)) == kDrained; }
  // Reports whether this call drained it.
  bool markDrained() {
    for (;;) {
      const uint32_t s = state_.load();
      if (s & kDrained) return false;
      if (state_.cas(s, s | kDrained)) return true;
    }
  }
  bool isDone() const { return state_.load() == kDrained; }
  void reset() { state_.store(0); }

 private:
  static constexpr uint32_t kDrained = 1u << 31;
  Atomic<uint32_t> state_{kDrained};  // before the first cycle there is nothing to sweep
};

struct SweepState {
  Mutex lock = {{}, LockRank::Sweep};
  G* g;         // the background sweeper
  bool parked;
  ActiveSweep active;
  Atomic<uint32_t> centralIndex;  // where unswept spans are looked for: span class * 2 + (partial ? 1 : 0)
  uint32_t nbgsweep, npausesweep;
  // Proportional sweeping: pages that must be swept before so many bytes are allocated.
  double sweepPagesPerByte;
  uint64_t sweepHeapLiveBasis;
  Atomic<uint64_t> pagesSwept, pagesSweptBasis;
};
extern SweepState sweep __asm__("runtime.sweep");

// Sweeps one span; the pages it gave back to the heap, or kNothingToSweep.
inline constexpr uint64_t kNothingToSweep = ~uint64_t{0};
uint64_t sweepone() __asm__("runtime.sweepone");
// After sweep.active.begin() said yes.
void sweepEnd();
inline bool isSweepDone() { return sweep.active.isDone(); }
// Sets sweepgen forward: everything is unswept now. World stopped.
void gcSweep() __asm__("runtime.gcSweep");
// All that is left of the last cycle. World stopped, or about to be.
void finishsweep_m() __asm__("runtime.finishsweep_m");
void bgsweep() __asm__("runtime.bgsweep");
// Recomputes the sweep rate; heap lock or stopped world.
void gcPaceSweeper(uint64_t trigger) __asm__("runtime.gcPaceSweeper");
// Before `spanBytes` more are allocated.
void deductSweepCredit(uint64_t spanBytes) __asm__("runtime.deductSweepCredit");

// Takes a span that needs sweeping for the caller alone.
inline bool trySweepAcquire(MSpan* s) {
  const uint32_t g = mheap_.sweepgen.load();
  return s->sweepgen.load() == g - 2 && s->sweepgen.cas(g - 2, g - 1);
}
// Sweeps s, which was acquired. Afterwards it is on a central list, or (true) back in the heap; with `preserve` it is
// neither: it stays the caller's.
bool sweepSpan(MSpan* s, bool preserve) __asm__("runtime.(*sweepLocked).sweep");

void bgscavenge() __asm__("runtime.bgscavenge");
void wakeScavenger();
void scavengePace();

}  // namespace burrow::rt
