// Who has a P: system calls, sysmon, stopTheWorld and forEachP, under every order of their steps (explorer.h).
//
// A P in a system call belongs to nobody, and four want it with one compare-and-swap of its status: the thread that comes back
// (exitsyscall), another one that comes back and once had it, sysmon (retake), and who stops the world. The protocol is written down
// here as syscall.cpp, sysmon.cpp, world.cpp and m.cpp have it, with one P besides the stopper's own:
//
//   entersyscall   Psyscall, then look whether the world is being stopped (who stops it says so, then looks for Psyscall)
//   exitsyscall    the old P by compare-and-swap; else an idle one; else, under one lock: an idle one, or into the global queue
//   retake         compare-and-swap to Pidle; then to a thread if there is work, else, under the lock: to the stopper, or idle
//   stopTheWorld   under the lock: gcwaiting, the P if it is in a system call or idle; then sleep until the last one has given up
//   forEachP       under the lock: the P's flag, and its part if it is idle; then sleep until it has passed, and take it from
//                  system calls meanwhile. Who makes the P idle looks at the flag under the lock, and before, to hold that briefly
//
// What must hold: never two threads with the P, nobody with it while the world is stopped, and both goroutines, stopTheWorld and
// forEachP come to their end.
#include "explorer.h"

namespace {

using burrow::rt::Explorer;
using burrow::rt::explorer;
using burrow::rt::ModelAtomic;

enum Status { Idle, Running, Syscall, GcStop };
enum Mistake { None, LooksBeforeSaying, QueuesWithoutLooking, IdlesWithoutLooking };

struct Machine {
  static constexpr int kThreads = 4, kGoroutines = 2;
  Mistake mistake = None;
  bool blocks = false;  // system calls come back only when the world has been stopped, or all Ps have passed

  ModelAtomic<int> status{Running}, gcwaiting, flag;  // flag: forEachP wants the P to pass
  int owner = 0;  // the thread that has the P
  std::string wrong;

  // Under the lock.
  bool locked = false, pidle = false, stopNote = false, passed = false;
  bool wasStopped = false;
  int stopwait = 0;
  std::vector<int> queue{1};  // runnable goroutines: how many system calls each still makes
  std::vector<int> idleThreads{1};

  bool park[kThreads] = {}, wanted[kThreads] = {};  // wanted: a thread that is made, of the one that makes it
  int ended = 0;

  void lock() {
    explorer->wait([this] { return !locked; });
    locked = true;
  }
  void unlock() { locked = false; }
  bool done() const { return ended == kGoroutines; }

  void acquirep(int m) {
    if (owner >= 0) wrong = "two threads have the P";
    owner = m;
    status.store(Running);
  }
  void releasep() {
    owner = -1;
    status.store(Idle);
  }
  void stopped() {
    if (--stopwait == 0) stopNote = true;
  }
  // Under the lock.
  void passLocked() {
    if (flag.load() && flag.cas(1, 0)) passed = true;
  }
  void pass() {
    if (!flag.load() || !flag.cas(1, 0)) return;
    lock();
    passed = true;
    unlock();
  }
  // Under the lock; the P, idle and nobody's, for a thread. One that has no idle thread at hand makes one: itself, when it is through.
  void startm(int self) {
    if (idleThreads.empty()) {
      wanted[self] = true;
      return;
    }
    const int m = idleThreads.back();
    idleThreads.pop_back();
    park[m] = true;
  }
  // Sleeps until somebody has a P for this thread; false: the program is at its end.
  bool stopm(int m) {
    lock();
    idleThreads.push_back(m);
    unlock();
    return sleep(m);
  }
  bool sleep(int m) {
    explorer->wait([this, m] { return park[m] || done(); });
    if (!park[m]) return false;
    park[m] = false;
    acquirep(m);
    return true;
  }

  void entersyscall() {
    owner = -1;
    bool stopping;
    if (mistake == LooksBeforeSaying) {
      stopping = gcwaiting.load() != 0;
      status.store(Syscall);
    } else {
      status.store(Syscall);
      stopping = gcwaiting.load() != 0;
    }
    if (stopping) {
      lock();
      if (stopwait > 0 && status.cas(Syscall, GcStop)) stopped();
      unlock();
    }
    if (blocks) explorer->wait([this] { return wasStopped || passed; });
  }
  // True: the thread has the P, and its goroutine goes on. False: the goroutine is in the queue.
  bool exitsyscall(int m) {
    if (status.load() == Syscall && status.cas(Syscall, Idle)) {
      acquirep(m);
      return true;
    }
    lock();
    if (pidle && mistake != QueuesWithoutLooking) {
      pidle = false;
      unlock();
      acquirep(m);
      return true;
    }
    queue.push_back(0);
    unlock();
    return false;
  }
  // The thread's goroutine, with so many system calls to make; false: the thread has no P any more.
  bool goroutine(int m, int calls) {
    while (calls-- > 0) {
      entersyscall();
      if (!exitsyscall(m)) return false;
    }
    ended++;
    return true;
  }
  void schedule(int m) {
    for (;;) {
      pass();
      if (gcwaiting.load()) {
        releasep();
        lock();
        status.store(GcStop);
        stopped();
        unlock();
        if (!stopm(m)) return;
        continue;
      }
      lock();
      if (gcwaiting.load() || flag.load()) {
        unlock();
        continue;
      }
      if (queue.empty()) {
        releasep();
        pidle = true;
        unlock();
        if (!stopm(m)) return;
        continue;
      }
      const int calls = queue.front();
      queue.erase(queue.begin());
      unlock();
      if (!goroutine(m, calls) && !stopm(m)) return;
    }
  }
  void becomeThread(int self) {
    if (!wanted[self]) return;
    acquirep(self);
    schedule(self);
  }

  // ---- the threads
  void first(int m) {
    if (goroutine(m, 1) || stopm(m)) schedule(m);
  }
  void second(int m) {
    if (sleep(m)) schedule(m);
  }
  void handoffp(int self) {
    pass();
    lock();
    if (gcwaiting.load()) {
      status.store(GcStop);
      stopped();
    } else {
      if (mistake != IdlesWithoutLooking) passLocked();
      if (!queue.empty()) {
        startm(self);
      } else {
        pidle = true;
      }
    }
    unlock();
  }
  void sysmon(int self) {
    if (status.load() == Syscall && status.cas(Syscall, Idle)) handoffp(self);
    becomeThread(self);
  }
  // Looks when there is something to see, as often as each goroutine makes a call.
  void sysmonThatWaits(int self) {
    for (int i = 0; i < kGoroutines && !wanted[self]; i++) {
      explorer->wait([this] { return status.value == Syscall || passed || done(); });
      if (status.load() == Syscall && status.cas(Syscall, Idle)) handoffp(self);
    }
    becomeThread(self);
  }
  void ragged(int self) {
    lock();
    flag.store(1);
    if (pidle) passLocked();
    unlock();
    while (!passed) {
      if (status.load() == Syscall && flag.load() && status.cas(Syscall, Idle)) handoffp(self);
      // Asked again from time to time; that a P is in a system call is what may be found then.
      explorer->wait([this] { return passed || (status.value == Syscall && flag.value != 0); });
      if (explorer->stuck()) return;
    }
    becomeThread(self);
  }
  void stopper(int self) {
    lock();
    stopwait = 1;
    gcwaiting.store(1);
    if (status.load() == Syscall && status.cas(Syscall, GcStop)) stopwait--;
    if (pidle) {
      pidle = false;
      status.store(GcStop);
      stopwait--;
    }
    const bool wait = stopwait > 0;
    unlock();
    if (wait) explorer->wait([this] { return stopNote; });
    if (explorer->stuck()) return;
    wasStopped = true;
    for (int i = 0; i < 3; i++) {
      if (owner >= 0 || status.load() != GcStop) wrong = "somebody has the P while the world is stopped";
    }
    lock();
    status.store(Idle);
    gcwaiting.store(0);
    startm(self);
    unlock();
    becomeThread(self);
  }
};

enum Third { Stops, Ragged };  // what the third thread wants: stopTheWorld, forEachP

// How many runs ended with everybody waiting. Adds the number of runs.
int explore(Mistake mistake, bool blocks, bool withSysmon, int preemptions, int* runs, Third third = Stops) {
  Explorer e(preemptions);
  explorer = &e;
  std::unique_ptr<Machine> m;
  int stuck = 0;
  e.explore(
      [&] {
        m = std::make_unique<Machine>();
        m->mistake = mistake;
        m->blocks = blocks;
        std::vector<std::function<void()>> threads = {[&] { m->first(0); }, [&] { m->second(1); },
                                                      [&] { third == Stops ? m->stopper(2) : m->ragged(2); }};
        if (withSysmon) threads.push_back([&] { third == Stops ? m->sysmon(3) : m->sysmonThatWaits(3); });
        return threads;
      },
      [&] {
        if (e.stuck()) {
          stuck++;
          return std::string();
        }
        return m->wrong;
      });
  explorer = nullptr;
  *runs += e.runs();
  return stuck;
}

TEST(HandoffModel, OneOwnerAndNobodyWaitsForEver) {
  int runs = 0;
  for (bool blocks : {false, true}) {
    EXPECT_EQ(explore(None, blocks, true, 1, &runs), 0);
    EXPECT_EQ(explore(None, blocks, false, 2, &runs), 0);
    EXPECT_EQ(explore(None, blocks, true, 1, &runs, Ragged), 0);
    EXPECT_EQ(explore(None, blocks, false, 2, &runs, Ragged), 0);
  }
  RecordProperty("runs", runs);
  EXPECT_GT(runs, 1000);
}
// The explorer finds what goes wrong otherwise.
TEST(HandoffModel, LookingBeforeSayingLosesTheP) {
  int runs = 0;
  EXPECT_GT(explore(LooksBeforeSaying, true, true, 1, &runs), 0);
}
TEST(HandoffModel, QueueingWithoutLookingLosesTheGoroutine) {
  int runs = 0;
  EXPECT_GT(explore(QueuesWithoutLooking, false, true, 1, &runs), 0);
}
TEST(HandoffModel, AnIdlePThatHasNotPassedIsWaitedForInVain) {
  int runs = 0;
  EXPECT_GT(explore(IdlesWithoutLooking, true, true, 1, &runs, Ragged), 0);
}

}  // namespace
