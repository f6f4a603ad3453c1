// append, and slices that leave a variable whose first elements were in the frame.
//
// Which appends have a buffer there is decided by passes/append_buffers.cpp. A buffer of the ordinary kind is filled once in
// a call of the function; one of a slice that is going to be moved (irgen/moved_slices.cpp) belongs to the variable.
#include "abi/slice.h"
#include "codegen/function_lowering.h"

namespace burrow::codegen {

using namespace llvm;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::ValueId;

// The first elements that are appended to a slice that stays in the function (passes/append_buffers.cpp): a buffer in the frame,
// if the slice had none before, they fit in, and the buffer was not used yet. Else `grow`.
Val FunctionLowering::growInFrame(const Val& s, Value* len, AllocaInst* buffer, TypeId elem, function_ref<Val()> grow) {
  const int64_t room = abi::kAppendBufBytes / m.types.sizeOf(elem);
  TypeId array = m.types.array(elem, room);
  AllocaInst* used = flag("append.used");

  BasicBlock* first = newBlock("append.first");
  BasicBlock* more = newBlock("append.more");
  Value* fits = b.CreateAnd(b.CreateICmpULE(len, int64(room)), b.CreateICmpEQ(s[1], int64(0)));
  b.CreateCondBr(b.CreateAnd(fits, b.CreateICmpEQ(b.CreateLoad(m.i8, used), ConstantInt::get(m.i8, 0))), first, more);
  setBlock(first);
  zeroMemory(array, buffer);
  b.CreateStore(ConstantInt::get(m.i8, 1), used);
  return inFrameOr({toHeap(buffer), len, int64(room)}, more, grow);
}

// `inFrame`, which the current block has, or what `grow` gives in the block `more`.
Val FunctionLowering::inFrameOr(const Val& inFrame, BasicBlock* more, function_ref<Val()> grow) {
  BasicBlock* end = newBlock("inframe.end");
  b.CreateBr(end);
  BasicBlock* inFrameEnd = b.GetInsertBlock();
  setBlock(more);
  const Val grown = grow();
  b.CreateBr(end);
  BasicBlock* moreEnd = b.GetInsertBlock();
  setBlock(end);
  return joinValues(inFrame, inFrameEnd, grown, moreEnd);
}

// What `likely` makes where the condition holds, elsewhere what `otherwise` makes; only one of them is executed.
Value* FunctionLowering::likelyOr(Value* condition, function_ref<Value*()> likely, function_ref<Value*()> otherwise) {
  BasicBlock *usual = newBlock("likely"), *rare = newBlock("unlikely");
  b.CreateCondBr(condition, usual, rare, MDBuilder(m.context).createLikelyBranchWeights());
  setBlock(usual);
  return inFrameOr({likely()}, rare, [&] { return Val{otherwise()}; })[0];
}

Val FunctionLowering::joinValues(const Val& x, BasicBlock* fromX, const Val& y, BasicBlock* fromY) {
  Val out;
  for (size_t i = 0; i < x.size(); i++) {
    PHINode* phi = b.CreatePHI(x[i]->getType(), 2);
    phi->addIncoming(x[i], fromX);
    phi->addIncoming(y[i], fromY);
    out.push_back(phi);
  }
  return out;
}

// The buffers of slices that are moved, by the variable. All of them are known at the first use: the blocks come in any order.
void FunctionLowering::findMovedBuffers() {
  if (movedBuffersKnown_) return;
  movedBuffersKnown_ = true;
  for (const ir::Block& block : fn_.blocks) {
    for (ValueId v : block.insts) {
      const ir::Inst& inst = fn_[v];
      if (inst.op != Op::GrowSlice || !(inst.flags & ir::kOnStack) || !(inst.imm & ir::kGrowMoved)) continue;
      AllocaInst*& buffer = movedBuffers_[sliceVariable(inst).value];
      if (!buffer) buffer = appendBuffer(m.types.elem(inst.type));
    }
  }
}

AllocaInst* FunctionLowering::appendBuffer(TypeId elem) {
  AllocaInst* buffer = slot(m.types.array(elem, abi::kAppendBufBytes / m.types.sizeOf(elem)), "append");
  buffer->setAlignment(std::max(buffer->getAlign(), Align(8)));
  return buffer;
}

AllocaInst* FunctionLowering::movedBuffer(const ir::Inst& grow) {
  findMovedBuffers();
  return movedBuffers_.at(sliceVariable(grow).value);
}

ValueId FunctionLowering::sliceVariable(const ir::Inst& grow) const {
  const ir::Inst& slice = fn_[grow.operands[0]];
  return slice.op == Op::Load ? slice.operands[0] : grow.operands[0];
}

// An append to a slice that is going to be moved, and whose capacity is looked at before. While the elements fit, the
// buffer has them, wherever they were before, with a capacity as if the allocator had made room for them.
Val FunctionLowering::growBySteps(const Val& s, Value* len, Value* added, AllocaInst* buffer, TypeId elem, function_ref<Val()> grow) {
  const int64_t size = m.types.sizeOf(elem), room = abi::kAppendBufBytes / size;
  BasicBlock* fits = newBlock("append.fits");
  BasicBlock* enter = newBlock("append.enter");
  BasicBlock* inside = newBlock("append.inside");
  BasicBlock* more = newBlock("append.more");
  b.CreateCondBr(b.CreateICmpULE(len, int64(room)), fits, more);
  setBlock(fits);
  Value* data = toHeap(buffer);
  b.CreateCondBr(b.CreateICmpEQ(s[0], data), inside, enter);
  setBlock(enter);
  Value* old = b.CreateNSWMul(b.CreateSub(len, added), int64(size));
  b.CreateMemMove(buffer, buffer->getAlign(), s[0], Align(1), old);
  b.CreateMemSet(b.CreateInBoundsGEP(m.i8, buffer, old), ConstantInt::get(m.i8, 0), b.CreateSub(int64(room * size), old), Align(1));
  b.CreateBr(inside);
  setBlock(inside);
  // Up to kAppendBufBytes the allocator's sizes are the multiples of 8.
  Value* bytes = b.CreateAnd(b.CreateAdd(b.CreateNSWMul(len, int64(size)), int64(7)), int64(-8));
  Value* cap = b.CreateBinaryIntrinsic(Intrinsic::umin, b.CreateUDiv(bytes, int64(size)), int64(room));
  return inFrameOr({data, len, cap}, more, grow);
}

// The slice is about to be let go. What lies in one of the buffers goes to the heap.
Val FunctionLowering::moveSlice(const Val& s, TypeId elem, bool keepsCap) {
  findMovedBuffers();
  if (movedBuffers_.empty()) return s;
  Value* inFrame = nullptr;
  for (const auto& entry : movedBuffers_) {
    Value* first = toHeap(entry.second);
    // Only where the capacity is looked at is there slicing.
    const uint64_t bytes = entry.second->getAllocationSize(entry.second->getDataLayout())->getFixedValue();
    Value* here = keepsCap ? b.CreateAnd(b.CreateICmpUGE(s[0], first), b.CreateICmpULT(s[0], offset(first, static_cast<int64_t>(bytes))))
                           : b.CreateICmpEQ(s[0], first);
    inFrame = inFrame ? b.CreateOr(inFrame, here) : here;
  }
  BasicBlock* before = b.GetInsertBlock();
  BasicBlock* move = newBlock("move");
  BasicBlock* end = newBlock("moved");
  b.CreateCondBr(inFrame, move, end);
  setBlock(move);
  // As growing to the same length from nothing.
  Val moved = results(RuntimeFn::GrowSlice, callRuntime(RuntimeFn::GrowSlice, {s[0], keepsCap ? s[2] : s[1], int64(0), int64(0), m.typeDescriptor(elem)}));
  if (keepsCap) moved = Val{moved[0], s[1], s[2]};
  b.CreateBr(end);
  BasicBlock* moveEnd = b.GetInsertBlock();
  setBlock(end);
  return joinValues(s, before, moved, moveEnd);
}

void FunctionLowering::lowerGrowSlice(ValueId v, const ir::Inst& inst) {
  Val s = get(inst.operands[0]);
  TypeId elem = m.types.elem(typeOf(inst.operands[0]));
  Value* len = asInt64(inst.operands[1]);
  Value* added = asInt64(inst.operands[2]);
  auto grow = [&] {
    return results(RuntimeFn::GrowSlice, callRuntime(RuntimeFn::GrowSlice, {s[0], len, s[2], added, m.typeDescriptor(elem)}));
  };
  if (!(inst.flags & ir::kOnStack)) return set(v, grow());
  AllocaInst* buffer = inst.imm & ir::kGrowMoved ? movedBuffer(inst) : appendBuffer(elem);
  set(v, inst.imm & ir::kGrowSteps ? growBySteps(s, len, added, buffer, elem, grow) : growInFrame(s, len, buffer, elem, grow));
}

}  // namespace burrow::codegen
