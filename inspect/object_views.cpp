// The views `objects` and `leak`.
#include "inspect/objects.h"

#include "inspect/json_text.h"
#include "inspect/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace burrow::inspect {

namespace {

constexpr size_t kMostRows = 40, kMostSteps = 60;

std::vector<uint32_t> largestRetained(ObjectGraph& graph) {
  std::vector<uint32_t> order;
  for (uint32_t o = 0; o < graph.count(); o++)
    if (graph.reachable(o)) order.push_back(o);
  const size_t n = std::min(kMostRows, order.size());
  std::partial_sort(order.begin(), order.begin() + long(n), order.end(), [&](uint32_t a, uint32_t b) { return graph.retained(a) != graph.retained(b) ? graph.retained(a) > graph.retained(b) : a < b; });
  order.resize(n);
  return order;
}

}  // namespace

void objectsPage(Target& target, ObjectGraph& graph, bool retained, Page& page) {
  page.line(page.paint("1", target.title));
  const std::vector<ObjectGraph::ByType> types = graph.byType();
  uint64_t bytes = 0, garbage = 0;
  for (const auto& t : types) bytes += t.bytes, garbage += t.garbage;
  page.line(fmt::format("{} objects, {}; {} of them nothing keeps alive any more", groupedNumber(graph.count()), bytesText(bytes), groupedNumber(garbage)));
  if (const std::string held = heldText(target); !held.empty()) page.line(held);
  page.line();
  std::vector<Table::Column> columns{{"type", false, 9, true}, {"objects", true}, {"bytes", true}, {"share", true, 5}, {"garbage", true, 4}};
  if (retained) columns.push_back({"retained", true});
  Table t(columns);
  for (size_t i = 0; i < std::min(kMostRows, types.size()); i++) {
    std::vector<std::string> row{types[i].name, groupedNumber(types[i].objects), bytesText(types[i].bytes), percentText(types[i].bytes, bytes), types[i].garbage ? groupedNumber(types[i].garbage) : ""};
    if (retained) row.push_back(bytesText(types[i].retained));
    t.row(std::move(row));
  }
  t.print(page);
  if (types.size() > kMostRows) page.line(fmt::format("  and {} more types", types.size() - kMostRows));
  if (!retained) return;
  page.heading("Objects that keep most alive");
  Table r({{"object", true}, {"size", true}, {"retains", true}, {"share", true, 5}, {"type", false, 9, true}});
  for (uint32_t o : largestRetained(graph)) r.row({fmt::format("{:x}", graph.address(o)), bytesText(graph.size(o)), bytesText(graph.retained(o)), percentText(graph.retained(o), bytes), graph.typeName(o)});
  r.print(page);
}

bool keepPage(Target& target, ObjectGraph& graph, uint64_t address, Page& page) {
  const uint32_t o = graph.find(address);
  if (o == ObjectGraph::kNone) return false;
  page.line(page.paint("1", fmt::format("{:#x}: {}, {} bytes", graph.address(o), graph.typeName(o), graph.size(o))));
  const std::vector<ObjectGraph::Step> path = graph.path(o);
  if (path.empty()) {
    page.line("nothing keeps it alive: the next collection frees it");
    return true;
  }
  page.line("kept alive by");
  size_t i = 0;
  for (const ObjectGraph::Step& s : path) {
    if (i++ >= kMostSteps && &s != &path.back()) {
      if (i == kMostSteps + 1) page.line(fmt::format("  ... {} more", path.size() - kMostSteps - 1));
      continue;
    }
    const std::string plus = s.offset ? fmt::format(" at +{}", s.offset) : std::string();
    if (s.object == ObjectGraph::kNone) page.line("  " + s.text + plus);
    else if (&s == &path.back()) page.line(fmt::format("  -> {:#x} {}", graph.address(s.object), graph.typeName(s.object)));
    else page.line(fmt::format("  -> {:#x} {}{}", graph.address(s.object), graph.typeName(s.object), plus));
  }
  return true;
}

std::string objectsJson(Target& target, ObjectGraph& graph, bool retained) {
  JsonText j;
  jsonHead(j, "objects", target.title, target.program->buildId());
  j.field("stoppedNs", target.stoppedNs);
  j.field("objects", uint64_t(graph.count()));
  j.rows("types", graph.byType(), [&](const auto& t) {
    j.field("type", t.name);
    j.field("objects", t.objects);
    j.field("bytes", t.bytes);
    j.field("garbage", t.garbage);
    if (retained) j.field("retained", t.retained);
  });
  if (retained) {
    j.rows("largest", largestRetained(graph), [&](uint32_t o) {
      j.address("address", graph.address(o));
      j.field("type", graph.typeName(o));
      j.field("bytes", graph.size(o));
      j.field("retained", graph.retained(o));
    });
  }
  return j.finish();
}

namespace {

struct Change {
  std::string name;
  int64_t objects = 0, bytes = 0;
  uint64_t now = 0;
};

// The types whose number of objects is another one, those that grew most first. What nothing keeps alive is no leak.
std::vector<Change> changesOf(const std::vector<ObjectGraph::ByType>& before, const std::vector<ObjectGraph::ByType>& after) {
  std::map<std::string, Change> changes;
  auto add = [&](const ObjectGraph::ByType& t, int64_t sign) {
    Change& c = changes[t.name];
    const uint64_t kept = t.objects - t.garbage;
    c.name = t.name;
    c.objects += sign * int64_t(kept);
    c.bytes += sign * int64_t(t.bytes / std::max<uint64_t>(t.objects, 1) * kept);
    if (sign > 0) c.now = kept;
  };
  for (const auto& t : before) add(t, -1);
  for (const auto& t : after) add(t, 1);
  std::vector<Change> order;
  for (const auto& [name, c] : changes)
    if (c.objects != 0) order.push_back(c);
  std::stable_sort(order.begin(), order.end(), [](const Change& x, const Change& y) { return x.bytes > y.bytes; });
  return order;
}

}  // namespace

void leakPage(const LeakSide& before, const LeakSide& after, Page& page) {
  page.line(page.paint("1", "before: " + before.title));
  if (!before.held.empty()) page.line(before.held);
  page.line(page.paint("1", "after:  " + after.title));
  if (!after.held.empty()) page.line(after.held);
  page.line();
  const std::vector<Change> order = changesOf(before.types, after.types);
  auto plus = [](int64_t n, std::string text) { return (n < 0 ? "-" : "+") + text; };
  Table t({{"type", false, 9, true}, {"objects", true}, {"bytes", true}, {"now", true, 5}});
  for (size_t i = 0; i < std::min(kMostRows, order.size()); i++) {
    const Change& c = order[i];
    t.row({c.name, plus(c.objects, groupedNumber(uint64_t(std::abs(c.objects)))), plus(c.bytes, bytesText(uint64_t(std::abs(c.bytes)))), groupedNumber(c.now)});
  }
  if (order.empty()) page.line("nothing has changed");
  else t.print(page);
  if (order.size() > kMostRows) page.line(fmt::format("  and {} more types", order.size() - kMostRows));
}

std::string leakJson(const LeakSide& before, const LeakSide& after) {
  JsonText j;
  jsonHead(j, "leak", after.title, {});
  j.field("stoppedNs", std::max(before.stoppedNs, after.stoppedNs));
  j.field("before", before.title);
  j.rows("types", changesOf(before.types, after.types), [&](const Change& c) {
    j.field("type", c.name);
    j.field("objects", c.objects);
    j.field("bytes", c.bytes);
    j.field("now", c.now);
  });
  return j.finish();
}

}  // namespace burrow::inspect
