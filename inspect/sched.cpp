#include "inspect/sched.h"

#include <algorithm>
#include <set>

namespace burrow::inspect {

namespace {

constexpr uint64_t kMostProcs = 1 << 14, kMostMachines = 1 << 17, kMostQueue = 1 << 20, kMostBuffers = 1 << 20;

std::string lowered(std::string word) {
  if (word.starts_with('P')) word.erase(0, 1);
  return word;
}

}  // namespace

bool readScheduler(Target& target, Scheduler* out, std::string* error) {
  const Layout& layout = target.layout();
  Record p(layout, "P"), m(layout, "M"), g(layout, "G");
  if (!p.known() || !m.known() || !g.known()) {
    *error = target.title + ": its description of the runtime has no scheduler";
    return false;
  }
  Memory& memory = target.cache();
  auto goid = [&](uint64_t at) { return at != 0 && g.load(memory, at) ? g.u("goid") : 0; };
  out->gomaxprocs = int64_t(target.value("gomaxprocs"));
  out->cpus = int64_t(target.value("ncpu"));
  out->idleProcs = int64_t(target.value("sched", "npidle"));
  out->idleMachines = int64_t(target.value("sched", "nmidle"));
  out->spinning = int64_t(target.value("sched", "nmspinning"));
  out->globalSize = int64_t(target.value("sched", "runq.size"));
  out->freeGs = int64_t(target.value("sched", "gFree.n"));
  out->goroutines = int64_t(target.value("allglen"));
  out->gcWaiting = target.value("sched", "gcwaiting") != 0;
  out->sysmonWaits = target.value("sched", "sysmonwait") != 0;
  const int64_t poll = int64_t(target.value("sched", "lastpoll"));
  if (poll == 0) out->lastPollNs = 0;
  if (poll != 0 && target.now > poll) out->lastPollNs = target.now - poll;
  for (uint64_t at = target.value("sched", "runq.head"); at != 0 && out->globalQueue.size() < kMostQueue && g.load(memory, at); at = g.u("schedlink"))
    out->globalQueue.push_back(g.u("goid"));

  const uint64_t list = target.value("allp"), count = std::min<uint64_t>(uint64_t(std::max<int64_t>(out->gomaxprocs, 0)), kMostProcs);
  const FieldPath ring = layout.path(layout.type(layout.type(layout.root("allp") ? layout.root("allp")->type : 0).element).element, "runq.ring");
  const uint64_t size = ring.found ? layout.type(ring.type).count : 0;
  for (uint64_t i = 0; i < count; i++) {
    if (!p.load(memory, memory.word(list + 8 * i))) continue;
    ProcInfo r;
    r.id = p.i("id");
    r.status = lowered(layout.enumerator("PStatus", p.u("status")));
    r.schedTick = p.u("schedtick");
    r.syscallTick = p.u("syscalltick");
    const uint32_t head = uint32_t(p.u("runq.head")), tail = uint32_t(p.u("runq.tail"));
    if (size != 0)
      for (uint32_t k = head; k != tail && tail - head <= size; k++)
        r.queue.push_back(goid(memory.word(p.address() + ring.offset + 8 * (k % size))));
    r.runNext = goid(p.u("runq.runnext"));
    r.freeGs = p.u("gFreeN");
    r.preempt = p.u("preempt") != 0;
    r.gcWorker = layout.enumerator("GcMarkWorkerMode", p.u("gcMarkWorkerMode"));
    const uint64_t machine = p.u("m");
    if (machine != 0 && m.load(memory, machine)) {
      r.mId = m.i("id");
      r.runNow = goid(m.u("curg"));
    }
    out->procs.push_back(std::move(r));
  }
  std::set<uint64_t> seen;
  for (uint64_t at = target.value("allm"); at != 0 && out->machines.size() < kMostMachines && seen.insert(at).second && m.load(memory, at);
       at = m.u("alllink")) {
    MachineInfo r;
    r.id = m.i("id");
    r.tid = m.u("procid");
    r.spinning = m.u("spinning") != 0;
    r.blocked = m.u("blocked") != 0;
    r.locks = m.i("locks");
    r.current = goid(m.u("curg"));
    r.lockedTo = goid(m.u("lockedg"));
    const uint64_t proc = m.u("p");
    if (proc != 0 && p.load(memory, proc)) r.pId = p.i("id");
    out->machines.push_back(r);
  }
  std::sort(out->machines.begin(), out->machines.end(), [](const MachineInfo& a, const MachineInfo& b) { return a.id < b.id; });
  return true;
}

bool readGcWork(Target& target, GcWorkInfo* out, std::string* error) {
  const Layout& layout = target.layout();
  Record p(layout, "P"), buffer(layout, "WorkBuf");
  if (!p.known() || !buffer.known() || target.rootAddress("workPool") == 0) {
    *error = target.title + ": its description of the runtime has no work buffers";
    return false;
  }
  Memory& memory = target.cache();
  out->phase = layout.enumerator("GcPhase", target.value("gcphase"));
  out->made = target.value("workPool", "made");
  out->steals = target.value("workPool", "steals");
  out->cycles = target.value("gcTotals", "numGC");
  out->rootsNext = target.value("work", "markrootNext");
  out->rootsAll = target.value("work", "markrootJobs");
  const LayoutStruct* s = layout.structure("WorkBuf");
  for (const LayoutField& f : s->fields)
    if (f.name == "obj") out->entriesPerBuffer = layout.type(f.type).count;
  // A head packs the address (its lowest three bits are zero) above a counter of 19 bits.
  auto unpack = [](uint64_t v) { return uint64_t(int64_t(v) >> 19 << 3); };
  auto load = [&](uint64_t at, WorkBuffer* w) {
    if (at == 0 || !buffer.load(memory, at)) return false;
    *w = {at, buffer.u("nobj")};
    return true;
  };
  auto list = [&](uint64_t at, auto next, std::vector<WorkBuffer>* to) {
    std::set<uint64_t> seen;
    WorkBuffer w;
    for (; to->size() < kMostBuffers && seen.insert(at).second && load(at, &w); at = next(buffer.u("node.next"))) to->push_back(w);
  };
  list(unpack(target.value("workPool", "full.head_")), unpack, &out->full);
  list(unpack(target.value("workPool", "empty.head_")), unpack, &out->empty);
  list(target.value("workPool", "firstSpans"), [](uint64_t next) { return next; }, &out->spans);
  const uint64_t ps = target.value("allp"), count = std::min<uint64_t>(target.value("gomaxprocs"), kMostProcs);
  for (uint64_t i = 0; i < count; i++) {
    if (!p.load(memory, memory.word(ps + 8 * i))) continue;
    GcWorkInfo::Local l;
    l.p = p.i("id");
    l.hasFirst = load(p.u("gcw.wbuf1"), &l.first);
    l.hasSecond = load(p.u("gcw.wbuf2"), &l.second);
    l.hasSpanIn = load(p.u("gcw.spanIn"), &l.spanIn);
    l.hasSpanOut = load(p.u("gcw.spanOut"), &l.spanOut);
    l.spanOut.objects -= std::min(l.spanOut.objects, p.u("gcw.spanOutNext"));
    l.bytesMarked = p.u("gcw.bytesMarked");
    l.worker = layout.enumerator("GcMarkWorkerMode", p.u("gcMarkWorkerMode"));
    const uint64_t entries = p.at("wbBufEntries"), next = p.u("wbBuf.next"), end = p.u("wbBuf.end");
    if (next >= entries && end >= next && end - entries < (1 << 20)) {
      l.barrierUsed = (next - entries) / 8;
      l.barrierSize = (end - entries) / 8;
    }
    out->local.push_back(l);
  }
  return true;
}

}  // namespace burrow::inspect
