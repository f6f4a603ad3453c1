// The views as JSON. Every document says what it is of ("target", "view", "version"); docs/inspect.md has the fields.
#include "inspect/boot.h"
#include "inspect/json_text.h"
#include "inspect/views.h"
#include "inspect/waits.h"

#include <ranges>

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
  j.list("frames", frames, [&](const ShownFrame& f) { writeFrame(f, j); });
}

template <class List>
void writeNumbers(const char* name, const List& list, JsonText& j) {
  j.list(name, list, [&](const auto& n) { j.value(n); });
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
  j.list("arenas", heap.arenas, [&](uint64_t a) { j.address(a); });
  j.field("mapped", heap.mapped);
  j.field("released", heap.released);
  j.field("inUse", heap.inUse);
  j.field("free", heap.freeBytes);
  j.field("manual", heap.stacks);
  uint64_t objects = 0, bytes = 0;
  j.rows("classes", byClass(heap), [&](const ClassTotals& c) {
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
    objects += c.live, bytes += c.liveBytes;
  });
  j.field("objects", objects);
  j.field("objectBytes", bytes);
  j.rows("types", byType(target, heap), [&](const TypeTotals& t) {
    j.field("type", t.name);
    j.field("objects", t.objects);
    j.field("bytes", t.bytes);
  });
  if (const AllocSites sites = readAllocSites(target); sites.known) {
    j.field("profileRate", sites.rate);
    j.rows("sites", sites.sites, [&](const AllocSite& s) {
      j.field("size", s.size);
      j.field("objects", s.objects);
      j.field("bytes", s.bytes());
      j.field("allocated", s.allocated);
      j.field("samples", s.allocs);
      j.field("freedSamples", s.frees);
      j.rows("frames", siteFrames(target, s), [&](const CodeFrame& f) {
        j.field("function", shownFunction(f.function));
        j.field("file", f.file);
        j.field("line", f.line);
        if (f.inlined) j.field("inlined", true);
      });
    });
  }
  j.list("spans", heap.spans, [&](const SpanInfo& s) { writeSpan(target, heap, s, j); });
  j.rows("freeRuns", heap.free, [&](const FreeRun& f) {
    j.address("start", f.start);
    j.field("pages", f.pages);
    j.field("givenBack", f.scavenged);
  });
  return j.finish();
}

std::string spansJson(Target& target, const Heap& heap, const SpanFilter& filter) {
  JsonText j;
  jsonHead(j, "spans", target.title, target.program->buildId());
  j.list("spans", heap.spans, [&](const SpanInfo& s) {
    if (filter.matches(heap, s)) writeSpan(target, heap, s, j);
  });
  return j.finish();
}

std::string goroutinesJson(Target& target, const std::vector<Goroutine>& list, const GoroutinesOptions& options) {
  JsonText j;
  j.reserve(list.size() * kGoroutineText);
  jsonHead(j, "goroutines", target.title, target.program->buildId());
  j.field("stoppedNs", target.stoppedNs);
  j.list("goroutines", list, [&](const Goroutine& g) {
    if (options.only && g.id != *options.only) return;
    j.row([&] {
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
    });
  });
  return j.finish();
}

std::string waitsJson(Target& target, const WaitGraph& graph) {
  JsonText j;
  jsonHead(j, "waits", target.title, target.program->buildId());
  j.field("stoppedNs", target.stoppedNs);
  j.rows("goroutines", graph.goroutines, [&](const Goroutine& g) {
    const size_t i = size_t(&g - graph.goroutines.data());
    j.field("id", g.id);
    j.field("state", g.state);
    j.field("stuck", bool(graph.stuck[i]));
    if (g.waitNs >= 0) j.field("waitNs", g.waitNs);
    j.list("objects", graph.waitsFor[i], [&](size_t o) { j.address(graph.objects[o].address); });
    writeFrames(shownFrames(target, g, false), j);
  });
  j.rows("objects", graph.objects, [&](const WaitGraph::Object& o) {
    j.address("address", o.address);
    j.field("type", o.type);
    j.field("reached", o.reached);
    if (!o.variable.empty()) j.field("variable", o.variable);
    if (o.channel) {
      j.field("queued", o.queued);
      j.field("capacity", o.capacity);
      j.field("closed", o.closed);
    }
    if (o.timer) j.field("timer", true);
    if (o.group >= 0) j.field("group", o.group);
    if (o.alike >= 0) j.field("alike", o.alike);
    j.list("waiters", o.waiters, [&](size_t g) { j.value(graph.goroutines[g].id); });
    writeNumbers("others", o.others, j);
  });
  return j.finish();
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
  j.rows("ps", s.procs, [&](const ProcInfo& p) {
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
  });
  j.rows("ms", s.machines, [&](const MachineInfo& m) {
    j.field("id", m.id);
    j.field("thread", m.tid);
    j.field("p", m.pId);
    j.field("goroutine", m.current);
    j.field("spinning", m.spinning);
    j.field("asleep", m.blocked);
    j.field("locks", m.locks);
    j.field("lockedTo", m.lockedTo);
  });
  return j.finish();
}

std::string gcworkJson(Target& target, const GcWorkInfo& w) {
  JsonText j;
  jsonHead(j, "gcwork", target.title, target.program->buildId());
  j.field("phase", w.phase);
  j.field("buffers", w.made);
  j.field("entriesPerBuffer", w.entriesPerBuffer);
  j.field("steals", w.steals);
  auto fields = [&](const WorkBuffer& b) {
    j.address("address", b.address);
    j.field("objects", b.objects);
  };
  auto local = [&](const char* name, bool there, const WorkBuffer& b) {
    j.key(name);
    if (there) j.row([&] { fields(b); });
    else j.null();
  };
  j.rows("ps", w.local, [&](const auto& l) {
    j.field("id", l.p);
    local("wbuf1", l.hasFirst, l.first);
    local("wbuf2", l.hasSecond, l.second);
    local("spanIn", l.hasSpanIn, l.spanIn);
    local("spanOut", l.hasSpanOut, l.spanOut);
    j.field("barrierUsed", l.barrierUsed);
    j.field("barrierSize", l.barrierSize);
    j.field("bytesMarked", l.bytesMarked);
    j.field("worker", l.worker);
  });
  j.rows("full", w.full, fields);
  j.rows("empty", w.empty, fields);
  j.rows("spans", w.spans, fields);
  return j.finish();
}

std::string typesJson(Program& program, const std::string& pattern) {
  JsonText j;
  jsonHead(j, "types", program.path(), program.buildId());
  j.list("types", program.allTypes(), [&](uint64_t at) {
    const GoType* t = program.types().at(at);
    if (!t || t->name.find(pattern) == std::string::npos) return;
    j.row([&] {
      j.address("address", at);
      j.field("name", t->name);
      j.field("kind", kindName(t->kind));
      j.field("size", t->size);
      j.field("pointerBytes", t->ptrBytes);
      j.field("methods", t->methods);
      if (t->fields.empty()) return;
      j.rows("fields", t->fields, [&](const GoField& f) {
        j.field("name", f.name);
        j.field("offset", f.offset);
        j.field("type", program.types().name(f.type));
      });
    });
  });
  return j.finish();
}

std::string initsJson(Program& program) {
  JsonText j;
  jsonHead(j, "inits", program.path(), program.buildId());
  j.rows("inits", packageInits(program), [&](const InitEntry& e) {
    j.field("package", e.package);
    j.field("functions", e.functions);
    j.field("code", e.size);
    j.address("address", e.address);
  });
  return j.finish();
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
  j.rows("packages", sizeByPackage(program), [&](const SizeEntry& e) {
    j.field("package", e.name);
    j.field("code", e.text);
    j.field("data", e.data);
  });
  const CodeTable& code = program.code();
  j.list("functions", std::views::iota(0u, code.count()), [&](uint32_t i) {
    j.row([&] {
      j.field("name", code.name(code.function(i)));
      j.field("code", code.function(i).size);
    });
  });
  return j.finish();
}

std::string bootJson(const BootRun& run) {
  JsonText j;
  jsonHead(j, "boot", run.program, {});
  if (!run.ended.empty()) j.field("ended", run.ended);
  j.rows("steps", run.steps, [&](const BootStep& s) {
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
  });
  return j.finish();
}

}  // namespace burrow::inspect
