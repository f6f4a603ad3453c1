// Arithmetic. Integers wrap; what LLVM leaves undefined is defined here as Go has it: shifts by the width or more give 0 (or
// the sign), the most negative number divided by -1 is itself. Floating point is strict IEEE, complex multiplication of
// complex64 is computed in float64 as gc does.
#include "codegen/function_lowering.h"

namespace burrow::codegen {

using namespace llvm;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

void FunctionLowering::lowerArithmetic(ValueId v, const ir::Inst& inst) {
  if (inst.op == Op::CondSelect) {
    Value* condition = one(inst.operands[0]);
    Val x = get(inst.operands[1]), y = get(inst.operands[2]), out;
    for (size_t i = 0; i < x.size(); i++) out.push_back(b.CreateSelect(condition, x[i], y[i]));
    set(v, std::move(out));
    return;
  }
  TypeId t = inst.type;
  if (m.types.isComplex(t)) return lowerComplex(v, inst);
  if (m.types.kind(t) == TypeKind::String) {  // addition
    std::string_view none;
    AllocaInst* list = slot(32, 8, "concat");
    store(t, list, get(inst.operands[0]));
    store(t, offset(list, 16), get(inst.operands[1]));
    set(v, results(RuntimeFn::ConcatStrings, callRuntime(RuntimeFn::ConcatStrings, {Constant::getNullValue(m.ptr1), list, int64(2)})));
    return;
  }
  Value* x = one(inst.operands[0]);
  Value* y = inst.operands.size() > 1 ? one(inst.operands[1]) : nullptr;
  if (m.types.isFloat(t)) {
    switch (inst.op) {
      case Op::Add: return set(v, b.CreateFAdd(x, y));
      case Op::Sub: return set(v, b.CreateFSub(x, y));
      case Op::Mul: return set(v, b.CreateFMul(x, y));
      case Op::Div: return set(v, b.CreateFDiv(x, y));
      default: return set(v, b.CreateFNeg(x));
    }
  }
  bool isSigned = m.types.isSigned(t);
  switch (inst.op) {
    case Op::Add: return set(v, b.CreateAdd(x, y));
    case Op::Sub: return set(v, b.CreateSub(x, y));
    case Op::Mul: return set(v, b.CreateMul(x, y));
    case Op::And: return set(v, b.CreateAnd(x, y));
    case Op::Or: return set(v, b.CreateOr(x, y));
    case Op::Xor: return set(v, b.CreateXor(x, y));
    case Op::AndNot: return set(v, b.CreateAnd(x, b.CreateNot(y)));
    case Op::Neg: return set(v, b.CreateNeg(x));
    case Op::Com:
    case Op::Not: return set(v, b.CreateNot(x));
    case Op::Div:
    case Op::Rem: {
      bool div = inst.op == Op::Div;
      if (!isSigned) return set(v, div ? b.CreateUDiv(x, y) : b.CreateURem(x, y));
      if (auto* c = dyn_cast<ConstantInt>(y); c && !c->isMinusOne() && !c->isZero()) {
        return set(v, div ? b.CreateSDiv(x, y) : b.CreateSRem(x, y));
      }
      // Of -1 the quotient is the negated dividend and the remainder 0; the machine would fault for the most negative number.
      // A jump, which is guessed right, and no select of another divisor, which the division would wait for.
      BasicBlock* ofMinusOne = newBlock("minusone");
      BasicBlock* of = newBlock("divide");
      BasicBlock* done = newBlock("divided");
      b.CreateCondBr(b.CreateICmpEQ(y, Constant::getAllOnesValue(y->getType())), ofMinusOne, of, m.unlikelyTrue());
      b.SetInsertPoint(ofMinusOne);
      Value* negated = div ? b.CreateNeg(x) : Constant::getNullValue(x->getType());
      b.CreateBr(done);
      b.SetInsertPoint(of);
      Value* divided = div ? b.CreateSDiv(x, y) : b.CreateSRem(x, y);
      b.CreateBr(done);
      b.SetInsertPoint(done);
      PHINode* result = b.CreatePHI(x->getType(), 2);
      result->addIncoming(negated, ofMinusOne);
      result->addIncoming(divided, of);
      return set(v, result);
    }
    default: return;
  }
}

void FunctionLowering::lowerComplex(ValueId v, const ir::Inst& inst) {
  Val x = get(inst.operands[0]);
  Val y = inst.operands.size() > 1 ? get(inst.operands[1]) : Val{};
  bool narrow = m.types.kind(inst.type) == TypeKind::Complex64;
  auto widen = [&](Val& z) {
    if (narrow) z = Val{b.CreateFPExt(z[0], m.f64), b.CreateFPExt(z[1], m.f64)};
  };
  auto result = [&](Value* re, Value* im) {
    if (narrow) re = b.CreateFPTrunc(re, m.f32), im = b.CreateFPTrunc(im, m.f32);
    set(v, Val{re, im});
  };
  switch (inst.op) {
    case Op::Add: return set(v, Val{b.CreateFAdd(x[0], y[0]), b.CreateFAdd(x[1], y[1])});
    case Op::Sub: return set(v, Val{b.CreateFSub(x[0], y[0]), b.CreateFSub(x[1], y[1])});
    case Op::Neg: return set(v, Val{b.CreateFNeg(x[0]), b.CreateFNeg(x[1])});
    case Op::Mul:
      widen(x), widen(y);
      return result(b.CreateFSub(b.CreateFMul(x[0], y[0]), b.CreateFMul(x[1], y[1])),
                    b.CreateFAdd(b.CreateFMul(x[0], y[1]), b.CreateFMul(x[1], y[0])));
    case Op::Div: {
      widen(x), widen(y);
      Val q = results(RuntimeFn::Complex128Div, callRuntime(RuntimeFn::Complex128Div, {x[0], x[1], y[0], y[1]}));
      return result(q[0], q[1]);
    }
    default: return;
  }
}

void FunctionLowering::lowerShift(ValueId v, const ir::Inst& inst) {
  Value* x = one(inst.operands[0]);
  Value* count = one(inst.operands[1]);
  Type* type = x->getType();
  unsigned width = type->getIntegerBitWidth();
  bool arithmetic = inst.op == Op::Shr && m.types.isSigned(inst.type);
  unsigned countWidth = count->getType()->getIntegerBitWidth();
  // Compare in the count's own type, then bring it to the value's.
  bool canExceed = countWidth >= 64 || (uint64_t(1) << countWidth) > width;
  Value* tooFar = canExceed ? b.CreateICmpUGE(count, ConstantInt::get(count->getType(), width)) : nullptr;
  Value* n = b.CreateZExtOrTrunc(count, type);
  if (arithmetic) {
    if (tooFar) n = b.CreateSelect(tooFar, ConstantInt::get(type, width - 1), n);
    return set(v, b.CreateAShr(x, n));
  }
  Value* shifted = inst.op == Op::Shl ? b.CreateShl(x, n) : b.CreateLShr(x, n);
  set(v, tooFar ? b.CreateSelect(tooFar, Constant::getNullValue(type), shifted) : shifted);
}

}  // namespace burrow::codegen
