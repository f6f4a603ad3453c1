// Where the end of an interpreter's loop stands.
//
// The problem: LLVM puts the last block of a loop last, where it jumps back to the first. In a loop around a switch all cases end
// with a jump to that block, so that each turn jumps there and then back to the top:
//
//     top:   load the operation; jmp *table(,operation,8)        end:   poll, count, compare; jae out
//     one:   ...; jmp end                                        top:   load the operation; jmp *table(,operation,8)
//     two:   ...; jmp end                                        one:   ...; jmp end
//     end:   poll, count, compare; jb top                        two:   ...; jmp end
//
// On the right a turn has two jumps that are taken, and no more instructions. The jumps' price is high: a processor follows
// few of them at a time. bench/programs' interp took 0.77 of the time (its loop around a switch alone 0.64).
//
// So where a loop has a jump through a table and its last block is reached by many, that block is moved in front of the first. The
// block above it has to jump if it fell into it before; one of many cases loses so what all others win.
//
// Rejected: LLVM's order by "extended TSP" (enable-ext-tsp-block-placement), which finds this one too, but makes loops slower
// whose ways are guessed wrong without a profile (fannkuch, life, k_nucleotide, reverse_complement of bench/programs: 3 to 10%);
// copies of the end and the top at each case (code of all operations times the dispatch; processors that predict jumps by
// history gain nothing more).
#include "codegen/dispatch_layout.h"

#include "codegen/machine_pass.h"

#include "llvm/CodeGen/MachineDominators.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/MachineJumpTableInfo.h"
#include "llvm/CodeGen/MachineLoopInfo.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr unsigned kManyWays = 4;   // that lead to the end of the loop
constexpr unsigned kLongCase = 32;  // blocks of a case that are looked at

class DispatchLayout : public MachinePass<DispatchLayout> {
 public:
  static constexpr StringRef kName = "Burrow order of interpreters' loops";
  bool runOnMachineFunction(MachineFunction& f) override;
};

bool dispatches(const MachineBasicBlock& block) { return !block.empty() && block.back().isIndirectBranch(); }

bool isUnderstood(MachineBasicBlock& block, const TargetInstrInfo& instructions) {
  MachineBasicBlock *yes = nullptr, *no = nullptr;
  SmallVector<MachineOperand, 4> condition;
  return !instructions.analyzeBranch(block, yes, no, condition);
}

// Of the cases' last blocks, which go on to the end and nowhere else, the one that most cases share, with what falls into it
// from above: the blocks from the first to the second. It has most to gain from being next to the end.
std::pair<MachineBasicBlock*, MachineBasicBlock*> busiestCase(const MachineLoop& loop, MachineBasicBlock* end) {
  MachineBasicBlock* top = loop.getHeader();
  DenseMap<MachineBasicBlock*, unsigned> cases;
  for (MachineBasicBlock* block : loop.blocks()) {
    if (!dispatches(*block)) continue;
    for (MachineBasicBlock* entry : block->successors()) {
      SmallPtrSet<MachineBasicBlock*, kLongCase> seen{top, end, entry};
      SmallVector<MachineBasicBlock*, kLongCase> work{entry};
      while (!work.empty() && seen.size() < kLongCase) {
        MachineBasicBlock* at = work.pop_back_val();
        if (at->isSuccessor(end) && at->succ_size() == 1 && at != top) cases[at]++;
        for (MachineBasicBlock* next : at->successors()) {
          if (loop.contains(next) && seen.insert(next).second) work.push_back(next);
        }
      }
    }
  }
  MachineBasicBlock* last = nullptr;
  for (MachineBasicBlock* block : end->predecessors()) {
    auto shared = cases.find(block);
    if (shared != cases.end() && (!last || shared->second > cases[last])) last = block;
  }
  MachineBasicBlock* first = last;
  while (first) {
    MachineBasicBlock* above = first->getPrevNode();
    if (!above || above->getFallThrough(false) != first) break;
    if (above == top || !loop.contains(above)) return {nullptr, nullptr};
    first = above;
  }
  return {first, last};
}

bool endFirst(const MachineLoop& loop, const TargetInstrInfo& instructions) {
  MachineBasicBlock* top = loop.getHeader();
  MachineBasicBlock* last = loop.getLoopLatch();
  if (!last) return false;
  // The end begins where the cases meet: the poll (loop_polls.cpp) is a block before the one that jumps back.
  MachineBasicBlock* end = last;
  while (end->pred_size() < kManyWays && end != top && end != &top->getParent()->front()) {
    MachineBasicBlock* above = end->getPrevNode();
    if (!above->isSuccessor(end) || !loop.contains(above)) return false;
    end = above;
  }
  if (end->pred_size() < kManyWays || end == top || last->isLayoutSuccessor(top)) return false;
  if (none_of(loop.blocks(), [](const MachineBasicBlock* block) { return dispatches(*block); })) return false;
  MachineFunction& f = *top->getParent();
  auto [caseFirst, caseLast] = busiestCase(loop, end);
  // Who may have fallen into the next block, and which one that was.
  SmallVector<std::pair<MachineBasicBlock*, MachineBasicBlock*>, 4> joints;
  for (MachineBasicBlock* block : {top->getPrevNode(), end->getPrevNode(), last, caseLast}) {
    if (!block || is_contained(make_first_range(joints), block)) continue;
    MachineBasicBlock* next = block->getNextNode();
    const bool falls = next && block->isSuccessor(next);
    if (isUnderstood(*block, instructions)) {
      joints.emplace_back(block, next);
    } else if (falls) {
      return false;
    }
  }
  if (caseLast) f.splice(top->getIterator(), caseFirst->getIterator(), std::next(caseLast->getIterator()));
  f.splice(top->getIterator(), end->getIterator(), std::next(last->getIterator()));
  for (auto [block, next] : joints) block->updateTerminator(next);
  end->setAlignment(std::max(end->getAlignment(), top->getAlignment()));
  top->setAlignment(Align(1));
  return true;
}

bool DispatchLayout::runOnMachineFunction(MachineFunction& f) {
  const MachineJumpTableInfo* tables = f.getJumpTableInfo();
  if (!tables || tables->isEmpty() || skipFunction(f.getFunction())) return false;
  MachineDominatorTree dom(f);
  MachineLoopInfo loops(dom);
  const TargetInstrInfo& instructions = *f.getSubtarget().getInstrInfo();
  bool changed = false;
  for (const MachineLoop* loop : loops.getLoopsInPreorder()) changed |= endFirst(*loop, instructions);
  return changed;
}

}  // namespace

MachineFunctionPass* makeDispatchLayout() { return new DispatchLayout; }

}  // namespace burrow::codegen
