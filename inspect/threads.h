// A process's threads, stopped for a moment.
//
// ptrace's SEIZE and INTERRUPT, which (unlike SIGSTOP) the program cannot see: no signal is delivered, no wait of a parent
// returns, and when the inspector dies the kernel lets the threads go. A thread that is created while the others are being
// stopped is found by going over the list again until nothing is new.
#pragma once

#include "inspect/target.h"

namespace burrow::inspect {

class StoppedThreads {
 public:
  StoppedThreads() = default;
  StoppedThreads(const StoppedThreads&) = delete;
  StoppedThreads& operator=(const StoppedThreads&) = delete;
  ~StoppedThreads() { resume(); }
  bool stop(int pid, std::string* error);
  void resume();
  const std::vector<ThreadState>& threads() const { return threads_; }
  // From the first thread's stop to the last one's going on.
  int64_t heldNs() const { return heldNs_; }

 private:
  std::vector<ThreadState> threads_;
  std::vector<int> held_;
  int64_t since_ = 0, heldNs_ = 0;
};

}  // namespace burrow::inspect
