// Putting a function's body where it is called; see inline_body.cpp.
#pragma once

#include "ir/ir.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace burrow::passes {

class BodyInliner {
 public:
  BodyInliner(ir::Module& module, ir::Function& caller);

  // What stands for a value: not the result of a call that is gone.
  ir::ValueId real(ir::ValueId v) const;
  // Where a func or interface value comes from, as far as can be told: conversions and variables that are assigned once
  // are looked through. With `asserted`, `v, ok := x.(I)` is, too, and I is added: it is so if the type implements all these.
  ir::ValueId origin(ir::ValueId v, std::vector<ir::TypeId>* asserted = nullptr) const;

  // The one type that an interface value has when it is not nil, whatever way it came by: through variables that are assigned
  // more than once, the edges of blocks, assertions. Invalid when that can't be told.
  ir::TypeId concreteType(ir::ValueId v) const;

  // Is there room for another body?
  bool hasRoom(const ir::Function& callee) const;
  // Puts the body in place of the call that is instruction `index` of block `b`; its first instruction is there then.
  // `args` are values for the parameters, `captures` for the captured variables.
  void replaceCall(ir::BlockId b, size_t index, const ir::Function& callee, std::span<const ir::ValueId> args,
                   std::span<const ir::ValueId> captures);
  // Ends block `b` in front of the call that is instruction `index`, with a branch: where `test` holds control goes to `block`, which
  // holds a copy of the call, else to one with the call as it was. What followed is behind both.
  struct Ways {
    ir::BlockId block;
    ir::ValueId call, otherwise;
  };
  // `percent`: how often it holds, 1 to 99.
  Ways divideCall(ir::BlockId b, size_t index, ir::ValueId test, int percent);
  // Once, at the end.
  void finish();
  bool changed() const { return changed_; }

 private:
  struct Slot {  // a Local
    uint32_t stores = 0;
    ir::ValueId value;  // the one that is stored
    bool other = false;  // used otherwise than by loads and stores
    std::vector<ir::ValueId> all;  // what is stored to an interface variable
  };
  void note(const ir::Inst& inst);
  bool pushSources(ir::ValueId param, std::vector<ir::ValueId>& out) const;

  ir::Module& module_;
  ir::Function& caller_;
  std::unordered_map<uint32_t, Slot> slots_;
  std::unordered_map<uint32_t, ir::ValueId> replaced_;             // results of calls
  std::unordered_map<uint32_t, std::vector<ir::ValueId>> tuples_;  // of several results
  std::vector<ir::ValueId> locals_;
  bool changed_ = false;
};

}  // namespace burrow::passes
