// What the call stubs in call_amd64.S and the code that fills them in share.
#pragma once

#include "mem/env.h"

namespace burrow::rt {

inline constexpr unsigned kIntArgs = 6, kFloatArgs = 8;  // registers, by docs/contract.md

struct CallRegs {
  uint64_t ints[kIntArgs];
  double floats[kFloatArgs];
  uint64_t stackWords;
  uint64_t* stack;  // arguments beyond the registers: to be pushed, or where the caller pushed them
  void* code;
  void* context;  // the closure object
  uint64_t intResults[abi::kMaxIntResults];
  double floatResults[abi::kMaxFloatResults];
  uintptr_t* slot;  // unless nil: gets the address of the call's return address
  uint64_t pad;
};
static_assert(offsetof(CallRegs, floats) == 48 && offsetof(CallRegs, stackWords) == 112 &&
              offsetof(CallRegs, stack) == 120);
static_assert(offsetof(CallRegs, code) == 128 && offsetof(CallRegs, context) == 136);
static_assert(offsetof(CallRegs, intResults) == 144 && offsetof(CallRegs, floatResults) == 176 &&
              offsetof(CallRegs, slot) == 208 && sizeof(CallRegs) == 224);

}  // namespace burrow::rt
