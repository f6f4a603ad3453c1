// Compiling one package: from checked trees to an object with its part of the function table.
//
// In two halves. `lower` needs the program's types, and what is known of the functions of imported packages, and runs on the
// thread that owns them; `compilePart` needs only the module and runs on any thread, for one part of a package at a time.
#pragma once

#include "codegen/lto.h"
#include "codegen/parts.h"
#include "ir/ir.h"
#include "ir/transfer.h"
#include "ir/without.h"
#include "load/program.h"
#include "passes/call_profile.h"
#include "passes/escape_summary.h"

#include <memory>
#include <string>
#include <vector>

namespace burrow::driver {

// What the compiler's own flags (-gcflags) ask for.
struct CompilerFlags {
  int optLevel = 2;         // -N: 0
  bool allErrors = false;   // -e
  bool assembly = false;    // -S
  std::string language;     // -lang
  bool asStd = false;       // -std, -+
  bool missingBodies = false;  // -complete=false: functions without a body are in assembly somewhere
  bool escapeNotes = false;  // -m
  bool reasons = false;      // -m -m, -m=2
  bool mutations = false;    // -d=escapemutationscalls: -m says what is stored to and called, too
  bool inlining = true;      // -l: false
  bool boundsChecks = true;  // -B: false
  int llvmLevel = -1;      // -d=level=N: LLVM's alone; our passes run. -1: as optLevel
  ir::Without without;     // -d=without=NAME+NAME
  bool positionIndependent = false;  // -buildmode=pie, of the command's own flags
  int amd64Level = 1;                // GOAMD64
  std::string profile;               // -pgoprofile: instead of -pgo's
  double hotPercent = passes::CallProfile::kHotPercent;  // -d=pgoinlinecdfthreshold
  int hotBudget = passes::CallProfile::kHotBudget;       // -d=pgoinlinebudget
  bool lto = false;                  // objects keep what link-time optimisation needs
  std::string key() const;  // the part that the object depends on
};
// False, with *error set, for a flag that gc's compiler does not have.
bool parseCompilerFlags(const std::vector<std::string>& words, CompilerFlags* flags, std::string* error);

// Which texts to print on the way. Phases: tokens, ast, types, ir, ir-<pass>, llvm, llvm-opt, asm.
struct DumpRequest {
  std::string phase;  // empty: none
  bool is(std::string_view p) const { return phase == p; }
};
bool isDumpPhase(std::string_view phase);
std::string dumpPhases();  // all, for messages

struct CompileJob {
  // In.
  load::Package* package = nullptr;
  CompilerFlags flags;
  DumpRequest dump;
  bool trimPath = false;                                     // no folder names in debug information
  std::vector<std::pair<std::string, std::string>> strings;  // -X: variables of this package, by symbol, and their text
  const passes::CallProfile* profile = nullptr;  // what decisions are made by; null: none
  // Of all packages that were compiled before; this one's are added, under its number. It uses those of the packages that it imports.
  passes::EscapeSummaries* summaries = nullptr;
  ir::BodyStore* bodies = nullptr;
  uint32_t number = 0;
  ir::PackageSet visible;
  // Between the halves.
  std::unique_ptr<ir::TypeTable> types;
  std::unique_ptr<ir::Module> module;
  codegen::Partition partition;
  // Out.
  bool hasInit = false, hasMain = false;
  std::string notes;                // -m: complete lines
  std::string escapes;              // what importers need to know of its functions
  std::string inlinable;            // the bodies that they may inline
  std::string dumped;               // the text asked for
  std::vector<std::string> errors;  // complete lines
  bool ok() const { return errors.empty(); }
};

// Checks, lowers and divides into parts. `program` must have the packages that it imports. Diagnostics go to the program's unit;
// internal errors to the job. Returns whether there is something to compile.
bool lower(load::Program& program, CompileJob& job);
// The part's object; empty after errors.
std::string compilePart(const CompileJob& job, size_t part, std::vector<std::string>* errors);
// The object of a part that imports functions of others; empty after errors.
std::string compileWithImports(const codegen::LtoPart& part, std::span<const codegen::LtoImport> imports, const CompilerFlags& flags,
                               std::vector<std::string>* errors);
// The texts of the phases behind lowering that the job asks for, of the package as a whole.
void dumpCode(CompileJob& job);
bool dumpsCode(const CompileJob& job);

}  // namespace burrow::driver
