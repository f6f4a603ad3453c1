// The heap as the inspector sees it: arenas, spans, free pages, and what the collector is at.
//
// It is read from a process that goes on running. Span records are never freed and the list of them only grows, so each record is
// one that was true at some moment of the reading; the totals of a busy program are therefore about right and those of an idle
// one, a core or a snapshot are exact.
#pragma once

#include "inspect/target.h"

namespace burrow::inspect {

struct SpanInfo {
  uint64_t record = 0, start = 0, pages = 0, elemSize = 0, limit = 0;
  uint64_t allocBits = 0, markBits = 0, largeType = 0;
  uint32_t sweepgen = 0;
  uint32_t slots = 0, handedOut = 0, freeIndex = 0;
  uint32_t live = 0;    // objects: handed out, or what was marked when it has not been swept yet
  uint32_t marked = 0;  // bits of the collection that is going on, or of the last one
  uint8_t spanClass = 0, state = 0;
  bool needZero = false, hasSpecials = false;
  int owner = -1;       // the P whose cache has it
  uint64_t end() const { return start + pages * 8192; }
  unsigned sizeClass() const { return spanClass / 2; }
  bool noScan() const { return spanClass & 1; }
  bool isLarge() const { return spanClass / 2 == 0; }
};

struct FreeRun {
  uint64_t start = 0, pages = 0;
  bool scavenged = false;
};

struct Heap {
  uint64_t pageSize = 8192, arenaBytes = 64 << 20;
  std::vector<uint64_t> arenas;      // addresses, ascending
  std::vector<SpanInfo> spans;       // in use and manual, by address
  std::vector<FreeRun> free;         // by address
  uint64_t notReady = 0;             // bytes of arenas that are only reserved
  uint32_t sweepgen = 0;
  std::string phase;                 // "GCoff", "GCmark", "GCmarktermination"
  uint64_t spanRecords = 0, deadRecords = 0;
  // As the program counts them.
  uint64_t mapped = 0, released = 0, inUse = 0, freeBytes = 0, stacks = 0;
  uint64_t liveBytes = 0, goal = 0, markedBytes = 0, cycles = 0;
  int64_t gcPercent = 0;

  const SpanInfo* spanOf(uint64_t address) const;
  bool inArena(uint64_t address) const;
  // "in use", "unswept", ...: a word on where the span is in the collector's cycle.
  const char* sweepState(const SpanInfo& s) const;
};

bool readHeap(Target& target, Heap* heap, std::string* error);

struct ClassTotals {
  unsigned spanClass = 0;
  uint64_t elemSize = 0, spans = 0, pages = 0, slots = 0, live = 0;
  uint64_t liveBytes = 0, freeSlotBytes = 0, tailBytes = 0;
};
std::vector<ClassTotals> byClass(const Heap& heap);

struct TypeTotals {
  uint64_t type = 0;  // 0: not known
  std::string name;
  uint64_t objects = 0, bytes = 0;  // of whole slots
};
// Types as far as objects carry them: those above minSizeForMallocHeader bytes that hold pointers.
std::vector<TypeTotals> byType(Target& target, const Heap& heap);

// Calls f(slot's address) for each object of the span.
template <class F>
void forEachObject(Target& target, const Heap& heap, const SpanInfo& s, F f);
// A bit for each slot that holds an object.
std::vector<bool> liveSlots(Target& target, const Heap& heap, const SpanInfo& s);

}  // namespace burrow::inspect
