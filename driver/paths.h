// Where the parts of the toolchain are, and the temporary folder of one run.
#pragma once

#include "load/goroot.h"

#include <string>

namespace burrow::driver {

struct Paths {
  std::string executable;  // this program
  std::string std;         // our part of the standard library
  std::string runtime;     // libburrow_rt.a
  std::string sourceRoot;  // of the toolchain; empty when it is not there
  std::string cwd;         // $PWD when that is the current folder, so that links are named as the user does
};
Paths findPaths();

// Changes with every build of the toolchain; part of every cache key.
std::string compilerId(const Paths& paths);

// $WORK: made when it is first asked for, removed with the object unless it is to be kept.
class WorkDir {
 public:
  ~WorkDir() { remove(); }
  WorkDir() = default;
  WorkDir(const WorkDir&) = delete;
  WorkDir& operator=(const WorkDir&) = delete;
  // Empty, with *error set, when it cannot be made.
  const std::string& get(std::string* error);
  bool exists() const { return !path_.empty(); }
  void keep();  // not removed, not even by an interrupt
  void remove();

 private:
  std::string path_;
  bool keep_ = false;
};

}  // namespace burrow::driver
