// See test2json.h.
#include "driver/test2json.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#define JSON_NOEXCEPTION
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <ctime>

namespace burrow::driver {

namespace {

constexpr char kMark = 0x16, kErrorBegin = 0x0f, kErrorEnd = 0x0e, kEscape = 0x1b;

std::string jsonText(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// RFC 3339 with nanoseconds, in local time.
std::string now() {
  timespec ts{};
  ::clock_gettime(CLOCK_REALTIME, &ts);
  tm local{};
  ::localtime_r(&ts.tv_sec, &local);
  std::string fraction = fmt::format(".{:09}", ts.tv_nsec);
  while (fraction.back() == '0') fraction.pop_back();
  if (fraction == ".") fraction.clear();
  const long offset = local.tm_gmtoff / 60;
  std::string zone = offset == 0 ? "Z" : fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', std::labs(offset) / 60, std::labs(offset) % 60);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}{}{}", local, fraction, zone);
}

std::string seconds(double value) {
  std::string text = fmt::format("{:.3f}", value);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::string buildEvents(const std::string& importPath, std::string_view text, bool failed) {
  std::string out;
  const std::string begin = "{\"ImportPath\":" + jsonText(importPath);
  while (!text.empty()) {
    const size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    out += begin + ",\"Action\":\"build-output\",\"Output\":" + jsonText(std::string(text.substr(0, length))) + "}\n";
    text.remove_prefix(length);
  }
  if (failed) out += begin + ",\"Action\":\"build-fail\"}\n";
  return out;
}

Test2Json::Test2Json(Write write, std::string package)
    : write_(std::move(write)), package_(std::move(package)), start_(std::chrono::steady_clock::now()) {
  this->write({"start", "", "", "", ""});
}

void Test2Json::write(const Event& e, const std::string* text, const char* type) {
  std::string out = fmt::format("{{\"Time\":\"{}\",\"Action\":{},\"Package\":{}", now(), jsonText(e.action), jsonText(package_));
  if (!e.test.empty()) out += ",\"Test\":" + jsonText(e.test);
  if (e.elapsed >= 0) out += ",\"Elapsed\":" + seconds(e.elapsed);
  if (text) out += ",\"Output\":" + jsonText(*text);
  if (type) out += fmt::format(",\"OutputType\":\"{}\"", type);
  if (e.action == "fail" && e.test.empty() && !failedBuild_.empty()) out += ",\"FailedBuild\":" + jsonText(failedBuild_);
  if (!e.key.empty()) out += ",\"Key\":" + jsonText(e.key);
  if (!e.value.empty()) out += ",\"Value\":" + jsonText(e.value);
  if (!e.path.empty()) out += ",\"Path\":" + jsonText(e.path);
  write_(out + "}\n");
}

void Test2Json::output(std::string_view text, const char* type) {
  if (text.empty()) return;
  std::string copy(text);
  write({"output", test_, "", "", ""}, &copy, type);
}

// Text with errors between marks: each part is an event of its own.
void Test2Json::outputMarked(std::string_view text, bool isFrame) {
  std::string part;
  const char* type = isFrame ? "frame" : inError_ ? "error-continue" : nullptr;
  for (size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (c == kEscape && i + 1 < text.size()) {
      part += text[++i];
    } else if (c == kErrorBegin) {
      output(part, type);
      part.clear();
      inError_ = true;
      type = "error";
    } else if (c == kErrorEnd) {
      if (i + 1 < text.size() && text[i + 1] == '\n') part += text[++i];
      output(part, type);
      part.clear();
      inError_ = false;
      type = nullptr;
    } else {
      part += c;
    }
  }
  output(part, type);
}

void Test2Json::flushReports(size_t depth) {
  test_.clear();
  while (reports_.size() > depth) {
    write(reports_.back());
    reports_.pop_back();
  }
}

void Test2Json::add(std::string_view bytes) {
  rest_ += bytes;
  size_t at = 0;
  for (size_t end; (end = rest_.find('\n', at)) != std::string::npos; at = end + 1)
    line(std::string_view(rest_).substr(at, end + 1 - at));
  rest_.erase(0, at);
}

void Test2Json::line(std::string_view whole) {
  // A mark may stand behind text that was printed without a line end.
  if (size_t mark = whole.find(kMark); mark != std::string_view::npos && mark > 0) {
    outputMarked(whole.substr(0, mark), false);
    whole.remove_prefix(mark);
  }
  const bool marked = whole[0] == kMark;
  if (!marked) {
    // Without a mark only the end of an ordinary run says something.
    if (whole.starts_with("?   \t") && whole.ends_with("\t[no test files]\n") && reports_.empty()) result_ = "skip";
    size_t indent = 0;
    std::string_view rest = whole;
    while (rest.starts_with("    ")) {
      rest.remove_prefix(4);
      indent++;
    }
    if (whole.starts_with("FAIL\t") || whole.starts_with("ok  \t")) {
      flushReports(0);
      if (whole[0] == 'F') result_ = "fail";
    } else if (indent > 0 && indent <= reports_.size()) {
      test_ = reports_[indent - 1].test;
    }
    outputMarked(whole, false);
    return;
  }
  std::string_view text = whole.substr(1);
  std::string_view trimmed = text;
  while (trimmed.ends_with('\n') || trimmed.ends_with('\r')) trimmed.remove_suffix(1);
  if (trimmed == "PASS" || trimmed == "FAIL" || trimmed.starts_with("FAIL\t")) {
    flushReports(0);
    result_ = trimmed == "PASS" ? "pass" : "fail";
    outputMarked(text, true);
    return;
  }
  size_t indent = 0;
  std::string_view report = text;
  while (report.starts_with("    ")) {
    report.remove_prefix(4);
    indent++;
  }
  for (std::string_view kind : {"PASS", "FAIL", "SKIP", "BENCH"}) {
    std::string prefix = fmt::format("--- {}: ", kind);
    if (!report.starts_with(prefix) || reports_.size() < indent) continue;
    flushReports(indent);
    Event e;
    e.action = kind == "PASS" ? "pass" : kind == "FAIL" ? "fail" : kind == "SKIP" ? "skip" : "bench";
    std::string name(trimmed.substr(trimmed.find(prefix) + prefix.size()));
    if (size_t paren = name.find(" ("); paren != std::string::npos) {
      if (name.ends_with("s)")) e.elapsed = std::strtod(name.c_str() + paren + 2, nullptr);
      name.resize(paren);
    }
    e.test = test_ = name;
    reports_.push_back(e);
    outputMarked(text, true);
    return;
  }
  for (std::string_view kind : {"RUN", "PAUSE", "CONT", "NAME", "PASS", "FAIL", "SKIP", "ATTR", "ARTIFACTS"}) {
    std::string prefix = fmt::format("=== {}", kind);
    if (!text.starts_with(prefix)) continue;
    Event e;
    for (char c : kind) e.action += static_cast<char>(c + 32);
    std::string name(trimmed.substr(prefix.size()));
    name.erase(0, std::min(name.find_first_not_of(" :"), name.size()));
    while (name.ends_with(' ')) name.pop_back();
    auto cut = [](std::string& from) {
      size_t space = from.find(' ');
      std::string rest = space == std::string::npos ? "" : from.substr(space + 1);
      from = from.substr(0, space);
      return rest;
    };
    if (kind == "ATTR") {
      e.key = cut(name);
      e.value = cut(e.key);
    } else if (kind == "ARTIFACTS") {
      e.path = cut(name);
    }
    flushReports(0);
    e.test = test_ = name;
    if (kind == "NAME") return;
    if (kind == "PAUSE") outputMarked(text, true);
    write(e);
    if (kind != "PAUSE") outputMarked(text, true);
    return;
  }
  outputMarked(text, false);
}

void Test2Json::finish(bool failed) {
  if (!rest_.empty()) {
    std::string last = std::move(rest_);
    rest_.clear();
    if (last[0] == kMark) {
      line(last);
    } else {
      outputMarked(last, false);
    }
  }
  flushReports(0);
  if (failed) result_ = "fail";
  if (result_.empty()) result_ = "pass";
  Event e;
  e.action = result_;
  e.elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  write(e);
}

}  // namespace burrow::driver
