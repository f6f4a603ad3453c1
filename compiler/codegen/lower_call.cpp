// Calls and closures.
//
// docs/contract.md has the convention: parts of values as separate arguments, memory-class values by the address of a
// temporary, results in registers or in an area that the caller brings, the closure object as `nest`.
#include "codegen/function_lowering.h"

#include "codegen/method_facts.h"
#include "codegen/method_uses.h"
#include "codegen/root_slots.h"
#include "codegen/symbol_names.h"

#include "abi/type.h"

#include <algorithm>

namespace burrow::codegen {

using namespace llvm;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

namespace {

// Does the function call nothing, so that what it is inlined into cannot matter to `recover`?
bool callsNothing(const ir::Function& fn) {
  return std::none_of(fn.blocks.begin(), fn.blocks.end(), [&](const ir::Block& block) {
    return std::any_of(block.insts.begin(), block.insts.end(), [&](ValueId v) {
      return fn[v].op == Op::Call || fn[v].op == Op::CallClosure || fn[v].op == Op::CallInterface;
    });
  });
}

}  // namespace

// Wrappers that end with the call of what they wrap jump there, as gc's do: an object that is embedded a thousand times deep is
// called through as many wrappers, and each would have a frame, which growing stacks, tracebacks and the collector pay for.
void FunctionLowering::findTailCall() {
  if (!fn_.attributes.wrapper || fn_.attributes.statement || m.options.without(ir::Optimisation::TailCalls)) return;
  for (const ir::Block& block : fn_.blocks) {
    const ir::Inst& end = fn_[block.insts.back()];
    if (end.op != Op::Return) continue;
    // The call, what takes its results apart, the return of all of them.
    size_t at = block.insts.size() - 1;
    while (at > 0 && fn_[block.insts[at - 1]].op == Op::TupleGet) at--;
    if (at == 0) continue;
    const ValueId v = block.insts[at - 1];
    const Op op = fn_[v].op;
    if (op != Op::Call && op != Op::CallInterface) continue;
    const size_t count = end.operands.size();
    bool same = count != 1 || end.operands[0] == v;
    for (size_t i = 0; count > 1 && i < count; i++) {
      const ir::Inst& part = fn_[end.operands[i]];
      same &= part.op == Op::TupleGet && part.operands[0] == v && part.imm == static_cast<int64_t>(i);
    }
    if (same) tailCall_ = v;
  }
}

// The callee has to find all that it gets where the wrapper's caller has put it.
bool FunctionLowering::canBeTailCall(const Signature& sig, ArrayRef<Value*> args) const {
  if (sig.nest || sig.type != f.getFunctionType()) return false;
  return none_of(args, [](const Value* arg) { return isa<AllocaInst>(arg->stripInBoundsOffsets()); });
}

Val FunctionLowering::emitCall(Value* callee, const Signature& sig, Value* closure, ArrayRef<ValueId> args, Value* receiver,
                               StringRef methodKey, bool last) {
  SmallVector<Value*, 8> list;
  SmallVector<std::pair<unsigned, Attribute::AttrKind>, 4> extended;
  if (sig.resultArea) list.push_back(resultArea_);  // of a call that is no jump, another: below
  if (receiver) list.push_back(receiver);
  for (ValueId arg : args) {
    Val parts = get(arg);
    const Shape& s = m.shape(typeOf(arg));
    for (size_t i = 0; i < parts.size(); i++) {
      Value* part = parts[i];
      if (part->getType() == m.i1) part = boolToByte(part);
      if (s.scalar && (part->getType() == m.i8 || part->getType() == m.i16)) {
        extended.push_back({unsigned(list.size()), s.leaves[i].isSigned ? Attribute::SExt : Attribute::ZExt});
      }
      list.push_back(part);
    }
  }
  if (sig.nest) list.push_back(closure ? closure : nullPointer());
  last = last && canBeTailCall(sig, list);
  AllocaInst* area = nullptr;
  if (sig.resultArea && !last) {
    list[0] = area = slot(sig.resultSize, 8, "results");
    b.CreateLifetimeStart(area);  // all of it is written: what an earlier turn of a loop got there is dead
    bool hasPointers = false;
    for (ir::TypeId t : sig.results) hasPointers |= m.shape(t).hasPointers();
    if (hasPointers) {
      zeroPlace(area, sig.resultSize);
    } else {
      area->setMetadata(kNoPointers, MDNode::get(m.context, {}));
    }
  }
  if (list.size() != sig.type->getNumParams()) {
    m.errors.push_back("call with a wrong number of arguments in " + fn_.name);
    while (list.size() < sig.type->getNumParams()) list.push_back(Constant::getNullValue(sig.type->getParamType(unsigned(list.size()))));
    list.resize(sig.type->getNumParams());
  }
  for (unsigned i = 0; i < list.size(); i++) {
    if (list[i]->getType() == sig.type->getParamType(i)) continue;
    m.errors.push_back("call with a wrong type of argument in " + fn_.name);
    list[i] = Constant::getNullValue(sig.type->getParamType(i));
  }
  CallInst* call = b.CreateCall(sig.type, callee, list);
  call->setCallingConv(CallingConv::Swift);
  call->addFnAttr(Attribute::NoMerge);  // each call keeps its line: call_sites.cpp
  if (!methodKey.empty()) call->addFnAttr(Attribute::get(m.context, kMethodAttribute, methodKey));
  if (sig.nest) call->addParamAttr(unsigned(list.size()) - 1, Attribute::Nest);
  // `recover` looks through the frames of wrappers. A function of the program must not disappear in such a frame, or
  // what it calls would seem to be called by whoever called the wrapper.
  if (fn_.attributes.wrapper) {
    auto* direct = dyn_cast<Function>(callee);
    const ir::Function* known = direct ? m.ir.function(std::string_view(direct->getName())) : nullptr;
    if (!known || !known->hasBody || !(known->attributes.wrapper || callsNothing(*known))) call->addFnAttr(Attribute::NoInline);
  }
  for (auto [i, kind] : extended) call->addParamAttr(i, kind);

  if (last) {
    call->setTailCallKind(CallInst::TCK_MustTail);
    if (call->getType()->isVoidTy()) {
      b.CreateRetVoid();
    } else {
      b.CreateRet(call);
    }
    left_ = true;
    return {};
  }
  Val out;
  if (area) {
    for (size_t i = 0; i < sig.results.size(); i++) {
      Value* at = offset(area, sig.resultOffsets[i]);
      if (m.shape(sig.results[i]).scalar) {
        out.append(load(sig.results[i], at));
      } else {
        out.push_back(at);
      }
    }
    return out;
  }
  if (auto* type = dyn_cast<StructType>(call->getType())) {
    for (unsigned i = 0; i < type->getNumElements(); i++) out.push_back(b.CreateExtractValue(call, i));
  } else if (!call->getType()->isVoidTy()) {
    out.push_back(call);
  }
  for (size_t i = 0; i < out.size(); i++) {
    if (sig.resultLeaves[i].kind == ir::LeafKind::Bool) out[i] = byteToBool(out[i]);
  }
  return out;
}

void FunctionLowering::lowerCall(ValueId v, const ir::Inst& inst) {
  ArrayRef<ValueId> operands(inst.operands);
  switch (inst.op) {
    case Op::Call: {
      std::string_view name = m.ir.str(inst.sym);
      TypeId type = inst.typeArg;
      if (const ir::Function* known = m.ir.function(name); known && !type.isValid()) type = known->type;
      if (!type.isValid()) {
        m.errors.push_back("call of an undeclared function: " + std::string(name));
        return set(v, Val{});
      }
      Function* callee = m.knownFunction(name);
      bool nest = callee && callee->arg_size() > 0 && callee->hasParamAttribute(unsigned(callee->arg_size()) - 1, Attribute::Nest);
      Signature sig = m.signature(type, nest);
      if (!callee) callee = m.functionByName(name, sig.type);
      return set(v, emitCall(callee, sig, nullptr, operands, nullptr, {}, v == tailCall_));
    }
    case Op::CallClosure: {
      Value* closure = one(operands[0]);
      Value* code = b.CreateAlignedLoad(m.ptr0, closure, Align(8));
      return set(v, emitCall(code, m.signature(typeOf(operands[0]), true), closure, operands.drop_front()));
    }
    default: {  // CallInterface
      TypeId iface = typeOf(operands[0]);
      Val x = get(operands[0]);
      nilCheck(x[0]);
      Value* code = b.CreateAlignedLoad(m.ptr0, offset(x[0], static_cast<int64_t>(offsetof(abi::ITab, fun)) + 8 * inst.imm), Align(8));
      TypeId method = m.types.get(iface).methods[static_cast<size_t>(inst.imm)].type;
      std::vector<TypeId> params = m.types.get(method).params;
      params.insert(params.begin(), m.types.unsafePointer());
      Signature sig = m.signature(params, m.types.get(method).results, false);
      const std::string& name = m.types.get(iface).methods[static_cast<size_t>(inst.imm)].name;
      const std::string key = methodKey(name, symbolName("type:" + m.types.str(method)));
      return set(v, emitCall(code, sig, nullptr, operands.drop_front(), x[1], key, v == tailCall_));
    }
  }
}

void FunctionLowering::lowerClosure(ValueId v, const ir::Inst& inst) {
  std::vector<TypeId> fields{m.types.uintptrType()};
  if (inst.op == Op::Captured) {
    fields.insert(fields.end(), fn_.captures.begin(), fn_.captures.end());
    int64_t at = m.types.fieldOffset(m.structOf(fields), static_cast<size_t>(inst.imm) + 1);
    return set(v, load(inst.type, offset(closure_, at)));
  }
  std::string_view name = m.ir.str(inst.sym);
  if (inst.operands.empty()) return set(v, m.toHeapSpace(m.closureObject(name)));
  for (ValueId captured : inst.operands) fields.push_back(typeOf(captured));
  TypeId object = m.structOf(fields);
  Value* p = (inst.flags & ir::kOnStack) ? (Value*)slot(object, "closure") : newObject(object);
  b.CreateAlignedStore(m.functionByName(name), p, Align(8));
  for (size_t i = 0; i < inst.operands.size(); i++) {
    store(fields[i + 1], offset(p, m.types.fieldOffset(object, i + 1)), get(inst.operands[i]));
  }
  set(v, p);
}

void FunctionLowering::lowerCallRuntime(ValueId v, const ir::Inst& inst) {
  RuntimeFn fn = RuntimeFn(inst.imm);
  if ((fn == RuntimeFn::UnsafeSliceCheck || fn == RuntimeFn::UnsafeStringCheck) && lowerUnsafeCheck(inst)) return;
  FunctionType* type = m.runtimeFunction(fn).getFunctionType();
  SmallVector<Value*, 6> args;
  for (ValueId operand : inst.operands) {
    Val parts = get(operand);
    for (Value* part : parts) {
      Type* want = args.size() < type->getNumParams() ? type->getParamType(unsigned(args.size())) : part->getType();
      if (want->isIntegerTy() && part->getType()->isIntegerTy() && part->getType() != m.i1) {
        part = m.types.isInteger(typeOf(operand)) && m.types.isSigned(typeOf(operand)) ? b.CreateSExtOrTrunc(part, want)
                                                                                       : b.CreateZExtOrTrunc(part, want);
      } else if (want->isFloatingPointTy() && part->getType()->isFloatingPointTy()) {
        part = b.CreateFPCast(part, want);
      }
      args.push_back(part);
    }
  }
  bool matches = args.size() == type->getNumParams();
  for (unsigned i = 0; matches && i < args.size(); i++) {
    Type* have = args[i]->getType();
    matches = have == type->getParamType(i) || (have->isPointerTy() && type->getParamType(i) == m.ptr1) ||
              (have == m.i1 && type->getParamType(i) == m.i8);
  }
  if (!matches) {
    m.errors.push_back("wrong arguments for " + std::string(ir::runtimeFn(fn).symbol) + " in " + fn_.name);
    Val out;
    for (Type* t : m.partTypes(inst.type)) out.push_back(PoisonValue::get(t));
    return set(v, std::move(out));
  }
  CallInst* call = callRuntime(fn, args);
  Val out = results(fn, call);
  auto want = m.partTypes(inst.type);
  for (size_t i = 0; i < out.size() && i < want.size(); i++) {
    if (out[i]->getType() != want[i] && want[i]->isIntegerTy()) out[i] = b.CreateZExtOrTrunc(out[i], want[i]);
  }
  set(v, std::move(out));
}

}  // namespace burrow::codegen
