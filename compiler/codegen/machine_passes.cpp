// What is added to LLVM's list of machine passes, and where.
//
// The problem: the target's own list is fixed (addPassesToEmitFile), with no place to hook into between instruction
// selection and the analyses of registers. But the target hands each pass to a manager that it is given, so the one here sees
// them all go by and puts ours in front of the right one.
//
// Rejected: a TargetPassConfig of our own, which needs headers of the X86 target that LLVM does not install.
#include "codegen/machine_passes.h"

#include "codegen/call_sites.h"
#include "codegen/dispatch_layout.h"
#include "codegen/early_exits.h"
#include "codegen/entry_values.h"
#include "codegen/late_frames.h"
#include "codegen/value_copies.h"

#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/Passes.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

constexpr StringRef kPrinterName = "X86 Assembly Printer";  // it has no identifier that LLVM exports

}  // namespace

void MachinePasses::add(Pass* pass) {
  using ir::Optimisation;
  if (pass->getPassID() == &LiveVariablesID && !without_(Optimisation::ValueCopies)) to_.add(makeValueCopies());
  if (pass->getPassID() == &MachineSchedulerID && !without_(Optimisation::EarlyExits)) to_.add(makeEarlyExits());
  if (pass->getPassID() == &PrologEpilogCodeInserterID) to_.add(makeLateFrames(!without_(Optimisation::LateFrames)));
  if (pass->getPassID() == &BranchFolderPassID) to_.add(makeCallSites());
  if (pass->getPassName() == kPrinterName) {
    to_.add(makeEntryValues());
    printer_ = static_cast<AsmPrinter*>(pass);
  }
  const AnalysisID id = pass->getPassID();
  to_.add(pass);  // which may be gone then
  if (id == &PrologEpilogCodeInserterID) to_.add(makeStackChecks());
  if (id == &MachineBlockPlacementID && !without_(Optimisation::DispatchLayout)) to_.add(makeDispatchLayout());
}

}  // namespace burrow::codegen
