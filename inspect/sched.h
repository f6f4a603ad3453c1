// The scheduler: Ps with their queues, Ms with what they do, and what belongs to nobody.
#pragma once

#include "inspect/target.h"

namespace burrow::inspect {

struct ProcInfo {
  int64_t id = 0, mId = -1;
  std::string status;  // "running", "idle"
  uint64_t schedTick = 0, syscallTick = 0;
  std::vector<uint64_t> queue;  // numbers of goroutines, the next first
  uint64_t runNext = 0;         // 0: none
  uint64_t runNow = 0;
  uint64_t freeGs = 0, timers = 0;
  bool preempt = false;
  std::string gcWorker;         // "NotWorker"
};

struct MachineInfo {
  int64_t id = 0, pId = -1;
  uint64_t tid = 0, current = 0, lockedTo = 0;  // goroutines' numbers
  bool spinning = false, blocked = false;
  int64_t locks = 0;
};

struct Scheduler {
  std::vector<ProcInfo> procs;
  std::vector<MachineInfo> machines;
  int64_t gomaxprocs = 0, cpus = 0, idleProcs = 0, idleMachines = 0, spinning = 0;
  std::vector<uint64_t> globalQueue;
  int64_t globalSize = 0, freeGs = 0, goroutines = 0;
  bool gcWaiting = false, sysmonWaits = false;
  int64_t lastPollNs = -1;  // ago; 0: a thread sleeps in it
};

bool readScheduler(Target& target, Scheduler* out, std::string* error);

// The collector's grey objects.
struct WorkBuffer {
  uint64_t address = 0, objects = 0;
};
struct GcWorkInfo {
  std::string phase;
  uint64_t made = 0, steals = 0, entriesPerBuffer = 0;
  // Shared, the next one to be taken first. Those in `spans` hold spans with grey objects that wait to be scanned as a whole.
  std::vector<WorkBuffer> full, empty, spans;
  struct Local {
    int64_t p = 0;
    WorkBuffer first, second, spanIn, spanOut;  // of spanOut what is left to be taken
    bool hasFirst = false, hasSecond = false, hasSpanIn = false, hasSpanOut = false;
    uint64_t barrierUsed = 0, barrierSize = 0, bytesMarked = 0;
    std::string worker;
  };
  std::vector<Local> local;
  uint64_t cycles = 0, rootsNext = 0, rootsAll = 0;
};
bool readGcWork(Target& target, GcWorkInfo* out, std::string* error);

}  // namespace burrow::inspect
