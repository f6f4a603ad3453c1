// What package time is linked to: Sleep, timers, the clocks.
//
// time.Timer and time.Ticker begin with their channel and a flag; what newTimer allocates has the runtime's Timer behind
// that, which package time does not see. Inside a synctest bubble the clocks are the bubble's.
#include "chan/chan.h"
#include "gc/barrier.h"
#include "mem/malloc.h"
#include "sched/proc.h"
#include "sched/synctest.h"
#include "timer/timer.h"

namespace burrow::rt {

// As time.Timer begins.
struct TimeTimer {
  void* c;
  bool init;
  Timer timer;
};

namespace {

// Heap pointers of a TimeTimer: c, the function, the argument's data. (Its type and the heap are no heap objects.)
constexpr uint64_t kTimeTimerMask =
    uint64_t(1) << offsetof(TimeTimer, c) / 8 | uint64_t(1) << (offsetof(TimeTimer, timer) + offsetof(Timer, f)) / 8 |
    uint64_t(1) << (offsetof(TimeTimer, timer) + offsetof(Timer, arg) + offsetof(Eface, data)) / 8;
constexpr uint64_t kTimeTimerPtrBytes = offsetof(TimeTimer, timer) + offsetof(Timer, arg) + sizeof(Eface);
static_assert(offsetof(TimeTimer, init) == 8 && kTimeTimerPtrBytes <= 64 * 8);
uint64_t timeTimerMask[1] = {kTimeTimerMask};
const abi::Type timeTimerType = {sizeof(TimeTimer),
                                 kTimeTimerPtrBytes,
                                 0,
                                 0,
                                 8,
                                 8,
                                 abi::kStruct,
                                 nullptr,
                                 reinterpret_cast<uint8_t*>(timeTimerMask),
                                 0,
                                 0};

// Timer function of a sleeping goroutine.
GOABI void goroutineReady(const abi::Type*, void* g, uint64_t, int64_t) { goready(static_cast<G*>(g)); }
FuncVal goroutineReadyFunc = {reinterpret_cast<void*>(goroutineReady)};

// gopark's unlock function: only now that the goroutine is parked its timer may fire.
bool resetForSleep(G* gp, void*) {
  timerModify(static_cast<Timer*>(gp->timer), gp->sleepWhen, 0, nullptr, {}, 0);
  return true;
}

int64_t bubbleOrNanotime() {
  SynctestBubble* bubble = getg()->bubble;
  return bubble != nullptr ? bubble->now : nanotime();
}

}  // namespace

GO_DECL("time.Sleep", void, timeSleep, (int64_t ns));
NO_TAIL_CALLS void timeSleep(int64_t ns) {
  if (ns <= 0) return;
  G* gp = getg();
  Timer* t = static_cast<Timer*>(gp->timer);
  if (t == nullptr) {
    t = static_cast<Timer*>(persistentAlloc(sizeof(Timer), alignof(Timer), nullptr));  // stays with the G for ever
    timerInit(t, &goroutineReadyFunc, {nullptr, gp});
    gp->timer = t;
  }
  t->isFake = gp->bubble != nullptr;
  int64_t when = int64_t(uint64_t(bubbleOrNanotime()) + uint64_t(ns));
  gp->sleepWhen = when < 0 ? kMaxWhen : when;
  if (t->isFake) {
    // A bubble's clock does not move before this goroutine is parked; and its timers are set by its goroutines only.
    resetForSleep(gp, nullptr);
    gopark(nullptr, nullptr, WaitReason::Sleep, TraceBlockReason::Sleep, 1);
  } else {
    gopark(resetForSleep, nullptr, WaitReason::Sleep, TraceBlockReason::Sleep, 1);
  }
}

GO_DECL("time.newTimer", TimeTimer*, newTimer,
        (int64_t when, int64_t period, FuncVal* f, const abi::Type* argType, void* arg, HChan* c));
TimeTimer* newTimer(int64_t when, int64_t period, FuncVal* f, const abi::Type* argType, void* arg, HChan* c) {
  auto* t = static_cast<TimeTimer*>(newobject(&timeTimerType));
  timerInit(&t->timer, nullptr, {});
  if (c != nullptr) {
    t->timer.isChan = true;
    if (c->dataqsiz == 0) throw_("invalid timer channel: no capacity");
    storePointer(&c->timer, static_cast<void*>(&t->timer));
  }
  t->timer.isFake = getg()->bubble != nullptr;
  timerModify(&t->timer, when, period, f, {argType, arg}, 0);
  t->init = true;
  return t;
}

GO_DECL("time.stopTimer", bool, stopTimer, (TimeTimer * t));
bool stopTimer(TimeTimer* t) {
  if (t->timer.isFake && getg()->bubble == nullptr) fatal("stop of synctest timer from outside bubble");
  return timerStop(&t->timer);
}

GO_DECL("time.resetTimer", bool, resetTimer, (TimeTimer * t, int64_t when, int64_t period));
bool resetTimer(TimeTimer* t, int64_t when, int64_t period) {
  if (t->timer.isFake && getg()->bubble == nullptr) fatal("reset of synctest timer from outside bubble");
  return timerModify(&t->timer, when, period, nullptr, {}, 0);
}

// ---- clocks. Three words, so that each result has its own register.

struct TimeNow {
  int64_t sec;
  int64_t nsec;
  int64_t mono;
};
GO_DECL("time.now", TimeNow, timeNow, ());
TimeNow timeNow() {
  TimeNow r;
  int32_t nsec;
  wallAndMono(&r.sec, &nsec, &r.mono);
  r.nsec = nsec;
  return r;
}

GO_DECL("time.runtimeNow", TimeNow, timeRuntimeNow, ());
TimeNow timeRuntimeNow() {
  if (SynctestBubble* bubble = getg()->bubble) {
    // Without a monotonic reading: times made inside and outside of the bubble could not be compared.
    constexpr int64_t kSecond = 1000000000;
    return {bubble->now / kSecond, bubble->now % kSecond, 0};
  }
  return timeNow();
}

GO_DECL("time.runtimeNano", int64_t, timeRuntimeNano, ());
int64_t timeRuntimeNano() { return bubbleOrNanotime(); }
GO_DECL("time.runtimeIsBubbled", bool, timeIsBubbled, ());
bool timeIsBubbled() { return getg()->bubble != nullptr; }
GO_DECL("runtime.nanotime", int64_t, goNanotime, ());
int64_t goNanotime() { return nanotime(); }
GO_DECL("internal/sync.runtime_nanotime", int64_t, internalSyncNanotime, ());
int64_t internalSyncNanotime() { return nanotime(); }
GO_DECL("crypto/internal/fips140deps/time.monoTime", int64_t, fipsMonoTime, ());
int64_t fipsMonoTime() { return nanotime(); }

}  // namespace burrow::rt
