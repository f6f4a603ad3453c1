// What a CPU profile says about calls and lines; see call_profile.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace burrow::passes {

// A function's name as profiles have it: type arguments are "[...]" there.
std::string profileName(std::string_view symbol);

class CallProfile {
 public:
  // A call that samples were seen in. Lines are counted from the one that the caller begins at, so that an edit above the
  // function moves nothing.
  struct Edge {
    std::string caller, callee;
    int32_t line = 0;
    int64_t weight = 0;
  };
  // A line that samples were seen in, or in what it called.
  struct Line {
    std::string function;
    int32_t line = 0;
    int64_t samples = 0;
  };
  struct Target {
    std::string callee;
    int64_t weight;
    bool hot;
  };

  CallProfile() = default;
  // Hot are the heaviest calls that together have `hotPercent` of all weight, and the one that goes over it.
  CallProfile(std::vector<Edge> edges, std::vector<Line> lines, double hotPercent = kHotPercent);

  static constexpr double kHotPercent = 99;  // gc's, as are the next
  static constexpr int kHotBudget = 2000;    // of the inliner, at hot calls

  // Names are symbols or names as profiles have them.
  bool isHotCallee(std::string_view function) const;
  bool isHotCall(std::string_view caller, int32_t line, std::string_view callee) const;
  // What was called there, the heaviest first; equal ones by name.
  std::span<const Target> targets(std::string_view caller, int32_t line) const;
  // Samples in the line or what it called; 0 when it was never seen. Of a function: in its heaviest line.
  int64_t samples(std::string_view function, int32_t line) const;
  int64_t samples(std::string_view function) const;

  // All that it says about functions of a package, whose import path, or "main", is `path`, as text that is equal if and only if this is
  // equal: what the package's key in the build cache depends on. Empty: nothing.
  std::string_view excerpt(std::string_view path) const;
  // All calls, the heaviest first.
  std::span<const Edge> edges() const { return edges_; }

 private:
  struct Function {
    std::unordered_map<int32_t, std::vector<Target>> calls;  // by line
    std::unordered_map<int32_t, int64_t> lines;
    int64_t most = 0;
    bool hot = false;  // is called by a hot call
  };
  const Function* find(std::string_view symbol) const;

  std::vector<Edge> edges_;
  std::unordered_map<std::string, Function> functions_;
  std::unordered_map<std::string, std::string> excerpts_;  // by package
};

}  // namespace burrow::passes
