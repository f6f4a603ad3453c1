// The views: each from the model of its part to a page, and to JSON (docs/inspect.md has the schema).
#pragma once

#include "inspect/alloc_sites.h"
#include "inspect/goroutines.h"
#include "inspect/heap.h"
#include "inspect/sched.h"
#include "inspect/text.h"

#include <optional>
#include <string>
#include <string_view>

namespace burrow::inspect {

inline constexpr std::string_view kSpanStates[] = {"inuse", "manual", "large", "scan", "noscan", "swept", "unswept", "sweeping", "cached"};

// For how long the process was held up; empty when it was not.
std::string heldText(const Target& target);

struct SpanFilter {
  std::optional<unsigned> sizeClass;
  std::optional<uint64_t> size;
  std::string state;   // one of kSpanStates, or empty
  std::optional<uint64_t> at;  // the span that holds this address
  bool partial = false, full = false, empty = false;
  bool matches(const Heap& heap, const SpanInfo& s) const;
};

void heapPage(Target& target, const Heap& heap, Page& page);
void spansPage(Target& target, const Heap& heap, const SpanFilter& filter, Page& page);
struct GoroutinesOptions {
  bool grouped = false, all = false;
  std::optional<uint64_t> only;
};
void goroutinesPage(Target& target, const std::vector<Goroutine>& list, const GoroutinesOptions& options, Page& page);
void schedPage(Target& target, const Scheduler& s, Page& page);
void gcworkPage(Target& target, const GcWorkInfo& w, Page& page);
std::string gcworkDot(Target& target, const GcWorkInfo& w);
void typesPage(Program& program, const std::string& pattern, Page& page);
void initsPage(Program& program, Page& page);
void sizePage(Program& program, Page& page, size_t most);
bool whatPage(Target& target, uint64_t address, Page& page);

std::string heapJson(Target& target, const Heap& heap);
std::string spansJson(Target& target, const Heap& heap, const SpanFilter& filter);
std::string goroutinesJson(Target& target, const std::vector<Goroutine>& list, const GoroutinesOptions& options);
std::string schedJson(Target& target, const Scheduler& s);
std::string gcworkJson(Target& target, const GcWorkInfo& w);
std::string typesJson(Program& program, const std::string& pattern);
std::string initsJson(Program& program);
std::string sizeJson(Program& program);

// A frame of a stack as the lines of a traceback; hidden ones give none unless all.
struct ShownFrame {
  std::string function, file;
  uint32_t line = 0;
  bool inlined = false;
  uint64_t pc = 0, offset = 0;
};
std::vector<ShownFrame> shownFrames(Target& target, const Goroutine& g, bool all);
// Who made it; no function when nobody says.
ShownFrame creator(Target& target, const Goroutine& g);

// Where the bytes of the executable come from.
struct SizeEntry {
  std::string name;
  uint64_t text = 0, data = 0, table = 0;
  uint64_t sum() const { return text + data + table; }
};
std::vector<SizeEntry> sizeByPackage(Program& program);
std::string packageOf(std::string_view symbol);

// The package initialisations in their order.
struct InitEntry {
  std::string package;
  uint64_t address = 0, size = 0, functions = 0;
};
std::vector<InitEntry> packageInits(Program& program);

}  // namespace burrow::inspect
