// See paths.h.
#include "driver/paths.h"

#include "driver/config.h"
#include "driver/flags.h"
#include "driver/interrupt.h"
#include "load/files.h"
#include "source/system_error.h"

#include <fmt/format.h>

#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace burrow::driver {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string currentDir() {
  char buffer[PATH_MAX];
  std::string real = ::getcwd(buffer, sizeof buffer) ? buffer : "/";
  std::string named = environment("PWD");
  struct stat a, b;
  if (named.starts_with('/') && ::stat(named.c_str(), &a) == 0 && ::stat(real.c_str(), &b) == 0 &&
      a.st_dev == b.st_dev && a.st_ino == b.st_ino) {
    return load::cleanPath(named);
  }
  return real;
}

}  // namespace

Paths findPaths() {
  Paths p;
  char buffer[PATH_MAX];
  ssize_t n = ::readlink("/proc/self/exe", buffer, sizeof buffer);
  if (n > 0) p.executable.assign(buffer, static_cast<size_t>(n));
  p.cwd = currentDir();
  if (load::isDir(kSourceDir)) p.sourceRoot = kSourceDir;
  const std::string root(load::dirName(load::dirName(p.executable)));  // <root>/bin/burrow
  p.std = environment("BURROW_STD");
  if (p.std.empty()) {
    const std::string installed = root + "/share/burrow/std";
    p.std = load::isDir(installed) ? installed : p.sourceRoot + "/std";
  }
  p.std = load::absolutePath(p.std, p.cwd);
  p.runtime = environment("BURROW_RUNTIME");
  if (p.runtime.empty()) p.runtime = root + "/lib/libburrow_rt.a";
  return p;
}

namespace {

// What the linker made of everything that the executable consists of; empty: it has none.
std::string buildId() {
  std::string id;
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* out) {
        // The first one is the executable.
        for (int i = 0; i < info->dlpi_phnum; i++) {
          const auto& segment = info->dlpi_phdr[i];
          if (segment.p_type != PT_NOTE) continue;
          const char* at = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
          const char* end = at + segment.p_memsz;
          while (at + sizeof(ElfW(Nhdr)) <= end) {
            ElfW(Nhdr) note;
            std::memcpy(&note, at, sizeof note);
            const char* name = at + sizeof note;
            const char* text = name + ((note.n_namesz + 3) & ~3u);
            if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
              static_cast<std::string*>(out)->assign(text, note.n_descsz);
            }
            at = text + ((note.n_descsz + 3) & ~3u);
          }
        }
        return 1;
      },
      &id);
  return id;
}

}  // namespace

// The same executable on another machine, or in another place, makes the same objects: they may share a cache.
std::string compilerId(const Paths& paths) {
  static const std::string id = buildId();
  if (!id.empty()) return fmt::format("{} {}", kVersion, id);
  struct stat st = {};
  ::stat(paths.executable.c_str(), &st);
  return fmt::format("{} {} {} {}.{}", kVersion, paths.executable, st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

const std::string& WorkDir::get(std::string* error) {
  if (!path_.empty()) return path_;
  std::string base = goEnvironment("GOTMPDIR");
  if (base.empty()) base = environment("TMPDIR");
  if (base.empty()) base = "/tmp";
  std::string pattern = load::absolutePath(base, currentDir()) + "/burrow-buildXXXXXX";
  if (::mkdtemp(pattern.data())) {
    path_ = pattern;
    removeWhenInterrupted(path_);
  } else {
    const int why = errno;
    const bool exists = why != ENOENT;
    *error = fmt::format("burrow: creating work dir: {} {}: {}", exists ? "mkdir" : "stat", exists ? pattern : base, source::systemErrorText(why));
  }
  return path_;
}

void WorkDir::keep() {
  keep_ = true;
  removeWhenInterrupted("");
}

void WorkDir::remove() {
  if (path_.empty() || keep_) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  removeWhenInterrupted("");
  path_.clear();
}

}  // namespace burrow::driver
