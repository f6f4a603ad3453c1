// vendor/modules.txt: which module each vendored package is from, and whether that still is what go.mod says.
#include "load/files.h"
#include "load/module_path.h"
#include "load/modules.h"

#include <fmt/format.h>

namespace burrow::load {

namespace {

std::vector<std::string> fields(std::string_view line) {
  std::vector<std::string> out;
  for (size_t i = 0; (i = line.find_first_not_of(" \t\r", i)) != std::string_view::npos;) {
    size_t stop = std::min(line.find_first_of(" \t\r", i), line.size());
    out.emplace_back(line.substr(i, stop - i));
    i = stop;
  }
  return out;
}

}  // namespace

bool Modules::openVendor(const std::string& dir) {
  vendor_ = true;
  vendorDir_ = dir;
  std::string text, message;
  const std::string file = dir + "/modules.txt";
  if (isFile(file) && !readFile(file, &text, &message)) return fail("go: " + message);
  ModuleVersion current;
  std::map<std::string, std::string> versions;
  std::vector<ModuleVersion> list, replaced;
  std::string_view rest = text;
  while (!rest.empty()) {
    size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.starts_with("# ")) {
      std::vector<std::string> f = fields(line);
      if (f.size() < 3) continue;
      size_t next;
      if (isValidVersion(f[2])) {
        current = {f[1], f[2]};
        next = 3;
      } else if (f[2] == "=>") {
        current = {f[1], ""};
        next = 2;
      } else {
        current = {};
        continue;
      }
      const size_t left = f.size() - next;
      if (left >= 2 && f[next] == "=>" && (left == 2 || (left == 3 && isValidVersion(f[next + 2])))) {
        vendorInfo_[current].replacement = {f[next + 1], left == 3 ? f[next + 2] : ""};
        replaced.push_back(current);
      }
      continue;
    }
    if (current.path.empty()) continue;
    if (line.starts_with("## ")) {
      std::string_view notes = line.substr(3);
      while (!notes.empty()) {
        size_t semicolon = notes.find(';');
        std::vector<std::string> note = fields(notes.substr(0, semicolon));
        notes.remove_prefix(semicolon == std::string_view::npos ? notes.size() : semicolon + 1);
        if (note.size() == 1 && note[0] == "explicit") vendorInfo_[current].isExplicit = true;
        if (note.size() == 2 && note[0] == "go") {
          vendorInfo_[current].goVersion = note[1];
          if (!checkGoVersion(note[1], fmt::format("{} in {}", current.path, shortPath(file, options_.cwd)))) return false;
        }
      }
      continue;
    }
    std::vector<std::string> f = fields(line);
    if (f.size() != 1 || !checkPath(f[0], PathKind::Import).empty()) continue;
    vendorPackages_[f[0]] = current;
    std::string& version = versions[current.path];
    if (version.empty() || compareVersions(version, current.version) < 0) {
      version = current.version;
      list.push_back(current);
    }
  }

  // Whether it fits.
  std::string problems;
  auto note = [&](const ModuleVersion& m, std::string_view what) { problems += fmt::format("\n\t{}: {}", m.str(), what); };
  const bool inWork = !workPath_.empty();
  const bool pre114 =
      !inWork && compareGoVersions(mainFiles_[0].goVersion.empty() ? "1.16" : mainFiles_[0].goVersion, "1.14") < 0;
  std::set<ModuleVersion> required;
  for (const GoMod& mod : mainFiles_) {
    for (const GoMod::Require& r : mod.requires_) {
      const ModuleVersion m{r.path, r.version};
      required.insert(m);
      if (vendorInfo_[m].isExplicit) continue;
      if (!pre114) {
        note(m, "is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt");
      } else if (auto v = versions.find(m.path); v != versions.end() && v->second != m.version) {
        note(m, fmt::format("is explicitly required in go.mod, but vendor/modules.txt indicates {}@{}", m.path, v->second));
      }
    }
  }
  for (const Replacement& r : replacements_) {
    const ModuleVersion old{r.rule.oldPath, r.rule.oldVersion};
    const ModuleVersion now{r.rule.newPath, r.rule.newVersion};
    const ModuleVersion marked = vendorInfo_[old].replacement;
    const std::string from = shortPath(r.from, options_.cwd);
    if (marked.path.empty()) {
      if (!pre114 || (!old.version.empty() && versions[old.path] == old.version))
        note(old, fmt::format("is replaced in {}, but not marked as replaced in vendor/modules.txt", from));
    } else if (marked != now) {
      note(old, fmt::format("is replaced by {} in {}, but marked as replaced by {} in vendor/modules.txt", now.str(), from,
                            marked.str()));
    }
  }
  for (const ModuleVersion& m : list) {
    if (vendorInfo_[m].isExplicit && !required.contains(m)) {
      note(m, fmt::format("is marked as explicit in vendor/modules.txt, but not explicitly required in {}go.mod",
                          inWork ? "a " : ""));
    }
  }
  for (const ModuleVersion& m : replaced) {
    if (!replacement(m)) {
      note(m, fmt::format("is marked as replaced in vendor/modules.txt, but not replaced in {}",
                          inWork ? "the workspace" : "go.mod"));
    }
  }
  if (problems.empty()) return true;
  return fail(fmt::format("go: inconsistent vendoring in {}:{}\n\n\tTo ignore the vendor directory, use -mod=readonly or "
                          "-mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo {} vendor",
                          dirName(dir), problems, inWork ? "work" : "mod"));
}

}  // namespace burrow::load
