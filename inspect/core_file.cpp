#include "inspect/core_file.h"

#include "inspect/threads.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include <elf.h>
#include <fcntl.h>
#include <sys/procfs.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace burrow::inspect {

namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMostNotes = 512 << 20, kMostSegments = 1 << 20, kMostExecutable = uint64_t{2} << 30;

// Registers in elf_gregset_t.
enum { kRegFp = 4, kRegPc = 16, kRegSp = 19, kRegFsBase = 21 };

bool readAll(int fd, uint64_t offset, void* to, size_t size) {
  char* out = static_cast<char*>(to);
  while (size != 0) {
    const ssize_t n = ::pread(fd, out, size, off_t(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    out += n, offset += uint64_t(n), size -= size_t(n);
  }
  return true;
}

struct CoreNotes {
  std::vector<ThreadState> threads;
  std::vector<Mapping> files;
  std::string info, executable, auxv;
  bool hasInfo = false;
};

void readNote(std::string_view name, uint32_t type, std::string_view desc, CoreNotes* out) {
  if (name == kNoteName) {
    if (type == kNoteInfo) out->info = desc, out->hasInfo = true;
    if (type == kNoteExecutable) out->executable = desc;
    return;
  }
  if (name != "CORE") return;
  if (type == NT_PRSTATUS && desc.size() >= sizeof(elf_prstatus)) {
    elf_prstatus s;
    std::memcpy(&s, desc.data(), sizeof s);
    out->threads.push_back({s.pr_pid, s.pr_reg[kRegPc], s.pr_reg[kRegSp], s.pr_reg[kRegFp], s.pr_reg[kRegFsBase], {}});
    static_assert(sizeof s.pr_reg == sizeof out->threads.back().all);
    std::memcpy(out->threads.back().all.data(), s.pr_reg, sizeof s.pr_reg);
  }
  if (type == NT_AUXV) out->auxv = desc;
  if (type == NT_FILE && desc.size() >= 16) {
    uint64_t head[2];
    std::memcpy(head, desc.data(), sizeof head);
    const uint64_t count = head[0];
    if (count > desc.size() / 24) return;
    const char* names = desc.data() + 16 + count * 24;
    const char* end = desc.data() + desc.size();
    for (uint64_t i = 0; i < count; i++) {
      uint64_t m[3];
      std::memcpy(m, desc.data() + 16 + i * 24, sizeof m);
      const char* stop = static_cast<const char*>(std::memchr(names, 0, size_t(end - names)));
      if (!stop) return;
      out->files.push_back({m[0], m[1], "", std::string(names, stop), m[2] * head[1]});
      names = stop + 1;
    }
  }
}

bool readNotes(std::string_view bytes, CoreNotes* out) {
  while (bytes.size() >= 12) {
    uint32_t h[3];
    std::memcpy(h, bytes.data(), sizeof h);
    const uint64_t nameSize = (uint64_t(h[0]) + 3) & ~uint64_t{3}, descSize = (uint64_t(h[1]) + 3) & ~uint64_t{3};
    if (nameSize + descSize > bytes.size() - 12) return false;
    std::string_view name = bytes.substr(12, h[0]);
    while (!name.empty() && name.back() == 0) name.remove_suffix(1);
    readNote(name, h[2], bytes.substr(12 + nameSize, h[1]), out);
    bytes.remove_prefix(12 + nameSize + descSize);
  }
  return true;
}

bool inflateExecutable(std::string_view packed, std::string* out) {
  uint64_t size;
  if (packed.size() < 8) return false;
  std::memcpy(&size, packed.data(), 8);
  // Deflate makes nothing more than about a thousand times smaller.
  if (size > kMostExecutable || size / 1100 > packed.size()) return false;
  out->resize(size);
  uLongf got = size;
  return uncompress(reinterpret_cast<Bytef*>(out->data()), &got, reinterpret_cast<const Bytef*>(packed.data() + 8),
                    packed.size() - 8) == Z_OK &&
         got == size;
}

}  // namespace

bool Target::openCore(const std::string& path, int fd, const std::string& exe, std::string* error) {
  kind = Core;
  auto damaged = [&](const char* what) {
    *error = fmt::format("{}: {}", path, what);
    return false;
  };
  struct stat st;
  if (::fstat(fd, &st) != 0) return damaged("cannot be read");
  const uint64_t fileSize = uint64_t(st.st_size);
  Elf64_Ehdr h;
  if (!readAll(fd, 0, &h, sizeof h)) return damaged("truncated core file");
  if (h.e_ident[EI_CLASS] != ELFCLASS64 || h.e_ident[EI_DATA] != ELFDATA2LSB || h.e_machine != EM_X86_64)
    return damaged("a core of another kind of machine");
  uint64_t count = h.e_phnum;
  if (count == PN_XNUM) {
    Elf64_Shdr first;
    if (h.e_shoff == 0 || !readAll(fd, h.e_shoff, &first, sizeof first)) return damaged("truncated core file");
    count = first.sh_info;
  }
  if (h.e_phentsize != sizeof(Elf64_Phdr) || count > kMostSegments) return damaged("damaged core file");
  std::vector<Elf64_Phdr> segments(count);
  if (count != 0 && !readAll(fd, h.e_phoff, segments.data(), count * sizeof(Elf64_Phdr))) return damaged("truncated core file");
  CoreNotes notes;
  for (const Elf64_Phdr& s : segments) {
    if (s.p_type != PT_NOTE && s.p_type != PT_LOAD) continue;
    if (s.p_offset > fileSize || s.p_filesz > fileSize - s.p_offset)
      return damaged(fmt::format("truncated core file: it should have {} bytes and has {}", s.p_offset + s.p_filesz, fileSize).c_str());
    if (s.p_type != PT_NOTE) continue;
    if (s.p_filesz > kMostNotes) return damaged("damaged core file");
    std::string bytes(s.p_filesz, '\0');
    if (!readAll(fd, s.p_offset, bytes.data(), bytes.size())) return damaged("truncated core file");
    if (!readNotes(bytes, &notes)) return damaged("damaged notes in the core file");
  }
  threads = notes.threads;

  std::string programPath = exe;
  const Json info = notes.hasInfo ? Json::parse(notes.info, nullptr, false) : Json();
  auto text = [&](const char* key) { return info.is_object() && info.contains(key) && info[key].is_string() ? info[key].get<std::string>() : std::string(); };
  auto number = [&](const char* key) { return info.is_object() && info.contains(key) && info[key].is_number_integer() ? info[key].get<int64_t>() : 0; };
  if (notes.hasInfo) {
    kind = Snapshot;
    if (!info.is_object()) return damaged("damaged snapshot");
    if (number("version") != kSnapshotVersion)
      return damaged(fmt::format("a snapshot of version {}; this inspector knows version {}", number("version"), kSnapshotVersion).c_str());
    now = number("monotonic");
    pid = int(number("pid"));
  }
  const uint64_t entry = auxiliaryEntry(notes.auxv);
  if (exe.empty() && !notes.executable.empty()) {
    std::string bytes;
    if (!inflateExecutable(notes.executable, &bytes)) return damaged("damaged snapshot: its executable cannot be unpacked");
    programPath = text("exe");
    program = Program::fromBytes(std::move(bytes), programPath, entry, error);
  } else {
    // The file in which it began; without that, the first one that is mapped.
    for (const Mapping& f : notes.files)
      if (programPath.empty() && entry >= f.start && entry < f.end) programPath = f.name;
    if (programPath.empty() && !notes.files.empty()) programPath = notes.files[0].name;
    if (programPath.empty()) return damaged("it does not say what program it is of; name it by -exe");
    program = Program::open(programPath, entry, error);
  }
  if (!program) {
    *error = fmt::format("{}: its program: {}", path, *error);
    return false;
  }
  title = fmt::format("{} {} ({})", kind == Snapshot ? "snapshot" : "core file", path, programPath);

  auto pieces = std::make_unique<PieceMemory>(&program->memory());
  for (const Elf64_Phdr& s : segments) {
    if (s.p_type != PT_LOAD) continue;
    mappings.push_back({s.p_vaddr, s.p_vaddr + s.p_memsz,
                        fmt::format("{}{}{}p", s.p_flags & PF_R ? 'r' : '-', s.p_flags & PF_W ? 'w' : '-', s.p_flags & PF_X ? 'x' : '-'), "", 0});
    for (const Mapping& f : notes.files)
      if (f.start == s.p_vaddr) mappings.back().name = f.name;
    // In a core, what is not in the file was not saved; what the program's file says holds for it, if anything does. In a
    // snapshot it is zero.
    pieces->addFile(s.p_vaddr, fd, s.p_offset, s.p_filesz, kind == Snapshot ? s.p_memsz : s.p_filesz);
  }
  // Is it the same program? Its first page, with the build id, is in every core that Linux writes.
  if (!program->buildId().empty()) {
    const uint64_t at = program->sectionAddress(".note.gnu.build-id");
    const std::string_view note = program->section(".note.gnu.build-id");
    std::string there(note.size(), '\0');
    if (at != 0 && pieces->read(at, there.data(), there.size()) && there != note)
      return damaged(fmt::format("it is not of the program {} (another build)", programPath).c_str());
  }
  useMemory(std::move(pieces));
  return true;
}

// ---- writing

namespace {

void appendNote(std::string& out, std::string_view name, uint32_t type, std::string_view desc) {
  const uint32_t h[3] = {uint32_t(name.size() + 1), uint32_t(desc.size()), type};
  out.append(reinterpret_cast<const char*>(h), sizeof h);
  out += name;
  out.resize(out.size() + 4 - name.size() % 4, '\0');
  out += desc;
  out.resize((out.size() + 3) / 4 * 4, '\0');
}

std::string packedExecutable(const Program& program) {
  std::string bytes(program.bytes());
  for (const Elf64_Shdr& s : program.image().sections()) {
    if (program.image().sectionName(s).starts_with(".debug") && s.sh_type != SHT_NOBITS)
      std::memset(bytes.data() + s.sh_offset, 0, s.sh_size);
  }
  uLongf size = compressBound(bytes.size());
  std::string out(8 + size, '\0');
  const uint64_t plain = bytes.size();
  std::memcpy(out.data(), &plain, 8);
  compress2(reinterpret_cast<Bytef*>(out.data() + 8), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 3);
  out.resize(8 + size);
  return out;
}

}  // namespace

bool writeSnapshot(Target& target, const std::string& path, bool live, SnapshotResult* result, std::string* error) {
  if (target.kind != Target::Process) {
    *error = fmt::format("{}: only of a process can a snapshot be made", target.title);
    return false;
  }
  const std::string executable = packedExecutable(*target.program);  // before it is stopped
  // Written out of order, and renamed when whole: a device is neither written to nor replaced.
  struct stat old;
  if (::stat(path.c_str(), &old) == 0 && !S_ISREG(old.st_mode)) {
    *error = fmt::format("open {}: not a regular file", path);
    return false;
  }
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) {
    *error = fmt::format("open {}: {}", path, systemError(errno));
    return false;
  }
  StoppedThreads stopped;
  bool ok = true;
  if (!live) ok = stopped.stop(target.pid, error);
  const std::vector<Mapping> maps = readMappings(target.pid);
  timespec ts;
  ::clock_gettime(CLOCK_MONOTONIC, &ts);
  const Json info = {{"version", kSnapshotVersion},
                     {"pid", target.pid},
                     {"exe", target.program->path().starts_with("/proc/") ? target.title.substr(target.title.find('(') + 1, target.title.size() - target.title.find('(') - 2) : target.program->path()},
                     {"buildId", target.program->buildId()},
                     {"monotonic", int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec},
                     {"stopped", !live}};
  std::string notes;
  for (const ThreadState& t : stopped.threads()) {
    elf_prstatus s = {};
    s.pr_pid = int(t.tid);
    std::memcpy(s.pr_reg, t.all.data(), sizeof s.pr_reg);
    appendNote(notes, "CORE", NT_PRSTATUS, {reinterpret_cast<const char*>(&s), sizeof s});
  }
  appendNote(notes, "CORE", NT_AUXV, readAuxv(target.pid));  // where it lies, if it could lie anywhere
  appendNote(notes, kNoteName, kNoteInfo, info.dump());
  appendNote(notes, kNoteName, kNoteExecutable, executable);

  // Which pages: of writable mappings, those that are there and not zero, in runs.
  uint64_t at = 0;
  auto put = [&](const void* from, size_t size) {
    const char* p = static_cast<const char*>(from);
    while (ok && size != 0) {
      const ssize_t n = ::pwrite(fd, p, size, off_t(at));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        *error = fmt::format("write {}: {}", path, systemError(n < 0 ? errno : EIO));
        ok = false;
        return;
      }
      p += n, size -= size_t(n), at += uint64_t(n);
    }
  };
  constexpr uint64_t kPiece = 1 << 20, kPage = 4096;
  std::vector<Elf64_Phdr> segments;
  Elf64_Phdr note = {};
  note.p_type = PT_NOTE;
  note.p_offset = kPage;
  note.p_filesz = notes.size();
  note.p_align = 4;
  segments.push_back(note);
  at = kPage;
  put(notes.data(), notes.size());
  std::string piece;
  for (const Mapping& m : maps) {
    if (!ok) break;
    if (m.permissions.size() < 2 || m.permissions[0] != 'r' || m.permissions[1] != 'w' || m.name == "[vvar]") continue;
    Elf64_Phdr s = {};
    // A segment is some pages with bytes and then some that are zero.
    auto finish = [&] {
      if (s.p_memsz != 0) segments.push_back(s);
      s = {};
    };
    for (uint64_t from = m.start; ok && from < m.end; from += kPiece) {
      piece.resize(std::min(kPiece, m.end - from));
      if (!target.memory().read(from, piece.data(), piece.size())) {
        finish();
        if (!target.alive()) {
          *error = fmt::format("process {}: it has ended", target.pid);
          ok = false;
        }
        continue;
      }
      for (uint64_t p = 0; p < piece.size(); p += kPage) {
        const char* page = piece.data() + p;
        const uint64_t size = std::min<uint64_t>(kPage, piece.size() - p);
        const bool zero = page[0] == 0 && std::memcmp(page, page + 1, size - 1) == 0;
        if (!zero && s.p_memsz != s.p_filesz) finish();
        if (s.p_memsz == 0) {
          at = (at + kPage - 1) / kPage * kPage;
          s.p_type = PT_LOAD;
          s.p_flags = PF_R | PF_W;
          s.p_vaddr = from + p;
          s.p_offset = at;
          s.p_align = kPage;
        }
        s.p_memsz += size;
        if (zero) continue;
        put(page, size);
        s.p_filesz += size;
      }
    }
    finish();
  }
  stopped.resume();
  Elf64_Ehdr h = {};
  std::memcpy(h.e_ident, ELFMAG, SELFMAG);
  h.e_ident[EI_CLASS] = ELFCLASS64;
  h.e_ident[EI_DATA] = ELFDATA2LSB;
  h.e_ident[EI_VERSION] = EV_CURRENT;
  h.e_type = ET_CORE;
  h.e_machine = EM_X86_64;
  h.e_version = EV_CURRENT;
  h.e_ehsize = sizeof h;
  h.e_phentsize = sizeof(Elf64_Phdr);
  at = (at + 7) / 8 * 8;
  h.e_phoff = at;
  if (segments.size() >= PN_XNUM) {
    Elf64_Shdr first = {};
    first.sh_info = uint32_t(segments.size());
    h.e_phnum = PN_XNUM;
    put(segments.data(), segments.size() * sizeof(Elf64_Phdr));
    h.e_shoff = at;
    h.e_shnum = 1;
    h.e_shentsize = sizeof first;
    put(&first, sizeof first);
  } else {
    h.e_phnum = uint16_t(segments.size());
    put(segments.data(), segments.size() * sizeof(Elf64_Phdr));
  }
  result->bytes = at;
  result->stoppedNs = stopped.heldNs();
  at = 0;
  put(&h, sizeof h);
  if (::close(fd) != 0 && ok) {
    *error = fmt::format("write {}: {}", path, systemError(errno));
    ok = false;
  }
  if (ok && ::rename(temporary.c_str(), path.c_str()) != 0) {
    *error = fmt::format("rename {}: {}", path, systemError(errno));
    ok = false;
  }
  if (!ok) ::unlink(temporary.c_str());
  return ok;
}

}  // namespace burrow::inspect
