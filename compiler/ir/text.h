// Burrow IR as text: printing it and reading it back.
//
// `burrow build -dump=ir` prints modules, golden tests compare functions, and tests of passes and of the code generator are
// written in this text. What the printer writes, the parser reads to an equal module (docs/ir.md has the grammar).
#pragma once

#include "ir/ir.h"

#include <string>
#include <string_view>

namespace burrow::ir {

// A string in double quotes: printable ASCII as it is, the rest as \n, \t, \", \\ and \xNN.
std::string quote(std::string_view s);

std::string print(const Module& module);
std::string print(const Module& module, const Function& function);

// Reads IR text into an empty module. On failure returns false and sets `*error` to "line:column: message".
bool parse(std::string_view text, Module& module, std::string* error);

// Declarations that are added to a module which has others; what it has already stays as it is.
struct Fragment {
  Function* body = nullptr;    // where a function with a body goes; it becomes no part of the module
  std::vector<TypeId> named;   // out: the defined types that the text mentions
};
bool parseFragment(std::string_view text, Module& module, Fragment& fragment, std::string* error);

}  // namespace burrow::ir
