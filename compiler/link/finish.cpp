// See finish.h. In order: the symbols and sections that the table is made from, the table itself in its place, the new list of
// section headers (what is left out, what has moved), the build id over everything.
#include "link/finish.h"

#include "abi/functab.h"
#include "link/elf_image.h"
#include "link/function_table.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace burrow::link {

namespace ft = abi::functab;

namespace {

constexpr const char* kBuildIdSection = ".note.gnu.build-id";

template <typename T>
void append(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <typename T>
void overwrite(std::string& out, uint64_t offset, const T& value) {
  std::memcpy(out.data() + offset, &value, sizeof value);
}
void alignTo(std::string& out, uint64_t align) {
  if (align > 1) out.resize((out.size() + align - 1) / align * align, '\0');
}

std::vector<BareFunction> functionSymbols(const ElfImage& image, uint32_t textSection) {
  std::vector<BareFunction> list;
  for (const Elf64_Sym& s : image.symbols()) {
    if (s.st_shndx != textSection || s.st_size == 0 || ELF64_ST_TYPE(s.st_info) != STT_FUNC) continue;
    list.push_back({s.st_value, s.st_size, image.symbolName(s)});
  }
  return list;
}

// The 32-bit offsets of type descriptors in a position-independent executable (finish.h). False, with *error set, if lld left
// something to relocate that the boot does not know.
bool completeOffsets(const ElfImage& image, std::string& out, std::string* error) {
  const std::span<const Elf64_Shdr> sections = image.sections();
  if (uint32_t others = image.find(".rela.dyn"); others != 0 && sections[others].sh_size != 0) {
    *error = "an address in data is not aligned";
    return false;
  }
  const uint32_t types = image.find(".go.type");
  for (const Elf64_Shdr& list : sections) {
    if (types == 0 || list.sh_type != SHT_RELA || list.sh_info != types) continue;
    const std::string_view content = image.content(list);
    for (size_t at = 0; at + sizeof(Elf64_Rela) <= content.size(); at += sizeof(Elf64_Rela)) {
      Elf64_Rela r;
      std::memcpy(&r, content.data() + at, sizeof r);
      if (ELF64_R_TYPE(r.r_info) != R_X86_64_PC32) continue;
      const uint64_t place = sections[types].sh_offset + (r.r_offset - sections[types].sh_addr);
      uint32_t value;
      if (place + sizeof value > out.size()) {
        *error = "damaged relocations";
        return false;
      }
      std::memcpy(&value, out.data() + place, sizeof value);
      overwrite(out, place, value + static_cast<uint32_t>(r.r_offset));
    }
  }
  return true;
}

}  // namespace

std::string finishExecutable(std::string_view linked, const FinishOptions& options, std::string* error) {
  ElfImage image;
  if (!image.open(linked, error)) return {};
  const std::span<const Elf64_Shdr> sections = image.sections();
  const uint32_t table = image.find(ft::kSectionName);
  const uint32_t text = image.find(".text");
  if (table == 0 || text == 0) {
    *error = "the linked file has no function table";
    return {};
  }

  std::string_view sidecars;
  if (uint32_t index = image.find(ft::kSidecarSectionName)) sidecars = image.content(sections[index]);
  std::string functab =
      buildFunctionTable(sidecars, functionSymbols(image, text), {sections[text].sh_addr, sections[text].sh_size},
                         sections[table].sh_addr, error);
  if (functab.empty()) return {};

  // Everything up to the table is taken over as it is; then the table; then what is kept of the rest, in file order.
  auto isDropped = [&](uint32_t index) {
    std::string_view name = image.sectionName(sections[index]);
    if (name == ft::kSidecarSectionName) return true;
    if (sections[index].sh_flags & SHF_ALLOC) return false;
    if (sections[index].sh_type == SHT_RELA) return true;  // --emit-relocs
    if ((options.stripDebug || options.stripSymbols) && name.starts_with(".debug")) return true;
    if (options.stripSymbols) {
      // The section names stay, and so does anything that is neither symbols nor debug information.
      return sections[index].sh_type == SHT_SYMTAB || name == ".strtab";
    }
    return false;
  };

  std::string out(linked.substr(0, sections[table].sh_offset));
  if (image.header().e_type == ET_DYN && !completeOffsets(image, out, error)) return {};
  std::vector<Elf64_Shdr> headers;
  std::vector<uint32_t> newIndex(sections.size(), 0);
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < sections.size(); i++) {
    if (i != 0 && isDropped(i)) continue;
    newIndex[i] = static_cast<uint32_t>(headers.size());
    headers.push_back(sections[i]);
    order.push_back(i);
  }
  for (uint32_t i = 1; i < order.size(); i++) {
    Elf64_Shdr& h = headers[i];
    h.sh_link = h.sh_link < newIndex.size() ? newIndex[h.sh_link] : 0;
    if (h.sh_type == SHT_RELA || (h.sh_flags & SHF_INFO_LINK)) h.sh_info = newIndex[h.sh_info];
  }

  out += functab;
  headers[newIndex[table]].sh_size = functab.size();

  const uint32_t namesIndex = image.header().e_shstrndx;
  std::string names(1, '\0');
  std::vector<uint32_t> tail;
  for (uint32_t i = 1; i < order.size(); i++) {
    const Elf64_Shdr& old = sections[order[i]];
    headers[i].sh_name = static_cast<uint32_t>(names.size());
    names += image.sectionName(old);
    names.push_back('\0');
    if (old.sh_flags & SHF_ALLOC) {
      if (order[i] != table && old.sh_type != SHT_NOBITS && old.sh_offset >= sections[table].sh_offset &&
          old.sh_size != 0) {
        *error = "a section is loaded behind the function table";
        return {};
      }
    } else {
      tail.push_back(i);
    }
  }
  std::stable_sort(tail.begin(), tail.end(),
                   [&](uint32_t a, uint32_t b) { return headers[a].sh_offset < headers[b].sh_offset; });
  for (uint32_t i : tail) {
    Elf64_Shdr& h = headers[i];
    alignTo(out, h.sh_addralign);
    std::string_view content = order[i] == namesIndex ? std::string_view(names) : image.content(sections[order[i]]);
    h.sh_offset = out.size();
    h.sh_size = content.size();
    out += content;
    if (h.sh_type == SHT_SYMTAB) {
      // Sections in front of a symbol's may be gone only when they are not loaded, and those have no symbols; still,
      // indices are mapped rather than assumed.
      for (uint64_t at = h.sh_offset; at + sizeof(Elf64_Sym) <= h.sh_offset + h.sh_size; at += sizeof(Elf64_Sym)) {
        Elf64_Sym s;
        std::memcpy(&s, out.data() + at, sizeof s);
        if (s.st_shndx == table && image.symbolName(s) == ft::kSymbolName) s.st_size = functab.size();
        if (s.st_shndx < newIndex.size()) s.st_shndx = static_cast<uint16_t>(newIndex[s.st_shndx]);
        overwrite(out, at, s);
      }
    }
  }

  alignTo(out, 8);
  Elf64_Ehdr header = image.header();
  header.e_shoff = out.size();
  header.e_shnum = static_cast<uint16_t>(headers.size());
  header.e_shstrndx = static_cast<uint16_t>(newIndex[namesIndex]);
  overwrite(out, 0, header);
  for (const Elf64_Shdr& h : headers) append(out, h);

  for (uint32_t i = 0; i < image.segments().size(); i++) {
    Elf64_Phdr p = image.segments()[i];
    if (p.p_type != PT_LOAD || p.p_vaddr != sections[table].sh_addr) continue;
    p.p_filesz = p.p_memsz = functab.size();
    overwrite(out, header.e_phoff + i * sizeof p, p);
  }

  if (uint32_t index = image.find(kBuildIdSection)) {
    XXH128_canonical_t id;
    XXH128_canonicalFromHash(&id, XXH3_128bits(out.data(), out.size()));
    static_assert(sizeof id == kBuildIdSize);
    const Elf64_Shdr& s = sections[index];
    if (s.sh_size >= kBuildIdSize) std::memcpy(out.data() + s.sh_offset + s.sh_size - kBuildIdSize, &id, sizeof id);
  }
  return out;
}

std::string placeholderObject() {
  // A relocatable object with one section and one symbol, written field by field: there is nothing in it worth a library.
  enum : uint16_t { kNull, kTable, kSymbols, kStrings, kNames, kCount };
  std::string out(sizeof(Elf64_Ehdr), '\0');
  Elf64_Shdr headers[kCount] = {};
  std::string names(1, '\0');
  auto add = [&](unsigned index, const char* name, uint32_t type, uint64_t flags, uint64_t align,
                 std::string_view content) {
    alignTo(out, align);
    Elf64_Shdr& h = headers[index];
    h.sh_name = static_cast<uint32_t>(names.size());
    names += name;
    names.push_back('\0');
    h.sh_type = type;
    h.sh_flags = flags;
    h.sh_offset = out.size();
    h.sh_size = content.size();
    h.sh_addralign = align;
    out += content;
  };
  // An executable that is not finished must not pass for one without functions: the magic is left out.
  const std::string table(sizeof(ft::Header), '\0');
  std::string strings(1, '\0');
  strings += ft::kSymbolName;
  strings.push_back('\0');
  Elf64_Sym symbols[2] = {};
  symbols[1].st_name = 1;
  symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
  symbols[1].st_other = STV_HIDDEN;
  symbols[1].st_shndx = kTable;
  symbols[1].st_size = table.size();

  add(kTable, ft::kSectionName, SHT_PROGBITS, SHF_ALLOC, 8, table);
  add(kSymbols, ".symtab", SHT_SYMTAB, 0, 8, {reinterpret_cast<const char*>(symbols), sizeof symbols});
  headers[kSymbols].sh_link = kStrings;
  headers[kSymbols].sh_info = 1;  // the first symbol that is not local
  headers[kSymbols].sh_entsize = sizeof(Elf64_Sym);
  add(kStrings, ".strtab", SHT_STRTAB, 0, 1, strings);
  names += ".shstrtab";
  names.push_back('\0');
  headers[kNames].sh_name = static_cast<uint32_t>(names.size() - sizeof ".shstrtab");
  headers[kNames].sh_type = SHT_STRTAB;
  headers[kNames].sh_offset = out.size();
  headers[kNames].sh_size = names.size();
  headers[kNames].sh_addralign = 1;
  out += names;
  alignTo(out, 8);

  Elf64_Ehdr h = {};
  std::memcpy(h.e_ident, ELFMAG, SELFMAG);
  h.e_ident[EI_CLASS] = ELFCLASS64;
  h.e_ident[EI_DATA] = ELFDATA2LSB;
  h.e_ident[EI_VERSION] = EV_CURRENT;
  h.e_type = ET_REL;
  h.e_machine = EM_X86_64;
  h.e_version = EV_CURRENT;
  h.e_shoff = out.size();
  h.e_ehsize = sizeof h;
  h.e_shentsize = sizeof(Elf64_Shdr);
  h.e_shnum = kCount;
  h.e_shstrndx = kNames;
  overwrite(out, 0, h);
  for (const Elf64_Shdr& s : headers) append(out, s);
  return out;
}

}  // namespace burrow::link
