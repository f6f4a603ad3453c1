// A process's threads, stopped for a moment.
//
// ptrace's SEIZE and INTERRUPT, which (unlike SIGSTOP) the program cannot see: no signal is delivered, no wait of a parent
// returns, and when the inspector dies the kernel lets the threads go. All are asked before the first is waited for: each has to get
// a processor before it can stop, and on a busy machine these waits would add up. A thread that happens to stop because a signal
// reaches it gets that signal when it goes on.
//
// A thread that is created while the others are being stopped is found by going over the list again until nothing is new.
#pragma once

#include "inspect/target.h"

namespace burrow::inspect {

class StoppedThreads {
 public:
  StoppedThreads() = default;
  StoppedThreads(const StoppedThreads&) = delete;
  StoppedThreads& operator=(const StoppedThreads&) = delete;
  ~StoppedThreads() { resume(); }
  // All threads, however long it takes.
  bool stop(int pid, std::string* error);
  // These threads; those that have not stopped after `longest` nanoseconds go on and are not among threads().
  bool stopSome(int pid, const std::vector<int64_t>& tids, int64_t longest, std::string* error);
  void resume();
  const std::vector<ThreadState>& threads() const { return threads_; }
  // From the first thread's stop to the last one's going on.
  int64_t heldNs() const { return heldNs_; }

  // Of how many it was asked in vain.
  size_t late() const { return late_; }

 private:
  struct Held {
    int tid = 0;
    bool stopped = false;
    int signal = 0;  // what it gets when it goes on
  };
  enum class News { None, Stopped, Ended };
  static News look(Held& h);
  bool seize(int pid, const std::vector<int>& tids, std::string* error);
  void wait(int64_t until);
  void readRegisters();
  std::vector<ThreadState> threads_;
  std::vector<Held> held_;
  int64_t since_ = 0, heldNs_ = 0;
  size_t late_ = 0;
};

}  // namespace burrow::inspect
