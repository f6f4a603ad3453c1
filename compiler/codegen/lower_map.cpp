// Map operations, and clear.
//
// Keys of four and eight plain bytes and strings have runtime functions that take the key by value; which operation uses
// which is the distribution's rule (elements up to kMapMaxElemBytes; a key that is a pointer is assigned with a function
// of its own, for the write barrier's sake). Other keys and all elements travel by address.
#include "codegen/function_lowering.h"

#include "abi/type.h"

namespace burrow::codegen {

using namespace llvm;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

namespace {

enum class MapVariant { General, Fast32, Fast64, Fast64Ptr, FastStr };

MapVariant variantOf(ir::TypeTable& types, TypeId map) {
  TypeId key = types.key(map);
  if (types.sizeOf(types.elem(map)) > static_cast<int64_t>(abi::kMapMaxElemBytes)) return MapVariant::General;
  if (types.kind(key) == TypeKind::String) return MapVariant::FastStr;
  if (!types.isPlainMemory(key)) return MapVariant::General;
  bool pointers = types.hasPointers(key);
  if (types.sizeOf(key) == 4 && !pointers) return MapVariant::Fast32;
  if (types.sizeOf(key) == 8) return pointers ? MapVariant::Fast64Ptr : MapVariant::Fast64;
  return MapVariant::General;
}

}  // namespace

// A map that does not leave the function: its header, and for a small one its first group too, which the runtime leaves for
// tables on the heap when the map grows.
Value* FunctionLowering::mapInFrame(TypeId map, Value* hint, bool small) {
  AllocaInst* header = slot(abi::kMapHeaderBytes, 8, "map");
  b.CreateMemSet(header, ConstantInt::get(m.i8, 0), abi::kMapHeaderBytes, Align(8));
  if (small) {
    TypeId groupType = m.mapGroup(map);
    AllocaInst* group = slot(groupType, "mapgroup");
    zeroMemory(groupType, group);
    b.CreateAlignedStore(int64(static_cast<int64_t>(abi::kMapCtrlEmpty)), group, Align(8));
    b.CreateAlignedStore(toHeap(group), b.CreateConstInBoundsGEP1_64(m.i8, header, abi::kMapHeaderGroup), Align(8));
  }
  return runtime(RuntimeFn::MakeMap, {m.typeDescriptor(map), hint, toHeap(header)});
}

void FunctionLowering::lowerMap(ValueId v, const ir::Inst& inst) {
  if (inst.op == Op::MakeMap) {
    Value* hint = asInt64(inst.operands[0]);
    auto* n = dyn_cast<ConstantInt>(hint);
    const bool small = n && n->getSExtValue() <= static_cast<int64_t>(abi::kMapGroupSlots);
    if (inst.flags & ir::kOnStack) return set(v, mapInFrame(inst.type, hint, small));
    if (small) {
      return set(v, runtime(RuntimeFn::MakeMapSmall, {}));
    }
    return set(v, runtime(RuntimeFn::MakeMap, {m.typeDescriptor(inst.type), hint, nullPointer()}));
  }
  if (inst.op == Op::MapIterNext) {
    callRuntime(RuntimeFn::MapIterNext, {address(inst.operands[0])});
    return;
  }
  if (inst.op == Op::MapIterStart) {
    TypeId map = typeOf(inst.operands[1]);
    Value* iter = address(inst.operands[0]);
    zeroMemory(m.types.elem(typeOf(inst.operands[0])), iter);
    callRuntime(RuntimeFn::MapIterStart, {m.typeDescriptor(map), one(inst.operands[1]), iter});
    return;
  }
  TypeId map = typeOf(inst.operands[0]);
  if (inst.op == Op::Clear) {
    Val x = get(inst.operands[0]);
    if (m.types.kind(map) == TypeKind::Map) {
      callRuntime(RuntimeFn::MapClear, {m.typeDescriptor(map), x[0]});
      return;
    }
    TypeId elem = m.types.elem(map);
    if (m.types.sizeOf(elem) == 0) return;
    Value* bytes = b.CreateNSWMul(x[1], int64(m.types.sizeOf(elem)));
    if (m.types.hasPointers(elem)) {
      callRuntime(RuntimeFn::MemClrHasPointers, {x[0], bytes});
    } else {
      b.CreateMemSet(x[0], ConstantInt::get(m.i8, 0), bytes, Align(static_cast<uint64_t>(m.types.alignOf(elem))));
    }
    return;
  }

  TypeId keyType = m.types.key(map), elemType = m.types.elem(map);
  MapVariant variant = m.options.without(ir::Optimisation::MapVariants) ? MapVariant::General : variantOf(m.types, map);
  Value* type = typeWord(map);
  Value* h = one(inst.operands[0]);
  SmallVector<Value*, 5> args{type, h};
  bool assign = inst.op == Op::MapAssign;
  switch (variant) {
    case MapVariant::General:
      args.push_back(spillValue(inst.operands[1]));
      break;
    case MapVariant::FastStr: {
      Val key = get(inst.operands[1]);
      args.append({key[0], key[1]});
      break;
    }
    default: {
      // The key's bytes as one integer (or pointer); a struct's by way of memory.
      Type* want = variant == MapVariant::Fast32 ? m.i32 : variant == MapVariant::Fast64Ptr && assign ? (Type*)m.ptr1 : m.i64;
      Val key = get(inst.operands[1]);
      Value* k = key.size() == 1 ? key[0] : nullptr;
      if (k && m.shape(keyType).scalar && k->getType() == m.ptr1) {
        args.push_back(want == m.ptr1 ? k : b.CreatePtrToInt(k, want));
      } else if (k && m.shape(keyType).scalar && k->getType() == want) {
        args.push_back(k);
      } else {
        args.push_back(b.CreateAlignedLoad(want, spill(keyType, key), Align(static_cast<uint64_t>(m.types.alignOf(keyType)))));
      }
      break;
    }
  }
  auto pick = [&](RuntimeFn general, RuntimeFn fast32, RuntimeFn fast64, RuntimeFn fast64Ptr, RuntimeFn fastStr) {
    switch (variant) {
      case MapVariant::Fast32: return fast32;
      case MapVariant::Fast64: return fast64;
      case MapVariant::Fast64Ptr: return fast64Ptr;
      case MapVariant::FastStr: return fastStr;
      default: return general;
    }
  };
  if (assign) {
    return set(v, runtime(pick(RuntimeFn::MapAssign, RuntimeFn::MapAssignFast32, RuntimeFn::MapAssignFast64,
                               RuntimeFn::MapAssignFast64Ptr, RuntimeFn::MapAssignFastStr), args));
  }
  if (inst.op == Op::MapDelete) {
    callRuntime(pick(RuntimeFn::MapDelete, RuntimeFn::MapDeleteFast32, RuntimeFn::MapDeleteFast64, RuntimeFn::MapDeleteFast64,
                     RuntimeFn::MapDeleteFastStr), args);
    return;
  }
  bool two = inst.op == Op::MapGet2;
  bool fat = variant == MapVariant::General && m.types.sizeOf(elemType) > abi::kZeroValueBytes;
  RuntimeFn fn;
  if (fat) {
    args.push_back(m.zeroData(m.types.sizeOf(elemType), 16));
    fn = two ? RuntimeFn::MapAccess2Fat : RuntimeFn::MapAccess1Fat;
  } else if (two) {
    fn = pick(RuntimeFn::MapAccess2, RuntimeFn::MapAccess2Fast32, RuntimeFn::MapAccess2Fast64, RuntimeFn::MapAccess2Fast64,
              RuntimeFn::MapAccess2FastStr);
  } else {
    fn = pick(RuntimeFn::MapAccess1, RuntimeFn::MapAccess1Fast32, RuntimeFn::MapAccess1Fast64, RuntimeFn::MapAccess1Fast64,
              RuntimeFn::MapAccess1FastStr);
  }
  Val found = results(fn, callRuntime(fn, args));
  Val out = load(elemType, found[0]);
  if (two) out.push_back(found[1]);
  set(v, std::move(out));
}

}  // namespace burrow::codegen
