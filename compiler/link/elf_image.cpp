// See elf_image.h.
#include "link/elf_image.h"

#include <cstring>

namespace burrow::link {

bool ElfImage::open(std::string_view bytes, std::string* error) {
  *this = ElfImage();
  bytes_ = bytes;
  auto fail = [&](const char* what) {
    *error = what;
    return false;
  };
  if (bytes.size() < sizeof(Elf64_Ehdr) || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0)
    return fail("not an ELF file");
  if (bytes[EI_CLASS] != ELFCLASS64 || bytes[EI_DATA] != ELFDATA2LSB)
    return fail("not a 64-bit little-endian ELF file");
  const Elf64_Ehdr& h = header();
  auto inside = [&](uint64_t offset, uint64_t size) { return offset <= bytes.size() && size <= bytes.size() - offset; };
  if (h.e_shoff == 0 || h.e_shentsize != sizeof(Elf64_Shdr) || !inside(h.e_shoff, sizeof(Elf64_Shdr))) {
    return fail("ELF file without section headers");
  }
  const auto* table = at<Elf64_Shdr>(h.e_shoff);
  // More sections than e_shnum can say: the first header holds the number, and the index of the names.
  uint64_t count = h.e_shnum != 0 ? h.e_shnum : table[0].sh_size;
  uint32_t names = h.e_shstrndx != SHN_XINDEX ? h.e_shstrndx : table[0].sh_link;
  if (count > bytes.size() || !inside(h.e_shoff, count * sizeof(Elf64_Shdr)) || names >= count) {
    return fail("damaged ELF section headers");
  }
  sections_ = {table, count};
  for (const Elf64_Shdr& s : sections_) {
    if (s.sh_type != SHT_NOBITS && s.sh_type != SHT_NULL && !inside(s.sh_offset, s.sh_size)) {
      return fail("damaged ELF section");
    }
  }
  sectionNames_ = content(sections_[names]);
  if (h.e_phnum != 0) {
    if (h.e_phentsize != sizeof(Elf64_Phdr) || !inside(h.e_phoff, uint64_t(h.e_phnum) * sizeof(Elf64_Phdr))) {
      return fail("damaged ELF program headers");
    }
    segments_ = {at<Elf64_Phdr>(h.e_phoff), h.e_phnum};
  }
  for (uint32_t i = 0; i < count; i++) {
    const Elf64_Shdr& s = sections_[i];
    if (s.sh_type != SHT_SYMTAB) continue;
    if (s.sh_link >= count || s.sh_entsize != sizeof(Elf64_Sym)) return fail("damaged ELF symbol table");
    symbolTable_ = i;
    symbols_ = {at<Elf64_Sym>(s.sh_offset), s.sh_size / sizeof(Elf64_Sym)};
    symbolNames_ = content(sections_[s.sh_link]);
  }
  for (const Elf64_Shdr& s : sections_) {
    if (s.sh_type != SHT_SYMTAB_SHNDX || s.sh_link != symbolTable_ || symbolTable_ == 0) continue;
    largeIndices_ = {at<uint32_t>(s.sh_offset), s.sh_size / sizeof(uint32_t)};
    if (largeIndices_.size() < symbols_.size()) return fail("damaged ELF symbol table");
  }
  return true;
}

uint32_t ElfImage::symbolSection(uint32_t symbol) const {
  const uint16_t index = symbols_[symbol].st_shndx;
  if (index == SHN_XINDEX) return largeIndices_.empty() ? 0 : largeIndices_[symbol];
  return index < SHN_LORESERVE ? index : 0;
}

std::string_view ElfImage::content(const Elf64_Shdr& s) const {
  if (s.sh_type == SHT_NOBITS || s.sh_type == SHT_NULL) return {};
  return bytes_.substr(s.sh_offset, s.sh_size);
}

uint32_t ElfImage::find(std::string_view name) const {
  for (uint32_t i = 1; i < sections_.size(); i++) {
    if (sectionName(sections_[i]) == name) return i;
  }
  return 0;
}

std::string_view ElfImage::string(std::string_view table, uint32_t offset) {
  if (offset >= table.size()) return {};
  std::string_view rest = table.substr(offset);
  return rest.substr(0, rest.find('\0'));
}

namespace {

template <typename T>
std::string_view bytesOf(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

void alignTo(std::string& bytes, uint64_t align) {
  if (align > 1) bytes.resize((bytes.size() + align - 1) / align * align, '\0');
}

}  // namespace

bool addSection(std::string& object, const NewSection& section, std::string* error) {
  ElfImage image;
  if (!image.open(object, error)) return false;
  if (image.header().e_type != ET_REL || image.symbolTableIndex() == 0) {
    *error = "not a relocatable object with symbols";
    return false;
  }
  // Everything new goes behind the old bytes: content, relocations, a new table of section names, new headers. The old
  // names and headers stay as dead bytes.
  std::vector<Elf64_Shdr> headers(image.sections().begin(), image.sections().end());
  const bool extended = image.header().e_shnum == 0;
  const uint32_t nameIndex =
      extended && image.header().e_shstrndx == SHN_XINDEX ? headers[0].sh_link : image.header().e_shstrndx;
  const uint32_t symbolTable = image.symbolTableIndex();
  std::string names(image.content(headers[nameIndex]));
  auto addName = [&](std::string_view name) {
    auto offset = static_cast<uint32_t>(names.size());
    names.append(name);
    names.push_back('\0');
    return offset;
  };

  const auto newIndex = static_cast<uint32_t>(headers.size());
  alignTo(object, section.align);
  Elf64_Shdr s = {};
  s.sh_name = addName(section.name);
  s.sh_type = section.type;
  s.sh_flags = section.flags;
  s.sh_offset = object.size();
  s.sh_size = section.content.size();
  s.sh_addralign = section.align;
  headers.push_back(s);
  object += section.content;

  if (!section.relocations.empty()) {
    alignTo(object, 8);
    Elf64_Shdr r = {};
    r.sh_name = addName(".rela" + section.name);
    r.sh_type = SHT_RELA;
    r.sh_flags = SHF_INFO_LINK;
    r.sh_offset = object.size();
    r.sh_size = section.relocations.size() * sizeof(Elf64_Rela);
    r.sh_link = symbolTable;
    r.sh_info = newIndex;
    r.sh_addralign = 8;
    r.sh_entsize = sizeof(Elf64_Rela);
    headers.push_back(r);
    for (const auto& relocation : section.relocations) {
      Elf64_Rela rela = {relocation.offset, ELF64_R_INFO(uint64_t(relocation.symbol), R_X86_64_64), relocation.addend};
      object += bytesOf(rela);
    }
  }

  headers[nameIndex].sh_offset = object.size();
  headers[nameIndex].sh_size = names.size();
  object += names;
  alignTo(object, 8);
  Elf64_Ehdr header;
  std::memcpy(&header, object.data(), sizeof header);
  header.e_shoff = object.size();
  if (headers.size() < SHN_LORESERVE) {
    header.e_shnum = static_cast<uint16_t>(headers.size());
  } else {
    header.e_shnum = 0;
    headers[0].sh_size = headers.size();
  }
  std::memcpy(object.data(), &header, sizeof header);
  for (const Elf64_Shdr& h : headers) object += bytesOf(h);
  return true;
}

}  // namespace burrow::link
