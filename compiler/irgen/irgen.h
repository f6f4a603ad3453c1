// Checked Go packages in, Burrow IR out.
//
// One call lowers one package to one module, completely: every function, method and closure of the package, the wrappers
// that method sets need, the instances of generic functions and types that the package uses (also of other packages'
// generic code: an instance belongs to whoever needs it and is emitted `LinkOnce`), package variables with their static
// data, and the initialisation functions. Nothing in the module speaks of type parameters, untyped constants or syntax.
//
// The result passes the verifier (ir/verify.h) for every package that was checked without errors. What the module leaves
// to later phases: where objects live (every variable whose address is taken is a New; escape analysis moves it to the
// stack), and whatever op.def calls the code generator's business.
//
// Rejected: one module per program (no separate compilation); lowering generic functions once with dictionaries (DESIGN
// chose instances); doing escape analysis here (it wants the whole call graph of a package in a form without syntax).
#pragma once

#include "ir/ir.h"
#include "ir/without.h"
#include "source/diagnostic.h"
#include "types/context.h"
#include "types/info.h"

#include <memory>

namespace burrow::irgen {

struct Options {
  bool intrinsics = true;  // lower math/bits, sync/atomic ... calls to instructions
  bool describe = false;   // for -m: what allocates says in `sym`, behind a blank, what the source has there
  bool boundsChecks = true;  // false, for -B: indices and bounds of slices are taken as they are
  ir::Without without;     // optimisations that are switched off
};

// What the packages of a compilation share. Imported packages are reached through the objects that a package's Info
// names (`Object::pkg`); those with generic code need their trees (`Package::files`) and `Package::info` still in memory.
struct Program {
  types::Context& context;
  const source::SourceFiles& files;
};

// Lowers `package`, which must have been checked without errors. `types` receives the IR types; it may be shared with
// other modules or not, but `TypeData::external` in it speaks of this module until the next call. Never null. Reports
// only what the language leaves to this phase (a body-less function in a package without assembly is the checker's).
std::unique_ptr<ir::Module> generate(const Program& program, const types::Package& package, ir::TypeTable& types,
                                     const Options& options, source::Diagnostics& diagnostics);

}  // namespace burrow::irgen
