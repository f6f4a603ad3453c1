// See lto_plan.h.
#include "codegen/lto_plan.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace burrow::codegen {

namespace {

struct Definition {
  uint32_t part;
  const LtoFunction* function;
};

class Planner {
 public:
  Planner(std::span<const LtoInput> parts, const LtoLimits& limits) : parts_(parts), limits_(limits) {
    for (uint32_t i = 0; i < parts.size(); i++) {
      for (const LtoFunction& f : parts[i].part->functions) {
        if (f.importable) definitions_[f.name].push_back({i, &f});
      }
    }
  }

  LtoPlan plan(uint32_t part) {
    std::map<uint32_t, std::vector<std::string_view>> chosen;
    // Seen: what the part has already, or was looked at with a limit as large. Nearer calls come first, so limits never grow.
    std::unordered_set<std::string_view> seen;
    std::vector<const LtoFunction*> level, next;
    for (const LtoFunction& f : parts_[part].part->functions) {
      seen.insert(f.name);
      level.push_back(&f);
    }
    uint32_t all = 0;
    for (uint64_t limit = limits_.size; !level.empty() && limit > 0; limit = limit * limits_.percent / 100) {
      next.clear();
      for (const LtoFunction* caller : level) {
        for (std::string_view callee : caller->callees) {
          if (!seen.insert(callee).second) continue;
          const Definition* d = find(callee, part);
          if (d == nullptr || d->function->size > limit || all + d->function->size > limits_.perPart) continue;
          all += d->function->size;
          chosen[d->part].push_back(callee);
          next.push_back(d->function);
        }
      }
      level.swap(next);
    }
    LtoPlan result;
    for (auto& [from, functions] : chosen) {
      std::sort(functions.begin(), functions.end());
      result.emplace_back(from, std::move(functions));
    }
    return result;
  }

 private:
  const Definition* find(std::string_view name, uint32_t part) const {
    auto it = definitions_.find(name);
    if (it == definitions_.end()) return nullptr;
    const std::vector<Definition>& list = it->second;
    auto own = std::find_if(list.begin(), list.end(), [&](const Definition& d) { return parts_[d.part].package == parts_[part].package; });
    const Definition* d = own != list.end() ? &*own : &list.front();
    return d->part == part ? nullptr : d;
  }

  std::span<const LtoInput> parts_;
  const LtoLimits& limits_;
  std::unordered_map<std::string_view, std::vector<Definition>> definitions_;
};

}  // namespace

std::vector<LtoPlan> planImports(std::span<const LtoInput> parts, const LtoLimits& limits) {
  Planner planner(parts, limits);
  std::vector<LtoPlan> plans(parts.size());
  for (uint32_t i = 0; i < parts.size(); i++) {
    if (parts[i].imports) plans[i] = planner.plan(i);
  }
  return plans;
}

}  // namespace burrow::codegen
