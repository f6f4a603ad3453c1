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

#include "codegen/allocations.h"
#include "codegen/bit_counts.h"
#include "codegen/dispatch.h"
#include "codegen/front_cuts.h"
#include "codegen/joined_variables.h"
#include "codegen/jump_padding.h"
#include "codegen/known_closures.h"
#include "codegen/known_globals.h"
#include "codegen/large_functions.h"
#include "codegen/loop_polls.h"
#include "codegen/machine_passes.h"
#include "codegen/method_uses.h"
#include "codegen/remainders.h"
#include "codegen/root_slots.h"
#include "codegen/self_calls.h"
#include "codegen/small_loops.h"
#include "codegen/stack_alignment.h"
#include "codegen/unseen_branches.h"
#include "codegen/versioned_loops.h"
#include "codegen/wide_loops.h"
#include "codegen/write_barriers.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ELF.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/Transforms/Scalar/ADCE.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/RewriteStatepointsForGC.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"

#include <map>
#include <mutex>
#include <tuple>

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

// Options that LLVM has for its command line only.
void setOption(StringRef name, StringRef value) {
  auto& options = cl::getRegisteredOptions();
  auto it = options.find(name);
  if (it == options.end()) report_fatal_error("this LLVM has no option " + name);
  if (it->second->addOccurrence(0, name, value)) report_fatal_error("this LLVM's option " + name + " is another one");
}

void setCommandLineOptions() {
  setOption("enable-implicit-null-checks", "true");
  // Processors from Skylake to Cascade Lake decode a jump anew each time when it crosses or ends at a 32-byte boundary
  // (Intel, "Mitigations for Jump Conditional Code Erratum", 2019). gc's assembler pads for them too. Without it
  // fannkuch of bench/programs took 15% longer and life 31%; the executables grew by some hundred bytes. Very large functions
  // go without (jump_padding.h).
  setOption("x86-branches-within-32B-boundaries", "true");
  // Which variable is where is followed by value (instruction referencing) or by DBG_VALUE instructions. The former takes 9% of all
  // instructions of a compilation (reflect), the latter 4%, and both describe as much: of hello's bytes of code in which
  // a variable is in scope 42.3 and 41.8% (llvm-dwarfdump --statistics, without values that only the caller knows, which
  // debuggers do not find here).
  setOption("experimental-debug-variable-locations", "false");
  // For each copy of a register the coalescer would go through all that is done with it: with the 10,000 cases of a type
  // switch, which each look at one register, that was 40% of the time, and growing with the square.
  setOption("terminal-rule", "false");
  // What a call is known to write it writes when it returns: until then the collector reads the place that is for its results, and
  // the zeros there are for it (Emitter::zeroPlace).
  setOption("enable-dse-initializes-attr-improvement", "false");
}

// A pass that no callback may leave out.
template <typename Pass>
struct Required : Pass {
  static bool isRequired() { return true; }
};

TargetLibraryInfoImpl libraryInfo(const Triple& triple) {
  TargetLibraryInfoImpl info(triple);
  info.disableAllFunctions();
  info.setAvailable(LibFunc_memcpy);
  info.setAvailable(LibFunc_memmove);
  info.setAvailable(LibFunc_memset);
  return info;
}

}  // namespace

std::string processor(int amd64Level) { return amd64Level == 1 ? "x86-64" : "x86-64-v" + std::to_string(amd64Level); }

TargetMachine* targetMachine(const CodegenOptions& options, std::string* error) {
  thread_local std::map<std::tuple<int, bool, int>, std::unique_ptr<TargetMachine>> machines;
  std::unique_ptr<TargetMachine>& known = machines[{options.optLevel, options.positionIndependent, options.amd64Level}];
  if (known) return known.get();
  initialiseTarget();
  static std::once_flag once;
  std::call_once(once, setCommandLineOptions);
  Triple triple("x86_64-unknown-linux-gnu");
  const Target* target = TargetRegistry::lookupTarget(triple, *error);
  if (!target) return nullptr;
  TargetOptions to;
  to.FunctionSections = true;
  to.DataSections = true;
  to.UniqueSectionNames = true;
  to.EmitAddrsig = false;
  // Frames are described in .debug_frame, which is not loaded: only debuggers and our own description of the object read it.
  to.ForceDwarfFrameSection = true;
  to.MCOptions.AsmVerbose = true;
  CodeGenOptLevel level = options.optLevel == 0   ? CodeGenOptLevel::None
                          : options.optLevel == 1 ? CodeGenOptLevel::Less
                                                  : CodeGenOptLevel::Default;
  Reloc::Model reloc = options.positionIndependent ? Reloc::PIC_ : Reloc::Static;
  known.reset(target->createTargetMachine(triple, processor(options.amd64Level), "", to, reloc, CodeModel::Small, level));
  return known.get();
}

std::string goDataLayout(const TargetMachine& machine) {
  return machine.createDataLayout().getStringRepresentation() + "-ni:1";
}

// What LLVM does at level 1: variables into registers, common subexpressions, dead code. It takes the smallest part of the compile
// time and gives the largest of the speed (docs/performance.md, "The level of run and test").
static void addFewPasses(ModulePassManager& passes) {
  FunctionPassManager few;
  few.addPass(SROAPass(SROAOptions::ModifyCFG));
  few.addPass(EarlyCSEPass());
  few.addPass(SimplifyCFGPass());
  few.addPass(ADCEPass());
  passes.addPass(createModuleToFunctionPassAdaptor(std::move(few)));
}

void optimise(llvm::Module& module, TargetMachine& machine, const CodegenOptions& options, std::string* methodFacts,
              function_ref<void()> simplified) {
  using ir::Optimisation;
  const int level = options.optLevel;
  const ir::Without& without = options.without;
  LoopAnalysisManager lam;
  FunctionAnalysisManager fam;
  CGSCCAnalysisManager cgam;
  ModuleAnalysisManager mam;
  PipelineTuningOptions tuning;
  tuning.LoopUnrolling = !without(Optimisation::LlvmUnroll);
  tuning.LoopVectorization = tuning.LoopInterleaving = !without(Optimisation::LlvmVectors);
  PassInstrumentationCallbacks callbacks;
  if (without(Optimisation::LlvmInline)) {
    callbacks.registerShouldRunOptionalPassCallback([](StringRef pass, Any) { return pass != "InlinerPass"; });
  }
  const bool hasLarge = level != 0 && !without(Optimisation::LargeFunctions) && markLargeFunctions(module);
  if (hasLarge) skipLargeFunctions(callbacks);
  PassBuilder builder(&machine, tuning, std::nullopt, &callbacks);
  TargetLibraryInfoImpl info = libraryInfo(machine.getTargetTriple());
  fam.registerPass([&] { return TargetLibraryAnalysis(info); });
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cgam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cgam, mam);
  if (!without(Optimisation::KnownGlobals)) {
    builder.registerPeepholeEPCallback([](FunctionPassManager& after, OptimizationLevel) { after.addPass(KnownGlobals()); });
  }
  if (level >= 2 && !without(Optimisation::KnownClosures)) {
    builder.registerPipelineEarlySimplificationEPCallback(
        [](ModulePassManager& before, OptimizationLevel, ThinOrFullLTOPhase) { before.addPass(KnownClosures()); });
  }
  if (level >= 2 && !without(Optimisation::SelfCalls)) {
    builder.registerOptimizerEarlyEPCallback([](ModulePassManager& before, OptimizationLevel, ThinOrFullLTOPhase) { before.addPass(SelfCalls()); });
  }
  if (level >= 2 && !without(Optimisation::Remainders)) {
    builder.registerVectorizerStartEPCallback([](FunctionPassManager& before, OptimizationLevel) { before.addPass(Remainders()); });
  }
  if (level >= 2 && !without(Optimisation::FrontCuts)) {
    builder.registerVectorizerStartEPCallback([](FunctionPassManager& before, OptimizationLevel) { before.addPass(FrontCuts()); });
  }
  const bool hasWideCopies = level >= 2 && !without(Optimisation::WideLoops) && (machine.getTargetCPU() == processor(1) || machine.getTargetCPU() == processor(2));
  if (hasWideCopies) {
    builder.registerOptimizerEarlyEPCallback(
        [](ModulePassManager& before, OptimizationLevel, ThinOrFullLTOPhase) { before.addPass(WideCopies()); });
  }
  ModulePassManager passes;
  if (level != 0 && options.profile != nullptr) {
    passes.addPass(createModuleToFunctionPassAdaptor(UnseenBranches(*options.profile)));
    passes.run(module, mam);
    passes = ModulePassManager();
  }
  if (level == 0) {
    passes = builder.buildO0DefaultPipeline(OptimizationLevel::O0);
  } else if (level == 1) {
    addFewPasses(passes);
  } else if (simplified) {
    // The default pipeline's two halves.
    builder.buildModuleSimplificationPipeline(OptimizationLevel::O2, ThinOrFullLTOPhase::None).run(module, mam);
    simplified();
    passes = builder.buildModuleOptimizationPipeline(OptimizationLevel::O2, ThinOrFullLTOPhase::None);
  } else {
    passes = builder.buildPerModuleDefaultPipeline(OptimizationLevel::O2);
  }
  passes.run(module, mam);
  if (hasLarge) optimiseLargeFunctions(module, fam);
  passes = ModulePassManager();
  if (hasWideCopies) passes.addPass(WideChoices());
  passes.addPass(MethodUses(*methodFacts));
  if (level >= 2) {
    if (!without(Optimisation::VersionedLoops)) passes.addPass(createModuleToFunctionPassAdaptor(VersionedLoops()));
    if (!without(Optimisation::JoinedVariables)) passes.addPass(createModuleToFunctionPassAdaptor(JoinedVariables()));
    if (!without(Optimisation::SmallLoops)) passes.addPass(createModuleToFunctionPassAdaptor(SmallLoops()));
    if (!without(Optimisation::Dispatch)) passes.addPass(createModuleToFunctionPassAdaptor(Dispatch()));
    if (!without(Optimisation::BitCounts) && machine.getTargetCPU() == processor(1)) passes.addPass(createModuleToFunctionPassAdaptor(BitCounts()));
  }
  passes.addPass(createModuleToFunctionPassAdaptor(LoopPolls(without(Optimisation::PollRemoval))));
  passes.addPass(createModuleToFunctionPassAdaptor(
      WriteBarriers(!without(Optimisation::BarrierRemoval), !without(Optimisation::BarrierGroups))));
  if (level != 0 && !without(Optimisation::Allocations)) passes.addPass(createModuleToFunctionPassAdaptor(Allocations()));
  passes.addPass(createModuleToFunctionPassAdaptor(
      RootSlots(!without(Optimisation::RootPlaces), !without(Optimisation::RootSharing))));
  passes.addPass(Required<RewriteStatepointsForGC>());
  passes.addPass(createModuleToFunctionPassAdaptor(StackAlignment()));
  passes.run(module, mam);
}

// Gives the note that an object with split stacks carries another name of the same length, in the table of section names
// (the text may stand in the program's own data too). lld would otherwise look for prologues to patch.
static bool renameSplitStackNote(SmallVectorImpl<char>& object) {
  static constexpr StringLiteral kNote = ".note.GNU-split-stack";
  static constexpr StringLiteral kOther = ".note.burrow.splitstk";
  static_assert(kNote.size() == kOther.size());
  using File = object::ELFFile<object::ELF64LE>;
  Expected<File> file = File::create(StringRef(object.data(), object.size()));
  if (!file) return consumeError(file.takeError()), false;
  Expected<File::Elf_Shdr_Range> sections = file->sections();
  if (!sections) return consumeError(sections.takeError()), false;
  Expected<StringRef> names = file->getSectionStringTable(*sections);
  if (!names) return consumeError(names.takeError()), false;
  for (const File::Elf_Shdr& section : *sections) {
    if (names->substr(section.sh_name).take_until([](char c) { return c == 0; }) != kNote) continue;
    size_t at = static_cast<size_t>(names->data() - object.data()) + section.sh_name;
    std::copy(kOther.begin(), kOther.end(), object.begin() + static_cast<ptrdiff_t>(at));
  }
  return true;
}

bool emitMachineCode(llvm::Module& module, TargetMachine& machine, const ir::Without& without, bool assembly,
                     SmallVectorImpl<char>& out) {
  LargeFunctionGate gate(module);
  OptPassGate& before = module.getContext().getOptPassGate();
  if (gate.isEnabled()) module.getContext().setOptPassGate(gate);
  auto restore = make_scope_exit([&] { module.getContext().setOptPassGate(before); });
  raw_svector_ostream stream(out);
  legacy::PassManager passes;
  passes.add(new TargetLibraryInfoWrapperPass(libraryInfo(machine.getTargetTriple())));
  CodeGenFileType type = assembly ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile;
  MachinePasses list(passes, without);
  if (machine.addPassesToEmitFile(list, stream, nullptr, type, /*DisableVerify=*/true) || list.printer() == nullptr) return false;
  limitPadding(*list.printer(), without(ir::Optimisation::JumpPadding));
  passes.run(module);
  if (assembly) return true;
  return renameSplitStackNote(out);
}

}  // namespace burrow::codegen
