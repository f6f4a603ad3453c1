// From a file that `pprof` reads to what the compiler wants to know of it (passes/call_profile.h).
//
// pprof's format is a message of Protocol Buffers, mostly compressed by gzip: samples are stacks of numbered locations, a location is
// the lines of a function and of what was inlined into it, innermost first
// (https://github.com/google/pprof/blob/main/proto/profile.proto). Of it is used: how often a stack was seen, names and first lines
// of functions, lines. gc's build writes the calls of a profile down as text, "GO PREPROFILE V1", for the many processes of its compiler;
// scripts that call the compiler themselves may have that.
//
// A call counts once for a sample, however often it stands in the stack, so that recursion weighs no more than its time.
//
// Rejected: a library for Protocol Buffers. It would want the schema compiled, and all of it that is needed here is numbers, texts
// and lists of them.
#include "driver/profile_reader.h"

#include "load/files.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>

namespace burrow::driver {

namespace {

using passes::CallProfile;

constexpr std::string_view kTextHeader = "GO PREPROFILE V1\n";
constexpr size_t kMaxInflated = size_t(1) << 30;

// A message's fields, one after the other.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : rest_(bytes) {}

  // The next field. False at the end and after an error.
  bool next() {
    if (rest_.empty() || !error.empty()) return false;
    const uint64_t key = varint();
    number = key >> 3;
    switch (key & 7) {
      case 0:
        isBytes_ = false;
        value = varint();
        break;
      case 1:
        isBytes_ = false;
        value = 0;
        take(8);
        break;
      case 2:
        isBytes_ = true;
        bytes = take(varint());
        break;
      case 5:
        isBytes_ = false;
        value = 0;
        take(4);
        break;
      default:
        error = fmt::format("unknown wire type: {}", key & 7);
    }
    return error.empty();
  }

  // A field that is a list of numbers: packed into one field, or one of several.
  void addTo(std::vector<uint64_t>& list) {
    if (!isBytes_) return list.push_back(value);
    Fields packed(bytes);
    while (!packed.rest_.empty() && packed.error.empty()) list.push_back(packed.varint());
    error = packed.error;
  }

  uint64_t number = 0, value = 0;
  std::string_view bytes;
  std::string error;

 private:
  uint64_t varint() {
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<uint8_t>(rest_[0]);
      rest_.remove_prefix(1);
      v |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) return v;
    }
    error = "bad varint";
    return 0;
  }
  std::string_view take(uint64_t n) {
    if (n > rest_.size()) {
      error = "too much data";
      return {};
    }
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  std::string_view rest_;
  bool isBytes_ = false;
};

struct Frame {
  uint64_t function = 0;
  int64_t line = 0;
};
struct FunctionEntry {
  uint64_t name = 0;
  int64_t startLine = 0;
};
struct Sample {
  std::vector<uint64_t> locations;  // innermost first
  std::vector<uint64_t> values;
};

class PprofReader {
 public:
  std::unique_ptr<CallProfile> read(std::string_view message, double hotPercent, std::string* error) {
    if (!parse(message)) {
      *error = "error parsing profile: parsing profile: " + error_;
      return nullptr;
    }
    if (samples_.empty()) return std::make_unique<CallProfile>();
    size_t value = SIZE_MAX;
    for (size_t i = 0; i < types_.size() && value == SIZE_MAX; i++) {
      const std::string_view type = text(types_[i].first), unit = text(types_[i].second);
      if ((type == "samples" && unit == "count") || (type == "cpu" && unit == "nanoseconds")) value = i;
    }
    if (value == SIZE_MAX) {
      *error = "profile does not contain a sample index with value/type \"samples/count\" or cpu/nanoseconds\"";
      return nullptr;
    }
    // Nanoseconds are as many samples as there are periods in them.
    if (text(types_[value].second) == "nanoseconds" && period_ > 0) perSample_ = period_;
    for (const Sample& sample : samples_) {
      if (value < sample.values.size() && sample.values[value] != 0) count(sample, static_cast<int64_t>(sample.values[value]));
    }
    if (!edges_.empty() && !sawStartLine_) {
      *error = "profile missing Function.start_line data (Go version of profiled application too old? Go 1.20+ automatically adds this to profiles)";
      return nullptr;
    }
    std::vector<CallProfile::Edge> edges;
    for (const auto& [key, weight] : edges_) {
      const auto& [caller, line, callee] = key;
      edges.push_back({std::string(text(caller)), std::string(text(callee)), static_cast<int32_t>(line), weight});
    }
    std::vector<CallProfile::Line> lines;
    for (const auto& [key, count] : lines_) {
      lines.push_back({std::string(text(key.first)), static_cast<int32_t>(key.second), count});
    }
    return std::make_unique<CallProfile>(std::move(edges), std::move(lines), hotPercent);
  }

 private:
  std::string_view text(uint64_t index) const { return index < texts_.size() ? texts_[index] : std::string_view(); }

  bool parse(std::string_view message) {
    Fields fields(message);
    while (fields.next()) {
      std::string error;
      Fields part(fields.bytes);
      switch (fields.number) {
        case 1: {  // sample_type
          std::pair<uint64_t, uint64_t> type;
          while (part.next()) (part.number == 1 ? type.first : part.number == 2 ? type.second : part.value) = part.value;
          types_.push_back(type);
          break;
        }
        case 2: {  // sample
          Sample& sample = samples_.emplace_back();
          while (part.next()) {
            if (part.number == 1) part.addTo(sample.locations);
            if (part.number == 2) part.addTo(sample.values);
          }
          break;
        }
        case 4: {  // location
          uint64_t id = 0;
          std::vector<Frame> frames;
          while (part.next()) {
            if (part.number == 1) id = part.value;
            if (part.number != 4) continue;
            Frame& frame = frames.emplace_back();
            Fields line(part.bytes);
            while (line.next()) {
              if (line.number == 1) frame.function = line.value;
              if (line.number == 2) frame.line = static_cast<int64_t>(line.value);
            }
            if (!line.error.empty()) part.error = line.error;
          }
          locations_[id] = std::move(frames);
          break;
        }
        case 5: {  // function
          uint64_t id = 0;
          FunctionEntry entry;
          while (part.next()) {
            if (part.number == 1) id = part.value;
            if (part.number == 2) entry.name = part.value;
            if (part.number == 5) entry.startLine = static_cast<int64_t>(part.value);
          }
          functions_[id] = entry;
          sawStartLine_ |= entry.startLine != 0;
          break;
        }
        case 12:
          period_ = static_cast<int64_t>(fields.value);
          continue;
        case 6:  // string_table
          texts_.push_back(fields.bytes);
          continue;
        default:
          continue;
      }
      if (!part.error.empty()) error_ = part.error;
    }
    if (!fields.error.empty()) error_ = fields.error;
    return error_.empty();
  }

  // A stack that was seen `n` times.
  void count(const Sample& sample, int64_t n) {
    std::set<std::tuple<uint64_t, int64_t, uint64_t, int64_t>> seenCalls;
    std::set<std::pair<uint64_t, int64_t>> seenLines;
    uint64_t caller = 0;
    int64_t callerLine = 0;
    bool any = false;
    for (auto location = sample.locations.rbegin(); location != sample.locations.rend(); ++location) {
      const auto known = locations_.find(*location);
      if (known == locations_.end()) continue;
      for (auto frame = known->second.rbegin(); frame != known->second.rend(); ++frame) {
        const auto function = functions_.find(frame->function);
        if (function == functions_.end()) continue;
        const uint64_t name = function->second.name;
        const int64_t line = frame->line - function->second.startLine;
        if (seenLines.emplace(name, line).second) lines_[{name, line}] += std::max<int64_t>(1, n / perSample_);
        const bool same = name == caller && line == callerLine;
        if (any && !same && seenCalls.emplace(caller, callerLine, name, line).second) edges_[{caller, callerLine, name}] += n;
        caller = name;
        callerLine = line;
        any = true;
      }
    }
  }

  std::vector<std::string_view> texts_;
  std::vector<std::pair<uint64_t, uint64_t>> types_;
  std::vector<Sample> samples_;
  std::map<uint64_t, std::vector<Frame>> locations_;
  std::map<uint64_t, FunctionEntry> functions_;
  bool sawStartLine_ = false;
  int64_t period_ = 0, perSample_ = 1;  // nanoseconds; how much of the chosen value one sample is
  std::string error_;
  std::map<std::tuple<uint64_t, int64_t, uint64_t>, int64_t> edges_;
  std::map<std::pair<uint64_t, int64_t>, int64_t> lines_;
};

bool inflateGzip(std::string_view packed, std::string* out, std::string* error) {
  z_stream stream = {};
  constexpr int kGzipWindow = 15 + 16;
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) {
    *error = "out of memory";
    return false;
  }
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int status = Z_OK;
  while (status == Z_OK && out->size() < kMaxInflated) {
    char buffer[1 << 16];
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    status = inflate(&stream, Z_NO_FLUSH);
    out->append(buffer, sizeof buffer - stream.avail_out);
    if (status == Z_BUF_ERROR || (status == Z_OK && stream.avail_in == 0 && stream.avail_out != 0)) break;
    if (status == Z_STREAM_END && stream.avail_in > 0 && inflateReset(&stream) == Z_OK) status = Z_OK;  // files may be joined
  }
  inflateEnd(&stream);
  if (status == Z_STREAM_END) return true;
  *error = status == Z_DATA_ERROR ? "gzip: invalid header or data" : out->size() >= kMaxInflated ? "too much data" : "unexpected EOF";
  return false;
}

std::unique_ptr<CallProfile> parseText(std::string_view content, double hotPercent, std::string* error) {
  content.remove_prefix(kTextHeader.size());
  auto takeLine = [&](std::string_view* line) {
    if (content.empty()) return false;
    const size_t end = std::min(content.find('\n'), content.size());
    *line = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    return true;
  };
  std::vector<CallProfile::Edge> edges;
  std::string_view caller, callee, numbers;
  while (takeLine(&caller)) {
    if (!takeLine(&callee)) {
      *error = "preprocessed profile entry missing callee";
      return nullptr;
    }
    if (!takeLine(&numbers)) {
      *error = "preprocessed profile entry missing weight";
      return nullptr;
    }
    CallProfile::Edge edge{std::string(caller), std::string(callee)};
    const char* end = numbers.data() + numbers.size();
    const auto line = std::from_chars(numbers.data(), end, edge.line);
    const auto weight = line.ptr == end ? line : std::from_chars(line.ptr + 1, end, edge.weight);
    if (line.ec != std::errc() || line.ptr == end || *line.ptr != ' ' || weight.ec != std::errc() || weight.ptr != end) {
      *error = fmt::format("preprocessed profile entry got \"{}\" want a call line and a weight", numbers);
      return nullptr;
    }
    edges.push_back(std::move(edge));
  }
  return std::make_unique<CallProfile>(std::move(edges), std::vector<CallProfile::Line>(), hotPercent);
}

}  // namespace

std::unique_ptr<CallProfile> parseProfile(std::string_view content, double hotPercent, std::string* error) {
  if (content.starts_with(kTextHeader)) return parseText(content, hotPercent, error);
  std::string inflated;
  if (content.starts_with("\x1f\x8b")) {
    std::string problem;
    if (!inflateGzip(content, &inflated, &problem)) {
      *error = "error parsing profile: decompressing profile: " + problem;
      return nullptr;
    }
    content = inflated;
  }
  return PprofReader().read(content, hotPercent, error);
}

std::unique_ptr<CallProfile> readProfile(const std::string& path, double hotPercent, std::string* error) {
  std::string content;
  if (load::isDir(path)) {
    *error = fmt::format("error parsing profile: error parsing profile: read {}: is a directory", path);
    return nullptr;
  }
  if (!load::readFile(path, &content, error)) {
    *error = "error opening profile: " + *error;
    return nullptr;
  }
  std::unique_ptr<CallProfile> profile = parseProfile(content, hotPercent, error);
  if (!profile) *error = "error parsing profile: " + *error;
  return profile;
}

}  // namespace burrow::driver
