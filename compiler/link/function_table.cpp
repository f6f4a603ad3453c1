// How the final table is made.
//
// Sidecars arrive in link order, each with the addresses of those of its functions that were kept. One pass collects the
// kept functions, a sort puts them in address order, a second pass copies what they need: rows and fault lists as bytes
// (equal ones once), names and file names as strings (once each), inline trees record by record because they name strings and
// files. A unit of Go has few files and keeps them all, as neighbours; of a unit of C++ only the files that the rows name.
//
// Invariants of the result: entries ascend and do not overlap; every offset is inside its part; a function that two
// sidecars claim (an alias in assembly) appears once, with the first claim.
#include "link/function_table.h"

#include "link/native.h"
#include "link/sidecar.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <unordered_map>

namespace burrow::link {

namespace ft = abi::functab;

namespace {

// A bucket of this size holds a handful of functions and costs 4 bytes.
constexpr uint32_t kBucketShift = 10;

struct Unit {
  const char* base = nullptr;
  ft::SidecarHeader header;
  uint32_t fileBase = UINT32_MAX;  // in the final file list; set when the unit's first function of Go is kept

  std::string_view string(uint32_t offset) const {
    if (offset >= header.stringsSize) return {};
    const auto* p = reinterpret_cast<const uint8_t*>(base) + header.strings + offset;
    const auto* end = reinterpret_cast<const uint8_t*>(base) + header.strings + header.stringsSize;
    uint64_t size = ft::readVarint(p);
    if (p > end || size > static_cast<uint64_t>(end - p)) return {};
    return {reinterpret_cast<const char*>(p), size};
  }
  std::string_view data(uint32_t offset, uint64_t size) const {
    if (offset > header.dataSize || size > header.dataSize - offset) return {};
    return {base + header.data + offset, size};
  }
};

struct Kept {
  uint64_t address;
  ft::SidecarRecord record;
  Unit* unit = nullptr;  // null: a bare function
  std::string_view name;
  std::string_view symbol;
};

template <typename T>
std::string_view asBytes(const T* items, size_t count) {
  return {reinterpret_cast<const char*>(items), count * sizeof(T)};
}

// Byte strings stored once each.
class Pool {
 public:
  Pool() { bytes_.push_back('\0'); }  // offset 0 is "none", or the empty string
  uint32_t add(std::string_view bytes, size_t align) {
    auto [it, isNew] = known_.try_emplace(std::string(bytes), 0);
    if (!isNew) return it->second;
    bytes_.resize((bytes_.size() + align - 1) / align * align, '\0');
    it->second = static_cast<uint32_t>(bytes_.size());
    bytes_ += bytes;
    return it->second;
  }
  uint32_t addString(std::string_view s) {
    if (s.empty()) return 0;
    std::string encoded;
    ft::appendVarint(encoded, s.size());
    encoded += s;
    return add(encoded, 1);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  std::unordered_map<std::string, uint32_t> known_;
};

// Reads a varint, unless it has no end before `end`.
bool next(const uint8_t*& p, const uint8_t* end, uint64_t* value) {
  const uint8_t* last = std::find_if(p, end, [](uint8_t byte) { return byte < 0x80; });
  if (last == end) return false;
  *value = ft::readVarint(p);
  return true;
}

// The bytes of a column of rows, including its end; empty when it runs out of the unit's data. `extra` says how many more
// varints follow the second one of a row that is not short.
template <typename Extra>
std::string_view column(const Unit& unit, uint32_t offset, Extra extra) {
  if (offset == 0 || offset >= unit.header.dataSize) return {};
  const auto* start = reinterpret_cast<const uint8_t*>(unit.base) + unit.header.data + offset;
  const uint8_t* p = start;
  const auto* end = reinterpret_cast<const uint8_t*>(unit.base) + unit.header.size;
  for (uint64_t value = 0; next(p, end, &value);) {
    if (value == 0) return {reinterpret_cast<const char*>(start), static_cast<size_t>(p - start)};
    if (value & 1) continue;
    if (!next(p, end, &value)) break;
    for (unsigned n = extra(value); n > 0; n--) {
      if (!next(p, end, &value)) return {};
    }
  }
  return {};
}

class Builder {
 public:
  bool collect(std::string_view sidecars, std::string* error) {
    while (sidecars.size() >= sizeof(ft::SidecarHeader)) {
      uint64_t word;
      std::memcpy(&word, sidecars.data(), sizeof word);
      if (word == 0) {  // padding between sections
        sidecars.remove_prefix(sizeof word);
        continue;
      }
      if (!checkSidecar(sidecars, error)) return false;
      auto unit = std::make_unique<Unit>();
      unit->base = sidecars.data();
      std::memcpy(&unit->header, sidecars.data(), sizeof unit->header);
      for (uint32_t i = 0; i < unit->header.funcCount; i++) {
        ft::SidecarFunc f;
        std::memcpy(&f, unit->base + unit->header.funcs + i * sizeof f, sizeof f);
        if (f.address == 0 || f.record.size == 0) continue;
        kept_.push_back({f.address, f.record, unit.get(), unit->string(f.record.name), unit->string(f.symbol)});
      }
      sidecars.remove_prefix(unit->header.size);
      units_.push_back(std::move(unit));
    }
    return true;
  }

  void addBare(const std::vector<BareFunction>& bare) {
    for (const BareFunction& b : bare) {
      if (b.size == 0 || b.size > UINT32_MAX) continue;
      Kept k = {};
      k.address = b.address;
      k.record.size = static_cast<uint32_t>(b.size);
      k.record.flags = ft::kNative;
      k.name = k.symbol = b.name;
      kept_.push_back(k);
    }
  }

  std::string finish(TextRange text, uint64_t address, std::string* error) {
    // Stable: of two claims to an address the first one made wins, and sidecars were collected before bare symbols.
    std::stable_sort(kept_.begin(), kept_.end(), [](const Kept& a, const Kept& b) { return a.address < b.address; });
    std::vector<ft::FuncRecord> funcs;
    funcs.reserve(kept_.size());
    uint64_t end = text.start;
    for (Kept& k : kept_) {
      if (k.address < text.start || k.address - text.start >= text.size) continue;
      // A bare symbol inside a described function (an entry point of hand-written code) does not end that function.
      if (k.address < end) continue;
      ft::FuncRecord r = {};
      r.entry = static_cast<uint32_t>(k.address - text.start);
      r.size = static_cast<uint32_t>(std::min<uint64_t>(k.record.size, text.size - r.entry));
      r.startLine = k.record.startLine;
      r.flags = k.record.flags;
      end = k.address + r.size;
      std::string name(k.name);
      uint32_t packageLength = k.record.packageLength;
      if (r.flags & ft::kNative) {
        name = displayName(k.name);
        if (name.starts_with("runtime.")) packageLength = std::string_view("runtime").size();
      }
      if (packageLength <= std::min<size_t>(name.size(), ft::kMaxPackageLength)) r.packageLength = packageLength;
      if (k.unit) copyUnitParts(*k.unit, k.record, r);
      r.name = strings_.addString(name);
      r.funcId = functionId(k.symbol);
      if (r.funcId == ft::kFuncNormal) r.funcId = functionId(k.name);
      // Between a deferred function that reflect made and the one that recovers.
      if (k.symbol == "reflect.callReflect" || k.symbol == "reflect.callMethod") r.flags |= ft::kWrapper;
      if (r.funcId == ft::kFuncRt0 || r.funcId == ft::kFuncMstart || r.funcId == ft::kFuncGoexit)
        r.flags |= ft::kTopFrame;
      funcs.push_back(r);
    }
    return layOut(funcs, text, address, error);
  }

 private:
  // A file's number in the final list, of a unit whose files need not be neighbours: the runtime's C++ and assembly, which are
  // named from their own folder on, wherever the toolchain was built ("runtime/panic/panic.cpp").
  uint32_t fileNumber(const Unit& unit, uint32_t local) {
    std::string_view name = localFileName(unit, local);
    if (const size_t at = name.rfind("/runtime/"); at != std::string_view::npos) name.remove_prefix(at + 1);
    const uint32_t string = strings_.addString(name);
    auto [it, isNew] = fileNumbers_.try_emplace(string, static_cast<uint32_t>(files_.size()));
    if (isNew) files_.push_back(string);
    return it->second;
  }
  std::string_view localFileName(const Unit& unit, uint32_t local) {
    uint32_t name = 0;
    if (local < unit.header.fileCount) std::memcpy(&name, unit.base + unit.header.files + local * sizeof name, sizeof name);
    return unit.string(name);
  }
  void keepFiles(Unit& unit) {
    if (unit.fileBase != UINT32_MAX) return;
    unit.fileBase = static_cast<uint32_t>(files_.size());
    for (uint32_t i = 0; i < unit.header.fileCount; i++) files_.push_back(strings_.addString(localFileName(unit, i)));
  }

  void copyUnitParts(Unit& unit, const ft::SidecarRecord& from, ft::FuncRecord& to) {
    const bool native = (from.flags & ft::kNative) != 0;
    std::string_view lines = column(unit, from.lineRows, [](uint64_t v) { return unsigned(v >> 1 & 1) + unsigned(v & 1); });
    std::string nodes(unit.data(from.inlineTree, uint64_t(from.inlineCount) * sizeof(ft::InlineNode)));
    std::vector<ft::InlineNode> tree(nodes.size() / sizeof(ft::InlineNode));
    if (!tree.empty()) std::memcpy(tree.data(), nodes.data(), nodes.size());

    ft::FuncDetails details = {};
    std::string rows(column(unit, from.spRows, [](uint64_t v) { return unsigned(v >> 1 & 1) + unsigned(v >> 2 & 1); }));
    if (rows.empty() && !lines.empty()) rows.push_back('\0');
    if (native) {
      auto number = [&](uint32_t local) { return fileNumber(unit, local); };
      to.startFile = number(from.startFile);
      if (!lines.empty()) {
        rows += withoutInlining(reinterpret_cast<const uint8_t*>(lines.data()), tree, from.startLine, from.startFile, number);
      }
    } else {
      keepFiles(unit);
      to.startFile = unit.fileBase + from.startFile;
      rows += lines;
      for (ft::InlineNode& node : tree) {
        node.name = strings_.addString(unit.string(node.name));
        node.callFile += unit.fileBase;
      }
      details.inlineCount = static_cast<uint32_t>(tree.size());
      if (!tree.empty()) details.inlineTree = data_.add(asBytes(tree.data(), tree.size()), 4);
    }
    if (!rows.empty() && lines.empty()) rows.push_back('\0');
    to.rows = rows.empty() ? 0 : data_.add(rows, 1);

    std::string_view faults = unit.data(from.faults, uint64_t(from.faultCount) * sizeof(ft::FaultEntry));
    if (!faults.empty()) {
      details.faultCount = from.faultCount;
      details.faults = data_.add(faults, 4);
    }
    if (from.stackMaps != 0) {
      std::string_view size = unit.data(from.stackMaps, 4);
      uint32_t bytes = 0;
      if (size.size() == 4) std::memcpy(&bytes, size.data(), 4);
      std::string_view maps = bytes == 0 ? std::string_view() : unit.data(from.stackMaps, uint64_t(bytes) + 4);
      if (!maps.empty()) details.stackMaps = data_.add(maps, 4);
    }
    if (details.inlineCount != 0 || details.faultCount != 0 || details.stackMaps != 0) {
      to.details = data_.add(asBytes(&details, 1), 4);
    }
  }

  std::string layOut(const std::vector<ft::FuncRecord>& funcs, TextRange text, uint64_t address, std::string* error) {
    std::vector<uint32_t> buckets;
    uint64_t bucketCount = (text.size + (1u << kBucketShift) - 1) >> kBucketShift;
    uint32_t next = 0;
    for (uint64_t i = 0; i <= bucketCount; i++) {
      uint64_t start = i << kBucketShift;
      while (next < funcs.size() && uint64_t(funcs[next].entry) + funcs[next].size <= start) next++;
      buckets.push_back(next);
    }

    ft::Header h = {};
    h.magic = ft::kMagic;
    h.version = ft::kVersion;
    h.pcQuantum = 1;
    h.pointerSize = 8;
    h.bucketShift = kBucketShift;
    h.textDelta = static_cast<int64_t>(text.start - address);
    h.textSize = text.size;
    h.funcCount = static_cast<uint32_t>(funcs.size());
    h.bucketCount = static_cast<uint32_t>(bucketCount);
    h.fileCount = static_cast<uint32_t>(files_.size());

    std::string out(sizeof h, '\0');
    auto append = [&](const void* bytes, size_t size) {
      out.resize((out.size() + 3) / 4 * 4, '\0');
      auto offset = static_cast<uint32_t>(out.size());
      out.append(static_cast<const char*>(bytes), size);
      return offset;
    };
    std::string data = data_.take(), strings = strings_.take();
    h.funcs = append(funcs.data(), funcs.size() * sizeof(ft::FuncRecord));
    h.buckets = append(buckets.data(), buckets.size() * sizeof(uint32_t));
    h.files = append(files_.data(), files_.size() * sizeof(uint32_t));
    h.data = append(data.data(), data.size());
    h.dataSize = static_cast<uint32_t>(data.size());
    h.strings = append(strings.data(), strings.size());
    h.stringsSize = static_cast<uint32_t>(strings.size());
    out.resize((out.size() + 7) / 8 * 8, '\0');
    if (out.size() > UINT32_MAX || text.size > UINT32_MAX) {
      *error = "program too large for the function table";
      return {};
    }
    h.size = static_cast<uint32_t>(out.size());
    std::memcpy(out.data(), &h, sizeof h);
    return out;
  }

  std::vector<std::unique_ptr<Unit>> units_;
  std::vector<Kept> kept_;
  std::vector<uint32_t> files_;
  std::unordered_map<uint32_t, uint32_t> fileNumbers_;  // by name
  Pool data_, strings_;
};

}  // namespace

ft::FuncId functionId(std::string_view name) {
  static const std::unordered_map<std::string_view, ft::FuncId> known = {
      {"_rt0_amd64_linux", ft::kFuncRt0},
      {"_rt0_amd64", ft::kFuncRt0},
      {"runtime.rt0_go", ft::kFuncRt0},
      {"runtime.mstart", ft::kFuncMstart},
      {"runtime.goexit", ft::kFuncGoexit},
      {"runtime.main", ft::kFuncRuntimeMain},
      {"__morestack", ft::kFuncMorestack},
      {"runtime.mcall", ft::kFuncMcall},
      {"runtime.systemstack", ft::kFuncSystemstack},
      {"runtime.gogo", ft::kFuncGogo},
      {"runtime.sigreturn__sigaction", ft::kFuncSigreturn},
      {"runtime.sigtramp", ft::kFuncSigtramp},
      {"runtime.asyncPreempt", ft::kFuncAsyncPreempt},
      {"runtime.gopanic", ft::kFuncGopanic},
      {"runtime.calldeferred", ft::kFuncCallDeferred},
      {"runtime.deferreturn", ft::kFuncDeferreturn},
  };
  auto found = known.find(name);
  return found == known.end() ? ft::kFuncNormal : found->second;
}

std::string buildFunctionTable(std::string_view sidecars, const std::vector<BareFunction>& bare, TextRange text,
                               uint64_t address, std::string* error) {
  Builder builder;
  if (!builder.collect(sidecars, error)) return {};
  builder.addBare(bare);
  return builder.finish(text, address, error);
}

}  // namespace burrow::link
