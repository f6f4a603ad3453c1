#include "inspect/code_views.h"

#include "codegen/disassembler.h"

#include <elfutils/libdw.h>
#include <dwarf.h>
#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

namespace burrow::inspect {

namespace {

constexpr size_t kMostExamples = 10;

std::string hexBytes(std::string_view bytes) {
  std::string out;
  for (char c : bytes) out += fmt::format("{:02x}", uint8_t(c));
  return out;
}

// Cells that end in a tab, aligned by tabs as Go's text/tabwriter does it: columns at least `kLeast` wide, tabs of 8.
class TabWriter {
 public:
  void row(std::vector<std::string> cells, std::string last) { rows_.push_back({std::move(cells), std::move(last)}); }
  void plain(std::string text) { rows_.push_back({{}, std::move(text)}); }
  void flush(std::string* out) {
    for (size_t i = 0; i < rows_.size();) {
      if (rows_[i].cells.empty()) {
        *out += rows_[i++].last + "\n";
        continue;
      }
      // A block is the rows up to one without cells.
      size_t end = i;
      std::vector<size_t> widths;
      for (; end < rows_.size() && !rows_[end].cells.empty(); end++) {
        widths.resize(std::max(widths.size(), rows_[end].cells.size()));
        for (size_t k = 0; k < rows_[end].cells.size(); k++) widths[k] = std::max({widths[k], rows_[end].cells[k].size() + 1, kLeast});
      }
      for (; i < end; i++) {
        for (size_t k = 0; k < rows_[i].cells.size(); k++) {
          *out += rows_[i].cells[k];
          const size_t width = (widths[k] + 7) / 8 * 8, have = rows_[i].cells[k].size();
          out->append((width - have + 7) / 8, '\t');
        }
        *out += rows_[i].last + "\n";
      }
    }
    rows_.clear();
  }

 private:
  static constexpr size_t kLeast = 18;
  struct Row {
    std::vector<std::string> cells;
    std::string last;
  };
  std::vector<Row> rows_;
};

class SourceLines {
 public:
  // The line's text; nothing when the file is not there.
  const std::string* line(std::string_view path, uint32_t n) {
    auto [place, isNew] = files_.try_emplace(std::string(path));
    if (isNew) {
      std::ifstream in{std::string(path)};
      for (std::string text; std::getline(in, text);) place->second.push_back(text);
    }
    return n >= 1 && n <= place->second.size() ? &place->second[n - 1] : nullptr;
  }

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

std::string_view codeOf(const Program& program, const ft::FuncRecord& f) {
  const std::string_view text = program.section(".text");
  const uint64_t start = program.code().entry(f) - program.sectionAddress(".text");
  return start <= text.size() && f.size <= text.size() - start ? text.substr(start, f.size) : std::string_view();
}

// The line that each byte of a function belongs to, walked forward.
class LineWalk {
 public:
  LineWalk(const CodeTable& code, const ft::FuncRecord& f) : code_(code), f_(f), rows_(code.lineRows(f)) {}
  const ft::LineRow& at(uint32_t offset) {
    while (i_ + 1 < rows_.size() && rows_[i_ + 1].pc <= offset) i_++;
    if (rows_.empty()) rows_.push_back({0, f_.size, f_.startFile, f_.startLine, 0});
    return rows_[i_];
  }
  std::string_view file(const ft::LineRow& row) const { return code_.file(row.file); }

 private:
  const CodeTable& code_;
  const ft::FuncRecord& f_;
  std::vector<ft::LineRow> rows_;
  size_t i_ = 0;
};

void useNames(const Program& program, codegen::Disassembler& disassembler) {
  disassembler.symbolize = [&program](uint64_t address, bool isBranch) {
    // Small numbers are numbers, but for what is jumped to; only what lies in the program is an address.
    if (!isBranch && address < 0x10000) return std::string();
    return program.describe(address);
  };
}

}  // namespace

bool matchingFunctions(const Program& program, const std::string& pattern, std::vector<const ft::FuncRecord*>* out, std::string* error) {
  const CodeTable& code = program.code();
  regex_t compiled;
  if (!pattern.empty()) {
    if (const int status = ::regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB); status != 0) {
      char text[256];
      ::regerror(status, &compiled, text, sizeof text);
      *error = fmt::format("invalid regular expression {}: {}", pattern, text);
      return false;
    }
  }
  for (uint32_t i = 0; i < code.count(); i++) {
    const std::string name(code.name(code.function(i)));
    if (pattern.empty() || ::regexec(&compiled, name.c_str(), 0, nullptr, 0) == 0) out->push_back(&code.function(i));
  }
  if (!pattern.empty()) ::regfree(&compiled);
  return true;
}

bool objdump(Program& program, const ObjdumpOptions& options, std::string* out, std::string* error) {
  std::vector<const ft::FuncRecord*> functions;
  if (!matchingFunctions(program, options.pattern, &functions, error)) return false;
  const CodeTable& code = program.code();
  codegen::Disassembler disassembler;
  useNames(program, disassembler);
  SourceLines sources;
  bool first = true;
  for (const ft::FuncRecord* f : functions) {
    const uint64_t entry = code.entry(*f);
    if ((options.end && entry >= *options.end) || (options.start && entry + f->size <= *options.start)) continue;
    if (!first) *out += "\n";
    first = false;
    *out += fmt::format("TEXT {}(SB) {}\n", code.name(*f), code.startFile(*f));
    const std::string_view bytes = codeOf(program, *f);
    TabWriter writer;
    LineWalk lines(code, *f);
    std::string_view lastFile;
    uint32_t lastLine = 0;
    for (uint32_t at = 0; at < bytes.size();) {
      const codegen::Instruction i = disassembler.decode(bytes.substr(at), entry + at);
      const uint64_t pc = entry + at;
      const std::string_view raw = bytes.substr(at, i.size);
      if (!(options.start && pc < *options.start) && !(options.end && pc >= *options.end)) {
        const ft::LineRow& row = lines.at(at);
        const std::string_view file = lines.file(row);
        if (options.source) {
          if (file != lastFile || row.line != lastLine) {
            if (const std::string* text = sources.line(file, row.line)) writer.plain(*text);
            lastFile = file, lastLine = row.line;
          }
          writer.row({fmt::format("  {:#x}", pc), hexBytes(raw), i.text}, "");
        } else {
          writer.row({fmt::format("  {}:{}", baseName(file), row.line), fmt::format("{:#x}", pc), hexBytes(raw), i.text}, "");
        }
      }
      at += std::max(1u, i.size);
    }
    writer.flush(out);
  }
  return true;
}

namespace {

std::string cfaText(const ft::SpRow* row) {
  if (!row || row->cfaOffset == 0) return "?";
  return fmt::format("{}+{}{}", row->cfaIsFp ? "BP" : "SP", row->cfaOffset, row->fpSlot ? fmt::format(" bp@{}", -int64_t(row->fpSlot)) : std::string());
}

}  // namespace

bool pcspPage(Program& program, const std::string& name, Page& page, std::string* error) {
  const CodeTable& code = program.code();
  const ft::FuncRecord* f = code.named(name);
  if (!f) {
    std::vector<const ft::FuncRecord*> similar;
    std::string ignored;
    *error = fmt::format("{}: no function {}", program.path(), name);
    for (uint32_t i = 0; i < code.count() && similar.size() < 3; i++)
      if (code.name(code.function(i)).find(name) != std::string_view::npos) similar.push_back(&code.function(i));
    for (size_t i = 0; i < similar.size(); i++) *error += fmt::format("{}{}", i ? ", " : "; there is ", code.name(*similar[i]));
    return false;
  }
  const uint64_t entry = code.entry(*f);
  page.line(page.paint("1", fmt::format("{}  {:#x}, {} bytes", code.name(*f), entry, f->size)));
  page.line(fmt::format("  {}:{}", code.startFile(*f), f->startLine));
  const FrameMaps maps = code.stackMaps(*f);
  if (maps.slotCount) page.line(fmt::format("  root slots: {}, the first at CFA-{}", maps.slotCount, maps.rootPlace));
  for (const auto& [place, words] : maps.objects) page.line(fmt::format("  stack object that may hold pointers: CFA-{}, {} words", place, words));
  page.line("  CFA is where the caller's frame ends; SP+n: the stack pointer is n bytes below it");
  page.line();
  std::map<uint32_t, const StackMapRecord*> records;
  for (const StackMapRecord& r : maps.records) records[r.pc] = &r;
  std::map<uint32_t, uint32_t> faults;
  for (const ft::FaultEntry& e : code.faults(*f)) faults[e.pc] = e.handler;

  const std::vector<ft::SpRow> rows = code.spRows(*f);
  codegen::Disassembler disassembler;
  useNames(program, disassembler);
  const std::string_view bytes = codeOf(program, *f);
  LineWalk lines(code, *f);
  size_t row = 0;
  std::string lastPlace;
  for (uint32_t at = 0; at < bytes.size();) {
    const codegen::Instruction i = disassembler.decode(bytes.substr(at), entry + at);
    while (row + 1 < rows.size() && rows[row + 1].pc <= at) row++;
    const ft::LineRow& line = lines.at(at);
    std::string place;
    for (const CodeFrame& frame : code.inlineFrames(*f, line)) {
      if (!place.empty()) place += " < ";
      place += (frame.inlined ? std::string(frame.function) + " " : std::string()) + fmt::format("{}:{}", baseName(frame.file), frame.line);
    }
    if (place != lastPlace) page.line(page.paint("2", "; " + place));
    lastPlace = place;
    std::string text = i.text;
    std::replace(text.begin(), text.end(), '\t', ' ');
    const uint32_t next = at + std::max(1u, i.size);
    std::string note;
    // What holds for a call is kept at its return address.
    if (auto r = records.find(next); r != records.end()) {
      std::string slots;
      for (uint32_t k = 0; k < r->second->slots.size(); k++)
        if (r->second->slots[k]) slots += fmt::format("{}CFA-{}", slots.empty() ? "" : " ", int64_t(maps.rootPlace) - 8 * int64_t(k));
      note = slots.empty() ? "; no pointers" : "; pointers: " + slots;
      for (uint32_t k = 0; k < r->second->uses.size(); k++) {
        const ft::ObjectUse use = r->second->uses[k];
        if (use != ft::kObjectDead)
          note += fmt::format(", object CFA-{}{}", maps.objects[k].first,
                              use == ft::kObjectPointed ? " if pointed to" : "");
      }
      if (r->second->argWords) note += fmt::format(", {} argument words", r->second->argWords);
    }
    if (auto fault = faults.find(at); fault != faults.end()) note += fmt::format("; nil check: goes to +{}", fault->second);
    page.line(fmt::format("  {:#x} +{:<5} {:<12} {}{}", entry + at, at, cfaText(row < rows.size() ? &rows[row] : nullptr), text, note.empty() ? "" : "  " + page.paint("36", note)));
    at = next;
  }
  return true;
}

void pcspBootPage(Program& program, Page& page) {
  const CodeTable& code = program.code();
  page.line(page.paint("1", program.path()));
  page.line("The chain from the entry to main.main: how far each function's frame lies below its caller's at the call that");
  page.line("leads on, worked out from the table.");
  page.line();
  Table t({{"function", false, 9, true}, {"calls", false, 9, true}, {"at", true}, {"CFA", false}, {"frame", true}});
  static const char* const chain[][2] = {{"_rt0_amd64_linux", "_rt0_amd64"}, {"_rt0_amd64", "runtime.rt0_go"}, {"runtime.rt0_go", "runtime.check"}, {"runtime.rt0_go", "runtime.args"},
                                         {"runtime.rt0_go", "runtime.osinit"}, {"runtime.rt0_go", "runtime.schedinit"}, {"runtime.rt0_go", "runtime.newproc"}, {"runtime.rt0_go", "runtime.mstart"},
                                         {"runtime.schedinit", "runtime.mallocinit"}, {"runtime.schedinit", "runtime.gcinit"}, {"runtime.schedinit", "runtime.procresize"},
                                         {"runtime.main", "main.main"}};
  codegen::Disassembler disassembler;
  useNames(program, disassembler);
  for (const auto& [from, to] : chain) {
    const ft::FuncRecord *f = code.named(from), *callee = code.named(to);
    if (!f || !callee) {
      t.row({from, to, "", callee ? "" : "inlined or absent", ""});
      continue;
    }
    const std::string_view bytes = codeOf(program, *f);
    bool found = false;
    for (uint32_t at = 0; at < bytes.size() && !found;) {
      const codegen::Instruction i = disassembler.decode(bytes.substr(at), code.entry(*f) + at);
      if ((i.text.starts_with("call") || i.text.starts_with("jmp")) && i.text.ends_with(to)) {
        ft::SpRow row;
        const bool known = code.frameAt(*f, code.entry(*f) + at, &row);
        t.row({from, to, fmt::format("+{:#x}", at), known ? cfaText(&row) : i.text.starts_with("jmp") ? "a jump" : "?", known ? std::to_string(row.cfaOffset - 8) : "-"});
        found = true;
      }
      at += std::max(1u, i.size);
    }
    if (!found) t.row({from, to, "", "not by a direct call", ""});
  }
  t.print(page);
}

namespace {

// DWARF's numbers of the registers that a callee saves, in the table's order.
constexpr int kDwarfSaved[ft::kCalleeSaved] = {3, 6, 12, 13, 14, 15};
constexpr const char* kSavedNames[ft::kCalleeSaved] = {"BX", "BP", "R12", "R13", "R14", "R15"};

// Where the caller's value of the register lies, as a distance below the CFA; 0: still in the register; -1: a rule of another kind.
int64_t savedPlace(Dwarf_Frame* frame, int reg) {
  Dwarf_Op memory[3];
  Dwarf_Op* ops = nullptr;
  size_t count = 0;
  if (dwarf_frame_register(frame, reg, memory, &ops, &count) != 0) return -1;
  if (count == 0) return 0;  // "same value", or nothing said, which by the ABI means the same of these registers
  if (ops[0].atom != DW_OP_call_frame_cfa || count > 2 || (count == 2 && ops[1].atom != DW_OP_plus_uconst)) return -1;
  return count == 1 ? -1 : -int64_t(ops[1].number);
}

}  // namespace

bool checkCfi(Program& program, CfiCheck* out, std::string* error) {
  elf_version(EV_CURRENT);
  Elf* elf = elf_memory(const_cast<char*>(program.bytes().data()), program.bytes().size());
  // Of .debug_frame, which goes with the Dwarf; of .eh_frame in programs that have it.
  Dwarf* dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, nullptr) : nullptr;
  Dwarf_CFI* cfi = dwarf ? dwarf_getcfi(dwarf) : nullptr;
  Dwarf_CFI* own = nullptr;
  if (!cfi && elf) cfi = own = dwarf_getcfi_elf(elf);
  if (!cfi) {
    *error = fmt::format("{}: it has no call-frame information (it is stripped)", program.path());
    if (dwarf) dwarf_end(dwarf);
    if (elf) elf_end(elf);
    return false;
  }
  const CodeTable& code = program.code();
  codegen::Disassembler disassembler;
  constexpr int kRbp = 6, kRsp = 7;
  for (uint32_t n = 0; n < code.count(); n++) {
    const ft::FuncRecord& f = code.function(n);
    const std::vector<ft::SpRow> rows = code.spRows(f);
    const std::string_view bytes = codeOf(program, f);
    out->functions++;
    size_t row = 0;
    Dwarf_Addr start = 0, end = 0;
    int reg = -1;
    int64_t offset = 0, saved[ft::kCalleeSaved] = {};
    bool have = false;
    for (uint32_t at = 0; at < bytes.size();) {
      const codegen::Instruction i = disassembler.decode(bytes.substr(at), code.entry(f) + at);
      const uint64_t pc = code.entry(f) + at;
      out->instructions++;
      while (row + 1 < rows.size() && rows[row + 1].pc <= at) row++;
      if (!have || pc < start || pc >= end) {
        Dwarf_Frame* frame = nullptr;
        have = false;
        reg = -1;
        if (dwarf_cfi_addrframe(cfi, pc - program.bias(), &frame) == 0) {
          Dwarf_Op* ops;
          size_t count;
          bool signal;
          dwarf_frame_info(frame, &start, &end, &signal);
          start += program.bias(), end += program.bias();
          if (dwarf_frame_cfa(frame, &ops, &count) == 0 && count == 1) {
            have = true;
            if (ops[0].atom == DW_OP_bregx) {
              reg = int(ops[0].number);
              offset = int64_t(ops[0].number2);
            } else if (ops[0].atom >= DW_OP_breg0 && ops[0].atom <= DW_OP_breg31) {
              reg = ops[0].atom - DW_OP_breg0;
              offset = int64_t(ops[0].number);
            }
          }
          for (unsigned k = 0; k < ft::kCalleeSaved; k++) saved[k] = savedPlace(frame, kDwarfSaved[k]);
          std::free(frame);
        }
      }
      const ft::SpRow* r = row < rows.size() ? &rows[row] : nullptr;
      auto differs = [&](std::string table, std::string dwarf) {
        out->different++;
        if (out->examples.size() < kMostExamples) out->examples.push_back(fmt::format("{}+{:#x}: table {}, DWARF {}", code.name(f), at, table, dwarf));
      };
      if (!have) {
        out->without++;
        out->withoutIn[std::string(code.name(f))]++;
      } else if (!r || r->cfaOffset == 0) {
        out->unknown++;
        out->unknownIn[std::string(code.name(f))]++;
      } else if (reg != (r->cfaIsFp ? kRbp : kRsp) || offset != r->cfaOffset) {
        differs(cfaText(r), fmt::format("{}+{}", reg == kRbp ? "BP" : reg == kRsp ? "SP" : fmt::format("r{}", reg), offset));
      } else if (int64_t(r->fpSlot) != saved[ft::kCalleeSavedRbp]) {
        differs(fmt::format("bp@{}", -int64_t(r->fpSlot)), fmt::format("bp@{}", -saved[ft::kCalleeSavedRbp]));
      } else if (r->saved & ft::kSavedUnknown) {
        out->savedUnknown++;
      } else {
        for (unsigned k = 0; k < ft::kCalleeSaved; k++) {
          const int64_t place = 8 * int64_t(ft::savedRegister(r->saved, k));
          if (place == saved[k]) continue;
          differs(fmt::format("{}@{}", kSavedNames[k], -place), fmt::format("{}@{}", kSavedNames[k], -saved[k]));
          break;
        }
      }
      at += std::max(1u, i.size);
    }
  }
  if (own) dwarf_cfi_end(own);
  if (dwarf) dwarf_end(dwarf);
  elf_end(elf);
  return true;
}

}  // namespace burrow::inspect
