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

#include "codegen/machine_pass.h"

#include "llvm/CodeGen/TargetOpcodes.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

class CallSites : public MachinePass<CallSites> {
 public:
  static constexpr StringRef kName = "Burrow calls that stay apart";
  bool runOnMachineFunction(MachineFunction& f) override {
    for (MachineBasicBlock& block : f) {
      for (MachineInstr& inst : block) {
        if (inst.getOpcode() == TargetOpcode::STATEPOINT) inst.setFlag(MachineInstr::NoMerge);
      }
    }
    return false;
  }
};

}  // namespace

MachineFunctionPass* makeCallSites() { return new CallSites; }

}  // namespace burrow::codegen
