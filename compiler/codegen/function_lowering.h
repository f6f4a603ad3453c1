// One Burrow IR function to one LLVM function.
//
// Blocks are lowered in reverse postorder, so that every operand is there before it is used. The parts of a block
// parameter are phi nodes; a parameter of memory class is a slot of its own, into which each edge copies. Slots are
// allocated in the entry block; values that several operations share are looked up by ValueId.
//
// The operations are spread over lower_*.cpp by theme; `lower` in function_lowering.cpp is the directory.
#pragma once

#include "codegen/emitter.h"

#include <map>
#include <unordered_map>

namespace burrow::codegen {

// Largest frame of a `//go:nosplit` function: what is left below the stack limit must hold a chain of them.
inline constexpr int64_t kNoSplitFrameLimit = 768;

class FunctionLowering : public Emitter {
 public:
  FunctionLowering(ModuleLowering& module, const ir::Function& fn, llvm::Function& function);
  void run();

  // Does the function use its closure object?
  static bool needsClosure(const ir::Function& fn);
  // Does it ask for its own frame or its caller, so that it must not be inlined?
  static bool seesItsFrame(const ir::Function& fn);

 private:
  // ---- values (function_lowering.cpp)
  ir::TypeId typeOf(ir::ValueId v) const { return fn_[v].type; }
  Val get(ir::ValueId v);                  // stack addresses cast to Go pointers
  llvm::Value* one(ir::ValueId v) { return get(v)[0]; }
  llvm::Value* address(ir::ValueId v);     // a pointer in whichever address space it is
  llvm::Value* asInt64(ir::ValueId v);     // an integer, extended by its type
  void set(ir::ValueId v, Val value) { values_[v.value] = std::move(value); }
  void set(ir::ValueId v, llvm::Value* value) { values_[v.value] = Val{value}; }
  llvm::Value* spillValue(ir::ValueId v) { return spill(typeOf(v), get(v)); }

  // ---- control
  void order();
  void lowerEntry();
  void describeParameters();
  void lowerBlock(uint32_t index);
  void lower(ir::ValueId v, const ir::Inst& inst);
  bool largeSwitch(llvm::Value* value, const ir::Inst& inst);
  void lowerTerminator(const ir::Inst& inst);
  // The block to branch to for an edge, with its arguments passed; `seen` are the targets of this terminator so far.
  llvm::BasicBlock* edgeTarget(const ir::Edge& edge, llvm::SmallVectorImpl<llvm::BasicBlock*>& seen);
  void passArguments(const ir::Edge& edge);
  void lowerReturn(const ir::Inst& inst);

  // ---- operations
  void lowerConstant(ir::ValueId v, const ir::Inst& inst);      // lower_value.cpp
  void lowerAggregate(ir::ValueId v, const ir::Inst& inst);
  void lowerLenCap(ir::ValueId v, const ir::Inst& inst);
  void lowerArithmetic(ir::ValueId v, const ir::Inst& inst);    // lower_arith.cpp
  void lowerComplex(ir::ValueId v, const ir::Inst& inst);
  void lowerShift(ir::ValueId v, const ir::Inst& inst);
  void lowerComparison(ir::ValueId v, const ir::Inst& inst);    // compare.cpp
  bool isOnlyCompared(ir::ValueId loaded, uint32_t block);
  uint32_t useCount(ir::ValueId v);
  void lowerConvert(ir::ValueId v, const ir::Inst& inst);       // lower_convert.cpp
  llvm::Value* convertScalar(ir::TypeId from, ir::TypeId to, llvm::Value* x);
  llvm::Value* floatToUint(llvm::Value* x);
  llvm::Value* narrowRoot(const ir::Inst& inst);
  void lowerStringOp(ir::ValueId v, const ir::Inst& inst);
  void lowerMemory(ir::ValueId v, const ir::Inst& inst);        // lower_memory.cpp
  void lowerNew(ir::ValueId v, const ir::Inst& inst);
  void lowerCheck(const ir::Inst& inst);
  bool lowerUnsafeCheck(const ir::Inst& inst);
  void nilCheck(llvm::Value* pointer);
  void lowerSlice(ir::ValueId v, const ir::Inst& inst);
  void lowerMap(ir::ValueId v, const ir::Inst& inst);
  bool inResultSlot(ir::ValueId place) const;
  void lowerGrowSlice(ir::ValueId v, const ir::Inst& inst);     // lower_append.cpp
  Val growInFrame(const Val& s, llvm::Value* len, llvm::AllocaInst* buffer, ir::TypeId elem, llvm::function_ref<Val()> grow);
  Val growBySteps(const Val& s, llvm::Value* len, llvm::Value* added, llvm::AllocaInst* buffer, ir::TypeId elem,
                  llvm::function_ref<Val()> grow);
  Val moveSlice(const Val& s, ir::TypeId elem, bool keepsCap);
  void findMovedBuffers();
  llvm::AllocaInst* appendBuffer(ir::TypeId elem);
  llvm::AllocaInst* movedBuffer(const ir::Inst& grow);
  ir::ValueId sliceVariable(const ir::Inst& grow) const;
  Val inFrameOr(const Val& inFrame, llvm::BasicBlock* more, llvm::function_ref<Val()> grow);
  Val joinValues(const Val& x, llvm::BasicBlock* fromX, const Val& y, llvm::BasicBlock* fromY);
  llvm::Value* likelyOr(llvm::Value* condition, llvm::function_ref<llvm::Value*()> likely, llvm::function_ref<llvm::Value*()> otherwise);
  llvm::Value* mapInFrame(ir::TypeId map, llvm::Value* hint, bool small);
  void lowerChan(ir::ValueId v, const ir::Inst& inst);          // lower_chan.cpp
  void lowerSelect(ir::ValueId v, const ir::Inst& inst);
  void lowerConvertIface(ir::ValueId v, const ir::Inst& inst);  // lower_iface.cpp
  void lowerMakeIface(ir::ValueId v, const ir::Inst& inst);
  ir::ValueId valueOfVariable(ir::ValueId v);
  void lowerTypeAssert(ir::ValueId v, const ir::Inst& inst);
  void lowerIfaceAssert(ir::ValueId v, const ir::Inst& inst);
  llvm::Value* dynamicType(ir::TypeId iface, llvm::Value* tab);
  void lowerCall(ir::ValueId v, const ir::Inst& inst);          // lower_call.cpp
  void lowerClosure(ir::ValueId v, const ir::Inst& inst);
  void lowerDefer(ir::ValueId v, const ir::Inst& inst);         // lower_defer.cpp
  // A defer statement whose call is made in the function itself.
  struct OpenDefer {
    ir::ValueId statement;
    bool always;                            // no way around it, where the frame is linked
    llvm::AllocaInst* record;
  };
  void findOpenDefers();
  void findDeferEntry();
  void makeDeferFrame();
  // Whether control can come to the present block only by way of where the frame is linked.
  bool isBehindDeferEntry() const { return deferAlways_.empty() || deferAlways_[block_]; }
  void lowerDeferEntry();
  void lowerRunDefers();
  void runLinkedDefers(bool recovers);
  void callDeferred(const OpenDefer& d);
  void storeInFrame(llvm::Value* v, llvm::Value* base, int64_t at);
  void lowerCallRuntime(ir::ValueId v, const ir::Inst& inst);
  void findTailCall();
  bool canBeTailCall(const Signature& sig, llvm::ArrayRef<llvm::Value*> args) const;
  Val emitCall(llvm::Value* callee, const Signature& sig, llvm::Value* closure, llvm::ArrayRef<ir::ValueId> args,
               llvm::Value* receiver = nullptr, llvm::StringRef methodKey = {}, bool last = false);
  void lowerIntrinsic(ir::ValueId v, const ir::Inst& inst);     // lower_intrinsic.cpp
  llvm::Value* itabOf(ir::TypeId to, llvm::Value* type, ir::TypeId from, bool commaOk);
  llvm::Value* roundFloat(ir::IntrinsicKind kind, llvm::Value* x);
  llvm::Value* fusedMultiplyAdd(llvm::Value* x, llvm::Value* y, llvm::Value* z);
  void lowerAtomic(ir::ValueId v, const ir::Inst& inst);
  void lowerDivHiLo(ir::ValueId v, llvm::Value* hi, llvm::Value* lo, llvm::Value* y);

  const ir::Function& fn_;
  Signature sig_;
  std::vector<Val> values_;
  std::vector<llvm::BasicBlock*> blocks_;   // by BlockId; null: not reachable
  std::vector<uint32_t> order_;
  uint32_t block_ = 0;                      // the one that is being lowered
  ir::ValueId tailCall_;                    // of a wrapper: the call whose results are what it returns
  bool left_ = false;                       // the block that is being lowered ends with it: nothing is left to return
  std::vector<uint32_t> useCounts_;         // by ValueId, made on demand
  llvm::Value* closure_ = nullptr;          // the nest argument
  llvm::Value* resultArea_ = nullptr;
  llvm::AllocaInst* deferFrame_ = nullptr;
  uint32_t deferBlock_ = 0;                 // where the frame is linked: in this block,
  ir::ValueId deferBefore_;                 // before this; invalid: behind the Locals
  std::vector<bool> deferAlways_;           // by BlockId: is behind that; empty: all that matters is
  llvm::AllocaInst* deferLinked_ = nullptr; // whether control has been there, where that is not known
  std::vector<OpenDefer> openDefers_;       // in the order in which control comes to them
  std::map<uint32_t, llvm::BasicBlock*> nilPanics_;  // by line
  std::map<uint32_t, llvm::AllocaInst*> movedBuffers_;  // by the slice's variable
  bool movedBuffersKnown_ = false;
  std::unordered_map<uint32_t, ir::ValueId> storedOnce_;  // by the Local: what is stored there; invalid: more than that
};

}  // namespace burrow::codegen
