#include "inspect/target.h"

#include "source/system_error.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace burrow::inspect {

std::string systemError(int number) { return source::systemErrorText(number); }

std::string readAuxv(int pid) {
  std::string auxv(4096, '\0');
  FILE* f = std::fopen(fmt::format("/proc/{}/auxv", pid).c_str(), "re");
  auxv.resize(f ? std::fread(auxv.data(), 1, auxv.size(), f) : 0);
  if (f) std::fclose(f);
  return auxv;
}

uint64_t auxiliaryEntry(std::string_view auxv) {
  for (size_t i = 0; i + sizeof(Elf64_auxv_t) <= auxv.size(); i += sizeof(Elf64_auxv_t)) {
    Elf64_auxv_t a;
    std::memcpy(&a, auxv.data() + i, sizeof a);
    if (a.a_type == AT_ENTRY) return a.a_un.a_val;
  }
  return 0;
}

// ---- values

namespace {

// A scalar of `size` bytes at `from`; signed ones extended.
uint64_t scalar(const LayoutType& t, const char* from) {
  uint64_t v = 0;
  std::memcpy(&v, from, std::min<uint64_t>(t.size, 8));
  if (t.kind == LayoutType::Signed && t.size < 8) {
    const unsigned shift = unsigned(64 - 8 * t.size);
    v = uint64_t(int64_t(v << shift) >> shift);
  }
  return v;
}

}  // namespace

const FieldPath& Record::field(const char* path) {
  for (const auto& [known, field] : fields_)
    if (known == path) return field;
  FieldPath out;
  if (structure_) {
    // The first step is done here: paths start from a structure, not from a type's number.
    const std::string_view text(path);
    const size_t dot = text.find('.');
    for (const LayoutField& f : structure_->fields) {
      if (f.name != text.substr(0, dot)) continue;
      out = layout_.path(f.type, dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1));
      out.offset += f.offset;
      if (out.offset > bytes_.size() || layout_.type(out.type).size > bytes_.size() - out.offset) out.found = false;
    }
  }
  fields_.push_back({path, out});
  return fields_.back().second;
}

uint64_t Record::u(const char* path) {
  const FieldPath& f = field(path);
  return f.found ? scalar(layout_.type(f.type), bytes_.data() + f.offset) : 0;
}
int64_t Record::i(const char* path) { return int64_t(u(path)); }
double Record::f(const char* path) {
  const uint64_t bits = u(path);
  double v;
  std::memcpy(&v, &bits, sizeof v);
  return v;
}

// ---- programs

namespace {

// Adds `bias` to the words of a segment that a position-independent executable's RELR list (runtime/boot/relocate_amd64.S) names.
void relocate(std::string_view relr, uint64_t start, uint64_t bias, std::string& segment) {
  auto move = [&](uint64_t at) {
    if (at < start || segment.size() < 8 || at - start > segment.size() - 8) return;
    uint64_t word;
    std::memcpy(&word, segment.data() + (at - start), 8);
    word += bias;
    std::memcpy(segment.data() + (at - start), &word, 8);
  };
  uint64_t next = 0;
  for (size_t i = 0; i + 8 <= relr.size(); i += 8) {
    uint64_t entry;
    std::memcpy(&entry, relr.data() + i, 8);
    if ((entry & 1) == 0) {
      move(entry);
      next = entry + 8;
      continue;
    }
    for (uint64_t at = next; (entry >>= 1) != 0; at += 8)
      if (entry & 1) move(at);
    next += 63 * 8;
  }
}

}  // namespace

std::unique_ptr<Program> Program::open(const std::string& path, uint64_t entry, std::string* error) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat st;
  if (fd < 0 || ::fstat(fd, &st) != 0) {
    *error = fmt::format("open {}: {}", path, systemError(errno));
    if (fd >= 0) ::close(fd);
    return nullptr;
  }
  std::string bytes;
  if (S_ISREG(st.st_mode)) {
    bytes.resize(size_t(st.st_size));
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n = ::read(fd, bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      done += size_t(n);
    }
    bytes.resize(done);
  }
  ::close(fd);
  return fromBytes(std::move(bytes), path, entry, error);
}

std::unique_ptr<Program> Program::fromBytes(std::string bytes, const std::string& path, uint64_t entry, std::string* error) {
  auto p = std::make_unique<Program>();
  p->path_ = path;
  p->bytes_ = std::move(bytes);
  std::string why;
  if (!p->image_.open(p->bytes_, &why)) {
    *error = fmt::format("{}: {}", path, why);
    return nullptr;
  }
  if (p->image_.header().e_machine != EM_X86_64) {
    *error = fmt::format("{}: a program for another kind of machine", path);
    return nullptr;
  }
  if (p->image_.header().e_type == ET_DYN && entry != 0) p->bias_ = entry - p->image_.header().e_entry;
  const std::string_view table = p->section(ft::kSectionName), layout = p->section(".burrow.layout");
  if (!table.starts_with("BGFT")) {
    const bool isGo = !p->section(".go.buildinfo").empty() || !table.empty();
    *error = fmt::format("{}: not a program built by Burrow{}", path, isGo ? " (it was built by another Go compiler)" : "");
    return nullptr;
  }
  if (!p->code_.open(table, p->sectionAddress(ft::kSectionName), &why)) {
    *error = fmt::format("{}: {}", path, why);
    return nullptr;
  }
  if (!layout.empty()) {
    if (!p->layout_.parse(layout, p->bias_, &why)) {
      *error = fmt::format("{}: {}", path, why);
      return nullptr;
    }
    p->hasLayout_ = true;
  }
  const std::string_view note = p->section(".note.gnu.build-id");
  if (note.size() > 16)
    for (char c : note.substr(16)) p->buildId_ += fmt::format("{:02x}", uint8_t(c));

  const std::string_view relr = p->section(".relr.dyn");
  p->memory_ = std::make_unique<PieceMemory>();
  for (const Elf64_Phdr& s : p->image_.segments()) {
    if (s.p_type != PT_LOAD || s.p_offset > p->bytes_.size() || s.p_filesz > p->bytes_.size() - s.p_offset ||
        s.p_memsz > (uint64_t{1} << 40) || s.p_memsz < s.p_filesz)
      continue;
    std::string content = p->bytes_.substr(s.p_offset, s.p_filesz);
    if (p->bias_ != 0) relocate(relr, s.p_vaddr, p->bias_, content);
    p->memory_->add(s.p_vaddr + p->bias_, std::move(content));
    if (s.p_memsz > s.p_filesz && s.p_memsz - s.p_filesz < (256 << 20))
      p->memory_->add(s.p_vaddr + s.p_filesz + p->bias_, std::string(s.p_memsz - s.p_filesz, '\0'));
  }
  for (const Elf64_Shdr& s : p->image_.sections()) {
    if (p->image_.sectionName(s) != ".go.type") continue;
    p->typesStart_ = s.sh_addr + p->bias_;
    p->typesEnd_ = p->typesStart_ + s.sh_size;
  }
  p->types_ = std::make_unique<GoTypes>(*p->memory_, p->typesStart_, p->typesEnd_, p->bias_);

  for (const Elf64_Sym& s : p->image_.symbols()) {
    const int type = ELF64_ST_TYPE(s.st_info);
    if (s.st_shndx == SHN_UNDEF || s.st_shndx >= SHN_LORESERVE || type == STT_FILE || type == STT_SECTION || s.st_value == 0) continue;
    const std::string_view name = p->image_.symbolName(s);
    if (name.empty() || name.starts_with(".L")) continue;
    p->symbols_.push_back({s.st_value + p->bias_, s.st_size, name, type == STT_FUNC});
  }
  std::stable_sort(p->symbols_.begin(), p->symbols_.end(), [](const Symbol& a, const Symbol& b) {
    return a.address != b.address ? a.address < b.address : a.size > b.size;
  });
  return p;
}

std::string_view Program::section(std::string_view name) const {
  const uint32_t i = image_.find(name);
  return i ? image_.content(image_.sections()[i]) : std::string_view();
}
uint64_t Program::sectionAddress(std::string_view name) const {
  const uint32_t i = image_.find(name);
  return i ? image_.sections()[i].sh_addr + bias_ : 0;
}

const Elf64_Shdr* Program::sectionAt(uint64_t address) const {
  for (const Elf64_Shdr& s : image_.sections())
    if ((s.sh_flags & SHF_ALLOC) && address - bias_ - s.sh_addr < s.sh_size) return &s;
  return nullptr;
}

std::vector<std::pair<uint64_t, uint64_t>> Program::writable() const {
  std::vector<std::pair<uint64_t, uint64_t>> out;
  for (const Elf64_Phdr& s : image_.segments()) {
    if (s.p_type != PT_LOAD || !(s.p_flags & PF_W)) continue;
    // What is constant once it has been relocated has a segment of its own.
    bool constant = false;
    for (const Elf64_Phdr& r : image_.segments()) constant |= r.p_type == PT_GNU_RELRO && r.p_vaddr == s.p_vaddr;
    if (!constant) out.push_back({s.p_vaddr + bias_, s.p_memsz});
  }
  return out;
}

const Symbol* Program::symbolAt(uint64_t address) const {
  auto after = std::upper_bound(symbols_.begin(), symbols_.end(), address, [](uint64_t v, const Symbol& s) { return v < s.address; });
  // Symbols may lie within others (ends of sections, labels); a few steps back are enough.
  for (int i = 0; i < 8 && after != symbols_.begin(); i++) {
    const Symbol& s = *--after;
    if (address - s.address < std::max<uint64_t>(s.size, 1)) return &s;
  }
  return nullptr;
}

const Symbol* Program::symbolNamed(std::string_view name) const {
  for (const Symbol& s : symbols_)
    if (s.name == name) return &s;
  return nullptr;
}

std::string Program::describe(uint64_t address) const {
  auto plus = [&](std::string_view name, uint64_t start) {
    return address == start ? std::string(name) : fmt::format("{}+{:#x}", name, address - start);
  };
  if (const ft::FuncRecord* f = code_.find(address)) return plus(code_.name(*f), code_.entry(*f));
  if (inTypes(address))
    if (const GoType* t = types_->at(address)) return "type:" + t->name;
  if (const Symbol* s = symbolAt(address)) return plus(s->name, s->address);
  return {};
}

std::vector<uint64_t> Program::allTypes() const {
  std::vector<uint64_t> out;
  // The list that the linker joined, and what its types lead to.
  const std::string_view links = section("typelink");
  for (size_t i = 0; i + 8 <= links.size(); i += 8) {
    uint64_t address;
    std::memcpy(&address, links.data() + i, 8);
    out.push_back(address + bias_);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  std::vector<uint64_t> work = out;
  auto reach = [&](uint64_t t) {
    if (t == 0 || !inTypes(t) || std::binary_search(out.begin(), out.end(), t) || !types_->at(t)) return;
    out.insert(std::lower_bound(out.begin(), out.end(), t), t);
    work.push_back(t);
  };
  while (!work.empty()) {
    const GoType* t = types_->at(work.back());
    work.pop_back();
    if (!t) continue;
    reach(t->elem);
    reach(t->key);
    for (const GoField& f : t->fields) reach(f.type);
  }
  return out;
}

// ---- targets

Target::~Target() {
  for (int fd : fds_) ::close(fd);
}

void Target::useMemory(std::unique_ptr<Memory> base) {
  base_ = std::move(base);
  memory_own_ = std::make_unique<PieceMemory>(base_.get());
  memory_ = memory_own_.get();
  cache_ = std::make_unique<CachedMemory>(memory_);
}

std::unique_ptr<Target> Target::open(const std::string& what, const std::string& exe, std::string* error) {
  auto t = std::make_unique<Target>();
  const bool isNumber = !what.empty() && what.size() < 10 && what.find_first_not_of("0123456789") == std::string::npos;
  if (isNumber) return t->openProcess(std::atoi(what.c_str()), exe, error) ? std::move(t) : nullptr;

  const int fd = ::open(what.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    *error = fmt::format("open {}: {}", what, systemError(errno));
    return nullptr;
  }
  t->fds_.push_back(fd);
  Elf64_Ehdr h;
  const ssize_t n = ::pread(fd, &h, sizeof h, 0);
  if (n < 0) {
    *error = fmt::format("read {}: {}", what, systemError(errno));
    return nullptr;
  }
  if (n < ssize_t(sizeof h) || std::memcmp(h.e_ident, ELFMAG, SELFMAG) != 0) {
    *error = fmt::format("{}: neither an executable nor a core file nor a snapshot", what);
    return nullptr;
  }
  if (h.e_type == ET_CORE) return t->openCore(what, fd, exe, error) ? std::move(t) : nullptr;

  t->program = Program::open(what, 0, error);
  if (!t->program) return nullptr;
  t->title = what;
  t->memory_ = &t->program->memory();
  t->cache_ = std::make_unique<CachedMemory>(t->memory_);
  return t;
}

std::vector<Mapping> readMappings(int pid) {
  std::vector<Mapping> out;
  FILE* f = std::fopen(fmt::format("/proc/{}/maps", pid).c_str(), "re");
  if (!f) return out;
  char line[4400];
  while (std::fgets(line, sizeof line, f)) {
    Mapping m;
    char permissions[8] = "", name[4200] = "";
    unsigned long long start, end, offset;
    if (std::sscanf(line, "%llx-%llx %7s %llx %*s %*s %4199[^\n]", &start, &end, permissions, &offset, name) < 4) continue;
    m.start = start, m.end = end, m.offset = offset, m.permissions = permissions, m.name = name;
    out.push_back(std::move(m));
  }
  std::fclose(f);
  return out;
}

bool Target::openProcess(int number, const std::string& exe, std::string* error) {
  kind = Process;
  pid = number;
  const std::string proc = fmt::format("/proc/{}", pid);
  if (::access(proc.c_str(), F_OK) != 0) {
    *error = fmt::format("process {}: no such process", pid);
    return false;
  }
  std::string path(4096, '\0');
  const ssize_t n = ::readlink((proc + "/exe").c_str(), path.data(), path.size());
  if (n < 0) {
    const int reason = errno;
    *error = reason == EACCES || reason == EPERM ? fmt::format("process {}: no permission to look at it (it belongs to somebody else)", pid)
                                                 : fmt::format("process {}: it has no program (a kernel thread, or it has ended)", pid);
    return false;
  }
  path.resize(size_t(n));
  program = Program::open(exe.empty() ? proc + "/exe" : exe, auxiliaryEntry(readAuxv(pid)), error);
  if (!program) {
    if (exe.empty() && error->starts_with(proc)) *error = fmt::format("process {} ({}){}", pid, path, error->substr(proc.size() + 4));
    return false;
  }
  title = fmt::format("process {} ({})", pid, path);
  auto process = std::make_unique<ProcessMemory>(pid);
  ProcessMemory* reader = process.get();
  useMemory(std::move(process));
  char byte;
  if (program->code().valid() && !reader->read(program->code().textStart(), &byte, 1)) {
    const int reason = reader->lastError();
    *error = reason == EPERM    ? fmt::format("process {}: no permission to read its memory (the same user, or root, may; "
                                              "see also /proc/sys/kernel/yama/ptrace_scope)", pid)
             : reason == ESRCH ? fmt::format("process {}: it has ended", pid)
                               : fmt::format("process {}: cannot read its memory: {}", pid, systemError(reason));
    return false;
  }
  timespec ts;
  ::clock_gettime(CLOCK_MONOTONIC, &ts);
  now = int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec;
  mappings = readMappings(pid);
  return true;
}

bool Target::alive() const { return kind != Process || ::access(fmt::format("/proc/{}/exe", pid).c_str(), F_OK) == 0; }

GoTypes& Target::types() {
  if (!types_) {
    const std::string_view section = program->section(".go.type");
    const uint64_t start = program->sectionAddress(".go.type");
    types_ = std::make_unique<GoTypes>(*cache_, start, start + section.size(), program->bias());
  }
  return *types_;
}

uint64_t Target::rootAddress(std::string_view name) const {
  const LayoutRoot* r = layout().root(name);
  return r ? r->address : 0;
}

bool Target::hasValue(std::string_view root, std::string_view path) const {
  const LayoutRoot* r = layout().root(root);
  return r && layout().path(r->type, path).found;
}

uint64_t Target::value(std::string_view root, std::string_view path) const {
  const LayoutRoot* r = layout().root(root);
  if (!r) return 0;
  const FieldPath f = layout().path(r->type, path);
  const LayoutType& t = layout().type(f.type);
  char bytes[8] = {};
  if (!f.found || t.size > 8 || !memory_->read(r->address + f.offset, bytes, t.size)) return 0;
  return scalar(t, bytes);
}

}  // namespace burrow::inspect
