// From code addresses to functions, lines, inlined calls and frames: the function table of the program that is looked at.
//
// The format and its decoding are runtime/abi/functab.h, which trusts its input: it reads the table that the program was linked with.
// Here the table comes from a file that may be anything, so every offset is checked, once when the table is opened or when
// it is used, and what is wrong reads as "not known".
#pragma once

#include "abi/functab.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::inspect {

namespace ft = abi::functab;

// A logical frame: a function, possibly inlined, and where in it the address is.
struct CodeFrame {
  std::string_view function, file;
  uint32_t line = 0, startLine = 0;
  uint16_t flags = 0;
  bool inlined = false;
};

struct StackMapRecord {
  uint32_t pc = 0;  // return address, from the function's entry
  uint32_t argWords = 0;
  std::vector<bool> slots;
  std::vector<ft::ObjectUse> uses;  // of the frame's objects
};
struct FrameMaps {
  uint32_t slotCount = 0, rootPlace = 0;
  std::vector<std::pair<uint32_t, uint32_t>> objects;  // bytes below the CFA, words
  std::vector<StackMapRecord> records;
};

class CodeTable {
 public:
  // A copy of the table that lies at `address`. On failure false, with *error set.
  bool open(std::string_view bytes, uint64_t address, std::string* error);
  bool valid() const { return table_.header != nullptr; }

  uint64_t textStart() const { return valid() ? table_.textStart() : 0; }
  uint64_t textEnd() const { return valid() ? table_.textEnd() : 0; }
  uint32_t count() const { return valid() ? table_.header->funcCount : 0; }
  const ft::FuncRecord& function(uint32_t i) const { return table_.funcs()[i]; }
  const ft::FuncRecord* find(uint64_t pc) const;
  uint64_t entry(const ft::FuncRecord& f) const { return table_.entry(f); }
  std::string_view name(const ft::FuncRecord& f) const { return string(f.name); }
  std::string_view startFile(const ft::FuncRecord& f) const { return file(f.startFile); }
  // The package path; empty when the function belongs to none.
  std::string_view package(const ft::FuncRecord& f) const { return name(f).substr(0, f.packageLength); }
  std::string_view file(uint32_t index) const;

  // How to leave the frame at pc; false when that is not known.
  bool frameAt(const ft::FuncRecord& f, uint64_t pc, ft::SpRow* row) const;
  std::vector<ft::SpRow> spRows(const ft::FuncRecord& f) const;
  std::vector<ft::LineRow> lineRows(const ft::FuncRecord& f) const;
  // Innermost first. For a return address ask with pc - 1.
  std::vector<CodeFrame> frames(const ft::FuncRecord& f, uint64_t pc) const;
  std::vector<CodeFrame> inlineFrames(const ft::FuncRecord& f, const ft::LineRow& row) const;
  FrameMaps stackMaps(const ft::FuncRecord& f) const;
  std::vector<ft::FaultEntry> faults(const ft::FuncRecord& f) const;

  // The function of that name; null when there is none.
  const ft::FuncRecord* named(std::string_view name) const;
  uint64_t byteSize() const { return valid() ? table_.header->size : 0; }

 private:
  std::string_view string(uint32_t offset) const;
  bool inData(uint64_t offset, uint64_t size) const { return offset <= dataSize_ && size <= dataSize_ - offset; }

  std::string bytes_;
  ft::Table table_;
  uint64_t dataSize_ = 0;
};

}  // namespace burrow::inspect
