// Constants, and putting values together and taking them apart.
//
// In scalar class all of this is bookkeeping: a struct's parts are its fields' parts one after the other, so that taking a
// field is taking a range. In memory class a part of scalar class is loaded, and a part of memory class is an address
// inside the whole, which nobody writes to. A changed struct is a new temporary.
#include "codegen/function_lowering.h"

namespace burrow::codegen {

using namespace llvm;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

void FunctionLowering::lowerConstant(ValueId v, const ir::Inst& inst) {
  switch (inst.op) {
    case Op::ConstInt: {
      auto* type = m.types.kind(inst.type) == TypeKind::Bool ? m.i1 : m.partTypes(inst.type)[0];
      set(v, ConstantInt::get(cast<IntegerType>(type), static_cast<uint64_t>(inst.imm), true, /*implicitTrunc=*/true));
      return;
    }
    case Op::ConstFloat: {
      double d = bit_cast<double>(inst.imm);
      if (m.types.kind(inst.type) == TypeKind::Float32) {
        set(v, ConstantFP::get(m.context, APFloat(static_cast<float>(d))));
      } else {
        set(v, ConstantFP::get(m.context, APFloat(d)));
      }
      return;
    }
    case Op::ConstString: {
      std::string_view s = m.ir.str(inst.sym);
      set(v, Val{m.toHeapSpace(m.stringData(s)), int64(static_cast<int64_t>(s.size()))});
      return;
    }
    case Op::Zero:
      set(v, zero(inst.type));
      return;
    case Op::FuncAddr:
      set(v, m.toHeapSpace(m.closureObject(m.ir.str(inst.sym))));
      return;
    case Op::GlobalAddr:
      // All variables of size zero are at one place, as objects of size zero are.
      if (m.types.sizeOf(m.types.elem(inst.type)) == 0) return set(v, m.dataAddress("runtime.zerobase"));
      set(v, m.dataAddress(m.ir.str(inst.sym)));
      return;
    case Op::TypeAddr:
      set(v, typeWord(inst.typeArg));
      return;
    default:
      set(v, m.toHeapSpace(m.itab(inst.typeArg, TypeId{static_cast<uint32_t>(inst.imm)})));
      return;
  }
}

void FunctionLowering::lowerAggregate(ValueId v, const ir::Inst& inst) {
  auto operand = [&](size_t i) { return get(inst.operands[i]); };
  switch (inst.op) {
    case Op::StructMake: {
      if (m.shape(inst.type).scalar) {
        Val parts;
        for (ValueId part : inst.operands) parts.append(get(part));
        set(v, std::move(parts));
        return;
      }
      AllocaInst* a = slot(inst.type, "make");
      for (size_t i = 0; i < inst.operands.size(); i++) {
        store(typeOf(inst.operands[i]), offset(a, m.types.fieldOffset(inst.type, i)), operand(i));
      }
      set(v, a);
      return;
    }
    case Op::Field:
    case Op::Element: {
      TypeId whole = typeOf(inst.operands[0]);
      Val value = operand(0);
      size_t index = static_cast<size_t>(inst.imm);
      bool isField = inst.op == Op::Field;
      if (m.shape(whole).scalar) {
        size_t at = 0;
        if (isField) {
          for (size_t i = 0; i < index; i++) at += m.shape(m.types.get(whole).fields[i].type).parts();
        }
        set(v, Val(ArrayRef<Value*>(value).slice(at, m.shape(inst.type).parts())));
        return;
      }
      int64_t at = isField ? m.types.fieldOffset(whole, index) : inst.imm * m.types.sizeOf(inst.type);
      Value* p = offset(value[0], at);
      if (m.shape(inst.type).scalar) {
        set(v, load(inst.type, p));
      } else {
        set(v, p);
      }
      return;
    }
    case Op::TupleGet: {
      TypeId tuple = typeOf(inst.operands[0]);
      size_t index = static_cast<size_t>(inst.imm);
      Val value = values_[inst.operands[0].value];
      set(v, Val(ArrayRef<Value*>(value).slice(m.tuplePart(tuple, index), m.shape(inst.type).parts())));
      return;
    }
    case Op::SliceMake:
      set(v, Val{one(inst.operands[0]), asInt64(inst.operands[1]), asInt64(inst.operands[2])});
      return;
    case Op::StringMake:
      set(v, Val{one(inst.operands[0]), asInt64(inst.operands[1])});
      return;
    case Op::StringWord:
      set(v, b.CreateAlignedLoad(m.partTypes(inst.type)[0], offset(operand(0)[0], inst.imm), Align(1)));
      return;
    case Op::ComplexMake:
      set(v, Val{one(inst.operands[0]), one(inst.operands[1])});
      return;
    case Op::SlicePtr:
    case Op::StringPtr:
    case Op::Real:
    case Op::IfaceTab:
      set(v, operand(0)[0]);
      return;
    default:  // Imag, IfaceData
      set(v, operand(0)[1]);
      return;
  }
}

void FunctionLowering::lowerLenCap(ValueId v, const ir::Inst& inst) {
  TypeId t = typeOf(inst.operands[0]);
  Val value = get(inst.operands[0]);
  switch (m.types.kind(t)) {
    case TypeKind::String:
      set(v, value[1]);
      return;
    case TypeKind::Slice:
      set(v, inst.op == Op::Len ? value[1] : value[2]);
      return;
    case TypeKind::Array:
      set(v, int64(m.types.get(t).length));
      return;
    case TypeKind::Map: {
      // The number of entries is the map's first word.
      BasicBlock* before = b.GetInsertBlock();
      BasicBlock* some = newBlock("map");
      BasicBlock* done = newBlock("len");
      b.CreateCondBr(isNull(value[0]), done, some);
      setBlock(some);
      Value* n = b.CreateAlignedLoad(m.i64, value[0], Align(8));
      b.CreateBr(done);
      setBlock(done);
      PHINode* phi = b.CreatePHI(m.i64, 2);
      phi->addIncoming(int64(0), before);
      phi->addIncoming(n, some);
      set(v, phi);
      return;
    }
    default:
      set(v, runtime(inst.op == Op::Len ? RuntimeFn::ChanLen : RuntimeFn::ChanCap, {value[0]}));
      return;
  }
}

}  // namespace burrow::codegen
