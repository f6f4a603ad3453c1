// See emitter.h.
//
// Copying. Memory without pointers is copied with memcpy. Memory with pointers is copied word by word, typed, while it is
// small: an integer load of a pointer would hide it from the stack maps and from the write barrier (write_barriers.cpp). Larger pieces that go
// to the heap or to a variable go through runtime.typedmemmove; larger pieces that go to the stack are plain memory.
#include "codegen/emitter.h"

#include "codegen/allocations.h"
#include "codegen/root_slots.h"

namespace burrow::codegen {

using namespace llvm;
using ir::LeafKind;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;

namespace {
// Values up to this size are copied and cleared leaf by leaf when they hold pointers.
constexpr int64_t kLeafCopyLimit = 64;

bool isStack(Value* pointer) { return isa<AllocaInst>(pointer->stripInBoundsConstantOffsets()) || isa<Argument>(pointer); }
}  // namespace

Emitter::Emitter(ModuleLowering& module, Function& function) : m(module), f(function), b(module.context) {
  entry_ = BasicBlock::Create(m.context, "entry", &f);
  first_ = BasicBlock::Create(m.context, "body", &f);
  b.SetInsertPoint(first_);
}

void Emitter::finishEntry() {
  IRBuilder<> eb(entry_);
  eb.CreateBr(first_);
}

BranchInst* Emitter::orPanic(Value* condition, const char* name, function_ref<void()> panic) {
  BasicBlock* bad = newBlock(name);
  BasicBlock* good = newBlock("ok");
  BranchInst* branch = b.CreateCondBr(condition, bad, good, m.unlikelyTrue());
  setBlock(bad);
  panic();
  setBlock(good);
  return branch;
}

AllocaInst* Emitter::slot(int64_t size, int64_t align, const Twine& name) {
  IRBuilder<> eb(entry_);
  auto* type = ArrayType::get(m.i8, static_cast<uint64_t>(std::max<int64_t>(size, 1)));
  AllocaInst* a = eb.CreateAlloca(type, nullptr, name);
  a->setAlignment(Align(static_cast<uint64_t>(std::max<int64_t>(align, 1))));
  return a;
}

AllocaInst* Emitter::flag(const Twine& name) {
  AllocaInst* a = slot(1, 1, name);
  IRBuilder<>(entry_).CreateStore(ConstantInt::get(m.i8, 0), a);
  return a;
}

AllocaInst* Emitter::slot(TypeId t, const Twine& name) {
  AllocaInst* a = slot(m.types.sizeOf(t), m.types.alignOf(t), name);
  if (!m.shape(t).hasPointers()) a->setMetadata(kNoPointers, MDNode::get(m.context, {}));
  return a;
}

Value* Emitter::spill(TypeId t, const Val& v) {
  const Shape& s = m.shape(t);
  if (!s.scalar) return v[0];
  if (s.size == 0) return m.zeroData(1, 1);
  bool constant = true;
  for (Value* part : v) constant &= isa<Constant>(part) && !isa<UndefValue>(part);
  if (constant) {
    SmallVector<Constant*, 4> parts;
    for (Value* part : v) parts.push_back(cast<Constant>(part));
    return m.constantData(t, parts);
  }
  AllocaInst* a = slot(t, "spill");
  store(t, a, v);
  return a;
}

// ---- memory

Value* Emitter::offset(Value* pointer, int64_t bytes) {
  if (bytes == 0) return pointer;
  return b.CreateInBoundsGEP(m.i8, pointer, int64(bytes));
}

static Align leafAlign(LeafKind kind) {
  switch (kind) {
    case LeafKind::Bool:
    case LeafKind::I8: return Align(1);
    case LeafKind::I16: return Align(2);
    case LeafKind::I32:
    case LeafKind::F32: return Align(4);
    default: return Align(8);
  }
}

Value* Emitter::loadLeaf(const ir::Leaf& leaf, Value* base) {
  LoadInst* v = b.CreateAlignedLoad(m.memoryType(leaf.kind), offset(base, leaf.offset), leafAlign(leaf.kind));
  if (leaf.isLength && !m.options.without(ir::Optimisation::Ranges)) {
    const APInt end(64, uint64_t(leaf.greatest) + 1);
    v->setMetadata(LLVMContext::MD_range, MDBuilder(m.context).createRange(APInt(64, 0), end));
  }
  if (leaf.kind != LeafKind::Bool) return v;
  v->setMetadata(LLVMContext::MD_range, MDBuilder(m.context).createRange(APInt(8, 0), APInt(8, 2)));
  return byteToBool(v);
}

void Emitter::storeLeaf(const ir::Leaf& leaf, Value* base, Value* v) {
  Value* to = offset(base, leaf.offset);
  if (leaf.kind == LeafKind::Ptr) return storePointer(to, v);
  if (leaf.kind == LeafKind::Bool) v = boolToByte(v);
  b.CreateAlignedStore(v, to, leafAlign(leaf.kind));
}

void Emitter::storePointer(Value* to, Value* pointer) { b.CreateAlignedStore(toHeap(pointer), to, Align(8)); }

Val Emitter::zero(TypeId t) {
  Val out;
  const Shape& s = m.shape(t);
  if (!s.scalar) {
    out.push_back(m.zeroData(s.size, s.align));
    return out;
  }
  for (const ir::Leaf& leaf : s.leaves) out.push_back(Constant::getNullValue(m.registerType(leaf.kind)));
  return out;
}

Val Emitter::load(TypeId t, Value* from) {
  const Shape& s = m.shape(t);
  Val out;
  if (!s.scalar) {
    AllocaInst* a = slot(t, "value");
    copy(t, a, from);
    out.push_back(a);
    return out;
  }
  for (const ir::Leaf& leaf : s.leaves) out.push_back(loadLeaf(leaf, from));
  return out;
}

void Emitter::store(TypeId t, Value* to, const Val& v) {
  const Shape& s = m.shape(t);
  if (!s.scalar) return copy(t, to, v[0]);
  for (size_t i = 0; i < s.leaves.size(); i++) storeLeaf(s.leaves[i], to, v[i]);
}

void Emitter::forLeaves(TypeId t, int64_t at, function_ref<void(const ir::Leaf&)> visit) {
  switch (m.types.kind(t)) {
    case TypeKind::Array: {
      TypeId elem = m.types.elem(t);
      int64_t size = m.types.sizeOf(elem), n = m.types.get(t).length;
      for (int64_t i = 0; i < n; i++) forLeaves(elem, at + i * size, visit);
      return;
    }
    case TypeKind::Struct: {
      size_t n = m.types.get(t).fields.size();
      for (size_t i = 0; i < n; i++) forLeaves(m.types.get(t).fields[i].type, at + m.types.fieldOffset(t, i), visit);
      return;
    }
    default:
      for (ir::Leaf leaf : m.shape(t).leaves) {
        leaf.offset += at;
        visit(leaf);
      }
  }
}

void Emitter::copy(TypeId t, Value* to, Value* from) {
  const Shape& s = m.shape(t);
  if (s.size == 0 || to == from) return;
  Align align(static_cast<uint64_t>(s.align));
  if (s.scalar) return store(t, to, load(t, from));
  if (!s.hasPointers()) {
    b.CreateMemCpy(to, align, from, align, int64(s.size));
  } else if (s.size <= kLeafCopyLimit) {
    // All loads first: stores that follow each other share one test of the write barrier's flag.
    SmallVector<std::pair<ir::Leaf, Value*>, 8> leaves;
    forLeaves(t, 0, [&](const ir::Leaf& leaf) { leaves.push_back({leaf, loadLeaf(leaf, from)}); });
    for (auto& [leaf, value] : leaves) storeLeaf(leaf, to, value);
  } else if (to->getType() == m.ptr1 || !isStack(to)) {
    callRuntime(RuntimeFn::TypedMemMove, {m.typeDescriptor(t), to, from});
  } else {
    b.CreateMemCpy(to, align, from, align, int64(s.size));
  }
}

void Emitter::zeroMemory(TypeId t, Value* at) {
  const Shape& s = m.shape(t);
  if (s.size == 0) return;
  if (s.scalar) return store(t, at, zero(t));
  if (s.hasPointers() && s.size > kLeafCopyLimit && (at->getType() == m.ptr1 || !isStack(at))) {
    callRuntime(RuntimeFn::MemClrHasPointers, {at, int64(s.size)});
    return;
  }
  // Pointers are cleared as pointers, where that may want a write barrier.
  if (s.hasPointers() && (at->getType() == m.ptr1 || !isStack(at))) {
    forLeaves(t, 0, [&](const ir::Leaf& leaf) { storeLeaf(leaf, at, Constant::getNullValue(m.registerType(leaf.kind))); });
    return;
  }
  b.CreateMemSet(at, ConstantInt::get(m.i8, 0), static_cast<uint64_t>(s.size), Align(static_cast<uint64_t>(s.align)));
}

void Emitter::zeroPlace(Value* at, int64_t bytes) {
  b.CreateMemSet(at, ConstantInt::get(m.i8, 0), static_cast<uint64_t>(bytes), Align(8));
}

Value* Emitter::toHeap(Value* pointer) {
  if (pointer->getType() != m.ptr0) return pointer;
  return b.CreateAddrSpaceCast(pointer, m.ptr1);
}

// ---- calls

CallInst* Emitter::callRuntime(RuntimeFn fn, ArrayRef<Value*> args) {
  FunctionCallee callee = m.runtimeFunction(fn);
  SmallVector<Value*, 6> list;
  for (Value* v : args) {
    Type* want = list.size() < callee.getFunctionType()->getNumParams() ? callee.getFunctionType()->getParamType(unsigned(list.size())) : v->getType();
    if (want == m.ptr1) v = toHeap(v);
    if (want == m.i8 && v->getType() == m.i1) v = boolToByte(v);
    list.push_back(v);
  }
  CallInst* call = b.CreateCall(callee, list);
  call->setCallingConv(CallingConv::Swift);
  // What no traceback and no profile can show may be merged.
  if ((ir::runtimeFn(fn).flags & (ir::kLeaf | ir::kNoReturn)) != ir::kLeaf) call->addFnAttr(Attribute::NoMerge);
  for (unsigned i = 0; i < list.size(); i++) {
    if (list[i]->getType() == m.i8) call->addParamAttr(i, Attribute::ZExt);
  }
  return call;
}

Value* Emitter::newObject(TypeId t) {
  CallInst* call = callRuntime(RuntimeFn::NewObject, {m.typeDescriptor(t)});
  describeAllocation(call, m.types, t);
  return call;
}

Val Emitter::results(RuntimeFn fn, CallInst* call) {
  Val out;
  if (auto* type = dyn_cast<StructType>(call->getType())) {
    for (unsigned i = 0; i < type->getNumElements(); i++) out.push_back(b.CreateExtractValue(call, i));
  } else if (!call->getType()->isVoidTy()) {
    out.push_back(call);
  }
  for (Value*& v : out) {
    if (v->getType() == m.i8) v = byteToBool(v);
  }
  return out;
}

void Emitter::panicCall(RuntimeFn fn, ArrayRef<Value*> args) {
  CallInst* call = callRuntime(fn, args);
  call->setDoesNotReturn();
  call->addFnAttr(Attribute::Cold);
  b.CreateUnreachable();
}

}  // namespace burrow::codegen
