// The views as JSON. Every document says what it is of ("target", "view", "version"); docs/inspect.md has the fields.
// Addresses are strings ("0xc000012000"): readers in JavaScript lose digits of large numbers otherwise.
#include "inspect/boot.h"
#include "inspect/views.h"
#include "inspect/waits.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace burrow::inspect {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

std::string hex(uint64_t v) { return fmt::format("{:#x}", v); }

Json head(const char* view, const std::string& title, const Program& program) {
  return {{"version", kSchemaVersion}, {"view", view}, {"target", title}, {"buildId", program.buildId()}};
}
std::string text(const Json& j) { return j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json spanJson(Target& target, const Heap& heap, const SpanInfo& s) {
  Json j = {{"start", hex(s.start)}, {"pages", s.pages}, {"state", s.slots ? "inuse" : "manual"}};
  if (s.slots == 0) return j;
  j["class"] = s.sizeClass();
  j["noscan"] = s.noScan();
  j["size"] = s.elemSize;
  j["slots"] = s.slots;
  j["objects"] = s.live;
  j["handedOut"] = s.handedOut;
  j["marked"] = s.marked;
  j["sweep"] = heap.sweepState(s);
  j["sweepgen"] = s.sweepgen;
  if (s.owner >= 0) j["p"] = s.owner;
  if (s.hasSpecials) j["specials"] = true;
  if (s.isLarge() && s.largeType) j["type"] = target.types().name(s.largeType);
  return j;
}

Json frameJson(const ShownFrame& f) {
  Json j = {{"function", f.function}, {"file", f.file}, {"line", f.line}, {"pc", hex(f.pc)}};
  if (f.inlined) j["inlined"] = true;
  return j;
}

}  // namespace

std::string heapJson(Target& target, const Heap& heap) {
  Json j = head("heap", target.title, *target.program);
  j["phase"] = heap.phase;
  j["collections"] = heap.cycles;
  j["gogc"] = heap.gcPercent;
  j["goal"] = heap.goal;
  j["pageSize"] = heap.pageSize;
  j["arenaBytes"] = heap.arenaBytes;
  for (uint64_t a : heap.arenas) j["arenas"].push_back(hex(a));
  j["mapped"] = heap.mapped;
  j["released"] = heap.released;
  j["inUse"] = heap.inUse;
  j["free"] = heap.freeBytes;
  j["manual"] = heap.stacks;
  uint64_t objects = 0, bytes = 0;
  j["classes"] = Json::array();
  for (const ClassTotals& c : byClass(heap)) {
    j["classes"].push_back({{"class", c.spanClass / 2}, {"noscan", (c.spanClass & 1) != 0}, {"size", c.elemSize}, {"spans", c.spans}, {"pages", c.pages}, {"slots", c.slots}, {"objects", c.live},
                            {"bytes", c.liveBytes}, {"freeSlots", c.freeSlotBytes}, {"ends", c.tailBytes}});
    objects += c.live, bytes += c.liveBytes;
  }
  j["objects"] = objects;
  j["objectBytes"] = bytes;
  j["types"] = Json::array();
  for (const TypeTotals& t : byType(target, heap)) j["types"].push_back({{"type", t.name}, {"objects", t.objects}, {"bytes", t.bytes}});
  if (const AllocSites sites = readAllocSites(target); sites.known) {
    j["profileRate"] = sites.rate;
    j["sites"] = Json::array();
    for (const AllocSite& s : sites.sites) {
      Json r = {{"size", s.size}, {"objects", s.objects}, {"bytes", s.bytes()}, {"allocated", s.allocated}, {"samples", s.allocs}, {"freedSamples", s.frees}, {"frames", Json::array()}};
      for (const CodeFrame& f : siteFrames(target, s)) {
        Json frame = {{"function", shownFunction(f.function)}, {"file", f.file}, {"line", f.line}};
        if (f.inlined) frame["inlined"] = true;
        r["frames"].push_back(std::move(frame));
      }
      j["sites"].push_back(std::move(r));
    }
  }
  j["spans"] = Json::array();
  for (const SpanInfo& s : heap.spans) j["spans"].push_back(spanJson(target, heap, s));
  j["freeRuns"] = Json::array();
  for (const FreeRun& f : heap.free) j["freeRuns"].push_back({{"start", hex(f.start)}, {"pages", f.pages}, {"givenBack", f.scavenged}});
  return text(j);
}

std::string spansJson(Target& target, const Heap& heap, const SpanFilter& filter) {
  Json j = head("spans", target.title, *target.program);
  j["spans"] = Json::array();
  for (const SpanInfo& s : heap.spans)
    if (filter.matches(heap, s)) j["spans"].push_back(spanJson(target, heap, s));
  return text(j);
}

std::string goroutinesJson(Target& target, const std::vector<Goroutine>& list, bool all) {
  Json j = head("goroutines", target.title, *target.program);
  j["stoppedNs"] = target.stoppedNs;
  j["goroutines"] = Json::array();
  for (const Goroutine& g : list) {
    Json r = {{"id", g.id}, {"address", hex(g.address)}, {"state", g.state}, {"stackBytes", g.stackSize}, {"stackUsed", g.stackUsed}, {"segments", g.segments}};
    if (g.waitNs >= 0) r["waitNs"] = g.waitNs;
    if (g.parent) r["parent"] = g.parent;
    if (g.system) r["system"] = true;
    if (g.mId >= 0) r["m"] = g.mId;
    if (g.lockedM) r["lockedToThread"] = true;
    if (g.waitingOn) r["channel"] = hex(g.waitingOn);
    r["stackKnown"] = g.stackKnown;
    r["frames"] = Json::array();
    for (const ShownFrame& f : shownFrames(target, g, all)) r["frames"].push_back(frameJson(f));
    if (const ShownFrame c = creator(target, g); !c.function.empty()) r["createdBy"] = frameJson(c);
    j["goroutines"].push_back(std::move(r));
  }
  return text(j);
}

std::string waitsJson(Target& target, const WaitGraph& graph) {
  Json j = head("waits", target.title, *target.program);
  j["goroutines"] = Json::array();
  for (size_t i = 0; i < graph.goroutines.size(); i++) {
    const Goroutine& g = graph.goroutines[i];
    Json r = {{"id", g.id}, {"state", g.state}, {"stuck", bool(graph.stuck[i])}, {"objects", Json::array()}, {"frames", Json::array()}};
    if (g.waitNs >= 0) r["waitNs"] = g.waitNs;
    for (size_t o : graph.waitsFor[i]) r["objects"].push_back(hex(graph.objects[o].address));
    for (const ShownFrame& f : shownFrames(target, g, false)) r["frames"].push_back(frameJson(f));
    j["goroutines"].push_back(std::move(r));
  }
  j["objects"] = Json::array();
  for (const WaitGraph::Object& o : graph.objects) {
    Json r = {{"address", hex(o.address)}, {"type", o.type}, {"reached", o.reached}, {"waiters", Json::array()}, {"others", o.others}};
    if (!o.variable.empty()) r["variable"] = o.variable;
    if (o.channel) r["queued"] = o.queued, r["capacity"] = o.capacity, r["closed"] = o.closed;
    if (o.group >= 0) r["group"] = o.group;
    for (size_t g : o.waiters) r["waiters"].push_back(graph.goroutines[g].id);
    j["objects"].push_back(std::move(r));
  }
  return text(j);
}

std::string schedJson(Target& target, const Scheduler& s) {
  Json j = head("sched", target.title, *target.program);
  j["gomaxprocs"] = s.gomaxprocs;
  j["cpus"] = s.cpus;
  j["idlePs"] = s.idleProcs;
  j["idleMs"] = s.idleMachines;
  j["spinning"] = s.spinning;
  j["globalQueue"] = s.globalQueue;
  j["gcWaiting"] = s.gcWaiting;
  j["ps"] = Json::array();
  for (const ProcInfo& p : s.procs)
    j["ps"].push_back({{"id", p.id}, {"status", p.status}, {"m", p.mId}, {"goroutine", p.runNow}, {"runnext", p.runNext}, {"queue", p.queue}, {"schedtick", p.schedTick}, {"syscalltick", p.syscallTick},
                       {"freeGs", p.freeGs}, {"gcWorker", p.gcWorker}});
  j["ms"] = Json::array();
  for (const MachineInfo& m : s.machines)
    j["ms"].push_back({{"id", m.id}, {"thread", m.tid}, {"p", m.pId}, {"goroutine", m.current}, {"spinning", m.spinning}, {"asleep", m.blocked}, {"locks", m.locks}, {"lockedTo", m.lockedTo}});
  return text(j);
}

std::string gcworkJson(Target& target, const GcWorkInfo& w) {
  Json j = head("gcwork", target.title, *target.program);
  j["phase"] = w.phase;
  j["buffers"] = w.made;
  j["entriesPerBuffer"] = w.entriesPerBuffer;
  j["steals"] = w.steals;
  j["ps"] = Json::array();
  auto buffer = [](bool there, const WorkBuffer& b) { return there ? Json{{"address", hex(b.address)}, {"objects", b.objects}} : Json(); };
  for (const auto& l : w.local)
    j["ps"].push_back({{"id", l.p}, {"wbuf1", buffer(l.hasFirst, l.first)}, {"wbuf2", buffer(l.hasSecond, l.second)}, {"barrierUsed", l.barrierUsed}, {"barrierSize", l.barrierSize},
                       {"bytesMarked", l.bytesMarked}, {"worker", l.worker}});
  for (const char* name : {"full", "empty"}) {
    j[name] = Json::array();
    for (const WorkBuffer& b : name[0] == 'f' ? w.full : w.empty) j[name].push_back(buffer(true, b));
  }
  return text(j);
}

std::string typesJson(Program& program, const std::string& pattern) {
  Json j = head("types", program.path(), program);
  j["types"] = Json::array();
  for (uint64_t at : program.allTypes()) {
    const GoType* t = program.types().at(at);
    if (!t || t->name.find(pattern) == std::string::npos) continue;
    Json r = {{"address", hex(at)}, {"name", t->name}, {"kind", kindName(t->kind)}, {"size", t->size}, {"pointerBytes", t->ptrBytes}, {"methods", t->methods}};
    for (const GoField& f : t->fields) r["fields"].push_back({{"name", f.name}, {"offset", f.offset}, {"type", program.types().name(f.type)}});
    j["types"].push_back(std::move(r));
  }
  return text(j);
}

std::string sizeJson(Program& program) {
  Json j = head("size", program.path(), program);
  j["file"] = program.bytes().size();
  j["sections"] = Json::object();
  for (const Elf64_Shdr& s : program.image().sections())
    if (s.sh_type != SHT_NULL && s.sh_type != SHT_NOBITS) j["sections"][std::string(program.image().sectionName(s))] = s.sh_size;
  j["packages"] = Json::array();
  for (const SizeEntry& e : sizeByPackage(program)) j["packages"].push_back({{"package", e.name}, {"code", e.text}, {"data", e.data}});
  j["functions"] = Json::array();
  const CodeTable& code = program.code();
  for (uint32_t i = 0; i < code.count(); i++) j["functions"].push_back({{"name", code.name(code.function(i))}, {"code", code.function(i).size}});
  return text(j);
}

std::string bootJson(const BootRun& run) {
  Json j = {{"version", kSchemaVersion}, {"view", "boot"}, {"target", run.program}};
  if (!run.ended.empty()) j["ended"] = run.ended;
  j["steps"] = Json::array();
  for (const BootStep& s : run.steps)
    j["steps"].push_back({{"name", s.name}, {"kind", s.kind}, {"package", s.package}, {"place", s.place}, {"atNs", s.at}, {"tookNs", s.cost}, {"virtual", s.virtualBytes}, {"resident", s.residentBytes},
                          {"mappings", s.mappings}, {"heapMapped", s.heapMapped}, {"heapInUse", s.heapInUse}, {"spans", s.spans}, {"arenas", s.arenas}, {"freePages", s.freePages}, {"goroutines", s.goroutines},
                          {"ms", s.machines}, {"ps", s.procs}, {"workBuffers", s.workBuffers}, {"phase", s.gcPhase}, {"gcEnabled", s.gcEnabled}});
  return text(j);
}

}  // namespace burrow::inspect
