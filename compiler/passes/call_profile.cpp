// What a CPU profile says about calls and lines.
//
// A profile of a program that ran is the only thing that knows which of its calls are worth what they cost. Here it is in the
// form in which passes ask: is this call hot, what did it call, was this line ever seen. Where it comes from is the reader's
// matter (driver/profile_reader.h).
//
// Invariants: places are named as tracebacks name them, by function and line within it, whatever was inlined where; a profile of a
// program that was compiled by gc, or with other flags, says the same. What is asked about a function depends on the excerpt of
// its package only, so that a package of which the profile knows nothing is the same with it and without it, and stays in the cache.
//
// Rejected: samples of single instructions. At a hundred a second they are too few to say how often a branch was taken.
#include "passes/call_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace burrow::passes {

namespace {

constexpr std::string_view kRuntime = "runtime";

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The path of the package: "a/b.c" of "a/b%2ec.(*T).M", what is before the first dot behind the last slash. Type arguments may have
// slashes of their own.
std::string packageOf(std::string_view symbol) {
  const size_t end = std::min(symbol.find('['), symbol.size());
  const size_t slash = symbol.substr(0, end).rfind('/');
  const std::string_view escaped = symbol.substr(0, symbol.find('.', slash == std::string_view::npos ? 0 : slash));
  std::string path;
  for (size_t i = 0; i < escaped.size(); i++) {
    if (escaped[i] == '%' && i + 2 < escaped.size() && hexDigit(escaped[i + 1]) >= 0 && hexDigit(escaped[i + 2]) >= 0) {
      path += static_cast<char>(hexDigit(escaped[i + 1]) * 16 + hexDigit(escaped[i + 2]));
      i += 2;
    } else {
      path += escaped[i];
    }
  }
  return path;
}

}  // namespace

std::string profileName(std::string_view symbol) {
  std::string out;
  int depth = 0;
  for (char c : symbol) {
    if (c == '[' && depth++ == 0) out += "[...";
    if (c == ']' && depth > 0) depth--;
    if (depth == 0) out += c;
  }
  return out;
}

CallProfile::CallProfile(std::vector<Edge> edges, std::vector<Line> lines, double hotPercent) : edges_(std::move(edges)) {
  std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) {
    if (a.weight != b.weight) return a.weight > b.weight;
    if (a.caller != b.caller) return a.caller < b.caller;
    if (a.callee != b.callee) return a.callee < b.callee;
    return a.line < b.line;
  });
  double total = 0, sum = 0;
  for (const Edge& e : edges_) total += static_cast<double>(e.weight);
  std::unordered_set<std::string_view> hotCallees;
  for (const Edge& e : edges_) {
    const bool hot = sum / total * 100 <= hotPercent;
    sum += static_cast<double>(e.weight);
    // The runtime is never compiled by a profile: every package imports it, and would be another one with each profile.
    if (packageOf(e.caller) != kRuntime) functions_[profileName(e.caller)].calls[e.line].push_back({e.callee, e.weight, hot});
    if (hot && packageOf(e.callee) != kRuntime) {
      functions_[profileName(e.callee)].hot = true;
      hotCallees.insert(e.callee);
    }
    excerpts_[packageOf(e.caller)] += fmt::format("{} {} {} {}{}\n", e.caller, e.line, e.callee, e.weight, hot ? " hot" : "");
  }
  std::vector<std::string_view> callees(hotCallees.begin(), hotCallees.end());
  std::sort(callees.begin(), callees.end());
  for (std::string_view callee : callees) excerpts_[packageOf(callee)] += fmt::format("{} hot\n", callee);

  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return std::tie(a.function, a.line) < std::tie(b.function, b.line); });
  for (const Line& l : lines) {
    Function& f = functions_[profileName(l.function)];
    f.lines[l.line] += l.samples;
    f.most = std::max(f.most, f.lines[l.line]);
    excerpts_[packageOf(l.function)] += fmt::format("{} {} {}\n", l.function, l.line, l.samples);
  }
}

const CallProfile::Function* CallProfile::find(std::string_view symbol) const {
  const auto it = functions_.find(profileName(symbol));
  return it == functions_.end() ? nullptr : &it->second;
}

bool CallProfile::isHotCallee(std::string_view function) const {
  const Function* f = find(function);
  return f != nullptr && f->hot;
}

bool CallProfile::isHotCall(std::string_view caller, int32_t line, std::string_view callee) const {
  const std::string name = profileName(callee);
  for (const Target& t : targets(caller, line)) {
    if (t.hot && profileName(t.callee) == name) return true;
  }
  return false;
}

std::span<const CallProfile::Target> CallProfile::targets(std::string_view caller, int32_t line) const {
  const Function* f = find(caller);
  if (f == nullptr) return {};
  const auto it = f->calls.find(line);
  if (it == f->calls.end()) return {};
  return it->second;
}

int64_t CallProfile::samples(std::string_view function, int32_t line) const {
  const Function* f = find(function);
  if (f == nullptr) return 0;
  const auto it = f->lines.find(line);
  return it == f->lines.end() ? 0 : it->second;
}

int64_t CallProfile::samples(std::string_view function) const {
  const Function* f = find(function);
  return f == nullptr ? 0 : f->most;
}

std::string_view CallProfile::excerpt(std::string_view path) const {
  if (path == kRuntime) return {};
  const auto it = excerpts_.find(std::string(path));
  return it == excerpts_.end() ? std::string_view() : it->second;
}

}  // namespace burrow::passes
