// The last step of a link: what lld leaves to us.
//
// lld's output has an empty function table (section .gopclntab, the last one that is loaded, alone in its segment), the
// sidecars of all objects in .burrow.functab, and a build id of zeros. `finishExecutable` makes the table from the
// sidecars, puts it in, leaves out what was not asked for (.burrow.functab always, symbols and DWARF on demand) and writes
// the hash of the result into the build id. No loaded section but the table changes; sections that are not loaded are
// only moved, so nothing needs relocating.
//
// In a position-independent executable the 32-bit offsets of type descriptors (abi/type.h) count from the load address. No
// relocation says that: lld refuses R_X86_64_32 there, and a reader does not know where the field is that it was given. So
// objects have the distance from the field itself (codegen's offset32), lld is asked for the relocations in its output
// (--emit-relocs), and this step adds each field's link-time address, which makes distances from 0, where such executables
// are linked. Rejected: linking at 0 without -pie, which needs nothing of that, but lld would let every other absolute 32-bit
// address pass, and makes some of its own (cmp with an immediate in place of a load from the GOT); a list of the fields in
// each object, which is larger than what lld has anyway.
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
