// A module divided into parts, each of which becomes an object of its own.
//
// The problem: nearly all of the time of a cold build goes into LLVM, and nearly all of that into functions which the program
// never calls: of what a program that prints a line compiles of the library, it needs a sixth. An object per package cannot
// be made by halves. An object per function could, but LLVM, the linker and the cache ask a price per object that is more than
// a small function's. So functions that stand together are compiled together, some kilobytes of machine code at a time:
//
//   func A      300 values   } part 1
//   func A.func1 20 values   }
//   func B      900 values   }
//   func C      100 values   } part 2
//   ...
//   variables, inittask, descriptors, P.init   part 0
//
// Invariants:
// - A partition depends on the module and on nothing else; equal modules have equal partitions, whatever was compiled before.
// - Every function with a body is in exactly one part. A function literal is in the part of the function that it stands in.
// - Part 0 holds the package's data, and functions only if they always run (initialisation) and are small. A package below the
//   limit is part 0 and nothing else.
// - What another part refers to has a symbol that can be seen (`visible`). Every name that is local to a module carries the
//   package's path, so that it is unique in the program.
// - LLVM inlines across functions of a package. So that it still can, a part has copies of small functions of other parts that it
//   refers to, which are looked at by the optimiser and not emitted.
//
// Rejected: parts by reachability (who calls what), which would follow the program better: one more call moves functions from
// part to part, and most of the package is compiled anew after an edit. Parts as modules of Burrow IR of their own: symbols, types
// and declarations would have to be copied.
#pragma once

#include "ir/ir.h"

#include <cstdint>
#include <string>
#include <vector>

namespace burrow::codegen {

struct Part {
  std::vector<uint32_t> functions;  // defined here; numbers in Module::functions
  std::vector<uint32_t> copies;     // of other parts, for inlining
};

struct Partition {
  std::vector<Part> parts;       // at least one
  std::vector<bool> visible;     // by function: other parts refer to it
  bool isWhole() const { return parts.size() == 1; }
};

struct PartLimits {
  // In values of Burrow IR, of which one is four to five bytes of machine code. docs/building.md has what other sizes cost.
  size_t part = 300;
  size_t function = 10;  // what a function counts besides its values
  size_t wrappers = 60;  // few of them are needed, and seldom together
  size_t copy = 40;
  size_t copyForKnown = 800;  // of a function that is called with a func value which is known (known_closures.cpp)
};

// For a module after all passes.
Partition partition(const ir::Module& module, const PartLimits& limits = {});

// The functions that a part defines for others, by symbol: those that are not local to it. In the order of the part.
std::vector<std::string> definedSymbols(const ir::Module& module, const Partition& partition, size_t part);

// How much a function counts.
size_t valuesOf(const ir::Function& fn);

}  // namespace burrow::codegen
