// Root slots: where the collector finds the pointers of a frame. See root_slots.cpp.
#pragma once

#include "codegen/llvm.h"

#include "llvm/IR/PassManager.h"

namespace burrow::codegen {

// Metadata on a stack object without pointers.
inline constexpr const char* kNoPointers = "burrow.noptrs";
// Gives the calls that can reach the collector a "deopt" bundle; RewriteStatepointsForGC, which must run next, makes
// statepoints of them. What the bundle holds is in root_slots.cpp; object_tables.cpp reads it from LLVM's stack map.
inline constexpr const char* kGcName = "burrow";

// In the bundle's number of argument words: the record also says what is live when a panic left the function.
inline constexpr uint32_t kRecoverRecord = 1u << 24;
// What the bundle says of a stack object: its number in the function, its size, and whether it counts by itself or only
// when something points to it.
constexpr uint64_t objectCode(uint32_t number, uint64_t words, bool direct) {
  return uint64_t{number} << 40 | words << 1 | uint64_t{direct};
}
constexpr uint32_t objectNumber(uint64_t code) { return uint32_t(code >> 40); }
constexpr uint32_t objectWords(uint64_t code) { return uint32_t(code >> 1); }
constexpr bool objectDirect(uint64_t code) { return code & 1; }

struct RootSlots : llvm::PassInfoMixin<RootSlots> {
  // Whether pointers are stored where that is rare, instead of right after their definition, and whether they share slots.
  explicit RootSlots(bool places = true, bool sharing = true) : places(places), sharing(sharing) {}
  bool places, sharing;
  llvm::PreservedAnalyses run(llvm::Function& f, llvm::FunctionAnalysisManager& analyses);
  static bool isRequired() { return true; }
};

}  // namespace burrow::codegen
