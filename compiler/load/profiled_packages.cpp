// Which packages are compiled by a main package's profile.
//
// A profile is of a program, and goes for all packages that the program consists of. When several programs are made at once, what they
// share is compiled once for each profile:
//
//     a        with a/default.pgo, imports dep
//     b        without, imports dep
//     dep      as b's
//     dep [a]  the same files, compiled by a's profile, which a imports instead
//
// Runs when everything is loaded: the copies are what will be compiled, and nothing is resolved for them again.
#include "load/loader.h"

#include <algorithm>
#include <set>

namespace burrow::load {

void Loader::setProfile(Package& main, const std::string& profile, bool alone) {
  std::set<const Package*> needed;
  std::vector<Package*> work{&main};
  if (!main.resolved.contains("runtime")) {
    if (Package* runtime = find("runtime")) work.push_back(runtime);
  }
  while (!work.empty()) {
    Package* p = work.back();
    work.pop_back();
    if (!needed.insert(p).second) continue;
    for (const auto& [name, imported] : p->resolved) work.push_back(imported);
  }
  main.profile = profile;
  if (alone) {
    for (Package* p : order_) {
      if (needed.contains(p)) p->profile = profile;
    }
    return;
  }
  std::map<const Package*, Package*> copies;
  std::vector<Package*> made;
  const auto at = std::find(order_.begin(), order_.end(), &main);
  const std::vector<Package*> known(order_.begin(), at);  // each after its imports
  auto redirect = [&](Package& p) {
    for (auto& [name, imported] : p.resolved) {
      if (auto c = copies.find(imported); c != copies.end()) imported = c->second;
    }
  };
  for (Package* p : known) {
    if (!needed.contains(p) || p->importPath == "unsafe") continue;
    Package* copy = clone(*p, p->forTest);
    copy->profile = profile;
    copy->forMain = main.importPath;
    redirect(*copy);
    copies[p] = copy;
    made.push_back(copy);
  }
  redirect(main);
  if (Package* runtime = find("runtime"); runtime != nullptr && !main.resolved.contains("runtime") && copies.contains(runtime)) {
    main.resolved["runtime"] = copies[runtime];
  }
  order_.insert(at, made.begin(), made.end());
}

}  // namespace burrow::load
