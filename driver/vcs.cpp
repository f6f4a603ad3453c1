// See vcs.h. Git is asked through its command, as gc does: its library would have to follow git's own formats (worktrees,
// partial clones, SHA-256) and configuration. Other systems than git are known by their folders but not asked: what is built
// there gets no stamp.
#include "driver/vcs.h"

#include "driver/process.h"
#include "load/files.h"
#include "load/module_path.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <ctime>

namespace burrow::driver {

namespace {

// What a commit's name is cut to in a pseudo-version.
constexpr size_t kShortRevision = 12;

bool git(const Repository& repository, std::vector<std::string> words, std::string* output, std::string* error) {
  ProcessRequest request;
  request.arguments = {"git"};
  request.arguments.insert(request.arguments.end(), words.begin(), words.end());
  request.dir = repository.root;
  request.environment = {"PWD=" + repository.root};
  request.withErrors = false;
  request.output = [&](std::string_view text) { *output += text; };
  ProcessResult result = runProcess(request);
  if (!result.ok()) *error = result.describe();
  return result.ok();
}

std::string utc(long seconds, const char* form) {
  const time_t time = seconds;
  tm parts{};
  ::gmtime_r(&time, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, form, &parts)};
}

// The tag's version when it is one of the module's.
std::string_view versionOfTag(std::string_view tag, std::string_view prefix, std::string_view major) {
  if (!tag.starts_with(prefix)) return {};
  tag.remove_prefix(prefix.size());
  const bool isOne = load::isCanonicalVersion(tag) && !tag.ends_with("+incompatible") && !load::isPseudoVersion(tag) &&
                     load::matchesPathMajor(tag, major);
  return isOne ? tag : std::string_view{};
}

// The version before which commits after `base` are: "v1.2.4-0." after v1.2.3, "v1.2.3-rc.1.0." after v1.2.3-rc.1.
std::string pseudoPrefix(std::string_view base, std::string_view major) {
  if (base.empty()) {
    std::string_view first = major.empty() ? "v0" : major.substr(1);
    return std::string(first) + ".0.0-";
  }
  if (!load::prereleaseOf(base).empty()) return std::string(base) + ".0.";
  const size_t dot = base.rfind('.');
  unsigned long patch = 0;
  std::from_chars(base.data() + dot + 1, base.data() + base.size(), patch);
  return fmt::format("{}.{}-0.", base.substr(0, dot), patch + 1);
}

}  // namespace

Repository repositoryOf(std::string dir) {
  struct Kind {
    const char *mark, *name;
  };
  constexpr Kind kKinds[] = {{".git", "git"}, {".hg", "hg"}, {".bzr", "bzr"}, {".svn", "svn"}, {".fslckout", "fossil"}, {"_FOSSIL_", "fossil"}};
  for (;;) {
    for (const Kind& kind : kKinds) {
      if (load::fileExists(load::joinPath(dir, kind.mark))) return {kind.name, dir};
    }
    if (dir == "/" || dir == ".") return {};
    dir = load::dirName(dir);
  }
}

bool hasCommandOf(const Repository& repository) {
  if (repository.name != "git") return false;
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const size_t colon = rest.find(':');
    const std::string file = load::joinPath(rest.substr(0, colon), "git");
    if (load::isFile(file) && ::access(file.c_str(), X_OK) == 0) return true;
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  return false;
}

bool readStatus(const Repository& repository, VcsStatus* status, std::string* error) {
  std::string changes, commit, tags;
  if (!git(repository, {"status", "--porcelain"}, &changes, error)) return false;
  status->modified = !changes.empty();
  if (!git(repository, {"-c", "log.showsignature=false", "log", "-1", "--format=%H:%ct"}, &commit, error)) {
    // There is no commit yet, if there is something that could be in one.
    return status->modified;
  }
  const size_t colon = commit.find(':');
  if (colon == std::string::npos) {
    *error = "unrecognized VCS tool output: " + commit;
    return false;
  }
  status->revision = commit.substr(0, colon);
  std::from_chars(commit.data() + colon + 1, commit.data() + commit.size(), status->seconds);
  if (!git(repository, {"for-each-ref", "--merged", "HEAD", "--format=%(objectname) %(*objectname) %(refname:strip=2)", "refs/tags"}, &tags, error)) return false;
  for (size_t at = 0; at < tags.size();) {
    const size_t end = std::min(tags.find('\n', at), tags.size());
    const std::string_view line = std::string_view(tags).substr(at, end - at);
    const size_t space = line.rfind(' ');
    if (space != std::string_view::npos) {
      status->tags.push_back({std::string(line.substr(space + 1)), line.find(status->revision) < space});
    }
    at = end + 1;
  }
  return true;
}

std::string commitTime(const VcsStatus& status) { return utc(status.seconds, "%Y-%m-%dT%H:%M:%SZ"); }

std::string versionAt(const VcsStatus& status, std::string_view path, std::string_view folder, std::string_view rootPath) {
  if (status.revision.empty()) return {};
  std::string_view stem, major, rootStem, rootMajor;
  if (!load::splitPathVersion(path, &stem, &major) || !load::splitPathVersion(rootPath, &rootStem, &rootMajor)) return {};
  if (rootStem.empty() || !load::isWithin(stem, rootStem)) return {};
  // A major version may have a folder of its own, which is not part of its tags.
  std::string prefix(stem.substr(std::min(stem.size(), rootStem.size() + 1)));
  const bool hasOwn = major.starts_with('/') && folder == (prefix.empty() ? major.substr(1) : prefix + std::string(major));
  if (folder != prefix && !hasOwn) return {};
  if (!prefix.empty()) prefix += '/';
  std::string_view exact, before;
  for (const VcsTag& tag : status.tags) {
    std::string_view version = versionOfTag(tag.name, prefix, major);
    if (version.empty()) continue;
    if (tag.isOfRevision && load::compareVersions(version, exact) > 0) exact = version;
    if (load::compareVersions(version, before) > 0) before = version;
  }
  std::string version(exact);
  if (version.empty()) {
    version = pseudoPrefix(before, major) + utc(status.seconds, "%Y%m%d%H%M%S") + "-" + status.revision.substr(0, kShortRevision);
  }
  return status.modified ? version + "+dirty" : version;
}

}  // namespace burrow::driver
