// The limiter of the collector's CPU time against its definition in exact numbers, and in the situations that it is for.
#include "gc/limiter.h"

#include <algorithm>

#include "host_env.h"

namespace burrow::rt {
namespace {

constexpr int64_t kMillisecond = 1000 * 1000, kSecond = 1000 * kMillisecond;

TEST(Limiter, RandomAgainstModel) {
  Random r(testSeed() + 11);
  for (int round = 0; round < 200; round++) {
    GcCpuLimiter limiter{};
    const int64_t procs = int64_t(1 + r.below(16));
    int64_t now = int64_t(1 + r.below(1000)) * kSecond, fill = 0;
    limiter.update(now, GcCpuLimiter::Off, procs, 0, 1);
    uint32_t lastFull = 0;
    bool full = false;
    for (uint32_t step = 2; step < 300; step++) {
      // Multiples of 4 ns, so that quarters are exact.
      const int64_t window = int64_t(r.below(uint64_t(100 * kMillisecond)) & ~uint64_t{3});
      const int64_t idle = int64_t(r.below(uint64_t(procs) + 1));
      const GcCpuLimiter::Share shares[] = {GcCpuLimiter::Off, GcCpuLimiter::Marking, GcCpuLimiter::Marking,
                                            GcCpuLimiter::Stopped};
      const GcCpuLimiter::Share share = shares[r.below(4)];
      const int64_t assist = r.below(2) ? int64_t(r.below(uint64_t(window) + 1)) : 0;
      const int64_t idleMark = r.below(3) ? 0 : int64_t(r.below(uint64_t(window) + 1));
      now += window;
      limiter.assistTime.xadd(assist);
      limiter.idleMarkTime.xadd(idleMark);
      limiter.update(now, share, procs, idle, step);
      if (window > 0) {
        const int64_t collector = window * procs * share / 4 + assist;
        const int64_t program = std::max<int64_t>(window * procs - idle * window - idleMark - collector, 0);
        fill = std::clamp<int64_t>(fill + collector - program, 0, procs * kSecond);
        if (fill == procs * kSecond && !full) lastFull = step;
        full = fill == procs * kSecond;
      }
      ASSERT_EQ(limiter.fill, fill) << "round " << round << " step " << step;
      ASSERT_EQ(limiter.limiting(), full);
      ASSERT_EQ(limiter.lastFullCycle, lastFull);
    }
  }
}

TEST(Limiter, BackgroundMarkingAloneNeverLimits) {
  GcCpuLimiter limiter{};
  int64_t now = kSecond;
  for (int i = 0; i < 10000; i++) limiter.update(now += 10 * kMillisecond, GcCpuLimiter::Marking, 4, 0, 1);
  EXPECT_FALSE(limiter.limiting());
  EXPECT_EQ(limiter.fill, 0);
}

TEST(Limiter, AllTimeOfTheCollectorsLimitsAfterASecond) {
  GcCpuLimiter limiter{};
  int64_t now = kSecond;
  limiter.update(now, GcCpuLimiter::Off, 2, 0, 7);
  for (int i = 0; i < 99; i++) limiter.update(now += 10 * kMillisecond, GcCpuLimiter::Stopped, 2, 0, 7);
  EXPECT_FALSE(limiter.limiting());
  limiter.update(now += 10 * kMillisecond, GcCpuLimiter::Stopped, 2, 0, 7);
  EXPECT_TRUE(limiter.limiting());
  EXPECT_EQ(limiter.lastFullCycle, 7u);
  limiter.update(now += kMillisecond, GcCpuLimiter::Off, 2, 0, 8);
  EXPECT_FALSE(limiter.limiting());
}

// Many Ps of which one is used: what nobody wanted is not the program's time, or the limiter would never see a spiral.
TEST(Limiter, IdleTimeIsNotTheProgrammes) {
  GcCpuLimiter limiter{};
  int64_t now = kSecond;
  limiter.update(now, GcCpuLimiter::Off, 32, 31, 1);
  for (int i = 0; i < 400 && !limiter.limiting(); i++) {
    limiter.assistTime.xadd(9 * kMillisecond);
    limiter.update(now += 10 * kMillisecond, GcCpuLimiter::Marking, 32, 31, 1);
  }
  EXPECT_TRUE(limiter.limiting());
}

}  // namespace
}  // namespace burrow::rt
