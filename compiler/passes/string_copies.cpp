// copies: conversions between strings and bytes that need no memory of their own.
//
//   if string(b) == "GET" ...           v5 = bytes2string v4          v5 = bytes2string v4 nocopy
//   n := m[string(b)]                   v7 = mapget v6, v5        ->  v7 = mapget v6, v5
//   for i, c := range []byte(s) ...
//
// A string made of bytes may share them when everything that uses it only looks at it, and does so before anything can have
// changed the bytes. Which operations look and do not keep is a short list: comparisons, the length, a map's lookup (an
// assignment keeps its key), reading single bytes, copying from it, unique.Make (gc knows it, too), and a concatenation that surely
// makes a new string since another part of it is a constant that is not empty. Anything with an effect between the conversion and a use counts as a
// change of the bytes; checks do not.
//
// Bytes made of a string may share it when everything that uses them only reads: strings never change. Runes of which only the
// number is asked for, len([]rune(s)), are counted.
//
// A conversion whose result takes part in control flow (a block's parameter) or is stored is copied: escape analysis may
// still find it a place in the frame. Rejected: doing this on syntax, where gc does it; the forms that inlining uncovers
// would be missed, and each form would need its own case.
#include "passes/passes.h"

#include <algorithm>
#include <unordered_map>

namespace burrow::passes {
namespace {

using namespace ir;

class StringCopies {
 public:
  StringCopies(Module& module, Function& fn) : module_(module), fn_(fn) {}

  void run() {
    for (uint32_t b = 0; b < fn_.blocks.size(); b++) {
      for (uint32_t i = 0; i < fn_.blocks[b].insts.size(); i++) {
        const Op op = fn_[fn_.blocks[b].insts[i]].op;
        if (op == Op::BytesToString || op == Op::StringToBytes || op == Op::StringToRunes) conversions_.push_back({b, i});
      }
    }
    if (conversions_.empty()) return;
    collectUses();
    for (const Place& p : conversions_) {
      const ValueId v = fn_.blocks[p.block].insts[p.index];
      Inst& inst = fn_[v];
      // A constant's bytes have their own form in code generation, which knows their number.
      if (inst.op == Op::StringToBytes && fn_[inst.operands[0]].op == Op::ConstString) continue;
      if (inst.op == Op::StringToRunes) {
        if (onlyCounted(v)) inst.flags |= kNoCopy;
        continue;
      }
      readers_.clear();
      if (onlyRead(v, 0) && (inst.op == Op::StringToBytes || unchanged(p))) inst.flags |= kNoCopy;
    }
  }

 private:
  struct Place {
    uint32_t block, index;
  };

  void collectUses() {
    for (uint32_t b = 0; b < fn_.blocks.size(); b++) {
      for (ValueId v : fn_.blocks[b].insts) {
        for (ValueId o : fn_[v].operands) uses_[o.value].push_back(v);
        for (const Edge& e : fn_[v].edges) {
          for (ValueId a : e.args) passed_[a.value] = true;
        }
      }
    }
  }

  bool isKeyKind(const Inst& get) const {
    return module_.types.kind(module_.types.get(fn_[get.operands[0]].type).key) == TypeKind::String;
  }

  // Whether nothing but the number of elements is asked for.
  bool onlyCounted(ValueId v) {
    if (passed_.contains(v.value)) return false;
    return std::all_of(uses_[v.value].begin(), uses_[v.value].end(), [&](ValueId user) { return fn_[user].op == Op::Len; });
  }

  // Whether all that is done with v is to read; the operations that do it are added to readers_.
  bool onlyRead(ValueId v, int level) {
    if (passed_.contains(v.value) || level > 4) return false;
    for (ValueId user : uses_[v.value]) {
      const Inst& use = fn_[user];
      switch (use.op) {
        case Op::Eq: case Op::Ne: case Op::Lt: case Op::Le: case Op::Gt: case Op::Ge:
        case Op::Len: case Op::Load: case Op::BytesToString: case Op::StringWord:
          break;
        case Op::MapGet: case Op::MapGet2:
          if (use.operands[0] == v || !isKeyKind(use)) return false;
          break;
        case Op::SliceCopy:
          if (use.operands[0] == v) return false;
          break;
        case Op::ConcatStrings:
          if (std::none_of(use.operands.begin(), use.operands.end(), [&](ValueId o) {
                return fn_[o].op == Op::ConstString && !module_.str(fn_[o].sym).empty();
              })) {
            return false;
          }
          break;
        case Op::Call:
          // It makes a copy of what it does not know yet.
          if (module_.str(use.sym) != "unique.Make[string]") return false;
          break;
        case Op::StringPtr: case Op::SlicePtr:
        case Op::IndexAddr: case Op::PtrAdd:
          if (use.operands[0] != v || !onlyRead(user, level + 1)) return false;
          continue;
        default:
          return false;
      }
      readers_.push_back(user);
    }
    return true;
  }

  static bool mayChange(const Inst& inst) {
    switch (inst.op) {
      case Op::NilCheck: case Op::BoundsCheck: case Op::CheckDivide: case Op::CheckShift: case Op::KeepAlive:
        return false;
      default:
        return mayWrite(inst.op);
    }
  }

  // Whether no path from the conversion reaches a reader by way of a change.
  bool unchanged(Place from) {
    std::vector<uint8_t> seen(fn_.blocks.size());  // bit 0: entered clean, bit 1: after a change
    struct Work {
      uint32_t block, index;
      bool changed;
    };
    std::vector<Work> work{{from.block, from.index + 1, false}};
    const ValueId made = fn_.blocks[from.block].insts[from.index];
    // Where all readers stand between the conversion and the first change, as nearly always, the rest need not be looked at.
    size_t left = readers_.size();
    for (uint32_t i = from.index + 1; i < fn_.blocks[from.block].insts.size() && left != 0; i++) {
      const ValueId v = fn_.blocks[from.block].insts[i];
      left -= static_cast<size_t>(std::count(readers_.begin(), readers_.end(), v));
      if (mayChange(fn_[v])) break;
    }
    if (left == 0) return true;
    while (!work.empty()) {
      Work w = work.back();
      work.pop_back();
      const std::vector<ValueId>& insts = fn_.blocks[w.block].insts;
      bool again = false;
      for (uint32_t i = w.index; i < insts.size(); i++) {
        if (insts[i] == made) {
          again = true;  // from here on it is another string
          break;
        }
        if (w.changed && std::find(readers_.begin(), readers_.end(), insts[i]) != readers_.end()) return false;
        w.changed |= mayChange(fn_[insts[i]]);
      }
      if (again) continue;
      for (const Edge& e : fn_[insts.back()].edges) {
        const uint8_t bit = w.changed ? 2 : 1;
        if (seen[e.block.value] & bit) continue;
        seen[e.block.value] |= bit;
        work.push_back({e.block.value, 0, w.changed});
      }
    }
    return true;
  }

  Module& module_;
  Function& fn_;
  std::vector<Place> conversions_;
  std::unordered_map<uint32_t, std::vector<ValueId>> uses_;
  std::unordered_map<uint32_t, bool> passed_;
  std::vector<ValueId> readers_;
};

}  // namespace

void stringCopies(Module& module, Function& fn) { StringCopies(module, fn).run(); }

}  // namespace burrow::passes
