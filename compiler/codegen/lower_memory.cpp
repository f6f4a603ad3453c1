// Variables, loads and stores, addresses, checks, slices.
//
// Checks. A nil check is a compare whose branch carries `make.implicit`: the back end folds it into the access behind it
// when that access would fault on page zero, and the fault map then leads to the panicking block. All nil checks of one
// line share one such block; bounds checks have one each, since their arguments differ. The blocks are cold and are never
// merged over lines (`nomerge`), so that a traceback names the line that failed.
#include "abi/slice.h"
#include "codegen/allocations.h"
#include "codegen/function_lowering.h"

namespace burrow::codegen {

using namespace llvm;
using ir::CheckKind;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

bool FunctionLowering::inResultSlot(ValueId place) const {
  while (fn_[place].op == Op::FieldAddr || fn_[place].op == Op::IndexAddr) place = fn_[place].operands[0];
  return fn_[place].op == Op::Local && (fn_[place].flags & ir::kResultSlot);
}

void FunctionLowering::lowerMemory(ValueId v, const ir::Inst& inst) {
  switch (inst.op) {
    case Op::Local:
      return;  // made with the entry
    case Op::Load:
      if (!m.shape(inst.type).scalar && isOnlyCompared(v, block_)) return set(v, address(inst.operands[0]));
      set(v, load(inst.type, address(inst.operands[0])));
      return;
    case Op::Store: {
      BasicBlock* block = b.GetInsertBlock();
      Instruction* before = block->empty() ? nullptr : &block->back();
      store(typeOf(inst.operands[1]), address(inst.operands[0]), get(inst.operands[1]));
      // A fault at any access may become a panic, and after recover what is in the result slots is returned: no store to one
      // may wait for the end of a loop.
      if (fn_.attributes.hasDefer && inResultSlot(inst.operands[0]) && b.GetInsertBlock() == block) {
        for (Instruction* i = before ? before->getNextNode() : &block->front(); i; i = i->getNextNode()) {
          if (auto* s = dyn_cast<StoreInst>(i)) s->setVolatile(true);
        }
      }
      return;
    }
    case Op::Move:
      copy(inst.typeArg, address(inst.operands[0]), address(inst.operands[1]));
      return;
    case Op::ZeroMem:
      zeroMemory(inst.typeArg, address(inst.operands[0]));
      return;
    case Op::FieldAddr: {
      TypeId structType = m.types.elem(typeOf(inst.operands[0]));
      set(v, offset(address(inst.operands[0]), m.types.fieldOffset(structType, static_cast<size_t>(inst.imm))));
      return;
    }
    case Op::IndexAddr: {
      int64_t size = m.types.sizeOf(m.types.elem(inst.type));
      Value* base = address(inst.operands[0]);
      if (size == 0) return set(v, base);
      auto* elem = ArrayType::get(m.i8, static_cast<uint64_t>(size));
      set(v, b.CreateInBoundsGEP(elem, base, asInt64(inst.operands[1])));
      return;
    }
    case Op::PtrAdd:
      set(v, b.CreateGEP(m.i8, address(inst.operands[0]), asInt64(inst.operands[1])));
      return;
    default: {  // KeepAlive
      for (Value* part : get(inst.operands[0])) {
        auto* type = FunctionType::get(m.voidType, {part->getType()}, false);
        const char* constraint = part->getType()->isFloatingPointTy() ? "x" : "r";
        b.CreateCall(InlineAsm::get(type, "", constraint, /*hasSideEffects=*/true), {part});
      }
      return;
    }
  }
}

void FunctionLowering::lowerNew(ValueId v, const ir::Inst& inst) {
  if (m.types.sizeOf(inst.typeArg) == 0) return set(v, m.dataAddress("runtime.zerobase"));
  if (inst.flags & ir::kOnStack) {
    std::string_view name = m.ir.str(inst.sym);
    AllocaInst* a = slot(inst.typeArg, StringRef(name.data(), name.size()));
    zeroMemory(inst.typeArg, a);
    return set(v, a);
  }
  set(v, newObject(inst.typeArg));
}

void FunctionLowering::nilCheck(Value* pointer) {
  if (pointer->getType() == m.ptr0) return;  // the stack, or a variable
  if (isa<ConstantExpr>(pointer)) return;    // the address of something static
  DILocation* loc = b.getCurrentDebugLocation().get();
  // Inlined lines, and those in another file, have blocks of their own: where they are differs.
  bool share = loc && !loc->getInlinedAt() && !isa<DILexicalBlockFile>(loc->getScope());
  BasicBlock* bad = share ? nilPanics_[loc->getLine()] : nullptr;
  BasicBlock* here = b.GetInsertBlock();
  if (!bad) {
    bad = newBlock("nil");
    setBlock(bad);
    panicCall(RuntimeFn::PanicMem, {});
    setBlock(here);
    if (share) nilPanics_[loc->getLine()] = bad;
  }
  BasicBlock* good = newBlock("notnil");
  BranchInst* branch = b.CreateCondBr(isNull(pointer), bad, good, m.unlikelyTrue());
  if (!m.options.without(ir::Optimisation::FaultChecks)) branch->setMetadata(LLVMContext::MD_make_implicit, MDNode::get(m.context, {}));
  setBlock(good);
}

void FunctionLowering::lowerCheck(const ir::Inst& inst) {
  switch (inst.op) {
    case Op::NilCheck:
      nilCheck(address(inst.operands[0]));
      return;
    case Op::CheckDivide: {
      Value* x = one(inst.operands[0]);
      orPanic(b.CreateICmpEQ(x, Constant::getNullValue(x->getType())), "divide", [&] { panicCall(RuntimeFn::PanicDivide, {}); });
      return;
    }
    case Op::CheckShift: {
      Value* x = one(inst.operands[0]);
      orPanic(b.CreateICmpSLT(x, Constant::getNullValue(x->getType())), "shift", [&] { panicCall(RuntimeFn::PanicShift, {}); });
      return;
    }
    default:
      break;
  }
  Value* index = asInt64(inst.operands[0]);
  Value* bound = asInt64(inst.operands[1]);
  CheckKind kind = CheckKind(inst.imm);
  Value* bad = kind == CheckKind::Index ? b.CreateICmpUGE(index, bound) : b.CreateICmpUGT(index, bound);
  bool isUnsigned = !m.types.isSigned(typeOf(inst.operands[0]));
  static constexpr RuntimeFn kSigned[] = {RuntimeFn::PanicIndex, RuntimeFn::PanicSliceAlen, RuntimeFn::PanicSliceAcap,
                                          RuntimeFn::PanicSliceB, RuntimeFn::PanicSlice3Alen, RuntimeFn::PanicSlice3Acap,
                                          RuntimeFn::PanicSlice3B, RuntimeFn::PanicSlice3C, RuntimeFn::PanicSliceConvert};
  static constexpr RuntimeFn kUnsigned[] = {RuntimeFn::PanicIndexU, RuntimeFn::PanicSliceAlenU, RuntimeFn::PanicSliceAcapU,
                                            RuntimeFn::PanicSliceBU, RuntimeFn::PanicSlice3AlenU, RuntimeFn::PanicSlice3AcapU,
                                            RuntimeFn::PanicSlice3BU, RuntimeFn::PanicSlice3CU, RuntimeFn::PanicSliceConvert};
  RuntimeFn fn = (isUnsigned ? kUnsigned : kSigned)[static_cast<size_t>(kind)];
  orPanic(bad, "bounds", [&] { panicCall(fn, {index, bound}); });
}

// unsafe.Slice and unsafe.String: what they make must end at or below the end of the address space; from nil on there is
// nothing. The runtime says what is wrong. False: not done here.
bool FunctionLowering::lowerUnsafeCheck(const ir::Inst& inst) {
  const RuntimeFn fn = RuntimeFn(inst.imm);
  const bool isString = fn == RuntimeFn::UnsafeStringCheck;
  uint64_t size = 1;
  if (!isString) {
    const ir::Inst& elem = fn_[inst.operands[0]];
    if (elem.op != Op::TypeAddr || m.types.sizeOf(elem.typeArg) == 0) return false;
    size = static_cast<uint64_t>(m.types.sizeOf(elem.typeArg));
  }
  Value* pointer = one(inst.operands[isString ? 0 : 1]);
  Value* len = asInt64(inst.operands.back());
  Value* bytes = b.CreateMul(len, ConstantInt::get(m.i64, size));
  // With elements of two bytes the highest length is a positive number, too.
  Value* bad = size == 1 ? b.CreateICmpSLT(len, ConstantInt::get(m.i64, 0))
                         : b.CreateICmpUGT(len, ConstantInt::get(m.i64, UINT64_MAX / size));
  Value* room = b.CreateNeg(b.CreatePtrToInt(pointer, m.i64));
  orPanic(b.CreateOr(bad, b.CreateICmpUGT(bytes, room)), "unsafe", [&] {
    if (isString) panicCall(fn, {pointer, len});
    else panicCall(fn, {get(inst.operands[0])[0], pointer, len});
  });
  return true;
}

void FunctionLowering::lowerSlice(ValueId v, const ir::Inst& inst) {
  switch (inst.op) {
    case Op::MakeSlice: {
      Value* len = asInt64(inst.operands[0]);
      Value* cap = asInt64(inst.operands[1]);
      int64_t size = m.types.sizeOf(inst.typeArg);
      auto made = [&] {
        CallInst* data = callRuntime(RuntimeFn::MakeSlice, {m.typeDescriptor(inst.typeArg), len, cap});
        describeAllocation(data, m.types, inst.typeArg);
        return Val{data, len, cap};
      };
      if (!(inst.flags & ir::kOnStack)) return set(v, made());
      const ir::Inst& known = fn_[inst.operands[1]];
      const bool constant = known.op == Op::ConstInt;
      const int64_t room = constant ? known.imm : abi::kMakeBufBytes / size;
      TypeId array = m.types.array(inst.typeArg, room);
      AllocaInst* a = slot(std::max<int64_t>(size * room, 1), m.types.alignOf(inst.typeArg), "slice");
      if (constant) {
        orPanic(b.CreateICmpUGT(len, cap), "makeslice", [&] { panicCall(RuntimeFn::PanicMakeSlice, {len}); });
        zeroMemory(array, a);
        return set(v, Val{toHeap(a), len, cap});
      }
      // What does not fit, and what is wrong, is the runtime's.
      BasicBlock* fits = newBlock("make.fits");
      BasicBlock* more = newBlock("make.more");
      b.CreateCondBr(b.CreateAnd(b.CreateICmpULE(cap, int64(room)), b.CreateICmpULE(len, cap)), fits, more);
      setBlock(fits);
      zeroMemory(array, a);
      return set(v, inFrameOr({toHeap(a), len, cap}, more, made));
    }
    case Op::GrowSlice: return lowerGrowSlice(v, inst);
    case Op::MoveSlice:
      return set(v, moveSlice(get(inst.operands[0]), m.types.elem(inst.type), inst.imm != 0));
    default: {  // SliceCopy
      Val to = get(inst.operands[0]), from = get(inst.operands[1]);
      TypeId elem = m.types.elem(typeOf(inst.operands[0]));
      if (m.types.hasPointers(elem)) {
        return set(v, runtime(RuntimeFn::TypedSliceCopy, {m.typeDescriptor(elem), to[0], to[1], from[0], from[1]}));
      }
      Value* n = b.CreateBinaryIntrinsic(Intrinsic::smin, to[1], from[1]);
      Align align(static_cast<uint64_t>(m.types.alignOf(elem)));
      int64_t size = m.types.sizeOf(elem);
      if (size != 0) b.CreateMemMove(to[0], align, from[0], align, b.CreateNSWMul(n, int64(size)));
      return set(v, n);
    }
  }
}

}  // namespace burrow::codegen
