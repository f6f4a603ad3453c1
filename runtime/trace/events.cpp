// From what happens to events. The rules, which the readers of a trace check:
//
//   A thread records while M::trace.writing is set, and in the generation that it read after setting it. So control.cpp knows, once a
//   new generation has been announced and no flag is set, that the old one is complete.
//   A change of a goroutine's or P's state and its event are made inside one such section, by the thread that owns the
//   goroutine or P. Otherwise a generation could end between the two, and the next one would begin with a state that does not
//   fit its first event. Changes to Grunning come before their event: nobody can look at a running goroutine.
//   Before the first event about a goroutine or P in a generation its state is told; the events after that are numbered, which
//   orders events of different threads. Threads need no numbers: their batches come in order.
//
// All of it runs on g0 (the hook goes there), where nothing is preempted and no stack grows.
#include "gc/gc.h"
#include "sched/proc.h"
#include "sched/synctest.h"
#include "trace/control.h"
#include "trace/table.h"

namespace burrow::rt {

namespace {

uint64_t blockReason(WaitReason r) {
  switch (r) {
    case WaitReason::IOWait: return TraceBlockNet;
    case WaitReason::ChanReceiveNilChan:
    case WaitReason::ChanSendNilChan:
    case WaitReason::SelectNoCases:
    case WaitReason::PanicWait: return TraceBlockForever;
    case WaitReason::Select:
    case WaitReason::SynctestSelect: return TraceBlockSelect;
    case WaitReason::SyncCondWait: return TraceBlockCondWait;
    case WaitReason::Semacquire:
    case WaitReason::SyncMutexLock:
    case WaitReason::SyncRWMutexRLock:
    case WaitReason::SyncRWMutexLock:
    case WaitReason::SyncWaitGroupWait:
    case WaitReason::SynctestWaitGroupWait: return TraceBlockSync;
    case WaitReason::ChanSend:
    case WaitReason::SynctestChanSend: return TraceBlockChanSend;
    case WaitReason::ChanReceive:
    case WaitReason::SynctestChanReceive: return TraceBlockChanRecv;
    case WaitReason::GCAssistWait: return TraceBlockGCMarkAssist;
    case WaitReason::GCSweepWait: return TraceBlockGCSweep;
    case WaitReason::GCScavengeWait:
    case WaitReason::FinalizerWait:
    case WaitReason::CleanupWait:
    case WaitReason::ForceGCIdle:
    case WaitReason::GCWorkerIdle:
    case WaitReason::TraceReaderBlocked: return TraceBlockSystemGoroutine;
    case WaitReason::Preempted: return TraceBlockPreempted;
    case WaitReason::DebugCall: return TraceBlockDebugCall;
    case WaitReason::WaitForGCCycle: return TraceBlockUntilGCEnds;
    case WaitReason::Sleep: return TraceBlockSleep;
    case WaitReason::GCWeakToStrongWait: return TraceBlockGCWeakToStrongWait;
    case WaitReason::SynctestRun:
    case WaitReason::SynctestWait: return TraceBlockSynctest;
    default: return TraceBlockGeneric;
  }
}

// One section: from the flag to its end.
struct Section {
  M* m;
  uint64_t gen = 0;
  TraceWriter w{};
  bool keep = false;  // the section goes on in the next call

  explicit Section(M* mp) : m(mp) {
    if (!m->trace.writing.load()) {
      m->trace.writing.store(1);
      m->trace.gen = trace.gen.load();
      if (m->trace.gen == 0) {
        m->trace.writing.store(0);
        return;
      }
    }
    gen = m->trace.gen;
    w = {gen, m->procid, m->trace.buf[gen % 2]};
  }
  ~Section() {
    if (gen == 0) return;
    m->trace.buf[gen % 2] = w.buf;
    if (!keep) m->trace.writing.store(0);
  }
  bool ok() const { return gen != 0; }

  // What this thread's P and goroutine are before the event that follows.
  void states(TraceGoStatus goStatus, TraceProcStatus procStatus) {
    if (P* pp = m->p; pp != nullptr && !pp->trace.wasTold(gen) && pp->trace.acquireTold(gen)) tellP(pp, procStatus);
    if (G* gp = m->curg; gp != nullptr && !gp->trace.wasTold(gen) && gp->trace.acquireTold(gen)) tellG(gp, goStatus);
  }
  void tellP(P* pp, TraceProcStatus s) {
    w.event(EvProcStatus, pp->id, s);
    if (pp->trace.inSweep) w.event(EvGCSweepActive, pp->id);
  }
  void tellG(G* gp, TraceGoStatus s) {
    w.event(EvGoStatus, gp->goid, m->procid, s);
    if (gp->trace.inAssist) w.event(EvGCMarkAssistActive, gp->goid);
  }
  void tellWaiting(G* gp) {
    if (gp->trace.wasTold(gen) || !gp->trace.acquireTold(gen)) return;
    w.event(EvGoStatus, gp->goid, ~uint64_t(0), GoWaiting);
    if (gp->trace.inAssist) w.event(EvGCMarkAssistActive, gp->goid);
  }

  template <class... Args>
  void running(TraceEv ev, Args... args) {
    states(GoRunning, ProcRunning);
    w.event(ev, args...);
  }
  bool inSyscall() const { return m->curg != nullptr && (readgstatus(m->curg) & ~uint32_t(Gscan)) == Gsyscall; }
  uint64_t stack() { return m->curg != nullptr ? traceStack(gen, m->curg) : 0; }

  void goStart(G* gp) {
    w.event(EvGoStart, gp->goid, gp->trace.nextSeq(gen));
    if (m->p->gcMarkWorkerMode != uint32_t(GcMarkWorkerMode::NotWorker))
      w.event(EvGoLabel, traceLabels[gen % 2].markWorker[m->p->gcMarkWorkerMode]);
  }

  // This thread took pp away from a thread in a system call; it owns pp now.
  void procSteal(P* pp) {
    const int64_t from = pp->traceP.syscallM;
    pp->traceP.syscallM = -1;
    if (!pp->trace.wasTold(gen) && pp->trace.acquireTold(gen)) tellP(pp, ProcSyscallAbandoned);
    const bool gone = inSyscall();
    states(gone ? GoSyscall : GoRunning, gone ? ProcSyscallAbandoned : ProcRunning);
    w.event(EvProcSteal, pp->id, pp->trace.nextSeq(gen), from);
  }
};

// The system call of m's goroutine is over: did it keep its P all the time?
bool lostP(M* m) { return m->oldp == nullptr || m->oldp != m->p || m->syscalltick != m->p->syscalltick; }

bool changeStatus(M* m, G* gp, uint32_t from, uint32_t to) {
  Section s(m);
  if (!s.ok()) return false;
  const uint64_t gen = s.gen;
  switch (from << 4 | to) {
    case Gdead << 4 | Grunnable:
    case Gdead << 4 | Gwaiting: {
      const bool told = to == Grunnable;
      gp->trace.setTold(gen);
      gp->trace.inAssist = false;
      gp->trace.seq[0] = gp->trace.seq[1] = 0;
      s.running(told ? EvGoCreate : EvGoCreateBlocked, gp->goid, traceStartStack(gen, gp->startpc), s.stack());
      castogstatus(gp, from, to);
      break;
    }
    case Grunnable << 4 | Grunning:
      castogstatus(gp, from, to);
      s.states(GoRunnable, ProcRunning);
      s.goStart(gp);
      break;

    case Grunning << 4 | Gwaiting:
      if (waitsForSuspendG(gp->waitreason)) {
        // It goes on running; only whoever wants to look at its stack is told otherwise.
      } else if (gp->waitreason == WaitReason::Coroutine) {
        s.states(GoRunning, ProcRunning);
        m->trace.switching = 1;
        s.keep = true;
      } else {
        s.running(EvGoBlock, traceLabels[gen % 2].block[blockReason(gp->waitreason)], s.stack());
      }
      castogstatus(gp, from, to);
      break;
    case Gwaiting << 4 | Grunning:
      castogstatus(gp, from, to);
      if (m->trace.switching != 0) {
        s.tellWaiting(gp);
        s.w.event(m->trace.switching == 2 ? EvGoSwitchDestroy : EvGoSwitch, gp->goid, gp->trace.nextSeq(gen));
        m->trace.switching = 0;
      }
      break;
    case Gwaiting << 4 | Grunnable:
      s.tellWaiting(gp);
      s.running(EvGoUnblock, gp->goid, gp->trace.nextSeq(gen), s.stack());
      castogstatus(gp, from, to);
      break;

    case Grunning << 4 | Grunnable:
      s.running(EvGoStop, traceLabels[gen % 2].stop[m->trace.preempted != 0 ? 2 : 1], s.stack());
      castogstatus(gp, from, to);
      break;
    case Grunning << 4 | Gdead:
      if (gp->coroexit) {
        s.states(GoRunning, ProcRunning);
        m->trace.switching = 2;
        s.keep = true;
      } else {
        s.running(EvGoDestroy);
      }
      castogstatus(gp, from, to);
      break;

    case Grunning << 4 | Gsyscall:
      m->p->traceP.syscallM = int64_t(m->procid);
      s.running(EvGoSyscallBegin, m->p->trace.nextSeq(gen), traceSyscallStack(gen, gp));
      castogstatus(gp, from, to);
      break;
    case Gsyscall << 4 | Grunning: {
      const bool lost = lostP(m);
      castogstatus(gp, from, to);
      if (!lost) m->p->traceP.syscallM = -1;
      s.states(GoSyscall, lost ? ProcRunning : ProcSyscall);
      s.w.event(lost ? EvGoSyscallEndBlocked : EvGoSyscallEnd);
      if (lost) s.goStart(gp);
      break;
    }
    case Gsyscall << 4 | Grunnable:
      s.states(GoSyscall, ProcRunning);
      s.w.event(EvGoSyscallEndBlocked);
      castogstatus(gp, from, to);
      break;

    default:
      castogstatus(gp, from, to);
      break;
  }
  return true;
}

uint64_t takeP(M* m, P* pp, uint32_t to) {
  Section s(m);
  if (!s.ok()) return kNotTraced;
  if (!pp->status.cas(Psyscall, to)) return 0;
  s.procSteal(pp);
  return 1;
}

uint64_t reacquireP(M* m, P* pp) {
  Section s(m);
  if (!s.ok()) return kNotTraced;
  if (!pp->status.cas(Psyscall, Pidle)) return 0;
  pp->m = nullptr;
  wirep(pp);
  if (m->syscalltick != pp->syscalltick) {
    // Taken, and let go of by another system call: it is that call's P which we take.
    s.procSteal(pp);
    s.w.event(EvProcStart, pp->id, pp->trace.nextSeq(s.gen));
  }
  return 1;
}

void sweepSpan(M* m, uint64_t bytes, uint64_t freed) {
  Section s(m);
  P* pp = m->p;
  if (!s.ok() || pp == nullptr) return;
  if (!pp->trace.inSweep) {
    s.running(EvGCSweepBegin, s.stack());
    pp->trace.inSweep = true;
    pp->traceP.swept = pp->traceP.reclaimed = 0;
  }
  pp->traceP.swept += bytes;
  pp->traceP.reclaimed += freed;
}

uint64_t dispatch(TraceEvent e, uint64_t a, uint64_t b, uint64_t c) {
  M* m = getm();
  switch (e) {
    case TraceEvent::Status: return changeStatus(m, reinterpret_cast<G*>(a), uint32_t(b), uint32_t(c));
    case TraceEvent::TakeP: return takeP(m, reinterpret_cast<P*>(a), uint32_t(b));
    case TraceEvent::ReacquireP: return reacquireP(m, reinterpret_cast<P*>(a));
    case TraceEvent::SweepSpan: return sweepSpan(m, a, b), 0;
    case TraceEvent::ThreadEnd: return traceThreadEnd(m), 0;
    default: break;
  }
  Section s(m);
  if (!s.ok()) return kNotTraced;
  switch (e) {
    case TraceEvent::PreemptPark: {
      G* gp = reinterpret_cast<G*>(a);
      s.running(EvGoBlock, traceLabels[s.gen % 2].block[TraceBlockPreempted], s.stack());
      dropg();
      gp->atomicstatus.store(Gpreempted);
      return 1;
    }
    case TraceEvent::ProcStart: {
      P* pp = reinterpret_cast<P*>(a);
      s.states(GoSyscall, ProcIdle);
      s.w.event(EvProcStart, pp->id, pp->trace.nextSeq(s.gen));
      break;
    }
    case TraceEvent::ProcStop:
      // A call that is known to block lets go of its P after it has begun, maybe in the generation before.
      s.states(GoSyscall, s.inSyscall() ? ProcSyscall : ProcRunning);
      s.w.event(EvProcStop);
      break;
    case TraceEvent::ProcsChange: s.running(EvProcsChange, a, s.stack()); break;
    case TraceEvent::StwBegin:
      s.running(EvSTWBegin, traceStrings[s.gen % 2].put(s.gen, reinterpret_cast<const char*>(a)), s.stack());
      break;
    case TraceEvent::StwEnd: s.running(EvSTWEnd); break;
    case TraceEvent::GCBegin: s.running(EvGCBegin, trace.seqGC++, s.stack()); break;
    case TraceEvent::GCEnd: s.running(EvGCEnd, trace.seqGC++); break;
    case TraceEvent::AssistBegin:
      s.running(EvGCMarkAssistBegin, s.stack());
      m->curg->trace.inAssist = true;
      break;
    case TraceEvent::AssistEnd:
      // The trace may have begun in the middle.
      if (!m->curg->trace.inAssist) break;
      s.running(EvGCMarkAssistEnd);
      m->curg->trace.inAssist = false;
      break;
    case TraceEvent::SweepEnd:
      if (m->p == nullptr || !m->p->trace.inSweep) break;
      s.running(EvGCSweepEnd, m->p->traceP.swept, m->p->traceP.reclaimed);
      m->p->trace.inSweep = false;
      break;
    case TraceEvent::HeapAlloc: s.running(EvHeapAlloc, a); break;
    case TraceEvent::HeapGoal: s.running(EvHeapGoal, traceHeapGoal()); break;
    default: break;
  }
  return 1;
}

}  // namespace

uint64_t traceOnEvent(TraceEvent e, uint64_t a, uint64_t b, uint64_t c) {
  if (e == TraceEvent::CpuSample) {
    traceCpuSample(reinterpret_cast<const uintptr_t*>(a), uint32_t(b));
    return 1;
  }
  uint64_t r = 0;
  systemstack([&] { r = dispatch(e, a, b, c); });
  return r;
}

bool waitsForSuspendG(WaitReason r) {
  switch (r) {
    case WaitReason::StoppingTheWorld:
    case WaitReason::GCMarkTermination:
    case WaitReason::GarbageCollection:
    case WaitReason::GarbageCollectionScan:
    case WaitReason::GCAssistMarking:
    case WaitReason::GCWorkerActive:
    case WaitReason::TraceGoroutineStatus:
    case WaitReason::TraceProcStatus:
    case WaitReason::FlushProcCaches: return true;
    default: return false;
  }
}

uint64_t traceHeapGoal() {
  const uint64_t goal = gcController.heapGoal();
  return gcController.gcPercent.load() < 0 || goal == ~uint64_t(0) ? 0 : goal;
}

void traceTellP(P* pp) {
  Section s(getm());
  if (!s.ok() || !pp->trace.acquireTold(s.gen)) return;
  TraceProcStatus status = ProcIdle;
  switch (pp->status.load()) {
    case Prunning:
      // Between the goroutine's change to Gsyscall and the P's to Psyscall, and back.
      status = s.m->p == pp && s.inSyscall() ? ProcSyscall : ProcRunning;
      break;
    case Psyscall: status = ProcSyscall; break;
    default: break;
  }
  s.tellP(pp, status);
}

void traceBegin(uint64_t frequency) {
  traceSync(trace.gen.load(), frequency);
  Section s(getm());
  s.running(EvProcsChange, gomaxprocs, s.stack());
  if (gcphase != GCoff) s.running(EvGCActive, trace.seqGC++);
}

void traceThreadEnd(M* m) {
  m->trace.writing.store(1);
  lock(&trace.lock);
  for (uint64_t i = 0; i < 2; i++) {
    if (m->trace.buf[i] == nullptr) continue;
    traceBufFlush(m->trace.buf[i], i);
    m->trace.buf[i] = nullptr;
  }
  unlock(&trace.lock);
  m->trace.writing.store(0);
}

// ---- what programs log (package runtime/trace)

namespace {
template <class F>
void annotate(F f) {
  if (traceHook.loadRelaxed() == nullptr) return;
  systemstack([&] {
    Section s(getm());
    if (s.ok()) f(s);
  });
}
uint64_t stringId(Section& s, GoString t) { return traceStrings[s.gen % 2].put(s.gen, t.data, uint64_t(t.len)); }
}  // namespace

GO_DECL("runtime/trace.userTaskCreate", void, userTaskCreate, (uint64_t id, uint64_t parent, GoString type));
void userTaskCreate(uint64_t id, uint64_t parent, GoString type) {
  annotate([&](Section& s) { s.running(EvUserTaskBegin, id, parent, stringId(s, type), s.stack()); });
}
GO_DECL("runtime/trace.userTaskEnd", void, userTaskEnd, (uint64_t id));
void userTaskEnd(uint64_t id) {
  annotate([&](Section& s) { s.running(EvUserTaskEnd, id, s.stack()); });
}
GO_DECL("runtime/trace.userRegion", void, userRegion, (uint64_t id, uint64_t mode, GoString type));
void userRegion(uint64_t id, uint64_t mode, GoString type) {
  if (mode > 1) return;
  annotate([&](Section& s) {
    s.running(mode == 0 ? EvUserRegionBegin : EvUserRegionEnd, id, stringId(s, type), s.stack());
  });
}
GO_DECL("runtime/trace.userLog", void, userLog, (uint64_t id, GoString category, GoString message));
void userLog(uint64_t id, GoString category, GoString message) {
  annotate([&](Section& s) {
    const uint64_t text = traceStrings[s.gen % 2].emit(s.gen, message.data, uint64_t(message.len));
    s.running(EvUserLog, id, stringId(s, category), text, s.stack());
  });
}

}  // namespace burrow::rt
