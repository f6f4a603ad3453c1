// The scheduler's lock-free parts under every interleaving of their atomic operations, within bounds.
//
// `Explorer` runs a few threads one at a time: each stops before every atomic operation, and who goes on is a decision. It tries all
// sequences of decisions by depth-first search: a run follows the decisions so far, then always the first choice; afterwards the last
// decision that has another choice takes it. Switching away from a thread that could go on is a preemption, and only so many of them
// are tried in one run: errors need few. The operations are sequentially consistent here, so what this finds is
// wrong order, not missing fences; ThreadSanitizer runs the same structures for those.
//
// The run queue is the real one, compiled with an atomic cell that asks the explorer first. The waking protocol is written down
// again, as small as it is in schedule.cpp's comment: there it is spread over functions that stop threads.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "base/atomic.h"

namespace {

class Explorer {
 public:
  Explorer(int preemptions) : bound_(preemptions) {}

  // make: a run's threads; check: looks at what they did, and returns what is wrong.
  void explore(const std::function<std::vector<std::function<void()>>()>& make, const std::function<std::string()>& check) {
    for (;;) {
      run(make());
      runs_++;
      std::string wrong = check();
      if (!wrong.empty()) {
        std::string order;
        for (const Decision& d : decisions_) order += std::to_string(d.choices[d.taken]);
        FAIL() << wrong << " when threads go on in the order " << order;
      }
      while (!decisions_.empty() && decisions_.back().taken + 1 == decisions_.back().choices.size()) decisions_.pop_back();
      if (decisions_.empty()) return;
      decisions_.back().taken++;
    }
  }
  int runs() const { return runs_; }

  // Before an atomic operation of one of the threads.
  void point() {
    if (current < 0) return;
    const int me = current;
    const int next = decide(me);
    if (next == me) return;
    current = next;
    turns_[next]->release();
    turns_[me]->acquire();
  }
  int current = -1;

 private:
  struct Decision {
    std::vector<int> choices;
    size_t taken;
  };

  // Who goes on; me < 0: the one that ran has ended.
  int decide(int me) {
    std::vector<int> choices;
    if (me >= 0) choices.push_back(me);
    if (me < 0 || preempted_ < bound_) {
      for (int i = 0; i < int(alive_.size()); i++)
        if (alive_[i] && i != me) choices.push_back(i);
    }
    if (choices.empty()) return -1;
    int chosen = choices[0];
    if (choices.size() > 1) {
      if (step_ == decisions_.size()) decisions_.push_back({choices, 0});
      chosen = decisions_[step_].choices[decisions_[step_].taken];
      step_++;
    }
    if (me >= 0 && chosen != me) preempted_++;
    return chosen;
  }

  void run(std::vector<std::function<void()>> bodies) {
    const int n = int(bodies.size());
    alive_.assign(size_t(n), true);
    turns_.clear();
    for (int i = 0; i < n; i++) turns_.push_back(std::make_unique<std::binary_semaphore>(0));
    step_ = 0;
    preempted_ = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < n; i++) {
      threads.emplace_back([this, i, &bodies] {
        turns_[size_t(i)]->acquire();
        bodies[size_t(i)]();
        alive_[size_t(i)] = false;
        current = decide(-1);
        if (current >= 0) turns_[size_t(current)]->release();
      });
    }
    current = decide(-1);
    turns_[size_t(current)]->release();
    for (std::thread& t : threads) t.join();
    current = -1;
  }

  int bound_, preempted_ = 0, runs_ = 0;
  size_t step_ = 0;
  std::vector<Decision> decisions_;
  std::vector<char> alive_;
  std::vector<std::unique_ptr<std::binary_semaphore>> turns_;
};

Explorer* explorer;
void point() {
  if (explorer != nullptr) explorer->point();
}

}  // namespace

namespace burrow::rt {

// Atomic (base/atomic.h) with a decision before each operation.
template <class T>
struct ModelAtomic {
  T value{};
  T load() const { return point(), value; }
  T loadAcquire() const { return point(), value; }
  T loadRelaxed() const { return point(), value; }
  void store(T v) { point(), value = v; }
  void storeRelease(T v) { point(), value = v; }
  void storeRelaxed(T v) { point(), value = v; }
  bool cas(T old, T v) {
    point();
    if (value != old) return false;
    value = v;
    return true;
  }
  bool casRelease(T old, T v) { return cas(old, v); }
  T xchg(T v) {
    point();
    T old = value;
    value = v;
    return old;
  }
  T xadd(T d) { return point(), value += d; }
};

}  // namespace burrow::rt

#define Atomic ModelAtomic
#define RunQueue ModelRunQueue
#include "sched/runq.h"
#undef Atomic
#undef RunQueue

namespace {

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
        return std::vector<std::function<void()>>{
            [&] {
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
        return std::vector<std::function<void()>>{
            [&] {
              if (int* old = q->setNext(&taken->items[1])) EXPECT_TRUE(q->push(old));
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
