// One function body on its way to IR.
//
// FunctionGen walks the syntax of one function (a declaration, a literal, or the body of a range over a function) and
// emits instructions at a current block. Its members are spread over files by what they lower; this header is the table of
// contents. Conventions:
//
//  - `expr` gives a value of the expression's own type; `exprTo` one of the type of the place it goes to. Implicit
//    conversions of the language are exactly the calls of `exprTo` and `assignable`.
//  - A `Ref` is what an expression denotes: an address where that costs nothing, else a value. Reading a field of a field
//    of a variable is then one load, not a copy of the whole variable.
//  - An `LValue` is the left side of an assignment with its operands evaluated and its checks still to be made: Go
//    evaluates all operands first and panics only when the assignment itself is carried out.
//  - A `Call` is a call with callee and arguments evaluated. `go` and `defer` evaluate it here and carry it out in another
//    function, so evaluating and calling are two steps.
//  - After a terminator the Builder goes on in a block nobody jumps to; `finish` removes what cannot be reached.
#pragma once

#include "ir/builder.h"
#include "irgen/package_gen.h"
#include "irgen/source_text.h"

#include <functional>
#include <optional>
#include <unordered_map>

namespace burrow::irgen {

using ir::BlockId;
using ir::Op;
using ir::RuntimeFn;
using syntax::Expr;
using syntax::Stmt;

// Where a variable lives: at an address, or nowhere because it never changes (a captured copy).
struct Place {
  bool isAddress = true;
  ValueId v;
};
using Ref = Place;

struct LValue {
  enum Kind : uint8_t { Blank, Address, Deref, SliceElem, MapElem } kind = Blank;
  TypeId type;     // of what is assigned to
  ValueId base;    // Address, Deref: a pointer; SliceElem: the slice; MapElem: the map
  ValueId index;   // SliceElem: index as checked; MapElem: key
  Pos pos;         // SliceElem: of the bracket
  struct Step {
    int field = -1;     // or an array index:
    ValueId index;
    bool check = false;
    Pos pos;            // of the bracket
  };
  std::vector<Step> steps;  // from there on through fields and array elements
};

// What a callee is promised about pointers behind its uintptr arguments (call.cpp).
enum class KeepAlive : uint8_t { No, Yes, Escapes };

struct Call {
  enum Kind : uint8_t { Static, Closure, Interface, Builtin, Intrinsic } kind = Static;
  Callee callee;                          // Static, Intrinsic
  size_t method = 0;                      // Interface
  types::BuiltinId builtin{};
  const IntrinsicSpec* intrinsic = nullptr;
  std::vector<ValueId> operands;          // Closure: the func value first; Interface: the interface first
  TypeId rest;                            // the last argument is a slice, to be made of
  std::vector<ValueId> variadic;          // these values, where the call is carried out
  TypeId result;                          // invalid: none; a tuple for several
  KeepAlive keepAlive = KeepAlive::No;
  std::vector<ValueId> alive;             // the pointers that this speaks of
};

class FunctionGen {
 public:
  FunctionGen(PackageGen& package, ir::Function& fn, const BodyContext& context, FunctionGen* outer = nullptr);

  // Lowers a declared function or method; `recv` is its receiver parameter list.
  void declaration(const syntax::FuncDecl* decl);
  // Of a function without a body, for -m: names and places of its parameters.
  void describeParameters(const syntax::FuncDecl* decl);
  // Package initialisation: `emit` is called with the generator set up for a function without parameters.
  void begin(Pos pos);
  void initialiser(const types::Initializer& init);
  void finish(Pos end);

  ir::Builder& builder() { return b_; }

 private:
  friend class StaticInit;
  friend class InOrder;
  friend class OperandOrder;
  friend class PackageGen;  // wrappers are built with the same parts

  // --- function_gen.cpp: set-up, variables, positions ------------------------------------------------------------
  void parameters(const syntax::FieldList& recv, const syntax::FuncType* type);
  void bindParam(const types::Object* var, ValueId value, std::string_view name);
  void resultVariables(const syntax::FuncType* type);
  void functionBody(const syntax::BlockStmt* body);
  void epilogueBlocks();
  void checkFrame(Pos pos);
  void prune();
  void setPos(Pos p);
  uint16_t scopeOf(std::string_view path);
  TypeId map(types::Type* t) { return package_.types().map(t, *context_.env); }
  TypeId typeOf(const Expr* e) { return map(info().typeOf(e)); }
  const types::Info& info() const { return *context_.info; }
  ir::TypeTable& T() { return package_.table(); }
  bool isNew(const types::Var* v, TypeId type) const;      // needs a heap object of its own
  bool byValue(const types::Var* v, TypeId type) const;    // a closure may keep a copy
  bool isConstantForGood(const types::Var* v, TypeId type, ValueId value) const;
  // Makes room for a variable; `zero`: and clears it.
  ValueId declareVar(const types::Var* v, TypeId type, bool zero);
  void bindVar(const types::Var* v, Place p) { vars_[v] = p; }
  Place place(const types::Var* v);
  void zeroAt(ValueId address);
  std::string sourceText(const Expr* e) const { return irgen::sourceText(info(), &package_.package(), e); }
  void markSelfAssignment(const Expr* lhs, const Expr* rhs);
  std::string literalText(const syntax::CompositeLit* e, TypeId type);
  // For -m: what stands in the source where v is made, and where that is.
  ValueId described(ValueId v, const std::function<std::string()>& text);
  ValueId variableObject(const types::Var* v, TypeId type);  // its New, at its declaration's place
  ValueId temp(TypeId type, std::string_view name = {}) { return b_.local(type, name); }
  ValueId spill(ValueId v);
  ValueId readRef(const Ref& r) { return r.isAddress ? b_.load(r.v) : r.v; }
  bool knownNonNil(ValueId pointer) const;
  void nilCheck(ValueId pointer);
  void nilCheckFunction(ValueId f);
  void nilCheckInterface(ValueId v);
  bool isMemoryClass(TypeId t);
  // Copies *from to *to without going through a value; both are known not to be nil.
  void copyValue(ValueId to, ValueId from);
  TypeId int_() { return T().intType(); }
  TypeId bool_() { return T().boolType(); }
  ValueId constInt(int64_t v) { return b_.constInt(int_(), v); }
  std::vector<ValueId> unpack(ValueId tuple);
  std::optional<int64_t> constIntValue(const Expr* e) const;

  // --- expr.cpp --------------------------------------------------------------------------------------------------
  ValueId expr(const Expr* e);
  ValueId exprTo(const Expr* e, TypeId to);
  ValueId boxed(ValueId v, const Expr* e);
  void exprInto(ValueId address, const Expr* e, bool isZero);  // *address = e, nobody else sees *address yet
  std::vector<ValueId> exprMulti(const Expr* e);               // of a Tuple
  void discard(const Expr* e);
  Ref ref(const Expr* e);
  ValueId address(const Expr* e);
  ValueId constant(const types::Constant& c, TypeId type);
  ValueId identValue(const syntax::Ident* id);
  void moveOut(const syntax::Node* where);
  ValueId functionValue(const types::Func* f, const syntax::Ident* id);
  Ref selectField(Ref base, std::span<const int> path);
  Ref selectorRef(const syntax::SelectorExpr* e);
  ValueId derefPointer(ValueId p);  // checks, gives p
  std::vector<TypeId> instanceArgs(const syntax::Ident* id);
  ValueId unary(const syntax::UnaryExpr* e);
  ValueId addressOf(const Expr* e);
  ValueId methodValue(const syntax::SelectorExpr* e, const types::Selection* sel);
  ValueId methodExpr(const syntax::SelectorExpr* e, const types::Selection* sel);
  const MethodEntry* findMethod(TypeId receiver, const types::Object* method);
  // The receiver argument for a method found on the type of x.
  ValueId receiver(const Expr* x, const MethodEntry& e);
  Ref receiverRef(const Expr* x);
  ValueId typeAssert(const syntax::TypeAssertExpr* e, bool commaOk);
  ValueId assertTo(ValueId iface, TypeId to, bool commaOk);

  // --- expr_binary.cpp
  ValueId binary(const syntax::BinaryExpr* e);
  ValueId logical(const syntax::BinaryExpr* e);
  ValueId arithmetic(syntax::Token op, ValueId x, ValueId y);
  ValueId shift(syntax::Token op, ValueId x, const Expr* y);
  ValueId shiftBy(syntax::Token op, ValueId x, ValueId count, bool countNonNegative);
  ValueId comparison(const syntax::BinaryExpr* e);
  ValueId compare(syntax::Token op, ValueId x, ValueId y);
  ValueId equalMixed(ValueId iface, ValueId concrete);
  void condition(const Expr* e, BlockId ifTrue, BlockId ifFalse);
  ValueId concat(const syntax::BinaryExpr* e);

  // --- expr_index.cpp
  struct Index {
    ValueId check;  // int or uint: what a bounds check compares
    bool isConstant = false;
    int64_t value = 0;
  };
  Index index(const Expr* e);
  ValueId indexInt(const Index& i);
  Ref indexRef(const syntax::IndexExpr* e);
  ValueId indexExpr(const syntax::IndexExpr* e);
  ValueId mapIndex(const syntax::IndexExpr* e, bool commaOk);
  bool isLengthLess(const syntax::Expr* e, const syntax::Expr* x);
  ValueId sliceExpr(const syntax::SliceExpr* e);
  ValueId elementAddress(ValueId slice, const Index& i);
  // Element `index` behind a pointer to the first one. (Builder::indexAddr goes into an array that a pointer leads to.)
  void checkBounds(ValueId index, ValueId bound, ir::CheckKind kind);
  ValueId elementAt(ValueId first, ValueId index);
  ValueId guardedOffset(ValueId base, ValueId index, ValueId rest);

  // --- convert.cpp
  ValueId assignable(ValueId v, TypeId to);  // an implicit conversion
  ValueId conversion(const syntax::CallExpr* e);
  ValueId convert(ValueId v, TypeId to);
  ValueId makeIface(ValueId v, TypeId to);

  // --- composite.cpp
  ValueId compositeLit(const syntax::CompositeLit* e, TypeId type);
  void compositeInto(ValueId address, const syntax::CompositeLit* e, TypeId type, bool isZero);
  ValueId pointerLit(const syntax::CompositeLit* e, TypeId type);
  ValueId sliceLit(const syntax::CompositeLit* e, TypeId type);
  ValueId mapLit(const syntax::CompositeLit* e, TypeId type);
  void elements(ValueId array, const syntax::CompositeLit* e, TypeId elem, bool isZero);
  std::vector<int> fieldPath(const syntax::CompositeLit* e, size_t i, const std::vector<ir::Field>& fields) const;
  bool hasPromotedKeys(const syntax::CompositeLit* e) const;
  int64_t literalLength(const syntax::CompositeLit* e) const;
  std::optional<std::string> staticCopy(const syntax::CompositeLit* e, TypeId array);

  // --- call.cpp
  // Whether gc calls a known method here and for that takes the receiver out of its interface before the arguments.
  bool copiesReceiver(const syntax::CallExpr* e);
  Call prepareCall(const syntax::CallExpr* e, bool isDeferred);
  ValueId carryOut(const Call& c, std::vector<ValueId> operands, std::span<const ValueId> alive);
  ValueId carryOut(const Call& c, std::vector<ValueId> operands);
  ValueId callExpr(const syntax::CallExpr* e);  // invalid when there is no result
  void arguments(const syntax::CallExpr* e, TypeId func, size_t firstParam, Call& call);
  static KeepAlive keepsAlive(const types::Object* callee);
  const Expr* pointerBehind(const Expr* e, TypeId type);  // an unsafe.Pointer that e makes a number; or null
  ValueId packVariadic(std::span<const ValueId> values, TypeId slice);
  const syntax::Ident* calleeIdent(const Expr* fun) const;
  bool isConversion(const syntax::CallExpr* e) const;
  const types::Builtin* builtinOf(const syntax::CallExpr* e) const;
  ValueId intrinsic(const IntrinsicSpec& spec, std::vector<ValueId> args, TypeId func);

  // --- builtin.cpp
  ValueId builtin(const syntax::CallExpr* e, const types::Builtin* b);
  std::vector<ValueId> builtinOperands(const syntax::CallExpr* e, types::BuiltinId id);
  ValueId builtinEffect(types::BuiltinId id, const std::vector<ValueId>& operands);
  ValueId lenOrCap(const Expr* x, bool cap);
  ValueId makeBuiltin(const syntax::CallExpr* e);
  ValueId newBuiltin(const syntax::CallExpr* e);
  ValueId minMax(const syntax::CallExpr* e, bool max);
  ValueId minMaxOf(ValueId x, ValueId y, bool max);
  ValueId unsafeBuiltin(const syntax::CallExpr* e, types::BuiltinId id);
  ValueId unsafeSlice(const syntax::CallExpr* e, bool isString);
  void print(const std::vector<ValueId>& args, bool newline);
  void checkPrinted(const syntax::CallExpr* e, const std::vector<ValueId>& operands, const char* name);
  bool isUnprintable(TypeId t);
  ValueId recover();
  ValueId sizeArgument(const Expr* e);
  ValueId sizeOfValue(ValueId v);
  std::pair<ValueId, ValueId> pointerAndSize(const syntax::CallExpr* e);

  // --- append.cpp
  ValueId append(const syntax::CallExpr* e);
  ValueId appendValues(ValueId slice, std::span<const ValueId> values);
  template <class Fill>
  ValueId appendTail(ValueId slice, ValueId added, Fill fill);
  ValueId appendSlice(ValueId slice, ValueId more);
  ValueId appendZeros(ValueId slice, ValueId added);
  const syntax::Expr* sizeOfAppendedMake(const syntax::CallExpr* e);
  ValueId grow(ValueId slice, ValueId newLen, ValueId added, bool single);  // single: values, not the elements of a slice

  // --- closure.cpp
  struct Captures {
    std::vector<ValueId> values;           // here, in closure object order
    std::vector<std::function<void(FunctionGen&, ValueId)>> bind;  // what each becomes in the closure's body
    void add(ValueId v, std::function<void(FunctionGen&, ValueId)> f) {
      values.push_back(v);
      bind.push_back(std::move(f));
    }
  };
  ValueId funcLit(const syntax::FuncLit* e);
  // The function of a literal; what it captures goes to *captures (null: it captures nothing).
  ir::Function& literalFunction(const syntax::FuncLit* e, Captures* captures);
  void literal(const syntax::FuncLit* e, const Captures& c);
  void captureFree(const FunctionFacts& facts, Captures& c);
  ValueId makeClosure(const ir::Function& fn, TypeId type, const Captures& c);
  void bindCaptures(const Captures& c);
  std::string closureName(std::string_view kind);  // "func", "-range", "gowrap", "deferwrap"
  // Names the function literals of an expression in their order in the source, for what is not evaluated in that order.
  void nameLiterals(const syntax::Node* e);
  ir::Linkage closureLinkage() const { return context_.instance ? ir::Linkage::LinkOnce : ir::Linkage::Internal; }

  // --- assign.cpp
  LValue lvalue(const Expr* e);
  void lvalueStep(LValue& lv, LValue::Step step, TypeId type);
  ValueId lvalueAddress(const LValue& lv);
  ValueId lvalueLoad(const LValue& lv);
  void assign(const LValue& lv, ValueId v);  // v: of lv.type, or assignable to it
  void assignStmt(const syntax::AssignStmt* s);
  void assignOne(const Expr* lhs, const Expr* rhs, Pos pos);
  void declareAndInit(const types::Var* v, const Expr* value);
  void opAssign(const Expr* lhs, syntax::Token op, const Expr* rhs, Pos pos);
  void define(std::span<Expr* const> lhs, const std::vector<ValueId>& values);
  void varDecl(const syntax::VarSpec* spec);
  bool overlaps(const LValue& lhs, const Expr* rhs);
  bool ofConstants(const syntax::CompositeLit* e);
  const types::Var* definedVar(const Expr* lhs) const;  // the variable that := declares here, or null

  // --- stmt.cpp
  void stmt(const Stmt* s);
  void stmtList(std::span<Stmt* const> list);
  void block(const syntax::BlockStmt* s) { stmtList(s->list); }
  void ifStmt(const syntax::IfStmt* s);
  void forStmt(const syntax::ForStmt* s);
  void labeledStmt(const syntax::LabeledStmt* s);
  void branchStmt(const syntax::BranchStmt* s);
  void returnStmt(const syntax::ReturnStmt* s);
  void leave();  // results are in their variables
  void declStmt(const syntax::DeclStmt* s);
  BlockId labelBlock(const Stmt* label);
  struct Exit {
    enum Kind : uint8_t { Return, Break, Continue, Goto } kind;
    const Stmt* target = nullptr;
    int64_t code = 0;
  };
  void branchTo(Exit::Kind kind, const Stmt* target);
  struct Targets {
    BlockId breakTo, continueTo;
  };

  // --- range.cpp
  void rangeStmt(const syntax::RangeStmt* s);
  void rangeArray(const syntax::RangeStmt* s, TypeId type);
  void rangeSlice(const syntax::RangeStmt* s);
  void rangeString(const syntax::RangeStmt* s);
  void rangeMap(const syntax::RangeStmt* s);
  void rangeChan(const syntax::RangeStmt* s);
  void rangeInt(const syntax::RangeStmt* s, TypeId type);
  // Loop of i from 0 to n; `element` gives the second value of an iteration.
  void countedLoop(const syntax::RangeStmt* s, ValueId n, const std::function<ValueId(ValueId)>& element);
  void loopVars(const syntax::RangeStmt* s, ValueId key, ValueId value);
  void declareSharedLoopVars(const syntax::RangeStmt* s);
  bool wants(const Expr* e) const;  // a loop variable that is there and not blank

  // --- rangefunc.cpp
  void rangeFunc(const syntax::RangeStmt* s);
  void rangeBody(const syntax::RangeStmt* s, const Captures& c);
  void finishRangeBody(bool more);                           // the iteration is over: shall there be another?
  void leaveRangeBody(Exit::Kind kind, const Stmt* target);  // to somewhere outside of the loop
  void prepareRangeFuncs(const FunctionFacts& facts);
  FunctionGen& realFunction();

  // --- switch.cpp, type_switch.cpp, select.cpp
  void switchStmt(const syntax::SwitchStmt* s);
  bool integerSwitch(const syntax::SwitchStmt* s, ValueId tag, const std::vector<BlockId>& bodies, BlockId otherwise);
  bool stringSwitch(const syntax::SwitchStmt* s, ValueId tag, const std::vector<BlockId>& bodies, BlockId otherwise);
  struct StringCase {
    std::string value;
    BlockId block;
    Pos pos;
  };
  ValueId stringWord(ValueId tag, size_t length, size_t offset);
  void stringsOfLength(ValueId tag, std::vector<StringCase> cases, BlockId otherwise);
  void stringSearch(ValueId tag, std::span<const StringCase> cases, BlockId otherwise);
  void stringTable(ValueId tag, std::span<const StringCase> cases, BlockId otherwise);
  void caseTest(ValueId tag, const Expr* e, BlockId match, BlockId next);
  void clauseBodies(std::span<syntax::CaseClause* const> clauses, const std::vector<BlockId>& bodies, BlockId end);
  void typeSwitchStmt(const syntax::TypeSwitchStmt* s);
  struct TypeCase {
    TypeId type;  // invalid: nil
    BlockId block;
    Pos pos;
  };
  void searchType(ValueId x, std::span<const TypeCase> cases, BlockId otherwise);
  void tryTypes(ValueId x, std::span<const TypeCase> cases);
  ValueId holdsType(ValueId iface, TypeId type);              // whether it holds a value of this concrete type
  void takeOut(ValueId iface, TypeId type, ValueId to);  // *to = the value of this type that it is known to hold
  void selectStmt(const syntax::SelectStmt* s);

  // --- defer.cpp
  void goStmt(const syntax::GoStmt* s);
  void deferStmt(const syntax::DeferStmt* s);
  ValueId callClosureFor(const syntax::CallExpr* e, bool isGo);
  std::optional<ValueId> rematerialise(FunctionGen& inner, ValueId v);
  bool inLoop() const { return loopDepth_ > 0; }
  void enterLoop() { b_.setDepth(++loopDepth_); }
  void leaveLoop() { b_.setDepth(--loopDepth_); }

  PackageGen& package_;
  ir::Function& fn_;
  BodyContext context_;
  FunctionGen* outer_;
  ir::Builder b_;

  std::unordered_map<const types::Var*, Place> vars_;
  std::unordered_map<uint32_t, bool> nonNil_;  // captured addresses
  // Results.
  std::vector<TypeId> resultTypes_;
  std::vector<ValueId> results_;   // their addresses when they live in variables, else empty
  std::vector<ValueId> resultPointers_;  // deferring functions: where the address of a heap result is kept
  bool namedResults_ = false;
  bool sharedResults_ = false;     // range bodies store to them
  const syntax::Node* currentNode_ = nullptr;  // the declaration, literal or range statement that this function is
  BlockId exit_;                   // of a deferring function: run defers and return
  // Control flow.
  std::unordered_map<const Stmt*, Targets> targets_;
  std::unordered_map<const Stmt*, BlockId> labels_;
  // What of the present statement was evaluated ahead of its place (order.h); invalid: a call without a result.
  std::unordered_map<const Expr*, ValueId> early_;
  std::vector<const Expr*> earlyOrder_;
  int loopDepth_ = 0;  // loops around this place; a label that a goto behind it jumps to begins one, too
  BlockId fallthrough_;            // the next clause's body
  // Range bodies.
  const syntax::RangeStmt* rangeBody_ = nullptr;
  ValueId state_;                  // of the loop whose body this is
  ValueId next_;                   // shared by all range bodies of a function: where to go after the loop
  ValueId deferFrame_, recoverSlot_;
  std::vector<Exit> exits_;
  int64_t lastCode_ = 0;           // of the real function
  // Names of closures.
  bool isClosure_ = false;
  bool clauseVariable_ = false;  // what is declared is a type switch's variable, whose place is its clause's
  int closures_ = 0, ranges_ = 0, wraps_ = 0;
  std::unordered_map<const syntax::Node*, std::string> literalNames_;  // of those that have one before their turn
  // Positions: the line that was looked up last.
  Pos lineStart_, lineEnd_;
  uint32_t line_ = 0, column_ = 0;
  uint16_t scope_ = 0;
};

// What a range over a function keeps in its state variable; the numbers are those that runtime.panicrangestate expects.
inline constexpr int64_t kRangeDone = 0, kRangeReady = 1, kRangePanic = 2, kRangeExhausted = 3, kRangeMissingPanic = 4;

}  // namespace burrow::irgen
