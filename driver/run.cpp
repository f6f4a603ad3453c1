// See run.h.
#include "driver/run.h"

#include "driver/build.h"
#include "driver/interrupt.h"
#include "driver/process.h"
#include "source/system_error.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdio>

namespace burrow::driver {

int runProgram(BuildFlags flags, const Paths& paths) {
  // The package is either all leading .go files or the first argument; the rest is the program's.
  std::vector<std::string> all = std::move(flags.arguments), program;
  size_t n = 0;
  while (n < all.size() && all[n].ends_with(".go")) n++;
  if (n == 0 && !all.empty() && !all[0].starts_with('-')) n = 1;
  if (n == 0) {
    std::fputs("burrow: no go files listed\n", stderr);
    return 1;
  }
  flags.arguments.assign(all.begin(), all.begin() + static_cast<ptrdiff_t>(n));
  for (const std::string& file : flags.arguments) {
    if (file.ends_with("_test.go")) {
      std::fprintf(stderr, "burrow: cannot run *_test.go files (%s)\n", file.c_str());
      return 1;
    }
  }

  if (flags.buildVcs == "auto") flags.buildVcs = "false";  // nobody will see it
  Build build(flags, paths);
  std::string executable;
  if (int status = build.buildForRun(&executable)) return status;
  if (flags.dryRun || executable.empty()) return 0;

  std::vector<std::string> words = splitWords(flags.exec);
  words.push_back(executable);
  words.insert(words.end(), all.begin() + static_cast<ptrdiff_t>(n), all.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  // An interrupt from the terminal is the program's affair (interrupt.h); it gets the signals that we block.
  std::signal(SIGQUIT, SIG_IGN);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults, none;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGQUIT);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  pid_t pid = 0;
  int error = ::posix_spawnp(&pid, argv[0], nullptr, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    std::fprintf(stderr, "burrow: fork/exec %s: %s\n", argv[0], source::systemErrorText(error).c_str());
    return 1;
  }
  handSignalsTo(pid);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  handSignalsTo(0);
  if (WIFSIGNALED(status)) {
    std::fprintf(stderr, "signal: %s%s\n", signalName(WTERMSIG(status)).c_str(),
                 WCOREDUMP(status) ? " (core dumped)" : "");
    return 1;
  }
  if (WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "exit status %d\n", WEXITSTATUS(status));
    return 1;
  }
  return 0;
}

}  // namespace burrow::driver
