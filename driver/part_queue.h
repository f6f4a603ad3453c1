// Threads that compile parts of packages.
//
// The parts of one package are compiled one after the other, because lowering adds to the package's types; those of different
// packages at the same time. The largest waiting job comes first, so that no thread works on a large one when the others have nothing
// left to do: lowering is several times as fast as what the jobs do, so there is a choice.
#pragma once

#include "source/deep_stack.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

namespace burrow::driver {

class PartQueue {
 public:
  explicit PartQueue(unsigned threads) : limit_(threads) {}
  PartQueue(const PartQueue&) = delete;
  PartQueue& operator=(const PartQueue&) = delete;
  ~PartQueue();

  // `package` is whose jobs exclude each other; `size` says how long the job takes, in any unit.
  void add(const void* package, size_t size, std::function<void()> job);
  // Until all that was added is done.
  void wait();

 private:
  struct Job {
    const void* package;
    std::function<void()> run;
  };
  void work();

  const unsigned limit_;
  std::mutex mutex_;
  std::condition_variable ready_, done_;
  std::multimap<size_t, Job, std::greater<>> jobs_;  // by size; of the same size the first to come
  std::set<const void*> busy_;                        // packages
  size_t unfinished_ = 0;
  bool closed_ = false;
  std::vector<std::unique_ptr<source::DeepThread>> threads_;  // started when there are jobs for them
};

}  // namespace burrow::driver
