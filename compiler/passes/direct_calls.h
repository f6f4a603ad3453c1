// Calls through interfaces and func values become direct ones; see direct_calls.cpp.
#pragma once

#include "ir/ir.h"
#include "ir/transfer.h"
#include "passes/call_profile.h"
#include "passes/inline_body.h"
#include "passes/notes.h"

#include <unordered_map>
#include <vector>

namespace burrow::passes {

// What a place is for a profile: a line of the function whose text it is, counted from its first.
struct ProfilePlace {
  std::string_view function;
  int32_t line = 0;
};
ProfilePlace profilePlace(const ir::Module& module, const ir::Function& fn, ir::Loc loc);

class DirectCalls {
 public:
  // `importer` may be null.
  DirectCalls(ir::Module& module, const PassContext& context, ir::BodyImporter* importer)
      : module_(module), context_(context), importer_(importer), notes_(module, context) {}

  // A method call of an interface, at `index` of its block, which moves on when something is put in front of it. Where all that
  // the value can be is of one type, or nil, it becomes a call of that type's method.
  void byType(ir::Function& fn, const BodyInliner& body, ir::BlockId b, size_t& index);
  // A call through an interface or func value: where the profile knows of a callee, a test for it is put in front, and the call is in two
  // blocks behind that. Returns whether it did; the block ends with the test then.
  bool byProfile(ir::Function& fn, BodyInliner& body, ir::BlockId b, size_t index);

  // What a closure's call is certainly of behind such a test, with the captured variables; or null.
  struct Literal {
    const ir::Function* function = nullptr;
    std::vector<ir::ValueId> captures;
  };
  const Literal* literalOf(const ir::Function& fn, ir::ValueId call) const;

 private:
  bool implements(ir::TypeId type, ir::TypeId iface) const;
  ir::ValueId emit(ir::Function& fn, ir::BlockId b, size_t& index, ir::Op op, ir::TypeId type, std::vector<ir::ValueId> operands);
  ir::ValueId valueIn(ir::Function& fn, ir::ValueId iface, ir::TypeId type, ir::BlockId b, size_t& index);
  ir::TypeId receiverOf(std::string_view method);
  const ir::Method* methodFor(ir::TypeId type, const ir::InterfaceMethod& wanted) const;
  bool callMethod(ir::Function& fn, ir::ValueId call, const ir::Method& method, ir::TypeId type, ir::ValueId* receiver);
  bool isAmbiguous(const ir::Function& fn, const BodyInliner& body, ir::ValueId call) const;
  int share(const ir::Function& fn, ir::ValueId call, const CallProfile::Target& target) const;
  bool interfaceCall(ir::Function& fn, BodyInliner& body, ir::BlockId b, size_t index, const CallProfile::Target& target);
  bool functionCall(ir::Function& fn, BodyInliner& body, ir::BlockId b, size_t index, const CallProfile::Target& target);
  const ir::Function* known(std::string_view name);

  ir::Module& module_;
  const PassContext& context_;
  ir::BodyImporter* importer_;
  Notes notes_;
  std::unordered_map<std::string_view, ir::TypeId> receivers_;  // of methods of the types that the module knows, by symbol
  size_t typesSeen_ = 0;
  const ir::Function* current_ = nullptr;  // whose calls the next is about
  std::unordered_map<uint32_t, Literal> literals_;
};

}  // namespace burrow::passes
