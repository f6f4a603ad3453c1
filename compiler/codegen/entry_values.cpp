// Parameters are known, and instructions have a line, from a function's first byte on.
//
// The problem: a breakpoint on a function is set at its first instruction (gdb knows no prologue of ours). LLVM says where a
// parameter is from the first instruction behind the prologue on, in the block behind the check of the stack, so that all
// arguments were "optimized out" at the place where people look at them most; and what makes the frame had no line there (0).
//
// Parameters come in registers that nothing changes before the body. So what is said of such a register at the body's
// begin holds at the function's begin, too: the pass says it there, and moves it before what makes the frame. Without
// optimisation LLVM stores the registers into the frame first and speaks only of that place: then the register that is stored
// there is where the parameter is at first.
//
// Invariants: nothing but debug information changes. What is said of a register stands at the begin of the first block
// only if neither this block nor what makes the frame writes it. Places in the frame are said where they were: they hold
// when there is a frame.
#include "codegen/entry_values.h"

#include "codegen/machine_pass.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"
#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"

#include <optional>

namespace burrow::codegen {

using namespace llvm;

namespace {

// Where a parameter is at the function's first instruction.
struct Entry {
  const MachineInstr* said;  // what LLVM says of the same parameter, or of the same part of it
  Register reg;
  const DIExpression* expression;
  bool indirect;
};

class EntryValues : public MachinePass<EntryValues> {
 public:
  static constexpr StringRef kName = "Burrow values at the entry";
  bool runOnMachineFunction(MachineFunction& f) override;

 private:
  std::optional<Entry> entryOf(const MachineInstr& said, bool leads) const;
  bool keeps(Register reg, const MachineInstr& end) const;

  const TargetInstrInfo* code_ = nullptr;
  const TargetRegisterInfo* registers_ = nullptr;
};

// Whether it is the block that has the stack grow (and may go on with copies of what the body begins with).
bool growsStack(const MachineBasicBlock& block) {
  return any_of(block, [](const MachineInstr& inst) {
    return inst.isCall() && inst.getOperand(0).isSymbol() && StringRef(inst.getOperand(0).getSymbolName()).starts_with("__morestack");
  });
}

// The block where the body begins: the first, or the one behind the check of the stack.
MachineBasicBlock* bodyOf(MachineFunction& f) {
  auto makesFrame = [](const MachineBasicBlock& block) {
    return any_of(block, [](const MachineInstr& inst) { return inst.isDebugValue() || inst.getFlag(MachineInstr::FrameSetup); });
  };
  MachineBasicBlock& first = f.front();
  if (makesFrame(first)) return &first;
  for (MachineBasicBlock* next : first.successors()) {
    if (next->pred_size() <= 2 && makesFrame(*next) && !growsStack(*next)) return next;
  }
  return nullptr;
}

// Of a parameter of this function, not of one that was inlined, and in one place.
bool isOwnParameter(const MachineInstr& said) {
  return said.getDebugVariable()->isParameter() && !said.getDebugLoc()->getInlinedAt() && !said.isDebugValueList() &&
         said.getDebugOperand(0).isReg() && said.getDebugOperand(0).getReg().isPhysical();
}

// Whether a register is at `end`, in the body's block, what it was at the function's first instruction, and a parameter.
bool EntryValues::keeps(Register reg, const MachineInstr& end) const {
  const MachineBasicBlock& first = end.getMF()->front();
  if (!end.getMF()->getRegInfo().isLiveIn(reg)) return false;
  auto writes = [&](const MachineInstr& inst) { return !inst.isDebugInstr() && inst.modifiesRegister(reg, registers_); };
  if (end.getParent() != &first && any_of(first, writes)) return false;
  return none_of(make_range(end.getParent()->begin(), MachineBasicBlock::const_iterator(end)), writes);
}

// `leads`: before `said` there is nothing but what makes the frame.
std::optional<Entry> EntryValues::entryOf(const MachineInstr& said, bool leads) const {
  const Register reg = said.getDebugOperand(0).getReg();
  if (leads && keeps(reg, said)) return Entry{&said, reg, said.getDebugExpression(), said.isIndirectDebugValue()};
  // A place in the frame: the store to it.
  int64_t place, offset;
  SmallVector<uint64_t, 4> part;
  if (!said.isIndirectDebugValue() || !said.getDebugExpression()->extractLeadingOffset(place, part)) return {};
  if (!part.empty() && part[0] != dwarf::DW_OP_LLVM_fragment) return {};
  for (const MachineInstr& inst : reverse(make_range(said.getParent()->begin(), MachineBasicBlock::const_iterator(said)))) {
    const MachineOperand* base;
    bool scalable;
    int slot;
    const Register stored = code_->isStoreToStackSlotPostFE(inst, slot);
    if (!stored || !code_->getMemOperandWithOffset(inst, base, offset, scalable, registers_)) continue;
    if (!base->isReg() || base->getReg() != reg || offset != place) continue;
    if (!keeps(stored, inst)) return {};
    return Entry{&said, stored, DIExpression::get(said.getMF()->getFunction().getContext(), part), false};
  }
  return {};
}

bool EntryValues::runOnMachineFunction(MachineFunction& f) {
  DISubprogram* function = f.getFunction().getSubprogram();
  if (!function) return false;
  const DebugLoc begin = DILocation::get(function->getContext(), function->getScopeLine(), 0, function);
  MachineBasicBlock* body = bodyOf(f);
  for (MachineBasicBlock* next : f.front().successors()) {
    if (!growsStack(*next)) continue;
    for (MachineInstr& inst : *next) {
      if (inst.getDebugLoc()) break;
      inst.setDebugLoc(begin);
    }
  }
  if (!body) return false;
  code_ = f.getSubtarget().getInstrInfo();
  registers_ = f.getSubtarget().getRegisterInfo();
  SmallVector<Entry, 8> entries;
  DenseSet<DebugVariable> seen;
  bool leads = true;
  for (MachineInstr& inst : *body) {
    if (inst.isDebugValue()) {
      if (!isOwnParameter(inst)) continue;
      if (!seen.insert(DebugVariable(inst.getDebugVariable(), inst.getDebugExpression(), nullptr)).second) continue;
      if (auto entry = entryOf(inst, leads)) entries.push_back(*entry);
    } else if (!inst.isMetaInstruction()) {
      leads &= inst.getFlag(MachineInstr::FrameSetup);
      if (leads && !inst.getDebugLoc()) inst.setDebugLoc(begin);
    }
  }
  MachineBasicBlock& first = f.front();
  const auto top = first.begin(), bodyTop = body->begin();
  for (const Entry& entry : entries) {
    auto say = [&](MachineBasicBlock& block, MachineBasicBlock::iterator at) {
      BuildMI(block, at, entry.said->getDebugLoc(), code_->get(TargetOpcode::DBG_VALUE), entry.indirect, entry.reg,
              entry.said->getDebugVariable(), entry.expression);
    };
    say(first, top);
    if (body != &first) say(*body, bodyTop);
  }
  return !entries.empty();
}

}  // namespace

MachineFunctionPass* makeEntryValues() { return new EntryValues; }

}  // namespace burrow::codegen
