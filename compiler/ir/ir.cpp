// Names and look-ups of Burrow IR; see ir.h.
#include "ir/ir.h"

namespace burrow::ir {
namespace {

enum OpFlag : uint8_t { kTerm, kEffect, kPure, kReads, kMakes, kPanics };

struct OpInfo {
  std::string_view name;
  OpFlag flag;
};
constexpr OpInfo kOps[] = {
#define OP(name, text, flag) {text, flag},
#include "ir/op.def"
#undef OP
    {"param", kPure},
};

constexpr std::string_view kIntrinsics[] = {
#define INTRINSIC(name, text) text,
#include "ir/intrinsic.def"
#undef INTRINSIC
};

constexpr RuntimeFnInfo kRuntimeFns[] = {
#define RUNTIME_FN(name, symbol, results, params, flags) {#name, symbol, results, params, flags},
#include "abi/functions.def"
#undef RUNTIME_FN
};

}  // namespace

std::string_view opName(Op op) { return kOps[static_cast<size_t>(op)].name; }

std::optional<Op> opByName(std::string_view name) {
  static const auto* map = [] {
    auto* m = new std::unordered_map<std::string_view, Op>;
    for (size_t i = 0; i < std::size(kOps); i++) m->emplace(kOps[i].name, static_cast<Op>(i));
    return m;
  }();
  auto it = map->find(name);
  if (it == map->end()) return std::nullopt;
  return it->second;
}

static OpFlag flagOf(Op op) { return kOps[static_cast<size_t>(op)].flag; }
bool isTerminator(Op op) { return flagOf(op) == kTerm; }
bool isPure(Op op) { return flagOf(op) == kPure; }
bool isRemovable(Op op) {
  const OpFlag flag = flagOf(op);
  return flag == kPure || flag == kReads || flag == kMakes;
}
bool mayWrite(Op op) { return flagOf(op) == kEffect; }

bool allocates(Op op) {
  switch (op) {
    case Op::New: case Op::MakeSlice: case Op::MakeIface: case Op::Closure: case Op::MakeMap: case Op::BytesToString:
    case Op::RunesToString: case Op::RuneToString: case Op::StringToBytes: case Op::StringToRunes: case Op::ConcatStrings:
      return true;
    default:
      return false;
  }
}

std::string_view intrinsicName(IntrinsicKind kind) { return kIntrinsics[static_cast<size_t>(kind)]; }

std::optional<IntrinsicKind> intrinsicByName(std::string_view name) {
  for (size_t i = 0; i < std::size(kIntrinsics); i++) {
    if (kIntrinsics[i] == name) return static_cast<IntrinsicKind>(i);
  }
  return std::nullopt;
}

const RuntimeFnInfo& runtimeFn(RuntimeFn fn) { return kRuntimeFns[static_cast<size_t>(fn)]; }
size_t runtimeFnCount() { return std::size(kRuntimeFns); }

SymId Module::intern(std::string_view s) {
  if (s.empty()) return {};
  auto [it, added] = symbolIds_.try_emplace(std::string(s), static_cast<uint32_t>(symbols_.size()));
  if (added) symbols_.emplace_back(s);
  return SymId{it->second};
}

Function* Module::function(std::string_view name) const {
  auto it = functionsByName_.find(std::string(name));
  return it == functionsByName_.end() ? nullptr : it->second;
}

Global* Module::global(std::string_view name) const {
  auto it = globalsByName_.find(std::string(name));
  return it == globalsByName_.end() ? nullptr : it->second;
}

Function& Module::addFunction(std::string name, TypeId type) {
  Function& fn = *functions.emplace_back(std::make_unique<Function>());
  fn.name = std::move(name);
  fn.type = type;
  functionsByName_[fn.name] = &fn;
  return fn;
}

Global& Module::addGlobal(std::string name, TypeId type) {
  Global& global = *globals.emplace_back(std::make_unique<Global>());
  global.name = std::move(name);
  global.type = type;
  globalsByName_[global.name] = &global;
  return global;
}

}  // namespace burrow::ir
