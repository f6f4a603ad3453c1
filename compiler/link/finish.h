// The last step of a link: what lld leaves to us.
//
// lld's output has an empty function table (section .gopclntab, the last one that is loaded, alone in its segment), the
// sidecars of all objects in .burrow.functab, and a build id of zeros. `finishExecutable` makes the table from the
// sidecars, puts it in, leaves out what was not asked for (.burrow.functab always, symbols and DWARF on demand) and writes
// the hash of the result into the build id. No loaded section but the table changes; sections that are not loaded are
// only moved, so nothing needs relocating.
//
// Rejected: a second run of lld with the real table. lld is most of a build in which everything is cached (of 40 ms of
// processor time for examples/tour it takes 30); patching costs a copy of the file.
#pragma once

#include <string>
#include <string_view>

namespace burrow::link {

struct FinishOptions {
  bool stripSymbols = false;  // -s: no .symtab, no DWARF
  bool stripDebug = false;    // -w: no DWARF
};

// The finished file, or empty with *error set.
std::string finishExecutable(std::string_view linked, const FinishOptions& options, std::string* error);

// What finishExecutable needs in the link, as an object file: the placeholder for the table.
std::string placeholderObject();

inline constexpr unsigned kBuildIdSize = 16;

}  // namespace burrow::link
