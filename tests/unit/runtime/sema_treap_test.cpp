// The waiters of semaphores against a model: a map of lists. First come, first served per address, lifo in front.
#include "sched/sema_treap.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <deque>
#include <map>
#include <vector>

namespace {

struct Waiter {
  Waiter *next = nullptr, *prev = nullptr, *parent = nullptr, *waitlink = nullptr, *waittail = nullptr;
  void* elem = nullptr;
  uint32_t ticket = 0;
};
using Treap = burrow::rt::SemaTreap<Waiter>;

// In order by address, a heap by ticket, back links right; returns the number of nodes.
size_t check(const Waiter* t, const Waiter* parent, uintptr_t low, uintptr_t high) {
  if (t == nullptr) return 0;
  EXPECT_EQ(t->parent, parent);
  EXPECT_NE(t->ticket, 0u);
  if (parent != nullptr) EXPECT_GE(t->ticket, parent->ticket);
  EXPECT_GT(uintptr_t(t->elem), low);
  EXPECT_LT(uintptr_t(t->elem), high);
  return 1 + check(t->prev, t, low, uintptr_t(t->elem)) + check(t->next, t, uintptr_t(t->elem), high);
}

TEST(SemaTreap, AgreesWithAModel) {
  unsigned seed = unsigned(std::time(nullptr));
  if (const char* s = std::getenv("BURROW_TEST_SEED")) seed = unsigned(std::atoi(s));
  SCOPED_TRACE("BURROW_TEST_SEED=" + std::to_string(seed));
  unsigned state = seed;
  static uint32_t semaphores[300];
  std::vector<Waiter> waiters(1000);
  std::vector<Waiter*> free;
  for (auto& w : waiters) free.push_back(&w);
  std::map<void*, std::deque<Waiter*>> model;
  Treap treap;
  for (int step = 0; step < 50000; step++) {
    void* addr = &semaphores[rand_r(&state) % 300];
    auto& queue = model[addr];
    if (rand_r(&state) % 2 == 0 && !free.empty()) {
      Waiter* w = free.back();
      free.pop_back();
      const bool lifo = rand_r(&state) % 4 == 0;
      treap.queue(w, addr, lifo, uint32_t(rand_r(&state)));
      lifo ? queue.push_front(w) : queue.push_back(w);
    } else {
      Waiter* w = treap.dequeue(addr);
      if (queue.empty()) {
        ASSERT_EQ(w, nullptr);
        continue;
      }
      ASSERT_EQ(w, queue.front());
      EXPECT_EQ(w->ticket, 0u);
      EXPECT_EQ(w->waitlink, nullptr);
      queue.pop_front();
      free.push_back(w);
    }
    if (step % 100 == 0) {
      size_t nodes = 0;
      for (auto& q : model) nodes += !q.second.empty();
      ASSERT_EQ(check(treap.root, nullptr, 0, ~uintptr_t(0)), nodes);
    }
  }
}

}  // namespace
