// Work buffers: what one P puts in comes out once, here or at another P, whatever is balanced, handed off and disposed of meanwhile.
// Against a count of each object on one thread, and with several threads that take from each other.
#include "gc/workbuf.h"

#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include "host_gc.h"

namespace burrow::rt {
namespace {

class WorkBufs : public ::testing::Test {
 protected:
  void SetUp() override {
    initRuntime();
    resetCollector(2, 100, -1);
  }
};

TEST_F(WorkBufs, RandomAgainstModel) {
  Random r(testSeed() + 12);
  constexpr unsigned kPs = 3;
  GcWork ps[kPs] = {};
  std::map<uintptr_t, int> objects, spans;  // put and not yet got
  uint64_t next = 0x1000;
  uint64_t putWork = 0;
  const int64_t scanBefore = gcController.heapScanWork.load();
  auto got = [&](std::map<uintptr_t, int>& all, uintptr_t v) {
    auto it = all.find(v);
    ASSERT_NE(it, all.end()) << "got " << v << ", which is not there";
    if (--it->second == 0) all.erase(it);
  };
  for (int step = 0; step < 200000; step++) {
    GcWork* w = &ps[r.below(kPs)];
    // In waves, so that buffers run full and empty.
    const bool filling = step / 3000 % 2 == 0;
    switch (r.below(40)) {
      case 0: gcwBalance(w); break;
      case 1:
        if (r.below(10) == 0) {
          gcwDispose(w);
          ASSERT_TRUE(gcwEmpty(w));
        }
        break;
      default:
        if (r.below(100) < (filling ? 60 : 40)) {
          // The same object may be there twice: who greys it twice scans it twice.
          const uintptr_t v = r.below(20) ? next += 8 : next;
          if (r.below(2)) {
            gcwPut(w, v);
            objects[v]++;
          } else {
            gcwPutSpan(w, reinterpret_cast<MSpan*>(v));
            spans[v]++;
          }
          w->heapScanWork += 3;
          putWork += 3;
          ASSERT_FALSE(gcwEmpty(w));
        } else if (r.below(2)) {
          if (const uintptr_t v = gcwTryGet(w)) {
            got(objects, v);
          } else {
            ASSERT_TRUE(workPool.full.empty());
          }
        } else if (MSpan* s = gcwGetSpan(w)) {
          got(spans, uintptr_t(s));
        } else {
          ASSERT_EQ(workPool.spanBufs.load(), 0u);
        }
    }
    if (HasFatalFailure()) return;
  }
  // One P after the other gives all it has; the last takes everything.
  for (GcWork& w : ps) gcwDispose(&w);
  while (const uintptr_t v = gcwTryGet(&ps[0])) got(objects, v);
  while (MSpan* s = gcwGetSpan(&ps[0])) got(spans, uintptr_t(s));
  gcwDispose(&ps[0]);
  EXPECT_TRUE(objects.empty());
  EXPECT_TRUE(spans.empty());
  EXPECT_TRUE(workPool.full.empty());
  EXPECT_EQ(workPool.spanBufs.load(), 0u);
  EXPECT_EQ(uint64_t(gcController.heapScanWork.load() - scanBefore), putWork);
  // All buffers are back.
  uint64_t empty = 0;
  for (LFNode* n = workPool.empty.first(); n != nullptr; n = LFStack::nextOf(n)) empty++;
  EXPECT_EQ(empty, workPool.made.load());
}

TEST_F(WorkBufs, SpansComeInTheOrderTheyWerePutIn) {
  GcWork w{};
  for (uintptr_t i = 1; i <= 3 * kWorkbufEntries; i++) gcwPutSpan(&w, reinterpret_cast<MSpan*>(i * 8));
  for (uintptr_t i = 1; i <= 3 * kWorkbufEntries; i++) ASSERT_EQ(uintptr_t(gcwGetSpan(&w)), i * 8);
  EXPECT_EQ(gcwGetSpan(&w), nullptr);
  gcwDispose(&w);
}

TEST_F(WorkBufs, ThreadsShare) {
  constexpr unsigned kThreads = 4;
  constexpr uint64_t kEach = 60000;
  std::vector<std::atomic<uint8_t>> seen(kThreads * kEach * 2);
  std::atomic<uint64_t> left{kThreads * kEach * 2};
  const uint64_t seed = testSeed();
  auto run = [&](unsigned id) {
    Random r(seed + 100 + id);
    GcWork w{};
    uint64_t put = 0;
    auto take = [&](uintptr_t v) {
      ASSERT_EQ(seen[v / 8 - 1].fetch_add(1), 0) << "twice";
      left--;
    };
    while (left.load() != 0) {
      if (put < kEach && r.below(100) < 55) {
        const uintptr_t v = (id * kEach + put++) * 2;
        gcwPut(&w, (v + 1) * 8);
        gcwPutSpan(&w, reinterpret_cast<MSpan*>((v + 2) * 8));
        continue;
      }
      bool any = false;
      if (const uintptr_t v = gcwTryGet(&w)) {
        take(v);
        any = true;
      }
      if (MSpan* s = gcwGetSpan(&w)) {
        take(uintptr_t(s));
        any = true;
      }
      if (r.below(50) == 0) gcwBalance(&w);
      if (!any) {
        gcwDispose(&w);
        std::this_thread::yield();
      }
    }
    gcwDispose(&w);
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; i++) threads.emplace_back(run, i);
  for (auto& t : threads) t.join();
  for (auto& s : seen) ASSERT_EQ(s.load(), 1);
}

}  // namespace
}  // namespace burrow::rt
