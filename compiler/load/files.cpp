// See files.h.
#include "load/files.h"

#include "source/system_error.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <fmt/format.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

namespace burrow::load {

std::string Hash::hex() const { return fmt::format("{:016x}{:016x}", high, low); }

Hash hashOf(std::string_view bytes) {
  XXH128_hash_t h = XXH3_128bits(bytes.data(), bytes.size());
  return {h.low64, h.high64};
}

Hasher& Hasher::add(std::string_view part) {
  text_ += std::to_string(part.size());
  text_ += ':';
  text_ += part;
  return *this;
}

Hasher& Hasher::add(const Hash& h) { return add(h.hex()); }

bool readFile(const std::string& path, std::string* content, std::string* error) {
  auto fail = [&](const char* what) {
    *error = fmt::format("{} {}: {}", what, path, source::systemErrorText(errno));
    return false;
  };
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail("open");
  struct stat st;
  content->clear();
  if (::fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) content->resize(static_cast<size_t>(st.st_size) + 1);
  size_t done = 0;
  bool ok = true;
  for (;;) {
    if (done == content->size()) content->resize(content->size() + 64 * 1024);
    ssize_t n = ::read(fd, content->data() + done, content->size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) ok = fail("read");
    if (n <= 0) break;
    done += static_cast<size_t>(n);
  }
  ::close(fd);
  content->resize(ok ? done : 0);
  return ok;
}

bool writeWhole(const std::string& path, std::string_view content, std::string* error) {
  static std::atomic<unsigned> counter{0};
  std::string temporary = fmt::format("{}.{}.{}.tmp", path, ::getpid(), counter++);
  auto fail = [&](const char* what) {
    *error = fmt::format("{} {}: {}", what, path, source::systemErrorText(errno));
    ::unlink(temporary.c_str());
    return false;
  };
  int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return fail("open");
  size_t done = 0;
  while (done < content.size()) {
    ssize_t n = ::write(fd, content.data() + done, content.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      fail("write");
      ::close(fd);
      return false;
    }
    done += static_cast<size_t>(n);
  }
  if (::close(fd) != 0) return fail("close");
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail("rename");
  return true;
}

bool readDir(const std::string& path, std::vector<DirEntry>* entries, std::string* error, ReadKinds kinds) {
  DIR* dir = ::opendir(path.c_str());
  if (!dir) {
    *error = fmt::format("open {}: {}", path, source::systemErrorText(errno));
    return false;
  }
  bool ok = true;
  while (dirent* entry = ::readdir(dir)) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    bool isFolder = entry->d_type == DT_DIR;
    if (kinds == OnlyFilesAndFolders && entry->d_type != DT_DIR && entry->d_type != DT_REG) {
      struct stat st;
      std::string full = joinPath(path, name);
      if (::stat(full.c_str(), &st) == 0) {
        isFolder = S_ISDIR(st.st_mode);
        if (!isFolder && !S_ISREG(st.st_mode)) continue;
      } else if (name.ends_with(".go")) {
        *error = fmt::format("stat {}: {}", full, source::systemErrorText(errno));
        ok = false;
        break;
      } else {
        continue;
      }
    }
    entries->push_back({std::move(name), isFolder});
  }
  ::closedir(dir);
  std::sort(entries->begin(), entries->end(), [](const DirEntry& a, const DirEntry& b) { return a.name < b.name; });
  return ok;
}

bool isDir(const std::string& path) {
  struct stat st;
  return ::stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}
bool isFile(const std::string& path) {
  struct stat st;
  return ::stat(path.c_str(), &st) == 0 && !S_ISDIR(st.st_mode);
}
bool fileExists(const std::string& path) {
  struct stat st;
  return ::stat(path.c_str(), &st) == 0;
}

std::string cleanPath(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    size_t slash = path.find('/');
    std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !rooted) {
      parts.push_back(part);
    }
  }
  std::string out = rooted ? "/" : "";
  for (size_t i = 0; i < parts.size(); i++) {
    if (i != 0) out += '/';
    out += parts[i];
  }
  return out.empty() ? "." : out;
}

std::string joinPath(std::string_view a, std::string_view b) {
  if (a.empty()) return cleanPath(b);
  return cleanPath(fmt::format("{}/{}", a, b));
}

std::string absolutePath(std::string_view path, std::string_view cwd) {
  return path.starts_with('/') ? cleanPath(path) : joinPath(cwd, path);
}

std::string_view baseName(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view dirName(std::string_view path) {
  size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

bool isWithin(std::string_view path, std::string_view dir) {
  return path == dir || (path.starts_with(dir) && (dir.ends_with('/') || path.substr(dir.size()).starts_with('/')));
}

std::string shortPath(const std::string& path, const std::string& cwd) {
  if (!path.starts_with('/')) return path;
  if (path == cwd) return ".";
  if (isWithin(path, cwd)) return path.substr(cwd == "/" ? 1 : cwd.size() + 1);
  // Upwards: "../x" when that is shorter.
  std::string_view common = cwd;
  std::string up;
  while (common != "/" && !isWithin(path, common)) {
    common = dirName(common);
    up += up.empty() ? ".." : "/..";
  }
  std::string relative = up;
  if (path != common) relative += "/" + path.substr(common == "/" ? 1 : common.size() + 1);
  return relative.size() < path.size() ? relative : path;
}

}  // namespace burrow::load
