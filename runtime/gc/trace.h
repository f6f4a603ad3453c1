// What the collector tells about itself: CPU accounts and GODEBUG=gctrace, gcpacertrace.
#pragma once

#include "gc/gc.h"

namespace burrow::rt {

// Nanoseconds of CPU that the collector took, since the program began and in the last cycle.
struct GcCpuStats {
  Atomic<int64_t> assist, background, idle, pause, total;
  int64_t lastAssist, lastBackground, lastIdle, lastMarkTerm, lastSweepTerm;
  void add(int64_t sweepTerm, int64_t assistTime, int64_t backgroundTime, int64_t idleTime, int64_t markTerm);
};
extern GcCpuStats gcCpu;

void gcTracePrint(uint32_t number);
// GOGC, GOMEMLIMIT, and the checking modes of GODEBUG.
void gcReadSettings();

// check.cpp: GODEBUG=gcalways=N.
void gcAlways();

}  // namespace burrow::rt
