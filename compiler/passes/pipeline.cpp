// See pipeline.h.
#include "passes/pipeline.h"

#include "ir/verify.h"
#include "passes/passes.h"

namespace burrow::passes {
namespace {

// cleanup first, so that the others see no unreachable code; stackalloc before nilchecks, because the address of a stack
// slot needs no check.
constexpr Pass kPasses[] = {
    {"cleanup", 0, cleanup},
    {"stackalloc", 1, stackAlloc},
    {"nilchecks", 1, nilChecks},
};

}  // namespace

std::span<const Pass> allPasses() { return kPasses; }

const Pass* passByName(std::string_view name) {
  for (const Pass& pass : kPasses) {
    if (name == pass.name) return &pass;
  }
  return nullptr;
}

std::vector<std::string> runPasses(ir::Module& module, const PipelineOptions& options) {
  for (const Pass& pass : kPasses) {
    if (options.optLevel < pass.minLevel) continue;
    // By index: a pass may add functions.
    for (size_t i = 0; i < module.functions.size(); i++) {
      if (module.functions[i]->hasBody) pass.run(module, *module.functions[i]);
    }
    if (options.verify) {
      std::vector<std::string> problems = ir::verify(module);
      for (std::string& p : problems) p = std::string(pass.name) + ": " + p;
      if (!problems.empty()) return problems;
    }
    if (options.after) options.after(pass.name, module);
  }
  return {};
}

}  // namespace burrow::passes
