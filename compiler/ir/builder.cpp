// See builder.h.
#include "ir/builder.h"

#include <bit>

namespace burrow::ir {

void Builder::start() {
  fn_.hasBody = true;
  if (fn_.scopes.empty()) fn_.scopes.emplace_back();
  block_ = newBlock();
  std::vector<TypeId> params = types_.get(fn_.type).params;
  for (TypeId t : params) addBlockParam(block_, t);
}

BlockId Builder::newBlock() {
  fn_.blocks.emplace_back();
  return BlockId{static_cast<uint32_t>(fn_.blocks.size() - 1)};
}

ValueId Builder::addBlockParam(BlockId block, TypeId type) {
  ValueId v{static_cast<uint32_t>(fn_.values.size())};
  Inst& inst = fn_.values.emplace_back();
  inst.op = Op::Param;
  inst.type = type;
  inst.depth = depth_;
  inst.loc = loc_;
  fn_[block].params.push_back(v);
  return v;
}

bool Builder::terminated() const {
  const Block& b = fn_[block_];
  return !b.insts.empty() && isTerminator(fn_[b.insts.back()].op);
}

ValueId Builder::emit(Op op, TypeId type, std::vector<ValueId> operands, int64_t imm, SymId sym, TypeId typeArg,
                      uint8_t flags) {
  if (terminated()) block_ = newBlock();
  ValueId v{static_cast<uint32_t>(fn_.values.size())};
  Inst& inst = fn_.values.emplace_back();
  inst.op = op;
  inst.flags = flags;
  inst.type = type;
  inst.typeArg = typeArg;
  inst.sym = sym;
  inst.imm = imm;
  inst.loc = loc_;
  if (allocates(op) || op == Op::Call || op == Op::CallClosure || op == Op::CallInterface || op == Op::GrowSlice) inst.depth = depth_;
  inst.operands = std::move(operands);
  fn_[block_].insts.push_back(v);
  return v;
}

ValueId Builder::constFloat(TypeId type, double value) {
  return emit(Op::ConstFloat, type, {}, std::bit_cast<int64_t>(value));
}

ValueId Builder::constString(std::string_view bytes, TypeId type) {
  return emit(Op::ConstString, type.isValid() ? type : types_.stringType(), {}, 0, module_.intern(bytes));
}

ValueId Builder::globalAddr(std::string_view symbol, TypeId type) {
  return emit(Op::GlobalAddr, types_.pointer(type), {}, 0, module_.intern(symbol));
}

ValueId Builder::binary(Op op, ValueId a, ValueId b) {
  bool comparison = op >= Op::Eq && op <= Op::Ge;
  return emit(op, comparison ? types_.boolType() : typeOf(a), {a, b});
}

ValueId Builder::field(ValueId value, size_t index) {
  return emit(Op::Field, types_.get(typeOf(value)).fields[index].type, {value}, static_cast<int64_t>(index));
}

ValueId Builder::element(ValueId array, int64_t index) {
  return emit(Op::Element, types_.elem(typeOf(array)), {array}, index);
}

ValueId Builder::tupleGet(ValueId tuple, size_t index) {
  return emit(Op::TupleGet, types_[typeOf(tuple)].results[index], {tuple}, static_cast<int64_t>(index));
}

ValueId Builder::local(TypeId type, std::string_view name, uint8_t flags) {
  ValueId v{static_cast<uint32_t>(fn_.values.size())};
  Inst& inst = fn_.values.emplace_back();
  inst.op = Op::Local;
  inst.flags = flags;
  inst.depth = depth_;
  inst.type = types_.pointer(type);
  inst.typeArg = type;
  inst.sym = module_.intern(name);
  inst.loc = loc_;
  auto& entry = fn_.blocks[0].insts;
  entry.insert(entry.begin() + static_cast<ptrdiff_t>(locals_++), v);
  return v;
}

ValueId Builder::newObject(TypeId type, std::string_view name) {
  return emit(Op::New, types_.pointer(type), {}, 0, module_.intern(name), type);
}

void Builder::move(ValueId to, ValueId from) { emit(Op::Move, {}, {to, from}, 0, {}, types_.elem(typeOf(to))); }

ValueId Builder::fieldAddr(ValueId pointer, size_t index) {
  TypeId field = types_.get(types_.elem(typeOf(pointer))).fields[index].type;
  return emit(Op::FieldAddr, types_.pointer(field), {pointer}, static_cast<int64_t>(index));
}

ValueId Builder::indexAddr(ValueId pointer, ValueId index) {
  TypeId pointee = types_.elem(typeOf(pointer));
  TypeId elem = types_.kind(pointee) == TypeKind::Array ? types_.elem(pointee) : pointee;
  return emit(Op::IndexAddr, types_.pointer(elem), {pointer, index}, 0, {}, elem);
}

TypeId Builder::resultType(TypeId func) {
  std::vector<TypeId> results = types_.get(func).results;
  if (results.empty()) return {};
  if (results.size() == 1) return results[0];
  return types_.tuple(std::move(results));
}

ValueId Builder::call(std::string_view symbol, TypeId func, std::vector<ValueId> args) {
  return emit(Op::Call, resultType(func), std::move(args), 0, module_.intern(symbol), func);
}

ValueId Builder::callClosure(ValueId fn, std::vector<ValueId> args) {
  TypeId result = resultType(typeOf(fn));
  args.insert(args.begin(), fn);
  return emit(Op::CallClosure, result, std::move(args));
}

ValueId Builder::callInterface(ValueId iface, size_t method, std::vector<ValueId> args) {
  TypeId result = resultType(types_.get(typeOf(iface)).methods[method].type);
  args.insert(args.begin(), iface);
  return emit(Op::CallInterface, result, std::move(args), static_cast<int64_t>(method));
}

ValueId Builder::callRuntime(RuntimeFn fn, TypeId type, std::vector<ValueId> args) {
  ValueId v = emit(Op::CallRuntime, type, std::move(args), static_cast<int64_t>(fn));
  if (runtimeFn(fn).flags & kNoReturn) unreachable();
  return v;
}

ValueId Builder::intrinsic(IntrinsicKind kind, TypeId type, std::vector<ValueId> args) {
  return emit(Op::Intrinsic, type, std::move(args), static_cast<int64_t>(kind));
}

void Builder::jump(BlockId to, std::vector<ValueId> args) {
  ValueId v = emit(Op::Jump, {});
  fn_[v].edges.push_back(Edge{to, 0, std::move(args)});
}

void Builder::branch(ValueId condition, BlockId ifTrue, BlockId ifFalse) {
  branch(condition, Edge{ifTrue, 0, {}}, Edge{ifFalse, 0, {}});
}

void Builder::branch(ValueId condition, Edge ifTrue, Edge ifFalse) {
  ValueId v = emit(Op::Branch, {}, {condition});
  fn_[v].edges.push_back(std::move(ifTrue));
  fn_[v].edges.push_back(std::move(ifFalse));
}

void Builder::switchOn(ValueId value, std::vector<Edge> edges) {
  ValueId v = emit(Op::Switch, {}, {value});
  fn_[v].edges = std::move(edges);
}

void Builder::ret(std::vector<ValueId> results) { emit(Op::Return, {}, std::move(results)); }

}  // namespace burrow::ir
