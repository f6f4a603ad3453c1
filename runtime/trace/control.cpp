// Starting and ending traces, generations, and the reader.
//
// A trace is a row of generations, about a second each, that can be read by themselves: the flight recorder throws old ones away.
// The next one begins like this (traceAdvance):
//
//   1  note every goroutine about which nothing was recorded in this generation (it slept all the time), with its stack
//   2  make every P tell its state (forEachP)
//   3  announce the new generation; from here on threads that begin to record use it
//   4  wait, for each thread, until it does not record, and queue its buffer of the old generation
//   5  write out the samples of the CPU profile; tell the goroutines of step 1 that still have nothing recorded; write out the stacks;
//      end the strings
//   6  wait until the reader has everything
//
// Nobody stops for that. Between 2 and 3 the world may not stop either (worldsema is held), so that the events about that come in
// pairs. Starting stops the world: then every goroutine's first look at the hook sees it.
//
// The reader is the goroutine that calls ReadTrace. It sleeps on a note, like a system call that blocks, because buffers are queued in
// places where no goroutine can be made runnable.
#include "boot/boot.h"
#include "gc/gc.h"
#include "sched/preempt.h"
#include "timer/timer.h"
#include "trace/control.h"
#include "trace/table.h"

namespace burrow::rt {

TraceLabels traceLabels[2];

namespace {

uint32_t advanceSema = 1, shutdownSema = 1;

constexpr int64_t kAdvancePeriod = 1000000000;

const char* const markWorkerTexts[4] = {"Not worker", "GC (dedicated)", "GC (fractional)", "GC (idle)"};
const char* const stopTexts[3] = {"unspecified", "runtime.Gosched", "preempted"};
const char* const blockTexts[kTraceBlocks] = {
    "unspecified", "forever", "network", "select", "sync.(*Cond).Wait", "sync", "chan send", "chan receive",
    "GC mark assist wait for work", "GC background sweeper wait", "system goroutine wait", "preempted", "wait for debug call",
    "wait until GC ends", "sleep", "GC weak to strong wait", "synctest",
};

// The generation has not begun.
void registerLabels(uint64_t gen) {
  TraceStrings& t = traceStrings[gen % 2];
  TraceLabels& l = traceLabels[gen % 2];
  for (int i = 0; i < 4; i++) l.markWorker[i] = t.put(gen, markWorkerTexts[i]);
  for (int i = 0; i < 3; i++) l.stop[i] = t.put(gen, stopTexts[i]);
  for (int i = 0; i < kTraceBlocks; i++) l.block[i] = t.put(gen, blockTexts[i]);
}

uint64_t clockFrequency() { return uint64_t(1000000000 / kTraceTimeDiv); }

// ---- the goroutine that ends generations

struct Advancer {
  Timer timer = {};
  FuncVal fire = {};
  G* g = nullptr;
  Atomic<uint32_t> asleep, stop;
  uint32_t doneSema = 0;
};
constinit Advancer advancer;

void wakeAdvancer() {
  if (advancer.asleep.cas(1, 0)) goready(advancer.g);
}
GOABI void advancerFires(const abi::Type*, void*, uint64_t, int64_t) { wakeAdvancer(); }

bool advancerParked(G*, void*) {
  advancer.asleep.store(1);
  if (advancer.stop.load() != 0 && advancer.asleep.cas(1, 0)) return false;
  int64_t period = kAdvancePeriod;
  size_t n;
  if (const char* s = godebugValue("traceadvanceperiod", &n); s != nullptr) {
    int64_t v = 0;
    for (size_t i = 0; i < n && s[i] >= '0' && s[i] <= '9' && v < int64_t(1) << 50; i++) v = v * 10 + (s[i] - '0');
    if (v > 0) period = v;
  }
  timerModify(&advancer.timer, nanotime() + period, 0, nullptr, {}, 0);
  return true;
}

void traceAdvance(bool stop);

void traceAdvancer() __asm__("runtime.traceAdvancer");
void traceAdvancer() {
  advancer.g = getg();
  while (advancer.stop.load() == 0) {
    gopark(advancerParked, nullptr, WaitReason::Sleep, TraceBlockReason::Sleep);
    systemstack([] { timerStop(&advancer.timer); });
    if (advancer.stop.load() == 0) traceAdvance(false);
  }
  semrelease(&advancer.doneSema);
}

// ---- goroutines that were not heard of

struct Untold {
  G* gp;
  uint64_t goid, mid, stack;
  TraceGoStatus status;
  bool inAssist;
};

TraceGoStatus statusOf(G* gp) {
  switch (readgstatus(gp) & ~uint32_t(Gscan)) {
    case Grunnable: return GoRunnable;
    case Grunning: return GoRunning;
    case Gsyscall: return GoSyscall;
    default: return waitsForSuspendG(gp->waitreason) ? GoRunning : GoWaiting;
  }
}

void noteUntold(uint64_t gen, Untold* list, int64_t room, int64_t* count) {
  int64_t left = room;
  // The list only grows; whoever is made meanwhile tells of itself.
  for (G* gp = __atomic_load_n(&allgs, __ATOMIC_ACQUIRE); gp != nullptr && left-- > 0; gp = gp->alllink) {
    // Also those that are dead: they come back as others.
    gp->trace.readyNext(gen);
    if (gp->trace.wasTold(gen)) continue;
    asWaiting(WaitReason::TraceGoroutineStatus, [&] {
      const SuspendGState s = suspendG(gp);
      if (!s.dead) {
        list[(*count)++] = {gp, gp->goid, gp->m != nullptr ? gp->m->procid : ~uint64_t(0), traceStack(gen, gp), statusOf(gp),
                            gp->trace.inAssist};
      }
      resumeG(s);
    });
  }
}

// Queues what threads have recorded in gen, the generation before the present one.
void flushThreads(uint64_t gen) {
  lock(&sched.lock);
  M* list = allm;
  for (M* m = list; m != nullptr; m = m->alllink) m->trace.link = m->alllink;
  unlock(&sched.lock);
  // Threads that end meanwhile have queued theirs, or are in the list.
  while (list != nullptr) {
    M** link = &list;
    while (M* m = *link) {
      if (m->trace.writing.load()) {
        link = &m->trace.link;
        continue;
      }
      lock(&trace.lock);
      if (TraceBuf* b = m->trace.buf[gen % 2]) {
        traceBufFlush(b, gen);
        m->trace.buf[gen % 2] = nullptr;
      }
      unlock(&trace.lock);
      *link = m->trace.link;
      m->trace.link = nullptr;
    }
    if (list != nullptr) osyield();
  }
}

bool startTrace() {
  if (traceHook.load() != nullptr || trace.shutdown) return false;
  semacquire(&shutdownSema);  // the last trace has been cleaned up
  semrelease(&shutdownSema);
  semacquire(&advanceSema);
  if (traceHook.load() != nullptr) {
    semrelease(&advanceSema);
    return false;
  }
  for (int i = 0; i < 2; i++) {
    traceStacks[i].init();
    traceStrings[i].table.init();
  }
  traceCpuSamplesInit();
  // Numbers go on from trace to trace: what G, M and P keep by generation need not be cleared.
  const uint64_t gen = trace.lastGen + 1;
  trace.seqGC = 1;
  trace.headerWritten = trace.endWritten = false;
  trace.readerGen = gen;
  trace.flushedGen = 0;
  systemstack([&] { registerLabels(gen); });

  WorldStop w = stopTheWorld("start trace");
  systemstack([&] {
    lock(&sched.sysmonlock);
    for (int32_t i = 0; i < gomaxprocs; i++) allp[i]->traceP.syscallM = -1;
    // The hook before the generation: whoever sees the generation sees the hook.
    traceHook.store(traceOnEvent);
    trace.gen.store(gen);
    // Threads without a P do not stop. Those that are between a look at the hook and a change of a state say so.
    while (sched.exitingSyscall.load() != 0) osyield();
    traceBegin(clockFrequency());
    traceEvent(TraceEvent::StwBegin, "start trace");
    traceEvent(TraceEvent::HeapGoal);
    unlock(&sched.sysmonlock);
  });
  startTheWorld(w);

  advancer.fire.code = reinterpret_cast<void*>(advancerFires);
  timerInit(&advancer.timer, &advancer.fire, {});
  advancer.stop.store(0);
  newprocSystem(traceAdvancer);
  semrelease(&advanceSema);
  return true;
}

void traceAdvance(bool stop) {
  semacquire(&advanceSema);
  const uint64_t gen = trace.gen.load();
  if (gen == 0) {
    semrelease(&advanceSema);
    return;
  }
  const int64_t room = allglen.load();
  const size_t listSize = alignUp(size_t(room) * sizeof(Untold), kPhysPageSize);
  auto* list = static_cast<Untold*>(sysAlloc(listSize));
  if (list == nullptr) throw_("trace: out of memory");
  int64_t count = 0;
  noteUntold(gen, list, room, &count);
  if (!stop) systemstack([&] { registerLabels(gen + 1); });

  semacquire(&worldsema);
  asWaiting(WaitReason::TraceProcStatus, [] { forEachP([](P* pp, void*) { traceTellP(pp); }, nullptr); });
  // Ps that GOMAXPROCS took away may come back.
  for (int32_t i = gomaxprocs; i < allpEver; i++) allp[i]->trace.readyNext(gen);

  M* m = acquirem();
  trace.lastGen = gen;
  systemstack([&] {
    if (stop) {
      lock(&trace.lock);
      trace.shutdown = true;
      trace.gen.store(0);
      unlock(&trace.lock);
      traceHook.store(nullptr);
    } else {
      trace.gen.store(gen + 1);
      traceBegin(clockFrequency());
    }
  });
  releasem(m);
  semrelease(&worldsema);

  systemstack([&] {
    flushThreads(gen);
    traceDumpCpuSamples(gen);
    TraceWriter w{gen};
    for (int64_t i = 0; i < count; i++) {
      const Untold& u = list[i];
      if (u.gp->trace.wasTold(gen)) continue;
      if (u.stack != 0) w.event(EvGoStatusStack, u.goid, u.mid, u.status, u.stack);
      else w.event(EvGoStatus, u.goid, u.mid, u.status);
      if (u.inAssist) w.event(EvGCMarkAssistActive, u.goid);
    }
    w.flush();
    sysFree(list, listSize);
  });
  traceDumpStacks(gen);
  systemstack([&] {
    traceStrings[gen % 2].finish(gen);
    lock(&trace.lock);
    trace.flushedGen = gen;
    traceWakeReader();
    unlock(&trace.lock);
  });

  if (stop) semacquire(&shutdownSema);
  semacquire(&trace.doneSema[gen % 2]);
  if (stop) {
    systemstack([&] {
      lock(&trace.lock);
      if (!trace.full[0].empty() || !trace.full[1].empty()) throw_("trace: non-empty full trace buffer after the end");
      while (TraceBuf* b = trace.empty) {
        trace.empty = b->link;
        sysFree(b, sizeof(TraceBuf));
      }
      trace.shutdown = false;
      unlock(&trace.lock);
    });
    M* mp = acquirem();
    for (int32_t i = 0; i < allpEver; i++) allp[i]->trace.inSweep = false;
    releasem(mp);
  }
  semrelease(&advanceSema);
  if (stop) {
    advancer.stop.store(1);
    wakeAdvancer();
    semacquire(&advancer.doneSema);
    semrelease(&shutdownSema);
  }
}

// ---- the reader

constexpr char kHeader[] = "go 1.26 trace\0\0";  // 16 bytes with the NUL that ends it
constexpr uint8_t kEndOfGeneration[1] = {EvEndOfGeneration};

// On g0. wait: nothing to read now.
GoString readTrace0(bool* wait, uint32_t** done) {
  lock(&trace.lock);
  if (TraceBuf* b = trace.reading) {
    b->link = trace.empty;
    trace.empty = b;
    trace.reading = nullptr;
  }
  GoString r = {nullptr, 0};
  for (;;) {
    if (!trace.headerWritten) {
      if (trace.gen.load() == 0 && !trace.shutdown) break;
      trace.headerWritten = true;
      r = {reinterpret_cast<const uint8_t*>(kHeader), sizeof kHeader};
      break;
    }
    const uint64_t gen = trace.readerGen;
    if (!trace.full[gen % 2].empty()) {
      trace.reading = trace.full[gen % 2].pop();
      r = {trace.reading->data, int64_t(trace.reading->pos)};
      break;
    }
    if (trace.flushedGen == gen) {
      if (!trace.endWritten) {
        trace.endWritten = true;
        r = {kEndOfGeneration, 1};
        break;
      }
      trace.endWritten = false;
      *done = &trace.doneSema[gen % 2];
      if (trace.shutdown) {
        trace.headerWritten = false;
        break;
      }
      trace.readerGen = gen + 1;
      *wait = true;
      break;
    }
    noteclear(&trace.readerNote);
    trace.readerWaits = true;
    *wait = true;
    break;
  }
  unlock(&trace.lock);
  return r;
}

}  // namespace

GO_DECL("runtime.startTrace", bool, goStartTrace, ());
bool goStartTrace() { return startTrace(); }
GO_DECL("runtime.traceAdvance", void, goTraceAdvance, (bool stop));
void goTraceAdvance(bool stop) { traceAdvance(stop); }
GO_DECL("runtime.traceClockNow", uint64_t, goTraceClockNow, ());
uint64_t goTraceClockNow() { return traceClock(); }
GO_DECL("runtime/trace.runtime_traceClockUnitsPerSecond", uint64_t, goTraceClockUnits, ());
uint64_t goTraceClockUnits() { return clockFrequency(); }

// The next piece of the trace: a header, a batch, or the end of a generation; nothing at the end of the trace.
GO_DECL("runtime.readTrace", GoString, goReadTrace, ());
GoString goReadTrace() {
  for (;;) {
    GoString r;
    bool wait = false;
    uint32_t* done = nullptr;
    systemstack([&] { r = readTrace0(&wait, &done); });
    if (done != nullptr) {
      semrelease(done);
      if (wait) continue;
    }
    if (!wait) return r;
    getg()->waitreason = WaitReason::TraceReaderBlocked;
    notetsleepg(&trace.readerNote, -1);
  }
}

void traceSync(uint64_t gen, uint64_t frequency) {
  TraceWriter w{gen};
  w.ensure(3 + 5 * kTraceNumber);
  w.byte(EvSync);
  w.byte(EvFrequency);
  w.varint(frequency);
  int64_t sec, mono;
  int32_t nsec;
  wallAndMono(&sec, &nsec, &mono);
  w.byte(EvClockSnapshot);
  w.varint(w.timeDelta());
  w.varint(uint64_t(mono));
  w.varint(uint64_t(sec));
  w.varint(uint64_t(nsec));
  w.flush();
}

}  // namespace burrow::rt
