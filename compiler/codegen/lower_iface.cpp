// Interfaces: making them, looking into them, type assertions.
//
// The data word of a type that is one pointer is the pointer itself; of any other type it points to a copy that nobody
// changes. Copies are avoided where they can be: constants lie in read-only data, values below abi::kSmallValues in a table of
// words, empty strings and nil slices at runtime.zeroVal, values of size zero at runtime.zerobase.
#include "codegen/function_lowering.h"

#include "abi/assert_table.h"
#include "abi/type.h"

namespace burrow::codegen {

using namespace llvm;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

namespace {
constexpr uint64_t kEntries = offsetof(abi::AssertTable, entries);
}  // namespace

// The type descriptor in an interface's first word, nil for a nil interface.
Value* FunctionLowering::dynamicType(TypeId iface, Value* tab) {
  if (m.types.isEmptyInterface(iface)) return tab;
  BasicBlock* before = b.GetInsertBlock();
  BasicBlock* some = newBlock("tab");
  BasicBlock* done = newBlock("type");
  b.CreateCondBr(isNull(tab), done, some);
  setBlock(some);
  Value* type = loadPointer(offset(tab, offsetof(abi::ITab, type)));
  b.CreateBr(done);
  setBlock(done);
  PHINode* phi = b.CreatePHI(m.ptr1, 2);
  phi->addIncoming(nullPointer(), before);
  phi->addIncoming(type, some);
  return phi;
}

// Of what is read from a variable that is assigned once, where it is declared, and whose address goes nowhere: what is assigned.
// Any other value is returned as it is.
ValueId FunctionLowering::valueOfVariable(ValueId v) {
  const ir::Inst& load = fn_[v];
  if (load.op != Op::Load || fn_[load.operands[0]].op != Op::Local) return v;
  if (storedOnce_.empty()) {
    auto use = [&](ValueId x, ValueId stored) {
      if (fn_[x].op != Op::Local) return;
      auto [known, isNew] = storedOnce_.try_emplace(x.value, stored);
      if (!isNew) known->second = {};
    };
    for (const ir::Block& block : fn_.blocks) {
      for (ValueId i : block.insts) {
        const ir::Inst& inst = fn_[i];
        for (size_t n = inst.op == Op::Load ? 1 : 0; n < inst.operands.size(); n++) {
          use(inst.operands[n], inst.op == Op::Store && n == 0 ? inst.operands[1] : ValueId());
        }
        for (const ir::Edge& e : inst.edges) {
          for (ValueId x : e.args) use(x, {});
        }
      }
    }
  }
  auto known = storedOnce_.find(load.operands[0].value);
  return known != storedOnce_.end() && known->second.isValid() ? known->second : v;
}

void FunctionLowering::lowerMakeIface(ValueId v, const ir::Inst& inst) {
  TypeId t = inst.typeArg;
  bool empty = m.types.isEmptyInterface(inst.type);
  Value* tab = m.toHeapSpace(empty ? m.typeDescriptor(t) : m.itab(t, inst.type));
  Val value = get(inst.operands[0]);
  const Shape& s = m.shape(t);
  if (m.types.isDirectIface(t)) return set(v, Val{tab, value[0]});
  if (s.size == 0) return set(v, Val{tab, m.toHeapSpace(m.dataAddress("runtime.zerobase"))});
  // Nobody writes to what an interface points to, so a zero value needs no memory of its own. reflect knows this address, too.
  const bool boxes = !m.options.without(ir::Optimisation::ConstantBoxes);
  if (boxes && fn_[inst.operands[0]].op == ir::Op::Zero && s.size <= int64_t(abi::kZeroValueBytes)) {
    return set(v, Val{tab, m.toHeapSpace(m.dataAddress("runtime.zeroVal"))});
  }
  auto isConstant = [](const Val& x) {
    return all_of(x, [](const Value* part) { return isa<Constant>(part) && !isa<UndefValue>(part); });
  };
  if (s.scalar && boxes) {
    const Val& assigned = values_[valueOfVariable(inst.operands[0]).value];
    if (isConstant(value)) return set(v, Val{tab, toHeap(spill(t, value))});
    if (assigned.size() == value.size() && isConstant(assigned)) return set(v, Val{tab, toHeap(spill(t, assigned))});
  }
  if (inst.flags & ir::kOnStack) {
    AllocaInst* a = slot(t, "iface");
    store(t, a, value);
    return set(v, Val{tab, toHeap(a)});
  }
  auto allocate = [&] {
    Value* p = newObject(t);
    store(t, p, value);
    return p;
  };
  if (!s.scalar || !boxes) return set(v, Val{tab, allocate()});
  // What needs no memory: words below kSmallValues (0.0 is one), and empty strings and nil slices, as with gc.
  Value* shared = nullptr;  // whether it needs none
  Value* wide = nullptr;
  // A struct of one word can be larger than its word: fields of size zero at its end make it so.
  if (value.size() == 1 && !value[0]->getType()->isPointerTy() && s.size <= 8 && s.leaves[0].offset == 0) {
    Value* bits = value[0];
    if (bits->getType()->isFloatingPointTy()) bits = b.CreateBitCast(bits, b.getIntNTy(bits->getType()->getScalarSizeInBits()));
    wide = b.CreateZExt(bits, m.i64);
    shared = b.CreateICmpULT(wide, int64(abi::kSmallValues));
  } else if (value.size() == 2 && s.leaves[1].isLength) {
    shared = b.CreateICmpEQ(value[1], int64(0));
  } else if (value.size() == 3 && s.leaves[1].isLength && s.leaves[2].isLength) {
    shared = isNull(value[0]);
  }
  if (!shared) return set(v, Val{tab, allocate()});
  auto inTable = [&]() -> Value* {
    if (!wide) return m.toHeapSpace(m.dataAddress("runtime.zeroVal"));
    return b.CreateInBoundsGEP(m.i64, m.toHeapSpace(m.dataAddress("runtime.staticuint64s")), wide);
  };
  if (s.size == 1) return set(v, Val{tab, inTable()});
  BasicBlock* table = newBlock("small");
  BasicBlock* heap = newBlock("large");
  BasicBlock* done = newBlock("boxed");
  b.CreateCondBr(shared, table, heap);
  setBlock(table);
  Value* p = inTable();
  b.CreateBr(done);
  setBlock(heap);
  Value* q = allocate();
  BasicBlock* end = b.GetInsertBlock();
  b.CreateBr(done);
  setBlock(done);
  PHINode* phi = b.CreatePHI(m.ptr1, 2);
  phi->addIncoming(p, table);
  phi->addIncoming(q, end);
  set(v, Val{tab, phi});
}

void FunctionLowering::lowerTypeAssert(ValueId v, const ir::Inst& inst) {
  TypeId iface = typeOf(inst.operands[0]), t = inst.typeArg;
  Val x = get(inst.operands[0]);
  bool empty = m.types.isEmptyInterface(iface);
  Value* want = m.toHeapSpace(empty ? m.typeDescriptor(t) : m.itab(t, iface));
  Value* same = b.CreateICmpEQ(x[0], want);
  if (inst.flags & ir::kTestOnly) return set(v, same);
  const Shape& s = m.shape(t);
  if (!(inst.flags & ir::kCommaOk)) {
    orPanic(b.CreateNot(same), "wrongtype", [&] {
      panicCall(RuntimeFn::PanicDotType, {dynamicType(iface, x[0]), typeWord(t), typeWord(iface)});
    });
    if (m.types.isDirectIface(t)) return set(v, x[1]);
    return set(v, load(t, x[1]));
  }
  if (m.types.isDirectIface(t)) return set(v, Val{b.CreateSelect(same, x[1], nullPointer()), same});
  if (s.size == 0) {
    Val out = zero(t);
    out.push_back(same);
    return set(v, std::move(out));
  }
  AllocaInst* a = s.scalar ? nullptr : slot(t, "asserted");
  BasicBlock* before = b.GetInsertBlock();
  BasicBlock* yes = newBlock("is");
  BasicBlock* done = newBlock("asserted");
  if (a) zeroMemory(t, a);
  b.CreateCondBr(same, yes, done);
  setBlock(yes);
  Val loaded;
  if (a) {
    copy(t, a, x[1]);
  } else {
    loaded = load(t, x[1]);
  }
  BasicBlock* end = b.GetInsertBlock();
  b.CreateBr(done);
  setBlock(done);
  Val out;
  if (a) out.push_back(a);
  for (Value* part : loaded) {
    PHINode* phi = b.CreatePHI(part->getType(), 2);
    phi->addIncoming(Constant::getNullValue(part->getType()), before);
    phi->addIncoming(part, end);
    out.push_back(phi);
  }
  out.push_back(same);
  set(v, std::move(out));
}

// The itab of a type that is known at run time only, which may be nil; nil when the type does not implement the interface, or a
// panic. Each place looks into its own table of types first (abi/assert_table.h, runtime/iface/type_assert.cpp).
Value* FunctionLowering::itabOf(TypeId to, Value* type, TypeId from, bool commaOk) {
  Constant* place = m.assertPlace();
  LoadInst* table = b.CreateAlignedLoad(m.ptr0, place, Align(8));
  table->setAtomic(AtomicOrdering::Monotonic);
  Value* mask = b.CreateAlignedLoad(b.getInt64Ty(), table, Align(8));
  Value* product = b.CreateMul(b.CreatePtrToInt(type, b.getInt64Ty()), b.getInt64(abi::kAssertFactor));
  Value* entry = b.CreatePtrAdd(table, b.CreateAnd(b.CreateLShr(product, abi::kAssertShift), mask));
  LoadInst* seen = b.CreateAlignedLoad(m.ptr1, b.CreatePtrAdd(entry, b.getInt64(kEntries + offsetof(abi::AssertEntry, type))), Align(8));
  seen->setAtomic(AtomicOrdering::Acquire);
  BasicBlock* same = newBlock("known");
  BasicBlock* other = newBlock("unknown");
  BasicBlock* done = newBlock("itab");
  b.CreateCondBr(b.CreateICmpEQ(seen, type), same, other);
  setBlock(same);
  Value* tab = b.CreateAlignedLoad(m.ptr1, b.CreatePtrAdd(entry, b.getInt64(kEntries + offsetof(abi::AssertEntry, itab))), Align(8));
  if (commaOk) {
    b.CreateBr(done);
  } else {
    b.CreateCondBr(isNull(tab), other, done);
  }
  setBlock(other);
  Value* word = m.toHeapSpace(place);
  Value* found = commaOk ? runtime(RuntimeFn::GetItab2, {m.typeDescriptor(to), type, word})
                         : runtime(RuntimeFn::GetItab, {m.typeDescriptor(to), type, m.typeDescriptor(from), word});
  BasicBlock* end = b.GetInsertBlock();
  b.CreateBr(done);
  setBlock(done);
  PHINode* phi = b.CreatePHI(m.ptr1, 2);
  phi->addIncoming(tab, same);
  phi->addIncoming(found, end);
  return phi;
}

void FunctionLowering::lowerIfaceAssert(ValueId v, const ir::Inst& inst) {
  TypeId from = typeOf(inst.operands[0]), to = inst.typeArg;
  Val x = get(inst.operands[0]);
  Value* type = dynamicType(from, x[0]);
  bool commaOk = (inst.flags & ir::kCommaOk) != 0;
  Value* tab;
  if (m.types.isEmptyInterface(to)) {
    // Every type will do; only nil fails.
    if (!commaOk) {
      orPanic(isNull(type), "nil", [&] { panicCall(RuntimeFn::PanicNilDotType, {typeWord(to)}); });
    }
    tab = type;
  } else {
    tab = itabOf(to, type, from, commaOk);
  }
  if (!commaOk) return set(v, Val{tab, x[1]});
  Value* no = isNull(tab);
  set(v, Val{tab, b.CreateSelect(no, nullPointer(), x[1]), b.CreateNot(no)});
}

void FunctionLowering::lowerConvertIface(ValueId v, const ir::Inst& inst) {
  TypeId from = typeOf(inst.operands[0]);
  Val x = get(inst.operands[0]);
  TypeId to = inst.type;
  // The same methods under another name are another itab: interfaces are compared by it.
  if (from == to) return set(v, std::move(x));
  Value* type = dynamicType(from, x[0]);
  if (m.types.isEmptyInterface(to)) return set(v, Val{type, x[1]});
  BasicBlock* before = b.GetInsertBlock();
  BasicBlock* some = newBlock("convert");
  BasicBlock* done = newBlock("converted");
  b.CreateCondBr(isNull(type), done, some);
  setBlock(some);
  Value* tab = itabOf(to, type, from, false);
  BasicBlock* end = b.GetInsertBlock();
  b.CreateBr(done);
  setBlock(done);
  PHINode* phi = b.CreatePHI(m.ptr1, 2);
  phi->addIncoming(nullPointer(), before);
  phi->addIncoming(tab, end);
  set(v, Val{phi, x[1]});
}

}  // namespace burrow::codegen
