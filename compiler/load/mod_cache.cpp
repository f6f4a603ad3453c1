// See mod_cache.h.
#include "load/mod_cache.h"

#include "load/files.h"
#include "load/embed.h"
#include "load/module_path.h"
#include "source/system_error.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace burrow::load {

namespace {

constexpr const char* kMismatch =
    "\n\nSECURITY ERROR\nThis download does NOT match an earlier download recorded in go.sum.\nThe bits may have been "
    "replaced on the origin server, or an attacker may\nhave intercepted the download attempt.\n\nFor more information, "
    "see 'go help module-auth'.\n";

// Whether a comma-separated list of patterns (GOPRIVATE) has one that matches the path or a folder above it.
bool matchesPrefixes(std::string_view globs, std::string_view path) {
  while (!globs.empty()) {
    size_t comma = globs.find(',');
    std::string_view pattern = globs.substr(0, comma);
    globs.remove_prefix(comma == std::string_view::npos ? globs.size() : comma + 1);
    while (pattern.ends_with('/')) pattern.remove_suffix(1);
    if (pattern.empty()) continue;
    // As many elements of the path as the pattern has.
    auto elements = std::count(pattern.begin(), pattern.end(), '/');
    size_t end = 0;
    for (; elements >= 0 && end != std::string_view::npos; elements--) end = path.find('/', end == 0 ? 0 : end + 1);
    bool bad = false;
    if (elements < 0 && matchPath(pattern, path.substr(0, end), &bad)) return true;
  }
  return false;
}

// Held until it goes.
class FileLock {
 public:
  explicit FileLock(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (fd_ >= 0) ::flock(fd_, LOCK_EX);
  }
  ~FileLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_;
};

bool makeParents(const std::string& path, std::string* error) {
  std::error_code problem;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), problem);
  if (!problem) return true;
  *error = fmt::format("mkdir {}: {}", dirName(path), problem.message());
  return false;
}

}  // namespace

// --- go.sum ----------------------------------------------------------------------------------------------------------

bool GoSum::read(std::string_view text, std::string_view name, std::string* error) {
  unsigned number = 0;
  while (!text.empty()) {
    number++;
    size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    std::vector<std::string> words;
    for (size_t i = 0; (i = line.find_first_not_of(" \t\r", i)) != std::string_view::npos;) {
      size_t stop = std::min(line.find_first_of(" \t\r", i), line.size());
      words.emplace_back(line.substr(i, stop - i));
      i = stop;
    }
    if (words.empty()) continue;
    if (words.size() != 3) {
      *error = fmt::format("malformed go.sum:\n{}:{}: wrong number of fields {}", name, number, words.size());
      return false;
    }
    sums_[{words[0], words[1]}].push_back(words[2]);
  }
  return true;
}

GoSum::State GoSum::check(const ModuleVersion& module, std::string_view hash) const {
  auto found = sums_.find(module);
  if (found == sums_.end()) return State::Missing;
  for (const std::string& known : found->second) {
    if (known == hash) return State::Match;
  }
  return std::any_of(found->second.begin(), found->second.end(), [](const std::string& h) { return h.starts_with("h1:"); })
             ? State::Mismatch
             : State::Missing;
}

// --- The cache -------------------------------------------------------------------------------------------------------

std::string ModuleCache::downloadPath(const ModuleVersion& module, std::string_view suffix) const {
  return fmt::format("{}/cache/download/{}/@v/{}{}", options_.cacheDir, escapePath(module.path),
                     escapePath(module.version), suffix);
}

std::string ModuleCache::folderOf(const ModuleVersion& module) const {
  return fmt::format("{}/{}@{}", options_.cacheDir, escapePath(module.path), escapePath(module.version));
}

std::string ModuleCache::timeOf(const ModuleVersion& module) const {
  std::string text, ignored;
  if (!readFile(downloadPath(module, ".info"), &text, &ignored)) return {};
  size_t at = text.find("\"Time\":\"");
  if (at == std::string::npos) return {};
  at += 8;
  return text.substr(at, text.find('"', at) - at);
}

std::string ModuleCache::zipHash(const ModuleVersion& module) const {
  std::string text, ignored;
  if (!readFile(downloadPath(module, ".ziphash"), &text, &ignored)) return {};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

bool ModuleCache::askProxies(const std::string& modulePath, const std::string& tail, std::string* body, std::string* error,
                             bool* notFound) {
  const std::string proxies = matchesPrefixes(options_.noProxy, modulePath) ? "direct" : options_.proxies;
  std::string_view list = proxies;
  *error = "module lookup disabled by GOPROXY=off";
  *notFound = false;
  while (!list.empty()) {
    size_t end = list.find_first_of(",|");
    std::string proxy(list.substr(0, end));
    const bool goOnAfterAll = end != std::string_view::npos && list[end] == '|';
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    while (proxy.ends_with('/') && !proxy.ends_with("//")) proxy.pop_back();
    if (proxy.empty()) continue;
    if (proxy == "off") {
      *error = "module lookup disabled by GOPROXY=off";
      *notFound = false;
      return false;
    }
    if (proxy == "direct" || proxy == "noproxy") {
      *error = "direct download from version control is not supported; set GOPROXY to a module proxy";
      return false;
    }
    if (proxy.find("://") == std::string::npos) {
      if (proxy[0] == '/') {
        *error = fmt::format("invalid proxy URL missing scheme: {}", proxy);
        return false;
      }
      proxy = "https://" + proxy;
    }
    std::string url = fmt::format("{}/{}/{}", proxy, escapePath(modulePath), tail);
    if (options_.verbose) std::fprintf(stderr, "# get %s\n", url.c_str());
    if (fetchUrl(url, body, error, notFound)) return true;
    if (!*notFound && !goOnAfterAll) return false;
  }
  return false;
}

bool ModuleCache::download(const ModuleVersion& module, std::string_view suffix, std::string* error) {
  const std::string path = downloadPath(module, suffix);
  if (isFile(path)) return true;
  auto fail = [&](std::string_view why) {
    *error = fmt::format("{}: {}", module.str(), why);
    return false;
  };
  if (options_.cacheDir.empty()) return fail("module cache not found: neither GOMODCACHE nor GOPATH is set");
  if (std::string problem = checkModulePath(module.path); !problem.empty())
    return fail(fmt::format("malformed module path \"{}\": {}", module.path, problem));
  if (!isCanonicalVersion(module.version))
    return fail(fmt::format("invalid version: version \"{}\" invalid", module.version));
  std::string body, why;
  bool notFound = false;
  if (!askProxies(module.path, fmt::format("@v/{}{}", escapePath(module.version), suffix), &body, &why, &notFound)) return fail(why);
  std::string message;
  if (!makeParents(path, &message) || !writeWhole(path, body, &message)) return fail(message);
  return true;
}

bool ModuleCache::goMod(const ModuleVersion& module, std::string* text, std::string* error, bool* missingSum) {
  *missingSum = false;
  const ModuleVersion key{module.path, module.version + "/go.mod"};
  if (options_.checkSums && !sums_.has(key)) {
    *missingSum = true;
    *error = fmt::format("{}: missing go.sum entry for go.mod file; to add it:\n\tgo mod download {}", module.str(),
                         module.path);
    return false;
  }
  if (!download(module, ".mod", error)) return false;
  if (!readFile(downloadPath(module, ".mod"), text, error)) return false;
  const std::string hash = hashOfGoMod(*text);
  if (sums_.check(key, hash) == GoSum::State::Mismatch) {
    *error = fmt::format("verifying {}@{}: checksum mismatch\n\tdownloaded: {}\n\tgo.sum:     {}{}", key.path, key.version,
                         hash, sums_.first(key), kMismatch);
    return false;
  }
  return true;
}

bool ModuleCache::checkZip(const ModuleVersion& module, std::string* error) {
  const std::string hash = zipHash(module);
  switch (sums_.check(module, hash)) {
    case GoSum::State::Match: return true;
    case GoSum::State::Missing:
      if (!options_.checkSums) return true;
      *error = fmt::format("{}: missing go.sum entry", module.str());
      return false;
    case GoSum::State::Mismatch:
      *error = fmt::format("verifying {}: checksum mismatch\n\tdownloaded: {}\n\tgo.sum:     {}{}", module.str(), hash,
                           sums_.first(module), kMismatch);
      return false;
  }
  return false;
}

bool ModuleCache::folder(const ModuleVersion& module, std::string* dir, std::string* error) {
  *dir = folderOf(module);
  const std::string zip = downloadPath(module, ".zip"), partial = downloadPath(module, ".partial");
  if (isDir(*dir) && !isFile(partial) && !zipHash(module).empty()) return checkZip(module, error);
  if (options_.checkSums && !sums_.has(module)) {
    *error = fmt::format("{}: missing go.sum entry", module.str());
    return false;
  }
  std::string message;
  if (!makeParents(zip, &message)) {
    *error = fmt::format("{}: {}", module.str(), message);
    return false;
  }
  FileLock lock(downloadPath(module, ".lock"));
  if (isDir(*dir) && !isFile(partial) && !zipHash(module).empty()) return checkZip(module, error);
  if (!isFile(zip)) {
    std::fprintf(stderr, "go: downloading %s %s\n", module.path.c_str(), module.version.c_str());
    // The .info goes with it, for those who ask for the time; that it cannot be had is no reason to stop.
    std::string ignored;
    if (!download(module, ".zip", error)) return false;
    download(module, ".info", &ignored);
  }
  std::string hash;
  if (!checkModuleZip(zip, module, &message) || !hashModuleZip(zip, &hash, &message) || !writeWhole(downloadPath(module, ".ziphash"), hash, &message)) {
    ::unlink(zip.c_str());
    *error = fmt::format("{}: {}", module.str(), message);
    return false;
  }
  if (!checkZip(module, error)) {
    // What does not belong here is not kept.
    ::unlink(zip.c_str());
    ::unlink(downloadPath(module, ".ziphash").c_str());
    return false;
  }
  return unpack(module, zip, *dir, error);
}

bool ModuleCache::unpack(const ModuleVersion& module, const std::string& zip, const std::string& dir,
                         std::string* error) {
  std::error_code ignored;
  const std::string temporary = fmt::format("{}.tmp-{}", dir, ::getpid());
  std::filesystem::remove_all(temporary, ignored);
  std::filesystem::remove_all(dir, ignored);
  ::unlink(downloadPath(module, ".partial").c_str());
  std::string message;
  if (!unzipModule(zip, module, temporary, &message)) {
    *error = fmt::format("{}: {}", module.str(), message);
    return false;
  }
  if (::rename(temporary.c_str(), dir.c_str()) != 0) {
    *error = fmt::format("{}: rename {}: {}", module.str(), dir, source::systemErrorText(errno));
    std::filesystem::remove_all(temporary, ignored);
    return false;
  }
  if (!options_.writable) protectModule(dir);
  return true;
}

}  // namespace burrow::load
