// Frames that are made where they are needed; see late_frames.cpp.
#pragma once

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"

#include <utility>

namespace llvm {
class MachineBasicBlock;
class MachineDominatorTree;
class MachineFunction;
class MachineFunctionPass;
class MachineLoopInfo;
}  // namespace llvm

namespace burrow::codegen {

// The part of a function that needs a frame: the blocks that one block dominates.
struct FrameRegion {
  FrameRegion(llvm::MachineFunction& f, const llvm::MachineDominatorTree& dom, const llvm::MachineLoopInfo& loops);

  llvm::MachineBasicBlock* first = nullptr;  // null if the region would be all of the function, or leads back into itself
  bool onlyStops = false;                     // each call is one that does not return
  llvm::SmallPtrSet<llvm::MachineBasicBlock*, 16> blocks;
  llvm::SmallVector<std::pair<llvm::MachineBasicBlock*, llvm::MachineBasicBlock*>, 4> exits;  // from a block of it to another
};

// Whether the function is of the kind that can have its frame late at all.
bool mayHaveLateFrame(const llvm::MachineFunction& f);

// The passes, for the places before and after LLVM makes the frame.
// Without `late` all frames are made at the entry.
llvm::MachineFunctionPass* makeLateFrames(bool late);
llvm::MachineFunctionPass* makeStackChecks();

}  // namespace burrow::codegen
