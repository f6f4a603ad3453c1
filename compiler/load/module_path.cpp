// See module_path.h.
#include "load/module_path.h"

#include "source/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace burrow::load {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isAlnum(char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool isAllowed(uint32_t rune, PathKind kind) {
  if (rune >= 0x80) return kind == PathKind::File && source::isLetterRune(rune);
  const char c = static_cast<char>(rune);
  if (isAlnum(c)) return true;
  std::string_view also = kind == PathKind::File     ? "!#$%&()+,-.=@[]^_{}~ "
                          : kind == PathKind::Import ? "-._~+"
                                                     : "-._~";
  return also.find(c) != std::string_view::npos;
}

bool sameFolded(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

// Names that one widespread system gives to devices; no file may have them there.
constexpr std::string_view kDeviceNames[] = {"CON",  "com1", "com2", "com3", "com4", "com5", "com6", "com7",
                                             "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6",
                                             "lpt7", "lpt8", "lpt9", "prn",  "aux",  "nul"};

std::string checkElement(std::string_view element, PathKind kind) {
  if (element.empty()) return "empty path element";
  if (element.find_first_not_of('.') == std::string_view::npos)
    return fmt::format("invalid path element \"{}\"", element);
  if (element[0] == '.' && kind == PathKind::Module) return "leading dot in path element";
  if (element.back() == '.') return "trailing dot in path element";
  for (size_t i = 0; i < element.size();) {
    source::DecodedRune rune = source::decodeRune(element.data() + i, element.data() + element.size());
    if (!rune.valid || !isAllowed(rune.code, kind))
      return fmt::format("invalid char {}", source::quoteRune(rune.valid ? rune.code : 0xfffd));
    i += rune.width;
  }
  std::string_view shortName = element.substr(0, element.find('.'));
  for (std::string_view bad : kDeviceNames) {
    if (sameFolded(bad, shortName)) return fmt::format("\"{}\" disallowed as path element component on Windows", shortName);
  }
  if (kind == PathKind::File) return {};
  size_t tilde = shortName.rfind('~');
  if (tilde != std::string_view::npos && tilde + 1 < shortName.size() &&
      std::all_of(shortName.begin() + static_cast<ptrdiff_t>(tilde) + 1, shortName.end(), isDigit)) {
    return "trailing tilde and digits in path element";
  }
  return {};
}

struct Version {
  std::string_view major, minor, patch, prerelease, build;  // numbers without dots; prerelease with its '-', build with '+'
  bool isShort = false;
};

std::optional<Version> parse(std::string_view v) {
  if (!v.starts_with('v')) return std::nullopt;
  v.remove_prefix(1);
  auto number = [&](std::string_view* out) {
    size_t n = 0;
    while (n < v.size() && isDigit(v[n])) n++;
    if (n == 0 || (n > 1 && v[0] == '0')) return false;
    *out = v.substr(0, n);
    v.remove_prefix(n);
    return true;
  };
  Version out;
  out.minor = out.patch = "0";
  if (!number(&out.major)) return std::nullopt;
  if (v.empty()) {
    out.isShort = true;
    return out;
  }
  if (v[0] != '.') return std::nullopt;
  v.remove_prefix(1);
  if (!number(&out.minor)) return std::nullopt;
  if (v.empty()) {
    out.isShort = true;
    return out;
  }
  if (v[0] != '.') return std::nullopt;
  v.remove_prefix(1);
  if (!number(&out.patch)) return std::nullopt;
  auto identifiers = [&](bool isPrerelease, std::string_view* text) {
    size_t end = 1;
    while (end < v.size() && (isAlnum(v[end]) || v[end] == '-' || v[end] == '.')) end++;
    *text = v.substr(0, end);
    v.remove_prefix(end);
    std::string_view rest = text->substr(1);
    for (;;) {
      size_t dot = rest.find('.');
      std::string_view part = rest.substr(0, dot);
      if (part.empty()) return false;
      if (isPrerelease && part.size() > 1 && part[0] == '0' && std::all_of(part.begin(), part.end(), isDigit)) return false;
      if (dot == std::string_view::npos) return true;
      rest.remove_prefix(dot + 1);
    }
  };
  if (v.starts_with('-') && !identifiers(true, &out.prerelease)) return std::nullopt;
  if (v.starts_with('+') && !identifiers(false, &out.build)) return std::nullopt;
  if (!v.empty()) return std::nullopt;
  return out;
}

int compareNumbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  int c = a.compare(b);
  return c < 0 ? -1 : c > 0 ? 1 : 0;
}

int comparePrereleases(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (a.empty()) return 1;
  if (b.empty()) return -1;
  while (!a.empty() && !b.empty()) {
    a.remove_prefix(1);  // '-' or '.'
    b.remove_prefix(1);
    std::string_view x = a.substr(0, a.find('.')), y = b.substr(0, b.find('.'));
    a.remove_prefix(x.size());
    b.remove_prefix(y.size());
    if (x == y) continue;
    const bool xNumber = std::all_of(x.begin(), x.end(), isDigit), yNumber = std::all_of(y.begin(), y.end(), isDigit);
    if (xNumber != yNumber) return xNumber ? -1 : 1;
    if (xNumber) return compareNumbers(x, y);
    return x < y ? -1 : 1;
  }
  return a.empty() ? -1 : 1;
}

}  // namespace

std::string checkPath(std::string_view path, PathKind kind) {
  if (path.empty()) return "empty string";
  if (path[0] == '-' && kind != PathKind::File) return "leading dash";
  if (path.find("//") != std::string_view::npos) return "double slash";
  if (path.back() == '/') return "trailing slash";
  while (true) {
    size_t slash = path.find('/');
    std::string problem = checkElement(path.substr(0, slash), kind);
    if (!problem.empty() || slash == std::string_view::npos) return problem;
    path.remove_prefix(slash + 1);
  }
}

std::string checkModulePath(std::string_view path) {
  if (std::string problem = checkPath(path, PathKind::Module); !problem.empty()) return problem;
  std::string_view first = path.substr(0, path.find('/'));
  if (first.find('.') == std::string_view::npos) return "missing dot in first path element";
  if (first[0] == '-') return "leading dash in first path element";
  for (char c : first) {
    if (c != '-' && c != '.' && !isDigit(c) && !(c >= 'a' && c <= 'z'))
      return fmt::format("invalid char '{}' in first path element", c);
  }
  std::string_view prefix, major;
  if (!splitPathVersion(path, &prefix, &major)) return "invalid version";
  return {};
}

bool isBadEmbedName(std::string_view name) {
  if (name.empty() || !checkPath(name, PathKind::File).empty()) return true;
  return name == ".bzr" || name == ".hg" || name == ".git" || name == ".svn";
}

std::string escapePath(std::string_view path) {
  std::string out;
  for (char c : path) {
    if (c >= 'A' && c <= 'Z') {
      out += '!';
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += c;
    }
  }
  return out;
}

bool isValidVersion(std::string_view version) { return parse(version).has_value(); }

bool isCanonicalVersion(std::string_view version) {
  auto v = parse(version);
  return v && !v->isShort && (v->build.empty() || v->build == "+incompatible");
}

int compareVersions(std::string_view a, std::string_view b) {
  auto x = parse(a), y = parse(b);
  if (!x || !y) return x ? 1 : y ? -1 : 0;
  if (int c = compareNumbers(x->major, y->major)) return c;
  if (int c = compareNumbers(x->minor, y->minor)) return c;
  if (int c = compareNumbers(x->patch, y->patch)) return c;
  return comparePrereleases(x->prerelease, y->prerelease);
}

std::string_view majorOf(std::string_view version) {
  auto v = parse(version);
  return v ? version.substr(0, v->major.size() + 1) : std::string_view{};
}

std::string_view prereleaseOf(std::string_view version) {
  auto v = parse(version);
  return v ? v->prerelease : std::string_view{};
}

bool isPseudoVersion(std::string_view version) {
  auto v = parse(version);
  if (!v || v->isShort || v->prerelease.empty()) return false;
  // ...14 digits of time, a dash, 12 digits of a commit.
  std::string_view p = v->prerelease;
  size_t dash = p.rfind('-');
  if (dash == 0 || p.size() - dash - 1 != 12 || dash < 14) return false;
  std::string_view time = p.substr(dash - 14, 14);
  const char before = p[dash - 15];
  return std::all_of(time.begin(), time.end(), isDigit) && (before == '-' || before == '.') &&
         std::all_of(p.begin() + static_cast<ptrdiff_t>(dash) + 1, p.end(), isAlnum);
}

bool splitPathVersion(std::string_view path, std::string_view* prefix, std::string_view* major) {
  *prefix = path;
  *major = {};
  if (path.starts_with("gopkg.in/")) {
    std::string_view p = path.ends_with("-unstable") ? path.substr(0, path.size() - 9) : path;
    size_t n = p.size();
    while (n > 0 && isDigit(p[n - 1])) n--;
    if (n <= 1 || p[n - 1] != 'v' || p[n - 2] != '.' || n == p.size()) return false;
    if (p[n] == '0' && p.size() - n > 1) return false;
    *prefix = path.substr(0, n - 2);
    *major = path.substr(n - 2);
    return true;
  }
  size_t n = path.size();
  bool dot = false;
  while (n > 0 && (isDigit(path[n - 1]) || path[n - 1] == '.')) {
    dot |= path[n - 1] == '.';
    n--;
  }
  if (n <= 1 || n == path.size() || path[n - 1] != 'v' || path[n - 2] != '/') return true;
  if (dot || path[n] == '0' || path.substr(n) == "1") return false;
  *prefix = path.substr(0, n - 2);
  *major = path.substr(n - 2);
  return true;
}

bool matchesPathMajor(std::string_view version, std::string_view major) {
  if (major.ends_with("-unstable")) major.remove_suffix(9);
  if (version.starts_with("v0.0.0-") && major == ".v1") return true;
  std::string_view m = majorOf(version);
  if (major.empty()) return m == "v0" || m == "v1" || version.ends_with("+incompatible");
  return m == major.substr(1);
}

}  // namespace burrow::load
