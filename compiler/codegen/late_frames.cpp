// Frames that are made where they are needed.
//
// The problem: LLVM makes the frame of a function, with all its pushes, at the entry if the function checks its stack there
// (split stacks): its pass that finds a later place (shrink wrapping) leaves these alone, because the code for the check is put
// in front of the frame's first block. A function that returns early in most calls
//
//     func (m *Mutex) Lock() {
//         if atomic.CompareAndSwapInt32(&m.state, 0, 1) { return }
//         m.lockSlow()
//     }
//
// or a recursive one at its leaves pushes up to six registers and pops them again.
//
// What is done: the region that needs a frame is what one block dominates (FrameRegion), outside of loops. If it is not all of the
// function, its first block becomes the place of the prologue, and the one block that all ways out of it lead through that of
// the epilogue, and the function loses the mark of split stacks while LLVM makes the frame. Then it gets the mark back, and the
// check, in front of the entry as ever:
//
//     entry:  cmp %fs:112, %rsp; jbe more     for each call, so that each call can be preempted (loop_polls.cpp)
//             test ...; je early
//             push ...                         the region
//             call ...
//             pop ...
//     early:  ret
//
// A block that ends in a call that does not return, as each index has one, counts for the region only if the region leads there;
// others get a copy of the prologue.
//
// Invariants: an instruction that needs the frame (a call, a slot in it, a register of the caller's) is in the region or in such a
// block; who gets into the region came through its first block; who leaves it comes through the epilogue, and does not come
// back. What is read or written after the epilogue is not in the frame, because nothing is.
//
// Rejected: LLVM's pass without the mark. It gives up where the region holds a call that does not return.
#include "codegen/late_frames.h"

#include "codegen/large_functions.h"
#include "codegen/loop_polls.h"
#include "codegen/machine_pass.h"

#include "llvm/CodeGen/MachineDominators.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/MachineInstr.h"
#include "llvm/CodeGen/MachineLoopInfo.h"
#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/TargetFrameLowering.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetLowering.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/Target/TargetMachine.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr const char* kSplitStack = "split-stack";
constexpr const char* kLateFrame = "burrow.late-frame";  // stands for it while LLVM makes the frame: in the block of this number

// Finds the instructions that need the frame, before and after registers are given out.
class FrameUses {
 public:
  explicit FrameUses(const MachineFunction& f) {
    const TargetSubtargetInfo& target = f.getSubtarget();
    const TargetRegisterInfo& registers = *target.getRegisterInfo();
    setup_ = target.getInstrInfo()->getCallFrameSetupOpcode();
    destroy_ = target.getInstrInfo()->getCallFrameDestroyOpcode();
    kept_.resize(registers.getNumRegs());
    auto keep = [&](MCRegister reg) {
      for (MCRegAliasIterator alias(reg, &registers, true); alias.isValid(); ++alias) kept_.set((*alias).id());
    };
    for (const MCPhysReg* reg = f.getRegInfo().getCalleeSavedRegs(); *reg; reg++) keep(*reg);
    keep(target.getTargetLowering()->getStackPointerRegisterToSaveRestore());
  }

  bool in(const MachineBasicBlock& block) const {
    for (const MachineInstr& inst : block) {
      if (is(inst)) return true;
    }
    return false;
  }

 private:
  bool is(const MachineInstr& inst) const {
    if (inst.isDebugInstr()) return false;
    if (inst.isReturn()) return false;  // a tail call neither: it comes after the epilogue
    if (inst.isCall() || inst.isStackAligningInlineAsm()) return true;
    if (inst.getOpcode() == setup_ || inst.getOpcode() == destroy_) return true;
    for (const MachineOperand& operand : inst.operands()) {
      if (operand.isFI() || operand.isRegMask()) return true;
      if (operand.isReg() && operand.getReg().isPhysical() && (operand.isDef() || operand.readsReg()) &&
          kept_.test(operand.getReg().id()))
        return true;
    }
    return false;
  }

  unsigned setup_, destroy_;
  BitVector kept_;  // registers that belong to the caller, the stack pointer among them
};

// Whether the block ends in a call that does not return.
bool stops(const MachineBasicBlock& block) { return block.succ_empty() && !block.isReturnBlock(); }

// Whether one comes from the block to one of the set.
bool leadsTo(MachineBasicBlock* from, const SmallPtrSetImpl<MachineBasicBlock*>& set) {
  SmallPtrSet<MachineBasicBlock*, 16> seen{from};
  SmallVector<MachineBasicBlock*, 16> work{from};
  while (!work.empty()) {
    MachineBasicBlock* block = work.pop_back_val();
    if (set.contains(block)) return true;
    for (MachineBasicBlock* next : block->successors()) {
      if (seen.insert(next).second) work.push_back(next);
    }
  }
  return false;
}

class LateFrames : public MachinePass<LateFrames, MachineDominatorTreeWrapperPass, MachineLoopInfoWrapperPass> {
 public:
  static constexpr StringRef kName = "Burrow frames where they are needed";
  explicit LateFrames(bool late) : late_(late) {}
  bool runOnMachineFunction(MachineFunction& f) override;

 private:
  MachineBasicBlock* placeOfEpilogue(const FrameRegion& region);
  MachineBasicBlock* addBlockBefore(MachineBasicBlock* to, const FrameRegion& region);

  bool late_;
};

bool LateFrames::runOnMachineFunction(MachineFunction& f) {
  MachineFrameInfo& frame = f.getFrameInfo();
  // A caller's loop relies on the check. All that may have gone is the call for whose sake it would be there.
  if (f.getFunction().hasFnAttribute(kChecksStack)) frame.setAdjustsStack(true);
  if (!late_ || !mayHaveLateFrame(f)) return false;
  FrameRegion region(f, getAnalysis<MachineDominatorTreeWrapperPass>().getDomTree(),
                     getAnalysis<MachineLoopInfoWrapperPass>().getLI());
  if (!region.first || !f.getSubtarget().getFrameLowering()->canUseAsPrologue(*region.first)) return false;
  MachineBasicBlock* last = placeOfEpilogue(region);
  if (!last) return false;
  frame.setSavePoints(SaveRestorePoints({{region.first, {}}}));
  frame.setRestorePoints(SaveRestorePoints({{last, {}}}));
  f.getFunction().removeFnAttr(kSplitStack);
  f.getFunction().addFnAttr(kLateFrame, std::to_string(region.first->getNumber()));
  return true;
}

// The block at whose end nobody needs the frame any more; null if there is more than one way out.
MachineBasicBlock* LateFrames::placeOfEpilogue(const FrameRegion& region) {
  MachineBasicBlock* returns = nullptr;
  MachineBasicBlock* stop = nullptr;
  for (MachineBasicBlock* block : region.blocks) {
    if (stops(*block)) stop = block;
    if (!block->isReturnBlock()) continue;
    if (returns) return nullptr;
    returns = block;
  }
  if (region.exits.empty()) return returns ? returns : stop;
  if (returns) return nullptr;
  MachineBasicBlock* to = region.exits.front().second;
  const TargetInstrInfo& instructions = *to->getParent()->getSubtarget().getInstrInfo();
  for (auto [block, exit] : region.exits) {
    MachineBasicBlock *yes = nullptr, *no = nullptr;
    SmallVector<MachineOperand, 4> condition;
    if (exit != to || instructions.analyzeBranch(*block, yes, no, condition)) return nullptr;
  }
  // What is behind the epilogue must not need the frame, nor read or write what may be in it.
  const FrameUses uses(*to->getParent());
  SmallPtrSet<MachineBasicBlock*, 8> seen{to};
  SmallVector<MachineBasicBlock*, 8> work{to};
  while (!work.empty()) {
    MachineBasicBlock* block = work.pop_back_val();
    if (uses.in(*block)) return nullptr;
    for (const MachineInstr& inst : *block) {
      if (!inst.isReturn() && inst.mayLoadOrStore()) return nullptr;
    }
    for (MachineBasicBlock* next : block->successors()) {
      if (seen.insert(next).second) work.push_back(next);
    }
  }
  return addBlockBefore(to, region);
}

// A block of its own for those who leave the region.
MachineBasicBlock* LateFrames::addBlockBefore(MachineBasicBlock* to, const FrameRegion& region) {
  MachineFunction& f = *to->getParent();
  const TargetInstrInfo& instructions = *f.getSubtarget().getInstrInfo();
  MachineDominatorTree& dom = getAnalysis<MachineDominatorTreeWrapperPass>().getDomTree();
  MachineBasicBlock* between = f.CreateMachineBasicBlock();
  f.insert(f.end(), between);
  for (const auto& reg : to->liveins()) between->addLiveIn(reg);
  instructions.insertUnconditionalBranch(*between, to, to->findDebugLoc(to->getFirstTerminator()));
  MachineBasicBlock* above = nullptr;
  for (auto [block, exit] : region.exits) {
    const bool falls = block->getFallThrough(false) == to;
    const DebugLoc line = block->findBranchDebugLoc();
    if (block->isSuccessor(to)) block->ReplaceUsesOfBlockWith(to, between);
    if (falls) instructions.insertUnconditionalBranch(*block, between, line);
    above = above ? dom.findNearestCommonDominator(above, block) : block;
  }
  between->addSuccessor(to);
  dom.addNewBlock(between, above);
  return between;
}

class StackChecks : public MachinePass<StackChecks> {
 public:
  static constexpr StringRef kName = "Burrow stack checks in front of late frames";
  bool runOnMachineFunction(MachineFunction& f) override {
    Function& function = f.getFunction();
    if (!function.hasFnAttribute(kLateFrame)) return false;
    copyPrologue(*f.getBlockNumbered(static_cast<unsigned>(function.getFnAttributeAsParsedInteger(kLateFrame))));
    function.removeFnAttr(kLateFrame);
    function.addFnAttr(kSplitStack);
    f.getSubtarget().getFrameLowering()->adjustForSegmentedStacks(f, f.front());
    return true;
  }

 private:
  void copyPrologue(MachineBasicBlock& first);
};

// Gives the blocks outside the region that end in a call, which does not return, a frame like the region's.
void StackChecks::copyPrologue(MachineBasicBlock& first) {
  SmallVector<MachineInstr*, 16> prologue;
  for (MachineInstr& inst : first) {
    if (inst.getFlag(MachineInstr::FrameSetup)) {
      prologue.push_back(&inst);
    } else if (!inst.isDebugInstr()) {
      break;
    }
  }
  SmallPtrSet<MachineBasicBlock*, 16> framed{&first};
  SmallVector<MachineBasicBlock*, 16> work{&first};
  while (!work.empty()) {
    for (MachineBasicBlock* next : work.pop_back_val()->successors()) {
      if (framed.insert(next).second) work.push_back(next);
    }
  }
  MachineFunction& f = *first.getParent();
  for (MachineBasicBlock& block : f) {
    if (framed.contains(&block) || !stops(block)) continue;
    if (none_of(block, [](const MachineInstr& inst) { return inst.isCall(); })) continue;
    MachineBasicBlock::iterator start = block.begin();
    for (const MachineInstr* inst : prologue) block.insert(start, f.CloneMachineInstr(inst));
  }
}

}  // namespace

MachineFunctionPass* makeLateFrames(bool late) { return new LateFrames(late); }
MachineFunctionPass* makeStackChecks() { return new StackChecks; }

bool mayHaveLateFrame(const MachineFunction& f) {
  const Function& function = f.getFunction();
  const MachineFrameInfo& frame = f.getFrameInfo();
  const TargetFrameLowering& lowering = *f.getSubtarget().getFrameLowering();
  // Without calls LLVM would use the words below the stack pointer if it did not see the mark.
  return function.hasFnAttribute(kSplitStack) && frame.adjustsStack() && !f.exposesReturnsTwice() &&
         f.getTarget().getOptLevel() != CodeGenOptLevel::None && !function.hasOptNone() && !isLarge(function) &&
         !frame.hasVarSizedObjects() && lowering.hasReservedCallFrame(f) && !lowering.hasFP(f);
}

FrameRegion::FrameRegion(MachineFunction& f, const MachineDominatorTree& dom, const MachineLoopInfo& loops) {
  const FrameUses uses(f);
  MachineBasicBlock* top = &f.front();
  MachineBasicBlock* common = nullptr;
  MachineBasicBlock* stop = nullptr;
  bool returnsElsewhere = false;
  for (MachineBasicBlock& block : f) {
    if (!dom.isReachableFromEntry(&block) || !uses.in(block)) continue;
    if (stops(block)) {
      stop = &block;
      continue;
    }
    common = common ? dom.findNearestCommonDominator(common, &block) : &block;
    if (common == top) return;
  }
  onlyStops = !common;
  if (!common) common = stop;
  for (bool closed = false; !closed;) {
    while (common && loops.getLoopFor(common)) {
      const MachineDomTreeNode* above = dom.getNode(common)->getIDom();
      common = above ? above->getBlock() : nullptr;
    }
    if (!common || common == top) return;
    closed = true;
    blocks.clear();
    exits.clear();
    SmallVector<const MachineDomTreeNode*, 16> work{dom.getNode(common)};
    while (!work.empty()) {
      const MachineDomTreeNode* node = work.pop_back_val();
      blocks.insert(node->getBlock());
      work.append(node->begin(), node->end());
    }
    for (MachineBasicBlock& block : f) {
      if (!blocks.contains(&block)) continue;
      for (MachineBasicBlock* next : block.successors()) {
        if (blocks.contains(next)) continue;
        exits.emplace_back(&block, next);
        // One that both parts stop at.
        if (!uses.in(*next)) continue;
        common = dom.findNearestCommonDominator(common, next);
        closed = false;
      }
    }
  }
  for (MachineBasicBlock& block : f) returnsElsewhere |= block.isReturnBlock() && !blocks.contains(&block);
  for (auto [from, to] : exits) {
    if (leadsTo(to, blocks)) return;
  }
  if (returnsElsewhere) first = common;
}

}  // namespace burrow::codegen
