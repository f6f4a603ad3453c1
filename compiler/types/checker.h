// The checker's state, shared by its parts: declarations, types, expressions, statements, inference.
//
// Order of work for a package (checker.cpp): collect all package-level names (resolver.cpp); look at every declaration,
// on demand and each once (decl.cpp); what must wait until types are complete, function bodies above all, is put off
// (`later`) and done in order; then initialisation order, unused imports, instantiation cycles.
//
// A declaration that is met again while it is being looked at is a cycle; `path_` is the list of declarations being looked
// at, and the kinds of objects on the cycle decide whether it is legal.
//
// Untyped expressions: their records keep an untyped type until the context decides (untyped.cpp). `pending_` says which
// expressions are still open.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "source/arena.h"
#include "source/diagnostic.h"
#include "syntax/ast.h"
#include "types/check.h"
#include "types/diagnostics.h"
#include "types/operand.h"
#include "types/relations.h"

namespace burrow::types {

using source::DiagnosticKind;
using syntax::Expr;
using syntax::Ident;
using syntax::Node;
using syntax::Stmt;
using syntax::Token;

// How a package-level object or a method is declared.
struct DeclInfo {
  Scope* fileScope = nullptr;
  LangVersion version;
  std::vector<Var*> lhs;       // `var a, b = f()`: all of them, in each one's info
  Expr* type = nullptr;        // constants and variables; null: none
  Expr* init = nullptr;        // null: none
  bool inherited = false;      // a constant with the initialiser of an earlier one
  int64_t iota = 0;            // constants
  syntax::TypeSpec* typeSpec = nullptr;
  syntax::FuncDecl* func = nullptr;
  Object* object = nullptr;    // the (first) object declared
  std::vector<Object*> deps;   // package-level objects that the initialiser or the body mentions
  std::unordered_set<Object*> depSet;
  bool hasInitializer() const { return init != nullptr || (func != nullptr && func->body != nullptr); }
};

// A name of a composite used more than once is an error; fields and methods share a name space.
class NameSet {
 public:
  // Adds the object; returns an earlier one of the same name, or null.
  Object* insert(Object* o);

 private:
  std::vector<Object*> list_;
  std::unordered_map<std::string_view, Object*> table_;  // first object of a name, once the list is long
};

// The type that a generic function is to be assigned to, for inference from the target.
struct Target {
  Signature* sig;
  std::string desc;  // as messages call it
};

// For what a value is used, as messages put it: "argument to f". The text is made only for a message.
struct Purpose {
  const char* text;
  const Expr* of = nullptr;
  std::string str() const { return of != nullptr ? std::string(text) + exprString(of) : std::string(text); }
};

// What sort of expression a statement consists of.
enum class ExprClass : uint8_t { Conversion, Expression, Statement };

// Something that has a place in the source, for error messages.
struct Where {
  Pos pos;
  Where(Pos p) : pos(p) {}                      // NOLINT: conversions are the point
  Where(const Node* n);                         // NOLINT
  Where(const Operand& x);                      // NOLINT
  Where(const Object* o) : pos(o->pos) {}       // NOLINT
};

class Checker {
 public:
  Checker(Context& context, const PackageInput& input, source::Diagnostics& diagnostics);
  Package* run();

  // Works out the object's type, and for constants their value, if that has not been done.
  void objectDecl(Object* o);

 private:
  friend struct Inference;
  friend class Unifier;

  // What is being looked at; saved and restored around declarations and bodies.
  struct Environment {
    DeclInfo* decl = nullptr;         // package-level declaration whose initialiser or body this is
    Scope* scope = nullptr;           // innermost scope
    LangVersion version;              // of the file
    const Constant* iota = nullptr;   // null outside constant declarations
    Pos errorPos;                     // place for errors in an inherited constant initialiser
    bool inTypeParams = false;        // inside a type parameter list
    Signature* sig = nullptr;         // of the innermost function
    Func* func = nullptr;             // the declared function around it
    std::vector<Var*>* locals = nullptr;  // variables of the innermost function, for "declared and not used"
    std::unordered_set<const syntax::CallExpr*>* panics = nullptr;  // calls of panic, for missing returns
    bool hasCallOrReceive = false;
  };
  struct Action {
    LangVersion version;
    std::function<void()> run;
  };
  struct Note {
    Pos pos;  // invalid: no place of its own
    std::string text;
  };

  // --- errors (errors.cpp) ---
  std::string text(const std::string& s) const { return s; }
  std::string text(std::string_view s) const { return std::string(s); }
  std::string text(const char* s) const { return s; }
  std::string text(int64_t n) const { return std::to_string(n); }
  std::string text(size_t n) const { return std::to_string(n); }
  std::string text(int n) const { return std::to_string(n); }
  std::string text(Type* t) const { return typeText(t); }
  std::string text(const Expr* e) const { return exprString(e); }
  std::string text(const Operand& x) const { return operandString(x, pkg_); }
  std::string text(Token t) const { return std::string(syntax::spelling(t)); }
  std::string text(const Purpose& p) const { return p.str(); }
  std::string text(Pos p) const;
  std::string typeText(Type* t) const;

  template <typename... Args>
  void error(Where where, const DiagnosticKind& kind, const Args&... args) {
    report(where.pos, kind, fill(kind, {text(args)...}), {});
  }
  template <typename... Args>
  void errorWithNotes(Where where, std::vector<Note> notes, const DiagnosticKind& kind, const Args&... args) {
    report(where.pos, kind, fill(kind, {text(args)...}), std::move(notes));
  }
  static std::string fill(const DiagnosticKind& kind, std::initializer_list<std::string> args);
  void report(Pos pos, const DiagnosticKind& kind, std::string message, std::vector<Note> notes);
  // "other declaration of x", when o has a place.
  std::vector<Note> otherDeclaration(const Object* o) const;
  bool allows(int minor) const { return env_.version.atLeast(minor); }
  // Reports "<what> requires go1.N or later" when the file's version is older.
  bool requireVersion(Where where, int minor, const std::string& what);

  // --- basics (checker.cpp) ---
  source::Arena& arena() { return context_.arena(); }
  Relations relations() { return Relations{&context_, pkg_, env_.version}; }
  Cause newCause() const { return Cause{pkg_, {}}; }
  void later(std::function<void()> action) { delayed_.push_back({env_.version, std::move(action)}); }
  void processDelayed(size_t top);
  void push(Object* o);
  void pop();
  template <typename T, typename... Args>
  T* make(Args&&... args) {
    return arena().make<T>(std::forward<Args>(args)...);
  }
  template <typename T>
  std::span<T> list(const std::vector<T>& v) {
    return arena().copy(v);
  }
  Tuple* emptyTuple() { return emptyTuple_; }
  Signature* newSignature();
  Var* newVar(VarKind kind, Pos pos, std::string_view name, Type* type) {
    return make<Var>(pos, pkg_, name, type, kind);
  }
  Type* newPointer(Type* elem) { return make<Pointer>(elem); }
  Type* newSlice(Type* elem) { return make<Slice>(elem); }
  void openScope(const Node* node, const char* comment);
  void closeScope() { env_.scope = env_.scope->parent(); }
  Object* lookup(std::string_view name) const { return lookupScope(name).object; }
  Scope::Found lookupScope(std::string_view name) const { return env_.scope->lookupParent(name, Pos{}); }

  // --- records (record.cpp) ---
  void record(const Operand& x);
  void recordTypeAndValue(const Expr* e, Mode mode, Type* type, const Constant* value = nullptr);
  void recordBuiltin(const Expr* fun, Type* result, std::initializer_list<Type*> args, bool variadic = false);
  void recordBuiltinSignature(const Expr* fun, Signature* sig);
  void recordCommaOk(const Expr* e, const std::vector<Operand>& values);
  void recordInstance(const Expr* e, std::span<Type* const> typeArgs, Type* type);
  void recordDef(const Ident* id, Object* o);
  void recordUse(const Ident* id, Object* o);
  void recordSelection(const syntax::SelectorExpr* e, SelectionKind kind, Type* recv, const LookupResult& found,
                       Type* type);
  void recordScope(const Node* n, Scope* s) { info_->scopes[n] = s; }
  void recordImplicit(const Node* n, Object* o) { info_->implicits[n] = o; }

  // --- package level (resolver.cpp, imports.cpp, initorder.cpp) ---
  void collectObjects();
  void collectImport(syntax::ImportSpec* spec, Scope* fileScope);
  Package* importPackage(syntax::ImportSpec* spec, std::string_view path);
  void dotImport(syntax::ImportSpec* spec, PkgName* name, Scope* fileScope);
  void collectConsts(syntax::GenDecl* decl, Scope* fileScope);
  void collectVars(syntax::VarSpec* spec, Scope* fileScope);
  void collectFunc(syntax::FuncDecl* decl, Scope* fileScope);
  DeclInfo* newDecl(Scope* fileScope);
  void declarePackageObject(const Ident* id, Object* o, DeclInfo* d);
  void addObject(Object* o, DeclInfo* d);
  void checkFileScopeConflicts();
  void associateMethods();
  // The parts of a receiver type expression: pointer?, base type expression, type parameter names.
  bool unpackReceiver(Expr* type, Expr** base, std::vector<Ident*>* params);
  TypeName* resolveBaseTypeName(bool* pointer, const Ident* name);
  void packageObjects();
  void unusedImports();
  void arity(Pos pos, std::span<Ident* const> names, std::span<Expr* const> values, bool isConst, bool inherited);
  void initOrder();
  void anonymousCycles();
  void reportInitCycle(const std::vector<Object*>& cycle);
  void numberLocalTypes();

  // --- what gc cannot compile (restrictions.cpp) ---
  void noteWritten(Type* t, Pos own);
  void restrictions();
  void misplacedDirectives();
  void notInHeap();
  void linknames();
  void functionDirectives();
  void embeds();
  void sizes();

  // --- declarations (decl.cpp, cycles.cpp) ---
  void declare(Scope* scope, const Ident* id, Object* o, Pos scopePos);
  bool validCycle(Object* o);
  // A station of a cycle: its name in messages and its place.
  struct Station {
    Object* object;
    std::string name;
    Pos pos;
  };
  void cycleError(const std::vector<Object*>& cycle, size_t start);
  void cycleError(const std::vector<Station>& cycle, size_t start);
  static size_t firstInSource(const std::vector<Object*>& path);
  void directCycles();
  void directCycle(TypeName* name, std::unordered_map<TypeName*, int>& index);
  bool isComplete(Type* t);
  void constDecl(Const* c, Expr* type, Expr* init, bool inherited, int64_t iota);
  void varDecl(Var* v, std::span<Var* const> lhs, Expr* type, Expr* init);
  void typeDecl(TypeName* o, syntax::TypeSpec* spec);
  void aliasDecl(TypeName* o, syntax::TypeSpec* spec);
  void funcDecl(Func* f, DeclInfo* d);
  void collectMethods(TypeName* o);
  void checkFieldUniqueness(Named* base);
  // Declares type parameters; *params is set before their constraints are looked at.
  void collectTypeParams(const syntax::FieldList& list, std::span<TypeParam*>* params);
  Type* bound(Expr* e);
  TypeParam* declareTypeParam(const Ident* name, uint32_t index, Pos scopePos);
  void declStmt(syntax::GenDecl* decl);
  void localConsts(syntax::GenDecl* decl);
  void localVars(syntax::VarSpec* spec);
  void validType(Named* t);
  bool validType(Type* t, std::vector<Named*>& nest, std::vector<Named*>& path);
  void addDependency(Object* to);

  // --- types (typexpr.cpp, signature.cpp, composite_types.cpp) ---
  Type* typ(Expr* e) { return declaredType(e, nullptr); }
  Type* varType(Expr* e);
  void validVarType(Expr* e, Type* t);
  Type* declaredType(Expr* e, TypeName* def);
  Type* genericType(Expr* e, std::string* cause);
  Type* typeInternal(Expr* e, TypeName* def);
  Type* typeOperand(const Operand& x);
  Type* instantiatedType(syntax::IndexExpr* e);
  bool validateTypeArgCount(Pos pos, std::string_view name, size_t want, size_t got);
  int64_t arrayLength(Expr* e);
  bool typeList(std::span<Expr* const> exprs, std::vector<Type*>* out);
  void funcType(Signature* sig, const syntax::FieldList* recv, const syntax::FieldList* typeParams, syntax::FuncType* t);
  Var* collectReceiver(syntax::Field* field, Pos scopePos, std::span<TypeParam*>* typeParams);
  Type* genericReceiver(syntax::Field* field, Expr* base, const std::vector<Ident*>& names, bool pointer, Pos scopePos,
                        std::span<TypeParam*>* typeParams);
  void validReceiver(Expr* base, Var* recv);
  void collectParams(VarKind kind, const syntax::FieldList& fields, std::vector<Ident*>* names,
                     std::vector<Var*>* params, bool* variadic);
  void structType(Struct* t, syntax::StructType* e);
  void embeddedField(Type* t, Pos pos);
  std::string structTag(const syntax::BasicLit* tag);
  void interfaceType(Interface* t, syntax::InterfaceType* e, TypeName* def);
  void validateInterface(Interface* t);
  Type* unionType(Expr* e);
  Term unionTerm(Expr* e);
  void validateTerms(const std::vector<Expr*>& exprs, const std::vector<Term>& terms);

  // --- expressions (expr.cpp, binary.cpp, untyped.cpp, index.cpp, literal.cpp, selector.cpp, call.cpp, builtins*.cpp) ---
  ExprClass rawExpr(const Target* target, Operand& x, Expr* e, Type* hint, bool allowGeneric);
  ExprClass exprInternal(const Target* target, Operand& x, Expr* e, Type* hint);
  void expr(const Target* target, Operand& x, Expr* e);
  void genericExpr(Operand& x, Expr* e, Type* hint = nullptr);
  std::vector<Operand> multiExpr(Expr* e, bool allowCommaOk, bool* commaOk);
  void exprOrType(Operand& x, Expr* e, bool allowGeneric);
  void exclude(Operand& x, bool noValue, bool builtin, bool type);
  void singleValue(Operand& x);
  void nonGeneric(const Target* target, Operand& x);
  std::optional<Target> newTarget(Type* t, const std::string& desc);
  void ident(Operand& x, Ident* e, bool wantType);
  void starExpr(Operand& x, syntax::StarExpr* e);
  void typeAssertExpr(Operand& x, syntax::TypeAssertExpr* e);
  void typeAssertion(Expr* e, const Operand& x, Type* t, bool typeSwitch);
  void unary(Operand& x, syntax::UnaryExpr* e);
  Type* chanElem(Where where, const Operand& x, bool receive);
  void binaryChain(Operand& x, syntax::BinaryExpr* e);
  // x op y with both evaluated. `e`: the whole expression, or null in an assignment operation.
  void binary(Operand& x, Operand& y, Expr* e, Expr* lhs, Expr* rhs, Token op);
  void shift(Operand& x, Operand& y, Expr* e, Token op);
  void comparison(Operand& x, Operand& y, Token op, bool switchCase);
  std::string incomparableCause(Type* t);
  void matchTypes(Operand& x, Operand& y);
  void overflow(Operand& x, Pos opPos);
  void representable(Operand& x, Basic* t);
  void misfitError(const Operand& x, Misfit misfit, Type* target);
  void convertUntyped(Operand& x, Type* target);
  void updateExprType(Expr* e, Type* t, bool final);
  void updateExprValue(Expr* e, const Constant& value);
  void basicLit(Operand& x, syntax::BasicLit* e);
  void funcLit(Operand& x, syntax::FuncLit* e);
  void compositeLit(Operand& x, syntax::CompositeLit* e, Type* hint);
  void structLit(Operand& x, syntax::CompositeLit* e, Struct* s, Type* base);
  void keyedStructLit(Operand& x, syntax::CompositeLit* e, Struct* s, Type* base);
  void mapLit(Operand& x, syntax::CompositeLit* e, Map* m);
  int64_t indexedElements(std::span<Expr* const> elems, Type* t, int64_t length);
  bool indexExpr(Operand& x, syntax::IndexExpr* e);  // true: x is a generic function to be instantiated
  bool indexTypeParam(Operand& x, syntax::IndexExpr* e, int64_t* length, bool* isMap);
  void mapIndex(Operand& x, syntax::IndexExpr* e, Type* key, Type* elem);
  void sliceExpr(Operand& x, syntax::SliceExpr* e);
  Expr* singleIndex(syntax::IndexExpr* e);
  // The index's type and, when it is constant and in range, value; else -1. `max` < 0: no upper bound.
  Type* index(Expr* e, int64_t max, int64_t* value);
  bool isValidIndex(Operand& x, std::string_view what, bool allowNegative);
  void selector(Operand& x, syntax::SelectorExpr* e, bool wantType);
  bool qualifiedName(Operand& x, syntax::SelectorExpr* e, PkgName* name);
  void selectorError(const Operand& x, syntax::SelectorExpr* e, const LookupResult& found);
  std::string lookupError(Type* t, std::string_view sel, Object* alternative, bool structLit);
  ExprClass callExpr(Operand& x, syntax::CallExpr* call);
  ExprClass conversionCall(Operand& x, syntax::CallExpr* call);
  void conversion(Operand& x, Type* t);
  std::vector<Operand> exprList(std::span<Expr* const> exprs);
  // Operands that may be generic functions; those that are partially instantiated have their type arguments in *typeArgs.
  std::vector<Operand> genericExprList(std::span<Expr* const> exprs, std::vector<std::vector<Type*>>* typeArgs);
  Signature* arguments(syntax::CallExpr* call, Signature* sig, std::vector<Type*> typeArgs,
                       std::span<Expr* const> typeArgExprs, std::vector<Operand>& args,
                       std::vector<std::vector<Type*>>& argTypeArgs);
  void argumentCountError(syntax::CallExpr* call, Signature* sig, const std::vector<Operand>& args, size_t wanted);
  // Instantiates the generic function x explicitly and, as far as needed, by inference. With `infer` false and too few
  // arguments: leaves x generic and returns the arguments.
  std::vector<Type*> funcInst(const Target* target, Pos pos, Operand& x, syntax::IndexExpr* inst, bool infer);
  Signature* instantiateSignature(Pos pos, const Expr* e, Signature* sig, std::span<Type* const> typeArgs,
                                  std::span<Expr* const> typeArgExprs);
  bool use(std::span<Expr* const> exprs) { return useAll(exprs, false); }
  bool use(Expr* e) { return useOne(e, false); }
  bool useAll(std::span<Expr* const> exprs, bool lhs);
  bool useOne(Expr* e, bool lhs);
  bool builtinCall(Operand& x, syntax::CallExpr* call, BuiltinId id);
  bool builtinAppend(Operand& x, syntax::CallExpr* call, std::vector<Operand>& args);
  bool builtinCapLen(Operand& x, syntax::CallExpr* call, BuiltinId id, bool hasCall);
  bool builtinClear(Operand& x, syntax::CallExpr* call);
  bool builtinClose(Operand& x, syntax::CallExpr* call);
  bool builtinComplex(Operand& x, syntax::CallExpr* call, Operand& y);
  bool builtinCopy(Operand& x, syntax::CallExpr* call, Operand& y);
  bool builtinDelete(Operand& x, syntax::CallExpr* call, Operand& key);
  bool builtinRealImag(Operand& x, syntax::CallExpr* call, BuiltinId id);
  bool builtinMake(Operand& x, syntax::CallExpr* call);
  bool builtinMinMax(Operand& x, syntax::CallExpr* call, BuiltinId id, std::vector<Operand>& args);
  bool builtinNew(Operand& x, syntax::CallExpr* call);
  bool builtinPrint(Operand& x, syntax::CallExpr* call, BuiltinId id, std::vector<Operand>& args);
  bool builtinOffsetof(Operand& x, syntax::CallExpr* call);
  bool builtinUnsafe(Operand& x, syntax::CallExpr* call, BuiltinId id, std::vector<Operand>& args);
  bool hasVariableSize(Type* t);
  Type* sliceElem(const Operand& x, std::string* cause);
  Type* applyToTypeSet(const std::function<Type*(Type*)>& f, const Operand& x, std::string_view builtin);

  // --- inference (infer.cpp, unify.cpp) ---
  // Type arguments for all of `params` from the given ones (null: unknown) and the arguments of a call; empty on failure,
  // with the reason in *failure (and its place).
  struct Failure {
    Pos pos;
    const DiagnosticKind* kind = nullptr;
    std::string message;
  };
  std::vector<Type*> infer(Pos pos, std::span<TypeParam* const> params, std::vector<Type*> typeArgs, Tuple* formals,
                           std::vector<Operand>& args, bool reverse, Failure* failure);
  // Fresh copies of type parameters, and `t` in terms of them.
  std::vector<TypeParam*> renameTypeParams(std::span<TypeParam* const> params, Type* t, Type** renamed);

  // --- statements (assign.cpp, stmt.cpp, switch.cpp, range.cpp, return.cpp) ---
  void assignment(Operand& x, Type* t, const Purpose& purpose);
  void initConst(Const* lhs, Operand& x);
  void initVar(Var* lhs, Operand& x, const Purpose& purpose);
  Type* lhsVar(Expr* lhs);  // null: the blank identifier
  void assignVar(Expr* lhs, Expr* rhs, Operand* x, Purpose purpose);
  void assignError(std::span<Expr* const> rhs, size_t l, size_t r);
  void returnError(Where where, std::span<Var* const> lhs, const std::vector<Operand>& rhs);
  std::string typesSummary(const std::vector<Type*>& types, bool variadic, bool dots);
  void initVars(std::span<Var* const> lhs, std::span<Expr* const> rhs, const Stmt* returnStmt);
  void assignVars(std::span<Expr* const> lhs, std::span<Expr* const> rhs);
  void shortVarDecl(Pos pos, std::span<Expr* const> lhs, std::span<Expr* const> rhs);
  void funcBody(DeclInfo* decl, Func* func, Signature* sig, syntax::BlockStmt* body, const Constant* iota);
  void stmtList(std::span<Stmt* const> stmts);
  void stmt(Stmt* s);
  void stmtInner(Stmt* s);
  void exprStmt(syntax::ExprStmt* s);
  void incDecStmt(syntax::IncDecStmt* s);
  void assignStmt(syntax::AssignStmt* s);
  void suspendedCall(std::string_view keyword, Expr* call);
  void returnStmt(syntax::ReturnStmt* s);
  void ifStmt(syntax::IfStmt* s);
  void forStmt(syntax::ForStmt* s);
  void selectStmt(syntax::SelectStmt* s);
  void switchStmt(syntax::SwitchStmt* s);
  void typeSwitchStmt(syntax::TypeSwitchStmt* s);
  void rangeStmt(syntax::RangeStmt* s);
  bool rangeKeyValue(Type* t, Type** key, Type** value, std::string* cause);
  void condition(Expr* cond, const DiagnosticKind& kind);
  struct CaseValue {
    Pos pos;
    Type* type;
    Constant value;
  };
  // Types of a type switch's cases by their hash; null is nil.
  using TypeCases = std::unordered_map<uint64_t, std::vector<std::pair<Type*, Expr*>>>;
  using CaseTable = std::unordered_map<std::string, std::vector<CaseValue>>;
  void caseValues(Operand& x, std::span<Expr* const> values, CaseTable& seen);
  Type* caseTypes(const Operand* x, std::span<Expr* const> types, TypeCases& seen);
  bool isNilExpr(const Expr* e) const;
  bool isTerminating(const Stmt* s, std::string_view label);
  bool isTerminatingList(std::span<Stmt* const> stmts);

  // --- instantiation cycles (mono.cpp) ---
  void monoRecord(Pos pos, std::span<TypeParam* const> params, std::span<Type* const> args,
                  std::span<Expr* const> argExprs);
  void monomorph();
  struct MonoGraph;

  // --- state ---
  Context& context_;
  const PackageInput& input_;
  source::Diagnostics& diagnostics_;
  Package* pkg_ = nullptr;
  Info* info_ = nullptr;
  Environment env_;
  std::vector<Action> delayed_;
  std::vector<Object*> path_;
  std::vector<Named*> sizing_;         // instances whose size is being worked out
  std::vector<Object*> objects_;       // package-level objects and methods in source order
  std::vector<PkgName*> imports_;
  std::unordered_map<std::string_view, Package*> importCache_;
  std::unordered_map<const Object*, std::vector<std::pair<Scope*, PkgName*>>> dotImports_;
  std::unordered_map<TypeName*, std::vector<Func*>> methods_;
  struct PendingMethod {
    Func* func;
    bool pointer;
    const Ident* recv;
  };
  std::vector<PendingMethod> pendingMethods_;
  std::unordered_set<Named*> validTypes_;  // not generic, and found not to contain themselves
  std::vector<uint8_t> pending_;       // by Expr::id: kOpen, kShiftOperand
  static constexpr uint8_t kOpen = 1;          // untyped and not final
  static constexpr uint8_t kShiftOperand = 2;  // left operand of a non-constant shift
  size_t errorCount_ = 0;
  Tuple* emptyTuple_;
  std::shared_ptr<MonoGraph> mono_;
  Pos stmtPos_;                        // of the statement that is being looked at
  std::vector<Pos> instancePos_;       // by index into Info::instances
  std::vector<std::pair<Type*, Pos>> writtenTypes_;        // array, struct, map and channel types of the source
  std::vector<std::pair<Type*, Pos>> declaredContainers_;  // right-hand sides of declarations: maps and channels
  std::unordered_map<const Func*, std::vector<Var*>> largeLocals_;
};

}  // namespace burrow::types
