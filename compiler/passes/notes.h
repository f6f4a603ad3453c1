// What -m says of functions and calls, in gc's words.
#pragma once

#include "ir/ir.h"
#include "passes/context.h"

#include <string>
#include <string_view>

namespace burrow::passes {

class Notes {
 public:
  Notes(const ir::Module& module, const PassContext& context) : module_(module), context_(context) {}
  bool on() const { return context_.notes != nullptr; }
  bool reasons() const { return on() && context_.reasons; }

  // As gc shows a function: without the path of this package, with the name of another one.
  std::string shown(std::string_view symbol) const;
  std::string shownType(ir::TypeId t) const;
  // At a place of the function, or at the outermost call when it is in something inlined.
  void say(const ir::Function& fn, ir::Loc loc, std::string text) const;

 private:
  const ir::Module& module_;
  const PassContext& context_;
};

}  // namespace burrow::passes
