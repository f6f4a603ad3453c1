// The syntax tree.
//
// The parser's whole result for one file: plain structures in an arena that point at each other and own nothing. The
// shape is go/ast's, which Go programmers know; the positions are gc's, because a diagnostic has to appear where gc's
// does. Concretely:
//
// - `Node::pos` is the position that gc's own tree gives the node: one token that is characteristic of it, which for
//   many nodes is not the first (the operator of `a + b`, the `(` of a call, the `.` of a selector, the `[` of an
//   index, the `{` of a composite literal, the `:` of a labelled statement or a key-value pair, the operator of an
//   assignment, the name behind `func` in a declaration). Every node below says which one.
// - startPos(n) and endPos(n) (positions.h) are the exact extent in the source. reportPos(n) there is where gc's type
//   checker reports an error about `n`: nearly always the leftmost position.
// - All other tokens that a diagnostic or the debug information may want have their own field.
//
// Every node has an `id`. Expressions (including every identifier, also in declaring position) are numbered from 1 by
// one counter, all other nodes from 1 by a second one; both counters run on over the files of a package. Later phases
// keep their results in vectors indexed by these ids instead of hash tables keyed by pointers. (A few numbers are
// unused: those of nodes that the parser replaced.)
//
// Invariants of a tree from a parse without errors: no BadExpr, no null where a comment does not allow it. After errors
// the tree is still complete enough to walk: missing expressions are BadExpr, missing names are the blank identifier.
//
// Rejected: virtual functions and RTTI (the kind byte is smaller and switchable); one struct per operator class;
// ListExpr nodes as in gc (lists are spans here); keeping parentheses around types (gc drops them too, and no later
// phase wants them; those around values stay, as ParenExpr).
#pragma once

#include "source/pos.h"
#include "syntax/directive.h"
#include "syntax/token.h"

#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>

namespace burrow::syntax {

using source::Pos;

// X(Name): one structure each. Expressions first, then statements, clauses, specs, declarations.
#define BURROW_EXPR_KINDS(X)                                                                                         \
  X(BadExpr) X(Ident) X(BasicLit) X(CompositeLit) X(KeyValueExpr) X(FuncLit) X(ParenExpr) X(SelectorExpr)            \
  X(IndexExpr) X(SliceExpr) X(TypeAssertExpr) X(CallExpr) X(StarExpr) X(UnaryExpr) X(BinaryExpr) X(Ellipsis)         \
  X(ArrayType) X(SliceType) X(StructType) X(FuncType) X(InterfaceType) X(MapType) X(ChanType)
#define BURROW_STMT_KINDS(X)                                                                                         \
  X(EmptyStmt) X(LabeledStmt) X(BlockStmt) X(ExprStmt) X(SendStmt) X(IncDecStmt) X(AssignStmt) X(DeclStmt)           \
  X(GoStmt) X(DeferStmt) X(ReturnStmt) X(BranchStmt) X(IfStmt) X(ForStmt) X(RangeStmt) X(SwitchStmt)                 \
  X(TypeSwitchStmt) X(SelectStmt) X(CaseClause) X(CommClause)
#define BURROW_DECL_KINDS(X)                                                                                         \
  X(Field) X(ImportSpec) X(ConstSpec) X(TypeSpec) X(VarSpec) X(GenDecl) X(FuncDecl) X(File)

enum class NodeKind : uint8_t {
#define X(name) name,
  BURROW_EXPR_KINDS(X) BURROW_STMT_KINDS(X) BURROW_DECL_KINDS(X)
#undef X
};

// ---------------------------------------------------------------------------------------------------------------------
// Bases and casts

struct Node {
  NodeKind kind;
  Pos pos;          // gc's position of the node; see above
  uint32_t id = 0;  // dense; one numbering for expressions, one for everything else; 0: not numbered

  constexpr explicit Node(NodeKind k) : kind(k) {}
};

struct Expr : Node {
  using Node::Node;
  static constexpr bool is(NodeKind k) { return k <= NodeKind::ChanType; }
};
struct Stmt : Node {
  using Node::Node;
  static constexpr bool is(NodeKind k) { return k >= NodeKind::EmptyStmt && k <= NodeKind::SelectStmt; }
};
struct Decl : Node {
  using Node::Node;
  static constexpr bool is(NodeKind k) { return k == NodeKind::GenDecl || k == NodeKind::FuncDecl; }
};
struct GenDecl;
struct Spec : Node {
  using Node::Node;
  static constexpr bool is(NodeKind k) { return k >= NodeKind::ImportSpec && k <= NodeKind::VarSpec; }
  GenDecl* decl = nullptr;                // the declaration that it stands in
  uint32_t index = 0;                     // its place in there; for constants this is iota
  std::span<Directive* const> directives; // the directives before it (or before its ungrouped declaration)
};

// The structure for kind K: `struct T : NodeOf<NodeKind::T, Expr>`.
template <NodeKind K, typename Base>
struct NodeOf : Base {
  static constexpr NodeKind kKind = K;
  static constexpr bool is(NodeKind k) { return k == K; }
  constexpr NodeOf() : Base(K) {}
};

// Checked downcast; the node must be a T.
template <typename T>
T* as(Node* n) {
  assert(n && T::is(n->kind));
  return static_cast<T*>(n);
}
template <typename T>
const T* as(const Node* n) {
  assert(n && T::is(n->kind));
  return static_cast<const T*>(n);
}
// The node as a T, or null when it is something else (or null).
template <typename T>
T* dynAs(Node* n) {
  return n && T::is(n->kind) ? static_cast<T*>(n) : nullptr;
}
template <typename T>
const T* dynAs(const Node* n) {
  return n && T::is(n->kind) ? static_cast<const T*>(n) : nullptr;
}

struct Ident;
struct BasicLit;
struct BlockStmt;
struct FuncType;

// ---------------------------------------------------------------------------------------------------------------------
// Fields: parameters, results, type parameters, struct fields, interface elements

// Names that share one type: `a, b int`, an unnamed parameter, an embedded field, an interface element.
// pos: the first name, or the start of the type.
struct Field : NodeOf<NodeKind::Field, Node> {
  std::span<Ident*> names;   // empty: unnamed parameter, embedded field, embedded interface element
  Expr* type = nullptr;      // never null. A final variadic parameter has an Ellipsis; an interface method a FuncType
  BasicLit* tag = nullptr;   // struct fields only; null: none
};

// A bracketed list of fields. `open` is invalid when there are no brackets (a single unnamed result).
struct FieldList {
  Pos open, close;
  std::span<Field*> fields;
  bool empty() const { return fields.empty(); }
  // The number of entries, each name counted.
  size_t count() const {
    size_t n = 0;
    for (const Field* f : fields) n += f->names.empty() ? 1 : f->names.size();
    return n;
  }
};

// ---------------------------------------------------------------------------------------------------------------------
// Expressions

// A place where an expression was missing or broken. An error has been reported. pos: that place.
struct BadExpr : NodeOf<NodeKind::BadExpr, Expr> {};

// A name, in using or in declaring position. pos: its first byte.
struct Ident : NodeOf<NodeKind::Ident, Expr> {
  std::string_view name;  // interned: equal names of one parse have equal data()
};

// pos: its first byte.
struct BasicLit : NodeOf<NodeKind::BasicLit, Expr> {
  LiteralKind literal = LiteralKind::Int;
  bool bad = false;        // malformed; an error has been reported
  std::string_view value;  // as written, with its quotes; a view of the source text
};

// Type{elems}. pos: the opening brace.
struct CompositeLit : NodeOf<NodeKind::CompositeLit, Expr> {
  Expr* type = nullptr;    // null inside another literal: elided
  std::span<Expr*> elems;  // KeyValueExpr where there are keys
  uint32_t keyCount = 0;   // how many of the elements have keys
  Pos rbrace;
};

// key: value, in composite literals. pos: the colon.
struct KeyValueExpr : NodeOf<NodeKind::KeyValueExpr, Expr> {
  Expr* key = nullptr;
  Expr* value = nullptr;
};

// func(...) {...}. pos: "func".
struct FuncLit : NodeOf<NodeKind::FuncLit, Expr> {
  FuncType* type = nullptr;
  BlockStmt* body = nullptr;
};

// (x), around values. pos: the opening parenthesis.
struct ParenExpr : NodeOf<NodeKind::ParenExpr, Expr> {
  Expr* x = nullptr;
  Pos rparen;
};

// x.sel; also a qualified name. pos: the dot.
struct SelectorExpr : NodeOf<NodeKind::SelectorExpr, Expr> {
  Expr* x = nullptr;
  Ident* sel = nullptr;
};

// x[i], x[T1, T2]: index or instantiation. pos: the opening bracket.
struct IndexExpr : NodeOf<NodeKind::IndexExpr, Expr> {
  Expr* x = nullptr;
  std::span<Expr*> indices;  // at least one
  Pos rbrack;
};

// x[i:j], x[i:j:k]. pos: the opening bracket.
struct SliceExpr : NodeOf<NodeKind::SliceExpr, Expr> {
  Expr* x = nullptr;
  Expr* index[3] = {};  // null: absent
  bool full = false;    // written with two colons
  Pos rbrack;
};

// x.(T), or x.(type) as the guard of a type switch. pos: the dot.
struct TypeAssertExpr : NodeOf<NodeKind::TypeAssertExpr, Expr> {
  Expr* x = nullptr;
  Expr* type = nullptr;  // null: the keyword `type`
  Pos lparen, rparen;
};

// fun(args), fun(args...). pos: the opening parenthesis.
struct CallExpr : NodeOf<NodeKind::CallExpr, Expr> {
  Expr* fun = nullptr;
  std::span<Expr*> args;
  Pos ellipsis;  // of "..." behind the last argument; invalid: none
  Pos rparen;
  bool hasDots() const { return ellipsis.isValid(); }
};

// *x, dereference or pointer type. pos: the star.
struct StarExpr : NodeOf<NodeKind::StarExpr, Expr> {
  Expr* x = nullptr;
};

// op x with op one of + - ! ^ & <- ~. pos: the operator.
struct UnaryExpr : NodeOf<NodeKind::UnaryExpr, Expr> {
  Token op = Token::Add;
  Expr* x = nullptr;
};

// x op y; also a union of type terms (op is Or). pos: the operator.
struct BinaryExpr : NodeOf<NodeKind::BinaryExpr, Expr> {
  Token op = Token::Add;
  Expr* x = nullptr;
  Expr* y = nullptr;
};

// ...T, the type of a final variadic parameter. pos: the dots.
struct Ellipsis : NodeOf<NodeKind::Ellipsis, Expr> {
  Expr* elem = nullptr;
};

// [N]T, [...]T. pos: the opening bracket.
struct ArrayType : NodeOf<NodeKind::ArrayType, Expr> {
  Expr* len = nullptr;  // null: "..."
  Expr* elem = nullptr;
};

// []T. pos: the opening bracket.
struct SliceType : NodeOf<NodeKind::SliceType, Expr> {
  Expr* elem = nullptr;
};

// struct{...}. pos: "struct".
struct StructType : NodeOf<NodeKind::StructType, Expr> {
  FieldList fields;  // open and close are the braces
};

// A signature. pos: the token behind "func" and the name, i.e. the `(` or `[`.
struct FuncType : NodeOf<NodeKind::FuncType, Expr> {
  Pos func;               // the keyword; invalid for methods of an interface
  FieldList typeParams;   // declarations only; fields empty: none
  FieldList params;
  FieldList results;      // open invalid: none, or one unnamed without parentheses
};

// interface{...}. pos: "interface".
struct InterfaceType : NodeOf<NodeKind::InterfaceType, Expr> {
  // open and close are the braces. A method is a field with one name and a FuncType; everything else is an embedded
  // element without names: a type, ~T (UnaryExpr with Tilde), or a union (BinaryExpr with Or, leaning left).
  FieldList elems;
};

// map[K]V. pos: "map".
struct MapType : NodeOf<NodeKind::MapType, Expr> {
  Expr* key = nullptr;
  Expr* value = nullptr;
};

enum class ChanDir : uint8_t { Both, SendOnly, RecvOnly };

// chan T, chan<- T, <-chan T. pos: "chan", or the arrow where that comes first.
struct ChanType : NodeOf<NodeKind::ChanType, Expr> {
  ChanDir dir = ChanDir::Both;
  Pos arrow;  // invalid: none
  Expr* elem = nullptr;
};

// ---------------------------------------------------------------------------------------------------------------------
// Statements

// Nothing. pos: the semicolon, or the closing brace behind a label.
struct EmptyStmt : NodeOf<NodeKind::EmptyStmt, Stmt> {
  bool implicit = false;  // no semicolon was written
};

// label: stmt. pos: the colon.
struct LabeledStmt : NodeOf<NodeKind::LabeledStmt, Stmt> {
  Ident* label = nullptr;
  Stmt* stmt = nullptr;
};

// {...}. pos: the opening brace.
struct BlockStmt : NodeOf<NodeKind::BlockStmt, Stmt> {
  std::span<Stmt*> list;
  Pos rbrace;
};

// An expression for its effect. pos: the expression's.
struct ExprStmt : NodeOf<NodeKind::ExprStmt, Stmt> {
  Expr* x = nullptr;
};

// chan <- value. pos: the arrow.
struct SendStmt : NodeOf<NodeKind::SendStmt, Stmt> {
  Expr* chan = nullptr;
  Expr* value = nullptr;
};

// x++, x--. pos: the operator.
struct IncDecStmt : NodeOf<NodeKind::IncDecStmt, Stmt> {
  Token op = Token::Increment;  // or Decrement
  Expr* x = nullptr;
};

// lhs op rhs. pos: the operator.
struct AssignStmt : NodeOf<NodeKind::AssignStmt, Stmt> {
  Token op = Token::Assign;  // Assign, Define, or a compound assignment (then one operand on each side)
  std::span<Expr*> lhs;
  std::span<Expr*> rhs;
};

// const, type or var inside a function. pos: the keyword.
struct DeclStmt : NodeOf<NodeKind::DeclStmt, Stmt> {
  GenDecl* decl = nullptr;
};

// pos: the keyword. The parser guarantees no more than "an expression without parentheses around it".
struct GoStmt : NodeOf<NodeKind::GoStmt, Stmt> {
  Expr* call = nullptr;
};
struct DeferStmt : NodeOf<NodeKind::DeferStmt, Stmt> {
  Expr* call = nullptr;
};

// pos: the keyword.
struct ReturnStmt : NodeOf<NodeKind::ReturnStmt, Stmt> {
  std::span<Expr*> results;
};

// break, continue, goto, fallthrough. pos: the keyword.
struct BranchStmt : NodeOf<NodeKind::BranchStmt, Stmt> {
  Token tok = Token::Break;
  Ident* label = nullptr;  // null: none
  // Where it goes, found after the function body has been parsed without errors: for goto the LabeledStmt; for break
  // and continue the For, Range, Switch, TypeSwitch or Select statement (also when a label names it). Null for
  // fallthrough and where an error was reported.
  Stmt* target = nullptr;
};

// pos: "if".
struct IfStmt : NodeOf<NodeKind::IfStmt, Stmt> {
  Stmt* init = nullptr;  // null: none
  Expr* cond = nullptr;  // never null
  BlockStmt* then = nullptr;
  Pos elsePos;            // invalid: no else
  Stmt* else_ = nullptr;  // null, IfStmt or BlockStmt
};

// pos: "for".
struct ForStmt : NodeOf<NodeKind::ForStmt, Stmt> {
  Stmt* init = nullptr;  // null: none
  Expr* cond = nullptr;  // null: none
  Stmt* post = nullptr;  // null: none
  BlockStmt* body = nullptr;
};

// for lhs = range x, for lhs := range x, for range x. pos: "for".
struct RangeStmt : NodeOf<NodeKind::RangeStmt, Stmt> {
  std::span<Expr*> lhs;  // empty: none. More than two are for the checker to complain about
  bool define = false;   // :=
  Pos assignPos;         // of = or :=; invalid: none
  Pos range;             // the keyword; gc's position of the range clause
  Expr* x = nullptr;
  BlockStmt* body = nullptr;
  Expr* key() const { return !lhs.empty() ? lhs[0] : nullptr; }
  Expr* value() const { return lhs.size() > 1 ? lhs[1] : nullptr; }
};

// One case of a switch or a type switch. pos: "case" or "default".
struct CaseClause : NodeOf<NodeKind::CaseClause, Node> {
  bool isDefault = false;
  std::span<Expr*> exprs;  // or types; empty for default
  Pos colon;
  std::span<Stmt*> body;
};

// pos: "switch".
struct SwitchStmt : NodeOf<NodeKind::SwitchStmt, Stmt> {
  Stmt* init = nullptr;  // null: none
  Expr* tag = nullptr;   // null: none
  Pos lbrace, rbrace;
  std::span<CaseClause*> clauses;
};

// switch init; bind := x.(type) {...}. pos: "switch".
struct TypeSwitchStmt : NodeOf<NodeKind::TypeSwitchStmt, Stmt> {
  Stmt* init = nullptr;             // null: none
  Ident* bind = nullptr;            // null: none
  Pos define;                       // of :=; invalid: none
  TypeAssertExpr* guard = nullptr;  // its type is null
  Pos lbrace, rbrace;
  std::span<CaseClause*> clauses;
};

// One case of a select. pos: "case" or "default".
struct CommClause : NodeOf<NodeKind::CommClause, Node> {
  bool isDefault = false;
  Stmt* comm = nullptr;  // null for default; else a simple statement, not yet checked to be a communication
  Pos colon;
  std::span<Stmt*> body;
};

// pos: "select".
struct SelectStmt : NodeOf<NodeKind::SelectStmt, Stmt> {
  Pos lbrace, rbrace;
  std::span<CommClause*> clauses;
};

// ---------------------------------------------------------------------------------------------------------------------
// Declarations

// pos: the start of the spec.
struct ImportSpec : NodeOf<NodeKind::ImportSpec, Spec> {
  Ident* name = nullptr;     // null: none; "." and "_" are names here
  BasicLit* path = nullptr;  // null: missing; bad when it is no string
};

// What constants and variables share: names [type] [= values]. pos: the first name.
struct ValueSpec : Spec {
  using Spec::Spec;
  static constexpr bool is(NodeKind k) { return k == NodeKind::ConstSpec || k == NodeKind::VarSpec; }
  std::span<Ident*> names;
  Expr* type = nullptr;  // null: none
  Pos assign;            // of "="; invalid: none
  std::span<Expr*> values;
};

// iota is Spec::index. `inherited` is the earlier spec of the group whose type and values count here when this one has
// neither (implicit repetition); null when this one has its own, or when there is none to repeat.
struct ConstSpec : NodeOf<NodeKind::ConstSpec, ValueSpec> {
  ConstSpec* inherited = nullptr;
};

struct VarSpec : NodeOf<NodeKind::VarSpec, ValueSpec> {
  std::span<EmbedPattern> embeds;  // from //go:embed before it
};

// type name[typeParams] [=] type. pos: the name.
struct TypeSpec : NodeOf<NodeKind::TypeSpec, Spec> {
  Ident* name = nullptr;
  FieldList typeParams;  // fields empty: none
  Pos assign;            // of "=": an alias declaration; invalid: none
  Expr* type = nullptr;
  bool isAlias() const { return assign.isValid(); }
};

// import, const, type or var with one spec or a group. pos: the keyword.
struct GenDecl : NodeOf<NodeKind::GenDecl, Decl> {
  Token tok = Token::Var;
  Pos lparen, rparen;  // invalid: not a group
  std::span<Spec*> specs;
  bool isGroup() const { return lparen.isValid(); }
};

// pos: the token behind "func": the receiver's parenthesis or the name.
struct FuncDecl : NodeOf<NodeKind::FuncDecl, Decl> {
  Pos func;                   // the keyword
  bool isMethod = false;      // written with a receiver list
  FieldList recv;             // one field when isMethod, but after errors none
  Ident* name = nullptr;
  FuncType* type = nullptr;   // with the type parameters, which methods may have too
  BlockStmt* body = nullptr;  // null: none
  Pragma pragma = Pragma::None;
  std::span<Directive* const> directives;  // before it
};

// ---------------------------------------------------------------------------------------------------------------------
// Files

// pos: "package".
struct File : NodeOf<NodeKind::File, Node> {
  const source::SourceFile* source = nullptr;
  Ident* name = nullptr;          // of the package; null when the package clause is broken
  std::span<Decl*> decls;         // imports included, in source order
  std::span<ImportSpec*> imports; // all of them
  Pos eof;
  bool importsOnly = false;       // parsing ended behind the imports
  bool hasErrors = false;         // a syntax error was reported

  // The language version that a //go:build line before the package clause implies ("go1.21"); empty: none.
  std::string_view goVersion;
  std::span<Directive* const> directives;       // every "//go:" comment in source order
  std::span<Directive* const> fileDirectives;   // those before the package clause: build, debug, ...
  std::span<Linkname> linknames;
  std::span<TypeSpec*> localTypes;  // types, not aliases, declared in functions, in source order
};

// The expression without the parentheses around it.
inline Expr* unparen(Expr* x) {
  while (auto* p = dynAs<ParenExpr>(x)) x = p->x;
  return x;
}
inline const Expr* unparen(const Expr* x) {
  while (auto* p = dynAs<ParenExpr>(x)) x = p->x;
  return x;
}

}  // namespace burrow::syntax
