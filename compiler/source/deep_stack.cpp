// See deep_stack.h.
#include "source/deep_stack.h"

#include <pthread.h>
#include <csignal>

namespace burrow::source {

namespace {
constexpr size_t kLeastStack = size_t{8} << 20;
thread_local bool hasDeepStack = false;
}  // namespace

struct DeepThread::State {
  std::function<void()> run;
  pthread_t thread;
  bool started = false;
};

DeepThread::DeepThread(std::function<void()> run) : state_(std::make_unique<State>()) {
  state_->run = std::move(run);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  auto start = [](void* p) -> void* {
    hasDeepStack = true;
    static_cast<State*>(p)->run();
    return nullptr;
  };
  for (size_t size = kDeepStack; !state_->started && size >= kLeastStack; size /= 2) {
    state_->started = pthread_attr_setstacksize(&attributes, size) == 0 &&
                      pthread_create(&state_->thread, &attributes, start, state_.get()) == 0;
  }
  pthread_attr_destroy(&attributes);
  if (!state_->started) state_->run();  // no thread to be had
}

DeepThread::~DeepThread() { join(); }

void DeepThread::join() {
  if (!state_->started) return;
  pthread_join(state_->thread, nullptr);
  state_->started = false;
}

void onDeepStack(const std::function<void()>& run) {
  if (hasDeepStack) return run();
  // Signals go to the thread that works: what it says about them (driver/interrupt.cpp) holds for the process then.
  sigset_t all, mine;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &mine);
  DeepThread([&] {
    pthread_sigmask(SIG_SETMASK, &mine, nullptr);
    run();
  }).join();
  pthread_sigmask(SIG_SETMASK, &mine, nullptr);
}

}  // namespace burrow::source
