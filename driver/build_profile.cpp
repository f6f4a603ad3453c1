// -pgo: which profile a package is compiled by, and the profiles themselves.
//
// -pgo=auto, which goes without saying, takes default.pgo in the folder of each main package, for it and all that its program consists
// of (load/profiled_packages.cpp); -pgo=FILE takes the file for everything; -pgo=off none. A package's key contains what its profile
// says about it and nothing else: what the program hardly uses is in the cache already.
#include "driver/build.h"
#include "driver/profile_reader.h"

#include <fmt/format.h>

#include <cstdio>

namespace burrow::driver {

// The profile of that path, read once. Null, after telling why, if it is none.
const passes::CallProfile* Build::profileAt(const std::string& path, double hotPercent) {
  auto [it, isNew] = profiles_.try_emplace({path, hotPercent});
  if (!isNew) return it->second.get();
  if (flags_.showCommands || flags_.dryRun) say(fmt::format("burrow preprofile -i {} # internal", path));
  std::string error;
  it->second = readProfile(path, hotPercent, &error);
  if (!it->second) fail(fmt::format("# {}\npreprofile: {}", path, error));
  return it->second.get();
}

// Gives packages their profiles. `programs`: what will be linked, each with the package that the user means by it.
void Build::setProfiles(const std::vector<std::pair<load::Package*, load::Package*>>& programs) {
  if (flags_.pgo == "off") return;
  if (flags_.pgo != "auto") {
    const std::string path = load::absolutePath(flags_.pgo, paths_.cwd);
    for (load::Package* package : loader_->order()) package->profile = path;
    return;
  }
  for (const auto& [main, of] : programs) {
    const std::string path = of->dir + "/default.pgo";
    if (of->name == "main" && load::fileExists(path)) loader_->setProfile(*main, path, roots_.size() == 1);
  }
}

// Before anything is compiled.
bool Build::readProfiles() {
  for (const load::Package* package : loader_->order()) {
    if (!package->profile.empty() && profileAt(package->profile, passes::CallProfile::kHotPercent) == nullptr) return false;
  }
  return true;
}

// For the linker: code that calls each other lies side by side.
std::string Build::callGraph(const std::string& path) {
  const passes::CallProfile* profile = profileAt(path, passes::CallProfile::kHotPercent);
  std::string text;
  for (const passes::CallProfile::Edge& e : profile == nullptr ? std::span<const passes::CallProfile::Edge>() : profile->edges()) {
    auto isPlain = [](const std::string& name) { return !name.empty() && name.find_first_of(" [\n") == std::string::npos; };
    if (isPlain(e.caller) && isPlain(e.callee)) text += fmt::format("{} {} {}\n", e.caller, e.callee, e.weight);
  }
  return text;
}

void Build::setProfilesOfRoots() {
  std::vector<std::pair<load::Package*, load::Package*>> programs;
  for (load::Package* root : roots_) programs.emplace_back(root, root);
  setProfiles(programs);
}

}  // namespace burrow::driver
