#include "inspect/threads.h"

#include <fmt/format.h>

#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace burrow::inspect {

namespace {

int64_t nanoseconds() {
  timespec ts;
  ::clock_gettime(CLOCK_MONOTONIC, &ts);
  return int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec;
}

std::vector<int> threadIds(int pid) {
  std::vector<int> out;
  DIR* dir = ::opendir(fmt::format("/proc/{}/task", pid).c_str());
  if (!dir) return out;
  while (dirent* e = ::readdir(dir))
    if (const int tid = std::atoi(e->d_name)) out.push_back(tid);
  ::closedir(dir);
  return out;
}

// A stopped thread's state, as wait tells it: the signal that is on its way to it, or 0.
int signalOf(int status) {
  const bool isSignal = status >> 16 == 0;  // PTRACE_EVENT_STOP is what INTERRUPT makes, and what a stopped group is in
  return isSignal ? WSTOPSIG(status) : 0;
}

constexpr int64_t kLongestNap = 5'000'000;  // another thread of this process may take the signal that ends it

// The kernel tells of each stop by SIGCHLD; it is only waited for, never handled.
class ChildSignals {
 public:
  ChildSignals() {
    sigemptyset(&child_);
    sigaddset(&child_, SIGCHLD);
    ::pthread_sigmask(SIG_BLOCK, &child_, &before_);
  }
  ChildSignals(const ChildSignals&) = delete;
  ChildSignals& operator=(const ChildSignals&) = delete;
  ~ChildSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  void nap(int64_t ns) const {
    const timespec most{0, std::min(ns, kLongestNap)};
    ::sigtimedwait(&child_, nullptr, &most);
  }

 private:
  sigset_t child_, before_;
};

// No other process takes this thread's processor away while there is one of these: a thread of a program that is held up would
// wait for that one, too. Needs CAP_SYS_NICE; without it all goes on as before.
class Undisturbed {
 public:
  Undisturbed() {
    const sched_param lowest{::sched_get_priority_min(SCHED_FIFO)};
    raised_ = ::sched_getscheduler(0) == SCHED_OTHER && ::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &lowest) == 0;
  }
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;
  ~Undisturbed() {
    const sched_param none{};
    if (raised_) ::sched_setscheduler(0, SCHED_OTHER, &none);
  }

 private:
  bool raised_ = false;
};

}  // namespace

// What there is to hear of a thread since the last time.
StoppedThreads::News StoppedThreads::look(Held& h) {
  int status = 0;
  int got;
  do got = ::waitpid(h.tid, &status, __WALL | WNOHANG);
  while (got < 0 && errno == EINTR);
  if (got == 0) return News::None;
  if (got != h.tid || !WIFSTOPPED(status)) return News::Ended;
  h.signal = signalOf(status);
  return News::Stopped;
}

// Asks these threads to stop. Those that are gone meanwhile are left out.
bool StoppedThreads::seize(int pid, const std::vector<int>& tids, std::string* error) {
  const size_t first = held_.size();
  for (int tid : tids) {
    if (::ptrace(PTRACE_SEIZE, tid, nullptr, nullptr) == 0) {
      held_.push_back({tid});
      continue;
    }
    if (errno == ESRCH) continue;
    *error = errno == EPERM ? fmt::format("process {}: no permission to stop it (or a debugger has it)", pid)
                            : fmt::format("process {}: cannot stop it: {}", pid, systemError(errno));
    // What has been seized can be let go only when it is stopped.
    for (size_t i = first; i < held_.size(); i++) ::ptrace(PTRACE_INTERRUPT, held_[i].tid, nullptr, nullptr);
    resume();
    return false;
  }
  if (since_ == 0) since_ = nanoseconds();
  for (size_t i = first; i < held_.size(); i++) ::ptrace(PTRACE_INTERRUPT, held_[i].tid, nullptr, nullptr);
  return true;
}

// Until all have stopped that were asked, or till that moment (0: however long it takes). All are looked at in turn, also those
// that have stopped: when the process ends meanwhile, the first thread's end is told only after those of all others were heard.
void StoppedThreads::wait(int64_t until) {
  const ChildSignals signals;
  for (;;) {
    bool all = true;
    std::erase_if(held_, [&](Held& h) {
      const News news = look(h);
      h.stopped |= news == News::Stopped;
      all = all && (h.stopped || news == News::Ended);
      return news == News::Ended;
    });
    const int64_t left = until ? until - nanoseconds() : kLongestNap;
    if (all || left <= 0) return;
    signals.nap(left);
  }
}

void StoppedThreads::readRegisters() {
  for (const Held& h : held_) {
    user_regs_struct r;
    if (!h.stopped || ::ptrace(PTRACE_GETREGS, h.tid, nullptr, &r) != 0) continue;
    threads_.push_back({h.tid, r.rip, r.rsp, r.rbp, r.fs_base, {}});
    static_assert(sizeof r == sizeof threads_.back().all);
    std::memcpy(threads_.back().all.data(), &r, sizeof r);
  }
}

bool StoppedThreads::stop(int pid, std::string* error) {
  for (;;) {
    std::vector<int> fresh;
    for (int tid : threadIds(pid))
      if (std::none_of(held_.begin(), held_.end(), [&](const Held& h) { return h.tid == tid; })) fresh.push_back(tid);
    const size_t before = held_.size();
    if (!seize(pid, fresh, error)) return false;
    if (held_.size() == before) break;
    wait(0);
  }
  if (held_.empty()) {
    *error = fmt::format("process {}: it has ended", pid);
    return false;
  }
  readRegisters();
  return true;
}

bool StoppedThreads::stopSome(int pid, const std::vector<int64_t>& tids, int64_t longest, std::string* error) {
  if (!seize(pid, std::vector<int>(tids.begin(), tids.end()), error)) return false;
  wait(since_ + longest);
  late_ = size_t(std::count_if(held_.begin(), held_.end(), [](const Held& h) { return !h.stopped; }));
  readRegisters();
  return true;
}

void StoppedThreads::resume() {
  // False: it has been killed, and its end is still to be heard.
  auto letGo = [](const Held& h) { return ::ptrace(PTRACE_DETACH, h.tid, nullptr, reinterpret_cast<void*>(intptr_t(h.signal))) == 0; };
  const bool any = std::any_of(held_.begin(), held_.end(), [](const Held& h) { return h.stopped; });
  std::erase_if(held_, [&](const Held& h) { return h.stopped && letGo(h); });
  if (any) heldNs_ = nanoseconds() - since_;
  // Those that are late stop for no longer than it takes to let them go.
  const ChildSignals signals;
  for (;;) {
    std::erase_if(held_, [&](Held& h) {
      const News news = look(h);
      return news == News::Ended || (news == News::Stopped && letGo(h));
    });
    if (held_.empty()) return;
    signals.nap(kLongestNap);
  }
}

bool Target::captureThreads(const std::vector<int64_t>& tids, const std::function<void(const std::vector<ThreadState>&, const CopyRange&)>& copy, std::string* error) {
  if (kind != Process) return true;
  stopAsked = true;
  lateThreads = 0;
  threads.clear();
  if (tids.empty()) return true;
  // Kept aside while the threads are held: what they are looked up in later is sorted anew for each.
  std::vector<std::pair<uint64_t, std::string>> copies;
  {
    const Undisturbed undisturbed;
    StoppedThreads stopped;
    if (!stopped.stopSome(pid, tids, kLongestStopNs, error)) return false;
    threads = stopped.threads();
    lateThreads = stopped.late();
    copy(threads, [&](uint64_t at, size_t size) -> const std::string* {
      std::string bytes(size, '\0');
      if (!base_->read(at, bytes.data(), bytes.size())) return nullptr;
      copies.emplace_back(at, std::move(bytes));
      return &copies.back().second;
    });
    timespec ts;
    ::clock_gettime(CLOCK_MONOTONIC, &ts);
    now = int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec;
    stopped.resume();
    stoppedNs = std::max(stoppedNs, stopped.heldNs());
  }
  forget();
  for (auto& [at, bytes] : copies) memory_own_->add(at, std::move(bytes));
  return true;
}

}  // namespace burrow::inspect
