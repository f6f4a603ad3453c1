// See pipeline.h.
#include "passes/pipeline.h"

#include "ir/verify.h"
#include "passes/passes.h"

namespace burrow::passes {
namespace {

// cleanup first, so that the others see no unreachable code and definitions before uses; inlining before escape, because what
// a callee does with a pointer is known best where its body stands; copies before escape, which need not find room for what is
// not copied; escape before nilchecks, because the address of a stack
// slot needs no check.
constexpr Pass kPasses[] = {
    {"cleanup", 0, cleanup, nullptr},
    {"inline", 1, nullptr, inlining},
    {"copies", 0, stringCopies, nullptr, ir::Optimisation::Copies},
    {"escape", 0, nullptr, escape},
    {"nilchecks", 1, nilChecks, nullptr, ir::Optimisation::NilChecks},
};

}  // namespace

std::span<const Pass> allPasses() { return kPasses; }

const Pass* passByName(std::string_view name) {
  for (const Pass& pass : kPasses) {
    if (name == pass.name) return &pass;
  }
  return nullptr;
}

void runPass(const Pass& pass, ir::Module& module, const PassContext& context) {
  if (pass.runModule) return pass.runModule(module, context);
  // By index: a pass may add functions.
  for (size_t i = 0; i < module.functions.size(); i++) {
    if (module.functions[i]->hasBody) pass.run(module, *module.functions[i]);
  }
}

std::string escapeSummaries(const ir::Module& module) {
  std::string line;
  for (const auto& fn : module.functions) {
    if (!fn->hasBody || fn->linkage != ir::Linkage::External || fn->escape.empty()) continue;
    if (!line.empty()) line += '\t';
    line += fn->name + '\t' + fn->escape;
  }
  return line;
}

std::vector<std::string> runPasses(ir::Module& module, const PipelineOptions& options) {
  for (const Pass& pass : kPasses) {
    if (options.optLevel < pass.minLevel || (pass.optimisation && options.context.without(*pass.optimisation))) continue;
    runPass(pass, module, options.context);
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
