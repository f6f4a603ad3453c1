// inline: calls of small functions are replaced by their bodies, and calls through interfaces and func values by direct ones.
//
// The gain is less the call than what is seen afterwards. Escape analysis, which runs next, finds that an object does not
// leave the function that uses it; LLVM finds constants. So this has to happen here, across packages, and before escape
// analysis; LLVM's own inliner, which only sees a package, comes too late for that and does the rest.
//
//   func F(xs []T) *T { return &xs[0] }     F can be inlined: cost 6
//   p := F(list); use(*p)                   p points into list, nothing of F is left
//
// Which functions can be inlined is decided as gc does: the cost of the source (irgen/inline_cost.cpp) and of its calls (a
// callee that is inlined in turn costs what its body does, another call 57) is at most 80; nothing that needs a frame of its
// own is in there. A function literal may cost more, most if it is called in one place only.
//
// Callees come first, so that a body is copied with all that was inlined into it. Functions that call themselves may be
// inlined, but no call becomes the body of a function that it already stands in. New calls that turn up in an inlined body
// (of a func value that came in as an argument) are looked at in turn.
//
// What must not be inlined: functions that defer, recover or ask for their caller's frame; into wrappers nothing is inlined,
// because tracebacks and recover look through their whole frames.
//
// Bodies of other packages come from ir/transfer.h; those of this package that others may want go there.
#include "ir/transfer.h"
#include "ir/scopes.h"
#include "passes/components.h"
#include "passes/inline_body.h"
#include "passes/passes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace burrow::passes {

using namespace ir;

namespace {

// gc's numbers.
constexpr int kBudget = 80, kCall = 57, kParamCall = 17, kThrow = 80;
constexpr int kLiteralBudget = 2 * kBudget, kCalledOnceBudget = 10 * kBudget;
constexpr size_t kBigFunction = 5000;  // values
constexpr int kBigFunctionBudget = 20;

struct Decision {
  bool can = false;
  int cost = 0;
  std::string obstacle;
};

class Inlining {
 public:
  Inlining(Module& module, const PassContext& context) : module_(module), context_(context) {
    if (context.bodies != nullptr) importer_.emplace(module, *context.bodies, context.visible);
  }

  void run() {
    std::vector<Function*> functions;
    std::unordered_map<const Function*, uint32_t> ids;
    for (auto& fn : module_.functions) {
      if (!fn->hasBody) continue;
      ids[fn.get()] = static_cast<uint32_t>(functions.size());
      functions.push_back(fn.get());
    }
    std::vector<std::vector<uint32_t>> out(functions.size());
    for (size_t i = 0; i < functions.size(); i++) {
      const Function& fn = *functions[i];
      for (const Block& block : fn.blocks) {
        for (ValueId v : block.insts) {
          const Inst& inst = fn[v];
          if (inst.op != Op::Call && inst.op != Op::FuncAddr && inst.op != Op::Closure) continue;
          auto it = ids.find(module_.function(module_.str(inst.sym)));
          if (it != ids.end()) out[i].push_back(it->second);
        }
      }
    }
    std::optional<BodyExporter> exporter;
    if (context_.exported != nullptr) exporter.emplace(module_);
    for (const std::vector<uint32_t>& members : components(out)) {
      for (uint32_t m : members) decide(*functions[m]);
      for (uint32_t m : members) inlineInto(*functions[m]);
      for (uint32_t m : members) {
        const Function& fn = *functions[m];
        if (exporter && fn.linkage == Linkage::External && decisions_.at(&fn).can && exporter->add(fn)) exportLiterals(*exporter, fn);
      }
    }
    if (exporter) *context_.exported = exporter->finish();
  }

  // The function literals in an exported body: who gets an iterator from another package can have its loop in place.
  void exportLiterals(BodyExporter& exporter, const Function& fn) {
    for (const Block& block : fn.blocks) {
      for (ValueId v : block.insts) {
        if (fn[v].op != Op::Closure && fn[v].op != Op::FuncAddr) continue;
        const Function* literal = module_.function(module_.str(fn[v].sym));
        if (literal == nullptr || !literal->hasBody || !literal->inlining.literal || !exported_.insert(literal).second) continue;
        auto it = decisions_.find(literal);
        if (it != decisions_.end() && it->second.can && exporter.add(*literal)) exportLiterals(exporter, *literal);
      }
    }
  }

  // For -l: gc does that much all the same.
  void devirtualizeOnly() {
    for (size_t i = 0; i < module_.functions.size(); i++) {
      Function& fn = *module_.functions[i];
      if (!fn.hasBody || fn.attributes.wrapper) continue;
      const BodyInliner body(module_, fn);
      for (uint32_t b = 0; b < fn.blocks.size(); b++) {
        for (size_t i = 0; i < fn.blocks[b].insts.size(); i++) {
          if (fn[fn.blocks[b].insts[i]].op == Op::CallInterface) devirtualize(fn, body, BlockId{b}, i);
        }
      }
    }
  }

 private:
  // --- what can be inlined

  static bool needsFrame(const Inst& inst) {
    switch (inst.op) {
      case Op::Go: case Op::Defer: case Op::RunDefers: case Op::Recover:
        return true;
      case Op::CallRuntime: {
        const auto fn = static_cast<RuntimeFn>(inst.imm);
        return fn == RuntimeFn::DeferProc || fn == RuntimeFn::GoRecover;
      }
      case Op::Intrinsic:
        switch (static_cast<IntrinsicKind>(inst.imm)) {
          case IntrinsicKind::CallerPC: case IntrinsicKind::CallerSP: case IntrinsicKind::ClosurePtr:
          case IntrinsicKind::DeferFrame: case IntrinsicKind::ReturnSlot:
            return true;
          default:
            return false;
        }
      default:
        return false;
    }
  }

  // Calls that cost nothing beside the node: they vanish in LLVM.
  static bool isCheap(std::string_view symbol) {
    return symbol.starts_with("internal/byteorder.") || symbol.starts_with("encoding/binary.littleEndian.") ||
           symbol.starts_with("encoding/binary.bigEndian.") || symbol == "internal/abi.NoEscape";
  }

  int callCost(std::string_view symbol) {
    if (isCheap(symbol)) return 0;
    if (symbol == "runtime.throw") return kThrow;
    const Function* callee = module_.function(symbol);
    if (callee != nullptr && callee->hasBody) {
      auto it = decisions_.find(callee);
      return it != decisions_.end() && it->second.can && it->second.cost <= budget(*callee) ? it->second.cost : kCall;
    }
    const Function* imported = importer_ ? importer_->find(symbol) : nullptr;
    return imported != nullptr && imported->inlining.cost <= budget(*imported) ? imported->inlining.cost : kCall;
  }

  static int budget(const Function& fn) { return fn.inlining.literal ? kLiteralBudget : kBudget; }

  void decide(Function& fn) {
    Decision& d = decisions_[&fn];
    if (fn.inlining.cost < 0) {
      // The closure of a go or defer statement is one call; nothing but the runtime makes it, so saying so is all.
      if (fn.attributes.statement && !fn.attributes.hasRecover && !fn.captures.empty()) {
        say(fn, Loc{fn.startLine, 0, 0}, "can inline " + shown(fn.name));
      }
      return;
    }
    d.cost = fn.inlining.cost;
    d.obstacle = fn.inlining.obstacle;
    if (fn.attributes.noInline && d.obstacle.empty()) d.obstacle = "marked go:noinline";
    bool frame = fn.attributes.hasDefer || fn.attributes.hasRecover || fn.recoverBlock.isValid();
    const BodyInliner values(module_, fn);
    for (const Block& block : fn.blocks) {
      for (ValueId v : block.insts) {
        const Inst& inst = fn[v];
        frame |= needsFrame(inst);
        if (inst.op == Op::CallInterface) d.cost += kCall;
        if (inst.op == Op::Call) d.cost += callCost(module_.str(inst.sym));
        if (inst.op != Op::CallClosure) continue;
        const Inst& callee = fn[values.origin(inst.operands[0])];
        if (callee.op == Op::FuncAddr || callee.op == Op::Closure) {
          d.cost += callCost(module_.str(callee.sym));
        } else {
          d.cost += callee.op == Op::Param || callee.op == Op::Captured ? kParamCall : kCall;
        }
      }
    }
    const int most = fn.inlining.literal ? kCalledOnceBudget : kBudget;
    if (d.obstacle.empty() && frame) d.obstacle = "needs its own frame";
    if (d.obstacle.empty() && d.cost > most) {
      d.obstacle = fmt::format("function too complex: cost {} exceeds budget {}", d.cost, most);
    }
    d.can = d.obstacle.empty();
    fn.inlining.obstacle = d.obstacle;
    if (d.can) fn.inlining.cost = d.cost;
    if (context_.notes == nullptr) return;
    std::string name = shown(fn.name);
    if (d.can && context_.reasons) {
      say(fn, fn.inlining.pos, fmt::format("can inline {} with cost {} as: {} {{ ... }}", name, d.cost, module_.types.goString(fn.type)));
    } else if (d.can) {
      say(fn, fn.inlining.pos, "can inline " + name);
    } else if (context_.reasons) {
      say(fn, fn.inlining.pos, fmt::format("cannot inline {}: {}", name, d.obstacle));
    }
  }

  // --- messages

  // As gc shows a function: without the path of this package, with the name of another one.
  std::string shown(std::string_view symbol) const {
    const size_t end = std::min(symbol.find('['), symbol.size());
    const size_t slash = symbol.substr(0, end).rfind('/');
    const size_t start = slash == std::string_view::npos ? 0 : slash + 1;
    const size_t dot = symbol.find('.', start);
    if (dot == std::string_view::npos) return std::string(symbol);
    if (symbol.substr(0, dot) == module_.path) return std::string(symbol.substr(dot + 1));
    return std::string(symbol.substr(start));
  }

  std::string shownType(TypeId t) const {
    std::string text = module_.types.goString(t);
    const size_t at = text.starts_with('*') ? 1 : 0;
    if (text.compare(at, module_.name.size() + 1, module_.name + ".") == 0) text.erase(at, module_.name.size() + 1);
    return text;
  }

  void say(const Function& fn, Loc loc, std::string text) {
    if (context_.notes == nullptr || fn.scopes.empty()) return;
    const uint32_t file = outermost(fn, loc);
    if (loc.line != 0) context_.notes->push_back({file, loc.line, loc.column, std::move(text)});
  }

  // --- calls

  void inlineInto(Function& fn) {
    if (fn.attributes.wrapper) return;
    if (context_.reasons && fn.values.size() > kBigFunction) {
      say(fn, fn.inlining.pos, fmt::format("function {} considered 'big'; reducing max cost of inlinees", shown(fn.name)));
    }
    BodyInliner body(module_, fn);
    const bool big = fn.values.size() > kBigFunction;
    for (uint32_t b = 0; b < fn.blocks.size(); b++) {
      for (size_t i = 0; i < fn.blocks[b].insts.size();) {
        if (fn[fn.blocks[b].insts[i]].op == Op::CallInterface) devirtualize(fn, body, BlockId{b}, i);
        if (!inlineCall(fn, body, BlockId{b}, i, big)) i++;
      }
    }
    body.finish();
    if (!body.changed()) return;
    const std::vector<ValueId> checked = dropChecksOfLiterals(fn);
    cleanup(module_, fn);
    if (context_.notes != nullptr) reportLiterals(fn, checked);
  }

  // Calls check their func value for nil. Where that is a literal the check can't fail, and would keep a closure alive whose
  // calls have all become its body; with it would stay what it captures, as memory of whoever gets the closure. Returns the
  // literals.
  static std::vector<ValueId> dropChecksOfLiterals(Function& fn) {
    std::vector<ValueId> literals;
    for (Block& block : fn.blocks) {
      std::erase_if(block.insts, [&](ValueId v) {
        if (fn[v].op != Op::NilCheck) return false;
        ValueId of = fn[v].operands[0];
        while (fn[of].op == Op::Bitcast) of = fn[of].operands[0];
        if (fn[of].op != Op::Closure && fn[of].op != Op::FuncAddr) return false;
        literals.push_back(of);
        return true;
      });
    }
    return literals;
  }

  // Escape analysis does not see a literal that is gone; gc does, and says of it what is true all the more.
  void reportLiterals(const Function& fn, std::span<const ValueId> literals) {
    std::unordered_set<uint32_t> kept;
    for (const Block& block : fn.blocks) {
      for (ValueId v : block.insts) kept.insert(v.value);
    }
    for (ValueId v : literals) {
      const std::string_view name = module_.str(fn[v].sym);
      const bool shown = fn[v].op == Op::Closure && !name.ends_with("-fm") && name.find("-range") == std::string_view::npos;
      if (shown && kept.insert(v.value).second) say(fn, fn[v].loc, "func literal does not escape");
    }
  }

  bool implements(TypeId type, TypeId iface) const {
    const std::vector<Method>& has = module_.types.methodsOf(type);
    for (const InterfaceMethod& wanted : module_.types.get(iface).methods) {
      auto same = [&](const Method& m) { return m.name == wanted.name && m.pkgPath == wanted.pkgPath && m.type == wanted.type; };
      if (std::none_of(has.begin(), has.end(), same)) return false;
    }
    return true;
  }

  // A method that is promoted from an embedded interface.
  static bool callsInterface(const Function& method) {
    if (!method.attributes.wrapper) return false;
    for (const Block& block : method.blocks) {
      for (ValueId v : block.insts) {
        if (method[v].op == Op::CallInterface) return true;
      }
    }
    return false;
  }

  // The value in an interface that is of this type or nil, which the call has to find out; in front of the call, whose place
  // moves on.
  ValueId valueIn(Function& fn, ValueId iface, TypeId type, BlockId b, size_t& index) {
    const Loc loc = fn[fn[b].insts[index]].loc;
    auto emit = [&](Op op, TypeId t, ValueId of) {
      const ValueId v{static_cast<uint32_t>(fn.values.size())};
      Inst& inst = fn.values.emplace_back();
      inst.op = op;
      inst.type = t;
      inst.loc = loc;
      inst.operands = {of};
      std::vector<ValueId>& insts = fn[b].insts;
      insts.insert(insts.begin() + static_cast<ptrdiff_t>(index++), v);
      return v;
    };
    TypeTable& types = module_.types;
    emit(Op::NilCheck, {}, emit(Op::IfaceTab, types.unsafePointer(), iface));
    if (types.isDirectIface(type) && !types.isPointerLike(type)) {
      const ValueId v = emit(Op::TypeAssert, type, iface);
      fn[v].typeArg = type;
      return v;
    }
    const ValueId data = emit(Op::IfaceData, types.unsafePointer(), iface);
    if (types.isDirectIface(type)) return emit(Op::Bitcast, type, data);
    return emit(Op::Load, type, emit(Op::Bitcast, types.pointer(type), data));
  }

  // A method call on what is certainly of one type, at `index` of its block.
  void devirtualize(Function& fn, const BodyInliner& body, BlockId b, size_t& index) {
    const ValueId call = fn[b].insts[index];
    std::vector<TypeId> asserted;
    const ValueId from = body.origin(fn[call].operands[0], &asserted);
    const bool known = fn[from].op == Op::MakeIface &&
                       std::all_of(asserted.begin(), asserted.end(), [&](TypeId i) { return implements(fn[from].typeArg, i); });
    const TypeId type = known ? fn[from].typeArg : body.concreteType(fn[call].operands[0]);
    if (!type.isValid()) return;
    const TypeId iface = fn[body.real(fn[call].operands[0])].type;
    const InterfaceMethod wanted = module_.types.get(iface).methods[static_cast<size_t>(fn[call].imm)];
    for (const Method& m : module_.types.methodsOf(type)) {
      // Of another type it is behind an assertion that does not hold for this type.
      if (m.name != wanted.name || m.pkgPath != wanted.pkgPath || m.type != wanted.type || m.tfn.empty()) continue;
      const Function* callee = module_.function(m.tfn);
      const TypeData& signature = module_.types.get(m.type);
      std::vector<TypeId> params = signature.params;
      params.insert(params.begin(), type);
      const TypeId of = module_.types.func(std::move(params), signature.results, signature.variadic);
      if (callee == nullptr) {
        callee = &module_.addFunction(m.tfn, of);
      } else if (callee->type != of) {
        return;
      }
      if (context_.notes != nullptr && fn[call].sym.isValid()) {
        say(fn, fn[call].loc, fmt::format("{}devirtualizing{} to {}", callsInterface(*callee) ? "partially " : "",
                                             module_.str(fn[call].sym), shownType(type)));
      }
      const ValueId receiver = known ? fn[from].operands[0] : valueIn(fn, fn[call].operands[0], type, b, index);
      Inst& inst = fn[call];
      inst.op = Op::Call;
      inst.sym = module_.intern(m.tfn);
      inst.typeArg = of;
      inst.imm = 0;
      inst.operands[0] = receiver;
      return;
    }
  }

  bool standsIn(const Function& fn, uint16_t scope, SymId callee) const {
    for (; scope != 0; scope = fn.scopes[scope].parent) {
      if (fn.scopes[scope].function == callee) return true;
    }
    return false;
  }

  // Is the closure called in one place of the function?
  static bool calledOnce(const Function& fn, const BodyInliner& body, ValueId closure) {
    int calls = 0;
    for (const Block& block : fn.blocks) {
      for (ValueId v : block.insts) {
        if (fn[v].op == Op::CallClosure && body.origin(fn[v].operands[0]) == closure) calls++;
      }
    }
    return calls == 1;
  }

  bool inlineCall(Function& fn, BodyInliner& body, BlockId b, size_t index, bool big) {
    const ValueId call = fn[b].insts[index];
    if (fn[call].op != Op::Call && fn[call].op != Op::CallClosure) return false;
    SymId symbol = fn[call].sym;
    ValueId closure;
    std::vector<ValueId> captures;
    if (fn[call].op == Op::CallClosure) {
      closure = body.origin(fn[call].operands[0]);
      if (fn[closure].op != Op::FuncAddr && fn[closure].op != Op::Closure) return false;
      symbol = fn[closure].sym;
      captures = fn[closure].operands;
    }
    const std::string_view name = module_.str(symbol);
    const Function* callee = module_.function(name);
    int cost = 0;
    if (callee != nullptr && callee->hasBody) {
      auto it = decisions_.find(callee);
      if (it == decisions_.end() || !it->second.can) return false;
      cost = it->second.cost;
    } else {
      callee = importer_ ? importer_->find(name) : nullptr;
      if (callee == nullptr) return false;
      cost = callee->inlining.cost;
    }
    int most = big ? kBigFunctionBudget : kBudget;
    if (callee->inlining.literal) most *= 2;
    if (callee == &fn || standsIn(fn, fn[call].loc.scope, symbol) || !body.hasRoom(*callee)) return false;
    if (cost > most) {
      if (!callee->inlining.literal || cost > kCalledOnceBudget || !closure.isValid() || !calledOnce(fn, body, closure)) return false;
    }
    std::vector<ValueId> args = fn[call].operands;
    if (closure.isValid()) args.erase(args.begin());
    const std::vector<TypeId> params = module_.types.get(callee->type).params;
    if (args.size() != params.size()) return false;
    for (size_t i = 0; i < args.size(); i++) {
      if (fn[args[i]].type != params[i]) return false;
    }
    if (context_.notes != nullptr) {
      say(fn, fn[call].loc, "inlining call to " + shown(name));
      for (size_t s = 1; s < callee->scopes.size(); s++) {
        if (!isPart(callee->scopes[s])) say(fn, fn[call].loc, "inlining call to " + shown(module_.str(callee->scopes[s].function)));
      }
    }
    body.replaceCall(b, index, *callee, args, captures);
    return true;
  }

  Module& module_;
  const PassContext& context_;
  std::optional<BodyImporter> importer_;
  std::unordered_map<const Function*, Decision> decisions_;
  std::unordered_set<const Function*> exported_;  // literals
};

}  // namespace

void inlining(Module& module, const PassContext& context) {
  if (context.inlining) {
    Inlining(module, context).run();
  } else {
    Inlining(module, context).devirtualizeOnly();
  }
}

}  // namespace burrow::passes
