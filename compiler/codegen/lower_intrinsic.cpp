// Calls that become instructions: math, bits, atomics, and what package runtime asks about its own frame.
//
// Below GOAMD64=v2 only SSE2 is there for sure, and nothing may become a call of libm. Rounding is therefore done with conversions: a
// number of at least 2^52 is whole already, a smaller one fits an int64. math.FMA asks for the instruction and calls Go's own
// function, which is exact without it, where there is none. 128-bit division is the instruction itself, since LLVM would call a library.
#include "codegen/function_lowering.h"

#include "codegen/thread_word.h"

#include "abi/thread_area.h"

namespace burrow::codegen {

using namespace llvm;
using ir::IntrinsicKind;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

namespace {
// LLVM's number for "relative to FS".
}  // namespace

Value* FunctionLowering::roundFloat(IntrinsicKind kind, Value* x) {
  if (m.options.amd64Level >= 2) {
    return b.CreateUnaryIntrinsic(kind == IntrinsicKind::Floor  ? Intrinsic::floor
                                  : kind == IntrinsicKind::Ceil ? Intrinsic::ceil
                                  : kind == IntrinsicKind::Trunc ? Intrinsic::trunc
                                                                 : Intrinsic::roundeven, x);
  }
  bool narrow = x->getType()->isFloatTy();
  if (narrow) x = b.CreateFPExt(x, m.f64);
  Constant* whole = ConstantFP::get(m.f64, 0x1p52);
  Value* small = b.CreateFCmpOLT(b.CreateUnaryIntrinsic(Intrinsic::fabs, x), whole);  // false for NaN
  Value* result;
  if (kind == IntrinsicKind::RoundToEven) {
    // Adding 2^52 leaves no room for a fraction, and the addition rounds to even.
    Value* shift = b.CreateBinaryIntrinsic(Intrinsic::copysign, whole, x);
    result = b.CreateFSub(b.CreateFAdd(x, shift), shift);
  } else {
    Value* vector = b.CreateInsertElement(PoisonValue::get(FixedVectorType::get(m.f64, 2)), x, uint64_t(0));
    Value* truncated = b.CreateSIToFP(b.CreateIntrinsic(Intrinsic::x86_sse2_cvttsd2si64, {}, {vector}), m.f64);
    Constant* one = ConstantFP::get(m.f64, 1.0);
    Constant* none = ConstantFP::get(m.f64, 0.0);
    result = truncated;
    if (kind == IntrinsicKind::Floor) {
      result = b.CreateFSub(truncated, b.CreateSelect(b.CreateFCmpOGT(truncated, x), one, none));
    } else if (kind == IntrinsicKind::Ceil) {
      result = b.CreateFAdd(truncated, b.CreateSelect(b.CreateFCmpOLT(truncated, x), one, none));
    }
  }
  result = b.CreateBinaryIntrinsic(Intrinsic::copysign, result, x);  // -0.3 rounds to -0
  result = b.CreateSelect(small, result, x);
  return narrow ? b.CreateFPTrunc(result, m.f32) : result;
}

void FunctionLowering::lowerAtomic(ValueId v, const ir::Inst& inst) {
  constexpr auto kOrder = AtomicOrdering::SequentiallyConsistent;
  Value* p = address(inst.operands[0]);
  IntrinsicKind kind = IntrinsicKind(inst.imm);
  TypeId valueType = inst.operands.size() > 1 ? typeOf(inst.operands[1]) : inst.type;
  auto toMemory = [&](ValueId x) {
    Value* value = one(x);
    return value->getType() == m.i1 ? boolToByte(value) : value;
  };
  Type* type = m.memoryType(m.shape(valueType).leaves[0].kind);
  Align align(static_cast<uint64_t>(m.types.sizeOf(valueType)));
  auto finish = [&](Value* result) {
    if (!inst.type.isValid()) return;
    Type* want = m.partTypes(inst.type)[0];
    set(v, want == m.i1 && result->getType() == m.i8 ? byteToBool(result) : result);
  };
  switch (kind) {
    case IntrinsicKind::AtomicLoad: {
      LoadInst* load = b.CreateAlignedLoad(type, p, align);
      load->setAtomic(kOrder);
      return finish(load);
    }
    case IntrinsicKind::AtomicStore: {
      StoreInst* store = b.CreateAlignedStore(toMemory(inst.operands[1]), p, align);
      store->setAtomic(kOrder);
      return;
    }
    case IntrinsicKind::AtomicCas: {
      Value* pair = b.CreateAtomicCmpXchg(p, toMemory(inst.operands[1]), toMemory(inst.operands[2]), align, kOrder, kOrder);
      return finish(b.CreateExtractValue(pair, 1));
    }
    default:
      break;
  }
  AtomicRMWInst::BinOp op = kind == IntrinsicKind::AtomicSwap  ? AtomicRMWInst::Xchg
                            : kind == IntrinsicKind::AtomicAdd ? AtomicRMWInst::Add
                            : kind == IntrinsicKind::AtomicAnd ? AtomicRMWInst::And
                                                               : AtomicRMWInst::Or;
  Value* operand = toMemory(inst.operands[1]);
  Value* old = b.CreateAtomicRMW(op, p, operand, align, kOrder);
  finish(kind == IntrinsicKind::AtomicAdd ? b.CreateAdd(old, operand) : old);
}

// LLVM would call a library function for a quotient of 128 bits, as it cannot know that this one has 64. The instruction faults
// unless hi < y, so it must not be executed before the checks: it counts as something with effects, which is never moved.
void FunctionLowering::lowerDivHiLo(ValueId v, Value* hi, Value* lo, Value* y) {
  if (auto* known = dyn_cast<ConstantInt>(hi); known && known->isZero())
    return set(v, Val{b.CreateUDiv(lo, y), b.CreateURem(lo, y)});
  auto* signature = FunctionType::get(StructType::get(m.i64, m.i64), {hi->getType(), lo->getType(), y->getType()}, false);
  InlineAsm* divide = InlineAsm::get(signature, "divq $4", "={ax},={dx},{dx},{ax},r,~{dirflag},~{fpsr},~{flags}",
                                     /*hasSideEffects=*/true);
  CallInst* call = b.CreateCall(divide, {hi, lo, y});
  call->setDoesNotAccessMemory();
  call->setDoesNotThrow();
  set(v, Val{b.CreateExtractValue(call, 0), b.CreateExtractValue(call, 1)});
}

// The instruction stands as assembly below v3: as an operation it would need the ability for the whole function.
Value* FunctionLowering::fusedMultiplyAdd(Value* x, Value* y, Value* z) {
  if (m.options.amd64Level >= 3) return b.CreateIntrinsic(Intrinsic::fma, {m.f64}, {x, y, z});
  FunctionType* type = FunctionType::get(m.f64, {m.f64, m.f64, m.f64}, false);
  auto* able = cast<GlobalVariable>(m.module.getOrInsertGlobal("runtime.cpuWide", m.i8));
  able->setDSOLocal(true);
  auto instruction = [&] {
    InlineAsm* fused = InlineAsm::get(type, "vfmadd213sd $3, $2, $0", "=x,0,x,x", /*hasSideEffects=*/false);
    CallInst* call = b.CreateCall(fused, {x, y, z});
    call->setDoesNotAccessMemory();
    call->setDoesNotThrow();
    return call;
  };
  auto exact = [&] {
    CallInst* call = b.CreateCall(type, m.functionByName("math.FMA", type), {x, y, z});
    call->setCallingConv(CallingConv::Swift);
    return call;
  };
  return likelyOr(b.CreateICmpNE(b.CreateLoad(m.i8, able), b.getInt8(0)), instruction, exact);
}

void FunctionLowering::lowerIntrinsic(ValueId v, const ir::Inst& inst) {
  IntrinsicKind kind = IntrinsicKind(inst.imm);
  auto x = [&](size_t i) { return one(inst.operands[i]); };
  auto toResult = [&](Value* n) { return b.CreateZExtOrTrunc(n, m.partTypes(inst.type)[0]); };
  switch (kind) {
    case IntrinsicKind::Sqrt: return set(v, b.CreateUnaryIntrinsic(Intrinsic::sqrt, x(0)));
    case IntrinsicKind::Abs: return set(v, b.CreateUnaryIntrinsic(Intrinsic::fabs, x(0)));
    case IntrinsicKind::CopySign: return set(v, b.CreateBinaryIntrinsic(Intrinsic::copysign, x(0), x(1)));
    case IntrinsicKind::Floor:
    case IntrinsicKind::Ceil:
    case IntrinsicKind::Trunc:
    case IntrinsicKind::RoundToEven:
      return set(v, roundFloat(kind, x(0)));
    case IntrinsicKind::Fma: return set(v, fusedMultiplyAdd(x(0), x(1), x(2)));
    case IntrinsicKind::TrailingZeros:
      return set(v, toResult(b.CreateBinaryIntrinsic(Intrinsic::cttz, x(0), ConstantInt::getFalse(m.context))));
    case IntrinsicKind::LeadingZeros:
      return set(v, toResult(b.CreateBinaryIntrinsic(Intrinsic::ctlz, x(0), ConstantInt::getFalse(m.context))));
    case IntrinsicKind::PopCount: return set(v, toResult(b.CreateUnaryIntrinsic(Intrinsic::ctpop, x(0))));
    case IntrinsicKind::ByteSwap:
      return set(v, x(0)->getType() == m.i8 ? x(0) : b.CreateUnaryIntrinsic(Intrinsic::bswap, x(0)));
    case IntrinsicKind::BitReverse: return set(v, b.CreateUnaryIntrinsic(Intrinsic::bitreverse, x(0)));
    case IntrinsicKind::RotateLeft: {
      Value* n = b.CreateZExtOrTrunc(x(1), x(0)->getType());  // the count is taken modulo the width
      return set(v, b.CreateIntrinsic(Intrinsic::fshl, {n->getType()}, {x(0), x(0), n}));
    }
    case IntrinsicKind::MulHiLo: {
      Type* wide = IntegerType::get(m.context, 128);
      Value* product = b.CreateMul(b.CreateZExt(x(0), wide), b.CreateZExt(x(1), wide));
      return set(v, Val{b.CreateTrunc(b.CreateLShr(product, 64), m.i64), b.CreateTrunc(product, m.i64)});
    }
    case IntrinsicKind::DivHiLo: return lowerDivHiLo(v, x(0), x(1), x(2));
    case IntrinsicKind::AddCarry:
    case IntrinsicKind::SubBorrow: {
      Intrinsic::ID id = kind == IntrinsicKind::AddCarry ? Intrinsic::uadd_with_overflow : Intrinsic::usub_with_overflow;
      Value* first = b.CreateBinaryIntrinsic(id, x(0), x(1));
      Value* second = b.CreateBinaryIntrinsic(id, b.CreateExtractValue(first, 0), x(2));
      Value* carry = b.CreateOr(b.CreateExtractValue(first, 1), b.CreateExtractValue(second, 1));
      return set(v, Val{b.CreateExtractValue(second, 0), b.CreateZExt(carry, x(0)->getType())});
    }
    case IntrinsicKind::AtomicLoad:
    case IntrinsicKind::AtomicStore:
    case IntrinsicKind::AtomicSwap:
    case IntrinsicKind::AtomicCas:
    case IntrinsicKind::AtomicAdd:
    case IntrinsicKind::AtomicAnd:
    case IntrinsicKind::AtomicOr:
      return lowerAtomic(v, inst);
    case IntrinsicKind::FloatBits: return set(v, b.CreateBitCast(x(0), m.partTypes(inst.type)[0]));
    case IntrinsicKind::CallerPC:
      return set(v, b.CreatePtrToInt(b.CreateIntrinsic(Intrinsic::returnaddress, {}, {b.getInt32(0)}), m.i64));
    case IntrinsicKind::CallerSP: {
      // The caller's stack pointer before it pushed the return address.
      Value* slot = b.CreateIntrinsic(Intrinsic::addressofreturnaddress, {m.ptr0}, {});
      return set(v, b.CreateAdd(b.CreatePtrToInt(slot, m.i64), int64(8)));
    }
    case IntrinsicKind::DeferFrame:
      if (!deferFrame_) {
        m.errors.push_back("deferframe in a function that does not defer: " + fn_.name);
        return set(v, ConstantPointerNull::get(m.ptr1));
      }
      return set(v, b.CreateAddrSpaceCast(deferFrame_, m.ptr1));
    case IntrinsicKind::ReturnSlot:
      return set(v, b.CreateAddrSpaceCast(b.CreateIntrinsic(Intrinsic::addressofreturnaddress, {m.ptr0}, {}), m.ptr1));
    case IntrinsicKind::ClosurePtr: {
      Type* want = m.partTypes(inst.type)[0];
      return set(v, want == m.ptr1 ? closure_ : b.CreatePtrToInt(closure_, want));
    }
    case IntrinsicKind::GetG: {
      Value* at = threadWord(m.context, BURROW_FS_G);
      Type* want = m.partTypes(inst.type)[0];
      return set(v, b.CreateAlignedLoad(want, at, Align(8)));
    }
    case IntrinsicKind::Prefetch: {
      Value* p = x(0);
      if (p->getType()->isIntegerTy()) p = b.CreateIntToPtr(p, m.ptr0);
      b.CreateIntrinsic(Intrinsic::prefetch, {p->getType()}, {p, b.getInt32(0), b.getInt32(3), b.getInt32(1)});
      return;
    }
    case IntrinsicKind::Min:
    case IntrinsicKind::Max: {
      bool min = kind == IntrinsicKind::Min;
      Intrinsic::ID id;
      if (m.types.isFloat(inst.type)) {
        id = min ? Intrinsic::minimum : Intrinsic::maximum;
      } else if (m.types.isSigned(inst.type)) {
        id = min ? Intrinsic::smin : Intrinsic::smax;
      } else {
        id = min ? Intrinsic::umin : Intrinsic::umax;
      }
      return set(v, b.CreateBinaryIntrinsic(id, x(0), x(1)));
    }
  }
}

}  // namespace burrow::codegen
