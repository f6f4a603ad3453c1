// The write barrier in compiled code.
//
// The problem: while the collector marks, every store of a pointer to the heap or to a variable must tell it what is
// overwritten and what is stored (runtime/gc/barrier.h says why):
//
//     if (runtime.writeBarrier.enabled != 0) runtime.gcWriteBarrier(slot, value);
//     *slot = value;
//
// and between the test and the store there must be no place where the goroutine can be stopped, because the flag changes
// while all are stopped.
//
// What is done: this pass runs last on LLVM IR. The stores that are left then are those that happen; whether a store
// goes to the stack is plain to see after inlining, and nothing moves a call into the sequence any more (the passes on machine
// code move no calls). Stores that follow each other in a block without a call in between share one test:
//
//     store a; x = gep ...; store b      ->   if (enabled) { barrier(slot a, a); barrier(slot b, b) }  store a; store b
//
// which is right even when b overwrites a: a was shaded as a stored value.
//
// No barrier: stores to objects on the stack; stores of constants (nil, addresses of variables) into an object that was
// allocated in the same block with no call since: there is nothing in it that was not shaded, and nothing to shade.
//
// Relies on: stores of pointers being stores of `ptr addrspace(1)` (or vectors of it). LLVM makes no memset or memcpy out of
// stores of non-integral pointers, and Emitter::copy copies memory with pointers by typed stores or by typedmemmove.
//
// Rejected: emitting the sequence while lowering, in the way of every optimisation of stores, and with a flag that LLVM may
// find loaded already before a call that it takes for a pure one.
#include "codegen/write_barriers.h"

#include "codegen/emitter.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace burrow::codegen {

using namespace llvm;

namespace {

// A store of pointers: plain, or one that is part of an atomic operation.
struct PointerStore {
  Instruction* inst = nullptr;
  Value* slot = nullptr;
  Value* value = nullptr;
};

bool isGoPointer(Type* t) {
  auto* p = dyn_cast<PointerType>(t->getScalarType());
  return p && p->getAddressSpace() == kHeapSpace;
}

PointerStore asPointerStore(Instruction& i) {
  if (auto* store = dyn_cast<StoreInst>(&i)) return {&i, store->getPointerOperand(), store->getValueOperand()};
  if (auto* swap = dyn_cast<AtomicRMWInst>(&i)) return {&i, swap->getPointerOperand(), swap->getValOperand()};
  if (auto* swap = dyn_cast<AtomicCmpXchgInst>(&i)) return {&i, swap->getPointerOperand(), swap->getNewValOperand()};
  return {};
}

bool isRealCall(const Instruction& i) {
  const auto* call = dyn_cast<CallBase>(&i);
  return call && !isa<IntrinsicInst>(call) && !call->isInlineAsm();
}

// Does the address certainly lie in this goroutine's stack?
bool isOnStack(Value* slot) {
  SmallVector<const Value*, 4> objects;
  getUnderlyingObjects(slot, objects);
  return all_of(objects, [](const Value* object) {
    if (isa<AllocaInst>(object)) return true;
    const auto* argument = dyn_cast<Argument>(object);  // the area for results, a copy of a value
    return argument && argument->getType()->getPointerAddressSpace() != kHeapSpace;
  });
}

bool isAllocation(const Value* v) {
  const auto* call = dyn_cast<CallInst>(v);
  const Function* callee = call ? call->getCalledFunction() : nullptr;
  return callee && (callee->getName() == ir::runtimeFn(ir::RuntimeFn::NewObject).symbol ||
                    callee->getName() == ir::runtimeFn(ir::RuntimeFn::MakeSlice).symbol);
}

bool isStatic(const Value* v) { return isa<Constant>(v); }

class Barriers {
 public:
  Barriers(Function& f, const WriteBarriers& options) : f_(f), options_(options) {}

  void find() {
    for (BasicBlock& block : f_) {
      group_.clear();
      const Instruction* lastCall = nullptr;
      for (Instruction& i : make_early_inc_range(block)) {
        if (isRealCall(i)) {
          lastCall = &i;
          close();
          continue;
        }
        PointerStore store = asPointerStore(i);
        if (!store.inst || !isGoPointer(store.value->getType()) || isOnStack(store.slot)) continue;
        if (options_.removal && isStatic(store.value) && lastCall && isAllocation(lastCall) && getUnderlyingObject(store.slot) == lastCall)
          continue;
        if (!options_.groups) close();
        if (!group_.empty() && !(bring(store.slot) && bring(store.value))) close();
        group_.push_back(store);
      }
      close();
    }
  }

  bool insert() {
    if (groups_.empty()) return false;
    LLVMContext& context = f_.getContext();
    Module& module = *f_.getParent();
    Type* i32 = Type::getInt32Ty(context);
    Type* ptr0 = PointerType::get(context, 0);
    Type* ptr1 = PointerType::get(context, kHeapSpace);
    Constant* flag = module.getOrInsertGlobal("runtime.writeBarrier", i32);
    cast<GlobalValue>(flag)->setDSOLocal(true);
    FunctionCallee barrier = module.getOrInsertFunction(
        "runtime.gcWriteBarrier", FunctionType::get(Type::getVoidTy(context), {ptr0, ptr1}, false));
    if (auto* callee = dyn_cast<Function>(barrier.getCallee())) {
      callee->setCallingConv(CallingConv::PreserveAll);
      callee->setDSOLocal(true);
      callee->addFnAttr(Attribute::Cold);
      callee->addFnAttr(Attribute::NoUnwind);
      callee->addFnAttr("gc-leaf-function");
    }
    MDNode* unlikely = MDBuilder(context).createUnlikelyBranchWeights();
    for (ArrayRef<PointerStore> group : groups_) {
      IRBuilder<> b(group.front().inst);
      // Volatile: one test, one load, here.
      Value* enabled = b.CreateICmpNE(b.CreateAlignedLoad(i32, flag, Align(4), /*isVolatile=*/true), b.getInt32(0));
      Instruction* then = SplitBlockAndInsertIfThen(enabled, group.front().inst->getIterator(), false, unlikely);
      IRBuilder<> cold(then);
      cold.SetCurrentDebugLocation(group.front().inst->getDebugLoc());
      if (!cold.getCurrentDebugLocation() && f_.getSubprogram()) {
        cold.SetCurrentDebugLocation(DILocation::get(context, 0, 0, f_.getSubprogram()));
      }
      for (const PointerStore& store : group) {
        auto call = [&](Value* slot, Value* value) {
          if (slot->getType() != ptr0) slot = cold.CreateAddrSpaceCast(slot, ptr0);
          cold.CreateCall(barrier, {slot, value})->setCallingConv(CallingConv::PreserveAll);
        };
        auto* vector = dyn_cast<FixedVectorType>(store.value->getType());
        if (!vector) {
          call(store.slot, store.value);
          continue;
        }
        for (unsigned i = 0; i < vector->getNumElements(); i++) {
          call(cold.CreateConstInBoundsGEP1_64(ptr1, store.slot, i), cold.CreateExtractElement(store.value, i));
        }
      }
    }
    return true;
  }

 private:
  void close() {
    if (!group_.empty()) groups_.push_back(std::move(group_));
    group_.clear();
  }

  // Makes `v` available before the group's first store; false when that is not possible.
  bool bring(Value* v) {
    Instruction* first = group_.front().inst;
    auto* inst = dyn_cast<Instruction>(v);
    if (!inst || inst->getParent() != first->getParent() || inst->comesBefore(first)) return true;
    if (!isa<GetElementPtrInst>(inst) && !isa<CastInst>(inst)) return false;
    for (Value* operand : inst->operands()) {
      if (!bring(operand)) return false;
    }
    inst->moveBefore(first->getIterator());
    return true;
  }

  Function& f_;
  const WriteBarriers& options_;
  SmallVector<PointerStore, 8> group_;
  std::vector<SmallVector<PointerStore, 8>> groups_;
};

}  // namespace

PreservedAnalyses WriteBarriers::run(Function& f, FunctionAnalysisManager&) {
  Barriers barriers(f, *this);
  barriers.find();
  return barriers.insert() ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

}  // namespace burrow::codegen
