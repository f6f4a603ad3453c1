// Reading an object file back to describe its functions for the function table (abi/functab.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace burrow::codegen {

// What the object itself does not say about its functions.
struct FunctionFacts {
  struct Facts {
    bool wrapper = false, noSplit = false, hasDefer = false;
    uint32_t startLine = 0;
  };
  bool foreign = true;  // written in C++ or assembly
  std::unordered_map<std::string, Facts> functions;  // by symbol
};

// The sidecar of an object. Empty, with `*error` set, when the bytes are not an x86-64 ELF object.
std::vector<uint8_t> describe(std::span<const uint8_t> elf, const FunctionFacts& facts, std::string* error);

}  // namespace burrow::codegen
