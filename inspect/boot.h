// A program's boot, step by step, by breakpoints.
//
// The program is started under ptrace with a breakpoint at the entry of each boot function, of each package's first
// initialisation function, of main.main, and at the first allocation and the first work buffer. Each is taken out when it is
// hit, so that everything is met once and nothing has to be stepped over. At a stop the clock of the program stands still:
// its time is the sum of what lies between going on and stopping again, less what it waited for a processor, so that
// neither what the inspector reads nor a busy machine counts; a stop itself adds some microseconds, which the page tells.
#pragma once

#include "inspect/target.h"
#include "inspect/text.h"

#include <functional>
#include <string>
#include <vector>

namespace burrow::inspect {

struct BootStep {
  std::string name;       // the function
  std::string kind;       // "boot", "init" (of a package), "first" (allocation, work buffer), "main"
  std::string package;    // of an init
  std::string place;      // file:line
  int64_t at = 0;         // ns of the program's own time since its entry
  int64_t cost = 0;       // until the next step
  uint64_t virtualBytes = 0, residentBytes = 0, mappings = 0;
  uint64_t heapMapped = 0, heapInUse = 0, spans = 0, arenas = 0, freePages = 0;
  uint64_t goroutines = 0, machines = 0, procs = 0, workBuffers = 0;
  std::string gcPhase;
  bool gcEnabled = false;
};

struct BootRun {
  std::string program;
  std::vector<BootStep> steps;
  int64_t stopCost = 0;   // what a stop costs, measured
  std::string ended;      // not empty: how it ended before main.main
};

struct BootOptions {
  std::vector<std::string> arguments;
  std::string at;  // stop at this function: `stopped` is called there and the run ends
  std::function<void(Target&, const ThreadState&)> stopped;
};

bool runBoot(const std::string& exe, const BootOptions& options, BootRun* out, std::string* error);

void bootPage(const BootRun& run, Page& page);
void bootDiffPage(const BootRun& a, const BootRun& b, Page& page);
std::string bootJson(const BootRun& run);

}  // namespace burrow::inspect
