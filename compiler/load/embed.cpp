// See embed.h.
#include "load/embed.h"

#include "load/files.h"
#include "load/module_path.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::load {

namespace {

// The length of the rune at the start; bad UTF-8 counts by bytes.
size_t runeLength(std::string_view s) {
  const auto c = static_cast<unsigned char>(s[0]);
  size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;
  return std::min(n, s.size());
}

// One "[...]" class at the start of *pattern against the rune at the start of `name`. Advances *pattern behind it.
bool matchClass(std::string_view* pattern, std::string_view rune, bool* bad) {
  std::string_view& p = *pattern;
  p.remove_prefix(1);
  bool negated = p.starts_with('^'), matched = false, any = false;
  if (negated) p.remove_prefix(1);
  auto next = [&]() -> std::string_view {
    if (p.empty() || p[0] == '-' || p[0] == ']') {
      *bad = true;
      return {};
    }
    if (p[0] == '\\') {
      p.remove_prefix(1);
      if (p.empty()) {
        *bad = true;
        return {};
      }
    }
    std::string_view r = p.substr(0, runeLength(p));
    p.remove_prefix(r.size());
    if (p.empty()) *bad = true;
    return r;
  };
  // UTF-8 keeps the order of runes, so that texts can be compared.
  for (;;) {
    if (p.starts_with(']') && any) {
      p.remove_prefix(1);
      break;
    }
    std::string_view low = next();
    if (*bad) return false;
    std::string_view high = low;
    if (p.starts_with('-')) {
      p.remove_prefix(1);
      high = next();
      if (*bad) return false;
    }
    matched |= low <= rune && rune <= high;
    any = true;
  }
  return matched != negated;
}

bool matchHere(std::string_view pattern, std::string_view name, bool* bad) {
  while (!pattern.empty()) {
    switch (pattern[0]) {
      case '*': {
        while (pattern.starts_with('*')) pattern.remove_prefix(1);
        if (pattern.empty()) return name.find('/') == std::string_view::npos;
        for (size_t i = 0;; i++) {
          if (matchHere(pattern, name.substr(i), bad)) return true;
          if (*bad || i >= name.size() || name[i] == '/') return false;
        }
      }
      case '?':
        if (name.empty() || name[0] == '/') return false;
        name.remove_prefix(runeLength(name));
        pattern.remove_prefix(1);
        break;
      case '[': {
        if (name.empty()) {
          matchClass(&pattern, "", bad);
          return false;
        }
        std::string_view rune = name.substr(0, runeLength(name));
        if (!matchClass(&pattern, rune, bad) || *bad) return false;
        name.remove_prefix(rune.size());
        break;
      }
      case '\\':
        pattern.remove_prefix(1);
        if (pattern.empty()) {
          *bad = true;
          return false;
        }
        [[fallthrough]];
      default:
        if (name.empty() || name[0] != pattern[0]) return false;
        name.remove_prefix(1);
        pattern.remove_prefix(1);
    }
  }
  return name.empty();
}

bool isWellFormed(std::string_view pattern) {
  bool bad = false;
  while (!pattern.empty() && !bad) {
    if (pattern[0] == '[') {
      matchClass(&pattern, "", &bad);
    } else if (pattern[0] == '\\') {
      bad = pattern.size() < 2;
      pattern.remove_prefix(bad ? 1 : 2);
    } else {
      pattern.remove_prefix(1);
    }
  }
  return !bad;
}

// A slash-separated path without "", "." and ".." elements.
bool isPlainPath(std::string_view path) {
  if (path.empty() || path == ".") return false;
  for (;;) {
    size_t slash = path.find('/');
    std::string_view element = path.substr(0, slash);
    if (element.empty() || element == "." || element == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

// Everything below dir/base that the pattern names, element by element.
void glob(const Overlay& disk, const std::string& dir, const std::string& base, std::string_view pattern, std::vector<std::string>* out) {
  const size_t slash = pattern.find('/');
  std::string_view element = pattern.substr(0, slash);
  const bool isLast = slash == std::string_view::npos;
  auto take = [&](const std::string& name) {
    std::string path = base.empty() ? name : base + "/" + name;
    if (isLast) {
      out->push_back(std::move(path));
    } else {
      glob(disk, dir, path, pattern.substr(slash + 1), out);
    }
  };
  if (element.find_first_of("*?[\\") == std::string_view::npos) {
    struct stat st;
    if (disk.lstat(joinPath(joinPath(dir, base), element), &st)) take(std::string(element));
    return;
  }
  std::vector<DirEntry> entries;
  std::string ignored;
  if (!disk.isDir(joinPath(dir, base)) || !disk.readDir(joinPath(dir, base), &entries, &ignored, AllKinds)) return;
  for (const DirEntry& e : entries) {
    bool bad = false;
    if (matchHere(element, e.name, &bad)) take(e.name);
  }
}

struct Resolver {
  const Overlay& disk;
  const std::string& dir;
  bool all;
  std::vector<std::string>* files;
  std::string error;

  bool fail(std::string message) {
    error = std::move(message);
    return false;
  }

  bool walk(const std::string& relative, size_t* count) {
    std::vector<DirEntry> entries;
    std::string message;
    if (!disk.readDir(joinPath(dir, relative), &entries, &message, AllKinds)) return fail(message);
    for (const DirEntry& e : entries) {
      std::string path = relative + "/" + e.name;
      struct stat st;
      if (!disk.lstat(joinPath(dir, path), &st)) continue;
      const bool hidden = e.name[0] == '.' || e.name[0] == '_', folder = S_ISDIR(st.st_mode);
      const bool badName = isBadEmbedName(e.name);
      if (badName || (hidden && !all)) {
        if (folder || hidden) continue;
        return fail(fmt::format("cannot embed file {}: invalid name {}", path, e.name));
      }
      if (folder) {
        if (!disk.isFile(joinPath(joinPath(dir, path), "go.mod")) && !walk(path, count)) return false;
      } else if (S_ISREG(st.st_mode)) {
        ++*count;
        files->push_back(path);
      }
    }
    return true;
  }

  bool add(const std::string& relative) {
    struct stat st;
    if (!disk.lstat(joinPath(dir, relative), &st)) return true;
    const char* what = S_ISDIR(st.st_mode) ? "directory" : "file";
    for (std::string at = relative; at != "."; at = std::string(dirName(at))) {
      struct stat here;
      if (disk.isFile(joinPath(joinPath(dir, at), "go.mod")))
        return fail(fmt::format("cannot embed {} {}: in different module", what, relative));
      if (at != relative && disk.lstat(joinPath(dir, at), &here) && !S_ISDIR(here.st_mode))
        return fail(fmt::format("cannot embed {} {}: in non-directory {}", what, relative, at));
      std::string_view element = baseName(at);
      if (isBadEmbedName(element)) {
        return fail(fmt::format("cannot embed {} {}: {} {}", what, relative,
                                at == relative ? "invalid name" : "in invalid directory", element));
      }
    }
    if (S_ISREG(st.st_mode)) {
      files->push_back(relative);
      return true;
    }
    if (!S_ISDIR(st.st_mode)) return fail(fmt::format("cannot embed irregular file {}", relative));
    size_t count = 0;
    if (!walk(relative, &count)) return false;
    if (count == 0) return fail(fmt::format("cannot embed directory {}: contains no embeddable files", relative));
    return true;
  }
};

}  // namespace

bool matchPath(std::string_view pattern, std::string_view name, bool* bad) {
  *bad = !isWellFormed(pattern);
  return !*bad && matchHere(pattern, name, bad);
}

bool splitEmbedLine(std::string_view text, std::vector<std::pair<std::string, size_t>>* patterns) {
  constexpr std::string_view kBlanks = " \t\r";
  size_t i = 0;
  for (;;) {
    i = text.find_first_not_of(kBlanks, i);
    if (i == std::string_view::npos) return true;
    const size_t start = i;
    std::string pattern;
    if (text[i] == '"' || text[i] == '`') {
      const char quote = text[i++];
      for (; i < text.size() && text[i] != quote; i++) {
        if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) i++;
        pattern += text[i];
      }
      if (i >= text.size()) return false;
      i++;
      if (i < text.size() && kBlanks.find(text[i]) == std::string_view::npos) return false;
    } else {
      i = std::min(text.find_first_of(kBlanks, i), text.size());
      pattern = text.substr(start, i - start);
    }
    patterns->emplace_back(std::move(pattern), start);
  }
}

bool resolveEmbed(const Overlay& disk, const std::string& dir, const std::string& pattern,
                  std::vector<std::string>* files, std::string* error) {
  const bool all = pattern.starts_with("all:");
  const std::string plain = all ? pattern.substr(4) : pattern;
  auto fail = [&](std::string_view why) {
    *error = fmt::format("pattern {}: {}", pattern, why);
    return false;
  };
  if (!isWellFormed(plain) || !isPlainPath(plain)) return fail("invalid pattern syntax");
  std::vector<std::string> matches;
  glob(disk, dir, "", plain, &matches);
  Resolver resolver{disk, dir, all, files, {}};
  for (const std::string& match : matches) {
    if (!resolver.add(match)) return fail(resolver.error);
  }
  if (files->empty()) return fail("no matching files found");
  std::sort(files->begin(), files->end());
  files->erase(std::unique(files->begin(), files->end()), files->end());
  return true;
}

}  // namespace burrow::load
