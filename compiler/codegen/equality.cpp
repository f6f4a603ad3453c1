// Generated functions: `type:.eq.T` compares two values in memory, `type:.hash.T` hashes one.
//
// They stand in type descriptors (Equal) and map types (Hasher) as closures and serve compiled comparisons of large values.
// Types that compare as plain memory share one function per size. Both are linkonce: one copy per executable. Hashes of
// basic kinds are the runtime's own functions, so that its fast map variants and these agree.
#include "codegen/emitter.h"

namespace burrow::codegen {

using namespace llvm;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;

class EqualityWriter : public Emitter {
 public:
  EqualityWriter(ModuleLowering& module, Function& function) : Emitter(module, function) {}

  void write(TypeId t) {
    different_ = newBlock("different");
    compare(t, f.getArg(0), f.getArg(1));
    b.CreateRet(ConstantInt::get(m.i8, 1));
    setBlock(different_);
    b.CreateRet(ConstantInt::get(m.i8, 0));
    finishEntry();
  }

 private:
  // Goes on where the values are equal.
  void orDifferent(Value* same) {
    BasicBlock* next = newBlock("same");
    b.CreateCondBr(same, next, different_);
    setBlock(next);
  }

  void compare(TypeId t, Value* x, Value* y) {
    if (m.types.isPlainMemory(t)) return orDifferent(equalBytes(x, y, m.types.sizeOf(t)));
    if (m.types.kind(t) == TypeKind::Struct) return compareStruct(t, x, y);
    if (m.types.kind(t) == TypeKind::Array) return compareArray(t, x, y);
    orDifferent(equal(t, load(t, x), load(t, y)));
  }

  // What costs no call comes first, lengths of strings included; but nothing moves past a comparison that may panic.
  void compareStruct(TypeId t, Value* x, Value* y) {
    std::vector<size_t> later;
    auto field = [&](size_t i) {
      const int64_t at = m.types.fieldOffset(t, i);
      compare(m.types.get(t).fields[i].type, offset(x, at), offset(y, at));
    };
    auto flush = [&] {
      for (size_t i : later) field(i);
      later.clear();
    };
    for (size_t i = 0; i < m.types.get(t).fields.size(); i++) {
      if (m.types.get(t).fields[i].name == "_") continue;
      const TypeId type = m.types.get(t).fields[i].type;
      switch (m.types.kind(type)) {
        case TypeKind::String: {
          const int64_t length = m.types.fieldOffset(t, i) + 8;
          orDifferent(b.CreateICmpEQ(b.CreateAlignedLoad(m.i64, offset(x, length), Align(8)),
                                     b.CreateAlignedLoad(m.i64, offset(y, length), Align(8))));
          later.push_back(i);
          break;
        }
        case TypeKind::Struct:
        case TypeKind::Array:
        case TypeKind::Interface:
          if (equalMayPanic(type)) flush();
          later.push_back(i);
          if (equalMayPanic(type)) flush();
          break;
        default:
          field(i);
      }
    }
    flush();
  }

  void compareArray(TypeId t, Value* x, Value* y) {
    TypeId elem = m.types.elem(t);
    int64_t n = m.types.get(t).length, size = m.types.sizeOf(elem);
    if (n == 0) return;
    BasicBlock* before = b.GetInsertBlock();
    BasicBlock* loop = newBlock("element");
    BasicBlock* done = newBlock("equal");
    b.CreateBr(loop);
    setBlock(loop);
    PHINode* i = b.CreatePHI(m.i64, 2);
    i->addIncoming(int64(0), before);
    Value* at = b.CreateMul(i, int64(size));
    compare(elem, b.CreateInBoundsGEP(m.i8, x, at), b.CreateInBoundsGEP(m.i8, y, at));
    Value* next = b.CreateAdd(i, int64(1));
    i->addIncoming(next, b.GetInsertBlock());
    b.CreateCondBr(b.CreateICmpULT(next, int64(n)), loop, done);
    setBlock(done);
  }

  BasicBlock* different_ = nullptr;
};

class HashWriter : public Emitter {
 public:
  HashWriter(ModuleLowering& module, Function& function) : Emitter(module, function) {}

  void write(TypeId t) {
    b.CreateRet(hash(t, f.getArg(0), f.getArg(1)));
    finishEntry();
  }
  void writeBytes(int64_t size) {
    b.CreateRet(runtime(RuntimeFn::MemHash, {f.getArg(0), f.getArg(1), int64(size)}));
    finishEntry();
  }

 private:
  Value* hash(TypeId t, Value* p, Value* seed) {
    bool isAggregate = m.types.kind(t) == TypeKind::Struct || m.types.kind(t) == TypeKind::Array;
    if (!isAggregate || m.types.isPlainMemory(t)) {
      if (m.types.sizeOf(t) == 0) return seed;
      CallInst* call = b.CreateCall(m.hashFunction(t), {p, seed});
      call->setCallingConv(CallingConv::Swift);
      return call;
    }
    if (m.types.kind(t) == TypeKind::Struct) {
      for (size_t i = 0; i < m.types.get(t).fields.size(); i++) {
        if (m.types.get(t).fields[i].name == "_") continue;
        seed = hash(m.types.get(t).fields[i].type, offset(p, m.types.fieldOffset(t, i)), seed);
      }
      return seed;
    }
    TypeId elem = m.types.elem(t);
    int64_t n = m.types.get(t).length, size = m.types.sizeOf(elem);
    if (n == 0) return seed;
    BasicBlock* before = b.GetInsertBlock();
    BasicBlock* loop = newBlock("element");
    BasicBlock* done = newBlock("hashed");
    b.CreateBr(loop);
    setBlock(loop);
    PHINode* i = b.CreatePHI(m.i64, 2);
    PHINode* h = b.CreatePHI(m.i64, 2);
    i->addIncoming(int64(0), before);
    h->addIncoming(seed, before);
    Value* nextHash = hash(elem, b.CreateInBoundsGEP(m.i8, p, b.CreateMul(i, int64(size))), h);
    Value* next = b.CreateAdd(i, int64(1));
    i->addIncoming(next, b.GetInsertBlock());
    h->addIncoming(nextHash, b.GetInsertBlock());
    b.CreateCondBr(b.CreateICmpULT(next, int64(n)), loop, done);
    setBlock(done);
    return nextHash;
  }
};

Function* ModuleLowering::equalFunction(TypeId t) {
  if (!types.isComparable(t)) return nullptr;
  t = types.underlying(t);
  if (auto it = equals_.find(t.value); it != equals_.end()) return it->second;
  bool plain = types.isPlainMemory(t);
  std::string name = plain ? "type:.eq.mem" + std::to_string(types.sizeOf(t)) : "type:.eq." + types.str(t);
  Function* existing = nullptr;
  Function* f = newLinkOnceFunction(name, FunctionType::get(i8, {ptr1, ptr1}, false), &existing);
  if (!f) return equals_[t.value] = existing;
  equals_[t.value] = f;
  EqualityWriter(*this, *f).write(t);
  return f;
}

Function* ModuleLowering::hashFunction(TypeId t) {
  if (!types.isComparable(t)) return nullptr;
  t = types.underlying(t);
  if (auto it = hashes_.find(t.value); it != hashes_.end()) return it->second;
  auto own = [&](RuntimeFn fn) { return hashes_[t.value] = cast<Function>(runtimeFunction(fn).getCallee()); };
  FunctionType* type = FunctionType::get(i64, {ptr1, i64}, false);
  Function* existing = nullptr;
  if (types.isPlainMemory(t)) {
    int64_t size = types.sizeOf(t);
    if (size == 4) return own(RuntimeFn::MemHash32);
    if (size == 8) return own(RuntimeFn::MemHash64);
    Function* f = newLinkOnceFunction("type:.hash.mem" + std::to_string(size), type, &existing);
    if (!f) return hashes_[t.value] = existing;
    HashWriter(*this, *f).writeBytes(size);
    return hashes_[t.value] = f;
  }
  switch (types.kind(t)) {
    case TypeKind::String: return own(RuntimeFn::StrHash);
    case TypeKind::Float32: return own(RuntimeFn::F32Hash);
    case TypeKind::Float64: return own(RuntimeFn::F64Hash);
    case TypeKind::Complex64: return own(RuntimeFn::C64Hash);
    case TypeKind::Complex128: return own(RuntimeFn::C128Hash);
    case TypeKind::Interface: return own(types.isEmptyInterface(t) ? RuntimeFn::NilInterHash : RuntimeFn::InterHash);
    default: break;
  }
  Function* f = newLinkOnceFunction("type:.hash." + types.str(t), type, &existing);
  if (!f) return hashes_[t.value] = existing;
  hashes_[t.value] = f;
  HashWriter(*this, *f).write(t);
  return f;
}

}  // namespace burrow::codegen
