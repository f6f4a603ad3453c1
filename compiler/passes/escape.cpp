// escape: objects that no one can reach after their function has returned live in its frame.
//
// The builder makes every variable whose address is taken, every composite literal whose address is taken, every closure and
// every value in an interface an object of its own. Most of them never leave the function:
//
//   p := &T{1, 2}; return p.x + p.y        ->  a stack slot, which LLVM then turns into registers
//   for i := range n { f(&i) }             ->  the same, when f is known not to keep its argument
//   p := &T{1, 2}; global = p              ->  stays on the heap
//
// escape_graph.h says when an object must stay on the heap, escape_flow.cpp which flows the operations make. Here: the order
// in which functions are looked at (callees first, those that call each other together, closures together with the function
// that makes them), and what is done with the answer. A New becomes a Local, cleared where the New stood; in a loop it is
// one slot for all iterations, which is right because nothing keeps an object from one iteration to the next, or it would
// have escaped. The other operations get kOnStack; bytes
// of a string that stay here and are never written to are the string's own (kNoCopy).
//
// Functions of other packages are known by their summaries (escape_summary.h). A function without a Go body keeps all that it
// gets, unless it is //go:noescape; so do functions called through func values and interfaces that are not known.
//
// Rejected: deciding this in IR generation, as gc does on its syntax trees (there it has to be told what desugared code
// means; here every operation has one meaning).
#include "abi/slice.h"
#include "abi/string.h"
#include "abi/type.h"
#include "passes/append_buffers.h"
#include "passes/components.h"
#include "passes/escape_flow.h"
#include "passes/passes.h"

#include <algorithm>
#include <unordered_set>

namespace burrow::passes {

using namespace ir;

namespace {

// What escape analysis may add to one frame; in functions that cannot grow the stack, far less.
constexpr int64_t kMaxFrame = 512 * 1024, kMaxNoSplitFrame = 256;

class Escape {
 public:
  Escape(Module& module, const EscapeSummaries& summaries, const PassContext& context)
      : module_(module), summaries_(summaries), visible_(context.visible), notes_(context.notes), mutations_(context.mutations), optimise_(context.optimise), without_(context.without) {}

  void run() {
    collect();
    std::vector<std::vector<uint32_t>> out;
    for (Node& n : nodes_) out.push_back(std::move(n.out));
    for (std::vector<uint32_t>& members : components(out)) solve(members);
    if (notes_ == nullptr) return;
    for (const auto& fn : module_.functions) {
      if (!fn->hasBody && !fn->paramLocs.empty()) reportForeign(module_, *fn, mutations_, *notes_);
    }
  }

 private:
  struct Node {
    Function* fn;
    uint32_t parent = UINT32_MAX;  // of a closure that is made in one place: the function that makes it
    bool manyMakers = false;
    std::vector<uint32_t> out;
  };

  void collect() {
    for (auto& fn : module_.functions) {
      if (!fn->hasBody) continue;
      ids_[fn.get()] = static_cast<uint32_t>(nodes_.size());
      nodes_.push_back({fn.get(), UINT32_MAX, false, {}});
    }
    for (uint32_t i = 0; i < nodes_.size(); i++) {
      const Function& fn = *nodes_[i].fn;
      for (const Block& block : fn.blocks) {
        for (ValueId v : block.insts) {
          const Inst& inst = fn[v];
          if (inst.op != Op::Call && inst.op != Op::FuncAddr && inst.op != Op::Closure) continue;
          auto it = ids_.find(module_.function(module_.str(inst.sym)));
          if (it == ids_.end()) continue;
          nodes_[i].out.push_back(it->second);
          if (inst.op != Op::Closure) continue;
          Node& inner = nodes_[it->second];
          if (inner.parent != UINT32_MAX || it->second == i) inner.manyMakers = true;
          inner.parent = i;
        }
      }
    }
    for (uint32_t i = 0; i < nodes_.size(); i++) {
      Node& n = nodes_[i];
      if (n.manyMakers) n.parent = UINT32_MAX;
      if (n.parent != UINT32_MAX) n.out.push_back(n.parent);
    }
  }

  uint32_t nesting(uint32_t node) const {
    uint32_t n = 0;
    for (uint32_t p = nodes_[node].parent; p != UINT32_MAX && n < nodes_.size(); p = nodes_[p].parent) n++;
    return n;
  }

  void solve(std::vector<uint32_t>& members) {
    // A closure comes after the function that makes it.
    std::sort(members.begin(), members.end(), [&](uint32_t a, uint32_t b) {
      uint32_t x = nesting(a), y = nesting(b);
      return x != y ? x < y : a < b;
    });
    EscapeBatch batch{module_, summaries_, visible_, notes_ != nullptr, {}, {}, {}};
    std::unordered_map<uint32_t, uint32_t> place;
    std::deque<EscapeFunction> functions;
    for (uint32_t m : members) {
      const auto id = static_cast<uint32_t>(functions.size());
      place[m] = id;
      EscapeFunction& f = functions.emplace_back();
      f.fn = nodes_[m].fn;
      f.id = id;
      f.tied = nodes_[m].parent != UINT32_MAX;
      batch.members[f.fn] = &f;
      batch.graph.function(id, f.tied ? place.at(nodes_[m].parent) : UINT32_MAX);
    }
    std::vector<std::pair<const Function*, bool>> together;
    for (const EscapeFunction& f : functions) together.push_back({f.fn, f.tied});
    if (!without_(Optimisation::KnownFunctions)) batch.shared = knownFunctions(module_, together);
    for (EscapeFunction& f : functions) addInterface(batch, f);
    for (EscapeFunction& f : functions) addFlows(batch, f);
    batch.graph.solve();
    for (EscapeFunction& f : functions) {
      for (ParamLeak& leak : f.leaks) leak.simplify();
      if (notes_ != nullptr) reportEscape(module_, batch.graph, f, mutations_, *notes_);
      apply(batch.graph, f);
    }
  }

  void apply(const EscapeGraph& graph, EscapeFunction& f) {
    Function& fn = *f.fn;
    fn.escape = f.leaks.empty() ? std::string() : encodeLeaks(f.leaks);
    int64_t room = fn.attributes.noSplit ? kMaxNoSplitFrame : kMaxFrame;
    std::vector<bool> moved(fn.values.size());
    std::vector<ValueId> locals;
    std::unordered_set<uint32_t> grown;  // by append
    for (auto [v, loc] : f.objects) {
      if (graph[loc].escapes) continue;
      Inst& inst = fn[v];
      if (inst.op == Op::GrowSlice) grown.insert(v.value);
      if (inst.flags & kNoCopy) continue;
      if (inst.op == Op::StringToBytes && !graph[loc].mutated && !without_(Optimisation::Copies)) {
        inst.flags |= kNoCopy;
        continue;
      }
      int64_t size = 0;
      switch (inst.op) {
        case Op::New:
        case Op::MakeIface:
          size = module_.types.sizeOf(inst.typeArg);
          break;
        case Op::MakeSlice:
          size = module_.types.sizeOf(inst.typeArg);
          if (fn[inst.operands[1]].op == Op::ConstInt) {
            size *= fn[inst.operands[1]].imm;
          } else if (!optimise_ || size == 0 || size > abi::kMakeBufBytes) {
            continue;
          } else {
            size = abi::kMakeBufBytes;
          }
          break;
        case Op::Closure:
          size = 8;
          for (ValueId c : inst.operands) size += module_.types.sizeOf(fn[c].type) + 7;
          break;
        case Op::BytesToString:
        case Op::ConcatStrings:
        case Op::RunesToString:
          size = abi::kTmpBufSize;
          break;
        case Op::StringToBytes: {
          const Inst& s = fn[inst.operands[0]];
          size = s.op == Op::ConstString ? static_cast<int64_t>(module_.str(s.sym).size()) : abi::kTmpBufSize;
          break;
        }
        case Op::StringToRunes:
          size = abi::kTmpBufSize * 4;
          break;
        case Op::RuneToString:
          size = 4;
          break;
        case Op::MakeMap:
          size = mapBytes(inst);
          break;
        default:
          continue;
      }
      if (size > room || (size == 0 && inst.op == Op::New)) continue;  // nothing of zero size is worth a slot
      room -= size;
      if (inst.op == Op::New) {
        moved[v.value] = true;
        locals.push_back(v);
      } else {
        inst.flags |= kOnStack;
      }
    }
    if (optimise_ && !without_(Optimisation::AppendBuffers)) {
      for (ValueId v : bufferedAppends(module_, fn, [&](ValueId g) { return grown.contains(g.value); })) {
        if (room < abi::kAppendBufBytes) break;
        room -= abi::kAppendBufBytes;
        fn[v].flags |= kOnStack;
      }
    }
    if (!locals.empty()) makeLocals(module_, fn, moved, locals);
  }

  // At most what a map takes in a frame: its header, and a group of slots when it is made for no more.
  int64_t mapBytes(const Inst& inst) const {
    constexpr int64_t kHeader = 64, kWord = 8;
    auto inSlot = [&](TypeId t) { return std::min<int64_t>(module_.types.sizeOf(t), abi::kMapMaxKeyBytes) + kWord; };
    return kHeader + static_cast<int64_t>(abi::kMapGroupSlots) * (inSlot(module_.types.key(inst.type)) + inSlot(module_.types.elem(inst.type)));
  }

  // The New becomes a Local at the front of the entry block; where it stood, the slot is cleared.
  static void makeLocals(const Module& module, Function& fn, const std::vector<bool>& moved, const std::vector<ValueId>& locals) {
    for (Block& block : fn.blocks) {
      for (ValueId& v : block.insts) {
        if (v.value >= moved.size() || !moved[v.value]) continue;
        ValueId clear{static_cast<uint32_t>(fn.values.size())};
        Inst& inst = fn.values.emplace_back();
        inst.op = Op::ZeroMem;
        inst.typeArg = fn[v].typeArg;
        inst.loc = fn[v].loc;
        inst.operands = {v};
        fn[v].op = Op::Local;
        fn[v].imm = 0;
        if (module.str(fn[v].sym).starts_with(' ')) fn[v].sym = {};  // a description, not a variable's name
        v = clear;
      }
    }
    std::vector<ValueId>& entry = fn.blocks[0].insts;
    entry.insert(entry.begin(), locals.begin(), locals.end());
  }

  Module& module_;
  const EscapeSummaries& summaries_;
  const ir::PackageSet& visible_;
  std::vector<Note>* notes_;
  bool mutations_, optimise_;
  Without without_;
  std::vector<Node> nodes_;
  std::unordered_map<const Function*, uint32_t> ids_;
};

}  // namespace

void escape(Module& module, const PassContext& context) {
  // Without it nothing is known of a function, which is to say that it keeps all it gets. Some code has to get along without a heap.
  if (context.without(Optimisation::Escape) && !isRuntimeCode(module.path) && module.path != "syscall") return;
  const EscapeSummaries none;
  Escape(module, context.summaries ? *context.summaries : none, context).run();
}

}  // namespace burrow::passes
