// Values of a function's fast way apart from those of the rest.
//
// The problem: of a function that looks at its arguments, and mostly returns, and otherwise calls others
//
//     func find(n *node, key int) *node {
//         if n.key == key { return n }
//         for ... { r := find(...) }
//     }
//
// only the second part needs registers that survive calls. But a value that both parts use has one register in both, and so
// the first part writes to registers that must be saved before: the frame is made at the entry, and taken down again a few
// instructions later.
//
// What is done: the second part begins at the block that dominates all calls, outside of loops. There each value that comes
// in, and that is alive during some call of this part, is copied into a register of its own, which stands for it in all blocks
// below; where a way leads out of them, to a return that both parts share, it is copied back. The first part's values are then
// where the arguments came in, late_frames.cpp makes the frame in the second part only, and the copies are what LLVM would do at
// the entry.
//
// Invariants: who reaches a block of the second part came through its first block. Ways out of it do not lead back.
//
// Rejected: making a function of the second part, and jumping there (it has to appear as the first in tracebacks, in profiles
// and by runtime.Callers); the register allocator's own price for callee-saved registers (regalloc-csr-first-time-cost), which
// divides one value at a time and stops where the next one still needs the register: it took away one push of six.
#include "codegen/early_exits.h"

#include "codegen/late_frames.h"
#include "codegen/machine_pass.h"

#include "llvm/CodeGen/LiveIntervals.h"
#include "llvm/CodeGen/MachineDominators.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"
#include "llvm/CodeGen/MachineLoopInfo.h"
#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/SlotIndexes.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

class EarlyExits : public MachinePass<EarlyExits, LiveIntervalsWrapperPass, MachineDominatorTreeWrapperPass, MachineLoopInfoWrapperPass> {
 public:
  static constexpr StringRef kName = "Burrow values of the fast way apart";
  bool runOnMachineFunction(MachineFunction& f) override;

 private:
  bool divide(Register reg, const FrameRegion& region);
  void avoidKept(Register reg);
  void addCopy(MachineBasicBlock& block, MachineBasicBlock::iterator at, Register to, Register from);

  LiveIntervals* live_ = nullptr;
  MachineRegisterInfo* registers_ = nullptr;
  const TargetInstrInfo* instructions_ = nullptr;
  DenseMap<const TargetRegisterClass*, const TargetRegisterClass*> free_;  // of a class: what of it need not be saved
};

void EarlyExits::addCopy(MachineBasicBlock& block, MachineBasicBlock::iterator at, Register to, Register from) {
  MachineInstr* copy = BuildMI(block, at, DebugLoc(), instructions_->get(TargetOpcode::COPY), to).addReg(from);
  live_->InsertMachineInstrInMaps(*copy);
}

// Has the allocator take one of the registers that the function need not save, if there is a class of enough of them. The copy
// at the border would else be reason enough for it to take the region's.
void EarlyExits::avoidKept(Register reg) {
  constexpr ptrdiff_t kEnough = 8;
  const TargetRegisterInfo& target = *registers_->getTargetRegisterInfo();
  const TargetRegisterClass* from = registers_->getRegClass(reg);
  auto [known, fresh] = free_.try_emplace(from, nullptr);
  if (fresh) {
    ptrdiff_t most = kEnough - 1;
    for (const TargetRegisterClass* wanted : target.regclasses()) {
      if (!from->hasSubClassEq(wanted)) continue;
      const ptrdiff_t size = count_if(*wanted, [&](MCPhysReg member) { return !registers_->isReserved(member); });
      if (size <= most) continue;
      const bool kept = any_of(*wanted, [&](MCPhysReg member) {
        for (const MCPhysReg* saved = registers_->getCalleeSavedRegs(); *saved; saved++) {
          if (target.regsOverlap(member, *saved)) return true;
        }
        return false;
      });
      if (kept) continue;
      most = size;
      known->second = wanted;
    }
  }
  if (known->second) registers_->constrainRegClass(reg, known->second);
}

// Gives the value of `reg` a register of its own in the region, if it has any business outside.
bool EarlyExits::divide(Register reg, const FrameRegion& region) {
  const LiveInterval& interval = live_->getInterval(reg);
  const bool comesIn = live_->isLiveInToMBB(interval, region.first);
  SmallVector<std::pair<MachineBasicBlock*, MachineBasicBlock*>, 4> out;
  for (auto [from, to] : region.exits) {
    if (live_->isLiveInToMBB(interval, to)) out.emplace_back(from, to);
  }
  if (!comesIn && out.empty()) return false;
  BitVector usable;
  if (!live_->checkRegMaskInterference(interval, usable)) return false;
  const Register inside = registers_->cloneVirtualRegister(reg);
  SmallVector<MachineOperand*, 16> operands;
  for (MachineOperand& operand : registers_->reg_operands(reg)) {
    if (region.blocks.contains(operand.getParent()->getParent())) operands.push_back(&operand);
  }
  for (MachineOperand* operand : operands) operand->setReg(inside);
  if (comesIn) {
    MachineBasicBlock& first = *region.first;
    addCopy(first, first.SkipPHIsLabelsAndDebug(first.begin()), inside, reg);
  }
  SmallPtrSet<MachineBasicBlock*, 4> done;
  for (auto [from, to] : out) {
    if (done.insert(from).second) addCopy(*from, from->getFirstTerminator(), reg, inside);
  }
  for (Register changed : {reg, inside}) {
    registers_->clearKillFlags(changed);
    if (live_->hasInterval(changed)) live_->removeInterval(changed);
    SmallVector<LiveInterval*, 4> parts;
    live_->splitSeparateComponents(live_->createAndComputeVirtRegInterval(changed), parts);
    if (changed == inside) continue;
    avoidKept(reg);
    for (const LiveInterval* part : parts) avoidKept(part->reg());
  }
  return true;
}

bool EarlyExits::runOnMachineFunction(MachineFunction& f) {
  if (!mayHaveLateFrame(f)) return false;
  const MachineLoopInfo& loops = getAnalysis<MachineLoopInfoWrapperPass>().getLI();
  FrameRegion region(f, getAnalysis<MachineDominatorTreeWrapperPass>().getDomTree(), loops);
  if (!region.first || region.onlyStops) return false;
  // A first part with a loop needs its registers more than the time that a frame takes.
  for (MachineBasicBlock& block : f) {
    if (!region.blocks.contains(&block) && loops.getLoopFor(&block)) return false;
  }
  live_ = &getAnalysis<LiveIntervalsWrapperPass>().getLIS();
  registers_ = &f.getRegInfo();
  instructions_ = f.getSubtarget().getInstrInfo();
  free_.clear();  // conventions differ in what is saved
  // Those that matter have a use or a definition in the region, or go through it to what both parts share.
  bool changed = false;
  for (unsigned i = 0, n = registers_->getNumVirtRegs(); i < n; i++) {
    Register reg = Register::index2VirtReg(i);
    if (live_->hasInterval(reg) && !live_->getInterval(reg).empty()) changed |= divide(reg, region);
  }
  return changed;
}

}  // namespace

MachineFunctionPass* makeEarlyExits() { return new EarlyExits; }

}  // namespace burrow::codegen
