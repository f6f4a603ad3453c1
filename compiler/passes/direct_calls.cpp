// Calls through interfaces and func values become direct ones, so that they can be inlined, and escape analysis sees what they do.
//
// By type: when all that an interface value can be is of one type, or nil (BodyInliner::concreteType), the method is known. Where
// it may be nil, or came by in more than one way, the call checks for nil first and takes the value out of the interface.
//
//     var r io.Reader = &b                 n := b.Read(p)
//     n := r.Read(p)              ->
//
// By profile (-pgo): of a call that a profile has seen, the callee that took most of the time is tried first.
//
//                                          if x, ok := r.(*T); ok {
//     n := r.Read(p)              ->           n = x.Read(p)
//                                          } else {
//                                              n = r.Read(p)
//                                          }
//
// The same for func values, whose code is compared with the callee's. gc does so for functions; here function literals are
// tried too when they will be inlined: what they have captured is read from the value that was called.
//
// Invariants: a call is divided once, copies of it in inlined bodies included; which callees come into question depends on the
// profile's excerpts for this package and those that it imports, and on nothing else (passes/call_profile.h). A callee must be of
// the same signature, so that of several calls in a line each gets its own; calls of the same signature there, of different
// values, are left alone (other than in gc: what one of them called, the other mostly did not). Callees of which nothing but the
// name is known are left alone, as are instances of generic functions, whose names in profiles do not say which.
#include "passes/direct_calls.h"

#include "ir/scopes.h"

#include <fmt/format.h>

#include <algorithm>

namespace burrow::passes {

using namespace ir;

namespace {

// A method that is promoted from an embedded interface.
bool callsInterface(const Function& method) {
  if (!method.attributes.wrapper) return false;
  for (const Block& block : method.blocks) {
    for (ValueId v : block.insts) {
      if (method[v].op == Op::CallInterface) return true;
    }
  }
  return false;
}

// "F.func1" of "a/b.F.func1".
std::string_view withoutPath(std::string_view symbol) {
  const size_t slash = symbol.rfind('/');
  const size_t dot = symbol.find('.', slash == std::string_view::npos ? 0 : slash);
  return dot == std::string_view::npos ? symbol : symbol.substr(dot + 1);
}

}  // namespace

ProfilePlace profilePlace(const Module& module, const Function& fn, Loc loc) {
  uint16_t scope = loc.scope;
  while (scope != 0 && isPart(fn.scopes[scope])) scope = fn.scopes[scope].parent;
  const uint32_t start = scope == 0 ? fn.startLine : fn.scopes[scope].startLine;
  return {scope == 0 ? std::string_view(fn.name) : module.str(fn.scopes[scope].function), static_cast<int32_t>(loc.line) - static_cast<int32_t>(start)};
}

bool DirectCalls::implements(TypeId type, TypeId iface) const {
  const std::vector<Method>& has = module_.types.methodsOf(type);
  for (const InterfaceMethod& wanted : module_.types.get(iface).methods) {
    auto same = [&](const Method& m) { return m.name == wanted.name && m.pkgPath == wanted.pkgPath && m.type == wanted.type; };
    if (std::none_of(has.begin(), has.end(), same)) return false;
  }
  return true;
}

// A new instruction in front of the one at `index`, at its place in the source.
ValueId DirectCalls::emit(Function& fn, BlockId b, size_t& index, Op op, TypeId type, std::vector<ValueId> operands) {
  const ValueId v{static_cast<uint32_t>(fn.values.size())};
  const Loc loc = fn[fn[b].insts[index]].loc;
  Inst& inst = fn.values.emplace_back();
  inst.op = op;
  inst.type = type;
  inst.loc = loc;
  inst.operands = std::move(operands);
  std::vector<ValueId>& insts = fn[b].insts;
  insts.insert(insts.begin() + static_cast<ptrdiff_t>(index++), v);
  return v;
}

// The value in an interface that is certainly of this type, in front of the instruction at `index`, which moves on.
ValueId DirectCalls::valueIn(Function& fn, ValueId iface, TypeId type, BlockId b, size_t& index) {
  TypeTable& types = module_.types;
  if (types.isDirectIface(type) && !types.isPointerLike(type)) {
    const ValueId v = emit(fn, b, index, Op::TypeAssert, type, {iface});
    fn[v].typeArg = type;
    return v;
  }
  const ValueId data = emit(fn, b, index, Op::IfaceData, types.unsafePointer(), {iface});
  if (types.isDirectIface(type)) return emit(fn, b, index, Op::Bitcast, type, {data});
  return emit(fn, b, index, Op::Load, type, {emit(fn, b, index, Op::Bitcast, types.pointer(type), {data})});
}

// Of another type it is behind an assertion that does not hold for this type: null.
const Method* DirectCalls::methodFor(TypeId type, const InterfaceMethod& wanted) const {
  for (const Method& m : module_.types.methodsOf(type)) {
    if (m.name == wanted.name && m.pkgPath == wanted.pkgPath && m.type == wanted.type && !m.tfn.empty()) return &m;
  }
  return nullptr;
}

// Turns an interface's call into one of the type's method. Without a receiver it only says whether that can be.
bool DirectCalls::callMethod(Function& fn, ValueId call, const Method& m, TypeId type, ValueId* receiver) {
  const TypeData& signature = module_.types.get(m.type);
  std::vector<TypeId> params = signature.params;
  params.insert(params.begin(), type);
  const TypeId of = module_.types.func(std::move(params), signature.results, signature.variadic);
  const Function* callee = module_.function(m.tfn);
  if (callee != nullptr && callee->type != of) return false;
  if (receiver == nullptr) return true;
  if (callee == nullptr) module_.addFunction(m.tfn, of);
  Inst& inst = fn[call];
  inst.op = Op::Call;
  inst.sym = module_.intern(m.tfn);
  inst.typeArg = of;
  inst.imm = 0;
  inst.operands[0] = *receiver;
  return true;
}

void DirectCalls::byType(Function& fn, const BodyInliner& body, BlockId b, size_t& index) {
  if (context_.without(Optimisation::Devirtualise)) return;
  const ValueId call = fn[b].insts[index];
  std::vector<TypeId> asserted;
  const ValueId iface = fn[call].operands[0];
  const ValueId from = body.origin(iface, &asserted);
  const bool isKnown = fn[from].op == Op::MakeIface &&
                       std::all_of(asserted.begin(), asserted.end(), [&](TypeId i) { return implements(fn[from].typeArg, i); });
  const TypeId type = isKnown ? fn[from].typeArg : body.concreteType(iface);
  if (!type.isValid()) return;
  const InterfaceMethod wanted = module_.types.get(fn[body.real(iface)].type).methods[static_cast<size_t>(fn[call].imm)];
  const Method* method = methodFor(type, wanted);
  if (method == nullptr || !callMethod(fn, call, *method, type, nullptr)) return;
  if (notes_.on() && fn[call].sym.isValid()) {
    const Function* callee = module_.function(method->tfn);
    notes_.say(fn, fn[call].loc, fmt::format("{}devirtualizing{} to {}", callee != nullptr && callsInterface(*callee) ? "partially " : "",
                                         module_.str(fn[call].sym), notes_.shownType(type)));
  }
  ValueId receiver;
  if (isKnown) {
    receiver = fn[from].operands[0];
  } else {
    emit(fn, b, index, Op::NilCheck, {}, {emit(fn, b, index, Op::IfaceTab, module_.types.unsafePointer(), {iface})});
    receiver = valueIn(fn, iface, type, b, index);
  }
  callMethod(fn, call, *method, type, &receiver);
}

// --- by profile

// Whether the line has another call of the same method or type of function, of another value: the profile does not say which of them
// called what.
bool DirectCalls::isAmbiguous(const Function& fn, const BodyInliner& body, ValueId call) const {
  const Inst& one = fn[call];
  const ValueId of = body.real(one.operands[0]);
  for (const Block& block : fn.blocks) {
    for (ValueId v : block.insts) {
      const Inst& other = fn[v];
      if (v == call || other.op != one.op || other.loc.line != one.loc.line || other.loc.scope != one.loc.scope || other.imm != one.imm) continue;
      if (other.loc.column == one.loc.column) continue;  // the same call, in two ways
      const ValueId value = body.real(other.operands[0]);
      if (fn[value].type == fn[of].type && body.origin(value) != body.origin(of)) return true;
    }
  }
  return false;
}

// How much of the time that was spent in the calls of that place was in this callee, in percent.
int DirectCalls::share(const Function& fn, ValueId call, const CallProfile::Target& target) const {
  const ProfilePlace place = profilePlace(module_, fn, fn[call].loc);
  double all = 0;
  for (const CallProfile::Target& t : context_.profile->targets(place.function, place.line)) all += double(t.weight);
  return std::clamp(static_cast<int>(100 * double(target.weight) / all), 1, 99);
}

const Function* DirectCalls::known(std::string_view name) {
  const Function* fn = module_.function(name);
  if (fn != nullptr && fn->hasBody) return fn;
  const Function* imported = importer_ != nullptr ? importer_->find(name) : nullptr;
  return imported != nullptr ? imported : fn;
}

// The type whose method that symbol is; invalid when the module does not know it.
TypeId DirectCalls::receiverOf(std::string_view method) {
  // "path.T.M" or "path.(*T).M".
  TypeTable& types = module_.types;
  const std::string_view last = withoutPath(method);
  const size_t dot = last.rfind('.');
  if (dot == std::string_view::npos || last.find('[') != std::string_view::npos) return {};
  std::string_view name = last.substr(0, dot);
  const bool isPointer = name.starts_with("(*") && name.ends_with(')');
  if (isPointer) name = name.substr(2, name.size() - 3);
  if (importer_ != nullptr && name.find('.') == std::string_view::npos) {
    const std::string_view path = method.substr(0, method.size() - last.size());  // with the dot
    if (const TypeId t = importer_->type(std::string(path) + std::string(name)); t.isValid()) return isPointer ? types.pointer(t) : t;
  }
  for (; typesSeen_ < types.size(); typesSeen_++) {
    const TypeId t{static_cast<uint32_t>(typesSeen_)};
    if (!types.hasMethods(t)) continue;
    for (const Method& m : types.methodsOf(t)) receivers_.emplace(m.tfn, t);
  }
  const auto it = receivers_.find(method);
  return it == receivers_.end() ? TypeId() : it->second;
}

bool DirectCalls::interfaceCall(Function& fn, BodyInliner& body, BlockId b, size_t index, const CallProfile::Target& target) {
  const ValueId call = fn[b].insts[index];
  const ValueId iface = fn[call].operands[0];
  const InterfaceMethod wanted = module_.types.get(fn[body.real(iface)].type).methods[static_cast<size_t>(fn[call].imm)];
  if (!target.callee.ends_with("." + wanted.name)) return false;
  const TypeId type = receiverOf(target.callee);
  if (!type.isValid()) return false;
  const Method* method = methodFor(type, wanted);
  if (method == nullptr || method->tfn != target.callee || !callMethod(fn, call, *method, type, nullptr)) return false;
  if (const Function* callee = known(target.callee); callee != nullptr && callee->attributes.noInline) {
    if (notes_.reasons()) {
      notes_.say(fn, fn[call].loc, fmt::format("should not PGO devirtualize {}: marked go:noinline", notes_.shown(target.callee)));
    }
    return false;
  }
  if (notes_.on()) {
    notes_.say(fn, fn[call].loc, fmt::format("PGO devirtualizing interface call{} to {}.{}", module_.str(fn[call].sym), notes_.shownType(type), wanted.name));
  }
  const ValueId test = emit(fn, b, index, Op::TypeAssert, module_.types.boolType(), {iface});
  fn[test].typeArg = type;
  fn[test].flags = kTestOnly;
  const BodyInliner::Ways ways = body.divideCall(b, index, test, share(fn, call, target));
  fn[ways.otherwise].flags |= kRest;
  size_t at = 0;
  ValueId receiver = valueIn(fn, iface, type, ways.block, at);
  return callMethod(fn, ways.call, *method, type, &receiver);
}

bool DirectCalls::functionCall(Function& fn, BodyInliner& body, BlockId b, size_t index, const CallProfile::Target& target) {
  const ValueId call = fn[b].insts[index];
  const ValueId value = fn[call].operands[0];
  if (target.callee.find('[') != std::string::npos) return false;
  const Function* callee = known(target.callee);
  TypeTable& types = module_.types;
  if (callee == nullptr || callee->type != types.underlying(fn[body.real(value)].type)) return false;
  const bool literal = callee->inlining.literal;
  // A method's symbol is that of a function with one parameter more; calls of method values are hidden in profiles.
  if (!literal && withoutPath(target.callee).find('.') != std::string_view::npos) return false;
  if (literal && (!callee->hasBody || !callee->inlining.obstacle.empty() || callee->inlining.cost < 0 ||
                  callee->inlining.cost > context_.hotBudget || callee == &fn || !body.hasRoom(*callee))) {
    return false;
  }
  if (callee->attributes.noInline) return false;
  if (notes_.on()) {
    notes_.say(fn, fn[call].loc, fmt::format("PGO devirtualizing function call{} to {}", module_.str(fn[call].sym), notes_.shown(target.callee)));
  }
  const std::vector<TypeId> captured = callee->captures;
  const TypeId code = types.uintptrType(), pointer = types.unsafePointer();
  const SymId symbol = module_.intern(target.callee);
  const ValueId function = emit(fn, b, index, Op::FuncAddr, fn[body.real(value)].type, {});
  fn[function].sym = symbol;
  auto codeOf = [&](ValueId f) { return emit(fn, b, index, Op::Load, code, {emit(fn, b, index, Op::Bitcast, types.pointer(code), {f})}); };
  std::vector<ValueId> sides;
  for (ValueId f : {value, function}) sides.push_back(captured.empty() ? emit(fn, b, index, Op::Bitcast, pointer, {f}) : codeOf(f));
  const ValueId test = emit(fn, b, index, Op::Eq, types.boolType(), sides);
  const BodyInliner::Ways ways = body.divideCall(b, index, test, share(fn, call, target));
  fn[ways.otherwise].flags |= kRest;
  if (!literal) {
    Inst& inst = fn[ways.call];
    inst.op = Op::Call;
    inst.sym = symbol;  // and no longer the call's text
    inst.typeArg = callee->type;
    inst.operands.erase(inst.operands.begin());
    if (module_.function(target.callee) == nullptr) module_.addFunction(target.callee, callee->type);
    return true;
  }
  Literal& known = literals_[ways.call.value];
  known.function = callee;
  if (captured.empty()) return true;
  // A func value points to its code's address, with what it has captured behind.
  std::vector<Field> fields(captured.size() + 1);
  for (size_t i = 0; i < fields.size(); i++) {
    fields[i].name = fmt::format("F{}", i);
    fields[i].type = i == 0 ? code : captured[i - 1];
  }
  const TypeId object = types.structOf(std::move(fields));
  size_t at = 0;
  const ValueId closure = emit(fn, ways.block, at, Op::Bitcast, types.pointer(object), {value});
  for (size_t i = 0; i < captured.size(); i++) {
    const ValueId place = emit(fn, ways.block, at, Op::FieldAddr, types.pointer(captured[i]), {closure});
    fn[place].imm = static_cast<int64_t>(i + 1);
    known.captures.push_back(emit(fn, ways.block, at, Op::Load, captured[i], {place}));
  }
  return true;
}

bool DirectCalls::byProfile(Function& fn, BodyInliner& body, BlockId b, size_t index) {
  if (context_.profile == nullptr || context_.without(Optimisation::Devirtualise)) return false;
  if (current_ != &fn) {
    current_ = &fn;
    literals_.clear();
  }
  const ValueId call = fn[b].insts[index];
  const Op op = fn[call].op;
  if ((op != Op::CallInterface && op != Op::CallClosure) || (fn[call].flags & kRest) || literals_.contains(call.value)) return false;
  if (op == Op::CallClosure) {
    const Op from = fn[body.origin(fn[call].operands[0])].op;
    if (from == Op::FuncAddr || from == Op::Closure) return false;
  }
  const ProfilePlace place = profilePlace(module_, fn, fn[call].loc);
  const std::span<const CallProfile::Target> targets = context_.profile->targets(place.function, place.line);
  if (targets.empty() || isAmbiguous(fn, body, call)) return false;
  for (const CallProfile::Target& target : targets) {
    if (op == Op::CallInterface ? interfaceCall(fn, body, b, index, target) : functionCall(fn, body, b, index, target)) return true;
  }
  return false;
}

const DirectCalls::Literal* DirectCalls::literalOf(const Function& fn, ValueId call) const {
  if (current_ != &fn) return nullptr;
  const auto it = literals_.find(call.value);
  return it == literals_.end() ? nullptr : &it->second;
}

}  // namespace burrow::passes
