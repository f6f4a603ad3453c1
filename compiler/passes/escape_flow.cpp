// The edges of the escape graph that a function's operations make.
//
// Every value that can hold a pointer gets a Flow: a location and how often it is dereferenced. Most operations pass on the
// flow of an operand (an address computed from an address is that address, as far as this analysis can see); only block
// parameters and values with several sources need a location of their own. Fields are not told apart.
//
//   v1 = new T            the object's location, -1
//   v2 = fieldaddr v1     the same
//   store v2, v3          v3 flows to the object
//   v4 = load v1          the object's location, 0
//   v5 = load v4          the object's location, 1
//   store v4, v3          v4 may point anywhere: v3 flows to the heap
//
// So a store through a pointer variable leaks what is stored, even where the variable can hold one object only, which is
// also gc's rule: following the content of objects through pointers would need a points-to analysis, which does not pay.
#include "passes/escape_flow.h"

#include <algorithm>

namespace burrow::passes {

using namespace ir;

namespace {

constexpr uint32_t kPassing = UINT32_MAX;  // depth of a value on its way
// The distribution's package of searches in bytes: functions without a Go body that only read.
constexpr std::string_view kOnlyReads = "internal/bytealg.";
// From these sizes on an object is on the heap whatever becomes of it (gc's limits).
constexpr int64_t kMaxVariable = 128 * 1024, kMaxImplicit = 64 * 1024;

class Flows {
 public:
  Flows(EscapeBatch& batch, EscapeFunction& f)
      : batch_(batch), graph_(batch.graph), types_(batch.module.types), f_(f), fn_(*f.fn), flow_(fn_.values.size()) {}

  void run() {
    onlyStore_ = singleStores(fn_);
    for (size_t i = 0; i < f_.params.size(); i++) set(fn_.blocks[0].params[i], {f_.params[i], 0});
    for (size_t b = 1; b < fn_.blocks.size(); b++) {
      for (ValueId p : fn_.blocks[b].params) {
        if (!types_.hasPointers(fn_[p].type)) continue;
        EscapeGraph::Loc loc;
        loc.function = f_.id;
        loc.depth = fn_[p].depth;
        set(p, {graph_.add(std::move(loc)), 0});
      }
    }
    for (const Block& block : fn_.blocks) {
      for (ValueId v : block.insts) {
        visit(v, fn_[v]);
        for (const Edge& e : fn_[v].edges) {
          const std::vector<ValueId>& params = fn_[e.block].params;
          for (size_t i = 0; i < e.args.size(); i++) to(get(params[i]).loc, get(e.args[i]));
        }
      }
    }
  }

 private:
  Flow get(ValueId v) const { return flow_[v.value]; }
  void set(ValueId v, Flow f) { flow_[v.value] = f; }
  void to(LocId loc, Flow f) {
    if (!f.none()) graph_.flow(loc, f.loc, f.derefs);
  }
  void toHeap(ValueId v) { to(EscapeGraph::kHeap, get(v)); }
  bool isTuple(TypeId t) const { return types_[t].kind == TypeKind::Tuple; }
  bool holdsPointers(TypeId t) { return t.isValid() && (isTuple(t) || types_.hasPointers(t)); }

  LocId passing() {
    EscapeGraph::Loc loc;
    loc.function = f_.id;
    loc.depth = kPassing;
    return graph_.add(std::move(loc));
  }
  // What comes from several places.
  Flow join(std::span<const Flow> sources) {
    Flow only;
    size_t n = 0;
    for (const Flow& s : sources) {
      if (s.none()) continue;
      only = s;
      n++;
    }
    if (n <= 1) return only;
    LocId loc = passing();
    for (const Flow& s : sources) to(loc, s);
    return {loc, 0};
  }
  Flow joinOperands(const Inst& inst) {
    std::vector<Flow> sources;
    for (ValueId o : inst.operands) sources.push_back(get(o));
    return join(sources);
  }

  LocId object(ValueId v, const Inst& inst, bool heap) {
    EscapeGraph::Loc loc;
    loc.function = f_.id;
    loc.depth = inst.op == Op::GrowSlice ? 0 : inst.depth;  // append's buffer in the frame is used once, in a loop or not
    loc.isObject = inst.op != Op::Local;
    loc.isLocal = !loc.isObject;
    loc.escapes = heap;
    LocId id = graph_.add(std::move(loc));
    if (inst.op != Op::Local) f_.objects.emplace_back(v, id);
    set(v, {id, -1});
    return id;
  }

  void store(ValueId pointer, Flow value) {
    Flow base = get(pointer);
    to(!base.none() && base.derefs < 0 ? base.loc : EscapeGraph::kHeap, value);
  }
  // Something is stored where v points to. A frame's slots are written to all the time, and nobody asks whether they are.
  void mutates(ValueId v) {
    const Flow f = get(v);
    if (!f.none() && (f.derefs >= 0 || !graph_[f.loc].isLocal)) to(EscapeGraph::kMutated, f);
  }

  void visit(ValueId v, const Inst& inst) {
    const std::vector<ValueId>& o = inst.operands;
    switch (inst.op) {
      case Op::Local:
        object(v, inst, false);
        return;
      case Op::New: {
        const int64_t size = types_.sizeOf(inst.typeArg);
        // A variable has its name there; with -m a literal or a call of new has its description, behind a blank.
        const bool variable = inst.sym.isValid() && !batch_.module.str(inst.sym).starts_with(' ');
        if (size != 0 || batch_.report) object(v, inst, size > (variable ? kMaxVariable : kMaxImplicit));
        return;
      }
      case Op::MakeSlice: {
        // A length that is a constant by way of a variable is as good as one in the source.
        for (ValueId& size : fn_[v].operands) {
          const ValueId known = knownConstant(fn_, size, onlyStore_);
          if (known.isValid() && fn_[known].type == fn_[size].type) size = known;
        }
        const Inst& cap = fn_[o[1]];
        const int64_t size = types_.sizeOf(inst.typeArg);
        if (cap.op == Op::ConstInt) {
          object(v, inst, cap.imm < 0 || (size != 0 && cap.imm > kMaxImplicit / size));
          return;
        }
        // Only when it turns out to be short it is in the frame: what is put into it goes to the heap, as with append.
        const LocId made = passing();
        to(made, {object(v, inst, false), -1});
        return set(v, {made, 0});
      }
      case Op::BytesToString:
      case Op::StringToBytes:
        if (inst.flags & kNoCopy) {
          if (batch_.report) object(v, inst, false);
          return set(v, get(o[0]));
        }
        object(v, inst, fn_[o[0]].op == Op::ConstString && batch_.module.str(fn_[o[0]].sym).size() > kMaxImplicit);
        return;
      case Op::RunesToString:
      case Op::RuneToString:
      case Op::StringToRunes:
      case Op::ConcatStrings:
        // A single string that is not empty is returned as it is, but the runtime copies one in a frame that the result outlives.
        object(v, inst, false);
        return;
      case Op::MakeMap:
        // The map itself, and its first group; all that goes into one is on the heap.
        object(v, inst, false);
        return;
      case Op::MakeIface:
        if (types_.isDirectIface(inst.typeArg)) return set(v, get(o[0]));
        if (types_.sizeOf(inst.typeArg) == 0) return;
        return to(object(v, inst, types_.sizeOf(inst.typeArg) > kMaxImplicit), get(o[0]));
      case Op::Closure:
        return closure(v, inst);
      case Op::FuncAddr:
        if (batch_.report) {
          const Function* literal = batch_.module.function(batch_.module.str(inst.sym));
          if (literal != nullptr && literal->hasBody && literal->inlining.literal) object(v, inst, false);
        }
        return;
      case Op::Captured:
        return set(v, f_.captures[static_cast<size_t>(inst.imm)]);

      case Op::Load:
        if (holdsPointers(inst.type) || isHeaderData(o[0])) set(v, get(o[0]).deref());
        return;
      case Op::MapGet:
      case Op::MapGet2:
        return;  // what is in a map went to the heap when it was put there
      case Op::Store:
        mutates(o[0]);
        if (inst.flags & kSelfAssign) return;
        if (types_.hasPointers(fn_[o[1]].type)) {
          store(o[0], get(o[1]));
        } else {
          headerStore(o[0], o[1]);
        }
        return;
      case Op::ZeroMem:
      case Op::Clear:
      case Op::MapDelete:
      case Op::MapIterNext:
        return mutates(o[0]);
      case Op::Move:
        mutates(o[0]);
        if (types_.hasPointers(inst.typeArg) && !(inst.flags & kSelfAssign)) store(o[0], get(o[1]).deref());
        return;
      case Op::MapIterStart:
        mutates(o[0]);
        return store(o[0], get(o[1]));
      case Op::MapAssign:
        mutates(o[0]);
        return toHeap(o[1]);

      case Op::Bitcast:
      case Op::Field:
      case Op::Element:
      case Op::SlicePtr:
      case Op::StringPtr:
      case Op::SliceMake:
      case Op::StringMake:
      case Op::IfaceData:
      case Op::ConvertIface:
      case Op::FieldAddr:
      case Op::IndexAddr:
      case Op::PtrAdd:
      case Op::IfaceAssert:
        if (holdsPointers(inst.type)) set(v, get(o[0]));
        return;
      case Op::TypeAssert:
        if (!types_.hasPointers(inst.typeArg) || (inst.flags & kTestOnly)) return;
        return set(v, types_.isDirectIface(inst.typeArg) ? get(o[0]) : get(o[0]).deref());
      case Op::TupleGet: {
        if (!types_.hasPointers(inst.type)) return;
        auto it = tuples_.find(o[0].value);
        if (it == tuples_.end()) return set(v, inst.imm == 0 ? get(o[0]) : Flow{});
        auto result = it->second.find(static_cast<int>(inst.imm));
        return set(v, result == it->second.end() ? Flow{} : result->second);
      }
      case Op::StructMake:
      case Op::CondSelect:
        if (types_.hasPointers(inst.type)) set(v, joinOperands(inst));
        return;
      case Op::IntToPtr: {
        std::vector<Flow> sources;
        pointersIn(o[0], sources, 0);
        return set(v, join(sources));
      }
      case Op::GrowSlice: {
        if (types_.hasPointers(types_.elem(inst.type))) to(EscapeGraph::kHeap, get(o[0]).deref());
        // What is put into it goes to the heap, so it is always known by way of a location of its own.
        const LocId grown = passing();
        to(grown, {object(v, inst, false), -1});
        to(grown, get(o[0]));
        return set(v, {grown, 0});
      }
      case Op::MoveSlice:
        return set(v, get(o[0]));
      case Op::SliceCopy:
        mutates(o[0]);
        if (types_.hasPointers(types_.elem(fn_[o[0]].type))) to(EscapeGraph::kHeap, get(o[1]).deref());
        return;

      case Op::KeepAlive:
        if (inst.imm != 0) toHeap(o[0]);
        return;
      case Op::Send:
        return toHeap(o[1]);
      case Op::Select:
        // What is sent; the channels themselves are only used.
        for (size_t i = 0; i < SelectShape::unpack(inst.imm).sends; i++) toHeap(o[2 * i + 1]);
        return;
      case Op::Panic:
      case Op::Go:
      case Op::CallInterface:
        for (ValueId a : o) toHeap(a);
        return;
      case Op::Defer:
        // The closure is called at the latest when this function is left. In a loop it is kept by the runtime.
        if (inst.flags & kInLoop) toHeap(o[0]);
        return;
      case Op::Return:
        for (size_t i = 0; i < o.size(); i++) to(f_.results[i], get(o[i]));
        return;
      case Op::Call:
        return call(v, inst.sym, o);
      case Op::CallClosure: {
        SymId known = knownFunction(fn_, o[0], onlyStore_);
        if (!known.isValid()) known = sharedFunction(o[0]);
        if (known.isValid()) return call(v, known, std::span(o).subspan(1));
        to(EscapeGraph::kCalled, get(o[0]));
        for (size_t i = 1; i < o.size(); i++) toHeap(o[i]);
        return;
      }
      case Op::CallRuntime:
        return callRuntime(inst);
      case Op::Intrinsic:
        return intrinsic(v, inst);
      default:
        // Neither makes, keeps nor passes on a pointer into a stack.
        return;
    }
  }

  // The same of a func value that closures share.
  SymId sharedFunction(ValueId callee) const {
    auto known = batch_.shared.find(&fn_);
    if (known == batch_.shared.end()) return {};
    while (fn_[callee].op == Op::Bitcast) callee = fn_[callee].operands[0];
    const Inst& inst = fn_[callee];
    if (inst.op != Op::Load && inst.op != Op::Captured) return {};
    auto it = known->second.find(inst.op == Op::Load ? inst.operands[0].value : callee.value);
    return it == known->second.end() ? SymId{} : it->second;
  }

  // The field Data of a reflect.SliceHeader or StringHeader: a number for the type system, a pointer by what package unsafe
  // says of it.
  bool isHeaderData(ValueId p) const {
    const Inst& field = fn_[p];
    if (field.op != Op::FieldAddr || field.imm != 0 || types_.kind(types_.elem(field.type)) != TypeKind::Uintptr) return false;
    const TypeId header = types_.elem(fn_[field.operands[0]].type);
    const std::string name = types_.goString(header);
    return name == "reflect.SliceHeader" || name == "reflect.StringHeader";
  }
  void headerStore(ValueId p, ValueId v) {
    if (!isHeaderData(p)) return;
    std::vector<Flow> sources;
    pointersIn(v, sources, 0);
    store(p, join(sources));
  }

  void closure(ValueId v, const Inst& inst) {
    int64_t size = 8;
    for (ValueId c : inst.operands) size += types_.sizeOf(fn_[c].type);
    LocId id = object(v, inst, size > kMaxImplicit);
    Function* fn = batch_.module.function(batch_.module.str(inst.sym));
    auto it = batch_.members.find(fn);
    EscapeFunction* inner = it != batch_.members.end() ? it->second : nullptr;
    for (ValueId c : inst.operands) to(id, get(c));
    if (inner != nullptr && inner->tied) {
      for (ValueId c : inst.operands) inner->captures.push_back(get(c));
      return;
    }
    const size_t first = types_.get(fn->type).params.size();
    if (inner != nullptr) {
      for (size_t i = 0; i < inst.operands.size(); i++) to(inner->captures[i].loc, get(inst.operands[i]));
      return;
    }
    std::vector<ParamLeak> leaks;
    decodeLeaks(fn->escape, &leaks);
    applyLeaks(leaks, first, inst.operands, nullptr);
  }

  void applyLeaks(const std::vector<ParamLeak>& leaks, size_t first, std::span<const ValueId> args, std::map<int, Flow>* results) {
    for (size_t i = 0; i < args.size(); i++) {
      Flow from = get(args[i]);
      if (from.none()) continue;
      if (first + i >= leaks.size()) {
        to(EscapeGraph::kHeap, from);
        continue;
      }
      const ParamLeak& leak = leaks[first + i];
      if (leak.heap >= 0) to(EscapeGraph::kHeap, {from.loc, from.derefs + leak.heap});
      if (leak.mutates >= 0) to(EscapeGraph::kMutated, {from.loc, from.derefs + leak.mutates});
      if (leak.calls >= 0) to(EscapeGraph::kCalled, {from.loc, from.derefs + leak.calls});
      for (auto [result, derefs] : leak.results) {
        if (results == nullptr) {
          to(EscapeGraph::kHeap, {from.loc, from.derefs + derefs});
          continue;
        }
        Flow& r = (*results)[result];
        if (r.none()) r = {passing(), 0};
        to(r.loc, {from.loc, from.derefs + derefs});
      }
    }
  }

  void call(ValueId v, SymId symbol, std::span<const ValueId> args) {
    const std::string_view name = batch_.module.str(symbol);
    const Function* callee = batch_.module.function(name);
    std::map<int, Flow> results;
    if (auto it = batch_.members.find(callee); callee != nullptr && it != batch_.members.end()) {
      const EscapeFunction& c = *it->second;
      for (size_t i = 0; i < args.size() && i < c.params.size(); i++) to(c.params[i], get(args[i]));
      for (size_t i = 0; i < c.results.size(); i++) results[static_cast<int>(i)] = {c.results[i], 0};
    } else if (callee != nullptr && callee->attributes.noEscape) {
      // The promise of //go:noescape, which says nothing about stores; those that search and compare make none.
      if (!name.starts_with(kOnlyReads)) {
        for (ValueId a : args) {
          mutates(a);
          to(EscapeGraph::kCalled, get(a));
        }
      }
    } else {
      std::vector<ParamLeak> leaks;
      if (callee != nullptr && !callee->attributes.foreign) {
        decodeLeaks(callee->hasBody ? std::string_view(callee->escape) : batch_.summaries.find(name, batch_.visible), &leaks);
      }
      applyLeaks(leaks, 0, args, &results);
    }
    TypeId type = fn_[v].type;
    if (!type.isValid() || results.empty()) return;
    if (isTuple(type)) {
      tuples_[v.value] = std::move(results);
    } else if (types_.hasPointers(type)) {
      set(v, results.begin()->second);
    }
  }

  void callRuntime(const Inst& inst) {
    const std::vector<ValueId>& o = inst.operands;
    switch (static_cast<RuntimeFn>(inst.imm)) {
      case RuntimeFn::PrintString: case RuntimeFn::PrintSlice: case RuntimeFn::PrintEface: case RuntimeFn::PrintIface:
      case RuntimeFn::PrintPointer: case RuntimeFn::DecodeRune: case RuntimeFn::UnsafeSliceCheck:
      case RuntimeFn::UnsafeStringCheck: case RuntimeFn::GoRecover:
        return;
      default:
        for (ValueId a : o) toHeap(a);
    }
  }

  void intrinsic(ValueId v, const Inst& inst) {
    const std::vector<ValueId>& o = inst.operands;
    switch (static_cast<IntrinsicKind>(inst.imm)) {
      case IntrinsicKind::AtomicStore:
        mutates(o[0]);
        return toHeap(o[1]);
      case IntrinsicKind::AtomicAdd:
      case IntrinsicKind::AtomicAnd:
      case IntrinsicKind::AtomicOr:
        return mutates(o[0]);
      case IntrinsicKind::AtomicCas:
        mutates(o[0]);
        return toHeap(o[2]);
      case IntrinsicKind::AtomicSwap:
        mutates(o[0]);
        toHeap(o[1]);
        [[fallthrough]];
      case IntrinsicKind::AtomicLoad:
        if (types_.hasPointers(inst.type)) set(v, get(o[0]).deref());
        return;
      default:
        return;  // nothing else keeps or gives a pointer to Go's objects
    }
  }

  // unsafe.Pointer(uintptr(unsafe.Pointer(p)) + n): the pointers that an integer expression is made of. As for gc, what went
  // through a variable of integer type is no pointer any more.
  void pointersIn(ValueId v, std::vector<Flow>& out, int level) {
    const Inst& inst = fn_[v];
    if (inst.op == Op::PtrToInt) {
      out.push_back(get(inst.operands[0]));
      return;
    }
    if (inst.op == Op::Load && isHeaderData(inst.operands[0])) {
      out.push_back(get(v));
      return;
    }
    if (level == 16) return;
    switch (inst.op) {
      case Op::Add: case Op::Sub: case Op::Mul: case Op::And: case Op::Or: case Op::Xor: case Op::AndNot: case Op::Convert:
      case Op::Bitcast:
        for (ValueId o : inst.operands) pointersIn(o, out, level + 1);
        return;
      default:
        return;
    }
  }

  EscapeBatch& batch_;
  EscapeGraph& graph_;
  TypeTable& types_;
  EscapeFunction& f_;
  Function& fn_;
  std::vector<Flow> flow_;
  std::unordered_map<uint32_t, std::map<int, Flow>> tuples_;  // results of calls
  std::unordered_map<uint32_t, ValueId> onlyStore_;
};

}  // namespace

std::unordered_map<uint32_t, ValueId> singleStores(const Function& fn) {
  std::unordered_map<uint32_t, ValueId> stores;
  std::unordered_map<uint32_t, bool> bad;
  bool asked = false;
  for (const Block& block : fn.blocks) {
    for (ValueId v : block.insts) {
      const Inst& inst = fn[v];
      const Op size = inst.op == Op::MakeSlice ? fn[inst.operands[1]].op : inst.op;
      asked |= inst.op == Op::CallClosure || (inst.op == Op::MakeSlice && (size == Op::Load || size == Op::Len)) ||
               (inst.op == Op::MakeIface && fn[inst.operands[0]].op == Op::Load && inst.sym.isValid());
    }
  }
  if (!asked) return stores;
  for (const Block& block : fn.blocks) {
    for (ValueId v : block.insts) {
      const Inst& inst = fn[v];
      for (size_t i = 0; i < inst.operands.size(); i++) {
        ValueId o = inst.operands[i];
        if (fn[o].op != Op::Local || inst.op == Op::Load) continue;
        if (inst.op != Op::Store || i != 0 || !stores.emplace(o.value, inst.operands[1]).second) bad[o.value] = true;
      }
      for (const Edge& e : inst.edges) {
        for (ValueId a : e.args) bad[a.value] = true;
      }
    }
  }
  std::erase_if(stores, [&](const auto& s) { return bad.contains(s.first); });
  return stores;
}

ValueId knownConstant(const Function& fn, ValueId v, const std::unordered_map<uint32_t, ValueId>& onlyStore) {
  for (int steps = 0; steps < 8; steps++) {
    const Inst& inst = fn[v];
    if (inst.op == Op::ConstInt || inst.op == Op::ConstString) return v;
    if (inst.op == Op::Len || inst.op == Op::SliceMake) {
      // The length of a slice literal.
      v = inst.operands[inst.op == Op::Len ? 0 : 1];
      continue;
    }
    if (inst.op != Op::Load) return {};
    auto it = onlyStore.find(inst.operands[0].value);
    if (it == onlyStore.end()) return {};
    v = it->second;
  }
  return {};
}

SymId knownFunction(const Function& fn, ValueId callee, const std::unordered_map<uint32_t, ValueId>& onlyStore) {
  for (int steps = 0; steps < 8; steps++) {
    const Inst& inst = fn[callee];
    switch (inst.op) {
      case Op::FuncAddr:
      case Op::Closure:
        return inst.sym;
      case Op::Bitcast:
        callee = inst.operands[0];
        break;
      case Op::Load: {
        auto it = onlyStore.find(inst.operands[0].value);
        if (it == onlyStore.end()) return {};
        callee = it->second;
        break;
      }
      default:
        return {};
    }
  }
  return {};
}

void addInterface(EscapeBatch& batch, EscapeFunction& f) {
  TypeTable& types = batch.module.types;
  const TypeData& signature = types.get(f.fn->type);
  const size_t captures = f.tied ? 0 : f.fn->captures.size();
  f.leaks.resize(signature.params.size() + captures);
  auto param = [&](TypeId type, size_t index) {
    if (!types.hasPointers(type)) return EscapeGraph::kNowhere;
    EscapeGraph::Loc loc;
    loc.function = f.id;
    loc.leak = &f.leaks[index];
    return batch.graph.add(std::move(loc));
  };
  for (size_t i = 0; i < signature.params.size(); i++) f.params.push_back(param(signature.params[i], i));
  for (size_t i = 0; i < captures; i++) f.captures.push_back({param(f.fn->captures[i], signature.params.size() + i), 0});
  for (size_t i = 0; i < signature.results.size(); i++) {
    EscapeGraph::Loc loc;
    loc.function = f.id;
    loc.result = static_cast<int>(i);
    f.results.push_back(types.hasPointers(signature.results[i]) ? batch.graph.add(std::move(loc)) : EscapeGraph::kNowhere);
  }
}

void addFlows(EscapeBatch& batch, EscapeFunction& f) {
  // A tied closure whose maker has not come by can run in no way that this analysis knows of.
  while (f.captures.size() < f.fn->captures.size()) f.captures.push_back({EscapeGraph::kHeap, 0});
  Flows(batch, f).run();
}

}  // namespace burrow::passes
