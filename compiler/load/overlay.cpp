// See overlay.h.
#include "load/overlay.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::load {

Overlay::State Overlay::state(const std::string& path, std::string* target) const {
  if (files_.empty()) return State::Disk;
  const std::string clean = cleanPath(path);
  if (auto at = files_.find(clean); at != files_.end()) {
    *target = at->second;
    return target->empty() ? State::Gone : State::File;
  }
  const std::string below = clean == "/" ? clean : clean + "/";
  if (auto next = files_.lower_bound(below); next != files_.end() && next->first.starts_with(below)) return State::Folder;
  for (std::string_view up = clean; up.size() > 1;) {
    up = dirName(up);
    if (files_.contains(std::string(up))) return State::Gone;
  }
  return State::Disk;
}

std::string Overlay::replacedAround(const std::string& path) const {
  const std::string below = path + "/";
  for (std::string_view up = path; up.size() > 1; up = dirName(up)) {
    if (auto at = files_.find(std::string(up)); at != files_.end()) return at->first;
  }
  auto next = files_.lower_bound(below);
  return next != files_.end() && next->first.starts_with(below) ? next->first : "";
}

std::string Overlay::contradiction() const {
  for (const auto& [path, target] : files_) {
    if (target.empty()) continue;
    const std::string below = path + "/";
    for (auto next = files_.lower_bound(below); next != files_.end() && next->first.starts_with(below); ++next) {
      if (!next->second.empty()) return fmt::format("inconsistent files {} and {} in overlay map", path, next->first);
    }
  }
  return {};
}

std::string Overlay::actual(const std::string& path) const {
  std::string target;
  const State s = state(path, &target);
  return s == State::File ? target : s == State::Gone ? "" : path;
}

bool Overlay::get(const std::string& path, struct stat* st, bool follow) const {
  std::string target;
  switch (state(path, &target)) {
    case State::Gone: return false;
    case State::File: return ::stat(target.c_str(), st) == 0;
    case State::Folder:
      *st = {};
      st->st_mode = S_IFDIR;
      return true;
    case State::Disk: break;
  }
  return (follow ? ::stat : ::lstat)(path.c_str(), st) == 0;
}

bool Overlay::isDir(const std::string& path) const {
  struct stat st;
  return stat(path, &st) && S_ISDIR(st.st_mode);
}
bool Overlay::isFile(const std::string& path) const {
  struct stat st;
  return stat(path, &st) && !S_ISDIR(st.st_mode);
}
bool Overlay::fileExists(const std::string& path) const {
  struct stat st;
  return stat(path, &st);
}

bool Overlay::readFile(const std::string& path, std::string* content, std::string* error) const {
  const std::string from = actual(path);
  if (!from.empty()) return load::readFile(from, content, error);
  *error = fmt::format("open {}: deleted in overlay", path);
  return false;
}

bool Overlay::readDir(const std::string& path, std::vector<DirEntry>* entries, std::string* error, ReadKinds kinds) const {
  std::string target;
  const State s = state(path, &target);
  if (s == State::Disk) return load::readDir(path, entries, error, kinds);
  if (s != State::Folder) {
    *error = fmt::format("read {}: {}", path, s == State::Gone ? "file does not exist" : "not a directory");
    return false;
  }
  std::vector<DirEntry> found;
  if (load::isDir(path) && !load::readDir(path, &found, error, kinds)) return false;
  const std::string clean = cleanPath(path), below = clean == "/" ? clean : clean + "/";
  for (auto it = files_.lower_bound(below); it != files_.end() && it->first.starts_with(below); ++it) {
    std::string name = it->first.substr(below.size());
    const size_t slash = name.find('/');
    const bool isFolder = slash != std::string::npos;
    if (isFolder && it->second.empty()) continue;  // something below is gone: no reason for a folder to be there
    if (isFolder) name.resize(slash);
    if (!isFolder && load::isDir(it->second)) {
      *error = fmt::format("read {}: overlay maps child {} to directory", path, name);
      return false;
    }
    std::erase_if(found, [&](const DirEntry& e) { return e.name == name; });
    if (!it->second.empty()) found.push_back({std::move(name), isFolder});
  }
  std::sort(found.begin(), found.end(), [](const DirEntry& a, const DirEntry& b) { return a.name < b.name; });
  if (found.empty() && !load::isDir(path)) {
    *error = fmt::format("open {}: no such file or directory", path);
    return false;
  }
  entries->insert(entries->end(), found.begin(), found.end());
  return true;
}

}  // namespace burrow::load
