// From the operations of a function to edges of the escape graph; see escape_flow.cpp.
#pragma once

#include "ir/ir.h"
#include "passes/context.h"
#include "passes/escape_graph.h"
#include "passes/known_functions.h"

#include <map>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace burrow::passes {

// Where a value comes from: a location after some dereferences (-1: its address). No location: nothing on a stack.
struct Flow {
  LocId loc = EscapeGraph::kNowhere;
  int derefs = 0;
  bool none() const { return loc == EscapeGraph::kNowhere; }
  Flow deref() const { return none() ? *this : Flow{loc, derefs + 1}; }
};

// A function of the batch that is being solved.
struct EscapeFunction {
  ir::Function* fn = nullptr;
  uint32_t id = 0;
  bool tied = false;                 // a closure that one place of the batch makes: its captured values come from there
  std::vector<ParamLeak> leaks;      // parameters, then captured values of a closure that is not tied
  std::vector<LocId> params, results;
  std::vector<Flow> captures;
  std::vector<std::pair<ir::ValueId, LocId>> objects;  // what it allocates
};

// What the flows of one batch share.
struct EscapeBatch {
  ir::Module& module;
  const EscapeSummaries& summaries;
  const ir::PackageSet& visible;
  bool report = false;  // function literals without captured variables are objects then, too
  EscapeGraph graph;
  std::unordered_map<const ir::Function*, EscapeFunction*> members;
  std::unordered_map<const ir::Function*, KnownFunctions> shared;  // func values that closures share
};

// Adds to `notes` what -m says about a solved function; with `mutations` also which parameters are stored to and called.
void reportEscape(const ir::Module& module, const EscapeGraph& graph, const EscapeFunction& f, bool mutations, std::vector<Note>& notes);

// The same of a function without a body.
void reportForeign(const ir::Module& module, const ir::Function& fn, bool mutations, std::vector<Note>& notes);

// Makes the locations of a function's parameters and results; for all of the batch before the first `addFlows`.
void addInterface(EscapeBatch& batch, EscapeFunction& f);
// Adds what the body does. A closure that is tied comes after the function that makes it.
void addFlows(EscapeBatch& batch, EscapeFunction& f);

// The function that a func value certainly is, or nothing: of FuncAddr, of Closure, and of a variable that is assigned once.
ir::SymId knownFunction(const ir::Function& fn, ir::ValueId callee, const std::unordered_map<uint32_t, ir::ValueId>& onlyStore);
// The integer or string constant that a value certainly is, or nothing: a variable that is assigned once is what is assigned.
ir::ValueId knownConstant(const ir::Function& fn, ir::ValueId v, const std::unordered_map<uint32_t, ir::ValueId>& onlyStore);
// For each Local that is stored to once and otherwise only loaded from: the value stored.
std::unordered_map<uint32_t, ir::ValueId> singleStores(const ir::Function& fn);

}  // namespace burrow::passes
