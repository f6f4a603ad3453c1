// Link-time optimisation: what an object says of itself so that functions of it can be inlined into other objects (-lto).
//
// The problem: Burrow's own inliner works across packages, but by gc's budget, which says what programs can see (-m, counts of
// allocations). LLVM's inliner, which looks at what is left of a body once its arguments are known, sees the functions of one
// part (parts.h), and small copies out of other parts of the package. A call of strings.IndexByte, of a method of
// bytes.Buffer just over the budget, stays a call.
//
// What is done: each part is compiled as always, and its object keeps, in a section that no executable gets,
//
//   the bitcode     of the part after LLVM's simplification and before everything of ours that is done last (polls, barriers,
//                   root slots), so that imported bodies go through all of that in the function they end up in
//   the summary     each function's size, whether it may be imported, which functions it calls
//   the facts       what the function table has to know of functions that are inlined (object_tables.h)
//
// When the walk (link/reach.h) has found the parts of a program, a plan is made from the summaries alone (lto_plan.h): which functions
// each part imports from which others. A part that imports is compiled a second time, from its bitcode and the imported
// bodies, which the optimiser sees and nobody emits; the others keep their objects. Then the walk is done once more over the new objects.
//
// What goes along. An imported body refers to things of its own part:
//   what others can see            is declared
//   what is local to the part      is copied, functions and constants (their names are unique in the program); the caches of
//                                  type assertions too, which are variables, but only remember
//   small constant data            are shown to the optimiser, besides
//   linkonce                       is copied as such, descriptors with their entries in the link-time lists
//   any other local variable       does not exist: with -lto a package's variables are visible, also where it has one part only
//
// Invariants: what an object with imports contains depends on its part, the list of what it imports and the parts that these are from,
// and on nothing else; its key in the cache is made of those. Nothing is imported that the program's parts do not define.
//
// Rejected: LLVM's own summaries and FunctionImporter (they rename what is local to a module and then every module that
// exports has to be compiled again; their index knows symbols by hashes and would have to be told about our parts); one large module
// (memory, and each edit compiles the program); bodies as Burrow IR (every module has types of its own, and what LLVM has found
// out about a body is what makes it small).
#pragma once

#include "codegen/codegen.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::codegen {

inline constexpr const char* kLtoSection = ".burrow.lto";

struct LtoFunction {
  std::string_view name;
  uint32_t size = 0;        // in instructions, with what would have to be copied along
  bool importable = false;  // by other parts
  std::vector<std::string_view> callees;  // each once
};

// What the section says. Texts are in the object's bytes.
struct LtoPart {
  std::vector<LtoFunction> functions;
  std::string_view facts, bitcode;
};

// Nothing (no functions, no bitcode) for an object without the section. False, with *error set, for bytes that are damaged.
bool readLtoPart(std::span<const char> object, LtoPart* part, std::string* error);

struct LtoImport {
  const LtoPart* from = nullptr;
  std::vector<std::string_view> functions;
};

// The object of a part with what it imports.
CodegenResult compileWithImports(const LtoPart& part, std::span<const LtoImport> imports, const CodegenOptions& options);

}  // namespace burrow::codegen
