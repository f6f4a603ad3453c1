// `install path@version`: which module and version the words mean. What the current folder's go.mod says does not count.
//
// The path is a package's. Its module's is the path itself or one of the folders above it: the longest one that exists in
// the version asked for and has a folder of that package. There is no go.sum for such a module; its author's requirements
// hold as they are, so that a go.mod with replacements or exclusions, which count only in a main module, is refused.
#include "load/files.h"
#include "load/module_path.h"
#include "load/modules.h"

#include <fmt/format.h>
#define JSON_NOEXCEPTION
#include <nlohmann/json.hpp>

#include <algorithm>

namespace burrow::load {

namespace {

// "Version" of what a proxy tells about a version.
std::string versionIn(const std::string& info) {
  const nlohmann::json json = nlohmann::json::parse(info, nullptr, false);
  if (!json.is_object()) return {};
  std::string version = json.value("Version", "");
  return isCanonicalVersion(version) ? version : "";
}

// "v1", "v1.2": the beginning of versions.
bool isVersionPrefix(std::string_view query) {
  if (query.size() < 2 || query[0] != 'v' || query.find_first_not_of("0123456789.", 1) != std::string_view::npos)
    return false;
  return std::count(query.begin(), query.end(), '.') < 2 && !query.ends_with('.');
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    line.resize(std::min(line.find_first_of(" \r"), line.size()));
    if (isCanonicalVersion(line)) out.push_back(std::move(line));
    at = end + 1;
  }
  return out;
}

}  // namespace

ModuleCache::Resolved ModuleCache::resolve(const std::string& modulePath, const std::string& query, std::string* version,
                                            std::string* error) {
  if (std::string problem = checkModulePath(modulePath); !problem.empty()) {
    *error = fmt::format("malformed module path \"{}\": {}", modulePath, problem);
    return Resolved::NoModule;  // may be a folder within a module
  }
  std::string body;
  bool notFound = false;
  auto asked = [&](const std::string& tail) { return askProxies(modulePath, tail, &body, error, &notFound); };
  auto done = [&](std::string found) {
    *version = std::move(found);
    return Resolved::Found;
  };
  auto failed = [&] { return notFound ? Resolved::NoModule : Resolved::Failed; };
  const std::string info = fmt::format("@v/{}.info", escapePath(query));
  if (isCanonicalVersion(query)) {
    // What the module cache has needs no proxy.
    if (isFile(downloadPath({modulePath, query}, ".mod")) || asked(info)) return done(query);
    return failed();
  }
  const bool latest = query == "latest" || query == "upgrade";
  if (latest || isVersionPrefix(query)) {
    if (!asked("@v/list")) return failed();
    // Releases before what comes before releases.
    std::string best, bestPre;
    for (const std::string& v : lines(body)) {
      if (!latest && !(v.starts_with(query + ".") || v == query)) continue;
      std::string& of = prereleaseOf(v).empty() ? best : bestPre;
      if (of.empty() || compareVersions(of, v) < 0) of = v;
    }
    if (!best.empty() || !bestPre.empty()) return done(best.empty() ? bestPre : best);
    if (!latest) {
      *error = fmt::format("no matching versions for query \"{}\"", query);
      return Resolved::NoVersion;
    }
    if (!asked("@latest")) return failed();
  } else if (!asked(info)) {
    return failed();
  }
  std::string found = versionIn(body);
  if (found.empty()) {
    *error = fmt::format("{}: invalid response from proxy", modulePath);
    return Resolved::Failed;
  }
  return done(std::move(found));
}

bool Modules::openTarget() {
  const std::string whole = options_.target + "@" + options_.query;
  const std::string package = options_.target.substr(0, std::min(options_.target.find("/..."), options_.target.size()));
  std::string message, without;  // without a module; with one that does not have what is asked for
  ModuleVersion module;
  for (std::string prefix = package;; prefix = std::string(dirName(prefix))) {
    std::string version, why, dir;
    const ModuleCache::Resolved resolved = cache_.resolve(prefix, options_.query, &version, &why);
    if (resolved == ModuleCache::Resolved::Found) {
      if (!cache_.folder({prefix, version}, &dir, &why)) return fail(fmt::format("go: {}: {}", whole, why));
      if (hasGoFiles(dir + package.substr(prefix.size()), disk_) || options_.target != package) {
        module = {prefix, version};
        break;
      }
      if (without.empty()) {
        without = fmt::format("module {}@{} found{}, but does not contain package {}", prefix, options_.query,
                              version == options_.query ? "" : " (" + version + ")", package);
      }
    } else if (resolved == ModuleCache::Resolved::NoVersion) {
      without = why;
    } else if (resolved == ModuleCache::Resolved::Failed) {
      return fail(fmt::format("go: {}: module {}: {}", whole, prefix, why));
    } else if (message.empty()) {
      message = fmt::format("module {}: {}", prefix, why);
    }
    if (prefix.find('/') == std::string::npos)
      return fail(fmt::format("go: {}: {}", whole, without.empty() ? message : without));
  }

  // A main module without files, which requires that one.
  Module& main = modules_.emplace_back();
  main.path = "command-line-arguments";
  main.dir = "/dev/null/command-line-arguments";
  main.goVersion = options_.goVersion;
  main.isMain = true;
  mains_.push_back(&main);
  GoMod& file = mainFiles_.emplace_back();
  file.module = main.path;
  file.goVersion = options_.goVersion;
  file.requires_.push_back({module.path, module.version, false});
  selected_[module.path] = module.version;
  direct_.insert(module.path);
  std::string error;
  const GoMod* mod = summary(module, &error);
  if (mod == nullptr) return fail(fmt::format("go: {}: {}", whole, error));
  for (const auto& [some, what] :
       {std::pair{!mod->replaces.empty(), "replace"}, std::pair{!mod->excludes.empty(), "exclude"}}) {
    if (!some) continue;
    return fail(
        fmt::format("go: {} (in {}):\n\tThe go.mod file for the module providing named packages contains one or\n"
                    "\tmore {} directives. It must not contain directives that would cause\n"
                    "\tit to be interpreted differently than if it were the main module.",
                    whole, module.str(), what));
  }
  if (!loadGraph(&error)) return fail(fmt::format("go: {}: {}", whole, error));
  return true;
}

}  // namespace burrow::load
