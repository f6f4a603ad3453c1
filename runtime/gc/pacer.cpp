// The pacer's arithmetic. gc/pacer.h explains the words.
#include "gc/pacer.h"

#include "gc/gc.h"
#include "mem/mheap.h"
#include "panic/rt_print.h"
#include "stack/stack.h"

namespace burrow::rt {

GcController gcController;
GcCpuLimiter gcCpuLimiter;

namespace {

constexpr double kBackgroundUtilization = 0.25;
constexpr uint64_t kDefaultHeapMinimum = 4 << 20;
constexpr double kMinTriggerRatio = 0.7, kMaxTriggerRatio = 0.95;
constexpr int64_t kNoLimit = 0x7fffffffffffffff;
// The memory limit is approached with this much room for what cannot be foreseen.
constexpr uint64_t kMemoryLimitHeadroom = 1 << 20;
constexpr uint64_t kMemoryLimitHeadroomPercent = 3;
constexpr uint64_t kHardGoalPart = 10;  // a cycle may overrun its goal by one part of so many
constexpr int64_t kLeastAhead = 16 << 10;  // bytes
// A share of dedicated workers further from the goal than this is made up by fractional ones.
constexpr double kMaxUtilizationError = 0.3;

void setDouble(Atomic<uint64_t>* to, double v) { to->storeRelaxed(__builtin_bit_cast(uint64_t, v)); }

}  // namespace

void gcLimiterUpdate(int64_t now, GcCpuLimiter::Share share) {
  if (debug.gcstoptheworld != 0 && share == GcCpuLimiter::Marking) share = GcCpuLimiter::Stopped;
  gcCpuLimiter.update(now, share, gomaxprocs, sched.npidle.load(), gcTotals.numGC.load() + 1);
}

void GcController::init(int32_t percent, int64_t limit) {
  heapMinimum = kDefaultHeapMinimum;
  triggered = ~uint64_t{0};
  memoryLimit.store(limit < 0 ? kNoLimit : limit);
  setGCPercent(percent);
  commit();
}

int32_t GcController::setGCPercent(int32_t in) {
  const int32_t old = gcPercent.load();
  if (in < 0) in = -1;
  if (in >= 0) heapMinimum = kDefaultHeapMinimum * uint64_t(in) / 100;
  gcPercent.store(in);
  return old;
}

int64_t GcController::setMemoryLimit(int64_t in) {
  const int64_t old = memoryLimit.load();
  if (in >= 0) memoryLimit.store(in);
  return old;
}

void GcController::commit() {
  uint64_t goal = ~uint64_t{0};
  if (const int32_t percent = gcPercent.load(); percent >= 0) {
    goal = heapMarked + (heapMarked + lastStackScan.load() + globalsScan.load()) * uint64_t(percent) / 100;
    if (goal < heapMinimum) goal = heapMinimum;
  }
  gcPercentHeapGoal.store(goal);
  const double scan = double(lastHeapScan + lastStackScan.load() + globalsScan.load());
  runway.store(uint64_t(consMark * (1 - kBackgroundUtilization) / kBackgroundUtilization * scan));
}

namespace {

uint64_t limitHeadroom(uint64_t goal) {
  const uint64_t headroom = goal / 100 * kMemoryLimitHeadroomPercent;
  return headroom < kMemoryLimitHeadroom ? kMemoryLimitHeadroom : headroom;
}

// What the program has mapped besides the heap.
uint64_t nonHeapBytes() {
  const HeapStats& h = mheap_.stats;
  return h.stacksInUse.load() + h.gcMiscSys.load() + h.otherSys.load() + h.mspanSys.load() + h.mcacheSys.load() +
         h.buckHashSys.load() + uint64_t(stackStats.sys.load());
}
}  // namespace

uint64_t GcController::overLimit(uint64_t more) const {
  const uint64_t limit = uint64_t(memoryLimit.load());
  if (limit == uint64_t(kNoLimit)) return 0;
  const uint64_t all = mheap_.stats.heapInUse.load() + mheap_.stats.heapFree.load() + nonHeapBytes() + more;
  return all > limit ? all - limit : 0;
}

uint64_t GcController::memoryLimitHeapGoal() const {
  const uint64_t limit = uint64_t(memoryLimit.load());
  if (limit == uint64_t(kNoLimit)) return ~uint64_t{0};
  // What the program has mapped that is not objects and not free heap pages.
  const HeapStats& h = mheap_.stats;
  const uint64_t heapInUse = h.heapInUse.load(), heapFree = h.heapFree.load(), live = heapLive.load();
  uint64_t nonHeap = nonHeapBytes();
  const uint64_t mapped = heapInUse + heapFree + nonHeap;
  const uint64_t overage = mapped > limit ? mapped - limit : 0;
  if (heapInUse > live) nonHeap += heapInUse - live;  // fragmentation, and garbage that waits to be swept: not yet room for objects
  if (nonHeap + overage >= limit) return heapMarked;
  uint64_t goal = limit - (nonHeap + overage);
  const uint64_t headroom = limitHeadroom(goal);
  goal = goal < headroom || goal - headroom < headroom ? headroom : goal - headroom;
  return goal < heapMarked ? heapMarked : goal;
}

uint64_t GcController::heapGoal() const {
  const uint64_t byPercent = gcPercentHeapGoal.load(), byLimit = memoryLimitHeapGoal();
  uint64_t goal = byPercent;
  if (byLimit < goal) {
    goal = byLimit;
  } else if (const uint64_t started = triggered; started != ~uint64_t{0}) {
    // A cycle that was started before its time still gets some room.
    constexpr uint64_t kMinRoom = 64 << 10;
    if (goal < started + kMinRoom) goal = started + kMinRoom;
  }
  return goal;
}

uint64_t GcController::trigger(uint64_t* goalOut) const {
  const uint64_t goal = heapGoal();
  *goalOut = goal;
  if (heapMarked >= goal) return goal;
  const uint64_t room = goal - heapMarked;
  uint64_t least = heapMarked + uint64_t(double(room) * kMinTriggerRatio);
  uint64_t most = heapMarked + uint64_t(double(room) * kMaxTriggerRatio);
  // A large heap may start as late as one minimum heap before its goal.
  if (goal > kDefaultHeapMinimum && goal - kDefaultHeapMinimum > most) most = goal - kDefaultHeapMinimum;
  if (most < least) most = least;
  const uint64_t run = runway.load();
  uint64_t at = run > goal ? least : goal - run;
  if (at < least) at = least;
  if (at > most) at = most;
  return at > goal ? goal : at;
}

void GcController::startCycle(int64_t now, int32_t procs, bool timeTriggered) {
  heapScanWork.store(0);
  stackScanWork.store(0);
  globalsScanWork.store(0);
  bgScanCredit.store(0);
  assistTime.store(0);
  dedicatedMarkTime.store(0);
  fractionalMarkTime.store(0);
  idleMarkTime.store(0);
  markStartTime = now;
  triggered = heapLive.load();

  const double wanted = double(procs) * kBackgroundUtilization;
  int64_t dedicated = int64_t(wanted + 0.5);
  fractionalUtilizationGoal = 0;
  const double error = double(dedicated) / wanted - 1;
  if (error < -kMaxUtilizationError || error > kMaxUtilizationError) {
    // Rounding would miss the goal by too much: one less, and the rest as a part of everybody's time.
    if (double(dedicated) > wanted) dedicated--;
    fractionalUtilizationGoal = (wanted - double(dedicated)) / double(procs);
  }
  if (work.mode != GcMode::Background) {
    dedicated = procs;
    fractionalUtilizationGoal = 0;
  }
  dedicatedMarkWorkersNeeded.store(dedicated);
  // A collection that only the clock asked for should not keep idle CPUs busy.
  maxIdleMarkWorkers = timeTriggered ? (dedicated == 0 ? 1 : 0) : procs - int32_t(dedicated);
  for (int32_t i = 0; i < gomaxprocs; i++) {
    allp[i]->gcAssistTime = 0;
    allp[i]->gcFractionalMarkTime = 0;
  }
  revise();
  if (debug.gcpacertrace > 0) {
    rtFormat("pacer: assist ratio=# (scan # MB in #-># MB) workers=#+#\n", assistWorkPerByte(), heapScan.load() >> 20,
             work.initialHeapLive >> 20, heapGoal() >> 20, dedicated, fractionalUtilizationGoal);
  }
}

// How far a cycle may go beyond its goal before allocation waits for it to end. A goal that the memory limit sets lies the
// headroom below the limit, and that is all there is, as long as the program uses so little of the limit that waiting does
// not mean collecting all the time: then the limit is held also when the workers wait for a CPU that other programs have.
uint64_t GcController::hardGoal(uint64_t goal, bool* limited) const {
  *limited = memoryLimitHeapGoal() <= goal && heapMarked <= goal / 4 * 3;
  return *limited ? goal + limitHeadroom(goal) : goal + goal / kHardGoalPart;
}

void GcController::revise() {
  int32_t percent = gcPercent.load();
  if (percent < 0) percent = 100000;
  const uint64_t live = heapLive.load(), scan = heapScan.load();
  const int64_t done = heapScanWork.load() + stackScanWork.load() + globalsScanWork.load();
  int64_t goal = int64_t(heapGoal());
  bool limited;
  const int64_t hard = int64_t(hardGoal(uint64_t(goal), &limited));
  // What one assist may earn ahead: with little to scan, the smallest one would be worth more than all that is left. When that is
  // nothing, nothing if a limit sets the goal, else what keeps the program moving.
  assistMost.storeRelaxed(maxOf(limited ? 0 : kLeastAhead, (hard - int64_t(live)) / (4 * gomaxprocs)));
  // In the steady state as much was scannable last time; at worst everything is.
  const int64_t expected = int64_t(lastHeapScan + lastStackScan.load() + globalsScan.load());
  const int64_t most = int64_t(scan + maxStackScan.load() + globalsScan.load());
  int64_t work = expected;
  if (done > work) {
    // More than expected: go for everything, and let the goal move as far as that needs.
    const double grown = double(goal) * (double(most) / double(expected > 0 ? expected : 1));
    work = most;
    if (grown > double(goal)) goal = int64_t(grown < double(hard) ? grown : double(hard));
  }
  if (int64_t(live) > goal) {
    goal = hard;
    work = most;
  }
  int64_t left = work - done;
  if (left < 1000) left = 1000;
  int64_t room = goal - int64_t(live);
  if (room <= 0) room = 1;
  setDouble(&assistWorkPerByteBits, double(left) / double(room));
  setDouble(&assistBytesPerWorkBits, double(room) / double(left));
}

void GcController::endCycle(int64_t now, int32_t procs) {
  double utilization = kBackgroundUtilization;
  const int64_t took = now - markStartTime;
  if (took > 0) {
    utilization += double(assistTime.load()) / double(took * procs);
  }
  const uint64_t live = heapLive.load();
  if (live <= triggered) return;  // nothing was allocated: nothing to be learnt
  const double idle = took > 0 ? double(idleMarkTime.load()) / double(took * procs) : 0;
  const double scanWork = double(heapScanWork.load() + stackScanWork.load() + globalsScanWork.load());
  if (scanWork <= 0 || utilization >= 1) return;
  const double measured = (double(live - triggered) * (utilization + idle)) / (scanWork * (1 - utilization));
  const double before = consMark;
  // The largest of the last ones: rather early than late.
  consMark = measured;
  for (double v : lastConsMark)
    if (v > consMark) consMark = v;
  for (int i = 0; i < 3; i++) lastConsMark[i] = lastConsMark[i + 1];
  lastConsMark[3] = measured;
  if (debug.gcpacertrace > 0) {
    rtFormat("pacer: #% CPU (# exp.) for #+#+# B work (# B exp.) in # B -> # B (∆goal #, cons/mark #)\n", int64_t(utilization * 100),
             int64_t(kBackgroundUtilization * 100), heapScanWork.load(), stackScanWork.load(), globalsScanWork.load(),
             lastHeapScan + lastStackScan.load() + globalsScan.load(), triggered, live, int64_t(live - heapGoal()), before);
  }
}

void GcController::resetLive(uint64_t bytesMarked) {
  heapMarked = bytesMarked;
  heapLive.store(bytesMarked);
  traceEvent(TraceEvent::HeapAlloc, bytesMarked);
  heapScan.store(uint64_t(heapScanWork.load()));
  lastHeapScan = uint64_t(heapScanWork.load());
  lastStackScan.store(uint64_t(stackScanWork.load()));
  maxStackScan.store(uint64_t(stackScanWork.load()));
  triggered = ~uint64_t{0};
}

void GcController::update(int64_t live, int64_t scan) {
  if (live != 0) traceEvent(TraceEvent::HeapAlloc, heapLive.xadd(uint64_t(live)));
  if (gcBlackenEnabled.loadRelaxed() == 0) {
    if (scan != 0) heapScan.xadd(uint64_t(scan));
  } else {
    revise();
  }
}

// More work was made available than one P could keep: a P that runs something else is asked to look for it. Ps are
// asked one at a time, at random, and only while a dedicated worker is wanted; idle Ps find the work by themselves.
void gcEnlistWorker() {
  if (gcController.dedicatedMarkWorkersNeeded.load() <= 0) return;
  if (gomaxprocs <= 1) return;
  G* gp = getg();
  if (gp == nullptr || gp->m == nullptr || gp->m->p == nullptr) return;
  const int32_t me = gp->m->p->id;
  for (int tries = 0; tries < 5; tries++) {
    int32_t id = int32_t(cheaprandn(uint32_t(gomaxprocs - 1)));
    if (id >= me) id++;
    P* p = allp[id];
    if (p->status.load() != Prunning) continue;
    if (preemptone(p)) return;
  }
}

}  // namespace burrow::rt
