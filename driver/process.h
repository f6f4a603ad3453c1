// Running a program and taking what it prints.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::driver {

struct ProcessRequest {
  std::vector<std::string> arguments;     // the program first
  std::string dir;                        // where it runs
  std::vector<std::string> environment;   // NAME=value, beside and instead of ours
  long limitSeconds = 0;                  // 0: none
  bool withErrors = true;                 // standard error is part of the output; else it is dropped
  std::function<void(std::string_view)> output;  // as it comes
};

struct ProcessResult {
  int status = -1;         // as waitpid gives it
  int startError = 0;      // errno when it could not be started
  bool killed = false;     // by us, because it took too long
  bool quitWorked = false; // SIGQUIT was enough
  double seconds = 0;
  std::string program;
  bool ok() const { return startError == 0 && status == 0; }
  bool exited() const;            // by itself, with a status
  std::string describe() const;   // "exit status 2", "signal: killed"
};

ProcessResult runProcess(const ProcessRequest& request);
// Go's name of a signal, as its os package prints it.
std::string signalName(int number);

}  // namespace burrow::driver
