// Which functions each part of a program imports from other parts (lto.h).
//
// The problem: LLVM can inline a call only when it sees the callee's body, and each body that it sees costs time. What it will
// inline it decides by a measure of its own, of about 45 instructions and more where arguments are constant.
//
// What is done, for each part: the functions that its functions call, and that other parts define, are imported up to a size; then those
// that the imported ones call, up to a smaller size, and so on, nearest first:
//
//   main.main ── 80 instructions ──► strings.Cut ── 56 ──► strings.Index ── 39 ──► bytealg.IndexString
//
// Invariants: the plan depends on what the parts say of themselves and on their order. Of several definitions of a symbol one of the own
// package comes first, then the first one, as when parts are chosen.
//
// Rejected: sizes by how often a call runs, as LLVM's ThinLTO has them (without a profile they are guesses, and the inliner makes them
// again); a limit of a part's growth by its own size (a main function of three lines is where everything gets inlined).
#pragma once

#include "codegen/lto.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace burrow::codegen {

struct LtoLimits {
  uint32_t size = 100;       // of a function that the part itself calls
  uint32_t percent = 70;     // of that for each step away from the part
  uint32_t perPart = 4000;   // instructions that a part imports
};

struct LtoInput {
  const LtoPart* part = nullptr;
  uint32_t package = 0;   // a number for each
  bool imports = true;    // whether anything is to be imported into it
};

// What one part imports: number of the other part, and functions in alphabetical order. The parts in ascending order.
using LtoPlan = std::vector<std::pair<uint32_t, std::vector<std::string_view>>>;

// By part.
std::vector<LtoPlan> planImports(std::span<const LtoInput> parts, const LtoLimits& limits = {});

}  // namespace burrow::codegen
