// The views as JSON. Every document says what it is of ("target", "view", "version"); docs/inspect.md has the fields.
#include "inspect/boot.h"
#include "inspect/json_text.h"
#include "inspect/views.h"
#include "inspect/waits.h"

#include <fmt/format.h>

namespace burrow::inspect {

namespace {

// Of a span in a document, about.
constexpr size_t kSpanText = 256, kGoroutineText = 512;

void writeSpan(Target& target, const Heap& heap, const SpanInfo& s, JsonText& j) {
  j.open('{');
  j.address("start", s.start);
  j.field("pages", s.pages);
  j.field("state", s.slots ? "inuse" : "manual");
  if (s.slots != 0) {
    j.field("class", s.sizeClass());
    j.field("noscan", s.noScan());
    j.field("size", s.elemSize);
    j.field("slots", s.slots);
    j.field("objects", s.live);
    j.field("handedOut", s.handedOut);
    j.field("marked", s.marked);
    j.field("sweep", heap.sweepState(s));
    j.field("sweepgen", s.sweepgen);
    if (s.owner >= 0) j.field("p", s.owner);
    if (s.hasSpecials) j.field("specials", true);
    if (s.isLarge() && s.largeType) j.field("type", target.types().name(s.largeType));
  }
  j.close('}');
}

void writeFrame(const ShownFrame& f, JsonText& j) {
  j.open('{');
  j.field("function", f.function);
  j.field("file", f.file);
  j.field("line", f.line);
  j.address("pc", f.pc);
  if (f.inlined) j.field("inlined", true);
  j.close('}');
}

void writeFrames(const std::vector<ShownFrame>& frames, JsonText& j) {
  j.key("frames");
  j.open('[');
  for (const ShownFrame& f : frames) writeFrame(f, j);
  j.close(']');
}

template <class List>
void writeNumbers(const char* name, const List& list, JsonText& j) {
  j.key(name);
  j.open('[');
  for (const auto& n : list) j.value(n);
  j.close(']');
}

std::string finished(JsonText& j) {
  j.close('}');
  std::string out = j.take();
  out += '\n';
  return out;
}

}  // namespace

void jsonHead(JsonText& j, const char* view, const std::string& title, const std::string& buildId) {
  j.open('{');
  j.field("version", kSchemaVersion);
  j.field("view", view);
  j.field("target", title);
  if (!buildId.empty()) j.field("buildId", buildId);
}

std::string heapJson(Target& target, const Heap& heap) {
  JsonText j;
  j.reserve(heap.spans.size() * kSpanText + (1 << 16));
  jsonHead(j, "heap", target.title, target.program->buildId());
  j.field("phase", heap.phase);
  j.field("collections", heap.cycles);
  j.field("gogc", heap.gcPercent);
  j.field("goal", heap.goal);
  j.field("pageSize", heap.pageSize);
  j.field("arenaBytes", heap.arenaBytes);
  j.key("arenas");
  j.open('[');
  for (uint64_t a : heap.arenas) j.address(a);
  j.close(']');
  j.field("mapped", heap.mapped);
  j.field("released", heap.released);
  j.field("inUse", heap.inUse);
  j.field("free", heap.freeBytes);
  j.field("manual", heap.stacks);
  uint64_t objects = 0, bytes = 0;
  j.key("classes");
  j.open('[');
  for (const ClassTotals& c : byClass(heap)) {
    j.open('{');
    j.field("class", c.spanClass / 2);
    j.field("noscan", (c.spanClass & 1) != 0);
    j.field("size", c.elemSize);
    j.field("spans", c.spans);
    j.field("pages", c.pages);
    j.field("slots", c.slots);
    j.field("objects", c.live);
    j.field("bytes", c.liveBytes);
    j.field("freeSlots", c.freeSlotBytes);
    j.field("ends", c.tailBytes);
    j.close('}');
    objects += c.live, bytes += c.liveBytes;
  }
  j.close(']');
  j.field("objects", objects);
  j.field("objectBytes", bytes);
  j.key("types");
  j.open('[');
  for (const TypeTotals& t : byType(target, heap)) {
    j.open('{');
    j.field("type", t.name);
    j.field("objects", t.objects);
    j.field("bytes", t.bytes);
    j.close('}');
  }
  j.close(']');
  if (const AllocSites sites = readAllocSites(target); sites.known) {
    j.field("profileRate", sites.rate);
    j.key("sites");
    j.open('[');
    for (const AllocSite& s : sites.sites) {
      j.open('{');
      j.field("size", s.size);
      j.field("objects", s.objects);
      j.field("bytes", s.bytes());
      j.field("allocated", s.allocated);
      j.field("samples", s.allocs);
      j.field("freedSamples", s.frees);
      j.key("frames");
      j.open('[');
      for (const CodeFrame& f : siteFrames(target, s)) {
        j.open('{');
        j.field("function", shownFunction(f.function));
        j.field("file", f.file);
        j.field("line", f.line);
        if (f.inlined) j.field("inlined", true);
        j.close('}');
      }
      j.close(']');
      j.close('}');
    }
    j.close(']');
  }
  j.key("spans");
  j.open('[');
  for (const SpanInfo& s : heap.spans) writeSpan(target, heap, s, j);
  j.close(']');
  j.key("freeRuns");
  j.open('[');
  for (const FreeRun& f : heap.free) {
    j.open('{');
    j.address("start", f.start);
    j.field("pages", f.pages);
    j.field("givenBack", f.scavenged);
    j.close('}');
  }
  j.close(']');
  return finished(j);
}

std::string spansJson(Target& target, const Heap& heap, const SpanFilter& filter) {
  JsonText j;
  jsonHead(j, "spans", target.title, target.program->buildId());
  j.key("spans");
  j.open('[');
  for (const SpanInfo& s : heap.spans)
    if (filter.matches(heap, s)) writeSpan(target, heap, s, j);
  j.close(']');
  return finished(j);
}

std::string goroutinesJson(Target& target, const std::vector<Goroutine>& list, const GoroutinesOptions& options) {
  JsonText j;
  j.reserve(list.size() * kGoroutineText);
  jsonHead(j, "goroutines", target.title, target.program->buildId());
  j.field("stoppedNs", target.stoppedNs);
  j.key("goroutines");
  j.open('[');
  for (const Goroutine& g : list) {
    if (options.only && g.id != *options.only) continue;
    j.open('{');
    j.field("id", g.id);
    j.address("address", g.address);
    j.field("state", g.state);
    j.field("stackBytes", g.stackSize);
    j.field("stackUsed", g.stackUsed);
    j.field("segments", g.segments);
    if (g.waitNs >= 0) j.field("waitNs", g.waitNs);
    if (g.parent) j.field("parent", g.parent);
    if (g.system) j.field("system", true);
    if (g.mId >= 0) j.field("m", g.mId);
    if (g.lockedM) j.field("lockedToThread", true);
    if (g.waitingOn) j.address("channel", g.waitingOn);
    j.field("stackKnown", g.stackKnown);
    writeFrames(shownFrames(target, g, options.all), j);
    if (const ShownFrame c = creator(target, g); !c.function.empty()) {
      j.key("createdBy");
      writeFrame(c, j);
    }
    j.close('}');
  }
  j.close(']');
  return finished(j);
}

std::string waitsJson(Target& target, const WaitGraph& graph) {
  JsonText j;
  jsonHead(j, "waits", target.title, target.program->buildId());
  j.key("goroutines");
  j.open('[');
  for (size_t i = 0; i < graph.goroutines.size(); i++) {
    const Goroutine& g = graph.goroutines[i];
    j.open('{');
    j.field("id", g.id);
    j.field("state", g.state);
    j.field("stuck", bool(graph.stuck[i]));
    if (g.waitNs >= 0) j.field("waitNs", g.waitNs);
    j.key("objects");
    j.open('[');
    for (size_t o : graph.waitsFor[i]) j.address(graph.objects[o].address);
    j.close(']');
    writeFrames(shownFrames(target, g, false), j);
    j.close('}');
  }
  j.close(']');
  j.key("objects");
  j.open('[');
  for (const WaitGraph::Object& o : graph.objects) {
    j.open('{');
    j.address("address", o.address);
    j.field("type", o.type);
    j.field("reached", o.reached);
    if (!o.variable.empty()) j.field("variable", o.variable);
    if (o.channel) {
      j.field("queued", o.queued);
      j.field("capacity", o.capacity);
      j.field("closed", o.closed);
    }
    if (o.group >= 0) j.field("group", o.group);
    j.key("waiters");
    j.open('[');
    for (size_t g : o.waiters) j.value(graph.goroutines[g].id);
    j.close(']');
    writeNumbers("others", o.others, j);
    j.close('}');
  }
  j.close(']');
  return finished(j);
}

std::string schedJson(Target& target, const Scheduler& s) {
  JsonText j;
  jsonHead(j, "sched", target.title, target.program->buildId());
  j.field("gomaxprocs", s.gomaxprocs);
  j.field("cpus", s.cpus);
  j.field("idlePs", s.idleProcs);
  j.field("idleMs", s.idleMachines);
  j.field("spinning", s.spinning);
  writeNumbers("globalQueue", s.globalQueue, j);
  j.field("gcWaiting", s.gcWaiting);
  j.key("ps");
  j.open('[');
  for (const ProcInfo& p : s.procs) {
    j.open('{');
    j.field("id", p.id);
    j.field("status", p.status);
    j.field("m", p.mId);
    j.field("goroutine", p.runNow);
    j.field("runnext", p.runNext);
    writeNumbers("queue", p.queue, j);
    j.field("schedtick", p.schedTick);
    j.field("syscalltick", p.syscallTick);
    j.field("freeGs", p.freeGs);
    j.field("gcWorker", p.gcWorker);
    j.close('}');
  }
  j.close(']');
  j.key("ms");
  j.open('[');
  for (const MachineInfo& m : s.machines) {
    j.open('{');
    j.field("id", m.id);
    j.field("thread", m.tid);
    j.field("p", m.pId);
    j.field("goroutine", m.current);
    j.field("spinning", m.spinning);
    j.field("asleep", m.blocked);
    j.field("locks", m.locks);
    j.field("lockedTo", m.lockedTo);
    j.close('}');
  }
  j.close(']');
  return finished(j);
}

std::string gcworkJson(Target& target, const GcWorkInfo& w) {
  JsonText j;
  jsonHead(j, "gcwork", target.title, target.program->buildId());
  j.field("phase", w.phase);
  j.field("buffers", w.made);
  j.field("entriesPerBuffer", w.entriesPerBuffer);
  j.field("steals", w.steals);
  auto buffer = [&j](const WorkBuffer& b) {
    j.open('{');
    j.address("address", b.address);
    j.field("objects", b.objects);
    j.close('}');
  };
  auto local = [&](const char* name, bool there, const WorkBuffer& b) {
    j.key(name);
    if (there) buffer(b);
    else j.null();
  };
  j.key("ps");
  j.open('[');
  for (const auto& l : w.local) {
    j.open('{');
    j.field("id", l.p);
    local("wbuf1", l.hasFirst, l.first);
    local("wbuf2", l.hasSecond, l.second);
    j.field("barrierUsed", l.barrierUsed);
    j.field("barrierSize", l.barrierSize);
    j.field("bytesMarked", l.bytesMarked);
    j.field("worker", l.worker);
    j.close('}');
  }
  j.close(']');
  for (const bool isFull : {true, false}) {
    j.key(isFull ? "full" : "empty");
    j.open('[');
    for (const WorkBuffer& b : isFull ? w.full : w.empty) buffer(b);
    j.close(']');
  }
  return finished(j);
}

std::string typesJson(Program& program, const std::string& pattern) {
  JsonText j;
  jsonHead(j, "types", program.path(), program.buildId());
  j.key("types");
  j.open('[');
  for (uint64_t at : program.allTypes()) {
    const GoType* t = program.types().at(at);
    if (!t || t->name.find(pattern) == std::string::npos) continue;
    j.open('{');
    j.address("address", at);
    j.field("name", t->name);
    j.field("kind", kindName(t->kind));
    j.field("size", t->size);
    j.field("pointerBytes", t->ptrBytes);
    j.field("methods", t->methods);
    if (!t->fields.empty()) {
      j.key("fields");
      j.open('[');
      for (const GoField& f : t->fields) {
        j.open('{');
        j.field("name", f.name);
        j.field("offset", f.offset);
        j.field("type", program.types().name(f.type));
        j.close('}');
      }
      j.close(']');
    }
    j.close('}');
  }
  j.close(']');
  return finished(j);
}

std::string initsJson(Program& program) {
  JsonText j;
  jsonHead(j, "inits", program.path(), program.buildId());
  j.key("inits");
  j.open('[');
  for (const InitEntry& e : packageInits(program)) {
    j.open('{');
    j.field("package", e.package);
    j.field("functions", e.functions);
    j.field("code", e.size);
    j.address("address", e.address);
    j.close('}');
  }
  j.close(']');
  return finished(j);
}

std::string sizeJson(Program& program) {
  JsonText j;
  jsonHead(j, "size", program.path(), program.buildId());
  j.field("file", program.bytes().size());
  j.key("sections");
  j.open('{');
  for (const Elf64_Shdr& s : program.image().sections())
    if (s.sh_type != SHT_NULL && s.sh_type != SHT_NOBITS) j.field(program.image().sectionName(s), s.sh_size);
  j.close('}');
  j.key("packages");
  j.open('[');
  for (const SizeEntry& e : sizeByPackage(program)) {
    j.open('{');
    j.field("package", e.name);
    j.field("code", e.text);
    j.field("data", e.data);
    j.close('}');
  }
  j.close(']');
  j.key("functions");
  j.open('[');
  const CodeTable& code = program.code();
  for (uint32_t i = 0; i < code.count(); i++) {
    j.open('{');
    j.field("name", code.name(code.function(i)));
    j.field("code", code.function(i).size);
    j.close('}');
  }
  j.close(']');
  return finished(j);
}

std::string bootJson(const BootRun& run) {
  JsonText j;
  jsonHead(j, "boot", run.program, {});
  if (!run.ended.empty()) j.field("ended", run.ended);
  j.key("steps");
  j.open('[');
  for (const BootStep& s : run.steps) {
    j.open('{');
    j.field("name", s.name);
    j.field("kind", s.kind);
    j.field("package", s.package);
    j.field("place", s.place);
    j.field("atNs", s.at);
    j.field("tookNs", s.cost);
    j.field("virtual", s.virtualBytes);
    j.field("resident", s.residentBytes);
    j.field("mappings", s.mappings);
    j.field("heapMapped", s.heapMapped);
    j.field("heapInUse", s.heapInUse);
    j.field("spans", s.spans);
    j.field("arenas", s.arenas);
    j.field("freePages", s.freePages);
    j.field("goroutines", s.goroutines);
    j.field("ms", s.machines);
    j.field("ps", s.procs);
    j.field("workBuffers", s.workBuffers);
    j.field("phase", s.gcPhase);
    j.field("gcEnabled", s.gcEnabled);
    j.close('}');
  }
  j.close(']');
  return finished(j);
}

}  // namespace burrow::inspect
