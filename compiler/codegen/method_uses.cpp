// What a function has to do with methods, for the link step.
//
// The problem: a type's descriptor refers to all methods of the type, so that reflect and conversions to interfaces find them. Whatever
// is converted to an interface somewhere would keep all of its methods, and what those call, in every program. The link step
// (link/reach.h) can drop a method that no reachable code calls by its name and type through an interface, and all methods of
// a type of which no interface value is made. Neither can be read off an object: a call through an itab is a call of an address
// that was loaded, and a reference to a descriptor may serve an allocation or an interface value.
//
// What is done: calls through itabs carry name and type of the method as an attribute, which stays with the call through inlining
// and cloning. After LLVM's pipeline each function's calls are listed, and the descriptors that it only hands to runtime
// functions that make no interface values, or only compares with. The list goes into the object.
//
// Invariant: what isn't listed counts as the worse case for a descriptor (an interface value is made). For calls it's the other
// way round, so the attribute must not get lost: LLVM keeps attributes of calls but where it makes one call of two, and calls of the
// program are never merged (call_sites.cpp).
//
// Rejected: relocations without effect at the call, as gc has them (LLVM has no way to place them); reading the facts off
// Burrow IR (calls that LLVM makes direct, and functions that it drops, would count).
#include "codegen/method_uses.h"

#include "codegen/method_facts.h"
#include "ir/ir.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

#include <vector>

namespace burrow::codegen {

using namespace llvm;

namespace {

// Runtime functions that only read the descriptors they are given: a bit for each argument that may be one.
unsigned readOnlyTypeArguments(ir::RuntimeFn fn) {
  using ir::RuntimeFn;
  switch (fn) {
    case RuntimeFn::NewObject: case RuntimeFn::MakeSlice: case RuntimeFn::TypedSliceCopy: case RuntimeFn::TypedMemMove:
    case RuntimeFn::UnsafeSliceCheck: case RuntimeFn::EfaceEq: case RuntimeFn::PanicNilDotType: case RuntimeFn::MakeChan:
    case RuntimeFn::MakeMap: case RuntimeFn::MapAccess1: case RuntimeFn::MapAccess2: case RuntimeFn::MapAccess1Fat:
    case RuntimeFn::MapAccess2Fat: case RuntimeFn::MapAssign: case RuntimeFn::MapDelete:
    case RuntimeFn::MapAccess1Fast32: case RuntimeFn::MapAccess2Fast32: case RuntimeFn::MapAssignFast32:
    case RuntimeFn::MapDeleteFast32: case RuntimeFn::MapAccess1Fast64: case RuntimeFn::MapAccess2Fast64:
    case RuntimeFn::MapAssignFast64: case RuntimeFn::MapAssignFast64Ptr: case RuntimeFn::MapDeleteFast64:
    case RuntimeFn::MapAccess1FastStr: case RuntimeFn::MapAccess2FastStr: case RuntimeFn::MapAssignFastStr:
    case RuntimeFn::MapDeleteFastStr: case RuntimeFn::MapClear: case RuntimeFn::MapIterStart:
      return 1u << 0;
    case RuntimeFn::GrowSlice:
      return 1u << 4;
    case RuntimeFn::GetItab:  // the interface type that the message names
      return 1u << 2;
    case RuntimeFn::PanicDotType:
      return 1u << 0 | 1u << 1 | 1u << 2;
    default:
      return 0;
  }
}

class Collector {
 public:
  explicit Collector(Module& module) : module_(module) {
    for (size_t i = 0; i < ir::runtimeFnCount(); i++) {
      const auto fn = ir::RuntimeFn(i);
      if (unsigned arguments = readOnlyTypeArguments(fn)) readers_[ir::runtimeFn(fn).symbol] = arguments;
    }
  }

  std::string collect() {
    for (GlobalVariable& g : module_.globals()) {
      if (isTypeSymbol(std::string_view(g.getName()))) classify(g);
    }
    std::string out;
    for (const Function& f : module_) {
      if (f.isDeclarationForLinker()) continue;
      std::string facts;
      StringMap<bool> listed;
      for (const Instruction& i : instructions(f)) {
        const auto* call = dyn_cast<CallInst>(&i);
        if (call == nullptr || !call->hasFnAttr(kMethodAttribute)) continue;
        const StringRef key = call->getFnAttr(kMethodAttribute).getValueAsString();
        if (listed.try_emplace(key, true).second) addFact(facts, kCallsMethod, key);
      }
      for (const GlobalVariable* type : onlyRead_[&f]) addFact(facts, kReadsType, std::string_view(type->getName()));
      if (!facts.empty()) addFunction(out, std::string_view(f.getName()), facts);
    }
    return out;
  }

 private:
  // Of each function that uses the descriptor: whether all of its uses only read it.
  void classify(const GlobalVariable& type) {
    SmallDenseMap<const Function*, bool, 8> reads;
    SmallVector<const Value*, 8> work{&type};
    SmallPtrSet<const Value*, 8> seen;
    while (!work.empty()) {
      for (const Use& use : work.pop_back_val()->uses()) {
        const User* user = use.getUser();
        if (isa<GlobalValue>(user)) {
          continue;  // the initialiser's relocations say it
        } else if (isa<Constant>(user)) {  // also aggregates, which may be returned or stored
          if (seen.insert(user).second) work.push_back(user);
        } else if (const auto* i = dyn_cast<Instruction>(user)) {
          auto [it, isNew] = reads.try_emplace(i->getFunction(), true);
          it->second &= onlyReads(*i, use);
        }
      }
    }
    for (auto [f, only] : reads) {
      if (only) onlyRead_[f].push_back(&type);
    }
  }

  bool onlyReads(const Instruction& i, const Use& use) const {
    if (isa<ICmpInst>(i)) return true;
    // Neither pointers to other types nor the 32-bit offsets of them.
    if (isa<LoadInst>(i)) return i.getType()->isIntegerTy(8) || i.getType()->isIntegerTy(64);
    const auto* call = dyn_cast<CallInst>(&i);
    if (call == nullptr || !call->isArgOperand(&use) || call->getCalledFunction() == nullptr) return false;
    auto reader = readers_.find(call->getCalledFunction()->getName());
    return reader != readers_.end() && (reader->second >> call->getArgOperandNo(&use) & 1) != 0;
  }

  Module& module_;
  StringMap<unsigned> readers_;
  DenseMap<const Function*, std::vector<const GlobalVariable*>> onlyRead_;
};

}  // namespace

PreservedAnalyses MethodUses::run(Module& module, ModuleAnalysisManager&) {
  *facts_ = Collector(module).collect();
  return PreservedAnalyses::all();
}

void addMethodFacts(Module& module, const std::string& facts) {
  if (facts.empty()) return;
  Constant* data = ConstantDataArray::getString(module.getContext(), facts, false);
  auto* g = new GlobalVariable(module, data->getType(), true, GlobalValue::PrivateLinkage, data, "burrow.methods");
  g->setSection(kMethodFactsSection);
  g->setAlignment(Align(1));
  // The linker leaves such sections out.
  g->setMetadata(LLVMContext::MD_exclude, MDNode::get(module.getContext(), {}));
}

}  // namespace burrow::codegen
