// What must be known about a function's body before it is lowered: one walk over the syntax tree.
//
// A variable is a stack slot unless its address is taken or a closure shares it. A closure needs no share of a variable
// that is never assigned again after its declaration: it gets a copy. Whether that is so depends on code that comes later,
// hence this walk. It looks at a whole declaration with all function literals in it, and it does not depend on type
// arguments, so that instances share the result.
//
// The body of a `range` over a function is a function of its own, called by the iterator; variables of the outer function
// that it uses are captured as by a literal. "Function" below means any of the three: declaration, literal, range body.
#pragma once

#include "syntax/ast.h"
#include "types/info.h"

#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace burrow::irgen {

enum VarFlag : uint8_t {
  kAddressed = 1,   // &x, x[:], x.pointerMethod()
  kCaptured = 2,    // used by a function inside the one that declares it
  kReassigned = 4,  // assigned other than by its declaration
};

struct FunctionFacts {
  std::vector<const types::Var*> free;  // local variables of outer functions that are used here or further in, by first use
  bool hasDefer = false;         // here or in a range body that belongs to this function
  bool hasRecover = false;
  bool rangeReturn = false;      // a range body returns from this function
  bool rangeExit = false;        // a range body returns, or branches to somewhere outside of its loop
  bool rangeDefer = false;       // a range body defers for this function
  bool rangeRecover = false;
  const syntax::RangeStmt* rangeBody = nullptr;  // set when this is a range body
};

// What is assigned to a local variable of interface type: the right-hand sides, and the types of values that no expression
// stands for (results of a call with several, what `range` yields; null: unknown).
struct InterfaceValues {
  std::vector<const syntax::Expr*> values;
  std::vector<types::Type*> types;
};

struct BodyFacts {
  std::unordered_map<const types::Var*, uint8_t> vars;                    // VarFlag bits; absent: 0
  std::unordered_map<const types::Var*, InterfaceValues> interfaces;      // absent: nothing is assigned
  std::unordered_map<const types::Var*, int64_t> moved;                   // moved_slices.cpp: Local's imm; absent: 0
  std::unordered_map<const syntax::Node*, std::vector<const types::Var*>> leaves;  // an Ident or a bare ReturnStmt: what it moves
  mutable std::unordered_map<const types::Var*, types::Type*> concrete;   // what concreteType found out
  std::unordered_map<const syntax::Node*, FunctionFacts> functions;       // FuncDecl, FuncLit, RangeStmt over a function
  std::unordered_map<const syntax::Stmt*, const syntax::RangeStmt*> labelHome;  // the innermost range body around a label
  std::unordered_set<const syntax::Stmt*> loopLabels;  // labels that a goto further down jumps back to

  uint8_t flags(const types::Var* v) const {
    auto it = vars.find(v);
    return it == vars.end() ? 0 : it->second;
  }
  bool isRangeFunc(const syntax::RangeStmt* s) const { return functions.contains(s); }
};

// `root` is a FuncDecl or the initialiser expression of a package variable. `version` is that of its file: it decides
// whether loop variables are per iteration.
// Without `findMoved` no slice is one that moves.
BodyFacts analyse(const syntax::Node* root, const types::Info& info, types::LangVersion version, bool findMoved = true);

// Fills facts.moved and facts.leaves.
void findMovedSlices(const syntax::Node* root, const types::Info& info, BodyFacts& facts);

// Whether `range x` iterates by calling x.
bool isRangeOverFunc(const types::Info& info, const syntax::RangeStmt* s);

}  // namespace burrow::irgen
