// Reading and extending 64-bit little-endian ELF files in memory.
//
// The link step edits two kinds of files: it adds a section with relocations to an object (function_table.h) and it gives
// the linked executable its function table and takes sections out of it (finish.h). Both need no more than the section
// headers and the symbol table, so this is a view of those over a buffer, with every offset checked once when it is opened.
//
// Rejected: LLVM's ObjectFile and objcopy libraries: they can read all of this, but neither adds a section with relocations
// to an object, and objcopy has no installed headers.
#pragma once

#include <elf.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::link {

class ElfImage {
 public:
  // A view of `bytes`, which must outlive it. On failure returns false and sets *error.
  bool open(std::string_view bytes, std::string* error);

  const Elf64_Ehdr& header() const { return *at<Elf64_Ehdr>(0); }
  std::span<const Elf64_Shdr> sections() const { return sections_; }
  std::span<const Elf64_Phdr> segments() const { return segments_; }
  std::string_view sectionName(const Elf64_Shdr& s) const { return string(sectionNames_, s.sh_name); }
  std::string_view content(const Elf64_Shdr& s) const;  // empty for NOBITS
  // The index of the first section of that name; 0 when there is none.
  uint32_t find(std::string_view name) const;

  std::span<const Elf64_Sym> symbols() const { return symbols_; }
  uint32_t symbolTableIndex() const { return symbolTable_; }
  // The section that a symbol stands in; 0 when it is in none (undefined, absolute, common).
  uint32_t symbolSection(uint32_t symbol) const;
  std::string_view symbolName(const Elf64_Sym& s) const { return string(symbolNames_, s.st_name); }

 private:
  template <typename T>
  const T* at(uint64_t offset) const {
    return reinterpret_cast<const T*>(bytes_.data() + offset);
  }
  static std::string_view string(std::string_view table, uint32_t offset);

  std::string_view bytes_;
  std::span<const Elf64_Shdr> sections_;
  std::span<const Elf64_Phdr> segments_;
  std::string_view sectionNames_;
  std::span<const Elf64_Sym> symbols_;
  std::string_view symbolNames_;
  std::span<const uint32_t>
      largeIndices_;  // sections of symbols whose st_shndx is SHN_XINDEX; empty when there are none
  uint32_t symbolTable_ = 0;
};

// A section to add to an object.
struct NewSection {
  std::string name;
  uint32_t type = SHT_PROGBITS;
  uint64_t flags = 0;
  uint64_t align = 8;
  std::string content;
  struct Relocation {
    uint64_t offset;  // in content: eight bytes that get the address (R_X86_64_64)
    uint32_t symbol;  // index in the object's symbol table
    int64_t addend;
  };
  std::vector<Relocation> relocations;
};

// `object` with `section` (and the section of its relocations) added. The object's own bytes stay where they are.
bool addSection(std::string& object, const NewSection& section, std::string* error);

}  // namespace burrow::link
