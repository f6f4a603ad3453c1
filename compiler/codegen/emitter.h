// Making LLVM instructions for Go values: what lowered functions and generated ones (equality, hash) have in common.
//
// A Val is the list of LLVM values that make up one Go value (module_lowering.h says which). The functions here move Vals
// between registers and memory, call the runtime, and compare.
#pragma once

#include "codegen/module_lowering.h"

#include <functional>

namespace burrow::codegen {

using Val = llvm::SmallVector<llvm::Value*, 3>;

class Emitter {
 public:
  // Makes the entry block, which holds only allocas until `finishEntry` joins it to the first block.
  Emitter(ModuleLowering& module, llvm::Function& function);

 protected:
  // ---- blocks
  llvm::BasicBlock* newBlock(const llvm::Twine& name) { return llvm::BasicBlock::Create(m.context, name, &f); }
  void setBlock(llvm::BasicBlock* block) { b.SetInsertPoint(block); }
  // When `condition` is true goes to a cold block, where `panic` emits a call that does not return; continues otherwise.
  llvm::BranchInst* orPanic(llvm::Value* condition, const char* name, llvm::function_ref<void()> panic);
  void finishEntry();

  // ---- stack memory
  // A slot in the frame, address space 0.
  llvm::AllocaInst* slot(int64_t size, int64_t align, const llvm::Twine& name);
  // Does comparing two such values find out only then whether they can be compared?
  bool equalMayPanic(ir::TypeId t) const;
  llvm::AllocaInst* flag(const llvm::Twine& name);  // a byte that is 0 when the function is entered
  llvm::AllocaInst* slot(ir::TypeId t, const llvm::Twine& name);  // tells root_slots.cpp when there are no pointers
  // The value in memory: memory-class values are there already. Address space 0; constants in read-only data.
  llvm::Value* spill(ir::TypeId t, const Val& v);

  // ---- memory
  llvm::Value* offset(llvm::Value* pointer, int64_t bytes);  // within the object
  llvm::Value* loadLeaf(const ir::Leaf& leaf, llvm::Value* base);
  void storeLeaf(const ir::Leaf& leaf, llvm::Value* base, llvm::Value* v);
  Val load(ir::TypeId t, llvm::Value* from);
  void store(ir::TypeId t, llvm::Value* to, const Val& v);
  void copy(ir::TypeId t, llvm::Value* to, llvm::Value* from);
  void zeroMemory(ir::TypeId t, llvm::Value* at);
  // Clears a place on the stack, of so many bytes, that a call is to fill: while it runs, or waits, the collector looks at all the
  // words that are there, whatever their types.
  void zeroPlace(llvm::Value* at, int64_t bytes);
  // Every store of a pointer comes through here, typed. Barriers are put in later (write_barriers.cpp).
  void storePointer(llvm::Value* to, llvm::Value* pointer);
  Val zero(ir::TypeId t);
  llvm::Value* loadPointer(llvm::Value* from) { return b.CreateAlignedLoad(m.ptr1, from, llvm::Align(8)); }

  // ---- conversions between forms
  llvm::Value* toHeap(llvm::Value* pointer);           // address space 0 -> 1, when it is not there already
  llvm::Value* boolToByte(llvm::Value* v) { return b.CreateZExt(v, m.i8); }
  llvm::Value* byteToBool(llvm::Value* v) { return b.CreateTrunc(v, m.i1); }
  llvm::Value* typeWord(ir::TypeId t) { return m.toHeapSpace(m.typeDescriptor(t)); }
  llvm::Value* int64(int64_t v) { return llvm::ConstantInt::get(m.i64, static_cast<uint64_t>(v), true); }
  llvm::Value* nullPointer() { return llvm::ConstantPointerNull::get(m.ptr1); }
  llvm::Value* isNull(llvm::Value* p) { return b.CreateICmpEQ(p, llvm::ConstantPointerNull::get(llvm::cast<llvm::PointerType>(p->getType()))); }

  // ---- calls
  // Arguments as the runtime function's shape wants them; stack addresses are cast, booleans extended.
  llvm::CallInst* callRuntime(ir::RuntimeFn fn, llvm::ArrayRef<llvm::Value*> args);
  // The results of such a call, booleans as i1.
  Val results(ir::RuntimeFn fn, llvm::CallInst* call);
  // For calls with at most one result.
  llvm::Value* runtime(ir::RuntimeFn fn, llvm::ArrayRef<llvm::Value*> args) {
    llvm::CallInst* call = callRuntime(fn, args);
    return *ir::runtimeFn(fn).results == 'b' ? byteToBool(call) : call;
  }
  // A new object on the heap, cleared; its size is not zero.
  llvm::Value* newObject(ir::TypeId t);
  // A call that does not return; ends the block. Never merged with an equal one, so that each keeps its line.
  void panicCall(ir::RuntimeFn fn, llvm::ArrayRef<llvm::Value*> args);

  // ---- comparing (compare.cpp)
  llvm::Value* equal(ir::TypeId t, const Val& x, const Val& y);
  llvm::Value* equalMemory(ir::TypeId t, llvm::Value* x, llvm::Value* y);
  llvm::Value* equalString(const Val& x, const Val& y);
  llvm::Value* equalBytes(llvm::Value* x, llvm::Value* y, int64_t size);
  // `a && b()`, with b evaluated only when a holds.
  llvm::Value* andThen(llvm::Value* a, llvm::function_ref<llvm::Value*()> second);

  ModuleLowering& m;
  llvm::Function& f;
  llvm::IRBuilder<> b;

  friend class EqualityWriter;
  friend class HashWriter;

 private:
  // The scalar leaves of any type, those of memory-class values too, offset by `at`.
  void forLeaves(ir::TypeId t, int64_t at, llvm::function_ref<void(const ir::Leaf&)> visit);
  llvm::BasicBlock* entry_;
  llvm::BasicBlock* first_;
};

}  // namespace burrow::codegen
