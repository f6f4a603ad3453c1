// The scheduler's lock-free parts under every interleaving of their atomic operations, within bounds (explorer.h).
//
// The run queue is the real one, compiled with an atomic cell that asks the explorer first. The waking protocol is written down
// again, as small as it is in schedule.cpp's comment: there it is spread over functions that stop threads.
#include "explorer.h"

#define Atomic ModelAtomic
#define RunQueue ModelRunQueue
#include "sched/runq.h"
#undef Atomic
#undef RunQueue

namespace {

using burrow::rt::Explorer;
using burrow::rt::explorer;
using burrow::rt::ModelAtomic;
using Queue = burrow::rt::ModelRunQueue<int, 4>;

// What the threads took, and what must come out: every item once.
struct Taken {
  int items[16] = {};
  int count[16] = {};
  Taken() {
    for (int i = 0; i < 16; i++) items[i] = i;
  }
  void take(int* p) { count[p - items]++; }
  std::string wrong(int from, int to) const {
    for (int i = from; i < to; i++)
      if (count[i] != 1) return "item " + std::to_string(i) + " came out " + std::to_string(count[i]) + " times";
    return "";
  }
};

// The owner queues three, readies one as the next, and takes what it gets; thieves take halves and the next one.
TEST(SchedModel, RunQueueGivesEachGoroutineOnce) {
  for (int thieves = 1; thieves <= 2; thieves++) {
    Explorer e(thieves == 1 ? 3 : 2);
    explorer = &e;
    std::unique_ptr<Queue> q;
    std::unique_ptr<Taken> taken;
    auto steal = [&] {
      int* batch[2];
      const uint32_t n = q->grab(batch);
      for (uint32_t i = 0; i < n; i++) taken->take(batch[i]);
      if (n == 0)
        if (int* p = q->grabNext()) taken->take(p);
    };
    e.explore(
        [&] {
          q = std::make_unique<Queue>();
          taken = std::make_unique<Taken>();
          std::vector<std::function<void()>> threads;
          threads.push_back([&] {
            for (int i = 0; i < 3; i++) EXPECT_TRUE(q->push(&taken->items[i]));
            if (int* old = q->setNext(&taken->items[3])) taken->take(old);
            bool inherits;
            while (int* p = q->pop(inherits)) taken->take(p);
          });
          for (int i = 0; i < thieves; i++) threads.push_back(steal);
          return threads;
        },
        [&] { return taken->wrong(0, 4); });
    explorer = nullptr;
    RecordProperty("runs", e.runs());
    EXPECT_GT(e.runs(), 100);
  }
}

// The ring is full: the owner moves half away while somebody steals.
TEST(SchedModel, RunQueueOverflow) {
  Explorer e(3);
  explorer = &e;
  std::unique_ptr<Queue> q;
  std::unique_ptr<Taken> taken;
  e.explore(
      [&] {
        q = std::make_unique<Queue>();
        taken = std::make_unique<Taken>();
        return std::vector<std::function<void()>>{[&] {
                                                    for (int i = 0; i < 6; i++) {
                                                      while (!q->push(&taken->items[i])) {
                                                        int* batch[2];
                                                        if (!q->takeHalfOfFull(batch)) continue;
                                                        for (int* p : batch) taken->take(p);
                                                        taken->take(&taken->items[i]);
                                                        break;
                                                      }
                                                    }
                                                    bool inherits;
                                                    while (int* p = q->pop(inherits)) taken->take(p);
                                                  },
                                                  [&] {
                                                    int* batch[2];
                                                    const uint32_t n = q->grab(batch);
                                                    for (uint32_t i = 0; i < n; i++) taken->take(batch[i]);
                                                  }};
      },
      [&] { return taken->wrong(0, 6); });
  explorer = nullptr;
  EXPECT_GT(e.runs(), 100);
}

// empty() says true only if it was so at some moment: the one item moves from runnext to the ring and is always somewhere.
TEST(SchedModel, RunQueueEmptyIsNeverSaidOfAQueueWithWork) {
  Explorer e(6);
  explorer = &e;
  std::unique_ptr<Queue> q;
  std::unique_ptr<Taken> taken;
  bool saidEmpty = false;
  e.explore(
      [&] {
        saidEmpty = false;
        q = std::make_unique<Queue>();
        taken = std::make_unique<Taken>();
        q->runnext.value = &taken->items[0];
        return std::vector<std::function<void()>>{[&] {
                                                    if (int* old = q->setNext(&taken->items[1])) {
                                                      EXPECT_TRUE(q->push(old));
                                                    }
                                                  },
                                                  [&] { saidEmpty = q->empty(); }};
      },
      [&] { return std::string(saidEmpty ? "empty() is true" : ""); });
  explorer = nullptr;
}

// Enough threads are awake: who submits work makes it visible, then looks whether somebody spins; a spinner that gives up stops
// counting as one, then looks at the work once more. In the end no work may lie around while nobody is on the way to it.
struct Waking {
  ModelAtomic<int> work, spinning, idle;
  int woken = 0, found = 0;

  void submit() {
    work.xadd(1);
    if (idle.load() != 0 && spinning.load() == 0 && spinning.cas(0, 1)) woken++;  // startm
  }
  bool take() {
    for (;;) {
      const int n = work.load();
      if (n == 0) return false;
      if (work.cas(n, n - 1)) {
        found++;
        return true;
      }
    }
  }
  // A spinning thread: one look, then it gives up. `order`: the right one, or the look before the count, which loses wake-ups.
  void spin(bool rightOrder) {
    if (take()) return stopSpinningWithWork();
    if (rightOrder) {
      idle.xadd(1);  // the P goes to the idle ones
      spinning.xadd(-1);
      if (work.load() != 0 && take()) idle.xadd(-1);
    } else {
      idle.xadd(1);
      const bool more = work.load() != 0 && take();
      spinning.xadd(-1);
      if (more) idle.xadd(-1);
    }
  }
  void stopSpinningWithWork() { spinning.xadd(-1); }
};

int lostWakeups(bool rightOrder) {
  Explorer e(5);
  explorer = &e;
  std::unique_ptr<Waking> w;
  int lost = 0;
  e.explore(
      [&] {
        w = std::make_unique<Waking>();
        w->spinning.value = 1;
        return std::vector<std::function<void()>>{[&] { w->spin(rightOrder); }, [&] { w->submit(); }};
      },
      [&] {
        if (w->work.value != 0 && w->woken == 0) lost++;
        return std::string();
      });
  explorer = nullptr;
  return lost;
}

TEST(SchedModel, NoWakeupIsLost) { EXPECT_EQ(lostWakeups(true), 0); }
// The explorer finds the error that the order is there to prevent.
TEST(SchedModel, WrongOrderLosesWakeups) { EXPECT_GT(lostWakeups(false), 0); }

// The network: who sets a timer puts it into the heap, then looks whether a thread sleeps in netpoll, and for how long; if none does
// it wakes a thread that looks at all timers. Who goes to sleep there has looked at the heaps, says so, and then until when.
// (minWhen, lastpoll, pollUntil in schedule.cpp and wakeNetPoller.)
struct Polling {
  ModelAtomic<int> minWhen, lastpoll{1}, pollUntil;
  bool woken = false;
  int sleptUntil = -1;

  void setTimer(int when) {
    minWhen.store(when);
    if (lastpoll.load() == 0) {
      const int until = pollUntil.load();
      if (until == 0 || until > when) woken = true;  // netpollBreak: also a sleep that only begins sees it
    } else {
      woken = true;  // wakep
    }
  }
  void sleep() {
    const int until = minWhen.load();
    lastpoll.store(0);
    pollUntil.store(until);
    sleptUntil = until;
  }
};

int lateTimers(int earlier) {
  Explorer e(6);
  explorer = &e;
  std::unique_ptr<Polling> p;
  int late = 0;
  e.explore(
      [&] {
        p = std::make_unique<Polling>();
        p->minWhen.value = earlier;
        return std::vector<std::function<void()>>{[&] { p->sleep(); }, [&] { p->setTimer(5); }};
      },
      [&] {
        // Asleep for longer than until the timer, and nobody rings.
        if ((p->sleptUntil == 0 || p->sleptUntil > 5) && !p->woken) late++;
        return std::string();
      });
  explorer = nullptr;
  return late;
}

TEST(SchedModel, NoTimerIsSleptOver) {
  EXPECT_EQ(lateTimers(0), 0);  // there was none before
  EXPECT_EQ(lateTimers(9), 0);  // there was a later one
}

}  // namespace
