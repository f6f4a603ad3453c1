// Func values that closures share and that are certainly one function.
//
// The problem: what is passed to a func value that is not known goes to the heap. A local function that calls itself is called
// through a variable that it captures, and so is a function beside it:
//
//   var walk func(path []int, n *node)                v1 **func = new <func>
//   walk = func(path []int, n *node) {         ->     v2 func = closure v1 @walk.func1
//     ... walk(path, n.left) ...                      store v1, v2
//   }                                                 ... load v1 ... callclosure        here, and in func1 by captured #0
//   walk(make([]int, 0, 8), root)
//
// What is done: a variable on the heap that is stored to once, and whose address goes nowhere but into closures that treat it in
// the same way, holds that function whenever a call through it succeeds. A func value that a closure captures is what its one
// maker hands it. gc knows as much of them (regexp's compiler has such a function).
//
// Before the store the variable is nil, and a call panics; so it doesn't matter which comes first.
#include "passes/known_functions.h"

#include <optional>

namespace burrow::passes {

using namespace ir;

namespace {

class Search {
 public:
  Search(const Module& module, const std::vector<std::pair<const Function*, bool>>& functions) : module_(module) {
    for (auto [fn, tied] : functions) tied_[fn] = tied;
  }

  void run(const Function& fn) {
    for (const Block& block : fn.blocks) {
      for (ValueId v : block.insts) {
        const Inst& inst = fn[v];
        if (inst.op == Op::New && module_.types.kind(inst.typeArg) == TypeKind::Func) variable(fn, v);
        if (inst.op == Op::Closure) byValue(fn, inst);
      }
    }
  }

  std::unordered_map<const Function*, KnownFunctions> found;

 private:
  struct Uses {
    std::vector<std::pair<const Function*, ValueId>> pointers;  // the variable's address, here and in closures
    SymId stored;
  };

  static SymId functionOf(const Function& fn, ValueId v) {
    while (fn[v].op == Op::Bitcast) v = fn[v].operands[0];
    return fn[v].op == Op::Closure || fn[v].op == Op::FuncAddr ? fn[v].sym : SymId{};
  }

  // The closure's code, when no other place makes closures of it.
  const Function* tied(const Inst& closure) const {
    const Function* inner = module_.function(module_.str(closure.sym));
    auto it = tied_.find(inner);
    return it != tied_.end() && it->second ? inner : nullptr;
  }

  void variable(const Function& fn, ValueId v) {
    Uses uses;
    if (!follow(fn, v, uses) || !uses.stored.isValid()) return;
    for (auto [user, pointer] : uses.pointers) found[user][pointer.value] = uses.stored;
  }

  // Whether all that is done with the pointer p is to load, to store a function once, and to hand it to closures.
  bool follow(const Function& fn, ValueId p, Uses& uses) {
    uses.pointers.push_back({&fn, p});
    for (const Block& block : fn.blocks) {
      for (ValueId v : block.insts) {
        const Inst& inst = fn[v];
        for (size_t i = 0; i < inst.operands.size(); i++) {
          if (inst.operands[i] != p) continue;
          if (inst.op == Op::Load || inst.op == Op::NilCheck) continue;
          if (inst.op == Op::Store && i == 0 && !uses.stored.isValid()) {
            uses.stored = functionOf(fn, inst.operands[1]);
            if (!uses.stored.isValid()) return false;
          } else if (inst.op != Op::Closure || !followInto(inst, static_cast<int64_t>(i), uses)) {
            return false;
          }
        }
        for (const Edge& e : inst.edges) {
          for (ValueId a : e.args) {
            if (a == p) return false;
          }
        }
      }
    }
    return true;
  }

  bool followInto(const Inst& closure, int64_t number, Uses& uses) {
    const Function* inner = tied(closure);
    if (inner == nullptr) return false;
    for (const Block& block : inner->blocks) {
      for (ValueId v : block.insts) {
        if ((*inner)[v].op == Op::Captured && (*inner)[v].imm == number && !follow(*inner, v, uses)) return false;
      }
    }
    return true;
  }

  void byValue(const Function& fn, const Inst& closure) {
    const Function* inner = tied(closure);
    if (inner == nullptr) return;
    for (size_t i = 0; i < closure.operands.size(); i++) {
      const SymId known = functionOf(fn, closure.operands[i]);
      if (!known.isValid()) continue;
      for (const Block& block : inner->blocks) {
        for (ValueId v : block.insts) {
          if ((*inner)[v].op == Op::Captured && (*inner)[v].imm == static_cast<int64_t>(i)) found[inner][v.value] = known;
        }
      }
    }
  }

  const Module& module_;
  std::unordered_map<const Function*, bool> tied_;
};

}  // namespace

std::unordered_map<const Function*, KnownFunctions> knownFunctions(
    const Module& module, const std::vector<std::pair<const Function*, bool>>& functions) {
  Search search(module, functions);
  // A function that is looked at alone makes no closure that could call it.
  if (functions.size() > 1) {
    for (auto [fn, tied] : functions) search.run(*fn);
  }
  return std::move(search.found);
}

}  // namespace burrow::passes
