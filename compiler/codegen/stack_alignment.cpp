// See stack_alignment.h.
//
// The problem: a frame begins at a multiple of 16 bytes and lies at a fixed distance from its caller's, which stack
// maps and tracebacks count with; LLVM must not move it to a rounder address. But LLVM makes objects with the types
// that it likes best: 32 bytes that a loop with wide vectors looks at become one object of type <32 x i8>, which has
// an alignment of 32 by its type. Where frames can't be moved, LLVM puts such an object at a multiple of 16 and still
// uses the instructions that fault elsewhere.
//
// So objects with more alignment get that of a frame, and in their functions so does whatever is said to have more:
// accesses, and pointers that are handed on. Less alignment is never wrong, and costs these processors nothing.
// (Registers that LLVM spills are its own business: that it does with unaligned instructions where the frame can't be
// moved.)
//
// Rejected: no vector types for objects (SROA has no such option); telling which accesses reach the object (pointers
// come through casts into the heap's address space and through phis).
#include "codegen/stack_alignment.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

#include <algorithm>

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr Align kOfFrame = Align::Constant<16>();

bool limitObjects(Function& f) {
  bool any = false;
  for (Instruction& i : instructions(f)) {
    auto* object = dyn_cast<AllocaInst>(&i);
    if (!object || object->getAlign() <= kOfFrame) continue;
    object->setAlignment(kOfFrame);
    any = true;
  }
  return any;
}

void limitArguments(CallBase& call) {
  for (unsigned i = 0; i < call.arg_size(); i++) {
    MaybeAlign align = call.getParamAlign(i);
    if (!align || *align <= kOfFrame) continue;
    call.removeParamAttr(i, Attribute::Alignment);
    call.addParamAttr(i, Attribute::getWithAlignment(call.getContext(), kOfFrame));
  }
}

}  // namespace

PreservedAnalyses StackAlignment::run(Function& f, FunctionAnalysisManager&) {
  if (!limitObjects(f)) return PreservedAnalyses::all();
  for (Instruction& i : instructions(f)) {
    if (auto* load = dyn_cast<LoadInst>(&i)) {
      load->setAlignment(std::min(load->getAlign(), kOfFrame));
    } else if (auto* store = dyn_cast<StoreInst>(&i)) {
      store->setAlignment(std::min(store->getAlign(), kOfFrame));
    } else if (auto* call = dyn_cast<CallBase>(&i)) {
      limitArguments(*call);
    }
  }
  PreservedAnalyses kept;
  kept.preserveSet<CFGAnalyses>();
  return kept;
}

}  // namespace burrow::codegen
