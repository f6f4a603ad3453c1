// Building Burrow IR, one instruction at a time.
//
// A Builder adds to one function at a current block and location. It works out result types where the operands determine
// them, so that callers name a type only where there is a choice. It checks nothing: the verifier does (ir/verify.h).
//
// The entry block is block 0; `start` makes it with the function's parameters. Locals always go to the entry block,
// whatever the current block, in front of everything else that is not a Local.
#pragma once

#include "ir/ir.h"

#include <algorithm>
#include <initializer_list>

namespace burrow::ir {

class Builder {
 public:
  Builder(Module& module, Function& function) : module_(module), types_(module.types), fn_(function) {}

  Module& module() { return module_; }
  TypeTable& types() { return types_; }
  Function& function() { return fn_; }

  // Makes the entry block with one parameter per parameter of the function's type, and goes there.
  void start();
  BlockId newBlock();
  ValueId addBlockParam(BlockId block, TypeId type);
  void setBlock(BlockId block) { block_ = block; }
  BlockId block() const { return block_; }
  // Does the current block already end in a terminator? What is emitted after one is dropped into a fresh, unreachable
  // block, so that callers need not care.
  bool terminated() const;
  void setLoc(Loc loc) { loc_ = loc; }
  Loc loc() const { return loc_; }
  // How many loops of the source are around what is emitted from here on; see Inst::depth.
  void setDepth(int depth) { depth_ = static_cast<uint16_t>(std::min(depth, 0xffff)); }

  ValueId param(size_t i) const { return fn_.blocks[0].params[i]; }
  TypeId typeOf(ValueId v) const { return fn_.values[v.value].type; }

  // The general form.
  ValueId emit(Op op, TypeId type, std::vector<ValueId> operands = {}, int64_t imm = 0, SymId sym = {},
               TypeId typeArg = {}, uint8_t flags = 0);

  // Constants.
  ValueId constInt(TypeId type, int64_t value) { return emit(Op::ConstInt, type, {}, value); }
  ValueId constBool(bool value) { return constInt(types_.boolType(), value); }
  ValueId constFloat(TypeId type, double value);
  ValueId constString(std::string_view bytes, TypeId type = {});
  ValueId zero(TypeId type) { return emit(Op::Zero, type); }
  ValueId funcAddr(std::string_view symbol, TypeId type) { return emit(Op::FuncAddr, type, {}, 0, module_.intern(symbol)); }
  // `type` is the variable's type; the result is a pointer to it.
  ValueId globalAddr(std::string_view symbol, TypeId type);
  ValueId typeAddr(TypeId type) { return emit(Op::TypeAddr, types_.unsafePointer(), {}, 0, {}, type); }

  // Operations whose result type follows from the operands.
  ValueId binary(Op op, ValueId a, ValueId b);  // arithmetic and comparisons
  ValueId unary(Op op, ValueId a) { return emit(op, typeOf(a), {a}); }
  ValueId convert(Op op, TypeId type, ValueId a) { return emit(op, type, {a}); }
  ValueId field(ValueId value, size_t index);
  ValueId element(ValueId array, int64_t index);
  ValueId tupleGet(ValueId tuple, size_t index);
  ValueId slicePtr(ValueId slice) { return emit(Op::SlicePtr, types_.pointer(types_.elem(typeOf(slice))), {slice}); }
  ValueId len(ValueId v) { return emit(Op::Len, types_.intType(), {v}); }
  ValueId cap(ValueId v) { return emit(Op::Cap, types_.intType(), {v}); }

  // Memory.
  ValueId local(TypeId type, std::string_view name, uint8_t flags = 0);
  ValueId newObject(TypeId type, std::string_view name = {});
  ValueId load(ValueId pointer) { return emit(Op::Load, types_.elem(typeOf(pointer)), {pointer}); }
  void store(ValueId pointer, ValueId value) { emit(Op::Store, {}, {pointer, value}); }
  void move(ValueId to, ValueId from);
  ValueId fieldAddr(ValueId pointer, size_t index);
  ValueId indexAddr(ValueId pointer, ValueId index);
  void nilCheck(ValueId pointer) { emit(Op::NilCheck, {}, {pointer}); }
  void boundsCheck(ValueId index, ValueId bound, CheckKind kind) {
    emit(Op::BoundsCheck, {}, {index, bound}, static_cast<int64_t>(kind));
  }

  // Calls. The result type comes from the function type: none, one, or a tuple.
  TypeId resultType(TypeId func);
  ValueId call(std::string_view symbol, TypeId func, std::vector<ValueId> args);
  ValueId callClosure(ValueId fn, std::vector<ValueId> args);
  ValueId callInterface(ValueId iface, size_t method, std::vector<ValueId> args);
  // The result type must be given when the runtime function has results.
  ValueId callRuntime(RuntimeFn fn, TypeId type, std::vector<ValueId> args);
  ValueId intrinsic(IntrinsicKind kind, TypeId type, std::vector<ValueId> args);

  // Control.
  void jump(BlockId to, std::vector<ValueId> args = {});
  void branch(ValueId condition, BlockId ifTrue, BlockId ifFalse);
  void branch(ValueId condition, Edge ifTrue, Edge ifFalse);
  void switchOn(ValueId value, std::vector<Edge> edges);  // the default first
  void ret(std::vector<ValueId> results);
  void unreachable() { emit(Op::Unreachable, {}); }

 private:
  Module& module_;
  TypeTable& types_;
  Function& fn_;
  BlockId block_;
  Loc loc_;
  uint16_t depth_ = 0;
  size_t locals_ = 0;  // Locals at the front of the entry block
};

}  // namespace burrow::ir
