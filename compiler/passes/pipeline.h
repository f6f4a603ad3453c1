// The passes over Burrow IR and their order.
//
// A pass is a function from a function's (or a module's) IR to better IR; it is listed once, in pipeline.cpp, with its name, which is also
// what `-dump=ir-NAME` and the golden tests under tests/golden/passes/NAME call it. Every pass keeps the verifier happy.
#pragma once

#include "ir/ir.h"
#include "passes/context.h"
#include "passes/escape_summary.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::passes {

struct Pass {
  const char* name;
  int minLevel;  // the optimisation level from which it runs
  // One of the two.
  void (*run)(ir::Module& module, ir::Function& function);
  void (*runModule)(ir::Module& module, const PassContext& context);
  std::optional<ir::Optimisation> optimisation = std::nullopt;  // if -d=without can leave it out as a whole
};

// All passes in the order in which they run.
std::span<const Pass> allPasses();
const Pass* passByName(std::string_view name);

struct PipelineOptions {
  int optLevel = 2;
  PassContext context;
  bool verify = false;  // run the verifier after every pass
  // Called after every pass, for dumps.
  std::function<void(std::string_view pass, const ir::Module& module)> after;
};

void runPass(const Pass& pass, ir::Module& module, const PassContext& context);
// What the module's functions do with their parameters, for `EscapeSummaries::read`. After the passes.
std::string escapeSummaries(const ir::Module& module);

// Runs the pipeline. Returns what the verifier found, prefixed with the name of the pass; empty when all is well.
std::vector<std::string> runPasses(ir::Module& module, const PipelineOptions& options);

}  // namespace burrow::passes
