// See target.h.
//
// What is switched off, and why. No C library function exists in a Go program, so the library analysis knows none but
// memcpy, memmove and memset, which the runtime has: LLVM must neither recognise a user's `strlen` nor invent a call of
// libm. Tail calls are off by attribute, since tracebacks show every frame. Implicit null checks are an option of LLVM's
// command line only; it is set before each compilation because lld resets such options.
//
// The object lies about split stacks: LLVM's note section makes lld patch the prologues of functions that call code
// without the note, which in this system is code that knows what it does. The note's name is therefore changed.
#include "codegen/target.h"

#include "codegen/loop_polls.h"
#include "codegen/write_barriers.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"

#include <mutex>

namespace burrow::codegen {

using namespace llvm;

namespace {

void initialiseTarget() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmParser();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86Disassembler();
  });
}

void setCommandLineOptions() {
  auto& options = cl::getRegisteredOptions();
  if (auto it = options.find("enable-implicit-null-checks"); it != options.end()) {
    static_cast<cl::opt<bool>*>(it->second)->setValue(true);
  }
}

TargetLibraryInfoImpl libraryInfo(const Triple& triple) {
  TargetLibraryInfoImpl info(triple);
  info.disableAllFunctions();
  info.setAvailable(LibFunc_memcpy);
  info.setAvailable(LibFunc_memmove);
  info.setAvailable(LibFunc_memset);
  return info;
}

}  // namespace

std::unique_ptr<TargetMachine> makeTargetMachine(const CodegenOptions& options, std::string* error) {
  initialiseTarget();
  Triple triple("x86_64-unknown-linux-gnu");
  const Target* target = TargetRegistry::lookupTarget(triple, *error);
  if (!target) return nullptr;
  TargetOptions to;
  to.FunctionSections = true;
  to.DataSections = true;
  to.UniqueSectionNames = true;
  to.EmitAddrsig = false;
  to.MCOptions.AsmVerbose = true;
  CodeGenOptLevel level = options.optLevel == 0   ? CodeGenOptLevel::None
                          : options.optLevel == 1 ? CodeGenOptLevel::Less
                                                  : CodeGenOptLevel::Default;
  Reloc::Model reloc = options.positionIndependent ? Reloc::PIC_ : Reloc::Static;
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(triple, "x86-64", "", to, reloc, CodeModel::Small, level));
}

std::string goDataLayout(const TargetMachine& machine) {
  return machine.createDataLayout().getStringRepresentation() + "-ni:1";
}

void optimise(llvm::Module& module, TargetMachine& machine, int level) {
  LoopAnalysisManager lam;
  FunctionAnalysisManager fam;
  CGSCCAnalysisManager cgam;
  ModuleAnalysisManager mam;
  PipelineTuningOptions tuning;
  PassBuilder builder(&machine, tuning);
  TargetLibraryInfoImpl info = libraryInfo(machine.getTargetTriple());
  fam.registerPass([&] { return TargetLibraryAnalysis(info); });
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cgam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cgam, mam);
  ModulePassManager passes = level == 0   ? builder.buildO0DefaultPipeline(OptimizationLevel::O0)
                             : level == 1 ? builder.buildPerModuleDefaultPipeline(OptimizationLevel::O1)
                                          : builder.buildPerModuleDefaultPipeline(OptimizationLevel::O2);
  passes.addPass(createModuleToFunctionPassAdaptor(LoopPolls()));
  passes.addPass(createModuleToFunctionPassAdaptor(WriteBarriers()));
  passes.run(module, mam);
}

bool emitMachineCode(llvm::Module& module, TargetMachine& machine, bool assembly, SmallVectorImpl<char>& out) {
  setCommandLineOptions();
  raw_svector_ostream stream(out);
  legacy::PassManager passes;
  passes.add(new TargetLibraryInfoWrapperPass(libraryInfo(machine.getTargetTriple())));
  CodeGenFileType type = assembly ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, type, /*DisableVerify=*/true)) return false;
  passes.run(module);
  if (assembly) return true;
  static constexpr StringRef kNote = ".note.GNU-split-stack";
  for (size_t at = 0; (at = StringRef(out.data(), out.size()).find(kNote, at)) != StringRef::npos; at += kNote.size()) {
    std::copy_n(".note.burrow.splitst", 20, out.begin() + static_cast<ptrdiff_t>(at));
    out[at + 20] = 'k';
  }
  return true;
}

}  // namespace burrow::codegen
