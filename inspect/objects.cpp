#include "inspect/objects.h"

#include "abi/type.h"
#include "inspect/stack_words.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

namespace burrow::inspect {

namespace {

constexpr uint64_t kBytes = 1;               // "type" of what strings and byte slices point to
constexpr uint32_t kRoot = ~uint32_t{1};     // parent_ of what a root points to
constexpr uint64_t kMostSegment = 1 << 30;
constexpr int kMostSegments = 64;
constexpr uint64_t kInRegisters = 0;  // the place of a root that has no address
constexpr int kMostDepth = 8, kMostDeferred = 1 << 20;
constexpr uint64_t kMostProcessors = 1 << 14, kMostTimers = 1 << 24;

uint64_t headerOf(const Layout& layout, const SpanInfo& s) {
  const bool has = !s.isLarge() && !s.noScan() && s.elemSize > layout.constant("minSizeForMallocHeader", 512);
  return has ? layout.constant("mallocHeaderSize", 8) : 0;
}

}  // namespace

uint64_t ObjectGraph::size(uint32_t object) const { return heap_.spans[spanOf_[object]].elemSize; }

uint32_t ObjectGraph::find(uint64_t at) const {
  const SpanInfo* s = heap_.spanOf(at);
  if (!s || s->slots == 0 || s->elemSize == 0 || (at - s->start) / s->elemSize >= s->slots) return kNone;
  const uint64_t base = s->start + (at - s->start) / s->elemSize * s->elemSize;
  const size_t span = size_t(s - heap_.spans.data());
  const uint32_t from = firstOf_[span], to = firstOf_[span + 1];
  auto found = std::upper_bound(address_.begin() + from, address_.begin() + to, at);
  if (found == address_.begin() + from) {
    // The header's own address, or before the first object.
    return from < to && address_[from] - headerOf(target_->layout(), *s) == base ? from : kNone;
  }
  const uint32_t i = uint32_t(found - address_.begin()) - 1;
  return address_[i] >= base && address_[i] < base + s->elemSize ? i : kNone;
}

bool ObjectGraph::loadWords(uint32_t object, std::vector<uint64_t>* words) {
  const SpanInfo& s = heap_.spans[spanOf_[object]];
  const uint64_t header = headerOf(target_->layout(), s);
  words->resize((s.elemSize - header) / 8);
  return words->empty() || target_->cache().read(address_[object], words->data(), words->size() * 8);
}

bool ObjectGraph::build(Target& target, std::string* error) {
  target_ = &target;
  if (!readHeap(target, &heap_, error)) return false;
  GoroutineOptions options;
  options.system = true;
  if (!readGoroutines(target, options, &goroutines_, error)) return false;
  const Layout& layout = target.layout();
  for (uint32_t i = 0; i < heap_.spans.size(); i++) {
    const SpanInfo& s = heap_.spans[i];
    firstOf_.push_back(uint32_t(address_.size()));
    if (s.slots == 0 || s.elemSize < 8) continue;
    const std::vector<bool> live = liveSlots(target, heap_, s);
    const uint64_t header = headerOf(layout, s);
    for (uint32_t k = 0; k < s.slots; k++) {
      if (!live[k]) continue;
      address_.push_back(s.start + k * s.elemSize + header);
      spanOf_.push_back(i);
    }
    if (address_.size() > 0xfffffff0u) {
      *error = target.title + ": more objects than can be counted";
      return false;
    }
  }
  firstOf_.push_back(uint32_t(address_.size()));
  type_.assign(count(), 0);
  parent_.assign(count(), kNone);
  parentRoot_.assign(count(), kNone);

  // Edges, and the types that objects carry.
  std::vector<uint64_t> words;
  const uint64_t bitsLimit = layout.constant("minSizeForMallocHeader", 512);
  std::vector<uint64_t> bitmap;
  uint32_t bitmapSpan = kNone;
  for (uint32_t o = 0; o < count(); o++) {
    edgeStart_.push_back(uint32_t(edges_.size()));
    const SpanInfo& s = heap_.spans[spanOf_[o]];
    if (s.noScan()) continue;
    const uint64_t header = headerOf(layout, s);
    if (s.isLarge()) type_[o] = s.largeType;
    else if (header) type_[o] = target.cache().word(address_[o] - header);
    if (type_[o] && !target.types().at(type_[o])) type_[o] = 0;
    if (type_[o]) named_.push_back(o);
    if (!loadWords(o, &words)) continue;
    const uint64_t slotWord = (address_[o] - s.start) / 8;
    const bool hasBits = !s.isLarge() && s.elemSize <= bitsLimit;
    if (hasBits && bitmapSpan != spanOf_[o]) {
      bitmap.assign(s.pages * heap_.pageSize / 512, ~uint64_t{0});
      target.cache().read(s.start + s.pages * heap_.pageSize - bitmap.size() * 8, bitmap.data(), bitmap.size() * 8);
      bitmapSpan = spanOf_[o];
    }
    const std::vector<bool>* mask = type_[o] && !hasBits ? maskOf(type_[o]) : nullptr;
    for (size_t i = 0; i < words.size(); i++) {
      if (hasBits && !(bitmap[(slotWord + i) / 64] >> ((slotWord + i) % 64) & 1)) continue;
      if (words[i] < heap_.arenaBytes) continue;
      if (mask && !(*mask)[i % mask->size()]) continue;
      const uint32_t to = find(words[i]);
      if (to != kNone && to != o) edges_.push_back(to);
    }
  }
  edgeStart_.push_back(uint32_t(edges_.size()));
  readVariables();
  addRoots();
  nameTypes();
  walk();
  return true;
}

// Which words of a value of that type are pointers: what the type's own mask says, which only the collector builds for large types.
// Null: that is not known.
const std::vector<bool>* ObjectGraph::maskOf(uint64_t type) {
  auto [known, isNew] = masks_.try_emplace(type);
  std::vector<bool>& mask = known->second;
  const GoType* t = target_->types().at(type);
  if (isNew && t && t->size != 0 && t->size % 8 == 0 && t->size <= kMostSegment) {
    mask.resize(t->size / 8);
    const bool good = addMask(type, 0, &mask, 0);
    const auto last = std::find(mask.rbegin(), mask.rend(), true);
    // The type says where its last pointer ends.
    if (!good || uint64_t(mask.rend() - last) * 8 != t->ptrBytes) mask.clear();
  }
  return mask.empty() ? nullptr : &mask;
}

bool ObjectGraph::addMask(uint64_t type, uint64_t offset, std::vector<bool>* mask, int depth) {
  const GoType* t = target_->types().at(type);
  if (!t || depth > kMostDepth) return false;
  if (t->ptrBytes == 0) return true;
  if (offset % 8 != 0 || offset + t->ptrBytes > mask->size() * 8) return false;
  switch (t->kind) {
    case abi::kPointer:
    case abi::kUnsafePointer:
    case abi::kChan:
    case abi::kMap:
    case abi::kFunc:
    case abi::kString:
    case abi::kSlice: (*mask)[offset / 8] = true; return true;
    case abi::kInterface: (*mask)[offset / 8] = (*mask)[offset / 8 + 1] = true; return true;
    case abi::kStruct:
      return std::all_of(t->fields.begin(), t->fields.end(), [&](const GoField& f) { return addMask(f.type, offset + f.offset, mask, depth + 1); });
    case abi::kArray: {
      const GoType* e = target_->types().at(t->elem);
      if (!e || e->size == 0 || t->length > t->size / e->size) return false;
      for (uint64_t i = 0; i < t->length; i++)
        if (!addMask(t->elem, offset + i * e->size, mask, depth + 1)) return false;
      return true;
    }
    default: return false;
  }
}

// The types of variables, from debug information; their names, from symbols.
void ObjectGraph::readVariables() {
  const Program& program = *target_->program;
  for (const Symbol& s : program.symbols())
    if (!s.isFunction && s.size != 0) variableNames_.push_back({s.address, std::string(s.name)});
  std::unordered_map<std::string, uint64_t> descriptors;
  for (uint64_t at : target_->program->allTypes())
    if (const GoType* t = target_->program->types().at(at)) descriptors.emplace(t->name, at);
  elf_version(EV_CURRENT);
  Elf* elf = elf_memory(const_cast<char*>(program.bytes().data()), program.bytes().size());
  Dwarf* dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, nullptr) : nullptr;
  Dwarf_Off offset = 0, next;
  size_t head;
  while (dwarf && dwarf_nextcu(dwarf, offset, &next, &head, nullptr, nullptr, nullptr) == 0) {
    Dwarf_Die unit, child;
    if (dwarf_offdie(dwarf, offset + head, &unit) && dwarf_child(&unit, &child) == 0) {
      do {
        if (dwarf_tag(&child) != DW_TAG_variable) continue;
        Dwarf_Attribute location, typeAttribute;
        Dwarf_Die type;
        Dwarf_Op* ops;
        size_t n;
        if (!dwarf_attr(&child, DW_AT_location, &location) || dwarf_getlocation(&location, &ops, &n) != 0 || n != 1) continue;
        uint64_t at = 0;
        if (ops[0].atom == DW_OP_addr) {
          at = ops[0].number;
        } else {
          Dwarf_Attribute result;
          if (dwarf_getlocation_attr(&location, ops, &result) != 0 || dwarf_formaddr(&result, &at) != 0) continue;
        }
        if (!dwarf_attr(&child, DW_AT_type, &typeAttribute) || !dwarf_formref_die(&typeAttribute, &type)) continue;
        const char* name = dwarf_diename(&type);
        if (!name) continue;
        auto known = descriptors.find(name);
        if (known != descriptors.end()) variables_.push_back({at + program.bias(), known->second});
      } while (dwarf_siblingof(&child, &child) == 0);
    }
    offset = next;
  }
  if (dwarf) dwarf_end(dwarf);
  if (elf) elf_end(elf);
}

void ObjectGraph::addRoot(uint64_t place, int64_t goroutine, uint64_t address, const char* what) {
  const uint32_t o = address < heap_.arenaBytes ? kNone : find(address);
  if (o == kNone) return;
  firstRoot_.try_emplace(goroutine, uint32_t(roots_.size()));
  roots_.push_back({place, goroutine, o, what});
}

// Whatever a P's timers call, and with what, is needed until then. A timer is an object whose words say that, though it may be in
// a span without pointers.
void ObjectGraph::addTimers() {
  Memory& memory = target_->cache();
  Record p(target_->layout(), "P"), timers(target_->layout(), "Timers");
  const uint64_t list = target_->value("allp"), count = std::min(target_->value("gomaxprocs"), kMostProcessors);
  std::vector<uint64_t> entries, words;
  for (uint64_t i = 0; i < count; i++) {
    if (!p.load(memory, memory.word(list + 8 * i)) || !timers.load(memory, p.u("timers"))) continue;
    // Of each its time and its address.
    entries.resize(2 * std::min(timers.u("heap.len"), kMostTimers));
    if (entries.empty() || !memory.read(timers.u("heap.at"), entries.data(), entries.size() * 8)) continue;
    for (size_t k = 1; k < entries.size(); k += 2) {
      const uint32_t o = entries[k] < heap_.arenaBytes ? kNone : find(entries[k]);
      if (o == kNone) continue;
      addRoot(entries[k], -1, entries[k], "a timer");
      if (!loadWords(o, &words)) continue;
      for (uint64_t word : words) addRoot(entries[k], -1, word, "a timer");
    }
  }
}

// What a goroutine's record refers to, and what the goroutine has deferred: that is on its stack, or, from a loop, in the heap.
void ObjectGraph::addOwnFields(const Goroutine& goroutine, Record& g) {
  Memory& memory = target_->cache();
  const auto id = int64_t(goroutine.id);
  for (const char* field : {"param", "labels", "ancestors", "coroarg", "bubble", "timer"})
    if (g.has(field)) addRoot(g.at(field), id, g.u(field), "a record");
  Record frame(target_->layout(), "DeferFrame"), record(target_->layout(), "DeferRecord");
  int n = 0;
  for (uint64_t at = g.u("deferTop"); at != 0 && n < kMostDeferred && frame.load(memory, at); n++, at = frame.u("link")) {
    for (uint64_t call = frame.u("head"); call != 0 && n < kMostDeferred && record.load(memory, call); n++, call = record.u("link")) {
      addRoot(call, id, call, "a deferred call");
      addRoot(call, id, record.u("fn"), "a deferred call");
    }
  }
}

void ObjectGraph::addRoots() {
  Memory& memory = target_->cache();
  std::vector<uint64_t> words;
  auto follow = [&](uint64_t from, int64_t goroutine) {
    for (size_t i = 0; i < words.size(); i++) {
      if (words[i] < heap_.arenaBytes) continue;
      const uint32_t o = find(words[i]);
      if (o != kNone) {
        firstRoot_.try_emplace(goroutine, uint32_t(roots_.size()));
        roots_.push_back({from + 8 * i, goroutine, o});
      }
      // An interface says what it holds.
      if (i + 1 < words.size()) followValue(0, &words[i], 2, 0);
    }
  };
  auto scan = [&](uint64_t from, uint64_t bytes, int64_t goroutine) {
    if (bytes > kMostSegment) return;
    words.resize(bytes / 8);
    if (!words.empty() && memory.read(from, words.data(), words.size() * 8)) follow(from, goroutine);
  };
  for (auto [from, bytes] : target_->program->writable()) scan(from, bytes, -1);
  addTimers();
  Record g(target_->layout(), "G"), m(target_->layout(), "M"), segment(target_->layout(), "StackSegment");
  DeadWords deadWords(target_->code());
  for (const Goroutine& r : goroutines_) {
    if (!g.load(memory, r.address)) continue;
    addOwnFields(r, g);
    // What runs can have an address in a register only.
    if (r.state == "running" && r.m != 0 && m.load(memory, r.m) && m.u("curg") == r.address)
      for (const ThreadState& t : target_->threads) {
        if (uint64_t(t.tid) != m.u("procid")) continue;
        words.assign(t.all.begin(), t.all.end());
        follow(kInRegisters, int64_t(r.id));
      }
    if (r.frames.empty()) {
      // Nobody knows how far its stack is in use: all of it may be.
      int n = 0;
      for (uint64_t at = g.u("segment"); at != 0 && n < kMostSegments && segment.load(memory, at); n++, at = segment.u("prev"))
        if (segment.u("top") > at) scan(at, segment.u("top") - at, int64_t(r.id));
      continue;
    }
    uint64_t low = std::min(r.frames[0].sp, g.u("sched.sp") ? g.u("sched.sp") : r.frames[0].sp);
    int n = 0;
    std::vector<StackPiece> pieces;
    for (uint64_t at = g.u("segment"); at != 0 && n < kMostSegments && segment.load(memory, at); n++, at = segment.u("prev")) {
      const uint64_t top = segment.u("top");
      if (low <= at || low >= top) continue;
      StackPiece p{low, std::vector<uint64_t>(std::min(top - low, kMostSegment) / 8)};
      if (memory.read(low, p.words.data(), p.words.size() * 8)) pieces.push_back(std::move(p));
      // Between the pieces are a saved register and two addresses of code.
      low = segment.u("oldSP") + 3 * 8;
    }
    deadWords.blank(r, pieces);
    for (StackPiece& p : pieces) {
      words = std::move(p.words);
      follow(p.from, int64_t(r.id));
    }
  }
}

void ObjectGraph::mark(uint32_t o, uint64_t type, bool isBytes) {
  if (o == kNone || (type_[o] != 0 && type_[o] != kBytes)) return;
  if (isBytes) {
    if (heap_.spans[spanOf_[o]].noScan()) type_[o] = kBytes;
    return;
  }
  const GoType* t = target_->types().at(type);
  // It has to fit: a pointer may lead into the middle of something larger, of which it says nothing.
  if (!t || t->size == 0 || t->size > size(o)) return;
  if ((t->ptrBytes != 0) == heap_.spans[spanOf_[o]].noScan()) return;
  type_[o] = type;
  if (t->ptrBytes) named_.push_back(o);
}

// What a value of that type, whose words these are, says of what it points to. Type 0: perhaps it is an interface.
void ObjectGraph::followValue(uint64_t type, const uint64_t* words, size_t count, int depth) {
  if (depth > kMostDepth || count == 0) return;
  GoTypes& types = target_->types();
  auto pointee = [&](uint64_t address, uint64_t elem) {
    if (address < heap_.arenaBytes) return;
    const uint32_t o = find(address);
    if (o != kNone && address_[o] == address) mark(o, elem);
  };
  auto interface = [&](uint64_t dynamic, uint64_t value) {
    if (!target_->program->inTypes(dynamic)) return;
    const GoType* d = types.at(dynamic);
    if (!d) return;
    if (!(d->tflag & abi::kTFlagDirectIface)) pointee(value, dynamic);
    else followValue(dynamic, &value, 1, depth + 1);
  };
  if (type == 0) {
    if (count >= 2 && target_->program->inTypes(words[0])) interface(words[0], words[1]);
    return;
  }
  const GoType* t = types.at(type);
  if (!t) return;
  switch (t->kind) {
    case abi::kPointer: pointee(words[0], t->elem); break;
    case abi::kSlice: {
      const GoType* e = types.at(t->elem);
      if (e && e->size == 1) {
        const uint32_t o = words[0] >= heap_.arenaBytes ? find(words[0]) : kNone;
        mark(o, 0, true);
      } else {
        pointee(words[0], t->elem);
      }
      break;
    }
    case abi::kString: mark(words[0] >= heap_.arenaBytes ? find(words[0]) : kNone, 0, true); break;
    case abi::kInterface:
      if (count < 2 || words[0] == 0) break;
      // With methods the first word is an itab, whose second word is the type.
      interface(target_->program->inTypes(words[0]) ? words[0] : target_->cache().word(words[0] + 8), words[1]);
      break;
    case abi::kMap:
    case abi::kChan:
      // The header is named after what it is the header of.
      if (words[0] >= heap_.arenaBytes)
        if (const uint32_t o = find(words[0]); o != kNone && address_[o] == words[0] && type_[o] == 0) type_[o] = type;
      break;
    case abi::kStruct:
      for (const GoField& f : t->fields)
        if (f.offset / 8 < count && f.offset % 8 == 0) followValue(f.type, words + f.offset / 8, count - f.offset / 8, depth + 1);
      break;
    case abi::kArray: {
      const GoType* e = types.at(t->elem);
      if (!e || e->size == 0 || e->size % 8 != 0 || e->ptrBytes == 0) break;
      for (uint64_t i = 0; i < t->length && (i + 1) * e->size / 8 <= count; i++) followValue(t->elem, words + i * e->size / 8, e->size / 8, depth + 1);
      break;
    }
    default: break;
  }
}

void ObjectGraph::nameTypes() {
  Memory& memory = target_->cache();
  std::vector<uint64_t> words;
  for (const auto& [at, type] : variables_) {
    const GoType* t = target_->types().at(type);
    if (!t || t->ptrBytes == 0 || t->size > kMostSegment) continue;
    words.resize((t->size + 7) / 8);
    if (memory.read(at, words.data(), t->size)) followValue(type, words.data(), words.size(), 0);
  }
  auto drain = [&] {
    while (!named_.empty()) {
      const uint32_t o = named_.back();
      named_.pop_back();
      const GoType* t = target_->types().at(type_[o]);
      if (!t || t->kind == abi::kMap || t->kind == abi::kChan || !loadWords(o, &words)) continue;
      // One, or an array of them.
      const std::vector<uint64_t> content = words;
      if (t->size % 8 != 0) continue;
      for (uint64_t i = 0; (i + 1) * t->size <= content.size() * 8; i++) followValue(type_[o], content.data() + i * t->size / 8, t->size / 8, 0);
    }
  };
  drain();
  // Interfaces in objects that are still unknown.
  for (uint32_t o = 0; o < count(); o++) {
    if (type_[o] != 0 || heap_.spans[spanOf_[o]].noScan() || !loadWords(o, &words)) continue;
    for (size_t i = 0; i + 1 < words.size(); i++) followValue(0, &words[i], 2, 0);
  }
  drain();
}

void ObjectGraph::walk() {
  std::vector<uint32_t> queue;
  queue.reserve(count());
  for (uint32_t r = 0; r < roots_.size(); r++) {
    const uint32_t o = roots_[r].object;
    if (parent_[o] != kNone) continue;
    parent_[o] = kRoot;
    parentRoot_[o] = r;
    queue.push_back(o);
  }
  for (size_t i = 0; i < queue.size(); i++) {
    const uint32_t o = queue[i];
    for (uint32_t e = edgeStart_[o]; e < edgeStart_[o + 1]; e++) {
      if (parent_[edges_[e]] != kNone) continue;
      parent_[edges_[e]] = o;
      queue.push_back(edges_[e]);
    }
  }
}

void ObjectGraph::markFrom(int64_t goroutine, std::vector<bool>& seen) const {
  std::vector<uint32_t> stack;
  seen.resize(count());
  const auto first = firstRoot_.find(goroutine);
  if (first == firstRoot_.end()) return;
  for (auto root = roots_.begin() + first->second; root != roots_.end() && root->goroutine == goroutine; ++root) {
    if (seen[root->object]) continue;
    seen[root->object] = true;
    stack.push_back(root->object);
  }
  while (!stack.empty()) {
    const uint32_t o = stack.back();
    stack.pop_back();
    for (uint32_t e = edgeStart_[o]; e < edgeStart_[o + 1]; e++) {
      if (seen[edges_[e]]) continue;
      seen[edges_[e]] = true;
      stack.push_back(edges_[e]);
    }
  }
}

std::vector<std::pair<uint32_t, int64_t>> ObjectGraph::holders(const std::vector<uint32_t>& objects) const {
  const std::unordered_set<uint32_t> wanted(objects.begin(), objects.end());
  std::vector<std::pair<uint32_t, int64_t>> out;
  for (const Root& r : roots_)
    if (wanted.contains(r.object)) out.push_back({r.object, r.goroutine});
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void ObjectGraph::computeDominators() {
  const uint32_t n = count(), root = n;
  // Postorder of a depth-first walk from a root above all roots.
  std::vector<uint32_t> order(n + 1, kNone), sequence;
  std::vector<std::pair<uint32_t, uint32_t>> stack;
  std::vector<bool> seen(n);
  sequence.reserve(n + 1);
  for (const Root& r : roots_) {
    if (seen[r.object]) continue;
    seen[r.object] = true;
    stack.push_back({r.object, edgeStart_[r.object]});
    while (!stack.empty()) {
      auto& [o, e] = stack.back();
      if (e == edgeStart_[o + 1]) {
        order[o] = uint32_t(sequence.size());
        sequence.push_back(o);
        stack.pop_back();
        continue;
      }
      const uint32_t to = edges_[e++];
      if (seen[to]) continue;
      seen[to] = true;
      stack.push_back({to, edgeStart_[to]});
    }
  }
  order[root] = uint32_t(sequence.size());
  sequence.push_back(root);
  // Who points to whom.
  std::vector<uint32_t> start(n + 1), from;
  for (uint32_t o = 0; o < n; o++)
    if (seen[o])
      for (uint32_t e = edgeStart_[o]; e < edgeStart_[o + 1]; e++) start[edges_[e]]++;
  uint32_t sum = 0;
  for (uint32_t o = 0; o <= n; o++) {
    const uint32_t here = start[o];
    start[o] = sum;
    sum += here;
  }
  from.resize(sum);
  std::vector<uint32_t> fill(start.begin(), start.end());
  for (uint32_t o = 0; o < n; o++)
    if (seen[o])
      for (uint32_t e = edgeStart_[o]; e < edgeStart_[o + 1]; e++) from[fill[edges_[e]]++] = o;
  std::vector<bool> isRoot(n);
  for (const Root& r : roots_) isRoot[r.object] = true;

  dominator_.assign(n + 1, kNone);
  dominator_[root] = root;
  auto intersect = [&](uint32_t a, uint32_t b) {
    while (a != b) {
      while (order[a] < order[b]) a = dominator_[a];
      while (order[b] < order[a]) b = dominator_[b];
    }
    return a;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = sequence.size() - 1; i-- > 0;) {
      const uint32_t o = sequence[i];
      uint32_t d = isRoot[o] ? root : kNone;
      for (uint32_t k = start[o]; k < (o + 1 <= n ? start[o + 1] : sum) && d != root; k++) {
        if (dominator_[from[k]] == kNone) continue;
        d = d == kNone ? from[k] : intersect(d, from[k]);
      }
      if (d != dominator_[o]) {
        dominator_[o] = d;
        changed = true;
      }
    }
  }
  retained_.assign(n + 1, 0);
  for (uint32_t o = 0; o < n; o++) retained_[o] = size(o);
  for (size_t i = 0; i + 1 < sequence.size(); i++) {
    const uint32_t o = sequence[i];
    if (dominator_[o] != kNone) retained_[dominator_[o]] += retained_[o];
  }
}

std::string ObjectGraph::typeName(uint32_t o) {
  if (type_[o] == kBytes) return "string and byte data";
  const GoType* t = type_[o] ? target_->types().at(type_[o]) : nullptr;
  if (!t) return heap_.spans[spanOf_[o]].noScan() ? "(unknown, no pointers)" : "(unknown)";
  // An array of so many that the slot is filled beyond one.
  if (t->kind != abi::kMap && t->kind != abi::kChan && t->size * 2 <= size(o)) return "[]" + t->name;
  return t->name;
}

std::vector<ObjectGraph::Step> ObjectGraph::path(uint32_t object) {
  std::vector<Step> out;
  if (parent_[object] == kNone) return out;
  std::vector<uint64_t> words;
  uint32_t o = object;
  out.push_back({o, "", 0});
  while (parent_[o] != kRoot) {
    const uint32_t p = parent_[o];
    Step s{p, "", 0};
    if (loadWords(p, &words))
      for (size_t i = 0; i < words.size(); i++)
        if (words[i] >= heap_.arenaBytes && find(words[i]) == o) {
          s.offset = 8 * i;
          break;
        }
    out.push_back(s);
    o = p;
  }
  const Root& r = roots_[parentRoot_[o]];
  Step s;
  if (r.what) {
    s.text = r.goroutine < 0 ? r.what : fmt::format("{} of goroutine {}", r.what, r.goroutine);
  } else if (r.goroutine < 0) {
    const Symbol* symbol = target_->program->symbolAt(r.place);
    s.text = symbol ? fmt::format("variable {}", symbol->name) : fmt::format("variable at {:#x}", r.place);
    s.offset = symbol ? r.place - symbol->address : 0;
  } else {
    s.text = fmt::format("{} of goroutine {}", r.place == kInRegisters ? "registers" : "stack", r.goroutine);
    for (const Goroutine& g : goroutines_) {
      if (int64_t(g.id) != r.goroutine) continue;
      for (const StackFrame& f : g.frames)
        if (f.function && f.cfa && r.place >= f.sp && r.place < f.cfa) s.text += fmt::format(", {}, {} bytes below its end", target_->code().name(*f.function), f.cfa - r.place);
    }
  }
  out.push_back(s);
  std::reverse(out.begin(), out.end());
  return out;
}

std::vector<ObjectGraph::ByType> ObjectGraph::byType() {
  std::unordered_map<std::string, ByType> sums;
  for (uint32_t o = 0; o < count(); o++) {
    const std::string name = typeName(o);
    ByType& t = sums[name];
    t.name = name;
    t.objects++;
    t.bytes += size(o);
    if (!reachable(o)) t.garbage++;
    // Of objects of one type inside each other only the outermost counts.
    if (!retained_.empty() && dominator_[o] != kNone && (dominator_[o] >= count() || typeName(dominator_[o]) != name)) t.retained += retained_[o];
  }
  std::vector<ByType> out;
  for (auto& [name, t] : sums) out.push_back(t);
  std::sort(out.begin(), out.end(), [](const ByType& a, const ByType& b) { return a.bytes != b.bytes ? a.bytes > b.bytes : a.name < b.name; });
  return out;
}

}  // namespace burrow::inspect
