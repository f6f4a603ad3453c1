// Joining the functions of all objects to the executable's function table (abi/functab.h).
#pragma once

#include "abi/functab.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::link {

// A function that no sidecar describes, from the symbol table: it gets a name and nothing else.
struct BareFunction {
  uint64_t address;
  uint64_t size;
  std::string_view name;
};

struct TextRange {
  uint64_t start = 0;
  uint64_t size = 0;
};

// The final table.
//  sidecars  the linked section .burrow.functab: sidecars behind each other with addresses filled in
//  bare      any functions; those that a sidecar describes too are ignored
//  address   where the table will lie
// On failure returns an empty string and sets *error.
std::string buildFunctionTable(std::string_view sidecars, const std::vector<BareFunction>& bare, TextRange text,
                               uint64_t address, std::string* error);

// Numbers of the functions that unwinding knows, by symbol or display name.
abi::functab::FuncId functionId(std::string_view name);

}  // namespace burrow::link
