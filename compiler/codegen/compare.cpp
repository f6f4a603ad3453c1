// Comparing values.
//
// Cheap comparisons are combined with `and`; a string, an interface or a call is reached only when what stands before it
// was equal, which Go demands (comparing interfaces may panic) and which is faster. Strings compare lengths first; a
// constant of up to kInlineBytes is compared by its words. Values in memory without padding, floats and so on are compared
// as bytes; others through a generated function (equality.cpp).
#include "codegen/function_lowering.h"

namespace burrow::codegen {

using namespace llvm;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

namespace {

constexpr int64_t kInlineBytes = 32;

// The bytes that a string's data pointer leads to, when it is a constant of this module.
StringRef constantBytes(Value* pointer) {
  auto* g = dyn_cast<GlobalVariable>(pointer->stripPointerCasts());
  if (!g || !g->hasInitializer() || !g->isConstant()) return {};
  auto* data = dyn_cast<ConstantDataSequential>(g->getInitializer());
  return data && data->isString() ? data->getRawDataValues() : StringRef();
}

bool isCheap(const ir::TypeTable& types, TypeId t) {
  switch (types.kind(t)) {
    case TypeKind::String:
    case TypeKind::Interface:
    case TypeKind::Struct:
    case TypeKind::Array:
      return false;
    default:
      return true;
  }
}

}  // namespace

bool Emitter::equalMayPanic(TypeId t) const {
  const ir::TypeData& data = m.types.get(m.types.underlying(t));
  if (data.kind == TypeKind::Interface) return true;
  if (data.kind == TypeKind::Array) return equalMayPanic(data.elem);
  return data.kind == TypeKind::Struct &&
         any_of(data.fields, [&](const auto& field) { return equalMayPanic(field.type); });
}

Value* Emitter::andThen(Value* a, function_ref<Value*()> second) {
  if (auto* c = dyn_cast<ConstantInt>(a)) return c->isOne() ? second() : a;
  BasicBlock* before = b.GetInsertBlock();
  BasicBlock* more = newBlock("and");
  BasicBlock* done = newBlock("done");
  b.CreateCondBr(a, more, done);
  setBlock(more);
  Value* v = second();
  BasicBlock* end = b.GetInsertBlock();
  b.CreateBr(done);
  setBlock(done);
  PHINode* phi = b.CreatePHI(m.i1, 2);
  phi->addIncoming(ConstantInt::getFalse(m.context), before);
  phi->addIncoming(v, end);
  return phi;
}

// Pieces of 8, 4, 2 and 1 bytes, their differences gathered.
Value* Emitter::equalBytes(Value* x, Value* y, int64_t size) {
  if (size == 0) return ConstantInt::getTrue(m.context);
  if (size > (m.options.without(ir::Optimisation::Comparisons) ? 8 : kInlineBytes)) return runtime(RuntimeFn::MemEqual, {x, y, int64(size)});
  Value* difference = nullptr;
  for (int64_t at = 0; at < size;) {
    int64_t left = size - at;
    unsigned piece = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    Type* type = IntegerType::get(m.context, piece * 8);
    Value* p = b.CreateAlignedLoad(type, offset(x, at), Align(1));
    Value* q = b.CreateAlignedLoad(type, offset(y, at), Align(1));
    if (size == piece) return b.CreateICmpEQ(p, q);
    Value* d = b.CreateZExt(b.CreateXor(p, q), m.i64);
    difference = difference ? b.CreateOr(difference, d) : d;
    at += piece;
  }
  return b.CreateICmpEQ(difference, int64(0));
}

Value* Emitter::equalString(const Val& x, const Val& y) {
  Value* sameLength = b.CreateICmpEQ(x[1], y[1]);
  if (x[0] == y[0]) return sameLength;
  for (const Val* side : {&x, &y}) {
    auto* length = dyn_cast<ConstantInt>((*side)[1]);
    if (!length) continue;
    const Val& other = side == &x ? y : x;
    if (length->isZero()) return sameLength;
    if (length->getSExtValue() > kInlineBytes || m.options.without(ir::Optimisation::Comparisons) || constantBytes((*side)[0]).empty()) continue;
    return andThen(sameLength, [&] { return equalBytes(other[0], (*side)[0], length->getSExtValue()); });
  }
  return andThen(sameLength, [&] { return runtime(RuntimeFn::MemEqual, {x[0], y[0], x[1]}); });
}

Value* Emitter::equalMemory(TypeId t, Value* x, Value* y) {
  if (m.types.isPlainMemory(t)) return equalBytes(x, y, m.types.sizeOf(t));
  Function* eq = m.equalFunction(t);
  if (!eq) return ConstantInt::getFalse(m.context);
  CallInst* call = b.CreateCall(eq, {toHeap(x), toHeap(y)});
  call->setCallingConv(CallingConv::Swift);
  return byteToBool(call);
}

Value* Emitter::equal(TypeId t, const Val& x, const Val& y) {
  switch (m.types.kind(t)) {
    case TypeKind::Float32:
    case TypeKind::Float64:
      return b.CreateFCmpOEQ(x[0], y[0]);
    case TypeKind::Complex64:
    case TypeKind::Complex128:
      return b.CreateAnd(b.CreateFCmpOEQ(x[0], y[0]), b.CreateFCmpOEQ(x[1], y[1]));
    case TypeKind::String:
      return equalString(x, y);
    case TypeKind::Interface: {
      Value* same = b.CreateICmpEQ(x[0], y[0]);
      // Against nil the first words decide.
      if (isa<ConstantPointerNull>(x[0]) || isa<ConstantPointerNull>(y[0])) return same;
      bool empty = m.types.isEmptyInterface(t);
      return andThen(same, [&] { return runtime(empty ? RuntimeFn::EfaceEq : RuntimeFn::IfaceEq, {x[0], x[1], y[1]}); });
    }
    case TypeKind::Struct: {
      if (!m.shape(t).scalar) return equalMemory(t, x[0], y[0]);
      // What costs no call comes first, lengths of strings included; but nothing moves past a comparison that may panic.
      Value* result = ConstantInt::getTrue(m.context);
      struct Part {
        TypeId type;
        Val x, y;
      };
      std::vector<Part> later;
      auto flush = [&] {
        for (const Part& p : later) result = andThen(result, [&] { return equal(p.type, p.x, p.y); });
        later.clear();
      };
      size_t at = 0, n = m.types.get(t).fields.size();
      for (size_t i = 0; i < n; i++) {
        TypeId field = m.types.get(t).fields[i].type;
        bool blank = m.types.get(t).fields[i].name == "_";
        size_t parts = m.shape(field).parts();
        Val fx(ArrayRef<Value*>(x).slice(at, parts)), fy(ArrayRef<Value*>(y).slice(at, parts));
        at += parts;
        if (blank) continue;
        if (isCheap(m.types, field)) {
          result = b.CreateAnd(result, equal(field, fx, fy));
          continue;
        }
        const bool mayPanic = equalMayPanic(field);
        if (mayPanic) flush();
        if (m.types.kind(field) == TypeKind::String) result = b.CreateAnd(result, b.CreateICmpEQ(fx[1], fy[1]));
        later.push_back({field, fx, fy});
        if (mayPanic) flush();
      }
      flush();
      return result;
    }
    case TypeKind::Array:
      if (!m.shape(t).scalar) return equalMemory(t, x[0], y[0]);
      if (m.types.get(t).length == 0) return ConstantInt::getTrue(m.context);
      return equal(m.types.elem(t), x, y);
    default:
      // Integers, booleans, pointers; slices, maps and funcs only ever against nil.
      return b.CreateICmpEQ(x[0], y[0]);
  }
}

// How often the function's instructions have the value as operand or argument.
uint32_t FunctionLowering::useCount(ValueId v) {
  if (useCounts_.empty()) {
    useCounts_.resize(fn_.values.size());
    for (const ir::Block& each : fn_.blocks) {
      for (ValueId inst : each.insts) {
        for (ValueId x : fn_[inst].operands) useCounts_[x.value]++;
        for (const ir::Edge& e : fn_[inst].edges) {
          for (ValueId x : e.args) useCounts_[x.value]++;
        }
      }
    }
  }
  return useCounts_[v.value];
}

// Can a loaded value of memory class be compared where it lies? Only if nothing else is done with it, and nothing is written
// between: searches through slices of large elements would copy each one (13 times gc's time for 4 KB).
bool FunctionLowering::isOnlyCompared(ValueId loaded, uint32_t block) {
  const auto& insts = fn_.blocks[block].insts;
  uint32_t compared = 0;
  for (auto at = std::find(insts.begin(), insts.end(), loaded) + 1; at != insts.end(); at++) {
    const ir::Inst& inst = fn_[*at];
    if (inst.op == Op::Eq || inst.op == Op::Ne) {
      for (ValueId x : inst.operands) compared += x == loaded;
      // Whatever comes behind the last use may write.
      if (compared == useCount(loaded)) return compared != 0;
    }
    if (ir::mayWrite(inst.op) && inst.op != Op::NilCheck && inst.op != Op::BoundsCheck) return false;
  }
  return false;
}

void FunctionLowering::lowerComparison(ValueId v, const ir::Inst& inst) {
  TypeId t = typeOf(inst.operands[0]);
  if (inst.op == Op::Eq || inst.op == Op::Ne) {
    Val x = get(inst.operands[0]), y = get(inst.operands[1]);
    Value* same = equal(t, x, y);
    set(v, inst.op == Op::Eq ? same : b.CreateNot(same));
    return;
  }
  Val x = get(inst.operands[0]), y = get(inst.operands[1]);
  auto pick = [&](auto lt, auto le, auto gt, auto ge) {
    return inst.op == Op::Lt ? lt : inst.op == Op::Le ? le : inst.op == Op::Gt ? gt : ge;
  };
  if (m.types.kind(t) == TypeKind::String) {
    Value* order = runtime(RuntimeFn::CmpString, {x[0], x[1], y[0], y[1]});
    set(v, b.CreateICmp(pick(CmpInst::ICMP_SLT, CmpInst::ICMP_SLE, CmpInst::ICMP_SGT, CmpInst::ICMP_SGE), order, int64(0)));
  } else if (m.types.isFloat(t)) {
    set(v, b.CreateFCmp(pick(CmpInst::FCMP_OLT, CmpInst::FCMP_OLE, CmpInst::FCMP_OGT, CmpInst::FCMP_OGE), x[0], y[0]));
  } else if (m.types.isInteger(t) && m.types.isSigned(t)) {
    set(v, b.CreateICmp(pick(CmpInst::ICMP_SLT, CmpInst::ICMP_SLE, CmpInst::ICMP_SGT, CmpInst::ICMP_SGE), x[0], y[0]));
  } else {
    set(v, b.CreateICmp(pick(CmpInst::ICMP_ULT, CmpInst::ICMP_ULE, CmpInst::ICMP_UGT, CmpInst::ICMP_UGE), x[0], y[0]));
  }
}

}  // namespace burrow::codegen
