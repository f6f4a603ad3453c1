// Copies of values that are used in very many blocks.
//
// The problem: LLVM's analysis of live variables keeps a list of the instructions where a register is used last, and goes
// through that list for every block that a use makes it live in. The clauses of a switch over 10,000 types all take their
// value out of one interface: 10,000 blocks that each look at up to 10,000 entries.
//
// So in large functions (large_functions.h) no register keeps more than some hundred uses. Along the dominator tree, whenever
// a part of it has that many uses, the block at its top gets a copy of the register, and what is below uses the copy. The
// coalescer makes one register of them again; it works on ranges that are sorted and does not mind.
//
// A block that dominates thousands of others directly, such as a jump table, can not be divided: its uses stay as they are.
//
// The pass runs in SSA form, before phis are eliminated. A phi's operand is a use at the end of the block that it comes from.
#include "codegen/value_copies.h"

#include "codegen/large_functions.h"
#include "codegen/machine_pass.h"

#include "llvm/CodeGen/MachineDominators.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"
#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

// A register with fewer uses is left alone.
constexpr size_t kManyUses = 600;
// How many uses a copy is for.
constexpr size_t kUsesOfCopy = 200;

class ValueCopies : public MachinePass<ValueCopies> {
 public:
  static constexpr StringRef kName = "Burrow copies of values with many uses";
  bool runOnMachineFunction(MachineFunction& f) override;

 private:
  // The blocks below a register's, and what is known of them. Indexes are of `order_`.
  struct Node {
    MachineBasicBlock* block;
    size_t parent;
  };
  void listBlocks(MachineFunction& f);
  void divide(Register reg);

  MachineRegisterInfo* registers_ = nullptr;
  const TargetInstrInfo* instructions_ = nullptr;
  std::vector<Node> order_;      // the dominator tree, parents before their children
  std::vector<size_t> indexes_;  // of a block's number: in order_
  // For the register at hand: uses below that no copy is for, and the register that stands for it there.
  std::vector<size_t> uses_;
  std::vector<Register> here_;
};

MachineBasicBlock* placeOf(const MachineOperand& use) {
  const MachineInstr& inst = *use.getParent();
  if (!inst.isPHI()) return const_cast<MachineBasicBlock*>(inst.getParent());
  return inst.getOperand(inst.getOperandNo(&use) + 1).getMBB();
}

void ValueCopies::listBlocks(MachineFunction& f) {
  constexpr size_t kNowhere = ~size_t(0);
  MachineDominatorTree tree(f);
  order_.clear();
  indexes_.assign(f.getNumBlockIDs(), kNowhere);
  std::vector<std::pair<MachineDomTreeNode*, size_t>> work{{tree.getRootNode(), 0}};
  while (!work.empty()) {
    auto [node, parent] = work.back();
    work.pop_back();
    size_t index = order_.size();
    order_.push_back(Node{node->getBlock(), parent});
    indexes_[static_cast<size_t>(node->getBlock()->getNumber())] = index;
    for (MachineDomTreeNode* child : *node) work.emplace_back(child, index);
  }
}

// A tree's nodes follow it in order_, so that two walks do, one from below that counts and one from above that replaces.
void ValueCopies::divide(Register reg) {
  auto indexOf = [&](const MachineBasicBlock* b) { return indexes_[static_cast<size_t>(b->getNumber())]; };
  size_t top = indexOf(registers_->getVRegDef(reg)->getParent());
  std::vector<MachineOperand*> operands;
  uses_.assign(order_.size(), 0);
  for (MachineOperand& use : registers_->use_operands(reg)) {
    size_t index = indexOf(placeOf(use));
    bool below = index >= top && index < order_.size();
    if (use.isDebug()) {
      if (below) operands.push_back(&use);
      continue;
    }
    if (!below) return;  // in a block that cannot be reached
    operands.push_back(&use);
    uses_[index]++;
  }
  std::vector<size_t> copies;
  for (size_t i = order_.size(); --i > top;) {
    if (uses_[i] >= kUsesOfCopy) {
      copies.push_back(i);
    } else {
      uses_[order_[i].parent] += uses_[i];
    }
  }
  if (copies.empty()) return;
  here_.assign(order_.size(), reg);
  for (size_t i = top + 1; i < order_.size(); i++) {
    here_[i] = here_[order_[i].parent];
    if (copies.empty() || copies.back() != i) continue;
    copies.pop_back();
    Register from = here_[i];
    here_[i] = registers_->cloneVirtualRegister(reg);
    MachineBasicBlock& block = *order_[i].block;
    BuildMI(block, block.SkipPHIsAndLabels(block.begin()), DebugLoc(), instructions_->get(TargetOpcode::COPY), here_[i])
        .addReg(from);
  }
  registers_->clearKillFlags(reg);
  for (MachineOperand* use : operands) use->setReg(here_[indexOf(placeOf(*use))]);
}

bool ValueCopies::runOnMachineFunction(MachineFunction& f) {
  if (!isLarge(f.getFunction())) return false;
  registers_ = &f.getRegInfo();
  instructions_ = f.getSubtarget().getInstrInfo();
  bool listed = false;
  for (unsigned i = 0, n = registers_->getNumVirtRegs(); i < n; i++) {
    Register reg = Register::index2VirtReg(i);
    if (!registers_->hasOneDef(reg) || !hasNItemsOrMore(registers_->use_nodbg_operands(reg), kManyUses)) continue;
    if (!listed) listBlocks(f);
    listed = true;
    divide(reg);
  }
  return listed;
}

}  // namespace

MachineFunctionPass* makeValueCopies() { return new ValueCopies; }

}  // namespace burrow::codegen
