// What the runtime reads of ELF images: its own executable (which parts are writable) and the vDSO (a symbol).
#pragma once

#include "base/defs.h"

namespace burrow::rt::elf {

struct Header {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version;
  uint64_t entry, phoff, shoff;
  uint32_t flags;
  uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
struct Segment {
  uint32_t type, flags;
  uint64_t offset, vaddr, paddr, filesz, memsz, align;
};
struct Dynamic {
  int64_t tag;
  uint64_t value;
};
struct Symbol {
  uint32_t name;
  uint8_t info, other;
  uint16_t shndx;
  uint64_t value, size;
};
static_assert(sizeof(Header) == 64 && sizeof(Segment) == 56 && sizeof(Dynamic) == 16 && sizeof(Symbol) == 24);

inline constexpr uint32_t kPtLoad = 1, kPtDynamic = 2, kPtGnuRelro = 0x6474e552;
inline constexpr uint32_t kPfWrite = 2;
inline constexpr int64_t kDtHash = 4, kDtStrtab = 5, kDtSymtab = 6, kDtGnuHash = 0x6ffffef5;

}  // namespace burrow::rt::elf
