// See verify.h. Three groups of rules: the shape of blocks and edges, definitions before uses, and each operation's types.
#include "ir/verify.h"

#include "ir/dominators.h"
#include "ir/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace burrow::ir {
namespace {

class Verifier {
 public:
  Verifier(const Module& module, const Function& fn) : module_(module), types_(module.types), fn_(fn) {}

  std::vector<std::string> run() {
    if (types_.kind(fn_.type) != TypeKind::Func) {
      problems_.push_back(fmt::format("{}: its type is not a function type", fn_.name));
      return std::move(problems_);
    }
    if (!fn_.hasBody) return std::move(problems_);
    if (fn_.blocks.empty()) {
      problems_.push_back(fmt::format("{}: no blocks", fn_.name));
      return std::move(problems_);
    }
    shape();
    if (!problems_.empty()) return std::move(problems_);
    definitions();
    // The rules of single operations look at their operands, which must exist for that.
    if (!problems_.empty()) return std::move(problems_);
    for (size_t b = 0; b < fn_.blocks.size(); b++) {
      for (ValueId v : fn_.blocks[b].insts) operation(BlockId{static_cast<uint32_t>(b)}, v);
    }
    return std::move(problems_);
  }

 private:
  template <typename... Args>
  void bad(BlockId b, ValueId v, fmt::format_string<Args...> format, Args&&... args) {
    std::string where = fmt::format("{}: b{}", fn_.name, b.value);
    if (v.isValid() && v.value < fn_.values.size()) where += fmt::format(": v{} = {}", v.value, opName(fn_[v].op));
    problems_.push_back(where + ": " + fmt::format(format, std::forward<Args>(args)...));
  }

  bool isValue(ValueId v) const { return v.isValid() && v.value < fn_.values.size(); }

  void shape() {
    const TypeData& type = types_.get(fn_.type);
    if (fn_.blocks[0].params.size() != type.params.size()) {
      bad(BlockId{0}, {}, "{} entry parameters for {} parameters", fn_.blocks[0].params.size(), type.params.size());
    }
    std::vector<bool> placed(fn_.values.size());
    for (size_t i = 0; i < fn_.blocks.size(); i++) {
      BlockId b{static_cast<uint32_t>(i)};
      const Block& block = fn_.blocks[i];
      for (const auto* list : {&block.params, &block.insts}) {
        for (ValueId v : *list) {
          if (!isValue(v)) return bad(b, {}, "no such value v{}", v.value);
          if (placed[v.value]) bad(b, v, "stands in two places");
          placed[v.value] = true;
        }
      }
      if (block.insts.empty()) {
        bad(b, {}, "empty block");
        continue;
      }
      for (size_t n = 0; n < block.insts.size(); n++) {
        const Inst& inst = fn_[block.insts[n]];
        bool last = n + 1 == block.insts.size();
        if (isTerminator(inst.op) != last) {
          const char* what = last ? "block does not end in a terminator" : "terminator inside a block";
          bad(b, block.insts[n], "{}", what);
        }
        if (inst.op == Op::Local && i != 0) bad(b, block.insts[n], "local outside of the entry block");
        if (inst.op == Op::Param) bad(b, block.insts[n], "parameter as an instruction");
        for (const Edge& e : inst.edges) {
          if (e.block.value >= fn_.blocks.size()) {
            bad(b, block.insts[n], "edge to no block");
          } else if (e.block.value == 0) {
            bad(b, block.insts[n], "edge to the entry block");
          } else if (e.args.size() != fn_[e.block].params.size()) {
            bad(b, block.insts[n], "{} values for the {} parameters of b{}", e.args.size(), fn_[e.block].params.size(),
                e.block.value);
          }
        }
        size_t expected = inst.op == Op::Jump ? 1 : inst.op == Op::Branch ? 2 : inst.op == Op::Switch ? inst.edges.size() : 0;
        if (inst.edges.size() != expected || (inst.op == Op::Switch && inst.edges.empty())) {
          bad(b, block.insts[n], "{} edges", inst.edges.size());
        }
      }
    }
    if (fn_.attributes.hasDefer != fn_.recoverBlock.isValid()) bad(BlockId{0}, {}, "hasdefer and recover block disagree");
  }

  void definitions() {
    ControlFlow flow(fn_);
    std::vector<BlockId> home(fn_.values.size());
    std::vector<uint32_t> order(fn_.values.size());
    for (size_t i = 0; i < fn_.blocks.size(); i++) {
      BlockId b{static_cast<uint32_t>(i)};
      for (ValueId v : fn_.blocks[i].params) home[v.value] = b;
      uint32_t n = 1;
      for (ValueId v : fn_.blocks[i].insts) {
        home[v.value] = b;
        order[v.value] = n++;
      }
    }
    auto use = [&](BlockId b, ValueId at, ValueId v) {
      if (!isValue(v) || !home[v.value].isValid()) return bad(b, at, "uses v{}, which is nowhere defined", v.value);
      if (!fn_[v].type.isValid()) return bad(b, at, "uses v{}, which has no result", v.value);
      if (!flow.reachable(b)) return;
      BlockId def = home[v.value];
      // Also the recovery block, which the entry does not dominate, finds the function's parameters and Locals.
      bool ofFrame = def.value == 0 && (fn_[v].op == Op::Local || fn_[v].op == Op::Param);
      bool ok = def == b ? order[v.value] < order[at.value]
                         : flow.reachable(def) && (ofFrame || flow.dominates(def, b));
      if (!ok) bad(b, at, "uses v{}, which does not dominate it", v.value);
    };
    for (size_t i = 0; i < fn_.blocks.size(); i++) {
      BlockId b{static_cast<uint32_t>(i)};
      for (ValueId v : fn_.blocks[i].insts) {
        for (ValueId o : fn_[v].operands) use(b, v, o);
        for (const Edge& e : fn_[v].edges) {
          for (size_t a = 0; a < e.args.size(); a++) {
            use(b, v, e.args[a]);
            ValueId param = fn_[e.block].params[a];
            if (isValue(e.args[a]) && fn_[e.args[a]].type != fn_[param].type) {
              bad(b, v, "passes {} for parameter v{} {}", types_.str(fn_[e.args[a]].type), param.value,
                  types_.str(fn_[param].type));
            }
          }
        }
      }
    }
  }

  TypeId typeOf(const Inst& inst, size_t operand) const { return fn_[inst.operands[operand]].type; }

  void operation(BlockId b, ValueId v);

  void callArguments(BlockId b, ValueId v, TypeId func, size_t first) {
    const Inst& inst = fn_[v];
    const TypeData& f = types_.get(func);
    if (f.kind != TypeKind::Func) return bad(b, v, "calls something that is not a function");
    if (inst.operands.size() - first != f.params.size()) {
      return bad(b, v, "{} arguments for {} parameters", inst.operands.size() - first, f.params.size());
    }
    for (size_t i = 0; i < f.params.size(); i++) {
      same(b, v, typeOf(inst, first + i), f.params[i]);
    }
    if (f.results.empty()) {
      if (inst.type.isValid()) bad(b, v, "result of a function without results");
    } else if (f.results.size() == 1) {
      same(b, v, inst.type, f.results[0]);
    } else if (!inst.type.isValid() || types_[inst.type].kind != TypeKind::Tuple || types_[inst.type].results != f.results) {
      bad(b, v, "result type is not the tuple of the function's results");
    }
  }

  void same(BlockId b, ValueId v, TypeId have, TypeId want) {
    if (have != want) bad(b, v, "has {}, wants {}", types_.str(have), types_.str(want));
  }
  void sameUnderlying(BlockId b, ValueId v, TypeId have, TypeId want) {
    if (types_.underlying(have) != types_.underlying(want)) bad(b, v, "has {}, wants {}", types_.str(have), types_.str(want));
  }

  const Module& module_;
  const TypeTable& types_;
  const Function& fn_;
  std::vector<std::string> problems_;
};

// How many operands each operation has.
struct Arity {
  Op op;
  int count;
};
constexpr int kAnyNumber = -1;  // the rules below say
constexpr Arity kArities[] = {
    {Op::ConstInt, 0},   {Op::ConstFloat, 0}, {Op::ConstString, 0}, {Op::Zero, 0},      {Op::FuncAddr, 0},
    {Op::GlobalAddr, 0}, {Op::TypeAddr, 0},   {Op::Add, 2},       {Op::Sub, 2},
    {Op::Mul, 2},        {Op::Div, 2},        {Op::Rem, 2},         {Op::And, 2},       {Op::Or, 2},
    {Op::Xor, 2},        {Op::AndNot, 2},     {Op::Shl, 2},         {Op::Shr, 2},       {Op::Neg, 1},
    {Op::Com, 1},        {Op::Not, 1},        {Op::Eq, 2},          {Op::Ne, 2},        {Op::Lt, 2},
    {Op::Le, 2},         {Op::Gt, 2},         {Op::Ge, 2},          {Op::CondSelect, 3}, {Op::Convert, 1},
    {Op::Bitcast, 1},    {Op::PtrToInt, 1},   {Op::IntToPtr, 1},    {Op::BytesToString, 1}, {Op::RunesToString, 1},
    {Op::RuneToString, 1}, {Op::StringToBytes, 1}, {Op::StringToRunes, 1}, {Op::Field, 1},
    {Op::Element, 1},    {Op::TupleGet, 1},   {Op::SliceMake, 3},   {Op::SlicePtr, 1},  {Op::StringMake, 2},
    {Op::StringPtr, 1},  {Op::StringWord, 1}, {Op::Len, 1},        {Op::Cap, 1},         {Op::ComplexMake, 2}, {Op::Real, 1},
    {Op::Imag, 1},       {Op::IfaceTab, 1},    {Op::IfaceData, 1},
    {Op::Local, 0},      {Op::New, 0},        {Op::Load, 1},        {Op::Store, 2},     {Op::Move, 2},
    {Op::ZeroMem, 1},    {Op::FieldAddr, 1},  {Op::IndexAddr, 2},   {Op::PtrAdd, 2},    {Op::NilCheck, 1},
    {Op::BoundsCheck, 2}, {Op::CheckDivide, 1}, {Op::CheckShift, 1}, {Op::KeepAlive, 1}, {Op::MakeSlice, 2},
    {Op::SliceCopy, 2},  {Op::GrowSlice, 3},  {Op::MoveSlice, 1},  {Op::MakeMap, 1},     {Op::MapGet, 2},    {Op::MapGet2, 2},
    {Op::MapAssign, 2},  {Op::MapDelete, 2},  {Op::Clear, 1},       {Op::MapIterStart, 2}, {Op::MapIterNext, 1},
    {Op::MakeChan, 1},   {Op::Send, 2},       {Op::Recv, 1},        {Op::Recv2, 1},     {Op::Close, 1},
    {Op::SelectForever, 0}, {Op::MakeIface, 1}, {Op::ConvertIface, 1}, {Op::TypeAssert, 1}, {Op::IfaceAssert, 1},
    {Op::Captured, 0},   {Op::Go, 1},          {Op::Defer, 1},     {Op::RunDefers, 0},
    {Op::Recover, 0},    {Op::Panic, 1},      {Op::Jump, 0},        {Op::Branch, 1},    {Op::Switch, 1},
    {Op::Unreachable, 0},
    {Op::StructMake, kAnyNumber},    {Op::ConcatStrings, kAnyNumber},
    {Op::Select, kAnyNumber},        {Op::Call, kAnyNumber},          {Op::CallClosure, kAnyNumber},
    {Op::CallInterface, kAnyNumber}, {Op::CallRuntime, kAnyNumber},   {Op::Intrinsic, kAnyNumber},
    {Op::Closure, kAnyNumber},       {Op::Return, kAnyNumber},
};

constexpr int kMissing = -2;
constexpr auto kArity = [] {
  std::array<int, static_cast<size_t>(Op::Param)> counts{};
  counts.fill(kMissing);
  for (const Arity& a : kArities) counts[static_cast<size_t>(a.op)] = a.count;
  return counts;
}();
static_assert(std::find(kArity.begin(), kArity.end(), kMissing) == kArity.end(), "an operation is missing in kArities");

void Verifier::operation(BlockId b, ValueId v) {
  const Inst& inst = fn_[v];
  if (int count = kArity[static_cast<size_t>(inst.op)]; count >= 0 && inst.operands.size() != static_cast<size_t>(count)) {
    return bad(b, v, "{} operands instead of {}", inst.operands.size(), count);
  }
  auto t = [&](size_t i) { return typeOf(inst, i); };
  auto kind = [&](size_t i) { return types_.kind(t(i)); };
  auto want = [&](bool condition, const char* what) {
    if (!condition) bad(b, v, "{}", what);
  };
  switch (inst.op) {
    case Op::Add: case Op::Sub: case Op::Mul: case Op::Div: case Op::Rem: case Op::And: case Op::Or: case Op::Xor:
    case Op::AndNot:
      same(b, v, t(0), inst.type);
      same(b, v, t(1), inst.type);
      want(types_.isInteger(inst.type) || (inst.op <= Op::Div && (types_.isFloat(inst.type) || types_.isComplex(inst.type))),
           "arithmetic on a type that has none");
      break;
    case Op::Shl: case Op::Shr:
      same(b, v, t(0), inst.type);
      want(types_.isInteger(inst.type) && types_.isInteger(t(1)), "shift of or by something that is no integer");
      break;
    case Op::Eq: case Op::Ne: case Op::Lt: case Op::Le: case Op::Gt: case Op::Ge:
      same(b, v, t(0), t(1));
      want(types_.kind(inst.type) == TypeKind::Bool, "comparison's result is not a bool");
      break;
    case Op::Neg: case Op::Com: case Op::Not:
      same(b, v, t(0), inst.type);
      break;
    case Op::CondSelect:
      want(kind(0) == TypeKind::Bool, "condition is not a bool");
      same(b, v, t(1), inst.type);
      same(b, v, t(2), inst.type);
      break;
    case Op::StructMake: {
      const TypeData& d = types_.get(inst.type);
      want(d.kind == TypeKind::Struct && d.fields.size() == inst.operands.size(), "operands do not fit the struct");
      if (d.fields.size() == inst.operands.size()) {
        for (size_t i = 0; i < d.fields.size(); i++) same(b, v, t(i), d.fields[i].type);
      }
      break;
    }
    case Op::Field: {
      const TypeData& d = types_.get(t(0));
      bool ok = d.kind == TypeKind::Struct && inst.imm >= 0 && static_cast<size_t>(inst.imm) < d.fields.size();
      want(ok, "no such field");
      if (!ok) break;
      TypeId field = d.fields[static_cast<size_t>(inst.imm)].type;
      same(b, v, inst.type, field);
      break;
    }
    case Op::StringWord:
      want(kind(0) == TypeKind::String && inst.imm >= 0 && types_.isInteger(inst.type) && !types_.isSigned(inst.type),
           "no word of a string");
      break;
    case Op::Element:
      want(kind(0) == TypeKind::Array && inst.imm >= 0 && inst.imm < types_.get(t(0)).length, "no such element");
      break;
    case Op::TupleGet: {
      const TypeData& d = types_[t(0)];
      bool ok = d.kind == TypeKind::Tuple && inst.imm >= 0 && static_cast<size_t>(inst.imm) < d.results.size();
      want(ok, "no such part");
      if (ok) same(b, v, inst.type, d.results[static_cast<size_t>(inst.imm)]);
      break;
    }
    case Op::Load:
      want(kind(0) == TypeKind::Pointer, "load through something that is no pointer");
      if (kind(0) == TypeKind::Pointer) same(b, v, inst.type, types_.elem(t(0)));
      break;
    case Op::Store:
      want(kind(0) == TypeKind::Pointer, "store through something that is no pointer");
      if (kind(0) == TypeKind::Pointer) same(b, v, t(1), types_.elem(t(0)));
      break;
    case Op::Local: case Op::New:
      want(types_.kind(inst.type) == TypeKind::Pointer && types_.elem(inst.type) == inst.typeArg,
           "result is not a pointer to the variable's type");
      break;
    case Op::FieldAddr: {
      bool ok = kind(0) == TypeKind::Pointer && types_.kind(types_.elem(t(0))) == TypeKind::Struct &&
                static_cast<size_t>(inst.imm) < types_.get(types_.elem(t(0))).fields.size();
      want(ok, "no such field");
      break;
    }
    case Op::IndexAddr:
      want(kind(0) == TypeKind::Pointer && types_.isInteger(t(1)), "index of something that is no pointer");
      break;
    case Op::NilCheck:
      want(types_.isPointerLike(t(0)), "nil check of something that is no pointer");
      break;
    case Op::BoundsCheck:
      want(types_.isInteger(t(0)) && types_.isInteger(t(1)) && inst.imm >= 0 &&
               inst.imm <= static_cast<int64_t>(CheckKind::SliceConvert), "bad bounds check");
      break;
    case Op::MapGet:
      want(kind(0) == TypeKind::Map, "not a map");
      if (kind(0) == TypeKind::Map) same(b, v, t(1), types_.key(t(0)));
      break;
    case Op::MapGet2: case Op::MapAssign: case Op::MapDelete:
      want(kind(0) == TypeKind::Map, "not a map");
      if (kind(0) == TypeKind::Map) same(b, v, t(1), types_.key(t(0)));
      break;
    case Op::Send:
      want(kind(0) == TypeKind::Chan, "not a channel");
      if (kind(0) == TypeKind::Chan) same(b, v, t(1), types_.elem(t(0)));
      break;
    case Op::Recv:
      want(kind(0) == TypeKind::Chan, "not a channel");
      if (kind(0) == TypeKind::Chan) same(b, v, inst.type, types_.elem(t(0)));
      break;
    case Op::Select: {
      SelectShape s = SelectShape::unpack(inst.imm);
      want(inst.operands.size() == 2u * s.sends + s.receives, "operands do not fit the cases");
      break;
    }
    case Op::MakeIface:
      same(b, v, t(0), inst.typeArg);
      want(types_.isInterface(inst.type) && !types_.isInterface(inst.typeArg), "not a concrete value made an interface");
      break;
    case Op::ConvertIface:
      want(types_.isInterface(inst.type) && types_.isInterface(t(0)), "not interfaces");
      break;
    case Op::TypeAssert: case Op::IfaceAssert:
      want(types_.isInterface(t(0)), "assertion on something that is no interface");
      want(types_.isInterface(inst.typeArg) == (inst.op == Op::IfaceAssert), "wrong kind of assertion");
      if (inst.flags & kTestOnly) {
        want(inst.op == Op::TypeAssert && types_.kind(inst.type) == TypeKind::Bool, "a test that gives no bool");
      } else if (inst.flags & kCommaOk) {
        const TypeData& d = types_[inst.type];
        want(d.kind == TypeKind::Tuple && d.results.size() == 2 && d.results[0] == inst.typeArg &&
                 types_.kind(d.results[1]) == TypeKind::Bool, "result is not the value and a bool");
      } else {
        same(b, v, inst.type, inst.typeArg);
      }
      break;
    case Op::Call:
      want(inst.sym.isValid(), "call of nothing");
      callArguments(b, v, inst.typeArg, 0);
      if (const Function* callee = module_.function(module_.str(inst.sym)); callee && callee->type.isValid()) {
        sameUnderlying(b, v, inst.typeArg, callee->type);
      }
      break;
    case Op::CallClosure:
      if (inst.operands.empty()) return bad(b, v, "call of nothing");
      callArguments(b, v, t(0), 1);
      break;
    case Op::CallInterface:
      if (inst.operands.empty() || !types_.isInterface(t(0)) ||
          static_cast<size_t>(inst.imm) >= types_.get(t(0)).methods.size()) {
        return bad(b, v, "no such method");
      }
      callArguments(b, v, types_.get(t(0)).methods[static_cast<size_t>(inst.imm)].type, 1);
      break;
    case Op::CallRuntime:
      want(inst.imm >= 0 && static_cast<size_t>(inst.imm) < runtimeFnCount(), "no such runtime function");
      break;
    case Op::Closure:
      want(types_.kind(inst.type) == TypeKind::Func, "closure that is no func value");
      if (const Function* f = module_.function(module_.str(inst.sym))) {
        want(f->captures.size() == inst.operands.size(), "captured values do not fit the function");
        for (size_t i = 0; i < f->captures.size() && i < inst.operands.size(); i++) same(b, v, t(i), f->captures[i]);
      }
      break;
    case Op::Captured:
      want(inst.imm >= 0 && static_cast<size_t>(inst.imm) < fn_.captures.size(), "no such captured variable");
      break;
    case Op::Go: case Op::Defer:
      want(kind(0) == TypeKind::Func && types_.get(t(0)).params.empty() && types_.get(t(0)).results.empty(),
           "not a func value without parameters and results");
      if (inst.op == Op::Defer) want(fn_.attributes.hasDefer, "defer in a function that is not marked");
      break;
    case Op::Recover:
      want(fn_.attributes.hasRecover, "recover in a function that is not marked");
      break;
    case Op::Branch:
      want(kind(0) == TypeKind::Bool, "condition is not a bool");
      want(inst.imm >= 0 && inst.imm <= 100, "not a percentage");
      break;
    case Op::Switch:
      want(types_.isInteger(t(0)), "switch on something that is no integer");
      break;
    case Op::Return: {
      const TypeData& f = types_.get(fn_.type);
      if (f.results.size() != inst.operands.size()) {
        bad(b, v, "{} values for {} results", inst.operands.size(), f.results.size());
        break;
      }
      for (size_t i = 0; i < f.results.size(); i++) same(b, v, t(i), f.results[i]);
      break;
    }
    default:
      break;
  }
}

}  // namespace

std::vector<std::string> verify(const Module& module, const Function& function) {
  return Verifier(module, function).run();
}

std::vector<std::string> verify(const Module& module) {
  std::vector<std::string> problems;
  for (const auto& fn : module.functions) {
    std::vector<std::string> more = verify(module, *fn);
    problems.insert(problems.end(), more.begin(), more.end());
  }
  return problems;
}

}  // namespace burrow::ir
