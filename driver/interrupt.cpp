// See interrupt.h.
#include "driver/interrupt.h"

#include <pthread.h>
#include <unistd.h>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <thread>

namespace burrow::driver {

namespace {

std::mutex mutex;
std::string folder;
pid_t program = 0;

sigset_t interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  return set;
}

void waitForInterrupts() {
  const sigset_t set = interrupts();
  for (;;) {
    int number = 0;
    if (sigwait(&set, &number) != 0) continue;
    std::lock_guard lock(mutex);
    if (program != 0) {
      if (number != SIGINT) ::kill(program, number);
      continue;
    }
    if (!folder.empty()) {
      std::error_code ignored;
      std::filesystem::remove_all(folder, ignored);
    }
    std::signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    ::raise(number);
    ::_exit(1);
  }
}

}  // namespace

void catchInterrupts() {
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread(waitForInterrupts).detach();
}

void removeWhenInterrupted(const std::string& dir) {
  std::lock_guard lock(mutex);
  folder = dir;
}

void handSignalsTo(pid_t pid) {
  std::lock_guard lock(mutex);
  program = pid;
}

}  // namespace burrow::driver
