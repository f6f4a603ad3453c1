// The concrete type of an interface operand, where the source alone says it.
//
// When every value that is ever assigned to a local variable of interface type has the same concrete type, gc turns a call
// of one of the variable's methods into a call of that type's method, at every optimisation level. This can be seen:
//
//     var v Valer = Int(3)
//     set := func(n int) int { v = Int(n); return n }
//     v.Val(set(7))         // the receiver is Int(3): as an operand of Int.Val it is copied at its place
//
// The receiver of a real interface call is read when the call is made, and would be Int(7). So that programs print the same
// here, the order of evaluation (order.h) and the check of the receiver against nil follow gc's decision. Whether the call
// becomes a direct one is another matter and left to the passes.
//
// The rules are gc's. A variable counts if it is local, no parameter or result, and its address is not taken; assignments in
// function literals count too, those of nil do not, and those from another variable or through an assertion to an interface
// type have the type of what is assigned. Types of which a part is a type parameter are unknown, because gc's code for
// instances is shared.
#pragma once

#include "irgen/analysis.h"
#include "types/info.h"

namespace burrow::irgen {

// Null: unknown, or e is nil whenever it is evaluated.
types::Type* concreteType(const syntax::Expr* e, const types::Info& info, const BodyFacts& facts);

}  // namespace burrow::irgen
