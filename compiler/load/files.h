// Files and folders, with errors in the words of Go's os package.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::load {

// 128 bits of XXH3. Not against an attacker: whoever can write to the cache can do anything anyway.
struct Hash {
  uint64_t low = 0, high = 0;
  bool operator==(const Hash&) const = default;
  std::string hex() const;
};
Hash hashOf(std::string_view bytes);

// Collects what a key depends on. Every part is added with its length, so that parts cannot run into each other.
class Hasher {
 public:
  Hasher& add(std::string_view part);
  Hasher& add(const Hash& h);
  Hash finish() const { return hashOf(text_); }

 private:
  std::string text_;
};

// On failure returns false and sets *error ("open PATH: no such file or directory").
bool readFile(const std::string& path, std::string* content, std::string* error);

// Writes beside `path` and renames, so that nobody ever sees a part of it.
bool writeWhole(const std::string& path, std::string_view content, std::string* error);

struct DirEntry {
  std::string name;
  bool isDir;
};
// Sorted by name. Links are followed; a dangling one is an error, as in gc: "stat PATH: no such file or directory" is set
// for the first one with suffix .go. What is neither file nor folder is left out; with AllKinds nothing is, links count as
// files and are not followed.
enum ReadKinds { OnlyFilesAndFolders, AllKinds };
bool readDir(const std::string& path, std::vector<DirEntry>* entries, std::string* error,
             ReadKinds kinds = OnlyFilesAndFolders);

bool isDir(const std::string& path);
bool isFile(const std::string& path);
bool fileExists(const std::string& path);

// Purely textual: "a/./b/../c" -> "a/c". Never empty.
std::string cleanPath(std::string_view path);
std::string joinPath(std::string_view a, std::string_view b);
std::string absolutePath(std::string_view path, std::string_view cwd);
std::string_view baseName(std::string_view path);
std::string_view dirName(std::string_view path);  // "." when there is no slash
// `path` as seen from `cwd` when that is shorter; gc shows paths so.
std::string shortPath(const std::string& path, const std::string& cwd);
// Whether `path` is `dir` or below it.
bool isWithin(std::string_view path, std::string_view dir);

}  // namespace burrow::load
