// append buffers: the first elements of a slice that does not leave its function lie in the frame.
//
//   var s []int                      cap(s): 4, 4, 4, 4, 8, ...
//   for i := range n {               the first four elements in a buffer of abi::kAppendBufBytes in the frame,
//     s = append(s, i)               from the fifth on the heap, as without the buffer
//   }
//
// cap shows it, so which appends have a buffer is gc's rule, to the letter where a program can see it:
//
//   - The grown slice does not escape. The buffer is made once per call of the function, whatever loops there are, so
//     that an append in a loop is as one before it; a flag in the frame says that it was used.
//   - It is taken when the slice had no elements and the new ones fit in, and has room for as many as fit.
//   - Of the appends to one variable the first in the source has the buffer; all others, and the first one once its buffer
//     was used, take from the heap. What is no variable (x.f, s[:0], nil) is another slice each time. A variable that a
//     closure shares is one when all calls of its closures have been inlined.
//   - `x = append(x, ...)` on a place in memory (behind a pointer, an element, a variable whose address is taken, a field of
//     a struct of more than kMaxRegisterFields fields) never has one: gc writes what append changes straight back there.
//
// Escape analysis asks (escape.cpp) and sets kOnStack; the code is in codegen/lower_append.cpp.
//
// Slices that leave their variable at one place (irgen/moved_slices.cpp) may escape there: a MoveSlice copies to the heap what
// lies in the buffer. If something looks at the capacity before (kGrowSteps), all appends to the variable have the buffer, as
// often as their elements fit into it, and it grows by the allocator's sizes.
//
// Left out: what is no variable may share a buffer in gc, whose temporaries are used again from statement to statement.
#include "passes/append_buffers.h"

#include "abi/slice.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace burrow::passes {

using namespace ir;

namespace {

// gc's limits for a struct that lives in registers.
constexpr size_t kMaxRegisterFields = 4;
constexpr int64_t kMaxRegisterBytes = 32;

class AppendBuffers {
 public:
  AppendBuffers(Module& module, const Function& fn) : types_(module.types), fn_(fn) {}

  // One buffer per variable, so the variable stands for the slice; else the slice's value does.
  ValueId slice(const Inst& grow) const {
    const ValueId s = grow.operands[0];
    const Inst& load = fn_[s];
    if (load.op != Op::Load) return s;
    const Op place = fn_[load.operands[0]].op;
    return place == Op::Local || place == Op::New ? load.operands[0] : s;
  }

  // What irgen found out about the variable that is appended to (irgen/moved_slices.cpp), if it is in registers.
  int64_t moved(const Inst& grow) {
    const ValueId variable = slice(grow);
    if (fn_[variable].op != Op::Local || fn_[variable].imm == 0) return 0;
    if (!collected_) collect();
    return inRegisters(variable) ? fn_[variable].imm : 0;
  }

  // Is the variable one of a loop, which gc's buffer serves in the first turn only?
  bool oftenDeclared(const Inst& grow) const { return fn_[slice(grow)].depth != 0; }

  // x = append(x, ...) where x is in memory. `result` is what the append gives, once the two ways join.
  bool inPlace(const Inst& grow, ValueId result) {
    const Inst& load = fn_[grow.operands[0]];
    if (load.op != Op::Load) return false;
    if (!collected_) collect();
    if (inRegisters(load.operands[0])) return false;
    auto [first, last] = stores_.equal_range(result.value);
    return std::any_of(first, last, [&](const auto& s) { return same(s.second, load.operands[0], 0); });
  }

 private:
  // Function literals that share nothing any more: all calls of them have been inlined, and what is left is to make them
  // and to put them into variables that nobody reads, but for the nil checks of the calls.
  std::unordered_set<uint32_t> deadClosures() const {
    std::unordered_set<uint32_t> used;
    std::vector<std::pair<ValueId, ValueId>> kept;   // a closure, and the variable that it is put into
    std::vector<std::pair<ValueId, ValueId>> loads;  // what is read, and from which variable
    for (const Block& block : fn_.blocks) {
      for (ValueId v : block.insts) {
        const Inst& inst = fn_[v];
        if (inst.op == Op::NilCheck) continue;
        if (inst.op == Op::Load && fn_[inst.operands[0]].op == Op::Local) {
          loads.push_back({v, inst.operands[0]});
          continue;
        }
        const bool writes = (inst.op == Op::Store || inst.op == Op::ZeroMem) && fn_[inst.operands[0]].op == Op::Local;
        for (size_t i = writes ? 1 : 0; i < inst.operands.size(); i++) {
          if (writes && fn_[inst.operands[i]].op == Op::Closure) {
            kept.push_back({inst.operands[i], inst.operands[0]});
          } else {
            used.insert(inst.operands[i].value);
          }
        }
        for (const Edge& e : inst.edges) {
          for (ValueId a : e.args) used.insert(a.value);
        }
      }
    }
    for (auto [value, variable] : loads) {
      if (used.contains(value.value)) used.insert(variable.value);
    }
    for (auto [closure, variable] : kept) {
      if (used.contains(variable.value)) used.insert(closure.value);
    }
    std::unordered_set<uint32_t> dead;
    for (const Block& block : fn_.blocks) {
      for (ValueId v : block.insts) {
        if (fn_[v].op == Op::Closure && !used.contains(v.value)) dead.insert(v.value);
      }
    }
    return dead;
  }
  void collect() {
    collected_ = true;
    const std::unordered_set<uint32_t> dead = deadClosures();
    for (const Block& block : fn_.blocks) {
      for (ValueId v : block.insts) {
        const Inst& inst = fn_[v];
        if (dead.contains(v.value)) continue;
        if (inst.op == Op::Store) stores_.emplace(inst.operands[1].value, inst.operands[0]);
        for (size_t i = 0; i < inst.operands.size(); i++) {
          const bool access = i == 0 && (inst.op == Op::Load || inst.op == Op::Store || inst.op == Op::FieldAddr ||
                                         inst.op == Op::IndexAddr);
          if (!access) addressed_.insert(root(inst.operands[i]).value);
        }
        for (const Edge& e : inst.edges) {
          for (ValueId a : e.args) addressed_.insert(root(a).value);
        }
      }
    }
  }
  ValueId root(ValueId place) const {
    while (fn_[place].op == Op::FieldAddr || fn_[place].op == Op::IndexAddr) place = fn_[place].operands[0];
    return place;
  }
  // A variable that nobody has the address of, or a field of one that is small enough. One that closures share counts when
  // all of them have been inlined.
  bool inRegisters(ValueId place) const {
    place = root(place);
    const Inst& variable = fn_[place];
    const bool own =
        variable.op == Op::Local || (variable.op == Op::New && variable.imm == 1 && !addressed_.contains(place.value));
    return own && !(variable.flags & kResultSlot) && fitsRegisters(variable.typeArg);
  }
  bool fitsRegisters(TypeId t) const {
    if (types_.sizeOf(t) > kMaxRegisterBytes) return false;
    const TypeData& data = types_.get(types_.underlying(t));
    if (data.kind == TypeKind::Array) return data.length == 0 || (data.length == 1 && fitsRegisters(data.elem));
    if (data.kind != TypeKind::Struct) return true;
    if (data.fields.size() > kMaxRegisterFields) return false;
    for (const auto& field : data.fields) {
      if (!fitsRegisters(field.type)) return false;
    }
    return true;
  }
  // Do two computations name the same place? They are written down twice, once for each side of the assignment.
  bool same(ValueId a, ValueId b, int level) const {
    if (a == b) return true;
    constexpr int kMaxLevel = 32;
    const Inst &x = fn_[a], &y = fn_[b];
    if (level == kMaxLevel || x.op != y.op || x.imm != y.imm || x.sym != y.sym ||
        x.operands.size() != y.operands.size())
      return false;
    switch (x.op) {
      case Op::Load:
      case Op::FieldAddr:
      case Op::IndexAddr:
      case Op::PtrAdd:
      case Op::GlobalAddr:
      case Op::Captured:
      case Op::ConstInt:
      case Op::SlicePtr:
      case Op::Convert:
      case Op::Bitcast:
      case Op::Field:
      case Op::Element:
      case Op::Add:
      case Op::Sub:
      case Op::Mul: break;
      default: return false;
    }
    for (size_t i = 0; i < x.operands.size(); i++) {
      if (!same(x.operands[i], y.operands[i], level + 1)) return false;
    }
    return true;
  }

  TypeTable& types_;
  const Function& fn_;
  bool collected_ = false;
  std::unordered_multimap<uint32_t, ValueId> stores_;  // value: the places that it is stored to
  std::unordered_set<uint32_t> addressed_;             // what is used otherwise than for access
};

// The blocks in the order of the source: what an `if` does when it holds comes before what it does else, a loop's body
// before what is behind the loop. (The order in which blocks stand is another.)
std::vector<BlockId> sourceOrder(const Function& fn) {
  struct Visit {
    BlockId block;
    size_t left;  // edges to visit; the last one first, since the list is turned round
  };
  std::vector<BlockId> order;
  std::vector<bool> seen(fn.blocks.size());
  std::vector<Visit> stack;
  auto enter = [&](BlockId b) {
    if (!b.isValid() || seen[b.value]) return;
    seen[b.value] = true;
    stack.push_back({b, fn[fn.blocks[b.value].insts.back()].edges.size()});
  };
  for (BlockId root : {fn.recoverBlock, BlockId{0}}) {
    enter(root);
    while (!stack.empty()) {
      Visit& top = stack.back();
      if (top.left == 0) {
        order.push_back(top.block);
        stack.pop_back();
        continue;
      }
      top.left--;
      enter(fn[fn.blocks[top.block.value].insts.back()].edges[top.left].block);
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

}  // namespace

std::vector<ValueId> bufferedAppends(Module& module, Function& fn, const std::function<bool(ValueId)>& staysLocal) {
  AppendBuffers buffers(module, fn);
  std::vector<ValueId> out;
  std::unordered_set<uint32_t> had;
  for (BlockId id : sourceOrder(fn)) {
    const Block& block = fn.blocks[id.value];
    for (ValueId v : block.insts) {
      Inst& grow = fn[v];
      if (grow.op != Op::GrowSlice || grow.imm == 0) continue;  // a slice of unknown length was appended
      const int64_t size = module.types.sizeOf(module.types.elem(grow.type));
      if (size == 0 || size > abi::kAppendBufBytes) continue;
      if (const int64_t moved = buffers.moved(grow); moved != 0) {
        if (buffers.oftenDeclared(grow) && (moved & kSliceCapUsed) == 0) continue;
        grow.imm |= kGrowMoved;
        if ((moved & kSliceCapUsed) != 0) {
          grow.imm |= kGrowSteps;
          out.push_back(v);
          continue;
        }
      } else if (!staysLocal(v)) {
        continue;
      }
      const Inst& jump = fn[block.insts.back()];
      ValueId result = v;
      if (jump.op == Op::Jump && jump.edges[0].args.size() == 1 && jump.edges[0].args[0] == v) {
        result = fn.blocks[jump.edges[0].block.value].params[0];
      }
      if (buffers.inPlace(grow, result) || !had.insert(buffers.slice(grow).value).second) continue;
      out.push_back(v);
    }
  }
  return out;
}

}  // namespace burrow::passes
