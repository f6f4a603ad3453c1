// Names of the sections that compiled code is sorted into; docs/codegen.md says what each holds.
//
// Code, read-only data without a name of its own, and variables with pointers use LLVM's ordinary sections (.text.*,
// .rodata.*, .data.*, .bss.*), which every linker joins by itself.
#pragma once

namespace burrow::codegen {

inline constexpr const char* kTypesSection = ".go.types";      // type descriptors and their names
inline constexpr const char* kItabsSection = ".go.itabs";
// Arrays of pointers, one entry per object, that live and die with what they point to. The names are C identifiers, so
// that the linker defines __start_ and __stop_ symbols.
inline constexpr const char* kItabLinkSection = "itablink";
inline constexpr const char* kTypeLinkSection = "typelink";
// Prefixes: the variable's name follows. LLVM makes a section without contents only of what is called .bss.
inline constexpr const char* kNoPtrDataSection = ".noptrdata.";  // initialised variables without pointers
inline constexpr const char* kNoPtrBssSection = ".bss.noptr.";   // zero variables without pointers

}  // namespace burrow::codegen
