// Putting a function's body where it is called.
//
//   b0:  ..                          b0:  ..
//        v5 int = call v3 @"f"   ->       the first block of f, its parameter being v3
//        rest                             .. branch b7, b8
//                                    b7:  jump b9(v20)          where f had return
//                                    b8:  jump b9(v21)
//                                    b9(v22 int):  rest         v22 stands for v5
//
// Parameters are values, so that arguments simply take their place. A body with one return needs no block behind it: what
// followed the call follows there. Which values stand for which results is remembered and put in at the end, in one walk,
// since the results' users are not known. Variables of the callee become variables of the caller, one slot for each place
// of the call; an object that is made in the body is as deep in loops as the call is, and more.
//
// Every instruction of the body keeps its line, in a new scope whose parent is the call's scope: tracebacks, debug
// information and messages follow these (ir::Scope). Blocks are left in any order; `cleanup` runs afterwards.
#include "passes/inline_body.h"

#include <algorithm>
#include <unordered_set>

namespace burrow::passes {

using namespace ir;

namespace {

constexpr size_t kMaxScopes = UINT16_MAX, kMaxValues = 200'000;

bool hasDepth(Op op) {
  return op == Op::Local || op == Op::Param || op == Op::Call || op == Op::CallClosure || op == Op::CallInterface ||
         op == Op::GrowSlice || allocates(op);
}

}  // namespace

BodyInliner::BodyInliner(Module& module, Function& caller) : module_(module), caller_(caller) {
  for (const Block& block : caller.blocks) {
    for (ValueId v : block.insts) note(caller[v]);
  }
}

void BodyInliner::note(const Inst& inst) {
  for (size_t i = 0; i < inst.operands.size(); i++) {
    const ValueId o = inst.operands[i];
    if (caller_[o].op != Op::Local) continue;
    Slot& slot = slots_[o.value];
    if (inst.op == Op::Load) continue;
    if (inst.op == Op::Store && i == 0) {
      slot.stores++;
      slot.value = inst.operands[1];
      if (module_.types.isInterface(caller_[slot.value].type)) slot.all.push_back(slot.value);
    } else {
      slot.other = true;
    }
  }
  for (const Edge& e : inst.edges) {
    for (ValueId a : e.args) {
      if (caller_[a].op == Op::Local) slots_[a.value].other = true;
    }
  }
}

ValueId BodyInliner::real(ValueId v) const {
  for (;;) {
    if (auto it = replaced_.find(v.value); it != replaced_.end()) {
      v = it->second;
      continue;
    }
    const Inst& inst = caller_[v];
    if (inst.op != Op::TupleGet) return v;
    auto it = tuples_.find(inst.operands[0].value);
    if (it == tuples_.end()) return v;
    v = it->second[static_cast<size_t>(inst.imm)];
  }
}

ValueId BodyInliner::origin(ValueId v, std::vector<TypeId>* asserted) const {
  for (int steps = 0; steps < 16; steps++) {
    v = real(v);
    const Inst& inst = caller_[v];
    switch (inst.op) {
      case Op::Bitcast:
      case Op::ConvertIface:
        v = inst.operands[0];
        break;
      case Op::IfaceAssert:
        if (inst.flags & kCommaOk) return v;
        v = inst.operands[0];
        break;
      case Op::TupleGet: {
        const Inst& of = caller_[inst.operands[0]];
        if (asserted == nullptr || inst.imm != 0 || of.op != Op::IfaceAssert) return v;
        asserted->push_back(of.typeArg);
        v = of.operands[0];
        break;
      }
      case Op::Load: {
        auto it = slots_.find(real(inst.operands[0]).value);
        if (it == slots_.end() || it->second.stores != 1 || it->second.other) return v;
        v = it->second.value;
        break;
      }
      default:
        return v;
    }
  }
  return v;
}

TypeId BodyInliner::concreteType(ValueId of) const {
  constexpr size_t kMaxSources = 64, kMaxBlocks = 1000;
  TypeId type;
  std::unordered_set<uint32_t> seen;
  std::vector<ValueId> work{of};
  while (!work.empty()) {
    const ValueId v = real(work.back());
    work.pop_back();
    if (!seen.insert(v.value).second) continue;
    if (seen.size() > kMaxSources) return {};
    const Inst& inst = caller_[v];
    switch (inst.op) {
      case Op::Zero:
        break;
      case Op::MakeIface:
        if (type.isValid() && type != inst.typeArg) return {};
        type = inst.typeArg;
        break;
      case Op::Bitcast:
      case Op::ConvertIface:
        work.push_back(inst.operands[0]);
        break;
      case Op::IfaceAssert:
        if (inst.flags & kCommaOk) return {};
        work.push_back(inst.operands[0]);
        break;
      case Op::TupleGet: {
        const Inst& tuple = caller_[inst.operands[0]];
        if (inst.imm != 0 || tuple.op != Op::IfaceAssert) return {};
        work.push_back(tuple.operands[0]);
        break;
      }
      case Op::Load: {
        auto it = slots_.find(real(inst.operands[0]).value);
        if (it == slots_.end() || it->second.other || it->second.all.size() != it->second.stores) return {};
        work.insert(work.end(), it->second.all.begin(), it->second.all.end());
        break;
      }
      case Op::Param: {
        if (caller_.blocks.size() > kMaxBlocks || !pushSources(v, work)) return {};
        break;
      }
      default:
        return {};
    }
  }
  return type;
}

// What the edges to its block give to a block's parameter. False for a parameter of the function.
bool BodyInliner::pushSources(ValueId param, std::vector<ValueId>& out) const {
  for (size_t b = 1; b < caller_.blocks.size(); b++) {
    const std::vector<ValueId>& params = caller_.blocks[b].params;
    const auto at = std::find(params.begin(), params.end(), param);
    if (at == params.end()) continue;
    for (const Block& block : caller_.blocks) {
      if (block.insts.empty()) continue;
      for (const Edge& e : caller_[block.insts.back()].edges) {
        if (e.block.value == b) out.push_back(e.args[static_cast<size_t>(at - params.begin())]);
      }
    }
    return true;
  }
  return false;
}

bool BodyInliner::hasRoom(const Function& callee) const {
  return caller_.scopes.size() + callee.scopes.size() < kMaxScopes && caller_.values.size() + callee.values.size() < kMaxValues;
}

void BodyInliner::replaceCall(BlockId b, size_t index, const Function& callee, std::span<const ValueId> args,
                              std::span<const ValueId> captures) {
  changed_ = true;
  const ValueId call = caller_[b].insts[index];
  const Loc at = caller_[call].loc;
  const uint16_t depth = caller_[call].depth;
  const TypeId resultType = caller_[call].type;

  const auto scope = static_cast<uint16_t>(caller_.scopes.size());
  for (size_t i = 0; i < callee.scopes.size(); i++) {
    Scope s = callee.scopes[i];
    if (i == 0) {
      s.parent = at.scope;
      s.callSite = at;
    } else {
      s.parent = static_cast<uint16_t>(s.parent + scope);
    }
    caller_.scopes.push_back(s);
  }

  std::vector<ValueId> rest(caller_[b].insts.begin() + static_cast<ptrdiff_t>(index) + 1, caller_[b].insts.end());
  caller_[b].insts.resize(index);

  // Numbers for everything, then the copies.
  std::vector<ValueId> values(callee.values.size());
  std::vector<BlockId> blocks(callee.blocks.size());
  for (size_t i = 0; i < args.size(); i++) values[callee.blocks[0].params[i].value] = args[i];
  auto copy = [&](ValueId v) {
    const ValueId to{static_cast<uint32_t>(caller_.values.size())};
    values[v.value] = to;
    Inst& inst = caller_.values.emplace_back(callee[v]);
    if (hasDepth(inst.op)) inst.depth = static_cast<uint16_t>(std::min(inst.depth + depth, UINT16_MAX));
    inst.loc.scope = static_cast<uint16_t>(inst.loc.scope + scope);
    if (inst.loc.line == 0) inst.loc.line = callee.startLine;
    return to;
  };
  std::vector<BlockId> returns;
  for (size_t i = 0; i < callee.blocks.size(); i++) {
    if (i == 0) {
      blocks[i] = b;
    } else {
      blocks[i] = BlockId{static_cast<uint32_t>(caller_.blocks.size())};
      caller_.blocks.emplace_back();
      for (ValueId p : callee.blocks[i].params) {
        const ValueId to = copy(p);
        caller_[blocks[i]].params.push_back(to);
      }
    }
    for (ValueId v : callee.blocks[i].insts) {
      if (callee[v].op == Op::Captured) {
        values[v.value] = captures[static_cast<size_t>(callee[v].imm)];
        continue;
      }
      const ValueId to = copy(v);
      if (callee[v].op == Op::Local) {
        locals_.push_back(to);
      } else {
        caller_[blocks[i]].insts.push_back(to);
      }
      if (callee[v].op == Op::Return) returns.push_back(blocks[i]);
    }
  }
  for (size_t i = 0; i < callee.blocks.size(); i++) {
    for (ValueId v : callee.blocks[i].insts) {
      if (callee[v].op == Op::Captured) continue;
      Inst& inst = caller_[values[v.value]];
      for (ValueId& o : inst.operands) o = values[o.value];
      for (Edge& e : inst.edges) {
        e.block = blocks[e.block.value];
        for (ValueId& a : e.args) a = values[a.value];
      }
      note(inst);
    }
  }

  // What followed the call.
  std::vector<ValueId> results;
  if (returns.size() == 1) {
    std::vector<ValueId>& insts = caller_[returns[0]].insts;
    results = caller_[insts.back()].operands;
    insts.pop_back();
    insts.insert(insts.end(), rest.begin(), rest.end());
  } else {
    const BlockId after{static_cast<uint32_t>(caller_.blocks.size())};
    caller_.blocks.emplace_back();
    for (TypeId t : module_.types.get(callee.type).results) {
      const ValueId v{static_cast<uint32_t>(caller_.values.size())};
      Inst& inst = caller_.values.emplace_back();
      inst.type = t;
      inst.loc = at;
      inst.depth = depth;
      // A function that does not return: the block behind it is not reached, but its instructions have operands all the same.
      inst.op = returns.empty() ? Op::Zero : Op::Param;
      results.push_back(v);
      (returns.empty() ? caller_[after].insts : caller_[after].params).push_back(v);
    }
    for (BlockId r : returns) {
      Inst& inst = caller_[caller_[r].insts.back()];
      inst.op = Op::Jump;
      inst.edges.push_back({after, 0, std::move(inst.operands)});
      inst.operands.clear();
    }
    caller_[after].insts.insert(caller_[after].insts.end(), rest.begin(), rest.end());
  }
  if (!resultType.isValid()) return;
  if (module_.types[resultType].kind == TypeKind::Tuple) {
    tuples_[call.value] = std::move(results);
  } else {
    replaced_[call.value] = results[0];
  }
}

BodyInliner::Ways BodyInliner::divideCall(BlockId b, size_t index, ValueId test, int percent) {
  changed_ = true;
  const ValueId call = caller_[b].insts[index];
  const Inst original = caller_[call];
  auto add = [&](BlockId to, const Inst& inst) {
    const ValueId v{static_cast<uint32_t>(caller_.values.size())};
    caller_.values.push_back(inst);
    caller_[to].insts.push_back(v);
    return v;
  };
  auto at = [&](Op op) {
    Inst inst = {};
    inst.op = op;
    inst.loc = original.loc;
    inst.depth = original.depth;
    return inst;
  };
  const BlockId first{static_cast<uint32_t>(caller_.blocks.size())}, second{first.value + 1}, after{first.value + 2};
  caller_.blocks.resize(caller_.blocks.size() + 3);
  std::vector<ValueId>& insts = caller_[b].insts;
  caller_[after].insts.assign(insts.begin() + static_cast<ptrdiff_t>(index) + 1, insts.end());
  insts.resize(index);
  Inst branch = at(Op::Branch);
  branch.operands = {test};
  branch.imm = percent;
  branch.edges = {{first, 0, {}}, {second, 0, {}}};
  add(b, branch);

  const bool isTuple = original.type.isValid() && module_.types[original.type].kind == TypeKind::Tuple;
  std::vector<TypeId> types;
  if (isTuple) types = module_.types[original.type].results;
  else if (original.type.isValid()) types = {original.type};
  ValueId calls[2];
  for (const BlockId way : {first, second}) {
    const ValueId copy = calls[way == second] = add(way, original);
    Inst jump = at(Op::Jump);
    jump.edges = {{after, 0, {}}};
    for (size_t i = 0; i < types.size(); i++) {
      ValueId result = copy;
      if (isTuple) {
        Inst get = at(Op::TupleGet);
        get.type = types[i];
        get.operands = {copy};
        get.imm = static_cast<int64_t>(i);
        result = add(way, get);
      }
      jump.edges[0].args.push_back(result);
    }
    add(way, jump);
  }
  std::vector<ValueId> results;
  for (TypeId t : types) {
    const ValueId v{static_cast<uint32_t>(caller_.values.size())};
    Inst param = at(Op::Param);
    param.type = t;
    caller_.values.push_back(param);
    caller_[after].params.push_back(v);
    results.push_back(v);
  }
  if (isTuple) tuples_[call.value] = std::move(results);
  else if (!results.empty()) replaced_[call.value] = results[0];
  return {first, calls[0], calls[1]};
}

void BodyInliner::finish() {
  if (!changed_) return;
  for (Block& block : caller_.blocks) {
    std::erase_if(block.insts, [&](ValueId v) {
      const Inst& inst = caller_[v];
      return inst.op == Op::TupleGet && tuples_.contains(inst.operands[0].value);
    });
    for (ValueId v : block.insts) {
      Inst& inst = caller_[v];
      for (ValueId& o : inst.operands) o = real(o);
      for (Edge& e : inst.edges) {
        for (ValueId& a : e.args) a = real(a);
      }
    }
  }
  std::vector<ValueId>& entry = caller_.blocks[0].insts;
  entry.insert(entry.begin(), locals_.begin(), locals_.end());
}

}  // namespace burrow::passes
