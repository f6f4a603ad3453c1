// The order in which the operands of a statement are evaluated, as gc has it.
//
// The language orders calls, receives and the logical operators, and leaves open when a variable is read that stands
// between them:
//
//     println(x, f())       // f assigns x: is the old value printed or the new one?
//     return p.n + g(p)     // g assigns p.n
//
// gc carries out what has an effect first, from left to right, and everything else when its value is needed. So do we,
// where a program can tell: `InOrder` looks for an effect behind something that an effect could change, and if there is
// one it evaluates the effects of the statement and keeps their values for `FunctionGen::expr` to find. Three kinds of
// expressions:
//
//  - early: evaluated at its place among the effects, with its operands as they are then. Calls, receives, slicing, type
//    assertions, append, copy, make; the receiver of a call through an interface variable whose values have one concrete
//    type that is not kept in the interface itself (concrete_type.h); also len, cap, min, max, real, imag, complex, new and string to slice, which have no
//    effect themselves, but read at their place. (In gc they become assignments to temporaries.)
//  - scoped: the operands of && and || and the entries of a map literal are statements of their own in this respect.
//  - late: all else. Reading variables, fields, elements, map elements and pointers, arithmetic, comparisons,
//    concatenation, other conversions, composite literals, function literals, method values, assertions to types that an
//    interface holds directly. A late expression matters if memory is read that a call could write, or if it may panic.
//
// On the left side of an assignment it is the operands of the outermost selectors, indices and stars that count.
//
// Left out: gc copies some late operands early because its run-time functions want an address (keys of uncommon maps,
// literals of structs that become interfaces or are compared).
#pragma once

#include "irgen/function_gen.h"

#include <initializer_list>

namespace burrow::irgen {

// Lives as long as the expressions of the statement are being lowered.
class InOrder {
 public:
  InOrder(FunctionGen& gen, std::initializer_list<const Expr*> values);
  InOrder(FunctionGen& gen, std::span<Expr* const> targets, std::span<Expr* const> values);
  // Callee and arguments of a call that is not made here.
  InOrder(FunctionGen& gen, const syntax::CallExpr* call);
  ~InOrder();
  InOrder(const InOrder&) = delete;
  InOrder& operator=(const InOrder&) = delete;

 private:
  FunctionGen& gen_;
  size_t mark_;
};

}  // namespace burrow::irgen
