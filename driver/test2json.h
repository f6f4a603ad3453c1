// From what a test program prints to a stream of events, one JSON object a line: the format of `go tool test2json`.
//
// The program marks the lines that frame its tests with ^V when it was started with -test.v=test2json, so that lines which a
// test prints itself and that only look like these stay text.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::driver {

// What a build says of a package, as `-json` has it: an event for each line, and one more when it failed.
// https://pkg.go.dev/cmd/go#hdr-Build__json_encoding
std::string buildEvents(const std::string& importPath, std::string_view text, bool failed);

class Test2Json {
 public:
  using Write = std::function<void(const std::string& line)>;
  Test2Json(Write write, std::string package);
  void add(std::string_view bytes);
  // The end: `failed` when the program's status said so, whatever it printed.
  void finish(bool failed);
  void setFailedBuild(std::string package) { failedBuild_ = std::move(package); }

 private:
  struct Event {
    std::string action, test, key, value, path;
    double elapsed = -1;
  };
  void line(std::string_view text);
  void output(std::string_view text, const char* type);
  void outputMarked(std::string_view text, bool isFrame);
  void flushReports(size_t depth);
  void write(const Event& event, const std::string* text = nullptr, const char* type = nullptr);

  Write write_;
  std::string package_, test_, rest_, result_, failedBuild_;
  std::vector<Event> reports_;
  std::chrono::steady_clock::time_point start_;
  bool inError_ = false;
};

}  // namespace burrow::driver
