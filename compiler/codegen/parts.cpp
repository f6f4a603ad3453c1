// See parts.h.
//
// Units are functions with the literals in them; they are sorted by where they stand in the source, instances of generic
// functions and wrappers behind everything else (nobody reads them together with anything), and then cut into parts.
#include "codegen/parts.h"

#include "codegen/function_lowering.h"
#include "codegen/symbol_names.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace burrow::codegen {

namespace {

constexpr uint32_t kNone = UINT32_MAX;

// A literal's function: "p.F.func1.2" is in "p.F.func1", "p.F-range1" in "p.F". gc names so what is made of a go or defer
// statement (gowrap1, deferwrap1), too.
const ir::Function* enclosing(const ir::Module& module, const ir::Function& fn) {
  if (!fn.inlining.literal && !fn.attributes.statement && fn.linkage != ir::Linkage::Internal) return nullptr;
  std::string_view name = fn.name;
  for (;;) {
    const size_t at = name.find_last_of(".-");
    if (at == std::string_view::npos || name.find_first_of("/])", at) != std::string_view::npos) return nullptr;
    name = name.substr(0, at);
    if (const ir::Function* f = module.function(name); f != nullptr && f->hasBody) return f;
  }
}

bool refersToFunction(ir::Op op) { return op == ir::Op::Call || op == ir::Op::FuncAddr || op == ir::Op::Closure; }

class Partitioner {
 public:
  Partitioner(const ir::Module& module, const PartLimits& limits) : module_(module), limits_(limits) {}

  Partition run() {
    const auto n = static_cast<uint32_t>(module_.functions.size());
    result_.visible.resize(n);
    partOf_.assign(n, kNone);
    root_.assign(n, kNone);
    for (uint32_t i = 0; i < n; i++) numbers_.emplace(module_.functions[i].get(), i);
    makeUnits();
    cut();
    if (result_.isWhole()) return std::move(result_);
    findCopies();
    findVisible();
    return std::move(result_);
  }

 private:
  struct Unit {
    std::vector<uint32_t> functions;
    size_t values = 0;
    int kind = 0;  // 0: runs always, 1: of the source, 2: instance, 3: wrapper
    uint32_t file = 0, line = 0;
    auto order() const { return std::tuple(kind, file, line, functions[0]); }
  };

  uint32_t numberOf(std::string_view name) {
    const ir::Function* fn = module_.function(name);
    return fn == nullptr ? kNone : numbers_.at(fn);
  }

  uint32_t rootOf(uint32_t i) {
    uint32_t& root = root_[i];
    if (root != kNone) return root;
    const ir::Function* outer = enclosing(module_, *module_.functions[i]);
    return root = outer == nullptr ? i : rootOf(numbers_.at(outer));
  }

  void makeUnits() {
    std::unordered_set<std::string_view> starts(module_.initFunctions.begin(), module_.initFunctions.end());
    std::unordered_map<uint32_t, size_t> unitOf;
    for (uint32_t i = 0; i < module_.functions.size(); i++) {
      const ir::Function& fn = *module_.functions[i];
      if (!fn.hasBody) continue;
      const uint32_t root = rootOf(i);
      auto [it, isNew] = unitOf.try_emplace(root, units_.size());
      if (isNew) {
        const ir::Function& first = *module_.functions[root];
        Unit unit;
        unit.kind = first.attributes.wrapper                     ? 3
                    : first.linkage == ir::Linkage::LinkOnce ? 2
                    : starts.contains(first.name)                ? 0
                                                                 : 1;
        unit.file = first.scopes.empty() ? 0 : first.scopes[0].file;
        unit.line = first.startLine;
        units_.push_back(std::move(unit));
      }
      units_[it->second].functions.push_back(i);
      units_[it->second].values += valuesOf(fn) + limits_.function;
    }
    std::sort(units_.begin(), units_.end(), [](const Unit& a, const Unit& b) { return a.order() < b.order(); });
  }

  void cut() {
    size_t all = 0, always = 0;
    for (const Unit& unit : units_) {
      all += unit.values;
      if (unit.kind == 0) always += unit.values;
    }
    result_.parts.resize(1);
    if (all <= limits_.part) {
      for (const Unit& unit : units_) put(unit, 0);
      std::sort(result_.parts[0].functions.begin(), result_.parts[0].functions.end());
      return;
    }
    size_t filled = limits_.part;  // of the last part, so far; part 0 counts as full
    int kind = 0;
    for (const Unit& unit : units_) {
      if (unit.kind == 0 && always <= limits_.part) {
        put(unit, 0);
        continue;
      }
      const size_t limit = unit.kind == 3 ? limits_.wrappers : limits_.part;
      if (result_.parts.size() == 1 || filled >= limit || unit.kind != kind || filled + unit.values > limit + limit / 2) {
        result_.parts.emplace_back();
        filled = 0;
      }
      kind = unit.kind;
      put(unit, static_cast<uint32_t>(result_.parts.size() - 1));
      filled += unit.values;
    }
  }

  void put(const Unit& unit, uint32_t part) {
    for (uint32_t i : unit.functions) {
      result_.parts[part].functions.push_back(i);
      partOf_[i] = part;
    }
  }

  // The functions that one refers to, each once.
  const std::vector<uint32_t>& callees(uint32_t i) {
    if (callees_.empty()) callees_.resize(module_.functions.size());
    auto& known = callees_[i];
    if (known) return *known;
    known.emplace();
    const ir::Function& fn = *module_.functions[i];
    std::unordered_set<uint32_t> seen;
    for (const ir::Block& block : fn.blocks) {
      for (ir::ValueId v : block.insts) {
        const ir::Inst& inst = fn[v];
        if (!refersToFunction(inst.op) || !seen.insert(inst.sym.value).second) continue;
        if (uint32_t callee = numberOf(module_.str(inst.sym)); callee != kNone) known->push_back(callee);
      }
    }
    return *known;
  }

  bool isCopied(uint32_t i, size_t limit) {
    const ir::Function& fn = *module_.functions[i];
    const ir::FunctionAttributes& a = fn.attributes;
    return fn.hasBody && !a.noInline && !a.hasRecover && !a.hasDefer && valuesOf(fn) <= limit && !FunctionLowering::seesItsFrame(fn);
  }

  // Whether a function calls one of its parameters, or hands it on.
  bool callsParameter(const ir::Function& fn) {
    for (const ir::Block& block : fn.blocks) {
      for (ir::ValueId v : block.insts) {
        const ir::Inst& inst = fn[v];
        if (inst.op != ir::Op::Call && inst.op != ir::Op::CallClosure) continue;
        for (ir::ValueId operand : inst.operands) {
          if (isFuncParameter(fn, operand)) return true;
          if (inst.op == ir::Op::CallClosure) break;  // the first one is what is called
        }
      }
    }
    return false;
  }

  bool isFuncParameter(const ir::Function& fn, ir::ValueId v) {
    const std::vector<ir::ValueId>& params = fn.blocks[0].params;
    return module_.types.kind(fn[v].type) == ir::TypeKind::Func && std::find(params.begin(), params.end(), v) != params.end();
  }

  // What a function calls with a func value that is known: known_closures.cpp needs its body. In a function that is here for this
  // reason its own parameter is known.
  std::vector<uint32_t> calledWithKnown(uint32_t i, bool knowsParameter) {
    std::vector<uint32_t> list;
    const ir::Function& fn = *module_.functions[i];
    for (const ir::Block& block : fn.blocks) {
      for (ir::ValueId v : block.insts) {
        const ir::Inst& inst = fn[v];
        if (inst.op != ir::Op::Call) continue;
        bool known = false;
        for (ir::ValueId operand : inst.operands) {
          known |= fn[operand].op == ir::Op::FuncAddr || (knowsParameter && isFuncParameter(fn, operand));
        }
        if (!known) continue;
        const uint32_t callee = numberOf(module_.str(inst.sym));
        if (callee != kNone && isCopied(callee, limits_.copyForKnown) && callsParameter(*module_.functions[callee])) list.push_back(callee);
      }
    }
    return list;
  }

  void findCopies() {
    if (limits_.copy == 0) return;
    std::vector<uint32_t> copiedInto(module_.functions.size(), kNone);
    for (uint32_t p = 0; p < result_.parts.size(); p++) {
      Part& part = result_.parts[p];
      std::vector<uint32_t> work = part.functions;
      std::unordered_set<uint32_t> known;
      auto copy = [&](uint32_t callee) {
        if (partOf_[callee] == p || partOf_[callee] == kNone || copiedInto[callee] == p) return;
        copiedInto[callee] = p;
        part.copies.push_back(callee);
        work.push_back(callee);
      };
      for (size_t k = 0; k < work.size(); k++) {
        const uint32_t i = work[k];
        for (uint32_t callee : calledWithKnown(i, known.contains(i))) {
          copy(callee);
          if (known.insert(callee).second) work.push_back(callee);  // once more, when it was looked at before
        }
        for (uint32_t callee : callees(i)) {
          if (isCopied(callee, limits_.copy)) copy(callee);
        }
      }
      std::sort(part.copies.begin(), part.copies.end());
    }
  }

  void seenFrom(uint32_t part, std::string_view name) {
    if (uint32_t i = numberOf(name); i != kNone && partOf_[i] != part) result_.visible[i] = true;
  }

  void findVisible() {
    for (uint32_t p = 0; p < result_.parts.size(); p++) {
      for (const std::vector<uint32_t>* list : {&result_.parts[p].functions, &result_.parts[p].copies}) {
        for (uint32_t i : *list) {
          for (uint32_t callee : callees(i)) {
            if (partOf_[callee] != p) result_.visible[callee] = true;
          }
        }
      }
    }
    // Read-only data are copied as well, so what they refer to counts for all parts.
    for (const auto& global : module_.globals) {
      for (const ir::Global::Reloc& r : global->relocs) {
        if (r.kind != ir::Global::Reloc::FuncValue && r.kind != ir::Global::Reloc::FuncCode) continue;
        seenFrom(global->readOnly ? kNone : 0, module_.str(r.sym));
      }
    }
    for (const std::string& name : module_.initFunctions) seenFrom(0, name);
    // Descriptors and itabs come with whatever part asks for them.
    for (uint32_t t = 1; t < module_.types.size(); t++) {
      const ir::TypeId type{t};
      if (!module_.types.hasMethods(type)) continue;
      for (const ir::Method& m : module_.types.methodsOf(type)) {
        seenFrom(kNone, m.ifn);
        seenFrom(kNone, m.tfn);
      }
    }
  }

  const ir::Module& module_;
  const PartLimits& limits_;
  Partition result_;
  std::unordered_map<const ir::Function*, uint32_t> numbers_;
  std::vector<uint32_t> partOf_, root_;
  std::vector<Unit> units_;
  std::vector<std::optional<std::vector<uint32_t>>> callees_;
};

}  // namespace

size_t valuesOf(const ir::Function& fn) {
  size_t n = 0;
  for (const ir::Block& block : fn.blocks) n += block.insts.size();
  return n;
}

Partition partition(const ir::Module& module, const PartLimits& limits) { return Partitioner(module, limits).run(); }

std::vector<std::string> definedSymbols(const ir::Module& module, const Partition& partition, size_t part) {
  std::vector<std::string> symbols;
  for (uint32_t i : partition.parts[part].functions) {
    const ir::Function& fn = *module.functions[i];
    const bool defined = fn.linkage == ir::Linkage::External || partition.visible[i] || fn.attributes.keep;
    if (defined) symbols.push_back(symbolName(fn.name));
  }
  return symbols;
}

}  // namespace burrow::codegen
