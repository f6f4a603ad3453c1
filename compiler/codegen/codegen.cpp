// See codegen.h: lowering, optimising, emitting, describing.
#include "codegen/codegen.h"

#include "codegen/function_lowering.h"
#include "codegen/lto.h"
#include "codegen/lto_section.h"
#include "codegen/method_uses.h"
#include "codegen/module_lowering.h"
#include "codegen/object_tables.h"
#include "codegen/target.h"

#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/Utils/Cloning.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

// Collects what LLVM complains about: errors, and frames of nosplit functions that are too large.
struct Diagnostics : DiagnosticHandler {
  explicit Diagnostics(std::vector<std::string>& errors) : errors(errors) {}
  bool handleDiagnostics(const DiagnosticInfo& info) override {
    bool isFrame = info.getKind() == DK_StackSize;
    if (info.getSeverity() != DS_Error && !isFrame) return true;
    std::string text;
    raw_string_ostream stream(text);
    if (isFrame) {
      const auto& frame = static_cast<const DiagnosticInfoStackSize&>(info);
      stream << frame.getFunction().getName() << kFrameTooLarge << kNoSplitFrameLimit << " byte limit ("
             << frame.getStackSize() << " bytes)";
    } else {
      DiagnosticPrinterRawOStream printer(stream);
      info.print(printer);
    }
    errors.push_back(text);
    return true;
  }
  std::vector<std::string>& errors;
};

std::string textOf(const llvm::Module& module) {
  std::string text;
  raw_string_ostream stream(text);
  module.print(stream, nullptr);
  return text;
}

bool verified(const llvm::Module& module, const char* when, CodegenResult& result) {
  std::string text;
  raw_string_ostream stream(text);
  if (!verifyModule(module, &stream)) return true;
  result.errors.push_back("internal error: LLVM rejects the module " + std::string(when) + ": " + text);
  return false;
}

// From an LLVM module to the result: everything after lowering.
void finish(llvm::Module& module, TargetMachine& machine, const CodegenOptions& options, const FunctionFacts& facts,
            CodegenResult& result) {
  if (options.dumpLlvm) result.llvm = textOf(module);
  if (options.verify && !verified(module, "as lowered", result)) return;
  // All is linked into one executable: nothing can be elsewhere than where the linker puts it. Passes of ours declare more.
  auto setLocal = [&] {
    for (GlobalValue& g : module.global_values()) g.setDSOLocal(true);
  };
  setLocal();
  std::string methodFacts, ltoBytes;
  auto keepSimplified = [&] { ltoBytes = ltoContent(module, facts); };
  optimise(module, machine, options, &methodFacts, options.lto ? function_ref<void()>(keepSimplified) : nullptr);
  if (options.dumpLlvmOpt) result.llvmOpt = textOf(module);
  setLocal();
  if (options.verify && !verified(module, "after optimising", result)) return;
  if (options.dumpAssembly) {
    // The back end changes the module; a second one pays for the text.
    std::unique_ptr<llvm::Module> copy = CloneModule(module);
    SmallVector<char, 0> text;
    if (!emitMachineCode(*copy, machine, options.without, true, text)) result.errors.push_back("internal error: no assembly printer");
    result.assembly.assign(text.begin(), text.end());
    result.errors.clear();  // the same complaints come again below
  }
  addMethodFacts(module, methodFacts);
  if (!ltoBytes.empty()) addLtoContent(module, ltoBytes);
  SmallVector<char, 0> object;
  if (!emitMachineCode(module, machine, options.without, false, object)) result.errors.push_back("internal error: no object emitter");
  if (!result.ok()) return;
  result.object.elf.assign(object.begin(), object.end());
  std::string error;
  result.object.functab = describe(result.object.elf, facts, &error);
  if (!error.empty()) result.errors.push_back("internal error: " + error);
}

void setPositionIndependence(llvm::Module& module, const CodegenOptions& options) {
  if (!options.positionIndependent) return;
  module.setPICLevel(PICLevel::BigPIC);
  module.setPIELevel(PIELevel::Large);
}

FunctionFacts factsOf(const ir::Module& module, const Part* part) {
  FunctionFacts facts;
  facts.foreign = false;
  auto add = [&](const ir::Function& fn) {
    if (!fn.hasBody) return;
    facts.functions[fn.name] = {fn.attributes.wrapper, fn.attributes.noSplit, fn.attributes.hasDefer, fn.startLine};
  };
  if (part == nullptr) {
    for (const auto& fn : module.functions) add(*fn);
    return facts;
  }
  // What the part defines, and what is inlined there.
  for (const std::vector<uint32_t>* list : {&part->functions, &part->copies}) {
    for (uint32_t i : *list) {
      add(*module.functions[i]);
      for (const ir::Scope& scope : module.functions[i]->scopes) {
        if (const ir::Function* inlined = module.function(module.str(scope.function))) add(*inlined);
      }
    }
  }
  return facts;
}

// What LLVM has to say goes to the result's errors. Null, with an error in the result, when there is no such machine.
TargetMachine* begin(const CodegenOptions& options, LLVMContext& context, CodegenResult& result) {
  std::string error;
  TargetMachine* machine = targetMachine(options, &error);
  if (!machine) result.errors.push_back(error);
  context.setDiagnosticHandler(std::make_unique<Diagnostics>(result.errors));
  return machine;
}

}  // namespace

CodegenResult compileModule(const ir::Module& module, const CodegenOptions& options) {
  CodegenResult result;
  LLVMContext context;
  TargetMachine* machine = begin(options, context, result);
  if (!machine) return result;
  llvm::Module llvmModule(module.path.empty() ? "package" : module.path, context);
  llvmModule.setTargetTriple(machine->getTargetTriple());
  llvmModule.setDataLayout(goDataLayout(*machine));
  setPositionIndependence(llvmModule, options);
  {
    ModuleLowering lowering(module, options, llvmModule);
    lowering.run();
    result.errors.insert(result.errors.end(), lowering.errors.begin(), lowering.errors.end());
    if (!result.ok()) return result;
  }
  const bool isPart = options.partition != nullptr && !options.partition->isWhole();
  finish(llvmModule, *machine, options, factsOf(module, isPart ? &options.partition->parts[options.part] : nullptr), result);
  return result;
}

CodegenResult compileWithImports(const LtoPart& part, std::span<const LtoImport> imports, const CodegenOptions& options) {
  CodegenResult result;
  LLVMContext context;
  TargetMachine* machine = begin(options, context, result);
  if (!machine) return result;
  std::string error;
  std::unique_ptr<llvm::Module> module = moduleWithImports(part, imports, context, &error);
  if (!module) {
    result.errors.push_back("internal error: " + error);
    return result;
  }
  FunctionFacts facts;
  facts.foreign = false;
  readFacts(part.facts, facts);
  for (const LtoImport& import : imports) readFacts(import.from->facts, facts);
  finish(*module, *machine, options, facts, result);
  return result;
}

CodegenResult compileLinkTables(const LinkTables& tables, const CodegenOptions& options) {
  CodegenResult result;
  LLVMContext context;
  TargetMachine* machine = begin(options, context, result);
  if (!machine) return result;
  llvm::Module module("link", context);
  module.setTargetTriple(machine->getTargetTriple());
  module.setDataLayout(goDataLayout(*machine));
  setPositionIndependence(module, options);
  Type* ptr = PointerType::get(context, 0);
  Type* i64 = Type::getInt64Ty(context);
  auto define = [&](Constant* init, bool constant, StringRef name) {
    auto* g = new GlobalVariable(module, init->getType(), constant, GlobalValue::ExternalLinkage, init, name);
    g->setAlignment(Align(8));
  };
  SmallVector<Constant*, 16> records;
  for (const std::string& path : tables.initPackages) {
    records.push_back(new GlobalVariable(module, Type::getInt8Ty(context), false, GlobalValue::ExternalLinkage, nullptr,
                                         path + "..inittask"));
  }
  define(ConstantArray::get(ArrayType::get(ptr, records.size()), records), true, "runtime.inittasks");
  define(ConstantInt::get(i64, records.size()), true, "runtime.ninittasks");
  for (const auto& [name, value] : tables.strings) {
    Constant* bytes = ConstantDataArray::getString(context, value, false);
    if (name.starts_with("go:")) {
      // No variable: these bytes as they are. The section is one that readers of executables look for.
      auto* g = new GlobalVariable(module, bytes->getType(), true, GlobalValue::ExternalLinkage, bytes, name);
      if (name == "go:buildinfo") g->setSection(".go.buildinfo");
      g->setAlignment(Align(16));
      continue;
    }
    auto* data = new GlobalVariable(module, bytes->getType(), true, GlobalValue::PrivateLinkage, bytes, "go.string");
    Constant* pointer = value.empty() ? ConstantPointerNull::get(PointerType::get(context, 0)) : static_cast<Constant*>(data);
    define(ConstantStruct::getAnon({pointer, ConstantInt::get(i64, value.size())}), false, name);
  }
  FunctionFacts facts;
  facts.foreign = false;
  finish(module, *machine, options, facts, result);
  return result;
}

std::vector<uint8_t> describeObject(std::span<const uint8_t> elf, std::string* error) {
  return describe(elf, FunctionFacts{}, error);
}

}  // namespace burrow::codegen
