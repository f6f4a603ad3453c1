// Burrow IR in, ELF object out.
//
// This is the only door to LLVM: no header outside this folder's implementation files names an LLVM type. One call
// compiles one module (a Go package) to an object file in memory and describes that object's functions for the function
// table. Calls are independent of each other; several may run on different threads as long as each has its own
// ir::TypeTable (the table grows while descriptors are written).
//
// Rejected: handing out an llvm::Module so that the driver can print it (the driver would depend on LLVM's headers, which
// take seconds to compile): dumps are made on demand as text instead.
#pragma once

#include "codegen/parts.h"
#include "ir/ir.h"
#include "ir/without.h"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace burrow::passes {
class CallProfile;
}

namespace burrow::codegen {

struct CodegenOptions {
  int optLevel = 2;          // 0; 1: a few of LLVM's passes; 2: all
  bool debugInfo = true;     // DWARF in the object; line tables are made in any case, the function table needs them
  bool positionIndependent = false;  // for an executable that is loaded anywhere
  int amd64Level = 1;        // the level of x86-64 whose instructions may be used: 1 to 4
  const passes::CallProfile* profile = nullptr;  // -pgo: whose unseen branches are unlikely
  ir::Without without;       // optimisations that are switched off
  bool verify = true;        // run LLVM's verifier before and after optimising
  std::string compilationDir;  // DW_AT_comp_dir; "" leaves it out (trimmed builds)
  bool lto = false;            // the object keeps what lto.h says; what is local to the module's data is visible
  // Only this part of the module (parts.h). Null, or a partition into one part: the whole of it.
  const Partition* partition = nullptr;
  size_t part = 0;
  // Which texts to make besides the object.
  bool dumpLlvm = false;     // LLVM IR as lowered
  bool dumpLlvmOpt = false;  // LLVM IR after optimisation
  bool dumpAssembly = false; // annotated with source lines
};

// In the message about a `//go:nosplit` function whose frame is too large.
inline constexpr const char* kFrameTooLarge = ": nosplit stack over ";

struct ObjectFile {
  std::vector<uint8_t> elf;
  std::vector<uint8_t> functab;  // the object's part of the function table (abi/functab.h)
};

struct CodegenResult {
  ObjectFile object;
  std::string llvm, llvmOpt, assembly;  // as asked for
  // Why there is no object: internal errors (a module that LLVM's verifier rejects) and limits that a program can hit (a
  // `//go:nosplit` function whose frame is too large). Empty: it worked.
  std::vector<std::string> errors;
  bool ok() const { return errors.empty(); }
};

// Compiles a verified module, or a part of it. `module.types` gains types (closure objects, map groups, pointers to named
// types): so the parts of one module are compiled one after the other, in any order.
CodegenResult compileModule(const ir::Module& module, const CodegenOptions& options);

// What only the link step knows, written as one small object.
struct LinkTables {
  // Paths of the packages to initialise, in order: `runtime.inittasks` becomes an array of pointers to `P..inittask`,
  // `runtime.ninittasks` (int64) their number. Packages without a record must not be listed.
  std::vector<std::string> initPackages;
  // What the link step fills (symbol, value): string variables, and by names with `go:` bytes as they are.
  std::vector<std::pair<std::string, std::string>> strings;
};
CodegenResult compileLinkTables(const LinkTables& tables, const CodegenOptions& options);

// The function-table part of an object that this compiler did not make (a member of the runtime's archive): its symbols,
// line table, inlined calls, call-frame information and fault map. `*error` is set, and the result empty, when the bytes
// are not an x86-64 ELF object.
std::vector<uint8_t> describeObject(std::span<const uint8_t> elf, std::string* error);

}  // namespace burrow::codegen
