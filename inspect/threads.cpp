#include "inspect/threads.h"

#include <fmt/format.h>

#include <dirent.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

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

}  // namespace

bool StoppedThreads::stop(int pid, std::string* error) {
  since_ = nanoseconds();
  for (bool more = true; more;) {
    more = false;
    for (int tid : threadIds(pid)) {
      if (std::find(held_.begin(), held_.end(), tid) != held_.end()) continue;
      if (::ptrace(PTRACE_SEIZE, tid, nullptr, nullptr) != 0) {
        if (errno == ESRCH) continue;  // it has just ended
        *error = errno == EPERM ? fmt::format("process {}: no permission to stop it (or a debugger has it)", pid)
                                : fmt::format("process {}: cannot stop it: {}", pid, systemError(errno));
        resume();
        return false;
      }
      ::ptrace(PTRACE_INTERRUPT, tid, nullptr, nullptr);
      int status;
      if (::waitpid(tid, &status, __WALL) != tid || !WIFSTOPPED(status)) continue;
      held_.push_back(tid);
      more = true;
    }
  }
  if (held_.empty()) {
    *error = fmt::format("process {}: it has ended", pid);
    return false;
  }
  for (int tid : held_) {
    user_regs_struct r;
    if (::ptrace(PTRACE_GETREGS, tid, nullptr, &r) == 0) threads_.push_back({tid, r.rip, r.rsp, r.rbp, r.fs_base});
  }
  return true;
}

void StoppedThreads::resume() {
  for (int tid : held_) ::ptrace(PTRACE_DETACH, tid, nullptr, nullptr);
  if (!held_.empty()) heldNs_ = nanoseconds() - since_;
  held_.clear();
}

bool Target::captureThreads(const std::function<std::vector<std::pair<uint64_t, uint64_t>>(const std::vector<ThreadState>&)>& copy,
                            std::string* error) {
  if (kind != Process) return true;
  StoppedThreads stopped;
  if (!stopped.stop(pid, error)) return false;
  threads = stopped.threads();
  for (const auto& [at, size] : copy(threads)) {
    std::string bytes(size, '\0');
    if (memory_own_ && base_->read(at, bytes.data(), bytes.size())) memory_own_->add(at, std::move(bytes));
  }
  timespec ts;
  ::clock_gettime(CLOCK_MONOTONIC, &ts);
  now = int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec;
  stopped.resume();
  stoppedNs = stopped.heldNs();
  cache_->forget();
  return true;
}

}  // namespace burrow::inspect
