// The run queue against a model: one owner, several thieves, every item taken exactly once. Meant for ThreadSanitizer too.
#include "sched/runq.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <vector>

using burrow::rt::RunQueue;

namespace {

struct Item {
  std::atomic<int> taken{0};
};

TEST(RunQueue, OwnerSeesFifoOrder) {
  static RunQueue<Item, 8> q;
  Item items[8];
  for (auto& i : items) ASSERT_TRUE(q.push(&i));
  EXPECT_FALSE(q.push(&items[0]));
  EXPECT_EQ(q.size(), 8u);
  bool inherits = true;
  for (auto& i : items) {
    EXPECT_EQ(q.pop(inherits), &i);
    EXPECT_FALSE(inherits);
  }
  EXPECT_EQ(q.pop(inherits), nullptr);
  EXPECT_TRUE(q.empty());
}

TEST(RunQueue, NextRunsFirstAndInherits) {
  static RunQueue<Item, 8> q;
  Item a, b, c;
  q.push(&a);
  EXPECT_EQ(q.setNext(&b), nullptr);
  EXPECT_EQ(q.setNext(&c), &b);
  EXPECT_FALSE(q.empty());
  bool inherits = false;
  EXPECT_EQ(q.pop(inherits), &c);
  EXPECT_TRUE(inherits);
  EXPECT_EQ(q.pop(inherits), &a);
  EXPECT_FALSE(inherits);
}

TEST(RunQueue, FullQueueGivesTheOlderHalf) {
  static RunQueue<Item, 8> q;
  Item items[8];
  for (auto& i : items) q.push(&i);
  Item* batch[4];
  ASSERT_TRUE(q.takeHalfOfFull(batch));
  for (int i = 0; i < 4; i++) EXPECT_EQ(batch[i], &items[i]);
  EXPECT_EQ(q.size(), 4u);
  EXPECT_FALSE(q.takeHalfOfFull(batch));
}

TEST(RunQueue, ThievesTakeHalf) {
  static RunQueue<Item, 8> q;
  Item items[5];
  for (auto& i : items) q.push(&i);
  Item* batch[4];
  EXPECT_EQ(q.grab(batch), 3u);
  EXPECT_EQ(q.grab(batch), 1u);
  EXPECT_EQ(q.grab(batch), 1u);
  EXPECT_EQ(q.grab(batch), 0u);
}

// The counters wrap around.
TEST(RunQueue, CountersWrap) {
  static RunQueue<Item, 8> q;
  q.head.store(~0u - 3);
  q.tail.store(~0u - 3);
  Item items[8];
  bool inherits;
  for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 6; i++) ASSERT_TRUE(q.push(&items[i]));
    EXPECT_EQ(q.size(), 6u);
    for (int i = 0; i < 6; i++) EXPECT_EQ(q.pop(inherits), &items[i]);
  }
}

TEST(RunQueue, EverythingIsTakenOnce) {
  constexpr int kItems = 200000, kThieves = 3;
  unsigned seed = unsigned(std::time(nullptr));
  if (const char* s = std::getenv("BURROW_TEST_SEED")) seed = unsigned(std::atoi(s));
  RecordProperty("seed", int(seed));
  SCOPED_TRACE("BURROW_TEST_SEED=" + std::to_string(seed));
  static RunQueue<Item, 64> q;
  std::vector<Item> items(kItems);
  std::atomic<bool> done{false};
  std::atomic<int> taken{0};
  auto take = [&](Item* i) {
    i->taken.fetch_add(1);
    taken.fetch_add(1);
  };
  std::vector<std::thread> thieves;
  for (int t = 0; t < kThieves; t++) {
    thieves.emplace_back([&, t] {
      unsigned state = seed + unsigned(t);
      Item* batch[32];
      while (!done.load()) {
        uint32_t n = q.grab(batch);
        for (uint32_t i = 0; i < n; i++) take(batch[i]);
        if (rand_r(&state) % 4 == 0)
          if (Item* i = q.grabNext()) take(i);
        if (n == 0) std::this_thread::yield();
      }
    });
  }
  unsigned state = seed;
  for (int i = 0; i < kItems;) {
    bool inherits;
    Item* item = &items[size_t(i)];
    switch (rand_r(&state) % 4) {
      case 0:
        if (Item* got = q.pop(inherits)) take(got);
        break;
      case 1: {
        Item* old = q.setNext(item);
        i++;
        if (old) take(old);
        break;
      }
      default:
        if (q.push(item)) {
          i++;
        } else {
          Item* batch[32];
          if (q.takeHalfOfFull(batch))
            for (auto* b : batch) take(b);
        }
    }
  }
  bool inherits;
  while (taken.load() < kItems)
    if (Item* got = q.pop(inherits)) take(got);
  done.store(true);
  for (auto& t : thieves) t.join();
  for (auto& i : items) ASSERT_EQ(i.taken.load(), 1);
  EXPECT_TRUE(q.empty());
}

}  // namespace
