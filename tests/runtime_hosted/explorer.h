// Runs a few threads in every order of their atomic operations, within bounds.
//
// `Explorer` runs the threads one at a time: each stops before every atomic operation, and who goes on is a decision. It tries all
// sequences of decisions by depth-first search: a run follows the decisions so far, then always the first choice; afterwards the last
// decision that has another choice takes it. Switching away from a thread that could go on is a preemption, and only so many of them
// are tried in one run: errors need few. The operations are sequentially consistent here, so what this finds is
// wrong order, not missing fences; ThreadSanitizer runs the same structures for those.
//
// A thread that waits (for a lock, for a note) is no choice until what it waits for has come. When all that are left wait, the run is
// stuck: it is given up, and they run to their ends one after the other without waiting, so that the next run can begin.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "base/atomic.h"

namespace burrow::rt {

class Explorer {
 public:
  explicit Explorer(int preemptions) : bound_(preemptions) {}
  ~Explorer() {
    quit_ = true;
    for (auto& turn : turns_) turn->release();
    for (std::thread& t : threads_) t.join();
  }

  // make: a run's threads; check: looks at what they did, and returns what is wrong.
  void explore(const std::function<std::vector<std::function<void()>>()>& make,
               const std::function<std::string()>& check) {
    for (;;) {
      run(make());
      runs_++;
      std::string wrong = check();
      if (!wrong.empty()) {
        std::string order;
        for (const Decision& d : decisions_) order += std::to_string(d.choices[d.taken]);
        FAIL() << wrong << " when threads go on in the order " << order;
      }
      while (!decisions_.empty() && decisions_.back().taken + 1 == decisions_.back().choices.size())
        decisions_.pop_back();
      if (decisions_.empty()) return;
      decisions_.back().taken++;
    }
  }
  int runs() const { return runs_; }
  // The last run was given up: everybody waited.
  bool stuck() const { return stuck_; }

  // Before an atomic operation of one of the threads.
  void point() {
    if (current < 0 || stuck_) return;
    const int me = current;
    const int next = decide(me);
    if (next != me) change(me, next);
  }

  // Until ready() holds: from then on to the thread's next operation nobody else does anything.
  void wait(const std::function<bool()>& ready) {
    point();
    if (stuck_ || ready()) return;
    const int me = current;
    waits_[size_t(me)] = &ready;
    const int next = decide(-1);
    if (next != me) change(me, next);
    waits_[size_t(me)] = nullptr;
  }
  int current = -1;

 private:
  struct Decision {
    std::vector<int> choices;
    size_t taken;
  };

  void change(int me, int next) {
    current = next;
    turns_[size_t(next)]->release();
    turns_[size_t(me)]->acquire();
  }

  // Who goes on; me < 0: the one that ran has ended, or waits. -1: nobody is left.
  int decide(int me) {
    std::vector<int> choices;
    int left = -1;
    if (me >= 0) choices.push_back(me);
    for (int i = 0; i < int(alive_.size()); i++) {
      if (!alive_[size_t(i)] || i == me) continue;
      left = i;
      if (me >= 0 && preempted_ >= bound_) continue;
      const std::function<bool()>* ready = waits_[size_t(i)];
      if (ready == nullptr || (*ready)()) choices.push_back(i);
    }
    if (choices.empty()) {
      if (left >= 0) stuck_ = true;
      return left;
    }
    int chosen = choices[0];
    if (choices.size() > 1 && !stuck_) {
      if (step_ == decisions_.size()) decisions_.push_back({choices, 0});
      chosen = decisions_[step_].choices[decisions_[step_].taken];
      step_++;
    }
    if (me >= 0 && chosen != me) preempted_++;
    return chosen;
  }

  void run(std::vector<std::function<void()>> bodies) {
    bodies_ = std::move(bodies);
    const size_t n = bodies_.size();
    alive_.assign(n, true);
    waits_.assign(n, nullptr);
    step_ = 0;
    preempted_ = 0;
    stuck_ = false;
    // The threads are the same ones in all runs: making them would be most of the work.
    while (threads_.size() < n) {
      const size_t i = threads_.size();
      turns_.push_back(std::make_unique<std::binary_semaphore>(0));
      threads_.emplace_back([this, i] { work(i); });
    }
    current = decide(-1);
    turns_[size_t(current)]->release();
    over_.acquire();
    current = -1;
  }

  void work(size_t i) {
    for (;;) {
      turns_[i]->acquire();
      if (quit_) return;
      bodies_[i]();
      alive_[i] = false;
      current = decide(-1);
      if (current >= 0)
        turns_[size_t(current)]->release();
      else
        over_.release();
    }
  }

  int bound_, preempted_ = 0, runs_ = 0;
  bool stuck_ = false, quit_ = false;
  size_t step_ = 0;
  std::vector<Decision> decisions_;
  std::vector<char> alive_;
  std::vector<const std::function<bool()>*> waits_;
  std::vector<std::function<void()>> bodies_;
  std::deque<std::unique_ptr<std::binary_semaphore>> turns_;
  std::binary_semaphore over_{0};
  std::vector<std::thread> threads_;
};

// The one that runs; its threads' operations ask it.
inline Explorer* explorer;
inline void point() {
  if (explorer != nullptr) explorer->point();
}

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
