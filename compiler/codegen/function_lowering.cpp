// Blocks, values and control flow of a function; see function_lowering.h.
#include "codegen/function_lowering.h"

#include "abi/value.h"
#include "codegen/debug_info.h"
#include "codegen/root_slots.h"

#include <algorithm>

namespace burrow::codegen {

using namespace llvm;
using ir::IntrinsicKind;
using ir::Op;
using ir::RuntimeFn;
using ir::TypeId;
using ir::TypeKind;
using ir::ValueId;

FunctionLowering::FunctionLowering(ModuleLowering& module, const ir::Function& fn, Function& function)
    : Emitter(module, function), fn_(fn), sig_(module.signature(fn.type, needsClosure(fn))),
      values_(fn.values.size()), blocks_(fn.blocks.size()) {}

bool FunctionLowering::needsClosure(const ir::Function& fn) {
  if (!fn.captures.empty()) return true;
  for (const ir::Block& block : fn.blocks) {
    for (ValueId v : block.insts) {
      const ir::Inst& inst = fn[v];
      if (inst.op == Op::Captured) return true;
      if (inst.op == Op::Intrinsic && IntrinsicKind(inst.imm) == IntrinsicKind::ClosurePtr) return true;
    }
  }
  return false;
}

bool FunctionLowering::seesItsFrame(const ir::Function& fn) {
  if (fn.attributes.hasDefer) return true;
  for (const ir::Block& block : fn.blocks) {
    for (ValueId v : block.insts) {
      const ir::Inst& inst = fn[v];
      if (inst.op == Op::Recover) return true;
      if (inst.op != Op::Intrinsic) continue;
      IntrinsicKind kind = IntrinsicKind(inst.imm);
      if (kind == IntrinsicKind::CallerPC || kind == IntrinsicKind::CallerSP || kind == IntrinsicKind::ClosurePtr ||
          kind == IntrinsicKind::ReturnSlot) {
        return true;
      }
    }
  }
  return false;
}

void FunctionLowering::run() {
  m.debug()->beginFunction(fn_, f);
  findDeferEntry();
  order();
  lowerEntry();
  for (uint32_t index : order_) lowerBlock(index);
  finishEntry();
}

// Reverse postorder of the blocks that can be reached. A deferring function can go from where it links its frame to its
// recover block.
void FunctionLowering::order() {
  std::vector<uint8_t> seen(fn_.blocks.size());
  struct Frame {
    uint32_t block;
    std::vector<uint32_t> next;
    size_t at = 0;
  };
  auto successors = [&](uint32_t index) {
    std::vector<uint32_t> out;
    const ir::Block& block = fn_.blocks[index];
    for (const ir::Edge& e : fn_[block.insts.back()].edges) out.push_back(e.block.value);
    const bool recovers = index == deferBlock_ && fn_.attributes.hasDefer && fn_.recoverBlock.isValid();
    if (recovers) out.push_back(fn_.recoverBlock.value);
    return out;
  };
  std::vector<Frame> stack;
  stack.push_back({0, successors(0)});
  seen[0] = 1;
  while (!stack.empty()) {
    Frame& top = stack.back();
    if (top.at == top.next.size()) {
      order_.push_back(top.block);
      stack.pop_back();
      continue;
    }
    uint32_t next = top.next[top.at++];
    if (seen[next]) continue;
    seen[next] = 1;
    stack.push_back({next, successors(next)});
  }
  std::reverse(order_.begin(), order_.end());
}

void FunctionLowering::lowerEntry() {
  blocks_[0] = b.GetInsertBlock();
  for (uint32_t index : order_) {
    if (index == 0) continue;
    blocks_[index] = newBlock("b" + Twine(index));
    setBlock(blocks_[index]);
    for (ValueId param : fn_.blocks[index].params) {
      Val parts;
      if (m.types.kind(typeOf(param)) != TypeKind::Tuple && !m.shape(typeOf(param)).scalar) {
        parts.push_back(slot(typeOf(param), "param"));
      } else {
        for (Type* type : m.partTypes(typeOf(param))) parts.push_back(b.CreatePHI(type, 2));
      }
      set(param, std::move(parts));
    }
  }
  setBlock(blocks_[0]);
  b.SetCurrentDebugLocation(m.debug()->location(ir::Loc{fn_.startLine, 0, 0}));
  unsigned arg = 0;
  if (sig_.nest) closure_ = f.getArg(unsigned(f.arg_size()) - 1);
  if (sig_.resultArea) resultArea_ = f.getArg(arg++);
  for (ValueId param : fn_.blocks[0].params) {
    const Shape& s = m.shape(typeOf(param));
    Val parts;
    if (!s.scalar) parts.push_back(f.getArg(arg++));
    for (const ir::Leaf& leaf : s.leaves) {
      if (leaf.isLength && !m.options.without(ir::Optimisation::Ranges)) {
        const ConstantRange range(APInt(64, 0), APInt(64, uint64_t(leaf.greatest) + 1));
        f.addParamAttr(arg, Attribute::get(m.context, Attribute::Range, range));
      }
      Value* v = f.getArg(arg++);
      parts.push_back(leaf.kind == ir::LeafKind::Bool ? byteToBool(v) : v);
    }
    set(param, std::move(parts));
  }
  describeParameters();
  findTailCall();
  findOpenDefers();
  // All slots exist before anything else happens, in whatever order a pass left them.
  for (ValueId v : fn_.blocks[0].insts) {
    const ir::Inst& inst = fn_[v];
    if (inst.op != Op::Local) continue;
    std::string_view name = m.ir.str(inst.sym);
    AllocaInst* a = slot(inst.typeArg, StringRef(name.data(), name.size()));
    set(v, a);
    m.debug()->declareVariable(a, name, inst.typeArg, inst.loc, b);
  }
  if (fn_.attributes.hasDefer) makeDeferFrame();
}

// For debuggers: each part of a parameter is so many bytes of the variable, from the function's begin on. Without optimisation the
// parameter gets a place in the frame, so that it can be printed to the end of the function: a register is lost after the
// last use.
void FunctionLowering::describeParameters() {
  const auto& params = fn_.blocks[0].params;
  unsigned arg = sig_.firstParam();
  for (size_t i = 0; i < params.size() && i < fn_.paramNames.size(); i++) {
    TypeId t = typeOf(params[i]);
    const Shape& s = m.shape(t);
    Val parts;
    for (size_t n = 0; n < s.parts(); n++) parts.push_back(f.getArg(arg++));
    if (parts.empty()) continue;
    const std::string& name = fn_.paramNames[i];
    DILocalVariable* described = m.debug()->describeParameter(name, t, unsigned(i + 1), s, parts, f.getEntryBlock());
    if (!described || m.options.optLevel != 0 || !s.scalar) continue;
    AllocaInst* a = slot(t, name);
    store(t, a, values_[params[i].value]);
    m.debug()->moveParameter(described, a, b);
  }
}

void FunctionLowering::lowerBlock(uint32_t index) {
  if (index != 0) setBlock(blocks_[index]);
  block_ = index;
  left_ = false;
  bool deferEntry = index == deferBlock_ && fn_.attributes.hasDefer;
  for (ValueId v : fn_.blocks[index].insts) {
    const ir::Inst& inst = fn_[v];
    ir::Loc loc = inst.loc;
    if (loc.line == 0 && loc.scope == 0) loc.line = fn_.startLine;
    b.SetCurrentDebugLocation(m.debug()->location(loc));
    if (deferEntry && (deferBefore_.isValid() ? v == deferBefore_ : inst.op != Op::Local)) {
      lowerDeferEntry();
      deferEntry = false;
    }
    if (ir::isTerminator(inst.op)) {
      lowerTerminator(inst);
      return;
    }
    lower(v, inst);
    if (left_) return;
  }
}

// ---- values

Val FunctionLowering::get(ValueId v) {
  Val out = values_[v.value];
  if (out.size() == 1 && out[0]->getType() == m.ptr0 && m.shape(typeOf(v)).scalar) out[0] = toHeap(out[0]);
  return out;
}

Value* FunctionLowering::address(ValueId v) { return values_[v.value][0]; }

Value* FunctionLowering::asInt64(ValueId v) {
  Value* x = one(v);
  if (x->getType() == m.i64) return x;
  return m.types.isSigned(typeOf(v)) ? b.CreateSExt(x, m.i64) : b.CreateZExt(x, m.i64);
}

// ---- control

void FunctionLowering::passArguments(const ir::Edge& edge) {
  const auto& params = fn_[edge.block].params;
  std::vector<Val> args;
  size_t memory = 0;
  for (size_t i = 0; i < params.size(); i++) {
    args.push_back(get(edge.args[i]));
    Value* to = values_[params[i].value].empty() ? nullptr : values_[params[i].value][0];
    if (to && isa<AllocaInst>(to)) memory++;
  }
  // Several slots change at once, or a slot gets a part of itself: by way of temporaries.
  std::vector<std::pair<size_t, Value*>> copies;
  for (size_t i = 0; i < params.size(); i++) {
    const Val& to = values_[params[i].value];
    if (to.empty() || !isa<AllocaInst>(to[0])) {
      for (size_t k = 0; k < to.size(); k++) cast<PHINode>(to[k])->addIncoming(args[i][k], b.GetInsertBlock());
      continue;
    }
    if (args[i][0] == to[0]) continue;
    Value* from = args[i][0];
    if (memory > 1 || from->stripInBoundsConstantOffsets() == to[0]) {
      TypeId t = typeOf(params[i]);
      AllocaInst* temporary = slot(t, "edge");
      copy(t, temporary, from);
      from = temporary;
    }
    copies.push_back({i, from});
  }
  for (auto [i, from] : copies) copy(typeOf(params[i]), values_[params[i].value][0], from);
}

BasicBlock* FunctionLowering::edgeTarget(const ir::Edge& edge, SmallVectorImpl<BasicBlock*>& seen) {
  BasicBlock* target = blocks_[edge.block.value];
  if (edge.args.empty()) return target;
  bool memory = false;
  for (ValueId p : fn_[edge.block].params) memory |= !values_[p.value].empty() && isa<AllocaInst>(values_[p.value][0]);
  if (!memory && std::find(seen.begin(), seen.end(), target) == seen.end()) {
    seen.push_back(target);
    passArguments(edge);
    return target;
  }
  BasicBlock* here = b.GetInsertBlock();
  BasicBlock* between = newBlock("edge");
  setBlock(between);
  passArguments(edge);
  b.CreateBr(target);
  setBlock(here);
  return between;
}

// LLVM's search for jump tables takes time that grows with the square of the number of cases, unless all of them are one
// table. So a large switch over a sparse range becomes a binary search here, with a switch of kSwitchPart cases at each leaf.
bool FunctionLowering::largeSwitch(Value* value, const ir::Inst& inst) {
  constexpr size_t kSwitchPart = 128;
  constexpr uint64_t kDense = 3;  // values per case up to which LLVM makes one table
  if (inst.edges.size() <= 2 * kSwitchPart) return false;
  auto* type = cast<IntegerType>(value->getType());
  std::vector<std::pair<int64_t, BasicBlock*>> cases;
  for (const ir::Edge& e : inst.edges) {
    if (!e.args.empty()) return false;
    if (&e == &inst.edges[0]) continue;
    cases.emplace_back(SignExtend64(static_cast<uint64_t>(e.caseValue), type->getBitWidth()), blocks_[e.block.value]);
  }
  std::sort(cases.begin(), cases.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  if (static_cast<uint64_t>(cases.back().first) - static_cast<uint64_t>(cases.front().first) < kDense * cases.size()) return false;
  BasicBlock* otherwise = blocks_[inst.edges[0].block.value];
  auto search = [&](auto& self, size_t from, size_t to) -> void {
    if (to - from <= kSwitchPart) {
      SwitchInst* s = b.CreateSwitch(value, otherwise, unsigned(to - from));
      for (size_t i = from; i < to; i++) s->addCase(ConstantInt::getSigned(type, cases[i].first), cases[i].second);
      return;
    }
    const size_t half = from + (to - from) / 2;
    BasicBlock* low = newBlock("cases");
    BasicBlock* high = newBlock("cases");
    b.CreateCondBr(b.CreateICmpSLT(value, ConstantInt::getSigned(type, cases[half].first)), low, high);
    setBlock(low);
    self(self, from, half);
    setBlock(high);
    self(self, half, to);
  };
  search(search, 0, cases.size());
  return true;
}

void FunctionLowering::lowerTerminator(const ir::Inst& inst) {
  SmallVector<BasicBlock*, 4> seen;
  switch (inst.op) {
    case Op::Jump:
      passArguments(inst.edges[0]);
      b.CreateBr(blocks_[inst.edges[0].block.value]);
      return;
    case Op::Branch: {
      Value* condition = one(inst.operands[0]);
      BasicBlock* yes = edgeTarget(inst.edges[0], seen);
      BasicBlock* no = edgeTarget(inst.edges[1], seen);
      const auto often = static_cast<uint32_t>(inst.imm);
      b.CreateCondBr(condition, yes, no, often == 0 ? nullptr : MDBuilder(m.context).createBranchWeights(often, 100 - often));
      return;
    }
    case Op::Switch: {
      Value* value = one(inst.operands[0]);
      if (largeSwitch(value, inst)) return;
      SmallVector<BasicBlock*, 8> targets;
      for (const ir::Edge& e : inst.edges) targets.push_back(edgeTarget(e, seen));
      SwitchInst* s = b.CreateSwitch(value, targets[0], unsigned(targets.size() - 1));
      for (size_t i = 1; i < targets.size(); i++) {
        s->addCase(ConstantInt::get(cast<IntegerType>(value->getType()), static_cast<uint64_t>(inst.edges[i].caseValue), true,
                                    /*implicitTrunc=*/true),
                   targets[i]);
      }
      return;
    }
    case Op::Return:
      lowerReturn(inst);
      return;
    case Op::Panic: {
      Val e = get(inst.operands[0]);
      panicCall(RuntimeFn::GoPanic, {e[0], e[1]});
      return;
    }
    case Op::SelectForever:
      panicCall(RuntimeFn::Block, {});
      return;
    default:
      b.CreateUnreachable();
      return;
  }
}

void FunctionLowering::lowerReturn(const ir::Inst& inst) {
  if (sig_.resultArea) {
    for (size_t i = 0; i < inst.operands.size(); i++) {
      store(sig_.results[i], offset(resultArea_, sig_.resultOffsets[i]), get(inst.operands[i]));
    }
    b.CreateRetVoid();
    return;
  }
  Val parts;
  for (ValueId v : inst.operands) {
    for (Value* part : get(v)) parts.push_back(part->getType() == m.i1 ? boolToByte(part) : part);
  }
  if (parts.empty()) {
    b.CreateRetVoid();
  } else if (parts.size() == 1) {
    b.CreateRet(parts[0]);
  } else {
    Value* result = PoisonValue::get(f.getReturnType());
    for (unsigned i = 0; i < parts.size(); i++) result = b.CreateInsertValue(result, parts[i], i);
    b.CreateRet(result);
  }
}

// ---- the directory of operations

void FunctionLowering::lower(ValueId v, const ir::Inst& inst) {
  switch (inst.op) {
    case Op::ConstInt: case Op::ConstFloat: case Op::ConstString: case Op::Zero: case Op::FuncAddr: case Op::GlobalAddr:
    case Op::TypeAddr:
      return lowerConstant(v, inst);
    case Op::Add: case Op::Sub: case Op::Mul: case Op::Div: case Op::Rem: case Op::And: case Op::Or: case Op::Xor:
    case Op::AndNot: case Op::Neg: case Op::Com: case Op::Not: case Op::CondSelect:
      return lowerArithmetic(v, inst);
    case Op::Shl: case Op::Shr:
      return lowerShift(v, inst);
    case Op::Eq: case Op::Ne: case Op::Lt: case Op::Le: case Op::Gt: case Op::Ge:
      return lowerComparison(v, inst);
    case Op::Convert: case Op::Bitcast: case Op::PtrToInt: case Op::IntToPtr:
      return lowerConvert(v, inst);
    case Op::BytesToString: case Op::RunesToString: case Op::RuneToString: case Op::StringToBytes: case Op::StringToRunes:
    case Op::ConcatStrings:
      return lowerStringOp(v, inst);
    case Op::StructMake: case Op::Field: case Op::Element: case Op::TupleGet:
    case Op::SliceMake: case Op::SlicePtr: case Op::StringMake: case Op::StringPtr: case Op::StringWord: case Op::ComplexMake:
    case Op::Real: case Op::Imag: case Op::IfaceTab: case Op::IfaceData:
      return lowerAggregate(v, inst);
    case Op::Len: case Op::Cap:
      return lowerLenCap(v, inst);
    case Op::New:
      return lowerNew(v, inst);
    case Op::Local: case Op::Load: case Op::Store: case Op::Move: case Op::ZeroMem: case Op::FieldAddr: case Op::IndexAddr:
    case Op::PtrAdd: case Op::KeepAlive:
      return lowerMemory(v, inst);
    case Op::NilCheck: case Op::BoundsCheck: case Op::CheckDivide: case Op::CheckShift:
      return lowerCheck(inst);
    case Op::MakeSlice: case Op::SliceCopy: case Op::GrowSlice: case Op::MoveSlice:
      return lowerSlice(v, inst);
    case Op::MakeMap: case Op::MapGet: case Op::MapGet2: case Op::MapAssign: case Op::MapDelete: case Op::Clear:
    case Op::MapIterStart: case Op::MapIterNext:
      return lowerMap(v, inst);
    case Op::MakeChan: case Op::Send: case Op::Recv: case Op::Recv2: case Op::Close:
      return lowerChan(v, inst);
    case Op::Select:
      return lowerSelect(v, inst);
    case Op::MakeIface:
      return lowerMakeIface(v, inst);
    case Op::TypeAssert:
      return lowerTypeAssert(v, inst);
    case Op::IfaceAssert:
      return lowerIfaceAssert(v, inst);
    case Op::ConvertIface:
      return lowerConvertIface(v, inst);
    case Op::Call: case Op::CallClosure: case Op::CallInterface:
      return lowerCall(v, inst);
    case Op::CallRuntime:
      return lowerCallRuntime(v, inst);
    case Op::Closure: case Op::Captured:
      return lowerClosure(v, inst);
    case Op::Go: case Op::Defer: case Op::RunDefers: case Op::Recover:
      return lowerDefer(v, inst);
    case Op::Intrinsic:
      return lowerIntrinsic(v, inst);
    case Op::Param: case Op::Panic: case Op::Jump: case Op::Branch: case Op::Switch: case Op::Return: case Op::Unreachable:
    case Op::SelectForever:
      return;
  }
}

}  // namespace burrow::codegen
