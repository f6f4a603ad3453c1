// A build cache kept by another program: GOCACHEPROG, the go command's protocol for it.
//
// The program is started once per command and spoken to in lines of JSON, requests to its standard input, answers from its
// standard output. Its first line, with ID 0, says which commands it knows. A `put` is followed by a line with the content
// as a JSON string in base64. Objects come and go as paths of files, which last until `close`.
//
// Requests are made one at a time: threads that compile rarely want to store at once, and what they wait for is a copy.
#pragma once

#include "load/files.h"

#include <sys/types.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace burrow::load {

class CacheProgram {
 public:
  // Null: *error says why.
  static std::unique_ptr<CacheProgram> start(const std::vector<std::string>& command, std::string* error);
  ~CacheProgram();
  CacheProgram(const CacheProgram&) = delete;
  CacheProgram& operator=(const CacheProgram&) = delete;

  // Path of what is stored under the key; nothing: it has none, or something went wrong.
  std::optional<std::string> get(const Hash& key);
  std::optional<std::string> put(const Hash& key, std::string_view content, std::string* error);
  // It has died or spoken otherwise than agreed; nothing is asked of it any more.
  bool isBroken() const { return broken_; }

 private:
  CacheProgram() = default;
  bool readLine(std::string* line);
  bool write(std::string_view text);
  // The answer's path; empty: a miss, or *error.
  std::string request(const std::string& command, const std::string& fields, std::string_view body, std::string* error);

  std::mutex mutex_;
  pid_t pid_ = 0;
  int in_ = -1, out_ = -1;  // the program's
  long id_ = 0;
  bool canGet_ = false, canPut_ = false, canClose_ = false, broken_ = false;
  std::string name_, read_;
};

}  // namespace burrow::load
