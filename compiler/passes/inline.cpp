// inline: calls of small functions are replaced by their bodies, and calls through interfaces and func values by direct ones
// (direct_calls.h).
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
// own is in there. A function literal may cost more, most if it is called in one place only. With a profile (-pgo) a function that
// takes a good part of the time may cost 2000, in calls that are as hot (passes/call_profile.h).
//
// Callees come first, so that a body is copied with all that was inlined into it. Functions that call themselves may be
// inlined, but no call becomes the body of a function that it already stands in, except that of a known literal some times: an
// iterator made by filter(filter(s)) has the same body for both, and only when both are gone is nothing of it allocated. New
// calls that turn up in an inlined body (of a func value that came in as an argument) are looked at in turn.
//
// What must not be inlined: functions that defer, recover or ask for their caller's frame; into wrappers nothing is inlined,
// because tracebacks and recover look through their whole frames.
//
// Bodies of other packages come from ir/transfer.h; those of this package that others may want go there.
#include "ir/transfer.h"
#include "ir/scopes.h"
#include "passes/call_profile.h"
#include "passes/components.h"
#include "passes/direct_calls.h"
#include "passes/inline_body.h"
#include "passes/notes.h"
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
constexpr int kNestedLiteral = 4;  // how often a literal's body may stand in itself

struct Decision {
  bool can = false;
  int cost = 0;
  std::string obstacle;
};

class Inlining {
 public:
  Inlining(Module& module, const PassContext& context) : module_(module), context_(context), notes_(module, context) {
    if (context.bodies != nullptr) importer_.emplace(module, *context.bodies, context.visible);
    direct_.emplace(module, context, importer_ ? &*importer_ : nullptr);
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
        // A hot literal may be called through func values anywhere.
        if (exporter && fn.inlining.literal && fn.linkage != Linkage::LinkOnce && isHotCallee(fn) && decisions_.at(&fn).can &&
            exported_.insert(&fn).second && exporter->add(fn)) {
          functions[m]->linkage = Linkage::External;
          exportLiterals(*exporter, fn);
          continue;
        }
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
      BodyInliner body(module_, fn);
      for (uint32_t b = 0; b < fn.blocks.size(); b++) {
        for (size_t i = 0; i < fn.blocks[b].insts.size(); i++) {
          if (fn[fn.blocks[b].insts[i]].op == Op::CallInterface) direct_->byType(fn, body, BlockId{b}, i);
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

  // With a profile a function can cost more only if it is hot.
  int budget(const Function& fn) const {
    return fn.inlining.literal ? kLiteralBudget : context_.profile != nullptr ? std::max(kBudget, context_.hotBudget) : kBudget;
  }

  void decide(Function& fn) {
    Decision& d = decisions_[&fn];
    if (fn.inlining.cost < 0) {
      // The closure of a go or defer statement is one call; nothing but the runtime makes it, so saying so is all.
      if (fn.attributes.statement && !fn.attributes.hasRecover && !fn.captures.empty()) {
        notes_.say(fn, Loc{fn.startLine, 0, 0}, "can inline " + notes_.shown(fn.name));
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
    int most = fn.inlining.literal ? kCalledOnceBudget : kBudget;
    if (isHotCallee(fn)) most = std::max(most, context_.hotBudget);
    if (d.obstacle.empty() && frame) d.obstacle = "needs its own frame";
    if (d.obstacle.empty() && d.cost > most) {
      d.obstacle = fmt::format("function too complex: cost {} exceeds budget {}", d.cost, most);
    }
    d.can = d.obstacle.empty();
    fn.inlining.obstacle = d.obstacle;
    if (d.can) fn.inlining.cost = d.cost;
    if (context_.notes == nullptr) return;
    std::string name = notes_.shown(fn.name);
    if (d.can && context_.reasons) {
      notes_.say(fn, fn.inlining.pos, fmt::format("can inline {} with cost {} as: {} {{ ... }}", name, d.cost, module_.types.goString(fn.type)));
    } else if (d.can) {
      notes_.say(fn, fn.inlining.pos, "can inline " + name);
    } else if (context_.reasons) {
      notes_.say(fn, fn.inlining.pos, fmt::format("cannot inline {}: {}", name, d.obstacle));
    }
  }

  // --- calls

  void inlineInto(Function& fn) {
    if (fn.attributes.wrapper) return;
    if (context_.reasons && fn.values.size() > kBigFunction) {
      notes_.say(fn, fn.inlining.pos, fmt::format("function {} considered 'big'; reducing max cost of inlinees", notes_.shown(fn.name)));
    }
    BodyInliner body(module_, fn);
    const bool big = fn.values.size() > kBigFunction;
    for (uint32_t b = 0; b < fn.blocks.size(); b++) {
      for (size_t i = 0; i < fn.blocks[b].insts.size();) {
        if (fn[fn.blocks[b].insts[i]].op == Op::CallInterface) direct_->byType(fn, body, BlockId{b}, i);
        if (direct_->byProfile(fn, body, BlockId{b}, i)) break;  // the rest is in other blocks
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
      if (shown && kept.insert(v.value).second) notes_.say(fn, fn[v].loc, "func literal does not escape");
    }
  }

  // How often the function's body is around a place of this scope.
  static int timesAround(const Function& fn, uint16_t scope, SymId callee) {
    int times = 0;
    for (; scope != 0; scope = fn.scopes[scope].parent) times += fn.scopes[scope].function == callee;
    return times;
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

  bool isHotCallee(const Function& fn) const { return context_.profile != nullptr && context_.profile->isHotCallee(fn.name); }

  // Does the profile show that the call is worth a large body? In large functions none is, as in gc. Nor is one, other than in gc, with
  // a loop where there is no loop around the call: time says nothing of how often a call happens, and where the callee is what takes it, its
  // loop only gets fewer registers among the caller's values.
  bool isHot(const Function& fn, ValueId call, const Function& callee) {
    if (context_.profile == nullptr) return false;
    const ProfilePlace place = profilePlace(module_, fn, fn[call].loc);
    return context_.profile->isHotCall(place.function, place.line, callee.name) && (fn[call].depth > 0 || !hasLoop(callee));
  }

  bool hasLoop(const Function& fn) {
    auto [it, isNew] = loops_.try_emplace(&fn);
    if (!isNew) return it->second;
    // An edge to a block that the walk is still below.
    enum : uint8_t { New, Open, Done };
    std::vector<uint8_t> state(fn.blocks.size(), New);
    std::vector<std::pair<uint32_t, size_t>> path{{0, 0}};
    bool found = false;
    state[0] = Open;
    while (!path.empty() && !found) {
      auto& [block, next] = path.back();
      const std::vector<Edge>& edges = fn[fn.blocks[block].insts.back()].edges;
      if (next == edges.size()) {
        state[block] = Done;
        path.pop_back();
        continue;
      }
      const uint32_t to = edges[next++].block.value;
      found = state[to] == Open;
      if (state[to] != New) continue;
      state[to] = Open;
      path.emplace_back(to, 0);
    }
    return loops_[&fn] = found;
  }

  bool inlineCall(Function& fn, BodyInliner& body, BlockId b, size_t index, bool big) {
    const ValueId call = fn[b].insts[index];
    if (fn[call].op != Op::Call && fn[call].op != Op::CallClosure) return false;
    SymId symbol = fn[call].sym;
    ValueId closure;
    std::vector<ValueId> captures;
    const DirectCalls::Literal* literal = direct_->literalOf(fn, call);
    if (fn[call].op == Op::CallClosure) {
      closure = body.origin(fn[call].operands[0]);
      if (literal != nullptr) {
        symbol = module_.intern(literal->function->name);
        captures = literal->captures;
      } else if (fn[closure].op == Op::FuncAddr || fn[closure].op == Op::Closure) {
        symbol = fn[closure].sym;
        captures = fn[closure].operands;
      } else {
        return false;
      }
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
    const int nested = callee->inlining.literal && closure.isValid() && fn[closure].op == Op::Closure ? kNestedLiteral : 0;
    if (callee == &fn || timesAround(fn, fn[call].loc.scope, symbol) > nested || !body.hasRoom(*callee)) return false;
    // A literal that was tested for has been found worth it.
    const bool hot = cost <= context_.hotBudget && (literal != nullptr || (!big && isHot(fn, call, *callee)));
    if (cost > most && !hot) {
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
      notes_.say(fn, fn[call].loc, "inlining call to " + notes_.shown(name));
      for (size_t s = 1; s < callee->scopes.size(); s++) {
        if (!isPart(callee->scopes[s])) notes_.say(fn, fn[call].loc, "inlining call to " + notes_.shown(module_.str(callee->scopes[s].function)));
      }
    }
    body.replaceCall(b, index, *callee, args, captures);
    return true;
  }

  Module& module_;
  const PassContext& context_;
  Notes notes_;
  std::optional<BodyImporter> importer_;
  std::optional<DirectCalls> direct_;
  std::unordered_map<const Function*, Decision> decisions_;
  std::unordered_map<const Function*, bool> loops_;
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
