// The timer heap against a model: a multimap of times. Order, removal from anywhere, changes of time, growth.
#include "timer/timer_heap.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <map>
#include <vector>

namespace {

struct FakeTimer {
  uint32_t heapIndex = 0;
  uint32_t tie = 0;
  int64_t when = 0;  // 0: not in the heap
};
struct HostMemory {
  static void* alloc(size_t n) { return std::malloc(n); }
  static void free(void* p, size_t) { std::free(p); }
};
using Heap = burrow::rt::TimerHeap<FakeTimer, HostMemory>;

TEST(TimerHeap, PopsInOrderOfTimeThenTie) {
  Heap h;
  FakeTimer t[6];
  const int64_t when[6] = {50, 10, 30, 10, 20, 10};
  const uint32_t tie[6] = {0, 2, 0, 1, 0, 3};
  for (int i = 0; i < 6; i++) {
    t[i].tie = tie[i];
    h.push(&t[i], when[i]);
    ASSERT_TRUE(h.valid());
  }
  EXPECT_EQ(h.minWhen(), 10);
  for (int i : {3, 1, 5, 4, 2, 0}) EXPECT_EQ(h.popMin(), &t[i]);
  EXPECT_EQ(h.minWhen(), 0);
  h.clear();
}

TEST(TimerHeap, AgreesWithAModel) {
  unsigned seed = unsigned(std::time(nullptr));
  if (const char* s = std::getenv("BURROW_TEST_SEED")) seed = unsigned(std::atoi(s));
  SCOPED_TRACE("BURROW_TEST_SEED=" + std::to_string(seed));
  unsigned state = seed;
  auto random = [&](int n) { return rand_r(&state) % n; };
  Heap h;
  std::vector<FakeTimer> timers(2000);
  std::multimap<int64_t, FakeTimer*> model;
  auto forget = [&](FakeTimer* t) {
    auto range = model.equal_range(t->when);
    for (auto it = range.first; it != range.second; ++it)
      if (it->second == t) {
        model.erase(it);
        break;
      }
    t->when = 0;
  };
  for (int step = 0; step < 60000; step++) {
    FakeTimer* t = &timers[size_t(random(int(timers.size())))];
    const int64_t when = 1 + random(500);
    switch (random(4)) {
      case 0:
        if (model.empty()) break;
        t = h.popMin();
        ASSERT_EQ(t->when, model.begin()->first);
        forget(t);
        break;
      case 1:
        if (t->when == 0) break;
        h.remove(t->heapIndex);
        forget(t);
        break;
      default:
        if (t->when == 0) {
          h.push(t, when);
        } else {
          h.update(t->heapIndex, when);
          forget(t);
        }
        t->when = when;
        model.emplace(when, t);
    }
    ASSERT_EQ(h.minWhen(), model.empty() ? 0 : model.begin()->first);
    if (step % 500 == 0) {
      ASSERT_TRUE(h.valid());
    }
  }
  h.clear();
}

}  // namespace
