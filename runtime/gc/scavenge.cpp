// Giving free pages back to the system while the program runs.
//
// After a collection the heap holds more pages than the next cycle will need. bgscavenge returns those beyond the retain goal, a
// tenth above what the heap used last time, scaled by how much larger the next goal is; a memory limit lowers it. It takes the highest free pages
// first (the page allocator hands out the lowest), kStep bytes at a time, and sleeps in between so that it costs about 1% of one
// CPU. That is too late for a memory limit: when pages are made resident that would pass it, whoever does so gives others back
// first (MHeap::allocSpanLocked). Pages that are wanted again fault in as zeros.
#include "gc/sweep.h"
#include "os/os.h"
#include "profile/metrics.h"

namespace burrow::rt {

Atomic<int64_t> scavengeTime;

namespace {

constexpr uint64_t kStep = 64 << 10;
constexpr double kCpuShare = 0.01;
constexpr uint64_t kRetainExtraPercent = 10;
constexpr uint64_t kLimitPercent = 95;

struct {
  Mutex lock = {{}, LockRank::Sweep};
  G* g;
  bool parked;
  Note sleep;
  uint64_t lastHeapInUse, lastGoal;
  Atomic<uint64_t> retainGoal{~uint64_t{0}};
} scavenger;

uint64_t retained() { return mheap_.stats.heapInUse.load() + mheap_.stats.heapFree.load(); }

uint64_t goal() {
  uint64_t g = scavenger.retainGoal.load();
  const uint64_t limit = uint64_t(gcController.memoryLimit.load());
  if (limit != 0x7fffffffffffffff) {
    const uint64_t byLimit = limit / 100 * kLimitPercent;
    if (byLimit < g) g = byLimit;
  }
  return g;
}

}  // namespace

void scavengePace() {
  const uint64_t next = gcController.heapGoal(), inUse = mheap_.stats.heapInUse.load();
  if (scavenger.lastGoal != 0 && scavenger.lastGoal != ~uint64_t{0}) {
    const double ratio = double(next) / double(scavenger.lastGoal);
    const double keep = double(scavenger.lastHeapInUse) * ratio;
    const uint64_t g = uint64_t(keep) + uint64_t(keep) / 100 * kRetainExtraPercent;
    scavenger.retainGoal.store(alignUp<uint64_t>(g, kPageSize));
  }
  scavenger.lastGoal = next;
  scavenger.lastHeapInUse = inUse;
}

void wakeScavenger() {
  if (retained() <= goal()) return;
  lock(&scavenger.lock);
  const bool wake = scavenger.parked;
  scavenger.parked = false;
  unlock(&scavenger.lock);
  if (wake) ready(scavenger.g, false);
}

void bgscavenge() {
  scavenger.g = getg();
  scavenger.g->rootless = uintptr_t(bgscavenge);
  for (;;) {
    lock(&scavenger.lock);
    scavenger.parked = true;
    goparkunlock(&scavenger.lock, WaitReason::GCScavengeWait, TraceBlockReason::SystemGoroutine);
    while (retained() > goal()) {
      const int64_t start = nanotime();
      if (mheap_.scavenge(kStep) == 0) break;
      const int64_t took = nanotime() - start;
      scavengeTime.xadd(took);
      noteclear(&scavenger.sleep);
      notetsleepg(&scavenger.sleep, int64_t(double(took) * (1 / kCpuShare - 1)));
    }
  }
}

}  // namespace burrow::rt
