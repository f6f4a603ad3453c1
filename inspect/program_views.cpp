// The views of an executable: `types`, `inits`, `size`; and `what`, which explains an address.
#include "inspect/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

namespace burrow::inspect {

namespace {

constexpr uint32_t kMostInits = 1 << 16;
constexpr size_t kMostSizeRows = 40;

}  // namespace

// "encoding/json.(*Decoder).Decode" -> "encoding/json"; "type:..." and the like -> "types"; C++ names -> "runtime".
std::string packageOf(std::string_view name) {
  if (name.starts_with("type:") || name.starts_with("go:itab") || name.starts_with("go:")) return "(types and itabs)";
  if (name == ft::kSymbolName) return "(function table)";
  if (name.starts_with("_Z")) return "runtime";
  const size_t bracket = name.find_first_of("[(");
  const std::string_view head = name.substr(0, bracket);
  const size_t slash = head.rfind('/'), dot = head.find('.', slash == std::string_view::npos ? 0 : slash);
  if (dot == std::string_view::npos || dot == 0) return "(other)";
  // Dots of a path's last element are written %2e.
  return std::string(name.substr(0, dot));
}

void typesPage(Program& program, const std::string& pattern, Page& page) {
  page.line(page.paint("1", program.path()));
  Table t({{"address", true}, {"size", true}, {"pointers", true, 5}, {"kind", false, 6}, {"methods", true, 4}, {"type", false, 9, true}});
  for (uint64_t at : program.allTypes()) {
    const GoType* type = program.types().at(at);
    if (!type || type->name.find(pattern) == std::string::npos) continue;
    t.row({fmt::format("{:x}", at), groupedNumber(type->size), type->ptrBytes ? groupedNumber(type->ptrBytes) : "-", kindName(type->kind), type->methods ? std::to_string(type->methods) : "", type->name});
  }
  t.print(page);
  page.line(fmt::format("{} types", groupedNumber(t.size())));
}

std::vector<InitEntry> packageInits(Program& program) {
  std::vector<InitEntry> out;
  Memory& memory = program.memory();
  const LayoutRoot *tasks = program.layout().root("inittasks"), *count = program.layout().root("ninittasks");
  if (!tasks || !count) return out;
  const uint64_t n = std::min<uint64_t>(memory.word(count->address), kMostInits);
  for (uint64_t i = 0; i < n; i++) {
    const uint64_t task = memory.word(tasks->address + 8 * i);
    uint32_t head[2];  // state, number of functions
    if (task == 0 || !memory.get(task, &head)) continue;
    InitEntry e;
    e.address = task;
    e.functions = head[1];
    for (uint32_t k = 0; k < std::min<uint32_t>(head[1], 1 << 16); k++) {
      const ft::FuncRecord* f = program.code().find(memory.word(task + 8 + 8 * uint64_t(k)));
      if (!f) continue;
      if (e.package.empty()) e.package = program.code().package(*f);
      e.size += f->size;
    }
    out.push_back(std::move(e));
  }
  return out;
}

void initsPage(Program& program, Page& page) {
  page.line(page.paint("1", program.path()));
  Table t({{"", true}, {"package", false, 9, true}, {"functions", true}, {"code", true, 6}, {"address", true, 4}});
  size_t i = 0;
  for (const InitEntry& e : packageInits(program)) t.row({std::to_string(++i), e.package.empty() ? "?" : e.package, std::to_string(e.functions), bytesText(e.size), fmt::format("{:x}", e.address)});
  t.print(page);
  page.line(fmt::format("{} packages have something to initialise, in this order", t.size()));
}

std::vector<SizeEntry> sizeByPackage(Program& program) {
  std::map<std::string, SizeEntry> sums;
  const CodeTable& code = program.code();
  for (uint32_t i = 0; i < code.count(); i++) {
    const ft::FuncRecord& f = code.function(i);
    std::string package(code.package(f));
    if (package.empty()) package = (f.flags & ft::kNative) ? "runtime" : packageOf(code.name(f));
    sums[package].text += f.size;
    sums[package].table += sizeof(ft::FuncRecord);
  }
  uint64_t last = 0;
  for (const Symbol& s : program.symbols()) {
    if (s.isFunction || s.size == 0 || s.address < last) continue;
    last = s.address + s.size;
    sums[packageOf(s.name)].data += s.size;
  }
  std::vector<SizeEntry> out;
  for (auto& [name, e] : sums) {
    e.name = name;
    out.push_back(e);
  }
  std::stable_sort(out.begin(), out.end(), [](const SizeEntry& a, const SizeEntry& b) { return a.sum() > b.sum(); });
  return out;
}

void sizePage(Program& program, Page& page, size_t most) {
  page.line(page.paint("1", fmt::format("{}: {}", program.path(), bytesText(program.bytes().size()))));
  page.heading("By section");
  Table sections({{"section", false}, {"bytes", true}, {"share", true}, {"", false, 5, true}});
  struct Words {
    const char *name, *text;
  };
  constexpr Words words[] = {{".text", "code"}, {".gopclntab", "function table: lines, frames, stack maps"}, {".go.type", "type descriptors"}, {".rodata", "constants"},
                             {".noptrdata", "variables without pointers"}, {".data", "variables"}, {".eh_frame", "unwind tables of debuggers"}, {".burrow.layout", "the runtime's description, not loaded"},
                             {".symtab", "symbols, not loaded"}, {".strtab", "names of symbols, not loaded"}};
  std::vector<std::pair<uint64_t, std::string>> list;
  uint64_t debug = 0;
  for (const Elf64_Shdr& s : program.image().sections()) {
    if (s.sh_type == SHT_NULL || s.sh_type == SHT_NOBITS) continue;
    const std::string name(program.image().sectionName(s));
    if (name.starts_with(".debug")) debug += s.sh_size;
    else list.push_back({s.sh_size, name});
  }
  if (debug) list.push_back({debug, ".debug_*"});
  std::sort(list.rbegin(), list.rend());
  for (const auto& [size, name] : list) {
    const char* text = name == ".debug_*" ? "debug information, not loaded" : "";
    for (const Words& w : words)
      if (name == w.name) text = w.text;
    sections.row({name, groupedNumber(size), percentText(size, program.bytes().size()), text});
  }
  sections.print(page);

  page.heading("By package");
  Table packages({{"package", false, 9, true}, {"sum", true}, {"code", true, 6}, {"data", true, 6}, {"functions", true, 5}});
  size_t shown = 0;
  const std::vector<SizeEntry> entries = sizeByPackage(program);
  for (const SizeEntry& e : entries) {
    if (shown++ == most) break;
    packages.row({e.name, groupedNumber(e.sum()), groupedNumber(e.text), groupedNumber(e.data), std::to_string(e.table / sizeof(ft::FuncRecord))});
  }
  packages.print(page);
  if (entries.size() > most) page.line(fmt::format("  and {} more packages", entries.size() - most));

  page.heading("Largest functions");
  const CodeTable& code = program.code();
  std::vector<uint32_t> order(code.count());
  for (uint32_t i = 0; i < order.size(); i++) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return code.function(a).size > code.function(b).size; });
  Table functions({{"function", false, 9, true}, {"code", true}});
  for (size_t i = 0; i < std::min(most, order.size()); i++)
    functions.row({std::string(code.name(code.function(order[i]))), groupedNumber(code.function(order[i]).size)});
  functions.print(page);

  std::vector<const GoType*> types;
  for (uint64_t at : program.allTypes())
    if (const GoType* t = program.types().at(at)) types.push_back(t);
  std::stable_sort(types.begin(), types.end(), [](const GoType* a, const GoType* b) { return a->descriptorBytes > b->descriptorBytes; });
  page.heading("Largest type descriptors");
  Table descriptors({{"type", false, 9, true}, {"descriptor", true}, {"methods", true, 5}});
  for (size_t i = 0; i < std::min(most / 2, types.size()); i++)
    descriptors.row({types[i]->name, groupedNumber(types[i]->descriptorBytes), std::to_string(types[i]->methods)});
  descriptors.print(page);
}

// ---- what

namespace {

void explainCode(Target& target, uint64_t address, const ft::FuncRecord& f, Page& page) {
  const CodeTable& code = target.code();
  const uint64_t offset = address - code.entry(f);
  page.line(fmt::format("{:#x} is code: {}{}, {} bytes", address, code.name(f), offset ? fmt::format("+{:#x}", offset) : std::string(), f.size));
  for (const CodeFrame& frame : code.frames(f, address))
    page.line(fmt::format("  {}{} at {}:{}", frame.inlined ? "inlined " : "", frame.function, frame.file, frame.line));
}

void explainType(Target& target, const GoType& t, uint64_t address, Page& page) {
  page.line(fmt::format("{:#x} is type {}", address, t.name));
  page.line(fmt::format("  kind {}, {} bytes, pointers in the first {}{}", kindName(t.kind), t.size, t.ptrBytes, t.package.empty() ? "" : ", package " + t.package));
  auto name = [&](uint64_t at) { return target.isRunning() ? target.types().name(at) : target.program->types().name(at); };
  if (t.key) page.line("  key " + name(t.key));
  if (t.elem) page.line("  element " + name(t.elem) + (t.length ? fmt::format(", {} of them", t.length) : ""));
  for (const GoField& f : t.fields) page.line(fmt::format("  +{:<5} {} {}", f.offset, f.name, name(f.type)));
}

}  // namespace

bool whatPage(Target& target, uint64_t address, Page& page) {
  Program& program = *target.program;
  if (const ft::FuncRecord* f = target.code().find(address)) {
    explainCode(target, address, *f, page);
    return true;
  }
  if (program.inTypes(address)) {
    if (const GoType* t = program.types().at(address)) {
      explainType(target, *t, address, page);
      return true;
    }
  }
  if (target.isRunning()) {
    Heap heap;
    std::string error;
    if (!readHeap(target, &heap, &error)) return false;
    if (const SpanInfo* s = heap.spanOf(address)) {
      if (s->slots == 0) {
        page.line(fmt::format("{:#x} is in memory of the runtime's own: pages {:#x}-{:#x}", address, s->start, s->start + s->pages * heap.pageSize));
        return true;
      }
      const uint64_t slot = (address - s->start) / s->elemSize, base = s->start + slot * s->elemSize;
      if (slot >= s->slots) {
        page.line(fmt::format("{:#x} is behind the last slot of the span at {:#x}", address, s->start));
        return true;
      }
      const bool live = liveSlots(target, heap, *s)[slot];
      const uint64_t header = target.layout().constant("mallocHeaderSize", 8);
      const bool hasHeader = !s->isLarge() && !s->noScan() && s->elemSize > target.layout().constant("minSizeForMallocHeader", 512);
      const uint64_t start = base + (hasHeader ? header : 0);
      const uint64_t type = s->isLarge() ? s->largeType : hasHeader ? target.memory().word(base) : 0;
      page.line(fmt::format("{:#x} is {}: {}", address, live ? "in an object of the heap" : "in a free slot of the heap",
                            address == start ? "its start" : fmt::format("{} bytes from its start {:#x}", address - start, start)));
      if (type != 0)
        if (const GoType* t = target.types().at(type)) page.line(fmt::format("  of type {} ({} bytes{})", t->name, t->size, s->elemSize >= 2 * t->size && t->size ? ", an array of them" : ""));
      page.line(fmt::format("  slot {} of {} of the span at {:#x}: {} bytes each, {}, {}, {} objects", slot, s->slots, s->start, s->elemSize, s->noScan() ? "without pointers" : "with pointers",
                            heap.sweepState(*s), s->live));
      return true;
    }
    if (heap.inArena(address)) {
      page.line(fmt::format("{:#x} is in a free page of the heap", address));
      return true;
    }
    std::vector<Goroutine> goroutines;
    GoroutineOptions options;
    options.system = true;
    options.stop = false;
    if (readGoroutines(target, options, &goroutines, &error)) {
      Record g(target.layout(), "G"), seg(target.layout(), "StackSegment");
      for (const Goroutine& r : goroutines) {
        if (!g.load(target.cache(), r.address)) continue;
        int n = 0;
        for (uint64_t at = g.u("segment"); at != 0 && n < 64 && seg.load(target.cache(), at); n++, at = seg.u("prev")) {
          if (address < at || address >= at + seg.u("size")) continue;
          page.line(fmt::format("{:#x} is on the stack of goroutine {} [{}]: segment {:#x}-{:#x}", address, r.id, r.state, at, seg.u("top")));
          for (const StackFrame& f : r.frames)
            if (f.function && f.cfa && address >= f.sp && address < f.cfa)
              page.line(fmt::format("  in the frame of {}, {} bytes below its end", target.code().name(*f.function), f.cfa - address));
          return true;
        }
        if (address >= r.address && address < r.address + g.size()) {
          page.line(fmt::format("{:#x} is in the record (runtime.g) of goroutine {} [{}]", address, r.id, r.state));
          return true;
        }
      }
    }
  }
  if (const Symbol* s = program.symbolAt(address)) {
    page.line(fmt::format("{:#x} is {} {}{}", address, s->isFunction ? "function" : "variable or constant", s->name, address == s->address ? "" : fmt::format("+{:#x}", address - s->address)));
    page.line(fmt::format("  {} bytes at {:#x}", s->size, s->address));
    return true;
  }
  if (const Elf64_Shdr* s = program.sectionAt(address)) {
    page.line(fmt::format("{:#x} is in section {} of the executable", address, program.image().sectionName(*s)));
    return true;
  }
  for (const Mapping& m : target.mappings) {
    if (address < m.start || address >= m.end) continue;
    page.line(fmt::format("{:#x} is in a mapping: {:x}-{:x} {} {}", address, m.start, m.end, m.permissions, m.name));
    return true;
  }
  return false;
}

}  // namespace burrow::inspect
