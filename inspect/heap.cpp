#include "inspect/heap.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

namespace burrow::inspect {

namespace {

constexpr uint64_t kMostSpans = 64 << 20, kMostArenas = 1 << 21, kMostChunks = 1 << 22, kMostSlots = 1 << 16;

// The sweepgen of a span relative to the heap's (docs/memory.md).
enum Age : int32_t { kUnswept = -2, kBeingSwept = -1, kSwept = 0, kCachedUnswept = 1, kCachedSwept = 3 };

uint32_t countBits(Memory& memory, uint64_t at, uint32_t slots) {
  if (at == 0 || slots > kMostSlots) return 0;
  const size_t words = (slots + 63) / 64;
  uint64_t buffer[kMostSlots / 64];
  if (!memory.read(at, buffer, words * 8)) return 0;
  uint32_t n = 0;
  for (size_t i = 0; i < words; i++) {
    uint64_t w = buffer[i];
    if (i == words - 1 && slots % 64 != 0) w &= (uint64_t{1} << (slots % 64)) - 1;
    n += uint32_t(std::popcount(w));
  }
  return n;
}

void readFreePages(Target& target, Heap* heap) {
  const Layout& layout = target.layout();
  const LayoutRoot* root = layout.root("mheap_");
  const FieldPath chunks = layout.path(root->type, "pages.chunks_");
  const LayoutStruct* data = layout.structure("PallocData");
  if (!chunks.found || !data) return;
  const uint64_t chunkBytes = layout.constant("pallocChunkBytes", 4 << 20), pagesPerChunk = chunkBytes / heap->pageSize;
  const uint64_t blocks = layout.type(chunks.type).count;
  if (blocks == 0 || chunkBytes == 0 || pagesPerChunk > 4096) return;
  const uint64_t perBlock = (uint64_t{1} << 47) / chunkBytes / blocks;
  Record record(layout, "PallocData");
  uint64_t allocAt = 0, scavengedAt = 0;
  for (const LayoutField& f : data->fields) {
    if (f.name == "alloc") allocAt = f.offset;
    if (f.name == "scavenged") scavengedAt = f.offset;
  }
  const uint64_t first = target.value("mheap_", "pages.startChunk_"), last = target.value("mheap_", "pages.endChunk_");
  if (last < first || last - first > kMostChunks || perBlock == 0) return;
  std::vector<uint8_t> bytes(data->size);
  for (uint64_t c = first; c < last; c++) {
    const uint64_t block = target.cache().word(root->address + chunks.offset + 8 * (c / perBlock));
    if (block == 0 || !target.cache().read(block + (c % perBlock) * data->size, bytes.data(), bytes.size())) continue;
    if (allocAt + pagesPerChunk / 8 > bytes.size() || scavengedAt + pagesPerChunk / 8 > bytes.size()) return;
    for (uint64_t i = 0; i < pagesPerChunk; i++) {
      if (bytes[allocAt + i / 8] >> (i % 8) & 1) continue;
      const bool scavenged = bytes[scavengedAt + i / 8] >> (i % 8) & 1;
      const uint64_t at = c * chunkBytes + i * heap->pageSize;
      if (!heap->inArena(at)) continue;
      if (!heap->free.empty() && heap->free.back().scavenged == scavenged &&
          heap->free.back().start + heap->free.back().pages * heap->pageSize == at) {
        heap->free.back().pages++;
      } else {
        heap->free.push_back({at, 1, scavenged});
      }
    }
  }
}

}  // namespace

const SpanInfo* Heap::spanOf(uint64_t address) const {
  auto after = std::upper_bound(spans.begin(), spans.end(), address, [](uint64_t v, const SpanInfo& s) { return v < s.start; });
  if (after == spans.begin()) return nullptr;
  const SpanInfo& s = *--after;
  return address < s.start + s.pages * pageSize ? &s : nullptr;
}

bool Heap::inArena(uint64_t address) const {
  return std::binary_search(arenas.begin(), arenas.end(), address / arenaBytes * arenaBytes);
}

const char* Heap::sweepState(const SpanInfo& s) const {
  switch (int32_t(s.sweepgen - sweepgen)) {
    case kUnswept: return "unswept";
    case kBeingSwept: return "sweeping";
    case kSwept: return "swept";
    case kCachedUnswept: return "cached, unswept";
    case kCachedSwept: return "cached";
    default: return "?";
  }
}

bool readHeap(Target& target, Heap* heap, std::string* error) {
  const Layout& layout = target.layout();
  Record span(layout, "MSpan");
  if (!span.known() || target.rootAddress("mheap_") == 0) {
    *error = target.title + ": its description of the runtime has no heap";
    return false;
  }
  Memory& memory = target.cache();
  heap->pageSize = layout.constant("pageSize", 8192);
  heap->arenaBytes = layout.constant("heapArenaBytes", 64 << 20);
  if (heap->pageSize == 0 || heap->arenaBytes == 0) {
    *error = target.title + ": its description of the runtime is damaged";
    return false;
  }
  heap->sweepgen = uint32_t(target.value("mheap_", "sweepgen"));
  heap->phase = layout.enumerator("GcPhase", target.value("gcphase"));
  heap->mapped = target.value("mheap_", "stats.heapMapped");
  heap->released = target.value("mheap_", "stats.heapReleased");
  heap->inUse = target.value("mheap_", "stats.heapInUse");
  heap->freeBytes = target.value("mheap_", "stats.heapFree");
  heap->stacks = target.value("mheap_", "stats.stacksInUse");
  heap->liveBytes = target.value("gcController", "heapLive");
  heap->markedBytes = target.value("gcController", "heapMarked");
  heap->goal = target.value("gcController", "gcPercentHeapGoal");
  heap->gcPercent = int64_t(target.value("gcController", "gcPercent"));
  heap->cycles = target.value("gcTotals", "numGC");

  const uint64_t arenaCount = std::min(target.value("mheap_", "allArenasLen"), kMostArenas), arenaList = target.value("mheap_", "allArenas");
  heap->arenas.resize(arenaCount);
  if (arenaCount != 0 && !memory.read(arenaList, heap->arenas.data(), arenaCount * 8)) heap->arenas.clear();
  std::sort(heap->arenas.begin(), heap->arenas.end());
  const uint64_t current = target.value("mheap_", "curArena"), currentEnd = target.value("mheap_", "curArenaEnd");
  if (currentEnd > current) heap->notReady = currentEnd - current;

  // Whose cache has which span.
  std::map<uint64_t, int> owners;
  // Where in the span the P's next object goes: what is behind it and before freeindex was taken as a run and is still free.
  std::map<uint64_t, uint64_t> nextInRun;
  Record p(layout, "P"), cache(layout, "MCache");
  struct {
    uint64_t offset = 0, count = 0;
  } runs;
  if (cache.known() && layout.root("mcache0")) {
    const FieldPath path = layout.path(layout.type(layout.root("mcache0")->type).element, "runs");
    if (path.found) runs = {path.offset, layout.type(path.type).count};
  }
  const uint64_t ps = target.value("allp"), pCount = std::min<uint64_t>(target.value("gomaxprocs"), 1 << 14);
  const FieldPath spansInCache = cache.known() ? layout.path(layout.root("mcache0") ? layout.type(layout.root("mcache0")->type).element : 0, "alloc") : FieldPath();
  for (uint64_t i = 0; i < pCount && spansInCache.found; i++) {
    if (!p.load(memory, memory.word(ps + 8 * i)) || !cache.load(memory, p.u("mcache"))) continue;
    const uint64_t n = std::min<uint64_t>(layout.type(spansInCache.type).count, 1024);
    for (uint64_t k = 0; k < n; k++) {
      const uint64_t cached = memory.word(cache.address() + spansInCache.offset + 8 * k);
      owners[cached] = int(i);
      if (k >= runs.count) continue;
      const uint64_t next = memory.word(cache.address() + runs.offset + 16 * k);
      if (next != memory.word(cache.address() + runs.offset + 16 * k + 8)) nextInRun[cached] = next;
    }
  }

  const uint8_t inUse = uint8_t(layout.constant("spanInUse", 1)), manual = uint8_t(layout.constant("spanManual", 2));
  const bool marking = heap->phase == "GCmark" || heap->phase == "GCmarktermination";
  const uint64_t count = std::min(target.value("mheap_", "allspansLen"), kMostSpans), list = target.value("mheap_", "allspans");
  std::vector<uint64_t> records(count);
  if (count != 0 && !memory.read(list, records.data(), count * 8)) {
    *error = target.alive() ? target.title + ": its list of spans cannot be read" : target.title + ": it has ended";
    return false;
  }
  heap->spanRecords = count;
  heap->spans.reserve(count);  // of a million, a vector that doubles would hold three times what it needs
  // In order of address, so that the cache's blocks are read once.
  std::sort(records.begin(), records.end());
  for (uint64_t at : records) {
    if (!span.load(memory, at)) continue;
    SpanInfo s;
    s.record = at;
    s.state = uint8_t(span.u("state"));
    if (s.state != inUse && s.state != manual) {
      heap->deadRecords++;
      continue;
    }
    s.start = span.u("startAddr");
    s.pages = span.u("npages");
    if (s.pages == 0 || s.pages > (uint64_t{1} << 34) || !heap->inArena(s.start)) continue;
    s.elemSize = span.u("elemsize");
    s.limit = span.u("limit");
    s.slots = uint32_t(span.u("nelems"));
    s.handedOut = uint32_t(span.u("allocCount"));
    s.freeIndex = uint32_t(span.u("freeindex"));
    if (auto run = nextInRun.find(at); run != nextInRun.end() && run->second > s.start && s.elemSize != 0) {
      const uint32_t next = uint32_t(std::min<uint64_t>((run->second - s.start) / s.elemSize, s.freeIndex));
      s.handedOut -= std::min(s.handedOut, s.freeIndex - next);
      s.freeIndex = next;
    }
    s.spanClass = uint8_t(span.u("spanclass"));
    s.sweepgen = uint32_t(span.u("sweepgen"));
    s.needZero = span.u("needzero") != 0;
    s.hasSpecials = span.u("specials") != 0;
    s.largeType = span.u("largeType");
    s.allocBits = span.u("allocBits");
    s.markBits = span.u("gcmarkBits");
    if (auto owner = owners.find(at); owner != owners.end()) s.owner = owner->second;
    if (s.state == inUse) {
      s.marked = countBits(memory, s.markBits, s.slots);
      const int32_t age = int32_t(s.sweepgen - heap->sweepgen);
      // What has not been swept holds what the last collection marked; the rest of it is garbage that was not taken yet.
      s.live = !marking && (age == kUnswept || age == kBeingSwept || age == kCachedUnswept) ? s.marked : s.handedOut;
    }
    heap->spans.push_back(s);
  }
  std::sort(heap->spans.begin(), heap->spans.end(), [](const SpanInfo& a, const SpanInfo& b) { return a.start < b.start; });
  readFreePages(target, heap);
  return true;
}

std::vector<ClassTotals> byClass(const Heap& heap) {
  std::map<unsigned, ClassTotals> totals;
  for (const SpanInfo& s : heap.spans) {
    if (s.slots == 0) continue;
    ClassTotals& t = totals[s.spanClass];
    t.spanClass = s.spanClass;
    t.elemSize = s.isLarge() ? 0 : s.elemSize;
    t.spans++;
    t.pages += s.pages;
    t.slots += s.slots;
    t.live += s.live;
    t.liveBytes += s.live * s.elemSize;
    t.freeSlotBytes += uint64_t(s.slots - std::min(s.live, s.slots)) * s.elemSize;
    const uint64_t bytes = s.pages * heap.pageSize, used = s.slots * s.elemSize;
    t.tailBytes += bytes > used ? bytes - used : 0;
  }
  std::vector<ClassTotals> out;
  for (auto& [key, t] : totals) out.push_back(t);
  return out;
}

std::vector<bool> liveSlots(Target& target, const Heap& heap, const SpanInfo& s) {
  std::vector<bool> out(s.slots);
  if (s.slots == 0 || s.slots > kMostSlots) return out;
  const bool marking = heap.phase == "GCmark" || heap.phase == "GCmarktermination";
  const int32_t age = int32_t(s.sweepgen - heap.sweepgen);
  const bool unswept = !marking && (age == kUnswept || age == kBeingSwept || age == kCachedUnswept);
  const uint64_t at = unswept ? s.markBits : s.allocBits;
  std::vector<uint8_t> bits((s.slots + 63) / 64 * 8);
  if (at == 0 || !target.cache().read(at, bits.data(), bits.size())) std::fill(bits.begin(), bits.end(), 0);
  for (uint32_t i = 0; i < s.slots; i++) {
    const bool bit = bits[i / 8] >> (i % 8) & 1;
    // Slots before freeindex have been handed out since the last sweep, or were in use then.
    out[i] = unswept ? bit : bit || i < s.freeIndex;
  }
  return out;
}

std::vector<TypeTotals> byType(Target& target, const Heap& heap) {
  const uint64_t headerFrom = target.layout().constant("minSizeForMallocHeader", 512);
  std::map<uint64_t, TypeTotals> totals;
  auto add = [&](uint64_t type, uint64_t objects, uint64_t bytes) {
    TypeTotals& t = totals[type];
    t.type = type;
    t.objects += objects;
    t.bytes += bytes;
  };
  std::vector<char> content;
  for (const SpanInfo& s : heap.spans) {
    if (s.slots == 0) continue;
    if (s.isLarge()) {
      add(s.noScan() ? 0 : s.largeType, s.live, s.live * s.elemSize);
    } else if (s.noScan() || s.elemSize <= headerFrom) {
      add(0, s.live, s.live * s.elemSize);
    } else {
      const std::vector<bool> live = liveSlots(target, heap, s);
      for (uint32_t i = 0; i < s.slots; i++)
        if (live[i]) add(target.cache().word(s.start + i * s.elemSize), 1, s.elemSize);
    }
  }
  std::map<std::string, TypeTotals> named;
  for (auto& [address, t] : totals) {
    t.name = address == 0 ? std::string() : target.types().name(address);
    TypeTotals& n = named[t.name];
    n.name = t.name;
    n.type = t.name.empty() ? 0 : address;
    n.objects += t.objects;
    n.bytes += t.bytes;
  }
  std::vector<TypeTotals> out;
  for (auto& [name, t] : named)
    if (t.objects != 0) out.push_back(t);
  std::sort(out.begin(), out.end(), [](const TypeTotals& a, const TypeTotals& b) { return a.bytes > b.bytes; });
  return out;
}

}  // namespace burrow::inspect
