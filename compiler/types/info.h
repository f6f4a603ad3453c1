// What the checker found out about a package's source text, for all later phases.
//
// The tree itself stays as the parser made it; everything about it stands here, in vectors indexed by the dense ids of
// ast.h and in a few maps for rarer facts. In a generic function's body everything is said in terms of the type
// parameters of that function (and, in methods, of the receiver's type parameters as this method names them:
// Signature::recvTypeParams); whoever generates code for an instance substitutes.
//
// What holds after a check without errors:
//  - Every expression that denotes a value, a type, a built-in function or a call has a record. Exceptions: package names,
//    selected names (`sel` of a SelectorExpr), keys of struct literals, declaring identifiers, labels, and the type part of
//    a `x.(type)` guard: those have no record, or only one in `uses` or `defs`.
//  - Untyped constants have their final type: the type that the context gives them. Only operands of constant
//    expressions that vanish altogether, arguments of built-in functions, and `nil` compared or assigned may still have
//    an untyped type. Untyped nil keeps mode NilValue and has the type it is converted to.
//  - Constant expressions have their value in `value`; for typed ones it is rounded to the type. A constant that is used
//    where a type parameter is wanted has that type parameter as its type: its value is converted in each instance.
//  - Implicit conversions are not recorded: where a value's type differs from that of the place it goes to, the later
//    phase converts (to an interface, or between types of identical underlying type).
//  - Parentheses have a record equal to that of what they enclose.
//  - The `x` of a call `f(g())` with a several-valued g has the Tuple as its type; a `v, ok` form has a Tuple of two as
//    the type of its right-hand side and mode CommaOk.
//  - An identifier that is both (the name of an embedded field) has a `uses` for the type and a `defs` for the field.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "syntax/ast.h"
#include "types/constant.h"
#include "types/objects.h"
#include "types/types.h"

namespace burrow::types {

enum class Mode : uint8_t {
  None,      // not recorded
  Invalid,   // an error was reported
  NoValue,   // a call without results
  Builtin,   // a built-in function, which can only be called
  TypeExpr,  // a type
  Constant,  // a constant; the value is in `value`
  Variable,  // addressable
  MapIndex,  // m[k]: assignable and "comma, ok", not addressable
  Value,     // any other value
  NilValue,  // nil
  CommaOk,   // like Value, and allowed with "comma, ok": receive, type assertion
  CommaErr,  // cgo call
  CgoFunc,   // cgo function
};

struct ExprInfo {
  Type* type = nullptr;             // Builtin: a Signature made for this call, or invalidType(); NoValue: empty Tuple
  const Constant* value = nullptr;  // Constant only
  Mode mode = Mode::None;
  uint32_t extra = 0;               // 1 + index into Info::selections (SelectorExpr) or Info::instances (Ident); 0: none
  bool isConstant() const { return mode == Mode::Constant; }
  bool isType() const { return mode == Mode::TypeExpr; }
};

enum class SelectionKind : uint8_t {
  Field,       // x.f
  MethodValue, // x.m, called or not
  MethodExpr,  // T.m
};

// What x.sel denotes when it is not a qualified name.
struct Selection {
  SelectionKind kind;
  Type* recv;               // type of x (or T)
  Object* object;           // Var (field) or Func; of an instantiated type: the instance's, see origin
  Type* type;               // of the whole expression: a field's type, a Signature without receiver; of a method
                            // expression with the receiver as first parameter
  std::span<const int> index;  // path from x: fields to go through, the last is the field's or method's number. The
                               // number of a method counts Named::methods, or the sorted methods of the type set
  bool indirect;            // a pointer is followed on the way from x to the field, or to the method's receiver
};

// An identifier that denotes a generic function, method or type which is instantiated here, explicitly or by inference.
struct Instance {
  std::span<Type*> typeArgs;
  Type* type;  // Named, Alias or Signature, instantiated
};

// lhs = rhs at package level. More than one variable: rhs has several values. The variable may be blank.
struct Initializer {
  std::vector<Var*> lhs;
  syntax::Expr* rhs;
};

struct Info {
  std::vector<ExprInfo> exprs;    // by Expr::id
  std::vector<Object*> defs;      // by Ident's id: what it declares; null elsewhere. A type switch's bound name declares
                                  // nothing itself: see implicits of the clauses
  std::vector<Object*> uses;      // by Ident's id: what it denotes
  std::vector<Selection> selections;
  std::vector<Instance> instances;
  // ImportSpec without name: PkgName. CaseClause of `switch x := y.(type)`: its Var. Field of an unnamed parameter: Var.
  std::unordered_map<const syntax::Node*, Object*> implicits;
  // File, FuncType (parameters and body), BlockStmt, If, For, Range, Switch, TypeSwitch, CaseClause, CommClause, and
  // TypeSpec (type parameters). A function body's block has no scope of its own: it is the FuncType's.
  std::unordered_map<const syntax::Node*, Scope*> scopes;
  // Keys of struct literals that name a promoted field: the path to it. Other keys name a field of the struct itself.
  std::unordered_map<const syntax::Ident*, std::span<const int>> promotedKeys;
  std::vector<Initializer> initOrder;
  // Every function and method of the package in source order: `init` and blank ones too. Their `decl` leads to the body.
  std::vector<Func*> functions;
  // Every declared type, local ones too, aliases not, in the order in which they were met.
  std::vector<TypeName*> namedTypes;

  const ExprInfo& of(const syntax::Expr* e) const { return exprs[e->id]; }
  Type* typeOf(const syntax::Expr* e) const { return exprs[e->id].type; }
  Object* use(const syntax::Ident* n) const { return uses[n->id]; }
  Object* def(const syntax::Ident* n) const { return defs[n->id]; }
  Object* objectOf(const syntax::Ident* n) const { return defs[n->id] != nullptr ? defs[n->id] : uses[n->id]; }
  const Selection* selection(const syntax::SelectorExpr* e) const {
    uint32_t i = exprs[e->id].extra;
    return i != 0 ? &selections[i - 1] : nullptr;
  }
  const Instance* instance(const syntax::Ident* n) const {
    uint32_t i = exprs[n->id].extra;
    return i != 0 ? &instances[i - 1] : nullptr;
  }
};

}  // namespace burrow::types
