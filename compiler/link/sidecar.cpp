// Puts an object's part of the function table into the object itself, as a section whose relocations give each function's
// address.
//
// So an object in the build cache is one file, and the linker's garbage collection decides about a function and its entry
// alike. Relocations are against the section's symbol where there is one: names may be local to the object. A large package
// has more sections than a symbol's own field can number (every function has two or three); ElfImage reads the table of
// larger numbers. Every entry must find its symbol: a function without one would have no traceback.
#include "link/sidecar.h"

#include "abi/functab.h"
#include "link/elf_image.h"

#include <cstring>
#include <unordered_map>

namespace burrow::link {

namespace ft = abi::functab;

bool checkSidecar(std::string_view bytes, std::string* error) {
  auto fail = [&](const char* what) {
    *error = what;
    return false;
  };
  ft::SidecarHeader h;
  if (bytes.size() < sizeof h) return fail("function table of an object is cut short");
  std::memcpy(&h, bytes.data(), sizeof h);
  if (h.magic != ft::kSidecarMagic) return fail("function table of an object is damaged");
  if (h.version != ft::kVersion) return fail("function table of an object has another version");
  auto inside = [&](uint32_t offset, uint64_t size) { return offset <= h.size && size <= h.size - offset; };
  if (h.size > bytes.size() || h.size % 8 != 0 || h.funcs % 8 != 0 || h.files % 4 != 0 || h.data % 4 != 0 ||
      !inside(h.funcs, uint64_t(h.funcCount) * sizeof(ft::SidecarFunc)) ||
      !inside(h.files, uint64_t(h.fileCount) * 4) || !inside(h.data, h.dataSize) || !inside(h.strings, h.stringsSize)) {
    return fail("function table of an object is damaged");
  }
  return true;
}

bool embedSidecar(std::string& object, std::string_view sidecar, std::string* error) {
  if (!checkSidecar(sidecar, error)) return false;
  ElfImage image;
  if (!image.open(object, error)) return false;

  std::unordered_map<std::string_view, uint32_t> byName;
  std::unordered_map<uint32_t, uint32_t> sectionSymbols;  // section index -> its symbol
  std::span<const Elf64_Sym> symbols = image.symbols();
  for (uint32_t i = 1; i < symbols.size(); i++) {
    const Elf64_Sym& s = symbols[i];
    const uint32_t inSection = image.symbolSection(i);
    if (inSection == 0) continue;
    if (ELF64_ST_TYPE(s.st_info) == STT_SECTION) {
      sectionSymbols.emplace(inSection, i);
    } else if (s.st_name != 0) {
      byName.emplace(image.symbolName(s), i);
    }
  }

  ft::SidecarHeader h;
  std::memcpy(&h, sidecar.data(), sizeof h);
  NewSection section;
  section.name = ft::kSidecarSectionName;
  section.content = sidecar.substr(0, h.size);
  for (uint32_t i = 0; i < h.funcCount; i++) {
    const size_t offset = h.funcs + i * sizeof(ft::SidecarFunc);
    ft::SidecarFunc f;
    std::memcpy(&f, sidecar.data() + offset, sizeof f);
    const auto* strings = reinterpret_cast<const uint8_t*>(sidecar.data()) + h.strings;
    const uint8_t* p = strings + f.symbol;
    uint64_t length = 0;
    if (f.symbol >= h.stringsSize ||
        (length = ft::readVarint(p), length > h.stringsSize - static_cast<uint64_t>(p - strings))) {
      *error = "function table of an object is damaged";
      return false;
    }
    const std::string_view name{reinterpret_cast<const char*>(p), length};
    auto found = byName.find(name);
    if (found == byName.end()) {
      // Such a function would have no traceback, no recover and no nil check that works.
      *error = "function table of an object: no symbol " + std::string(name);
      return false;
    }
    const Elf64_Sym& symbol = symbols[found->second];
    auto base = sectionSymbols.find(image.symbolSection(found->second));
    NewSection::Relocation relocation{offset + offsetof(ft::SidecarFunc, address), found->second, 0};
    if (base != sectionSymbols.end())
      relocation = {relocation.offset, base->second, static_cast<int64_t>(symbol.st_value)};
    section.relocations.push_back(relocation);
  }
  return addSection(object, section, error);
}

}  // namespace burrow::link
