#include "inspect/code.h"

#include <cstring>

namespace burrow::inspect {

namespace {

// Zeros behind the table: a column that does not end in it ends there, since a row of length 0 ends a column.
constexpr size_t kPadding = 64;
constexpr uint32_t kMostInlineDepth = 1000;
constexpr uint32_t kMostRows = 1 << 22;

// Varints up to an end.
struct Reader {
  const uint8_t* p;
  const uint8_t* end;
  bool failed = false;
  uint64_t next() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (p >= end) {
        failed = true;
        return 0;
      }
      const uint8_t byte = *p++;
      value |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  }
};

}  // namespace

bool CodeTable::open(std::string_view bytes, uint64_t address, std::string* error) {
  table_ = {};
  *error = "its function table is damaged";
  if (bytes.size() < sizeof(ft::Header)) return false;
  bytes_.assign(bytes);
  bytes_.append(kPadding, '\0');
  const auto* h = reinterpret_cast<const ft::Header*>(bytes_.data());
  if (h->magic != ft::kMagic) return false;
  if (h->version != ft::kVersion) {
    *error = "its function table has version " + std::to_string(h->version) + "; this inspector knows version " +
             std::to_string(ft::kVersion);
    return false;
  }
  const uint64_t size = bytes.size();
  auto inside = [&](uint64_t offset, uint64_t n) { return offset <= size && n <= size - offset; };
  // What has words is read in place.
  auto aligned = [](auto... offsets) { return ((offsets % alignof(uint32_t) == 0) && ...); };
  if (!aligned(h->funcs, h->buckets, h->files, h->data)) return false;
  if (!inside(h->funcs, h->funcCount * uint64_t{sizeof(ft::FuncRecord)}) || !inside(h->buckets, (h->bucketCount + uint64_t{1}) * 4) ||
      !inside(h->files, h->fileCount * uint64_t{4}) || !inside(h->data, h->dataSize) || !inside(h->strings, h->stringsSize) ||
      h->pcQuantum != 1 || h->bucketShift > 40 || (h->textSize >> h->bucketShift) > h->bucketCount)
    return false;
  ft::Table table(h, address);
  const auto* buckets = reinterpret_cast<const uint32_t*>(bytes_.data() + h->buckets);
  for (uint32_t i = 0; i <= h->bucketCount; i++)
    if (buckets[i] > h->funcCount) return false;
  dataSize_ = h->dataSize;
  for (uint32_t i = 0; i < h->funcCount; i++) {
    const ft::FuncRecord& f = table.funcs()[i];
    if (f.name >= h->stringsSize || !inData(f.rows, 0) || uint64_t(f.entry) + f.size > h->textSize) return false;
    if (f.details == 0) continue;
    if (!aligned(f.details) || !inData(f.details, sizeof(ft::FuncDetails))) return false;
    const ft::FuncDetails& d = *table.details(f);
    if (!aligned(d.inlineTree, d.faults, d.stackMaps) || !inData(d.inlineTree, d.inlineCount * uint64_t{sizeof(ft::InlineNode)}) ||
        !inData(d.faults, d.faultCount * uint64_t{sizeof(ft::FaultEntry)}) || !inData(d.stackMaps, 0))
      return false;
  }
  table_ = table;
  error->clear();
  return true;
}

std::string_view CodeTable::string(uint32_t offset) const {
  const ft::Header& h = *table_.header;
  if (offset >= h.stringsSize) return "?";
  const auto* start = reinterpret_cast<const uint8_t*>(bytes_.data()) + h.strings;
  Reader r{start + offset, start + h.stringsSize};
  const uint64_t n = r.next();
  if (r.failed || n > uint64_t(r.end - r.p)) return "?";
  return {reinterpret_cast<const char*>(r.p), n};
}

std::string_view CodeTable::file(uint32_t index) const {
  if (index >= table_.header->fileCount) return "?";
  uint32_t offset;
  std::memcpy(&offset, bytes_.data() + table_.header->files + uint64_t(index) * 4, 4);
  return string(offset);
}

const ft::FuncRecord* CodeTable::find(uint64_t pc) const { return valid() ? table_.find(pc) : nullptr; }

bool CodeTable::frameAt(const ft::FuncRecord& f, uint64_t pc, ft::SpRow* row) const { return table_.frameAt(f, pc, *row); }

std::vector<ft::SpRow> CodeTable::spRows(const ft::FuncRecord& f) const {
  std::vector<ft::SpRow> out;
  if (f.rows == 0) return out;
  for (ft::SpRowReader r(table_.data(f.rows)); r.next() && out.size() < kMostRows && r.row.pc < f.size;) out.push_back(r.row);
  return out;
}

std::vector<ft::LineRow> CodeTable::lineRows(const ft::FuncRecord& f) const {
  std::vector<ft::LineRow> out;
  if (f.rows == 0) return out;
  ft::SpRowReader before(table_.data(f.rows));
  while (before.next()) {
  }
  for (ft::LineRowReader r(before.p, f.startLine, f.startFile); r.next() && out.size() < kMostRows && r.row.pc < f.size;)
    out.push_back(r.row);
  return out;
}

std::vector<CodeFrame> CodeTable::inlineFrames(const ft::FuncRecord& f, const ft::LineRow& row) const {
  std::vector<CodeFrame> out;
  uint32_t file = row.file, line = row.line, index = row.inlineIndex;
  const ft::FuncDetails* d = table_.details(f);
  const auto* tree = d ? reinterpret_cast<const ft::InlineNode*>(table_.data(d->inlineTree)) : nullptr;
  while (index != 0 && d && index <= d->inlineCount && out.size() < kMostInlineDepth) {
    const ft::InlineNode& node = tree[index - 1];
    out.push_back({string(node.name), this->file(file), line, node.startLine, node.flags, true});
    file = node.callFile, line = node.callLine, index = node.parent;
  }
  out.push_back({name(f), this->file(file), line, f.startLine, uint16_t(f.flags), false});
  return out;
}

std::vector<CodeFrame> CodeTable::frames(const ft::FuncRecord& f, uint64_t pc) const {
  ft::LineRow row;
  table_.lineAt(f, pc, row);
  return inlineFrames(f, row);
}

FrameMaps CodeTable::stackMaps(const ft::FuncRecord& f) const {
  FrameMaps out;
  const ft::FuncDetails* d = table_.details(f);
  if (!d || d->stackMaps == 0 || !inData(d->stackMaps, 4)) return out;
  const uint8_t* at = table_.data(d->stackMaps);
  uint32_t size;
  std::memcpy(&size, at, 4);
  if (!inData(d->stackMaps + uint64_t{4}, size)) return out;
  Reader r{at + 4, at + 4 + size};
  out.slotCount = uint32_t(r.next());
  out.rootPlace = uint32_t(r.next()) * 8;
  for (uint64_t n = r.next(); n != 0 && !r.failed; n--) {
    const uint32_t place = uint32_t(r.next()) * 8;
    out.objects.push_back({place, uint32_t(r.next())});
  }
  std::vector<bool> slots;
  std::vector<ft::ObjectUse> uses;
  uint32_t pc = 0;
  for (uint64_t n = r.next(); n != 0 && !r.failed; n--) {
    pc += uint32_t(r.next());
    const uint64_t v = r.next();
    if (v & 1) {
      const uint64_t bytes = (uint64_t(out.slotCount) + 7) / 8;
      if (bytes > uint64_t(r.end - r.p)) break;
      slots.assign(out.slotCount, false);
      for (uint32_t i = 0; i < out.slotCount; i++) slots[i] = r.p[i / 8] >> (i % 8) & 1;
      r.p += bytes;
    }
    if (v & 2) {
      const uint64_t bytes = (uint64_t(out.objects.size()) + 3) / 4;
      if (bytes > uint64_t(r.end - r.p)) break;
      uses.assign(out.objects.size(), ft::kObjectDead);
      for (size_t i = 0; i < uses.size(); i++) uses[i] = ft::ObjectUse(r.p[i / 4] >> (i % 4 * 2) & 3);
      r.p += bytes;
    }
    if (!r.failed) out.records.push_back({pc, uint32_t(v >> 2), slots, uses});
  }
  return out;
}

std::vector<ft::FaultEntry> CodeTable::faults(const ft::FuncRecord& f) const {
  const ft::FuncDetails* d = table_.details(f);
  std::vector<ft::FaultEntry> out(d ? d->faultCount : 0);
  if (!out.empty()) std::memcpy(out.data(), table_.data(d->faults), out.size() * sizeof(ft::FaultEntry));
  return out;
}

const ft::FuncRecord* CodeTable::named(std::string_view name) const {
  for (uint32_t i = 0; i < count(); i++)
    if (this->name(function(i)) == name) return &function(i);
  return nullptr;
}

}  // namespace burrow::inspect
