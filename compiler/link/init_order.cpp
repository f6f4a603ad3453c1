// See init_order.h.
#include "link/init_order.h"

#include <functional>
#include <queue>
#include <unordered_map>

namespace burrow::link {

std::vector<std::string> initOrder(const std::vector<InitPackage>& packages) {
  std::unordered_map<std::string_view, size_t> index;
  for (size_t i = 0; i < packages.size(); i++) index.emplace(packages[i].path, i);

  // The runtime and everything below it: for them the implicit dependency on the runtime would be a cycle.
  std::vector<bool> belowRuntime(packages.size(), false);
  auto runtime = index.find("runtime");
  if (runtime != index.end()) {
    std::vector<size_t> work{runtime->second};
    belowRuntime[runtime->second] = true;
    while (!work.empty()) {
      size_t i = work.back();
      work.pop_back();
      for (const std::string& import : packages[i].imports) {
        auto found = index.find(import);
        if (found == index.end() || belowRuntime[found->second]) continue;
        belowRuntime[found->second] = true;
        work.push_back(found->second);
      }
    }
  }

  std::vector<std::vector<size_t>> importers(packages.size());
  std::vector<size_t> waiting(packages.size(), 0);
  for (size_t i = 0; i < packages.size(); i++) {
    auto dependOn = [&](size_t on) {
      importers[on].push_back(i);
      waiting[i]++;
    };
    for (const std::string& import : packages[i].imports) {
      auto found = index.find(import);
      if (found != index.end() && found->second != i) dependOn(found->second);
    }
    if (runtime != index.end() && !belowRuntime[i]) dependOn(runtime->second);
  }

  auto later = [&](size_t a, size_t b) { return packages[a].path > packages[b].path; };
  std::priority_queue<size_t, std::vector<size_t>, decltype(later)> ready(later);
  for (size_t i = 0; i < packages.size(); i++) {
    if (waiting[i] == 0) ready.push(i);
  }
  std::vector<std::string> order;
  while (!ready.empty()) {
    size_t i = ready.top();
    ready.pop();
    if (packages[i].hasTask) order.push_back(packages[i].path);
    for (size_t importer : importers[i]) {
      if (--waiting[importer] == 0) ready.push(importer);
    }
  }
  return order;
}

}  // namespace burrow::link
