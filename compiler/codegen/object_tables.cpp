// From an object file to its sidecar.
//
// An object knows its functions three times: as symbols, in the debug information (lines, inlined calls) and in .debug_frame.
// Every function lies in a section of its own, at address 0 as far as the object is concerned, so a function is found by
// section and address together; in .debug_frame and in the fault map it is found by the relocation at the place of the
// address. What has no debug information (hand-written code without -g) still gets its symbol and frame rows.
#include "codegen/object_tables.h"

#include "codegen/known_closures.h"
#include "codegen/llvm.h"
#include "codegen/root_slots.h"
#include "codegen/sidecar.h"
#include "codegen/wide_loops.h"

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/DebugInfo/DWARF/DWARFCompileUnit.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/DebugInfo/DWARF/DWARFDebugFrame.h"
#include "llvm/DebugInfo/DWARF/DWARFDebugLine.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <map>

namespace burrow::codegen {

using namespace llvm;
using namespace abi::functab;

namespace {

// Lines of hand-written code this near to the last one in the table are not told apart there (debug information has all).
constexpr uint32_t kAssemblyLines = 8;
constexpr uint32_t kRsp = 7, kRbp = 6;  // DWARF's register numbers
constexpr uint8_t kStackMapDirect = 2, kStackMapConstant = 4, kStackMapConstantIndex = 5;

struct Inlined {
  std::string name;
  uint32_t startLine = 0, callFile = 0, callLine = 0;
  uint16_t parent = 0;  // 0: the function itself, else 1 + index
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
};

// An address in the frame: register + offset.
struct FramePlace {
  uint16_t reg = 0;
  int32_t offset = 0;
};

// What a statepoint says; root_slots.cpp made it.
struct CallRecord {
  uint32_t pc = 0;  // return address; 0: for a panic
  std::vector<uint64_t> mask;
  uint32_t argWords = 0;
  bool hasRoots = false;
  FramePlace roots;
  uint32_t placesAt = 0;  // the pc for which the places are
  std::vector<std::pair<FramePlace, uint64_t>> objects;  // with their objectCode
};

struct Function {
  std::string symbol;
  uint64_t section = 0, address = 0, size = 0;
  bool global = false;
  std::vector<Inlined> inlined;
  DWARFUnit* unit = nullptr;
  uint32_t declLine = 0;
  std::string declFile;
  const dwarf::FDE* frame = nullptr;
  std::vector<FaultEntry> faults;
  std::vector<CallRecord> calls;
};

// A compiler cache may have made "/tree/build/../runtime/x.cpp" of "/tree/runtime/x.cpp".
std::string plainPath(std::string path) {
  if (path.ends_with("/??")) return "??";  // a //line directive gives no file
  return path.find("/../") == std::string::npos ? path : std::filesystem::path(path).lexically_normal().string();
}

// Where the row's function keeps its callers' registers: SpRow::saved.
uint32_t savedRegisters(const dwarf::UnwindRow& row) {
  constexpr unsigned kRegister[kCalleeSaved] = {3, 6, 12, 13, 14, 15};  // DWARF's numbers
  uint32_t saved = 0;
  for (unsigned i = 0; i < kCalleeSaved; i++) {
    auto at = row.getRegisterLocations().getRegisterLocation(kRegister[i]);
    if (!at || at->getLocation() == dwarf::UnwindLocation::Same) continue;
    int64_t slot = at->getLocation() == dwarf::UnwindLocation::CFAPlusOffset && at->getOffset() < 0 ? -at->getOffset() / 8 : 0;
    if (slot == 0 || slot > 15) return kSavedUnknown;
    saved |= uint32_t(slot) << (4 * i);
  }
  return saved;
}

class ObjectReader {
 public:
  ObjectReader(const object::ELF64LEObjectFile& object, const FunctionFacts& facts)
      : object_(object), facts_(facts), dwarf_(DWARFContext::create(object)) {}

  std::vector<uint8_t> read() {
    findFunctions();
    findFrames();
    findFaults();
    findStackMaps();
    for (const auto& unit : dwarf_->compile_units()) readUnit(*unit);
    for (Function& f : functions_) write(f);
    return writer_.finish();
  }

 private:
  using Place = std::pair<uint64_t, uint64_t>;  // section, address

  Function* at(Place place) {
    auto it = byPlace_.find(place);
    return it == byPlace_.end() ? nullptr : &functions_[it->second];
  }

  void findFunctions() {
    for (const object::ELFSymbolRef symbol : object_.symbols()) {
      if (symbol.getELFType() != ELF::STT_FUNC) continue;
      Expected<object::section_iterator> section = symbol.getSection();
      Expected<uint64_t> address = symbol.getAddress();
      Expected<StringRef> name = symbol.getName();
      if (!section || !address || !name) {
        consumeError(section.takeError());
        consumeError(address.takeError());
        consumeError(name.takeError());
        continue;
      }
      if (*section == object_.section_end() || symbol.getSize() == 0) continue;
      Function f;
      f.symbol = name->str();
      f.section = (*section)->getIndex();
      f.address = *address;
      f.size = symbol.getSize();
      f.global = symbol.getBinding() != ELF::STB_LOCAL;
      auto [it, isNew] = byPlace_.try_emplace(Place{f.section, f.address}, functions_.size());
      if (isNew) {
        functions_.push_back(std::move(f));
      } else if (f.global && !functions_[it->second].global) {
        functions_[it->second] = std::move(f);  // an alias that others can see wins
      }
    }
  }

  // Calls `visit(offset, place)` for every relocation of the section of that name whose target is defined here.
  template <typename Visit>
  void forRelocations(StringRef sectionName, Visit visit) {
    for (const object::SectionRef& relocations : object_.sections()) {
      Expected<object::section_iterator> target = relocations.getRelocatedSection();
      if (!target) {
        consumeError(target.takeError());
        continue;
      }
      if (*target == object_.section_end()) continue;
      Expected<StringRef> name = (*target)->getName();
      if (!name) {
        consumeError(name.takeError());
        continue;
      }
      if (*name != sectionName) continue;
      for (const object::ELFRelocationRef relocation : relocations.relocations()) {
        object::symbol_iterator symbol = relocation.getSymbol();
        if (symbol == object_.symbol_end()) continue;
        Expected<object::section_iterator> section = symbol->getSection();
        Expected<uint64_t> address = symbol->getAddress();
        Expected<int64_t> addend = relocation.getAddend();
        if (!section || !address || !addend) {
          consumeError(section.takeError());
          consumeError(address.takeError());
          consumeError(addend.takeError());
          continue;
        }
        if (*section == object_.section_end()) continue;
        visit(relocation.getOffset(), Place{(*section)->getIndex(), *address + static_cast<uint64_t>(*addend)});
      }
    }
  }

  void findFrames() {
    Expected<const DWARFDebugFrame*> frames = dwarf_->getDebugFrame();
    if (!frames) {
      consumeError(frames.takeError());
      return;
    }
    std::map<uint64_t, Place> starts;
    forRelocations(".debug_frame", [&](uint64_t offset, Place place) { starts[offset] = place; });
    for (const dwarf::FrameEntry& entry : (*frames)->entries()) {
      const auto* fde = dyn_cast<dwarf::FDE>(&entry);
      if (!fde) continue;
      // Length, CIE pointer, then the function's address.
      auto it = starts.find(entry.getOffset() + 8);
      if (it == starts.end()) continue;
      if (Function* f = at(it->second)) f->frame = fde;
    }
  }

  StringRef sectionContents(StringRef wanted) {
    for (const object::SectionRef& section : object_.sections()) {
      Expected<StringRef> name = section.getName();
      if (!name) consumeError(name.takeError());
      if (!name || *name != wanted) continue;
      if (Expected<StringRef> data = section.getContents()) return *data;
      else consumeError(data.takeError());
    }
    return {};
  }

  // LLVM's stack map, version 3: header of 16 bytes with the numbers of functions, constants and records; per function
  // address, frame size, number of records (64 bits each); 64-bit constants; the records, function by function. A record:
  // id 64, offset 32, flags 16, number of locations 16; per location kind 8, 0, size 16, register 16, 0, offset or
  // constant 32; padded to 8; 16 of padding, number of live-out registers 16 and these, 32 each; padded to 8.
  // A statepoint's locations: calling convention, flags, number of "deopt" values, those, and no others here.
  void findStackMaps() {
    StringRef contents = sectionContents(".llvm_stackmaps");
    if (contents.size() < 16) return;
    std::map<uint64_t, Place> addresses;
    forRelocations(".llvm_stackmaps", [&](uint64_t offset, Place place) { addresses[offset] = place; });
    auto half = [&](size_t at) { return at + 2 <= contents.size() ? support::endian::read16le(contents.data() + at) : uint16_t{0}; };
    auto word = [&](size_t at) { return at + 4 <= contents.size() ? support::endian::read32le(contents.data() + at) : 0u; };
    auto quad = [&](size_t at) { return at + 8 <= contents.size() ? support::endian::read64le(contents.data() + at) : uint64_t{0}; };
    uint32_t functions = word(4), constants = word(8);
    size_t constantsAt = 16 + size_t{functions} * 24, offset = constantsAt + size_t{constants} * 8;
    for (uint32_t i = 0; i < functions; i++) {
      size_t at = 16 + size_t{i} * 24;
      auto it = addresses.find(at);
      Function* f = it == addresses.end() ? nullptr : this->at(it->second);
      for (uint64_t records = quad(at + 16); records != 0 && offset + 16 <= contents.size(); records--) {
        uint32_t count = half(offset + 14);
        size_t locations = offset + 16;
        CallRecord record;
        record.pc = record.placesAt = word(offset + 8);
        uint32_t next = 3;
        auto kind = [&] { return next < count ? uint8_t(contents[std::min(locations + next * 12, contents.size() - 1)]) : uint8_t{0}; };
        auto constant = [&]() -> uint64_t {
          size_t l = locations + size_t{next} * 12;
          if (next >= count) return 0;
          uint8_t k = kind();
          next++;
          return k == kStackMapConstant        ? uint64_t(int64_t(int32_t(word(l + 8))))
                 : k == kStackMapConstantIndex ? quad(constantsAt + size_t{word(l + 8)} * 8)
                                               : 0;
        };
        auto place = [&] {
          size_t l = locations + size_t{next++} * 12;
          return FramePlace{half(l + 4), int32_t(word(l + 8))};
        };
        for (uint64_t words = constant(); words != 0 && next < count; words--) record.mask.push_back(constant());
        record.argWords = uint32_t(constant());
        if (!record.mask.empty() && kind() == kStackMapDirect) {
          record.hasRoots = true;
          record.roots = place();
        }
        while (next + 1 < count && kind() == kStackMapDirect) {
          FramePlace p = place();
          record.objects.push_back({p, constant()});
        }
        if (f && next == count) {
          if (record.argWords & kRecoverRecord) {
            record.argWords &= ~kRecoverRecord;
            f->calls.push_back(record);
            f->calls.back().pc = f->calls.back().argWords = 0;
          }
          f->calls.push_back(std::move(record));
        }
        size_t end = (locations + size_t{count} * 12 + 7) / 8 * 8;
        offset = (end + 4 + size_t{half(end + 2)} * 4 + 7) / 8 * 8;
      }
    }
  }

  // LLVM's fault map: version byte and padding, number of functions; per function address, number of entries and padding;
  // per entry kind, faulting offset, handler offset. All counts 32 bits, the address 64.
  void findFaults() {
    StringRef contents = sectionContents(".llvm_faultmaps");
    if (contents.size() < 8) return;
    std::map<uint64_t, Place> addresses;
    forRelocations(".llvm_faultmaps", [&](uint64_t offset, Place place) { addresses[offset] = place; });
    auto word = [&](size_t at) { return at + 4 <= contents.size() ? support::endian::read32le(contents.data() + at) : 0u; };
    uint32_t count = word(4);
    size_t offset = 8;
    for (uint32_t i = 0; i < count && offset + 16 <= contents.size(); i++) {
      auto it = addresses.find(offset);
      uint32_t entries = word(offset + 8);
      Function* f = it == addresses.end() ? nullptr : at(it->second);
      offset += 16;
      for (uint32_t k = 0; k < entries && offset + 12 <= contents.size(); k++, offset += 12) {
        if (f) f->faults.push_back({word(offset + 4), word(offset + 8)});
      }
    }
  }

  // ---- debug information

  void readUnit(DWARFUnit& unit) {
    units_.push_back(&unit);
    bool assembly = false;
    DWARFDie root = unit.getUnitDIE(false);
    if (auto language = dwarf::toUnsigned(root.find(dwarf::DW_AT_language))) assembly = *language == dwarf::DW_LANG_Mips_Assembler;
    if (assembly) assemblyUnits_.push_back(&unit);
    readSubprograms(root, unit);
  }

  // Subprograms stand at the top or inside of namespaces and types.
  void readSubprograms(DWARFDie parent, DWARFUnit& unit) {
    for (DWARFDie die : parent.children()) {
      if (die.getTag() == dwarf::DW_TAG_subprogram) {
        readSubprogram(die, unit);
      } else if (die.getTag() == dwarf::DW_TAG_namespace || die.getTag() == dwarf::DW_TAG_structure_type ||
                 die.getTag() == dwarf::DW_TAG_class_type) {
        readSubprograms(die, unit);
      }
    }
  }

  std::vector<DWARFAddressRange> rangesOf(DWARFDie die) {
    Expected<DWARFAddressRangesVector> ranges = die.getAddressRanges();
    if (!ranges) {
      consumeError(ranges.takeError());
      return {};
    }
    return *ranges;
  }

  void readSubprogram(DWARFDie die, DWARFUnit& unit) {
    for (const DWARFAddressRange& range : rangesOf(die)) {
      Function* f = at({range.SectionIndex, range.LowPC});
      if (!f) continue;
      f->unit = &unit;
      f->declLine = static_cast<uint32_t>(die.getDeclLine());
      f->declFile = plainPath(die.getDeclFile(DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath));
      readInlined(die, *f, 0);
      return;
    }
  }

  void readInlined(DWARFDie parent, Function& f, uint16_t parentIndex) {
    for (DWARFDie die : parent.children()) {
      if (die.getTag() == dwarf::DW_TAG_lexical_block) {
        readInlined(die, f, parentIndex);
        continue;
      }
      if (die.getTag() != dwarf::DW_TAG_inlined_subroutine || f.inlined.size() >= 0xfffe) continue;
      Inlined node;
      if (const char* name = die.getSubroutineName(DINameKind::LinkageName)) node.name = name;
      node.startLine = static_cast<uint32_t>(die.getDeclLine());
      uint32_t file = 0, line = 0, column = 0, discriminator = 0;
      die.getCallerFrame(file, line, column, discriminator);
      node.callFile = writer_.file(fileName(*f.unit, file));
      node.callLine = line;
      node.parent = parentIndex;
      for (const DWARFAddressRange& r : rangesOf(die)) {
        if (r.SectionIndex == f.section && r.LowPC >= f.address && r.HighPC <= f.address + f.size) {
          node.ranges.push_back({r.LowPC - f.address, r.HighPC - f.address});
        }
      }
      f.inlined.push_back(std::move(node));
      readInlined(die, f, static_cast<uint16_t>(f.inlined.size()));
    }
  }

  std::string fileName(DWARFUnit& unit, uint64_t index) {
    auto [it, isNew] = fileNames_.try_emplace({&unit, index});
    if (!isNew) return it->second;
    std::string name;
    const DWARFDebugLine::LineTable* table = dwarf_->getLineTableForUnit(&unit);
    const char* dir = unit.getCompilationDir();
    if (!table || !table->getFileNameByIndex(index, dir ? dir : "", DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath, name)) {
      name = "?";
    }
    return it->second = plainPath(std::move(name));
  }

  // The rows that cover a place. Sequences of one section (hand-written code) are ordered by address.
  const DWARFDebugLine::Sequence* sequenceAt(DWARFUnit* unit, Place place) {
    const DWARFDebugLine::LineTable* table = dwarf_->getLineTableForUnit(unit);
    if (!table) return nullptr;
    auto [it, isNew] = sequences_.try_emplace(unit);
    if (isNew) {
      for (const DWARFDebugLine::Sequence& s : table->Sequences) it->second[Place{s.SectionIndex, s.LowPC}] = &s;
    }
    auto after = it->second.upper_bound(place);
    if (after == it->second.begin()) return nullptr;
    const DWARFDebugLine::Sequence* s = std::prev(after)->second;
    return s->SectionIndex == place.first && place.second < s->HighPC ? s : nullptr;
  }

  // ---- writing

  void write(Function& f) {
    const std::string name = programName(sourceSymbol(f.symbol)).str();
    auto known = facts_.functions.find(name);
    const FunctionFacts::Facts* facts = known == facts_.functions.end() ? nullptr : &known->second;
    SidecarFunc out{};
    out.symbol = writer_.string(f.symbol);
    SidecarRecord& r = out.record;
    r.size = static_cast<uint32_t>(f.size);
    r.name = name == f.symbol ? out.symbol : writer_.string(name);
    r.packageLength = packageLength(name);
    if (facts_.foreign) r.flags |= kNative;
    if (facts && facts->wrapper) r.flags |= kWrapper;
    if (facts && facts->noSplit) r.flags |= kNoSplit;
    if (facts && facts->hasDefer) r.flags |= kHasDefer;
    if (!facts_.foreign && name.find('[') != std::string::npos) r.flags |= kGeneric;
    // What the compiler generates besides the program's functions is no frame of the program's.
    if (!facts_.foreign && !facts) r.flags |= kWrapper;
    writeLines(f, facts, r);
    if (f.frame) writeFrame(f, r);
    writeStackMaps(f, r);
    if (!f.faults.empty()) {
      std::sort(f.faults.begin(), f.faults.end(), [](const FaultEntry& a, const FaultEntry& b) { return a.pc < b.pc; });
      writer_.alignData();
      r.faults = writer_.offset();
      r.faultCount = static_cast<uint32_t>(f.faults.size());
      for (const FaultEntry& entry : f.faults) writer_.append(entry);
    }
    writer_.addFunction(out);
  }

  void writeLines(Function& f, const FunctionFacts::Facts* facts, SidecarRecord& r) {
    // Rows of the unit that has the function; without one (assembly) of the unit whose table covers it.
    DWARFUnit* unit = nullptr;
    const DWARFDebugLine::Sequence* sequence = nullptr;
    for (DWARFUnit* candidate : f.unit ? std::vector<DWARFUnit*>{f.unit} : units_) {
      sequence = sequenceAt(candidate, {f.section, f.address});
      if (sequence) {
        unit = candidate;
        break;
      }
    }
    if (unit && std::find(assemblyUnits_.begin(), assemblyUnits_.end(), unit) != assemblyUnits_.end()) r.flags |= kAsm;
    if (!unit) {
      r.startFile = writer_.file("<autogenerated>");
      r.startLine = 1;
      return;
    }
    const auto& table = *dwarf_->getLineTableForUnit(unit);
    // From where on which row, and which inlined call, holds.
    struct Cut {
      uint32_t file = 0, line = 0, inlined = 0;
    };
    std::map<uint64_t, Cut> cuts;
    for (unsigned index = sequence->FirstRowIndex; index < sequence->LastRowIndex; index++) {
      const DWARFDebugLine::Row& row = table.Rows[index];
      if (row.EndSequence || row.Address.Address >= f.address + f.size) continue;
      if (index + 1 < sequence->LastRowIndex && table.Rows[index + 1].Address.Address <= f.address) continue;
      uint64_t pc = row.Address.Address < f.address ? 0 : row.Address.Address - f.address;
      // Assembly has a line for every instruction: the table has those that a reader needs to find the place.
      if ((r.flags & kAsm) && !cuts.empty()) {
        const uint32_t last = cuts.rbegin()->second.line;
        if (row.Line - last < kAssemblyLines || last - row.Line < kAssemblyLines) continue;
      }
      cuts[pc] = {writer_.file(fileName(*unit, row.File)), row.Line, 0};
    }
    if (cuts.empty()) return;
    for (const Inlined& node : f.inlined) {
      for (auto [low, high] : node.ranges) {
        for (uint64_t edge : {low, high}) {
          if (edge >= f.size || cuts.contains(edge)) continue;
          auto before = cuts.upper_bound(edge);
          Cut cut = before == cuts.begin() ? cuts.begin()->second : std::prev(before)->second;
          cuts.emplace(edge, cut);
        }
      }
    }
    // Outer calls come before the calls inside them, which then win.
    for (size_t i = 0; i < f.inlined.size(); i++) {
      for (auto [low, high] : f.inlined[i].ranges) {
        for (auto it = cuts.lower_bound(low); it != cuts.end() && it->first < high; ++it) it->second.inlined = static_cast<uint32_t>(i + 1);
      }
    }
    r.startLine = facts ? facts->startLine : f.declLine ? f.declLine : cuts.begin()->second.line;
    r.startFile = f.declFile.empty() ? cuts.begin()->second.file : writer_.file(f.declFile);
    r.lineRows = writer_.offset();
    LineRowWriter lines(writer_.data(), r.startLine, r.startFile);
    for (const auto& [pc, cut] : cuts) lines.add(static_cast<uint32_t>(pc), cut.file, cut.line, cut.inlined);
    lines.finish(r.size);
    if (f.inlined.empty()) return;
    writer_.alignData();
    r.inlineTree = writer_.offset();
    r.inlineCount = static_cast<uint32_t>(f.inlined.size());
    for (const Inlined& node : f.inlined) {
      InlineNode out{};
      out.name = writer_.string(node.name);
      out.startLine = node.startLine;
      out.callFile = node.callFile;
      out.callLine = node.callLine;
      out.parent = node.parent;
      out.packageLength = packageLength(node.name);
      auto known = facts_.functions.find(node.name);
      if (known != facts_.functions.end() && known->second.wrapper) out.flags |= kWrapper;
      if (node.name.find('[') != std::string::npos) out.flags |= kGeneric;
      writer_.append(out);
    }
  }

  void writeFrame(Function& f, SidecarRecord& r) {
    Expected<dwarf::UnwindTable> table = dwarf::createUnwindTable(f.frame);
    if (!table) {
      consumeError(table.takeError());
      return;
    }
    r.spRows = writer_.offset();
    SpRowWriter rows(writer_.data());
    for (const dwarf::UnwindRow& row : *table) {
      const dwarf::UnwindLocation& cfa = row.getCFAValue();
      bool plain = cfa.getLocation() == dwarf::UnwindLocation::RegPlusOffset &&
                   (cfa.getRegister() == kRsp || cfa.getRegister() == kRbp);
      uint32_t slot = 0;
      if (auto rbp = row.getRegisterLocations().getRegisterLocation(kRbp)) {
        if (rbp->getLocation() == dwarf::UnwindLocation::CFAPlusOffset && rbp->getOffset() < 0) {
          slot = static_cast<uint32_t>(-rbp->getOffset());
        }
      }
      rows.add(static_cast<uint32_t>(row.getAddress() - f.frame->getInitialLocation()), plain ? cfa.getOffset() : 0,
               plain && cfa.getRegister() == kRbp, slot, savedRegisters(row));
    }
    rows.finish(r.size);
  }

  // Places count from the CFA, so that they are the same at every call.
  void writeStackMaps(Function& f, SidecarRecord& r) {
    if (f.calls.empty() || r.spRows == 0) return;
    std::sort(f.calls.begin(), f.calls.end(), [](const CallRecord& a, const CallRecord& b) { return a.pc < b.pc; });
    // A function that may fault but goes on nowhere then: nothing is live.
    if (f.calls.front().pc != 0) f.calls.insert(f.calls.begin(), CallRecord{});
    bool known = true;
    auto fromCfa = [&](uint32_t pc, FramePlace p) -> uint32_t {
      SpRowReader rows(writer_.data().data() + r.spRows);
      if (!rows.seek(pc - 1) || rows.row.cfaOffset == 0 || p.reg != (rows.row.cfaIsFp ? kRbp : kRsp)) {
        known = false;
        return 0;
      }
      int64_t distance = int64_t{rows.row.cfaOffset} - p.offset;
      known &= distance > 0 && distance % 8 == 0;
      return uint32_t(distance / 8);
    };
    // The highest slot that any call uses, and the objects that any call names: by number, place and words.
    uint32_t slots = 0, roots = 0;
    std::map<uint32_t, std::pair<uint32_t, uint32_t>> objects;
    for (const CallRecord& c : f.calls) {
      for (size_t i = 0; i < c.mask.size(); i++) {
        if (c.mask[i] != 0) slots = std::max(slots, uint32_t(i * 64 + 64 - size_t(std::countl_zero(c.mask[i]))));
      }
      if (c.hasRoots) {
        uint32_t at = fromCfa(c.placesAt, c.roots);
        known &= roots == 0 || roots == at;
        roots = at;
      }
      for (auto [p, code] : c.objects) {
        std::pair<uint32_t, uint32_t> object{fromCfa(c.placesAt, p), objectWords(code)};
        known &= objects.try_emplace(objectNumber(code), object).first->second == object;
      }
    }
    if (!known) return;  // an unusual frame: scanned word by word
    std::vector<uint8_t> out(4);
    appendVarint(out, slots);
    appendVarint(out, slots ? roots : 0);
    appendVarint(out, objects.size());
    std::map<uint32_t, uint32_t> position;
    for (const auto& [number, object] : objects) {
      position.emplace(number, uint32_t(position.size()));
      appendVarint(out, object.first);
      appendVarint(out, object.second);
    }
    appendVarint(out, f.calls.size());
    uint32_t pc = 0;
    std::vector<uint8_t> lastMask((slots + 7) / 8), lastUses((objects.size() + 3) / 4);
    bool first = true;
    for (const CallRecord& c : f.calls) {
      std::vector<uint8_t> mask(lastMask.size()), uses(lastUses.size());
      for (uint32_t i = 0; i < mask.size() && i / 8 < c.mask.size(); i++) mask[i] = uint8_t(c.mask[i / 8] >> (i % 8 * 8));
      for (const auto& object : c.objects) {
        uint32_t i = position[objectNumber(object.second)];
        uses[i / 4] |= uint8_t((objectDirect(object.second) ? kObjectLive : kObjectPointed) << (i % 4 * 2));
      }
      bool maskFollows = !mask.empty() && (first || mask != lastMask), usesFollow = !uses.empty() && (first || uses != lastUses);
      appendVarint(out, c.pc - pc);
      appendVarint(out, uint64_t{c.argWords} << 2 | uint64_t(usesFollow) << 1 | uint64_t(maskFollows));
      if (maskFollows) out.insert(out.end(), mask.begin(), mask.end());
      if (usesFollow) out.insert(out.end(), uses.begin(), uses.end());
      pc = c.pc;
      lastMask = std::move(mask);
      lastUses = std::move(uses);
      first = false;
    }
    uint32_t size = uint32_t(out.size() - 4);
    std::memcpy(out.data(), &size, 4);
    writer_.alignData();
    r.stackMaps = writer_.offset();
    for (uint8_t byte : out) writer_.append(byte);
  }

  const object::ELF64LEObjectFile& object_;
  const FunctionFacts& facts_;
  std::unique_ptr<DWARFContext> dwarf_;
  std::vector<Function> functions_;
  std::map<Place, size_t> byPlace_;
  std::vector<DWARFUnit*> units_, assemblyUnits_;
  std::map<DWARFUnit*, std::map<Place, const DWARFDebugLine::Sequence*>> sequences_;
  std::map<std::pair<DWARFUnit*, uint64_t>, std::string> fileNames_;
  SidecarWriter writer_;
};

}  // namespace

std::vector<uint8_t> describe(std::span<const uint8_t> elf, const FunctionFacts& facts, std::string* error) {
  error->clear();
  MemoryBufferRef buffer(StringRef(reinterpret_cast<const char*>(elf.data()), elf.size()), "object");
  Expected<std::unique_ptr<object::ObjectFile>> object = object::ObjectFile::createELFObjectFile(buffer);
  if (!object) {
    *error = toString(object.takeError());
    return {};
  }
  auto* x86 = dyn_cast<object::ELF64LEObjectFile>(object->get());
  if (!x86 || x86->getArch() != Triple::x86_64) {
    *error = "not an x86-64 object";
    return {};
  }
  return ObjectReader(*x86, facts).read();
}

}  // namespace burrow::codegen
