// See build_info.h.
#include "driver/build_info.h"

#include "load/files.h"

#include <fmt/format.h>

#include <elf.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>

namespace burrow::driver {

namespace {

// Sixteen bytes each, fixed by cmd/go; readers take the text between them.
constexpr unsigned char kStart[] = {0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02, 0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18, 0xe6};
constexpr unsigned char kEnd[] = {0xf9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xd8, 0xf2};
constexpr std::string_view kMagic = "\xff Go buildinf:";
constexpr size_t kHeader = 32;
constexpr char kPointerSize = 8, kInline = 2;

std::string moduleLine(const char* word, const load::Module& module, const std::string& stamp = {}) {
  auto version = [&](const load::Module& m) { return !m.isMain ? m.version : stamp.empty() ? std::string("(devel)") : stamp; };
  std::string line = fmt::format("{}\t{}\t{}", word, module.path, version(module));
  if (module.replace) {
    const load::Module& by = *module.replace;
    return fmt::format("{}\n=>\t{}\t{}\t{}\n", line, by.path, by.version.empty() ? "(devel)" : by.version, by.sum);
  }
  return fmt::format("{}\t{}\n", line, module.sum);
}

void addVarint(std::string& out, size_t n) {
  while (n >= 0x80) {
    out += static_cast<char>(n | 0x80);
    n >>= 7;
  }
  out += static_cast<char>(n);
}

bool takeVarString(std::string_view& from, std::string* to) {
  size_t n = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (from.empty()) return false;
    const auto c = static_cast<unsigned char>(from[0]);
    from.remove_prefix(1);
    n |= static_cast<size_t>(c & 0x7f) << shift;
    if (c & 0x80) continue;
    if (n > from.size()) return false;
    *to = from.substr(0, n);
    from.remove_prefix(n);
    return true;
  }
  return false;
}

// The parts of an ELF file that can hold the record: its section when there is one, else the segments that are data.
std::vector<std::string_view> candidates(std::string_view file) {
  std::vector<std::string_view> out;
  Elf64_Ehdr header;
  if (file.size() < sizeof header) return out;
  std::memcpy(&header, file.data(), sizeof header);
  auto piece = [&](uint64_t offset, uint64_t size) {
    if (offset < file.size()) out.push_back(file.substr(offset, std::min<uint64_t>(size, file.size() - offset)));
  };
  for (unsigned i = 0; i < header.e_phnum; i++) {
    const uint64_t at = header.e_phoff + uint64_t(i) * header.e_phentsize;
    Elf64_Phdr segment;
    if (at > file.size() || file.size() - at < sizeof segment) break;
    std::memcpy(&segment, file.data() + at, sizeof segment);
    if (segment.p_type == PT_LOAD && !(segment.p_flags & PF_X)) piece(segment.p_offset, segment.p_filesz);
  }
  return out;
}

bool readBuildInfo(std::string_view file, std::string* version, std::string* text) {
  if (!file.starts_with(ELFMAG)) return false;
  for (std::string_view part : candidates(file)) {
    for (size_t at = 0; (at = part.find(kMagic, at)) != std::string_view::npos; at++) {
      if (part.size() - at < kHeader || !(part[at + 15] & kInline)) continue;  // gc before 1.18 wrote pointers
      std::string_view rest = part.substr(at + kHeader);
      if (!takeVarString(rest, version) || !takeVarString(rest, text)) continue;
      const size_t mark = sizeof kStart;
      if (text->size() >= 2 * mark + 1 && (*text)[text->size() - mark - 1] == '\n') {
        *text = text->substr(mark, text->size() - 2 * mark);
      } else {
        text->clear();
      }
      return !version->empty();
    }
  }
  return false;
}

void show(const std::string& path, bool modules, bool complain, int* status) {
  std::string content, message, version, text;
  if (!load::readFile(path, &content, &message)) {
    if (complain) {
      std::fprintf(stderr, "%s\n", message.c_str());
      *status = 1;
    }
    return;
  }
  if (!readBuildInfo(content, &version, &text)) {
    if (complain) {
      std::fprintf(stderr, "%s: could not read Go build info from %s: %s\n", path.c_str(), path.c_str(),
                   content.starts_with(ELFMAG) ? "not a Go executable" : "unrecognized file format");
      *status = 1;
    }
    return;
  }
  std::printf("%s: %s\n", path.c_str(), version.c_str());
  if (!modules || text.empty()) return;
  text.pop_back();
  std::string indented = "\t";
  for (char c : text) {
    indented += c;
    if (c == '\n') indented += '\t';
  }
  std::printf("%s\n", indented.c_str());
}

}  // namespace

std::string buildInfoText(const load::Package& main, const std::vector<const load::Package*>& packages, const BuildFlags& flags,
                          const std::string& godebug, const VersionStamp& stamp) {
  std::string text = fmt::format("path\t{}\n", main.importPath);
  if (main.module) text += moduleLine("mod", *main.module, stamp.version);
  std::map<std::string, const load::Module*> dependencies;
  for (const load::Package* package : packages) {
    if (package->module && package->module != main.module) dependencies[package->module->path] = package->module;
  }
  for (const auto& [path, module] : dependencies) text += moduleLine("dep", *module);
  // In the go command's order. Flags with blanks are told only when they hold nothing of this machine.
  auto setting = [&](std::string_view key, std::string_view value) {
    const bool plain = value.find_first_of(" \t\r\n\"`") == std::string_view::npos;
    text += plain ? fmt::format("build\t{}={}\n", key, value) : fmt::format("build\t{}=\"{}\"\n", key, value);
  };
  setting("-buildmode", flags.isPie() ? "pie" : "exe");
  setting("-compiler", "burrow");
  auto joined = [](const std::vector<std::string>& list) {
    std::string all;
    for (const std::string& g : list) all += (all.empty() ? "" : " ") + g;
    return all;
  };
  if (!flags.gcflags.empty()) setting("-gcflags", joined(flags.gcflags));
  if (!flags.ldflags.empty() && !flags.trimPath) setting("-ldflags", joined(flags.ldflags));
  if (flags.lto) setting("-lto", "true");
  if (flags.cover) setting("-cover", "true");
  if (!flags.tags.empty()) setting("-tags", flags.tags);
  if (flags.trimPath) setting("-trimpath", "true");
  if (!main.profile.empty()) setting("-pgo", flags.trimPath ? std::string(load::baseName(main.profile)) : main.profile);
  if (!godebug.empty()) setting("DefaultGODEBUG", godebug);
  setting("CGO_ENABLED", "0");
  setting("GOARCH", "amd64");
  setting("GOOS", "linux");
  setting("GOAMD64", fmt::format("v{}", flags.amd64Level));
  for (const auto& [key, value] : stamp.settings) setting(key, value);
  return text;
}

std::string framedBuildInfo(const std::string& text) {
  return std::string(reinterpret_cast<const char*>(kStart), sizeof kStart) + text +
         std::string(reinterpret_cast<const char*>(kEnd), sizeof kEnd);
}

std::string buildInfoSection(const std::string& goVersion, const std::string& framed) {
  std::string out(kMagic);
  out += kPointerSize;
  out += kInline;
  out.resize(kHeader);
  addVarint(out, goVersion.size());
  out += goVersion;
  addVarint(out, framed.size());
  return out + framed;
}

int printVersions(const std::vector<std::string>& words) {
  bool modules = false, verbose = false;
  std::vector<std::string> paths;
  for (const std::string& word : words) {
    if (word == "-m" || word == "--m") {
      modules = true;
    } else if (word == "-v" || word == "--v") {
      verbose = true;
    } else if (word.starts_with('-')) {
      std::fprintf(stderr, "flag provided but not defined: %s\nusage: burrow version [-m] [-v] [file ...]\nRun 'burrow help version' for details.\n",
                   word.c_str());
      return 2;
    } else {
      paths.push_back(word);
    }
  }
  if (paths.empty()) {
    std::fputs("burrow: 'burrow version' only accepts -m and -v flags with files\n", stderr);
    return 2;
  }
  int status = 0;
  for (const std::string& path : paths) {
    struct stat st;
    if (::stat(path.c_str(), &st) != 0) {
      std::fprintf(stderr, "stat %s: no such file or directory\n", path.c_str());
      status = 1;
      continue;
    }
    if (!S_ISDIR(st.st_mode)) {
      show(path, modules, true, &status);
      continue;
    }
    std::vector<std::string> work{path};
    while (!work.empty()) {
      std::string dir = std::move(work.back());
      work.pop_back();
      std::vector<load::DirEntry> entries;
      std::string ignored;
      if (!load::readDir(dir, &entries, &ignored)) continue;
      for (const load::DirEntry& e : entries) {
        std::string full = load::joinPath(dir, e.name);
        if (e.isDir) {
          work.push_back(full);
        } else if (::stat(full.c_str(), &st) == 0 && (st.st_mode & 0111)) {
          show(full, modules, verbose, &status);
        }
      }
    }
  }
  return status;
}

}  // namespace burrow::driver
