// The pacer with a program that is only numbers: it allocates, marks at a rate of its own, and pays the assists it is told to. What
// must hold for every program: the goal is what GOGC says, marking begins between 70% and 95% of the way to it, and as long as assists
// are paid the cycle ends before the heap has passed the goal by more than a tenth.
#include "gc/pacer.h"

#include <algorithm>

#include "host_gc.h"
#include "mem/mheap.h"

namespace burrow::rt {
namespace {

constexpr uint64_t kMB = 1 << 20;

class Pacer : public ::testing::Test {
 protected:
  void SetUp() override { initRuntime(); }
};

// A program: how much of the heap lives, how much of that has pointers, how fast a CPU allocates (it scans a byte a nanosecond).
struct Program {
  uint64_t live;
  double scannable;
  double allocatesPerNs;
  uint64_t chunk;
};

struct Cycle {
  uint64_t goal, trigger, end;
  double assisted;  // part of the scanning that was done by assists
};

// Allocates until a collection starts and ends.
Cycle runCycle(const Program& p, int64_t* now) {
  Cycle c{};
  c.trigger = gcController.trigger(&c.goal);
  while (gcController.heapLive.load() < gcController.trigger(&c.goal)) {
    gcController.update(int64_t(p.chunk), int64_t(double(p.chunk) * p.scannable));
  }
  gcController.startCycle(*now, gomaxprocs, false);
  gcBlackenEnabled.store(1);
  gcController.revise();
  // What is found may be anything up to all that is scannable.
  const double all = double(gcController.heapScan.load());
  const double toScan = std::min(double(p.live) * p.scannable, all);
  double done = 0, assisted = 0, credit = 0;
  const uint64_t before = gcController.heapLive.load();
  double time = 0;
  while (done < toScan) {
    EXPECT_NEAR(gcController.assistWorkPerByte() * gcController.assistBytesPerWork(), 1, 1e-6);
    // A chunk is allocated, and paid for where the background has not; meanwhile a quarter of all CPUs scans.
    const double owed = double(p.chunk) * gcController.assistWorkPerByte();
    const double assist = std::max(owed - credit, 0.0);
    credit += assist - owed;
    assisted += assist;
    const double cpu = double(p.chunk) / p.allocatesPerNs + assist, background = cpu / 3;
    credit += background;
    done += assist + background;
    time += (cpu + background) / gomaxprocs;
    gcController.heapScanWork.store(int64_t(std::min(done, toScan)));
    if (done < toScan) gcController.update(int64_t(p.chunk), 0);
  }
  *now += int64_t(time) + 1;
  gcController.assistTime.store(int64_t(assisted));
  c.end = gcController.heapLive.load();
  c.assisted = assisted / std::max(toScan, 1.0);
  gcBlackenEnabled.store(0);
  gcController.endCycle(*now, gomaxprocs);
  gcController.resetLive(std::min(p.live + (c.end - before), c.end));
  gcController.commit();
  return c;
}

TEST_F(Pacer, RandomPrograms) {
  Random r(testSeed() + 13);
  for (int round = 0; round < 100; round++) {
    const int32_t percents[] = {10, 50, 100, 100, 200, 800};
    const int32_t percent = percents[r.below(6)];
    resetCollector(int32_t(1 + r.below(16)), percent, -1);
    Program p{kMB << r.below(10), double(1 + r.below(100)) / 100, double(1 + r.below(300)) / 100, 8192};
    int64_t now = 1;
    for (int cycle = 0; cycle < 12; cycle++) {
      if (r.below(4) == 0) p.live = std::max<uint64_t>(p.live * (50 + r.below(150)) / 100, kMB);
      if (r.below(6) == 0) p.scannable = double(1 + r.below(100)) / 100;
      const uint64_t marked = gcController.heapMarked;
      const Cycle c = runCycle(p, &now);
      const uint64_t byPercent = std::max(marked + marked * uint64_t(percent) / 100, 4 * kMB * uint64_t(percent) / 100);
      ASSERT_EQ(c.goal, byPercent) << "round " << round << " cycle " << cycle;
      ASSERT_LE(c.trigger, c.goal);
      if (marked < c.goal) {
        const double way = double(c.trigger - marked) / double(c.goal - marked);
        ASSERT_GE(way, 0.699);
        if (c.goal <= 8 * kMB) {
          ASSERT_LE(way, 0.951);
        }
      }
      ASSERT_LE(c.end, c.goal + c.goal / 10 + (64 << 10) + 4 * p.chunk) << "round " << round << " cycle " << cycle;
    }
  }
}

// In a steady state the trigger finds its place: assists do next to nothing.
TEST_F(Pacer, SteadyProgramsNeedNoAssists) {
  resetCollector(4, 100, -1);
  const Program p{256 * kMB, 0.9, 0.1, 8192};
  int64_t now = 1;
  Cycle c{};
  for (int cycle = 0; cycle < 20; cycle++) c = runCycle(p, &now);
  EXPECT_LT(c.assisted, 0.1);
  EXPECT_GT(c.end, c.goal - c.goal / 5);
}

TEST_F(Pacer, OffMeansNever) {
  resetCollector(2, -1, -1);
  uint64_t goal;
  EXPECT_GT(gcController.trigger(&goal), uint64_t{1} << 63);
}

// The settings of mheap_'s figures, put back afterwards: the limit's goal reads them.
struct HeapFigures {
  uint64_t inUse = mheap_.stats.heapInUse.load(), free = mheap_.stats.heapFree.load();
  ~HeapFigures() { set(inUse, free); }
  static void set(uint64_t use, uint64_t free) {
    mheap_.stats.heapInUse.store(use);
    mheap_.stats.heapFree.store(free);
  }
};

TEST_F(Pacer, LimitSetsTheGoal) {
  HeapFigures figures;
  resetCollector(2, -1, int64_t(100 * kMB));
  gcController.heapLive.store(40 * kMB);
  HeapFigures::set(42 * kMB, 3 * kMB);
  const HeapStats& h = mheap_.stats;
  const uint64_t besides = h.stacksInUse.load() + h.gcMiscSys.load() + h.otherSys.load() + h.mspanSys.load() +
                           h.mcacheSys.load() + h.buckHashSys.load() + 2 * kMB;
  const uint64_t room = 100 * kMB - besides;
  EXPECT_EQ(gcController.heapGoal(), room - std::max(room / 100 * 3, kMB));
  // More is in use than the limit allows for: collect as soon as there is anything to be found.
  HeapFigures::set(500 * kMB, 0);
  gcController.heapMarked = 30 * kMB;
  EXPECT_EQ(gcController.heapGoal(), 30 * kMB);
}

// Garbage that waits to be swept is not yet room: the goal rises as it is swept, and does not pass the limit before.
TEST_F(Pacer, SweepingRaisesTheLimitsGoal) {
  HeapFigures figures;
  resetCollector(2, -1, int64_t(100 * kMB));
  gcController.heapLive.store(60 * kMB);
  gcController.resetLive(20 * kMB);
  gcController.commit();
  uint64_t last = 0;
  for (uint64_t swept = 0; swept <= 40; swept += 10) {
    HeapFigures::set((60 - swept) * kMB, swept * kMB);
    const uint64_t goal = gcController.heapGoal();
    EXPECT_GT(goal, last);
    EXPECT_LT(goal + (40 - swept) * kMB, 100 * kMB);
    last = goal;
  }
}

}  // namespace
}  // namespace burrow::rt
