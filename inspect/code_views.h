// The views of code: `burrow objdump` and `burrow inspect pcsp`.
#pragma once

#include "inspect/target.h"
#include "inspect/text.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace burrow::inspect {

struct ObjdumpOptions {
  std::string pattern;  // of function names; empty: all
  bool source = false;  // -S
  std::optional<uint64_t> start, end;
};
// False, with *error set, for a pattern that is none.
bool objdump(Program& program, const ObjdumpOptions& options, std::string* out, std::string* error);

// One function's rows beside its instructions. False when there is no such function.
bool pcspPage(Program& program, const std::string& name, Page& page, std::string* error);
// The chain of boot: entry, rt0_go, schedinit, main, frame by frame.
void pcspBootPage(Program& program, Page& page);
// The table against DWARF's call-frame information, instruction by instruction: where the frame ends, and where the registers
// that a function saves for its caller lie.
struct CfiCheck {
  uint64_t functions = 0, instructions = 0, unknown = 0, different = 0, without = 0, savedUnknown = 0;
  std::vector<std::string> examples;
  std::map<std::string, uint64_t> unknownIn, withoutIn;  // functions with such instructions, and how many
};
bool checkCfi(Program& program, CfiCheck* out, std::string* error);

// Functions whose name matches an extended regular expression, by address.
bool matchingFunctions(const Program& program, const std::string& pattern, std::vector<const ft::FuncRecord*>* out, std::string* error);

}  // namespace burrow::inspect
