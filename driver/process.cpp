// See process.h.
#include "driver/process.h"

#include "source/system_error.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>

namespace burrow::driver {

bool ProcessResult::exited() const { return startError == 0 && WIFEXITED(status); }

std::string ProcessResult::describe() const {
  if (startError != 0) return fmt::format("fork/exec {}: {}", program, source::systemErrorText(startError));
  if (WIFSIGNALED(status))
    return fmt::format("signal: {}{}", signalName(WTERMSIG(status)), WCOREDUMP(status) ? " (core dumped)" : "");
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

std::string signalName(int number) {
  switch (number) {
    case SIGHUP: return "hangup";
    case SIGINT: return "interrupt";
    case SIGQUIT: return "quit";
    case SIGILL: return "illegal instruction";
    case SIGTRAP: return "trace/breakpoint trap";
    case SIGABRT: return "aborted";
    case SIGBUS: return "bus error";
    case SIGFPE: return "floating point exception";
    case SIGKILL: return "killed";
    case SIGSEGV: return "segmentation fault";
    case SIGPIPE: return "broken pipe";
    case SIGALRM: return "alarm clock";
    case SIGTERM: return "terminated";
    default: return "signal " + std::to_string(number);
  }
}

ProcessResult runProcess(const ProcessRequest& request) {
  using Clock = std::chrono::steady_clock;
  ProcessResult result;
  result.program = request.arguments[0];
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    result.startError = errno;
    return result;
  }
  std::vector<char*> argv, envp;
  for (const std::string& word : request.arguments) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  for (char** e = environ; *e; e++) {
    std::string_view entry = *e;
    bool replaced = false;
    for (const std::string& ours : request.environment)
      replaced |= entry.substr(0, entry.find('=')) == std::string_view(ours).substr(0, ours.find('='));
    if (!replaced) envp.push_back(*e);
  }
  for (const std::string& ours : request.environment) envp.push_back(const_cast<char*>(ours.c_str()));
  envp.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!request.dir.empty()) posix_spawn_file_actions_addchdir_np(&actions, request.dir.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  if (request.withErrors) posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  else posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  // Whoever started us in the background may have had these ignored, which is not meant for the program.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGINT);
  sigaddset(&defaults, SIGQUIT);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const auto start = Clock::now();
  pid_t pid = 0;
  result.startError = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(ends[1]);
  if (result.startError != 0) {
    ::close(ends[0]);
    return result;
  }

  // Until the pipe's other end is closed by all who have it. A child of the program may keep it open beyond its end: once
  // the program is gone, what remains gets a little time only.
  constexpr int kPoll = 100, kRemainder = 20;
  constexpr long kQuitSeconds = 5;
  bool gone = false;
  int left = kRemainder;
  char buffer[16384];
  long limit = request.limitSeconds;
  for (;;) {
    pollfd p{ends[0], POLLIN, 0};
    int ready = ::poll(&p, 1, kPoll);
    if (ready > 0) {
      ssize_t n = ::read(ends[0], buffer, sizeof buffer);
      if (n > 0) {
        request.output({buffer, static_cast<size_t>(n)});
        continue;
      }
      if (n == 0 || errno != EINTR) break;
    }
    if (!gone && ::waitpid(pid, &result.status, WNOHANG) == pid) gone = true;
    if (gone && --left == 0) break;
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (!gone && limit != 0 && seconds > static_cast<double>(limit)) {
      ::kill(pid, result.killed ? SIGKILL : SIGQUIT);
      result.quitWorked = !result.killed;
      result.killed = true;
      limit += kQuitSeconds;
    }
  }
  ::close(ends[0]);
  while (!gone) {
    pid_t done = ::waitpid(pid, &result.status, limit != 0 ? WNOHANG : 0);
    if (done == pid) break;
    if (done < 0 && errno != EINTR) break;
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (limit != 0 && seconds > static_cast<double>(limit)) {
      ::kill(pid, result.killed ? SIGKILL : SIGQUIT);
      result.quitWorked = !result.killed;
      result.killed = true;
      limit += kQuitSeconds;
    }
    if (done == 0) ::usleep(2000);
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return result;
}

}  // namespace burrow::driver
