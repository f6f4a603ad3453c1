// Which tags hold, what file names say, and the build constraints in a file's header. See build_constraint.h.
#include "syntax/build_constraint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

namespace burrow::syntax {

namespace {

constexpr std::string_view kKnownOs[] = {
    "aix",   "android", "darwin",  "dragonfly", "freebsd", "hurd",   "illumos", "ios",     "js",
    "linux", "nacl",    "netbsd",  "openbsd",   "plan9",   "solaris", "wasip1", "windows", "zos",
};
constexpr std::string_view kUnixOs[] = {
    "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "linux", "netbsd", "openbsd",
    "solaris",
};
constexpr std::string_view kKnownArch[] = {
    "386",    "amd64",    "amd64p32",  "arm",         "armbe",  "arm64", "arm64be", "loong64", "mips",
    "mipsle", "mips64",   "mips64le",  "mips64p32",   "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv",
    "riscv64", "s390",    "s390x",     "sparc",       "sparc64", "wasm",
};

template <size_t N>
bool isOneOf(const std::string_view (&list)[N], std::string_view s) {
  return std::find(std::begin(list), std::end(list), s) != std::end(list);
}

constexpr std::string_view kBlanks = " \t\r\n\v\f";
std::string_view trim(std::string_view s) {
  size_t first = s.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return s.substr(0, 0);
  return s.substr(first, s.find_last_not_of(kBlanks) - first + 1);
}

struct Header {
  std::string_view plusBuildRegion;  // the leading comments that end in a blank line
  std::string_view goBuild;          // the line, or empty
  bool several = false;              // more than one //go:build line
};

// The //go:build line may stand anywhere before the first token, outside general comments. The older lines count only
// in the run of line comments and blank lines at the top, up to its last blank line (what follows is the package's
// comment).
Header readHeader(std::string_view content) {
  Header h;
  bool inComment = false;
  bool topEnded = false;
  size_t regionEnd = 0;
  for (size_t at = 0; at < content.size();) {
    size_t newline = std::min(content.find('\n', at), content.size());
    std::string_view line = trim(content.substr(at, newline - at));
    at = std::min(newline + 1, content.size());
    if (line.empty() && !topEnded) {
      regionEnd = at;
      continue;
    }
    if (!line.starts_with("//")) topEnded = true;
    if (!inComment && isGoBuildLine(line)) {
      if (!h.goBuild.empty()) {
        h.several = true;
        return h;
      }
      h.goBuild = line;
    }
    // Skip the comments on this line; anything else ends the header.
    while (!line.empty()) {
      if (inComment) {
        size_t end = line.find("*/");
        if (end == std::string_view::npos) break;
        inComment = false;
        line = trim(line.substr(end + 2));
      } else if (line.starts_with("//")) {
        break;
      } else if (line.starts_with("/*")) {
        inComment = true;
        line = line.substr(2);
      } else {
        h.plusBuildRegion = content.substr(0, regionEnd);
        return h;
      }
    }
  }
  h.plusBuildRegion = content.substr(0, regionEnd);
  return h;
}

}  // namespace

bool isKnownOs(std::string_view name) { return isOneOf(kKnownOs, name); }
bool isKnownArch(std::string_view name) { return isOneOf(kKnownArch, name); }

bool BuildContext::matchTag(std::string_view tag) const {
  if (tag == "cgo" && cgo) return true;
  if (tag == goos || tag == goarch || tag == compiler) return true;
  if (goos == "android" && tag == "linux") return true;
  if (goos == "illumos" && tag == "solaris") return true;
  if (goos == "ios" && tag == "darwin") return true;
  if (tag == "unix" && isOneOf(kUnixOs, goos)) return true;
  if (tag == "boringcrypto") tag = "goexperiment.boringcrypto";
  if (tag.starts_with("go1.")) {
    int minor = 0;
    std::string_view digits = tag.substr(4);
    auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), minor);
    bool plain = error == std::errc() && stop == digits.data() + digits.size() && digits[0] != '0' && digits[0] != '-';
    if (plain && minor <= goMinor) return true;
  }
  return tags.find(tag) != tags.end();
}

bool BuildContext::matchFileName(std::string_view name) const {
  name = name.substr(0, name.find('.'));
  // "linux.go" is no file for Linux: only what follows the first underscore counts.
  size_t first = name.find('_');
  if (first == std::string_view::npos) return true;
  std::vector<std::string_view> parts;
  for (size_t i = first; i != std::string_view::npos;) {
    size_t next = name.find('_', i + 1);
    parts.push_back(name.substr(i + 1, next == std::string_view::npos ? next : next - i - 1));
    i = next;
  }
  if (parts.back() == "test") parts.pop_back();
  size_t n = parts.size();
  if (n >= 2 && isKnownOs(parts[n - 2]) && isKnownArch(parts[n - 1])) {
    return matchTag(parts[n - 1]) && matchTag(parts[n - 2]);
  }
  if (n >= 1 && (isKnownOs(parts[n - 1]) || isKnownArch(parts[n - 1]))) return matchTag(parts[n - 1]);
  return true;
}

HeaderMatch matchHeader(std::string_view content, const BuildContext& context) {
  HeaderMatch result;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  Header header = readHeader(content);
  if (header.several) {
    result.match = false;
    result.error = "multiple //go:build comments";
    return result;
  }
  ConstraintError error;
  if (!header.goBuild.empty()) {
    auto constraint = parseGoBuild(header.goBuild, &error);
    if (!constraint) {
      result.match = false;
      result.error = fmt::format("parsing //go:build line: {}", error.message);
      return result;
    }
    result.match = context.eval(*constraint);
    result.goVersion = impliedGoVersion(*constraint);
    return result;
  }
  std::string_view region = header.plusBuildRegion;
  while (!region.empty()) {
    size_t newline = std::min(region.find('\n'), region.size());
    std::string_view line = trim(region.substr(0, newline));
    region = region.substr(std::min(newline + 1, region.size()));
    if (!line.starts_with("//") || line.find("+build") == std::string_view::npos) continue;
    auto constraint = parsePlusBuild(line, &error);
    if (constraint && !context.eval(*constraint)) result.match = false;
  }
  return result;
}

}  // namespace burrow::syntax
