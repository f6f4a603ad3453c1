// See part_queue.h.
#include "driver/part_queue.h"

#include <algorithm>

namespace burrow::driver {

PartQueue::~PartQueue() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    ready_.notify_all();
  }
  for (auto& thread : threads_) thread->join();
}

void PartQueue::add(const void* package, size_t size, std::function<void()> job) {
  std::lock_guard lock(mutex_);
  jobs_.emplace(size, Job{package, std::move(job)});
  unfinished_++;
  if (threads_.size() < std::min<size_t>(limit_, unfinished_)) {
    threads_.push_back(std::make_unique<source::DeepThread>([this] { work(); }));
  }
  ready_.notify_one();
}

void PartQueue::wait() {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return unfinished_ == 0; });
}

void PartQueue::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    auto next = std::find_if(jobs_.begin(), jobs_.end(), [this](const auto& j) { return !busy_.contains(j.second.package); });
    if (next == jobs_.end()) {
      if (closed_) return;
      ready_.wait(lock);
      continue;
    }
    const Job job = std::move(jobs_.extract(next).mapped());
    busy_.insert(job.package);
    lock.unlock();
    job.run();
    lock.lock();
    busy_.erase(job.package);
    // What had to wait for this package may go on: on this thread, or on one that sleeps.
    ready_.notify_one();
    if (--unfinished_ == 0) done_.notify_all();
  }
}

}  // namespace burrow::driver
