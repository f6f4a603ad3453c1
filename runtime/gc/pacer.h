// gcController: when a collection starts, and that it ends in time. The rules are gc's own pacer's, because its figures can be
// seen (gctrace, MemStats.NextGC) and programs are tuned by them.
//
// Words, all in bytes:
//   heapMarked   what the last cycle found alive
//   heapLive     heapMarked plus what was allocated since (spans in mcaches count as full)
//   goal         heapMarked + GOGC% of (heapMarked + stacks + globals), at least 4 MB * GOGC/100; less when the memory limit
//                wants it: this is where marking should be over
//   trigger      where marking starts: so far before the goal that, at the rates of the last cycle (consMark: bytes allocated per
//                byte scanned), background workers alone finish in time; between 70% and 95% of the way to the goal
//
//     heapMarked         trigger      heapLive -->      goal
//     |------------------|===========|.................|
//                         marking: each allocated byte owes assistWorkPerByte units of scanning
//
// While marking, 25% of the Ps work in the background; a goroutine that allocates pays with its own scanning (assist) for what the
// background has not earned yet. assistWorkPerByte is (scan work expected to remain) / (heap left to the goal), revised
// as both become known better.
#pragma once

#include "base/atomic.h"
#include "base/defs.h"
#include "gc/limiter.h"

namespace burrow::rt {

struct P;

// The limiter's account up to now (pacer.cpp).
void gcLimiterUpdate(int64_t now, GcCpuLimiter::Share share);

struct GcController {
  // Settings. gcPercent < 0: off.
  Atomic<int32_t> gcPercent;
  Atomic<int64_t> memoryLimit;
  uint64_t heapMinimum;

  // State of the heap.
  uint64_t heapMarked;
  Atomic<uint64_t> heapLive;
  Atomic<uint64_t> heapScan;       // of it, bytes of objects with pointers
  uint64_t lastHeapScan;           // scanned in the last cycle
  Atomic<uint64_t> lastStackScan, maxStackScan, globalsScan;
  Atomic<uint64_t> gcPercentHeapGoal;
  Atomic<uint64_t> runway;
  uint64_t triggered;              // heapLive when the cycle began
  double consMark;
  double lastConsMark[4];

  // The current cycle.
  int64_t markStartTime;
  Atomic<int64_t> heapScanWork, stackScanWork, globalsScanWork;
  Atomic<int64_t> bgScanCredit;
  Atomic<int64_t> assistTime, dedicatedMarkTime, fractionalMarkTime, idleMarkTime;
  Atomic<int64_t> dedicatedMarkWorkersNeeded;
  Atomic<int32_t> idleMarkWorkers;
  int32_t maxIdleMarkWorkers;
  double fractionalUtilizationGoal;
  Atomic<uint64_t> assistWorkPerByteBits, assistBytesPerWorkBits;  // doubles
  Atomic<int64_t> assistMost;  // bytes that a goroutine may have paid for in advance

  double assistWorkPerByte() const { return __builtin_bit_cast(double, assistWorkPerByteBits.loadRelaxed()); }
  double assistBytesPerWork() const { return __builtin_bit_cast(double, assistBytesPerWorkBits.loadRelaxed()); }

  void init(int32_t percent, int64_t limit);
  void startCycle(int64_t now, int32_t procs, bool timeTriggered);
  void revise();
  void endCycle(int64_t now, int32_t procs);
  // The heap has been marked: heapMarked and all that follows from it.
  void resetLive(uint64_t bytesMarked);
  // Recomputes goal and runway.
  void commit();
  int32_t setGCPercent(int32_t in);
  int64_t setMemoryLimit(int64_t in);

  uint64_t heapGoal() const;
  uint64_t trigger(uint64_t* goal) const;
  // Bytes by which the heap has grown, and of them those of objects with pointers.
  void update(int64_t live, int64_t scan);
  // By how much the program is above the memory limit when `more` bytes become resident; 0: it is not.
  uint64_t overLimit(uint64_t more) const;

 private:
  uint64_t memoryLimitHeapGoal() const;
  uint64_t hardGoal(uint64_t goal, bool* limited) const;
};
extern GcController gcController __asm__("runtime.gcController");

}  // namespace burrow::rt
