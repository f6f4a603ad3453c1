// See waits.h.
#include "inspect/waits.h"

#include "inspect/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace burrow::inspect {

namespace {

constexpr size_t kMostShown = 8, kLeastAlike = 3;

// What the object at that address is called.
void nameObject(Target& target, ObjectGraph& graph, WaitGraph::Object* o) {
  const uint32_t object = graph.find(o->address);
  if (object != ObjectGraph::kNone) o->type = graph.typeName(object);
  if (o->channel) {
    Record channel(target.layout(), "HChan");
    if (!channel.load(target.cache(), o->address)) return;
    o->queued = channel.u("qcount");
    o->capacity = channel.u("dataqsiz");
    o->closed = channel.u("closed") != 0;
    o->timer = channel.u("timer") != 0;
    const GoType* elem = target.types().at(channel.u("elemtype"));
    o->type = elem ? "chan " + elem->name : "chan";
    return;
  }
  if (object != ObjectGraph::kNone) return;
  const Symbol* symbol = target.program->symbolAt(o->address);
  if (!symbol) return;
  o->variable = symbol->name;
  if (o->address != symbol->address) o->variable += fmt::format("+{:#x}", o->address - symbol->address);
}

// Who can still be woken, followed to its end.
void findStuck(Target& target, ObjectGraph& graph, WaitGraph* out) {
  std::vector<bool> seen;
  graph.markFrom(-1, seen);
  std::unordered_map<uint64_t, size_t> waiting;  // by number
  for (size_t i = 0; i < out->goroutines.size(); i++) waiting[out->goroutines[i].id] = i;
  for (const Goroutine& g : graph.goroutines())
    if (!waiting.contains(g.id)) graph.markFrom(int64_t(g.id), seen);
  out->stuck.assign(out->goroutines.size(), true);
  for (bool changed = true; changed;) {
    changed = false;
    for (WaitGraph::Object& o : out->objects) {
      if (o.reached) continue;
      const uint32_t object = graph.find(o.address);
      o.reached = object != ObjectGraph::kNone ? seen[object] : target.program->symbolAt(o.address) != nullptr;
      o.reached = o.reached || o.timer;
      changed = changed || o.reached;
    }
    for (size_t i = 0; i < out->goroutines.size(); i++) {
      if (!out->stuck[i]) continue;
      const auto& objects = out->waitsFor[i];
      if (std::none_of(objects.begin(), objects.end(), [&](size_t o) { return out->objects[o].reached; })) continue;
      out->stuck[i] = false;
      graph.markFrom(int64_t(out->goroutines[i].id), seen);
      changed = true;
    }
  }
}

// Stuck goroutines that hang together by their objects get one number.
void findGroups(WaitGraph* out, const std::unordered_map<uint64_t, size_t>& byId) {
  int next = 0;
  for (size_t start = 0; start < out->objects.size(); start++) {
    if (out->objects[start].reached || out->objects[start].group >= 0) continue;
    std::vector<size_t> todo = {start};
    while (!todo.empty()) {
      WaitGraph::Object& o = out->objects[todo.back()];
      todo.pop_back();
      if (o.group >= 0 || o.reached) continue;
      o.group = next;
      auto follow = [&](size_t g) { todo.insert(todo.end(), out->waitsFor[g].begin(), out->waitsFor[g].end()); };
      for (size_t g : o.waiters) follow(g);
      for (uint64_t id : o.others)
        if (auto g = byId.find(id); g != byId.end()) follow(g->second);
    }
    next++;
  }
}

std::string where(Target& target, const Goroutine& g) {
  const std::vector<ShownFrame> frames = shownFrames(target, g, false);
  for (const ShownFrame& f : frames)
    if (!f.function.starts_with("sync.") && !f.function.starts_with("internal/sync.")) return fmt::format("{} {}:{}", f.function, baseName(f.file), f.line);
  return frames.empty() ? "?" : frames[0].function;
}

std::string objectTitle(const WaitGraph::Object& o, bool withAddress = true) {
  std::string out = o.type.empty() ? o.variable : o.variable.empty() ? o.type : fmt::format("{} in {}", o.type, o.variable);
  if (out.empty()) out = "on a stack";
  if (withAddress) out += fmt::format(" {:#x}", o.address);
  if (o.channel) out += o.capacity ? fmt::format(", {} of {} filled", o.queued, o.capacity) : std::string(", unbuffered");
  if (o.closed) out += ", closed";
  if (o.timer) out += ", of a timer";
  return out;
}

// Numbers for objects that are told together.
void findAlike(Target& target, WaitGraph* out) {
  std::map<std::string, std::vector<WaitGraph::Object*>> alike;
  for (WaitGraph::Object& o : out->objects) {
    if (o.waiters.size() != 1 || !o.others.empty() || !o.variable.empty()) continue;
    const size_t waiter = o.waiters[0];
    if (out->waitsFor[waiter].size() != 1) continue;
    const Goroutine& g = out->goroutines[waiter];
    alike[fmt::format("{}\n{}\n{}\n{}", o.reached, objectTitle(o, false), g.state, where(target, g))].push_back(&o);
  }
  int next = 0;
  for (const auto& [key, list] : alike) {
    if (list.size() < kLeastAlike) continue;
    for (WaitGraph::Object* o : list) o->alike = next;
    next++;
  }
}

}  // namespace

bool readWaits(Target& target, WaitGraph* out, std::string* error) {
  ObjectGraph graph;
  if (!graph.build(target, error)) return false;
  findWaits(target, graph, out);
  return true;
}

void findWaits(Target& target, ObjectGraph& graph, WaitGraph* out) {
  std::unordered_map<uint64_t, size_t> byAddress, byId;
  for (const Goroutine& g : graph.goroutines()) {
    if (g.waitsFor.empty() && !g.forEver) continue;
    const size_t index = out->goroutines.size();
    byId[g.id] = index;
    out->goroutines.push_back(g);
    std::vector<size_t> objects;
    for (uint64_t address : g.waitsFor) {
      auto [at, isNew] = byAddress.try_emplace(address, out->objects.size());
      if (isNew) {
        out->objects.emplace_back();
        out->objects.back().address = address;
        out->objects.back().channel = g.waitingOn != 0;
        nameObject(target, graph, &out->objects.back());
        std::string& type = out->objects.back().type;
        // "sync.Mutex.Lock" says what it is, when nobody knows what it is part of.
        if (type.starts_with("(unknown") || (type.empty() && out->objects.back().variable.empty()))
          type = g.state.starts_with("sync.") ? g.state.substr(0, g.state.rfind('.')) : std::string();
      }
      if (std::find(objects.begin(), objects.end(), at->second) != objects.end()) continue;  // twice in one select
      objects.push_back(at->second);
      out->objects[at->second].waiters.push_back(index);
    }
    out->waitsFor.push_back(std::move(objects));
  }
  std::vector<uint32_t> wanted;
  std::unordered_map<uint32_t, std::vector<size_t>> of;
  for (size_t i = 0; i < out->objects.size(); i++) {
    const uint32_t object = graph.find(out->objects[i].address);
    if (object == ObjectGraph::kNone) continue;
    wanted.push_back(object);
    of[object].push_back(i);
  }
  for (const auto& [object, id] : graph.holders(wanted)) {
    for (size_t i : of[object]) {
      WaitGraph::Object& o = out->objects[i];
      const auto waiter = id >= 0 ? byId.find(uint64_t(id)) : byId.end();
      const bool waits = waiter != byId.end() && std::find(o.waiters.begin(), o.waiters.end(), waiter->second) != o.waiters.end();
      if (id >= 0 && !waits) o.others.push_back(uint64_t(id));
    }
  }
  findStuck(target, graph, out);
  findGroups(out, byId);
  findAlike(target, out);
}

void waitsPage(Target& target, const WaitGraph& graph, Page& page) {
  page.line(page.paint("1", target.title));
  if (const std::string held = heldText(target); !held.empty()) page.line(held);
  const size_t stuck = size_t(std::count(graph.stuck.begin(), graph.stuck.end(), true));
  const size_t n = graph.goroutines.size();
  page.line(fmt::format("{} goroutine{} wait{} for {} object{}; {} for ever{}", groupedNumber(n), n == 1 ? "" : "s", n == 1 ? "s" : "", groupedNumber(graph.objects.size()),
                        graph.objects.size() == 1 ? "" : "s", stuck ? groupedNumber(stuck) : "none",
                        stuck ? ": nothing that can still run can reach what they wait for" : ""));
  auto goroutine = [&](const Goroutine& g) {
    page.line(fmt::format("    goroutine {} [{}{}] {}", g.id, g.state, g.waitNs >= 0 ? ", " + durationText(g.waitNs) : std::string(), where(target, g)));
  };
  auto object = [&](const WaitGraph::Object& o) {
    page.line(objectTitle(o));
    for (size_t i = 0; i < o.waiters.size() && i < kMostShown; i++) goroutine(graph.goroutines[o.waiters[i]]);
    if (o.waiters.size() > kMostShown) page.line(fmt::format("    and {} more", groupedNumber(o.waiters.size() - kMostShown)));
    std::string others;
    for (size_t i = 0; i < o.others.size() && i < kMostShown; i++) others += fmt::format(" {}", o.others[i]);
    if (o.others.size() > kMostShown) others += fmt::format(" and {} more", o.others.size() - kMostShown);
    if (!others.empty()) page.line("  on the stack of goroutine" + std::string(o.others.size() > 1 ? "s" : "") + others);
  };
  std::map<int, std::vector<const WaitGraph::Object*>> alike;
  for (const WaitGraph::Object& o : graph.objects)
    if (o.alike >= 0) alike[o.alike].push_back(&o);
  // Says of the first of them what holds for all, and nothing of the others.
  auto isFolded = [&](const WaitGraph::Object& o) {
    const auto found = alike.find(o.alike);
    if (found == alike.end()) return false;
    const std::vector<const WaitGraph::Object*>& list = found->second;
    if (list[0] != &o) return true;
    int64_t longest = -1;
    std::string numbers;
    for (size_t i = 0; i < list.size(); i++) {
      const Goroutine& g = graph.goroutines[list[i]->waiters[0]];
      longest = std::max(longest, g.waitNs);
      if (i < kMostShown) numbers += fmt::format(" {}", g.id);
    }
    if (list.size() > kMostShown) numbers += fmt::format(" and {} more", groupedNumber(list.size() - kMostShown));
    const Goroutine& first = graph.goroutines[o.waiters[0]];
    page.line(fmt::format("{} times {}, the first at {:#x}", groupedNumber(list.size()), objectTitle(o, false), o.address));
    page.line(fmt::format("    a goroutine at each [{}{}] {}", first.state, longest >= 0 ? ", up to " + durationText(longest) : std::string(), where(target, first)));
    page.line("    goroutines" + numbers);
    return true;
  };
  std::vector<const WaitGraph::Object*> lost, live;
  struct Group {
    size_t objects = 0;
    std::set<size_t> waiters;
    bool isTold = false;
  };
  std::map<int, Group> groups;
  for (const WaitGraph::Object& o : graph.objects) {
    (o.reached ? live : lost).push_back(&o);
    if (o.group < 0) continue;
    groups[o.group].objects++;
    groups[o.group].waiters.insert(o.waiters.begin(), o.waiters.end());
  }
  std::stable_sort(lost.begin(), lost.end(), [](auto* a, auto* b) { return a->group < b->group; });
  std::stable_sort(live.begin(), live.end(), [](auto* a, auto* b) { return a->waiters.size() > b->waiters.size(); });
  if (stuck) page.heading("For ever");
  for (size_t i = 0; i < n; i++)
    if (graph.goroutines[i].forEver) goroutine(graph.goroutines[i]);
  for (const WaitGraph::Object* o : lost) {
    Group& group = groups[o->group];
    // More than one goroutine in one select, or several at one object.
    if (!group.isTold && group.objects > 1 && group.waiters.size() > 1) page.line(page.paint("1", fmt::format("{} goroutines that hold each other up:", group.waiters.size())));
    group.isTold = true;
    if (!isFolded(*o)) object(*o);
  }
  if (live.empty()) return;
  page.heading("May be woken: somebody who can run can reach these");
  for (const WaitGraph::Object* o : live)
    if (!isFolded(*o)) object(*o);
}

namespace {

// A text between the quotes of a label.
std::string dotQuoted(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string waitsDot(Target& target, const WaitGraph& graph) {
  std::string out = "digraph waits {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  // Of those that were lost in the same way one is drawn, and how many there are.
  std::map<int, size_t> alike;
  std::vector<bool> isLeftOut(graph.goroutines.size());
  for (const WaitGraph::Object& o : graph.objects)
    if (o.alike >= 0 && alike[o.alike]++ != 0) isLeftOut[o.waiters[0]] = true;
  std::vector<size_t> times(graph.goroutines.size(), 1);
  for (const WaitGraph::Object& o : graph.objects)
    if (o.alike >= 0) times[o.waiters[0]] = alike[o.alike];
  for (size_t i = 0; i < graph.goroutines.size(); i++) {
    const Goroutine& g = graph.goroutines[i];
    if (isLeftOut[i]) continue;
    const std::string name = times[i] > 1 ? fmt::format("{} goroutines, {} and others", times[i], g.id) : fmt::format("goroutine {}", g.id);
    out += fmt::format("  \"g{}\" [shape=ellipse, label=\"{}\\n{}\\n{}\"{}];\n", g.id, name, dotQuoted(g.state), dotQuoted(where(target, g)), graph.stuck[i] ? ", color=red" : "");
  }
  for (const WaitGraph::Object& o : graph.objects) {
    if (o.alike >= 0 && isLeftOut[o.waiters[0]]) continue;
    const std::string name = o.alike >= 0 ? fmt::format("{} times {}", alike[o.alike], objectTitle(o, false)) : objectTitle(o);
    out += fmt::format("  \"{:x}\" [shape=box, label=\"{}\"{}];\n", o.address, dotQuoted(name), o.reached ? "" : ", color=red");
    for (size_t g : o.waiters) out += fmt::format("  \"g{}\" -> \"{:x}\";\n", graph.goroutines[g].id, o.address);
    for (uint64_t g : o.others) out += fmt::format("  \"{:x}\" -> \"g{}\" [style=dashed];\n", o.address, g);
  }
  return out + "}\n";
}

}  // namespace burrow::inspect
