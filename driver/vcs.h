// What version control says of the folder that a program is built in: its commit, and the version that the module has there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace burrow::driver {

// The repository that `dir`, or a folder above it, is the root of. `name` is empty when there is none.
struct Repository {
  std::string name;  // "git": the word after "vcs="
  std::string root;
};
Repository repositoryOf(std::string dir);

struct VcsTag {
  std::string name;
  bool isOfRevision = false;  // not of a commit before it
};

struct VcsStatus {
  std::string revision;  // of the commit, in full; empty when there is none yet
  long seconds = 0;      // its time, since 1970
  bool modified = false; // files that are not as in the commit, or not in it
  std::vector<VcsTag> tags;  // of the commit and of those before it
};
// Asks git. On failure returns false and sets *error ("exit status 128").
bool readStatus(const Repository& repository, VcsStatus* status, std::string* error);
// Whether the program that readStatus asks is there.
bool hasCommandOf(const Repository& repository);

// "2026-11-30T15:46:17Z".
std::string commitTime(const VcsStatus& status);
// The version of the module `path` whose go.mod is in `folder` of the repository ("" for its root), by its tags, or a
// pseudo-version made of the commit: "v1.2.3", "v0.0.0-20261130154617-0123456789ab+dirty". Empty without a commit, and when
// the path is not what it must be in a repository with the module `rootPath` in its root.
// https://go.dev/ref/mod#vcs-version, #pseudo-versions
std::string versionAt(const VcsStatus& status, std::string_view path, std::string_view folder, std::string_view rootPath);

}  // namespace burrow::driver
