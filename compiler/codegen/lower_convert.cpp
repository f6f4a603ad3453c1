// Conversions between numbers, pointers and strings.
//
// Float to integer. Go leaves what does not fit to the implementation; a program must get what gc's gives, which is what
// cvttsd2si gives: the smallest integer for everything out of range, NaN included. Narrow integers are cut out of a 32-bit
// result, uint32 out of a 64-bit one, and uint64 has its upper half shifted into int64's range. LLVM's own conversion would
// be poison there, so the instruction's intrinsic is used.
//
// To uint64 what is below 2^63 takes one instruction, behind a branch, since floats are rarely larger (math.Tan 1.36 times gc's time
// without it, 1.28 with it). From uint64 to floats there is none: hashes are as often large as not, and a branch that can't be
// foreseen took three times as long (bench/everyday's Unit), for a tenth of math.Sin's time.
#include "abi/string.h"
#include "codegen/function_lowering.h"
#include "codegen/root_slots.h"

namespace burrow::codegen {

using namespace llvm;
using ir::IntrinsicKind;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

namespace {

// cvttss2si or cvttsd2si to 32 or 64 bits.
Value* truncateFloat(IRBuilder<>& b, Value* x, unsigned bits) {
  // Constants in range fold here; LLVM does not look through the intrinsic's vector when it is built like this.
  bool isDouble = x->getType()->isDoubleTy();
  Intrinsic::ID id = isDouble ? (bits == 64 ? Intrinsic::x86_sse2_cvttsd2si64 : Intrinsic::x86_sse2_cvttsd2si)
                              : (bits == 64 ? Intrinsic::x86_sse_cvttss2si64 : Intrinsic::x86_sse_cvttss2si);
  if (auto* c = dyn_cast<ConstantFP>(x)) {
    APSInt out(bits, /*isUnsigned=*/false);
    bool exact = false;
    APFloat value = c->getValueAPF();
    if (value.convertToInteger(out, APFloat::rmTowardZero, &exact) != APFloat::opInvalidOp) {
      return ConstantInt::get(b.getContext(), out);
    }
  }
  auto* vector = FixedVectorType::get(x->getType(), isDouble ? 2 : 4);
  Value* v = b.CreateInsertElement(PoisonValue::get(vector), x, uint64_t(0));
  return b.CreateIntrinsic(id, {}, {v});
}

}  // namespace

// float32(math.Sqrt(float64(x))) is the root in 32 bits: it rounds to the same float32 whether it is taken in 53 bits first or not, as
// 53 >= 2*24 + 2 (Figueroa, "When is double rounding innocuous?", 1995). Null if that is not what is converted, or if the
// root in 64 bits is wanted too.
Value* FunctionLowering::narrowRoot(const ir::Inst& inst) {
  const ValueId v = inst.operands[0];
  const ir::Inst& root = fn_[v];
  const bool isRoot = root.op == Op::Intrinsic && IntrinsicKind(root.imm) == IntrinsicKind::Sqrt;
  if (!isRoot || m.types.kind(inst.type) != TypeKind::Float32) return nullptr;
  const ir::Inst& widened = fn_[root.operands[0]];
  if (widened.op != Op::Convert || useCount(v) != 1) return nullptr;
  Value* x = one(widened.operands[0]);
  return x->getType()->isFloatTy() ? b.CreateUnaryIntrinsic(Intrinsic::sqrt, x) : nullptr;
}

Value* FunctionLowering::floatToUint(Value* x) {
  Constant* limit = ConstantFP::get(x->getType(), 0x1p63);
  auto high = [&] {
    return b.CreateOr(truncateFloat(b, b.CreateFSub(x, limit), 64), ConstantInt::get(m.i64, uint64_t(1) << 63));
  };
  return likelyOr(b.CreateFCmpOLT(x, limit), [&] { return truncateFloat(b, x, 64); }, high);
}

Value* FunctionLowering::convertScalar(TypeId from, TypeId to, Value* x) {
  bool fromFloat = m.types.isFloat(from), toFloat = m.types.isFloat(to);
  Type* type = m.partTypes(to)[0];
  if (fromFloat && toFloat) return b.CreateFPCast(x, type);
  if (toFloat) return m.types.isSigned(from) ? b.CreateSIToFP(x, type) : b.CreateUIToFP(x, type);
  if (!fromFloat) return m.types.isSigned(from) ? b.CreateSExtOrTrunc(x, type) : b.CreateZExtOrTrunc(x, type);
  int bits = m.types.bits(to);
  bool isSigned = m.types.isSigned(to);
  if (bits < 32 || (bits == 32 && isSigned)) return b.CreateTrunc(truncateFloat(b, x, 32), type);
  if (bits == 32) return b.CreateTrunc(truncateFloat(b, x, 64), type);
  return isSigned ? truncateFloat(b, x, 64) : floatToUint(x);
}

namespace {
// unsafe.Pointer(v.Pointer()): from the conversion on the object is kept alive, before that by nobody. LLVM sees no more in the
// conversion than a copy of bits, which it may make after later calls; a launder stays where it is.
Value* pointerOf(IRBuilder<>& b, Value* integer, PointerType* type) {
  Value* pointer = b.CreateIntToPtr(integer, type);
  const Value* from = integer;
  while (const auto* part = dyn_cast<ExtractValueInst>(from)) from = part->getAggregateOperand();
  return isa<CallInst>(from) ? b.CreateLaunderInvariantGroup(pointer) : pointer;
}
}  // namespace

void FunctionLowering::lowerConvert(ValueId v, const ir::Inst& inst) {
  TypeId from = typeOf(inst.operands[0]), to = inst.type;
  switch (inst.op) {
    case Op::PtrToInt:
      set(v, b.CreatePtrToInt(one(inst.operands[0]), m.i64));
      return;
    case Op::IntToPtr:
      set(v, pointerOf(b, one(inst.operands[0]), m.ptr1));
      return;
    case Op::Bitcast: {
      Value* single = values_[inst.operands[0].value].size() == 1 ? address(inst.operands[0]) : nullptr;
      // A stack address stays one: *T to unsafe.Pointer and back is common.
      if (single && single->getType() == m.ptr0) return set(v, single);
      set(v, get(inst.operands[0]));
      return;
    }
    default:
      break;
  }
  Val x = get(inst.operands[0]);
  if (m.types.isComplex(to)) {
    Type* type = m.types.kind(to) == TypeKind::Complex64 ? m.f32 : m.f64;
    if (!m.types.isComplex(from)) {
      set(v, Val{b.CreateFPCast(x[0], type), ConstantFP::get(type, 0.0)});
      return;
    }
    set(v, Val{b.CreateFPCast(x[0], type), b.CreateFPCast(x[1], type)});
    return;
  }
  Value* root = narrowRoot(inst);
  set(v, root ? root : convertScalar(from, to, x[0]));
}

void FunctionLowering::lowerStringOp(ValueId v, const ir::Inst& inst) {
  auto call = [&](RuntimeFn fn, ArrayRef<Value*> args) { set(v, results(fn, callRuntime(fn, args))); };
  // Where a short result goes that stays in this function.
  auto buffer = [&](int64_t size) -> Value* {
    if (!(inst.flags & ir::kOnStack)) return Constant::getNullValue(m.ptr1);
    AllocaInst* a = slot(size, 8, "tmpbuf");
    a->setMetadata(kNoPointers, MDNode::get(m.context, {}));
    return a;
  };
  switch (inst.op) {
    case Op::BytesToString: {
      Val s = get(inst.operands[0]);
      if (inst.flags & ir::kNoCopy) return set(v, Val{s[0], s[1]});
      return call(RuntimeFn::SliceByteToString, {buffer(abi::kTmpBufSize), s[0], s[1]});
    }
    case Op::RunesToString: {
      Val s = get(inst.operands[0]);
      return call(RuntimeFn::SliceRuneToString, {buffer(abi::kTmpBufSize), s[0], s[1]});
    }
    case Op::RuneToString:
      return call(RuntimeFn::IntString, {buffer(4), asInt64(inst.operands[0])});
    case Op::StringToBytes: {
      Val s = get(inst.operands[0]);
      if (inst.flags & ir::kNoCopy) {
        // Of an empty string, too, they are not nil.
        Value* data = b.CreateSelect(b.CreateIsNull(s[0]), toHeap(m.zeroData(1, 1)), s[0]);
        return set(v, Val{data, s[1], s[1]});
      }
      const ir::Inst& constant = fn_[inst.operands[0]];
      if (constant.op != Op::ConstString) {
        return call(RuntimeFn::StringToSliceByte, {buffer(abi::kTmpBufSize), s[0], s[1]});
      }
      // Of a constant there is an array of just its size.
      const auto n = static_cast<int64_t>(m.ir.str(constant.sym).size());
      if (n == 0) return set(v, Val{toHeap(m.zeroData(1, 1)), int64(0), int64(0)});
      Value* array = inst.flags & ir::kOnStack ? toHeap(buffer(n))
                                               : newObject(m.types.array(m.types.elem(inst.type), n));
      b.CreateMemCpy(array, Align(1), s[0], Align(1), int64(n));
      return set(v, Val{array, int64(n), int64(n)});
    }
    case Op::StringToRunes: {
      Val s = get(inst.operands[0]);
      if (inst.flags & ir::kNoCopy) {
        Value* n = callRuntime(RuntimeFn::CountRunes, {s[0], s[1]});
        return set(v, Val{toHeap(m.zeroData(1, 1)), n, n});
      }
      return call(RuntimeFn::StringToSliceRune, {buffer(4 * abi::kTmpBufSize), s[0], s[1]});
    }
    default: {  // ConcatStrings
      auto n = static_cast<int64_t>(inst.operands.size());
      TypeId string = m.types.stringType();
      AllocaInst* list = slot(16 * n, 8, "concat");
      for (int64_t i = 0; i < n; i++) store(string, offset(list, 16 * i), get(inst.operands[static_cast<size_t>(i)]));
      return call(RuntimeFn::ConcatStrings, {buffer(abi::kTmpBufSize), list, int64(n)});
    }
  }
}

}  // namespace burrow::codegen
