// Calls that stay apart, each at its line.
//
// The problem: LLVM makes one call of two that end two branches alike, and gives it a line of either, or none. Tracebacks,
// profiles and runtime.Callers name lines of calls, and the functions that a call was inlined through: in Go that is what a
// program can see of a call. LLVM has an attribute for it, `nomerge`, which the lowering puts on all calls that may show in a
// traceback. It has its effect on IR, and is lost where a call becomes a statepoint; instructions have a flag of the same
// meaning, which this pass sets on statepoints.
//
// Rejected: no merging of machine code at all (-enable-tail-merge=false), which also keeps what is equal and no call twice.
#include "codegen/call_sites.h"

#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/TargetOpcodes.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

class CallSites : public MachineFunctionPass {
 public:
  static char ID;
  CallSites() : MachineFunctionPass(ID) {}
  StringRef getPassName() const override { return "Burrow calls that stay apart"; }
  void getAnalysisUsage(AnalysisUsage& usage) const override {
    usage.setPreservesAll();
    MachineFunctionPass::getAnalysisUsage(usage);
  }
  bool runOnMachineFunction(MachineFunction& f) override {
    for (MachineBasicBlock& block : f) {
      for (MachineInstr& inst : block) {
        if (inst.getOpcode() == TargetOpcode::STATEPOINT) inst.setFlag(MachineInstr::NoMerge);
      }
    }
    return false;
  }
};

char CallSites::ID = 0;

}  // namespace

MachineFunctionPass* makeCallSites() { return new CallSites; }

}  // namespace burrow::codegen
