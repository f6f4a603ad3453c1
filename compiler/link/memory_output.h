// A path that a library can write a file to, whose content arrives in memory.
//
// lld writes its output through a mapping of a sparse file by default: on a full disk that is a SIGBUS instead of an error.
// Without the mapping it ends the process itself when a write fails. A pipe has neither problem, and the disk is written
// to once, with the finished file. A memory file would do as well if lld did not insist on making a temporary file beside
// whatever looks like a regular one.
#pragma once

#include <string>
#include <thread>

namespace burrow::link {

class MemoryOutput {
 public:
  MemoryOutput() = default;
  MemoryOutput(const MemoryOutput&) = delete;
  MemoryOutput& operator=(const MemoryOutput&) = delete;
  ~MemoryOutput() { finish(); }

  // False, with *error set, if the system has no pipe to give.
  bool open(std::string* error);
  // Where to write. Good from open to finish, within this process.
  std::string path() const;
  // Waits for all that was written. The writer must have closed its own descriptor.
  std::string finish();

 private:
  int readEnd_ = -1, writeEnd_ = -1;
  std::thread reader_;
  std::string content_;
};

}  // namespace burrow::link
