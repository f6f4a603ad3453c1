// -overlay: files that are read in the place of others, or that are to be there, or gone, without the disk being changed.
//
// Whoever looks at the user's files asks here, by absolute path; without -overlay that is the disk. A file in the overlay brings
// the folders above it into being. What lies below a path that the overlay makes a file, or takes away, is gone. Links that
// are replaced count as regular files. What is not asked here, on purpose: the module cache, which never changes.
#pragma once

#include "load/files.h"

#include <sys/stat.h>

#include <map>
#include <string>

namespace burrow::load {

class Overlay {
 public:
  // `target` is read in the place of `path`; empty: `path` is gone. Both are absolute and clean.
  void add(const std::string& path, const std::string& target) { files_[path] = target; }
  bool contains(const std::string& path) const { return files_.contains(path); }
  // Something at, above or below `path` is replaced: the path of that; else empty.
  std::string replacedAround(const std::string& path) const;
  // A file that has files below it: what is wrong then; else empty.
  std::string contradiction() const;

  // Where the text of `path` is on the disk; empty: it is gone.
  std::string actual(const std::string& path) const;
  bool stat(const std::string& path, struct stat* st) const { return get(path, st, true); }
  bool lstat(const std::string& path, struct stat* st) const { return get(path, st, false); }
  bool isDir(const std::string& path) const;
  bool isFile(const std::string& path) const;
  bool fileExists(const std::string& path) const;
  // As the functions of files.h.
  bool readFile(const std::string& path, std::string* content, std::string* error) const;
  bool readDir(const std::string& path, std::vector<DirEntry>* entries, std::string* error,
               ReadKinds kinds = OnlyFilesAndFolders) const;

 private:
  enum class State { Disk, File, Folder, Gone };  // Folder: also what is on the disk, if anything is
  State state(const std::string& path, std::string* target) const;
  bool get(const std::string& path, struct stat* st, bool follow) const;

  std::map<std::string, std::string> files_;
};

}  // namespace burrow::load
