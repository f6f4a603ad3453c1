// Trees and tokens as text.
#pragma once

#include "syntax/ast.h"

#include <span>
#include <string>

namespace burrow::syntax {

// An expression on one line, as gc shows it in messages: function and literal bodies are "{…}".
std::string exprString(const Expr* x);
std::string exprListString(std::span<Expr* const> list);  // "a, b"
// A simple statement, likewise. Others are named by their keyword.
std::string stmtString(const Stmt* s);

// -dump=tokens: a line per token: line:column, the token's class, its text where that says more.
std::string printTokens(source::SourceFile& file);
// -dump=ast: a line per node, children indented: kind, line:column of its pos, what it says besides its children.
std::string printTree(const Node* root, const source::SourceFile& file);

}  // namespace burrow::syntax
