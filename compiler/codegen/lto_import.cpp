// Putting imported functions into a part's module (lto.h).
//
// LLVM's IRMover copies a global from one module into another with what it refers to, as far as it is told to: everything local to the
// module in any case, what else by a question for each (goesAlong). The rest becomes a declaration.
//
// Invariants of the result:
// - An imported function is available_externally: the optimiser sees it, nothing is emitted, whoever calls it still finds it
//   where it is defined.
// - A descriptor or itab that is copied brings its entry in the list of those (module_lowering's addLinkEntry): the linker takes one of
//   several copies, and that one must have it.
// - There is one unit of debug information, the part's. Imported subprograms are moved there; what the debugger is told of
//   their types then stands in it, too.
// - A function that does not check its stack gets nothing inlined that is not of its own package: frames of such functions have a limit.
#include "codegen/lto.h"
#include "codegen/lto_section.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Linker/IRMover.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

// As much as is copied inside a package (module_data.cpp): larger data are indexed by variables.
constexpr uint64_t kMaxKnownData = 256;

// Constant data of the other part that the optimiser may read values from.
bool isKnownData(GlobalValue& g) {
  auto* v = dyn_cast<GlobalVariable>(&g);
  if (v == nullptr || v->hasAvailableExternallyLinkage()) return v != nullptr;
  return v->isConstant() && v->hasExternalLinkage() && v->hasInitializer() && !v->hasSection() &&
         !v->getInitializer()->needsRelocation() &&
         v->getDataLayout().getTypeAllocSize(v->getValueType()).getFixedValue() <= kMaxKnownData;
}

MemoryBufferRef bufferOf(std::string_view bytes) { return {StringRef(bytes.data(), bytes.size()), "part"}; }

class Importer {
 public:
  Importer(Module& to, std::string* error) : to_(to), mover_(to), error_(error) {
    if (NamedMDNode* units = to.getNamedMetadata("llvm.dbg.cu"); units != nullptr && units->getNumOperands() > 0) {
      unit_ = cast<DICompileUnit>(units->getOperand(0));
    }
  }

  bool add(const LtoImport& import) {
    Expected<std::unique_ptr<Module>> lazy = getLazyBitcodeModule(bufferOf(import.from->bitcode), to_.getContext());
    if (!lazy) return fail(lazy.takeError());
    std::unique_ptr<Module> from = std::move(*lazy);
    if (Error e = from->materializeMetadata()) return fail(std::move(e));
    findLinkEntries(*from);
    SmallVector<GlobalValue*, 8> wanted;
    for (std::string_view name : import.functions) {
      Function* f = from->getFunction(StringRef(name.data(), name.size()));
      if (f == nullptr || f->isDeclaration()) {
        *error_ = "imported function is not there: " + std::string(name);
        return false;
      }
      if (Error e = f->materialize()) return fail(std::move(e));
      f->setLinkage(GlobalValue::AvailableExternallyLinkage);
      f->setComdat(nullptr);
      imported_.insert(f->getName());
      wanted.push_back(f);
    }
    auto goesAlong = [this](GlobalValue& g, IRMover::ValueAdder addValue) {
      if (isKnownData(g)) {
        g.setLinkage(GlobalValue::AvailableExternallyLinkage);
        cast<GlobalVariable>(g).eraseMetadata(LLVMContext::MD_dbg);  // its own part describes it
        addValue(g);
        return;
      }
      if (!g.hasLinkOnceLinkage()) return;
      addValue(g);
      auto entries = linkEntries_.find(&g);
      if (entries == linkEntries_.end()) return;
      for (GlobalVariable* entry : entries->second) {
        // Nothing refers to it, so it needs a name by which to be found again.
        entry->setLinkage(GlobalValue::InternalLinkage);
        entry->setName("burrow.link." + g.getName());
        entryNames_.push_back(entry->getName().str());
        addValue(*entry);
      }
    };
    if (Error e = mover_.move(std::move(from), wanted, goesAlong, /*IsPerformingImport=*/true)) return fail(std::move(e));
    keepLinkEntries();
    return true;
  }

  void finish() {
    if (unit_ != nullptr) joinUnits();
    for (Function& f : to_) {
      if (f.isDeclaration() || f.hasFnAttribute("split-stack")) continue;
      for (Instruction& i : instructions(f)) {
        auto* call = dyn_cast<CallBase>(&i);
        if (call == nullptr || call->getCalledFunction() == nullptr) continue;
        if (imported_.contains(call->getCalledFunction()->getName())) call->setIsNoInline();
      }
    }
  }

 private:
  bool fail(Error e) {
    *error_ = toString(std::move(e));
    return false;
  }

  void findLinkEntries(Module& from) {
    linkEntries_.clear();
    entryNames_.clear();
    for (GlobalVariable& g : from.globals()) {
      MDNode* associated = g.getMetadata(LLVMContext::MD_associated);
      if (associated == nullptr) continue;
      auto* value = dyn_cast_or_null<ValueAsMetadata>(associated->getOperand(0).get());
      if (value == nullptr) continue;
      if (auto* target = dyn_cast<GlobalValue>(value->getValue())) linkEntries_[target].push_back(&g);
    }
  }

  void keepLinkEntries() {
    SmallVector<GlobalValue*, 8> kept;
    for (const std::string& name : entryNames_) {
      GlobalVariable* g = to_.getGlobalVariable(name, true);
      if (g == nullptr) continue;
      g->setName("link");
      g->setLinkage(GlobalValue::PrivateLinkage);
      kept.push_back(g);
    }
    if (!kept.empty()) appendToCompilerUsed(to_, kept);
  }

  void joinUnits() {
    DebugInfoFinder finder;
    finder.processModule(to_);
    for (DISubprogram* s : finder.subprograms()) {
      if (s->isDistinct() && s->getUnit() != nullptr && s->getUnit() != unit_) s->replaceUnit(unit_);
    }
    NamedMDNode* units = to_.getNamedMetadata("llvm.dbg.cu");
    units->clearOperands();
    units->addOperand(unit_);
  }

  Module& to_;
  IRMover mover_;
  std::string* error_;
  DICompileUnit* unit_ = nullptr;
  StringSet<> imported_;
  DenseMap<const GlobalValue*, SmallVector<GlobalVariable*, 1>> linkEntries_;  // of the module that is being imported from
  std::vector<std::string> entryNames_;
};

}  // namespace

std::unique_ptr<Module> moduleWithImports(const LtoPart& part, std::span<const LtoImport> imports, LLVMContext& context,
                                          std::string* error) {
  Expected<std::unique_ptr<Module>> module = parseBitcodeFile(bufferOf(part.bitcode), context);
  if (!module) {
    *error = toString(module.takeError());
    return nullptr;
  }
  Importer importer(**module, error);
  for (const LtoImport& import : imports) {
    if (!importer.add(import)) return nullptr;
  }
  importer.finish();
  return std::move(*module);
}

}  // namespace burrow::codegen
