// See reach.h.
#include "link/reach.h"

#include "abi/type.h"
#include "codegen/method_facts.h"
#include "codegen/sections.h"
#include "source/system_error.h"

#include <fmt/format.h>

#include <ar.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

namespace burrow::link {

namespace {

#pragma GCC diagnostic ignored "-Winvalid-offsetof"  // single inheritance without virtual functions: well defined here

#ifndef SHF_GNU_RETAIN
constexpr uint64_t SHF_GNU_RETAIN = 1 << 21;
#endif

constexpr size_t kMostMemoryFiles = 128;  // each has a descriptor, of which a process may have 256 or 1024
constexpr uint64_t kNoCode = 1;  // in a slot that nobody calls; not null, which means that the type doesn't fit

uint64_t number(uint32_t object, uint32_t section) { return uint64_t(object) << 32 | section; }

template <typename T>
T read(std::string_view bytes, size_t at) {
  T value{};
  if (at <= bytes.size() && sizeof value <= bytes.size() - at) std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// A section whose name lets the linker define symbols at its ends, which keep it.
bool isCIdentifier(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
}

// "type:.namedata.NAME." of an exported name, "type:.namedata.NAME-" (and more) of another.
struct MethodName {
  std::string_view name;
  bool exported;
};
MethodName methodName(std::string_view symbol) {
  constexpr std::string_view prefix = "type:.namedata.";
  if (!symbol.starts_with(prefix)) return {};
  symbol.remove_prefix(prefix.size());
  const size_t end = symbol.find_first_of(".-");
  return {symbol.substr(0, end), end < symbol.size() && symbol[end] == '.'};
}

// The functions of reflect that call, or tell, methods found at run time, and the literals in them. They are in itabs and descriptors in
// any case; only who calls them matters, and they call each other.
bool findsMethods(std::string_view function) {
  if (!function.starts_with("reflect.")) return false;
  if (const size_t literal = function.find(".func"); literal != std::string_view::npos) function = function.substr(0, literal);
  constexpr std::string_view all[] = {
      "reflect.Value.Method",  "reflect.(*Value).Method",  "reflect.Value.MethodByName",  "reflect.(*Value).MethodByName",
      "reflect.Value.Methods", "reflect.(*Value).Methods", "reflect.(*rtype).Method",     "reflect.(*rtype).MethodByName",
      "reflect.(*rtype).Methods",
  };
  return std::find(std::begin(all), std::end(all), function) != std::end(all);
}
// The same through reflect.Type.
constexpr std::string_view kReflectKeys[] = {"Method type:func(int) reflect.Method",
                                             "MethodByName type:func(string) (reflect.Method, bool)",
                                             "Methods type:func() iter.Seq[reflect.Method]"};

// The number of the relocation at each offset of a section.
class ByOffset {
 public:
  explicit ByOffset(std::span<const Elf64_Rela> list) {
    for (uint32_t i = 0; i < list.size(); i++) offsets_.emplace_back(list[i].r_offset, i);
    std::sort(offsets_.begin(), offsets_.end());
  }
  std::optional<uint32_t> at(uint64_t offset) const {
    auto it = std::lower_bound(offsets_.begin(), offsets_.end(), std::pair<uint64_t, uint32_t>(offset, 0));
    if (it == offsets_.end() || it->first != offset) return std::nullopt;
    return it->second;
  }

 private:
  std::vector<std::pair<uint64_t, uint32_t>> offsets_;
};

}  // namespace

Reach::~Reach() {
  for (File& file : files_) {
    if (file.bytes != nullptr) ::munmap(file.bytes, file.size);
    if (file.memory >= 0) ::close(file.memory);
  }
}

bool Reach::addFile(const std::string& path, std::string* error) {
  auto fail = [&](const char* what) {
    *error = fmt::format("{} {}: {}", what, path, source::systemErrorText(errno));
    return false;
  };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail("open");
  struct stat st;
  void* mapping = MAP_FAILED;
  if (::fstat(fd, &st) == 0 && st.st_size > 0) {
    mapping = ::mmap(nullptr, static_cast<size_t>(st.st_size), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  }
  ::close(fd);
  if (mapping == MAP_FAILED) return fail("read");
  File& file = files_.emplace_back();
  file.path = path;
  file.bytes = static_cast<char*>(mapping);
  file.size = static_cast<size_t>(st.st_size);
  const auto index = static_cast<uint32_t>(files_.size() - 1);

  const std::string_view content(file.bytes, file.size);
  if (!content.starts_with(ARMAG)) return addObject(index, file.bytes, file.size, false, error);
  size_t at = SARMAG;
  while (at + sizeof(ar_hdr) <= content.size()) {
    ar_hdr header;
    std::memcpy(&header, content.data() + at, sizeof header);
    at += sizeof header;
    size_t size = 0;
    std::from_chars(header.ar_size, header.ar_size + sizeof header.ar_size, size);
    if (size > content.size() - at) {
      *error = path + ": the archive is damaged";
      return false;
    }
    if (header.ar_name[0] != '/' || std::isdigit(static_cast<unsigned char>(header.ar_name[1]))) {
      if (!addObject(index, file.bytes + at, size, true, error)) return false;
    }
    at += size + size % 2;
  }
  return true;
}

bool Reach::addObject(uint32_t file, char* bytes, size_t size, bool inArchive, std::string* error) {
  const auto index = static_cast<uint32_t>(objects_.size());
  Object& o = objects_.emplace_back();
  o.file = file;
  o.base = bytes;
  if (!o.image.open({bytes, size}, error)) {
    *error = files_[file].path + ": " + *error;
    return false;
  }
  const std::span<const Elf64_Shdr> sections = o.image.sections();
  o.kinds.assign(sections.size(), Other);
  o.states.assign(sections.size(), 0);
  o.symbols.assign(sections.size(), 0);
  o.relocations.assign(sections.size(), 0);
  for (uint32_t i = 1; i < sections.size(); i++) {
    const Elf64_Shdr& s = sections[i];
    if (s.sh_type == SHT_RELA) {
      if (s.sh_info < sections.size()) o.relocations[s.sh_info] = i;
      continue;
    }
    if (s.sh_flags & SHF_EXECINSTR) o.kinds[i] = Code;
    const std::string_view name = o.image.sectionName(s);
    if (name == codegen::kMethodFactsSection) {
      for (std::string_view rest = o.image.content(s); !rest.empty();) {
        const std::string_view function = codegen::takeText(rest);
        const char* begin = rest.data();
        while (!codegen::takeText(rest).empty()) {}
        o.facts.emplace(function, std::string_view(begin, static_cast<size_t>(rest.data() - begin)));
      }
    }
    // Lists of types and itabs keep nothing alive.
    if ((s.sh_flags & SHF_LINK_ORDER) && (s.sh_flags & SHF_ALLOC) && s.sh_link < sections.size() &&
        name != codegen::kTypeLinkSection && name != codegen::kItabLinkSection) {
      o.dependents[s.sh_link].push_back(i);
    }
  }
  const std::span<const Elf64_Sym> symbols = o.image.symbols();
  for (uint32_t i = 1; i < symbols.size(); i++) {
    const uint32_t section = o.image.symbolSection(i);
    if (section == 0 || section >= sections.size() || ELF64_ST_TYPE(symbols[i].st_info) == STT_SECTION) continue;
    const std::string_view name = o.image.symbolName(symbols[i]);
    const bool local = ELF64_ST_BIND(symbols[i].st_info) == STB_LOCAL;
    if (o.symbols[section] == 0 || (!local && ELF64_ST_BIND(symbols[o.symbols[section]].st_info) == STB_LOCAL)) {
      o.symbols[section] = i;
      if (codegen::isTypeSymbol(name)) o.kinds[section] = Descriptor;
      if (codegen::isItabSymbol(name)) o.kinds[section] = Itab;
    }
    if (local) continue;
    const Definition definition{{index, section}, ELF64_ST_BIND(symbols[i].st_info) == STB_WEAK, inArchive};
    auto [it, isNew] = definitions_.try_emplace(name, definition);
    if (isNew || inArchive) continue;
    if (it->second.inArchive || (it->second.weak && !definition.weak)) it->second = definition;
  }
  return true;
}

std::span<const Elf64_Rela> Reach::relocationsOf(const Object& o, uint32_t section) const {
  const uint32_t list = o.relocations[section];
  if (list == 0) return {};
  const std::string_view bytes = o.image.content(o.image.sections()[list]);
  return {reinterpret_cast<const Elf64_Rela*>(bytes.data()), bytes.size() / sizeof(Elf64_Rela)};
}

std::string_view Reach::symbolName(const Object& o, const Elf64_Rela& r) const {
  const uint64_t symbol = ELF64_R_SYM(r.r_info);
  return symbol < o.image.symbols().size() ? o.image.symbolName(o.image.symbols()[symbol]) : std::string_view();
}

Reach::Place Reach::resolve(uint32_t object, uint32_t symbol) {
  const Object& o = objects_[object];
  if (symbol == 0 || symbol >= o.image.symbols().size()) return {};
  const Elf64_Sym& s = o.image.symbols()[symbol];
  if (ELF64_ST_BIND(s.st_info) == STB_LOCAL) return {object, o.image.symbolSection(symbol)};
  auto found = definitions_.find(o.image.symbolName(s));
  if (found != definitions_.end()) return found->second.place;
  // Also by a weak reference: it is to what a package of the program has, if one of them does.
  if (missingNames_.insert(o.image.symbolName(s)).second) missing_.emplace_back(object, symbol);
  return {};
}

void Reach::mark(Place place, uint8_t state) {
  if (place.section == 0) return;
  Object& o = objects_[place.object];
  if (place.section >= o.states.size()) return;
  if (o.kinds[place.section] != Descriptor) state = Reached;
  uint8_t& now = o.states[place.section];
  if ((now | state) == now) return;
  now |= state;
  if (dump_ != nullptr) {
    *dump_ += fmt::format("{} -> {}{}\n", nameOf(visiting_), nameOf(place), state & InInterface ? " <UsedInIface>" : "");
  }
  work_.push_back(place);
}

std::string_view Reach::nameOf(Place place) const {
  if (place.section == 0) return "_";
  const Object& o = objects_[place.object];
  const uint32_t symbol = o.symbols[place.section];
  return symbol != 0 ? o.image.symbolName(o.image.symbols()[symbol]) : o.image.sectionName(o.image.sections()[place.section]);
}

// `state` counts when the target is a descriptor.
void Reach::follow(uint32_t object, const Elf64_Rela& r, uint8_t state) {
  mark(resolve(object, static_cast<uint32_t>(ELF64_R_SYM(r.r_info))), state);
}

void Reach::run(const std::vector<std::string>& roots) {
  for (const std::string& root : roots) {
    if (auto found = definitions_.find(root); found != definitions_.end()) mark(found->second.place, Reached);
  }
  for (; rooted_ < objects_.size(); rooted_++) {
    const auto object = static_cast<uint32_t>(rooted_);
    const std::span<const Elf64_Shdr> sections = objects_[object].image.sections();
    for (uint32_t i = 1; i < sections.size(); i++) {
      if (!(sections[i].sh_flags & SHF_ALLOC)) continue;
      const std::string_view name = objects_[object].image.sectionName(sections[i]);
      const bool kept = (sections[i].sh_flags & SHF_GNU_RETAIN) || name == ".go.buildinfo" || name.starts_with(".init_array") ||
                        (isCIdentifier(name) && name != codegen::kTypeLinkSection && name != codegen::kItabLinkSection);
      if (kept) mark({object, i}, Reached);
    }
  }
  // What was missing may be there now.
  std::vector<std::pair<uint32_t, uint32_t>> missing;
  missing.swap(missing_);
  missingNames_.clear();
  for (auto [object, symbol] : missing) mark(resolve(object, symbol), Reached | InInterface);
  while (!work_.empty()) {
    const Place place = work_.back();
    work_.pop_back();
    visiting_ = place;
    visit(place);
  }
}

std::vector<std::pair<uint32_t, std::string_view>> Reach::undefined() const {
  std::vector<std::pair<uint32_t, std::string_view>> list;
  for (auto [object, symbol] : missing_) {
    const Object& o = objects_[object];
    list.emplace_back(o.file, o.image.symbolName(o.image.symbols()[symbol]));
  }
  return list;
}

void Reach::visit(Place place) {
  switch (objects_[place.object].kinds[place.section]) {
    case Code: visitCode(place); break;
    case Descriptor: visitDescriptor(place); break;
    case Itab: visitItab(place); break;
    case Other: visitOther(place); break;
  }
  Object& o = objects_[place.object];
  if (auto dependents = o.dependents.find(place.section); dependents != o.dependents.end()) {
    for (uint32_t section : dependents->second) mark({place.object, section}, Reached);
  }
}

void Reach::noteReflect(std::string_view from, std::string_view to) {
  if (!reflectSeen_ && findsMethods(to) && !findsMethods(from)) useReflect();
}

void Reach::visitCode(Place place) {
  const Object& o = objects_[place.object];
  const std::string_view name = o.image.symbolName(o.image.symbols()[o.symbols[place.section]]);
  std::vector<std::string_view> onlyRead;
  if (auto facts = o.facts.find(name); facts != o.facts.end()) {
    std::string_view rest = facts->second;
    for (std::string_view fact = codegen::takeText(rest); !fact.empty(); fact = codegen::takeText(rest)) {
      const char kind = fact[0];
      fact.remove_prefix(1);
      if (kind == codegen::kReadsType) {
        onlyRead.push_back(fact);
      } else {
        const size_t blank = fact.find(' ');
        use(key(fact.substr(0, blank), fact.substr(std::min(blank + 1, fact.size()))));
        if (!findsMethods(name) && std::find(std::begin(kReflectKeys), std::end(kReflectKeys), fact) != std::end(kReflectKeys)) useReflect();
      }
    }
  }
  for (const Elf64_Rela& r : relocationsOf(o, place.section)) {
    const std::string_view target = symbolName(o, r);
    noteReflect(name, target);
    const bool reads = codegen::isTypeSymbol(target) && std::find(onlyRead.begin(), onlyRead.end(), target) != onlyRead.end();
    follow(place.object, r, reads ? Reached : Reached | InInterface);
  }
}

void Reach::visitOther(Place place) {
  const Object& o = objects_[place.object];
  for (const Elf64_Rela& r : relocationsOf(o, place.section)) {
    noteReflect("", symbolName(o, r));
    follow(place.object, r, Reached | InInterface);
  }
}

// Everything in a descriptor but its methods is followed with the descriptor's own state.
void Reach::visitDescriptor(Place place) {
  const Object& o = objects_[place.object];
  const uint8_t state = o.states[place.section];
  const std::string_view bytes = o.image.content(o.image.sections()[place.section]);
  const std::span<const Elf64_Rela> relocations = relocationsOf(o, place.section);
  const auto kind = read<uint8_t>(bytes, offsetof(abi::Type, kind));
  const auto flags = read<uint8_t>(bytes, offsetof(abi::Type, tflag));
  size_t begin = 0, count = 0;
  if (flags & abi::kTFlagUncommon) {
    const size_t uncommon = abi::descriptorBaseSize(kind);
    count = read<uint16_t>(bytes, uncommon + offsetof(abi::UncommonType, mcount));
    begin = uncommon + read<uint32_t>(bytes, uncommon + offsetof(abi::UncommonType, moff));
  }
  const size_t end = begin + count * sizeof(abi::Method);
  for (const Elf64_Rela& r : relocations) {
    const bool ofMethod = r.r_offset >= begin && r.r_offset < end;
    if (!ofMethod || (r.r_offset - begin) % sizeof(abi::Method) == offsetof(abi::Method, name)) follow(place.object, r, state);
  }
  if ((state & InInterface) && kind == abi::kInterface) {
    for (uint32_t k : methodsOfInterface(place)) use(k);
  }
  if (count == 0) return;
  auto [entry, isNew] = tableOf_.try_emplace(number(place.object, place.section), static_cast<uint32_t>(tables_.size()));
  if (isNew) {
    Table& table = tables_.emplace_back(Table{place, {}, {}, begin});
    ByOffset byOffset(relocations);
    for (size_t i = 0; i < count; i++) {
      const size_t at = begin + i * sizeof(abi::Method);
      const auto name = byOffset.at(at + offsetof(abi::Method, name)), type = byOffset.at(at + offsetof(abi::Method, mtyp)),
                 ifn = byOffset.at(at + offsetof(abi::Method, ifn)), tfn = byOffset.at(at + offsetof(abi::Method, tfn));
      if (!name || !type || !ifn || !tfn) continue;
      const MethodName spelled = methodName(symbolName(o, relocations[*name]));
      table.methods.push_back({key(spelled.name, symbolName(o, relocations[*type])), spelled.exported, *type, *ifn, *tfn});
    }
  }
  if (!(state & InInterface)) return;
  const Table& table = tables_[entry->second];
  for (uint32_t i = 0; i < table.methods.size(); i++) {
    if (keeps(table, table.methods[i])) keepMethod(table, table.methods[i]);
    else keys_[table.methods[i].key].waiting.emplace_back(entry->second, i);
  }
}

void Reach::visitItab(Place place) {
  const Object& o = objects_[place.object];
  const std::span<const Elf64_Rela> relocations = relocationsOf(o, place.section);
  ByOffset byOffset(relocations);
  if (auto type = byOffset.at(offsetof(abi::ITab, type))) follow(place.object, relocations[*type], Reached | InInterface);
  auto inter = byOffset.at(offsetof(abi::ITab, inter));
  if (!inter) return;
  follow(place.object, relocations[*inter], Reached);
  const Place interface = resolve(place.object, static_cast<uint32_t>(ELF64_R_SYM(relocations[*inter].r_info)));
  const std::vector<uint32_t> none, &keys = interface.section == 0 ? none : methodsOfInterface(interface);
  const auto number = static_cast<uint32_t>(tables_.size());
  Table& table = tables_.emplace_back(Table{place, {}, {}, 0});
  for (const Elf64_Rela& r : relocations) {
    if (r.r_offset < offsetof(abi::ITab, fun)) continue;
    const size_t slot = (r.r_offset - offsetof(abi::ITab, fun)) / 8;
    if (slot >= keys.size() || keys_[keys[slot]].used || reflectSeen_) {
      follow(place.object, r, Reached);
      if (slot >= keys.size()) continue;
    } else {
      keys_[keys[slot]].waiting.emplace_back(number, static_cast<uint32_t>(table.slots.size()));
    }
    table.slots.push_back({keys[slot], static_cast<uint32_t>(&r - relocations.data())});
  }
}

const std::vector<uint32_t>& Reach::methodsOfInterface(Place place) {
  auto [entry, isNew] = interfaces_.try_emplace(number(place.object, place.section));
  if (!isNew) return entry->second;
  const Object& o = objects_[place.object];
  const std::string_view bytes = o.image.content(o.image.sections()[place.section]);
  const std::span<const Elf64_Rela> relocations = relocationsOf(o, place.section);
  ByOffset byOffset(relocations);
  const auto list = byOffset.at(offsetof(abi::InterfaceType, methods));
  if (!list) return entry->second;
  const Elf64_Rela& self = relocations[*list];
  const size_t begin = o.image.symbols()[ELF64_R_SYM(self.r_info)].st_value + static_cast<uint64_t>(self.r_addend);
  const auto count = read<uint64_t>(bytes, offsetof(abi::InterfaceType, methodCount));
  std::vector<uint32_t> keys;
  for (size_t i = 0; i < count; i++) {
    const size_t at = begin + i * sizeof(abi::Imethod);
    const auto name = byOffset.at(at + offsetof(abi::Imethod, name)), type = byOffset.at(at + offsetof(abi::Imethod, typ));
    if (!name || !type) break;
    keys.push_back(key(methodName(symbolName(o, relocations[*name])).name, symbolName(o, relocations[*type])));
  }
  return entry->second = std::move(keys);
}

uint32_t Reach::key(std::string_view name, std::string_view typeSymbol) {
  auto [it, isNew] = keyNumbers_.try_emplace(codegen::methodKey(name, typeSymbol), static_cast<uint32_t>(keys_.size()));
  if (isNew) keys_.emplace_back();
  return it->second;
}

bool Reach::keeps(const Table& table, const Method& method) const {
  const bool inInterface = objects_[table.place.object].states[table.place.section] & InInterface;
  return inInterface && (keys_[method.key].used || (reflectSeen_ && method.exported));
}

void Reach::keepMethod(const Table& table, const Method& method) {
  const std::span<const Elf64_Rela> relocations = relocationsOf(objects_[table.place.object], table.place.section);
  visiting_ = table.place;
  // Who finds methods at run time can get at the types of their parameters and results, and from there at those types' methods.
  follow(table.place.object, relocations[method.type], reflectSeen_ ? Reached | InInterface : Reached);
  follow(table.place.object, relocations[method.ifn], Reached);
  follow(table.place.object, relocations[method.tfn], Reached);
}

void Reach::use(uint32_t key) {
  if (keys_[key].used) return;
  keys_[key].used = true;
  std::vector<std::pair<uint32_t, uint32_t>> waiting;
  waiting.swap(keys_[key].waiting);
  for (auto [number, i] : waiting) {
    const Table& table = tables_[number];
    if (table.methods.empty()) {
      follow(table.place.object, relocationsOf(objects_[table.place.object], table.place.section)[table.slots[i].code], Reached);
    } else {
      keepMethod(table, table.methods[i]);
    }
  }
}

// Any exported method of any type in an interface may be called by its number or name.
void Reach::useReflect() {
  if (reflectSeen_) return;
  reflectSeen_ = true;
  for (const Table& table : tables_) {
    for (const Method& method : table.methods) {
      if (keeps(table, method)) keepMethod(table, method);
    }
    const std::span<const Elf64_Rela> relocations = relocationsOf(objects_[table.place.object], table.place.section);
    for (const Slot& slot : table.slots) follow(table.place.object, relocations[slot.code], Reached);
  }
}

void Reach::drop(Object& o, uint32_t section, uint32_t relocation, uint32_t size, uint64_t value) {
  const Elf64_Rela& r = relocationsOf(o, section)[relocation];
  const Elf64_Shdr& header = o.image.sections()[section];
  if (r.r_offset + size <= header.sh_size) std::memcpy(o.base + header.sh_offset + r.r_offset, &value, size);
  // Symbol 0: lld keeps what relocations without effect refer to.
  const uint64_t none = ELF64_R_INFO(0, R_X86_64_NONE);
  std::memcpy(o.base + (reinterpret_cast<const char*>(&r.r_info) - o.base), &none, sizeof none);
  files_[o.file].changed = true;
}

std::vector<std::string> Reach::withoutDropped(const std::string& folder, std::string* error) {
  for (const Table& table : tables_) {
    Object& o = objects_[table.place.object];
    for (const Method& method : table.methods) {
      counts_.methods++;
      if (keeps(table, method)) continue;
      counts_.droppedMethods++;
      for (uint32_t relocation : {method.type, method.ifn, method.tfn}) {
        drop(o, table.place.section, relocation, 4, static_cast<uint32_t>(abi::kUnreachableMethod));
      }
    }
    for (const Slot& slot : table.slots) {
      counts_.slots++;
      if (reflectSeen_ || keys_[slot.key].used) continue;
      counts_.droppedSlots++;
      drop(o, table.place.section, slot.code, 8, kNoCode);
    }
  }
  std::vector<std::string> paths;
  size_t inMemoryFiles = 0;
  for (File& file : files_) {
    if (!file.changed) {
      paths.push_back(file.path);
      continue;
    }
    const bool inMemory = inMemoryFiles++ < kMostMemoryFiles;
    const std::string path = fmt::format("{}/reached{}.o", folder, paths.size());
    const int fd = inMemory ? ::memfd_create("object", MFD_CLOEXEC) : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    size_t done = 0;
    while (fd >= 0 && done < file.size) {
      const ssize_t n = ::write(fd, file.bytes + done, file.size - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      done += static_cast<size_t>(n);
    }
    const int problem = errno;
    if (inMemory) file.memory = fd;
    else if (fd >= 0) ::close(fd);
    if (fd < 0 || done < file.size) {
      *error = fmt::format("write {}: {}", inMemory ? "memory file for " + file.path : path, source::systemErrorText(problem));
      return {};
    }
    paths.push_back(inMemory ? fmt::format("/proc/self/fd/{}", fd) : path);
  }
  return paths;
}

}  // namespace burrow::link
