// The command line of `burrow test`, which mixes three things: build flags, flags for the test program, packages.
//
// As with the go command: the packages are one run of words without dashes; what comes behind them and is no flag goes to
// the test program, as do flags that nobody knows and everything behind -args. -run becomes -test.run and so on.
#pragma once

#include "driver/flags.h"

#include <string>
#include <vector>

namespace burrow::driver {

struct TestFlags {
  BuildFlags build;                 // arguments: the packages
  std::vector<std::string> forward;  // to the test program, in order
  bool verbose = false, json = false, failFast = false, benchmarks = false, fuzzing = false, listing = false, help = false;
  bool packagesGiven = false;       // false: the package of the current folder, whose output is shown as it comes
  bool cacheable = true;            // the flags allow an earlier run's result to stand
  long timeoutSeconds = 600;        // 0 and below: none
  std::string profile;              // a flag that asks for a profile: it is of one package's test only
  bool keepBinary = false;          // -o, and profiles that are read together with the program
  bool cover = false;
  std::string coverMode = "set", coverProfile;
  std::vector<std::string> coverPackages;  // patterns; empty: the package that is tested
};

// Returns 0 or the exit status, as parseBuildFlags does.
int parseTestFlags(const std::vector<std::string>& words, TestFlags* flags);

}  // namespace burrow::driver
