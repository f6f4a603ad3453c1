// The views of the heap: `heap` and `spans`.
#include "inspect/views.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::inspect {

namespace {

constexpr size_t kMapRows = 24, kMostTypes = 20, kMostSites = 15, kSiteFrames = 3;
constexpr unsigned kAddressColumn = 14;

std::string className(unsigned spanClass) { return fmt::format("{}{}", spanClass / 2, spanClass & 1 ? " noscan" : ""); }

// What a cell of the map stands for: the bytes of each kind in it.
struct Cell {
  uint64_t live = 0, dead = 0, large = 0, manual = 0, freed = 0, scavenged = 0;
};

// Draws the arenas: a character for so many pages that it all fits.
void drawMap(const Heap& heap, Page& page) {
  const size_t columns = std::clamp<size_t>((page.width - kAddressColumn) / 16 * 16, 16, 128);
  // Pages that are free up to the end of an arena and were never used say nothing: the map ends behind the last that was.
  struct Range {
    uint64_t start, end;
  };
  std::vector<Range> ranges;
  for (uint64_t a : heap.arenas) {
    uint64_t end = a;
    for (const SpanInfo& s : heap.spans)
      if (s.start >= a && s.start < a + heap.arenaBytes) end = std::max(end, s.start + s.pages * heap.pageSize);
    for (const FreeRun& f : heap.free)
      if (!f.scavenged && f.start >= a && f.start < a + heap.arenaBytes) end = std::max(end, f.start + f.pages * heap.pageSize);
    if (end == a) continue;
    if (!ranges.empty() && ranges.back().end >= a) {
      ranges.back().end = end;
    } else {
      ranges.push_back({a, end});
    }
  }
  uint64_t pages = 0;
  for (const Range& r : ranges) pages += (r.end - r.start) / heap.pageSize;
  if (pages == 0) {
    page.line("  no page is in use: the heap is empty");
    return;
  }
  uint64_t perCell = 1;
  while (pages / perCell > columns * kMapRows) perCell *= 2;
  const uint64_t cellBytes = perCell * heap.pageSize;
  page.line(fmt::format("  a character is {} ({} page{}); 0-9 small objects, tenths in use; # full; L large; S stacks and the", bytesText(cellBytes), perCell, perCell == 1 ? "" : "s"));
  page.line("  runtime's own; _ free; . free and given back");
  for (const Range& r : ranges) {
    std::vector<Cell> cells((r.end - r.start + cellBytes - 1) / cellBytes);
    auto add = [&](uint64_t start, uint64_t bytes, auto f) {
      while (bytes != 0 && start >= r.start && start < r.end) {
        const uint64_t i = (start - r.start) / cellBytes, n = std::min(bytes, r.start + (i + 1) * cellBytes - start);
        f(cells[i], n);
        start += n, bytes -= n;
      }
    };
    for (const SpanInfo& s : heap.spans) {
      const uint64_t bytes = s.pages * heap.pageSize;
      if (s.slots == 0) {
        add(s.start, bytes, [](Cell& c, uint64_t n) { c.manual += n; });
      } else if (s.isLarge()) {
        add(s.start, bytes, [](Cell& c, uint64_t n) { c.large += n; });
      } else {
        const double part = s.slots ? double(s.live) / s.slots : 0;
        add(s.start, bytes, [&](Cell& c, uint64_t n) {
          c.live += uint64_t(double(n) * part + 0.5);
          c.dead += n - uint64_t(double(n) * part + 0.5);
        });
      }
    }
    for (const FreeRun& f : heap.free)
      add(f.start, f.pages * heap.pageSize, [&](Cell& c, uint64_t n) { (f.scavenged ? c.scavenged : c.freed) += n; });
    for (size_t row = 0; row < cells.size(); row += columns) {
      std::string text;
      for (size_t i = row; i < std::min(cells.size(), row + columns); i++) {
        const Cell& c = cells[i];
        const uint64_t small = c.live + c.dead, most = std::max({small, c.large, c.manual, c.freed, c.scavenged});
        if (most == 0) {
          text += ' ';
        } else if (most == c.large) {
          text += page.paint("35", "L");
        } else if (most == c.manual) {
          text += page.paint("36", "S");
        } else if (most == small) {
          const unsigned tenths = unsigned(10 * c.live / small);
          text += page.paint(tenths >= 8 ? "32" : tenths >= 4 ? "33" : "31", tenths >= 10 ? "#" : std::string(1, char('0' + tenths)));
        } else {
          text += c.freed >= c.scavenged ? "_" : page.paint("2", ".");
        }
      }
      page.line(fmt::format("{:>12x}  {}", r.start + row * cellBytes, text));
    }
  }
}

// Where what is in the heap was allocated: a line for the function that did, and below it who called.
void sitesSection(Target& target, const AllocSites& all, uint64_t liveBytes, Page& page) {
  page.heading("By allocation site");
  if (!all.known) {
    page.line("  not known: programs that can read their memory profile (runtime/pprof, net/http/pprof,");
    page.line("  testing) keep one");
    return;
  }
  page.line(all.rate == 1 ? "  every allocation was counted" : fmt::format("  estimated from a sample each {} (runtime.MemProfileRate)", bytesText(all.rate)));
  size_t shown = 0, left = 0;
  for (const AllocSite& s : all.sites) {
    if (s.objects == 0) continue;
    if (shown == kMostSites) {
      left++;
      continue;
    }
    shown++;
    std::string head = fmt::format("{:>10} {:>6}  {} of {}", bytesText(s.bytes()), percentText(s.bytes(), liveBytes), groupedNumber(s.objects), bytesText(s.size));
    if (s.frees != 0) head += fmt::format(", {} so far", groupedNumber(s.allocated));
    page.line(head);
    const std::vector<CodeFrame> frames = siteFrames(target, s);
    if (frames.empty()) page.line("    in the runtime");
    for (size_t i = 0; i < frames.size() && i < kSiteFrames; i++) {
      const std::string_view file = frames[i].file;
      const size_t slash = file.rfind('/');
      const std::string place = fmt::format(" {}:{}", slash == std::string_view::npos ? file : file.substr(slash + 1), frames[i].line);
      const size_t room = page.width > place.size() + 24 ? page.width - place.size() - 4 : 20;
      page.line("    " + (i == 0 ? page.paint("1", shortened(shownFunction(frames[i].function), room)) : shortened(shownFunction(frames[i].function), room)) + place);
    }
  }
  if (shown == 0) page.line("  nothing was sampled");
  if (left != 0) page.line(fmt::format("  and {} more places", left));
}

}  // namespace

bool SpanFilter::matches(const Heap& heap, const SpanInfo& s) const {
  if (sizeClass && (s.slots == 0 || s.sizeClass() != *sizeClass)) return false;
  if (size && s.elemSize != *size) return false;
  if (at && (*at < s.start || *at >= s.start + s.pages * heap.pageSize)) return false;
  if (partial && (s.live == 0 || s.live >= s.slots)) return false;
  if (full && (s.slots == 0 || s.live < s.slots)) return false;
  if (empty && (s.slots == 0 || s.live != 0)) return false;
  if (state.empty()) return true;
  if (state == "inuse") return s.slots != 0;
  if (state == "manual") return s.slots == 0;
  if (state == "large") return s.slots != 0 && s.isLarge();
  if (state == "scan") return s.slots != 0 && !s.noScan();
  if (state == "noscan") return s.slots != 0 && s.noScan();
  const std::string_view sweep = heap.sweepState(s);
  return s.slots != 0 && (state == "cached" ? sweep.starts_with("cached") : sweep == state);
}

void heapPage(Target& target, const Heap& heap, Page& page) {
  page.line(page.paint("1", target.title));
  page.line(fmt::format("collector: {}, {} collection{} so far{}", heap.phase == "GCoff" ? "off" : heap.phase == "GCmark" ? "marking" : heap.phase.empty() ? "?" : "ending the mark phase",
                        groupedNumber(heap.cycles), heap.cycles == 1 ? "" : "s",
                        heap.gcPercent < 0 ? ", GOGC=off" : fmt::format(", next at about {}", bytesText(heap.goal))));
  uint64_t liveBytes = 0, objects = 0, freeSlots = 0, tails = 0, freeResident = 0, freeReleased = 0, manual = 0, inUse = 0;
  size_t spans = 0;
  for (const ClassTotals& c : byClass(heap)) {
    liveBytes += c.liveBytes, objects += c.live, freeSlots += c.freeSlotBytes, tails += c.tailBytes;
    spans += c.spans, inUse += c.pages * heap.pageSize;
  }
  for (const SpanInfo& s : heap.spans)
    if (s.slots == 0) manual += s.pages * heap.pageSize;
  for (const FreeRun& f : heap.free) (f.scavenged ? freeReleased : freeResident) += f.pages * heap.pageSize;
  page.heading("Where the memory is");
  Table sums({{"", false}, {"bytes", true}, {"share", true}, {"", false, 5}});
  const uint64_t all = inUse + manual + freeResident + freeReleased;
  sums.row({"objects", bytesText(liveBytes), percentText(liveBytes, all), groupedNumber(objects) + " objects"});
  sums.row({"free slots in spans", bytesText(freeSlots), percentText(freeSlots, all), "room for objects of the same size"});
  sums.row({"ends of spans", bytesText(tails), percentText(tails, all), "too small for one more object, pointer bits"});
  sums.row({"stacks and the runtime's own", bytesText(manual), percentText(manual, all), ""});
  sums.row({"free pages, resident", bytesText(freeResident), percentText(freeResident, all), ""});
  sums.row({"free pages, given back", bytesText(freeReleased), percentText(freeReleased, all), "never touched, or scavenged"});
  sums.row({"sum", bytesText(all), "", fmt::format("{} arena{} of {}, {} spans", heap.arenas.size(), heap.arenas.size() == 1 ? "" : "s", bytesText(heap.arenaBytes), groupedNumber(spans))});
  sums.print(page);

  page.heading("Map");
  drawMap(heap, page);

  const std::vector<ClassTotals> classes = byClass(heap);
  if (!classes.empty()) {
    page.heading("By size class");
    Table t({{"size", true}, {"pointers", false, 6}, {"spans", true}, {"objects", true}, {"of", true, 5}, {"in use", true}, {"bytes", true}, {"free slots", true, 4}, {"ends", true, 3}});
    for (const ClassTotals& c : classes) {
      t.row({c.elemSize ? groupedNumber(c.elemSize) : "large", c.spanClass & 1 ? "no" : "yes", groupedNumber(c.spans), groupedNumber(c.live), groupedNumber(c.slots),
             percentText(c.live, c.slots), bytesText(c.liveBytes), bytesText(c.freeSlotBytes), bytesText(c.tailBytes)});
    }
    t.print(page);
  }
  const std::vector<TypeTotals> types = byType(target, heap);
  if (!types.empty()) {
    page.heading("By type");
    Table t({{"type", false, 9, true}, {"objects", true}, {"bytes", true}, {"share", true, 5}});
    size_t n = 0;
    for (const TypeTotals& e : types) {
      if (n++ == kMostTypes) break;
      t.row({e.name.empty() ? "(no type at the object: small, or without pointers)" : e.name, groupedNumber(e.objects), bytesText(e.bytes), percentText(e.bytes, liveBytes)});
    }
    t.print(page);
    if (types.size() > kMostTypes) page.line(fmt::format("  and {} more types", types.size() - kMostTypes));
  }
  sitesSection(target, readAllocSites(target), liveBytes, page);
}

void spansPage(Target& target, const Heap& heap, const SpanFilter& filter, Page& page) {
  page.line(page.paint("1", target.title));
  Table t({{"start", true}, {"pages", true}, {"class", false}, {"size", true}, {"objects", true}, {"of", true, 7}, {"in use", true, 6}, {"marked", true, 4}, {"state", false}, {"P", true, 5}, {"type", false, 3, true}});
  uint64_t pages = 0, live = 0;
  for (const SpanInfo& s : heap.spans) {
    if (!filter.matches(heap, s)) continue;
    pages += s.pages;
    live += s.live;
    if (s.slots == 0) {
      t.row({fmt::format("{:x}", s.start), groupedNumber(s.pages), "runtime", "", "", "", "", "", "manual", "", ""});
      continue;
    }
    t.row({fmt::format("{:x}", s.start), groupedNumber(s.pages), className(s.spanClass), groupedNumber(s.elemSize), groupedNumber(s.live), groupedNumber(s.slots), percentText(s.live, s.slots),
           groupedNumber(s.marked), heap.sweepState(s), s.owner >= 0 ? std::to_string(s.owner) : "", s.isLarge() && s.largeType ? target.types().name(s.largeType) : ""});
  }
  t.print(page);
  page.line(fmt::format("{} span{}, {} pages, {} objects", groupedNumber(t.size()), t.size() == 1 ? "" : "s", groupedNumber(pages), groupedNumber(live)));
}

}  // namespace burrow::inspect
