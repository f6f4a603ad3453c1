// See cache.h.
#include "load/cache.h"

#include "source/system_error.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>

namespace burrow::load {

namespace {

constexpr std::string_view kMagic = "burrow cache 1";
constexpr time_t kHour = 60 * 60, kDay = 24 * kHour, kKeep = 7 * kDay;

bool makeDirs(const std::string& path) {
  if (isDir(path) || ::mkdir(path.c_str(), 0777) == 0 || errno == EEXIST) return true;
  if (errno != ENOENT) return false;
  std::string parent(dirName(path));
  return parent != path && makeDirs(parent) && (::mkdir(path.c_str(), 0777) == 0 || errno == EEXIST);
}

void removeOld(const std::string& dir, time_t now) {
  std::vector<DirEntry> entries;
  std::string error;
  if (!readDir(dir, &entries, &error)) return;
  for (const DirEntry& e : entries) {
    if (e.isDir) continue;
    std::string path = joinPath(dir, e.name);
    struct stat st;
    // A result goes with its record; a record's time says when the pair was used last. Temporary files of processes that
    // were killed go by their own time.
    std::string timed = e.name.ends_with("-d") ? path.substr(0, path.size() - 2) + "-r" : path;
    if (::stat(timed.c_str(), &st) != 0 && ::stat(path.c_str(), &st) != 0) continue;
    if (now - st.st_mtime > kKeep) ::unlink(path.c_str());
  }
}

}  // namespace

std::string Cache::defaultDir() {
  if (const char* set = std::getenv("BURROW_CACHE"); set && *set) return std::string_view(set) == "off" ? "" : set;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg == '/') return std::string(xdg) + "/burrow";
  if (const char* home = std::getenv("HOME"); home && *home == '/') return std::string(home) + "/.cache/burrow";
  return {};
}

std::string Cache::resultPath(const Hash& key) const {
  std::string hex = key.hex();
  return fmt::format("{}/{}/{}-d", dir_, hex.substr(0, 2), hex);
}

std::string Cache::recordPath(const Hash& key) const {
  std::string path = resultPath(key);
  path.back() = 'r';
  return path;
}

// The key of an entry's record in another program's cache.
static Hash recordKey(const Hash& key) { return Hasher().add("record").add(key).finish(); }

std::optional<Cache::Entry> Cache::get(const Hash& key) const {
  if (dir_.empty() && !program_) return std::nullopt;
  std::string record, content, ignored, path = recordPath(key), result = resultPath(key);
  if (program_) {
    auto known = program_->get(recordKey(key)), object = known ? program_->get(key) : std::nullopt;
    if (!object) return std::nullopt;
    path = *known;
    result = *object;
  }
  if (!readFile(path, &record, &ignored) || !readFile(result, &content, &ignored)) return std::nullopt;
  std::string expected = fmt::format("{}\n{}\n{} {}\n", kMagic, key.hex(), hashOf(content).hex(), content.size());
  if (!record.starts_with(expected) || !record.ends_with('\n')) return std::nullopt;
  struct stat st;
  if (!program_ && ::stat(path.c_str(), &st) == 0 && std::time(nullptr) - st.st_mtime > kHour)
    ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  record.pop_back();
  return Entry{result, record.substr(expected.size())};
}

bool Cache::has(const Hash& key) const {
  if (program_) return program_->get(recordKey(key)).has_value();
  return !dir_.empty() && ::access(recordPath(key).c_str(), R_OK) == 0 && ::access(resultPath(key).c_str(), R_OK) == 0;
}

std::optional<Cache::Entry> Cache::put(const Hash& key, std::string_view content, std::string_view info,
                                       std::string* error) const {
  const std::string record =
      fmt::format("{}\n{}\n{} {}\n{}\n", kMagic, key.hex(), hashOf(content).hex(), content.size(), info);
  if (program_) {
    auto object = program_->put(key, content, error);
    if (!object || !program_->put(recordKey(key), record, error)) return std::nullopt;
    return Entry{*object, std::string(info)};
  }
  if (dir_.empty()) {
    *error = "no folder for the build cache: set BURROW_CACHE or HOME";
    return std::nullopt;
  }
  std::string path = resultPath(key);
  if (!makeDirs(std::string(dirName(path)))) {
    *error = fmt::format("mkdir {}: {}", dirName(path), source::systemErrorText(errno));
    return std::nullopt;
  }
  if (!writeWhole(path, content, error) || !writeWhole(recordPath(key), record, error)) return std::nullopt;
  return Entry{path, std::string(info)};
}

void Cache::trim() const {
  if (dir_.empty() || !isDir(dir_)) return;
  const std::string stamp = dir_ + "/trimmed";
  struct stat st;
  const time_t now = std::time(nullptr);
  if (::stat(stamp.c_str(), &st) == 0 && now - st.st_mtime < kDay) return;
  std::string error;
  if (!writeWhole(stamp, "", &error)) return;
  for (int i = 0; i < 256; i++) {
    std::string dir = fmt::format("{}/{:02x}", dir_, i);
    if (isDir(dir)) removeOld(dir, now);
  }
}

}  // namespace burrow::load
