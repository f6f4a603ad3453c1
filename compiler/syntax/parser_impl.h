// The parser's state; private to the parse_*.cpp files.
//
// A recursive-descent parser with one token of look-ahead. How it recovers from errors follows gc, because which
// further errors appear depends on it: where a production cannot go on, `advance` skips to a token that may follow it
// or, inside functions, to one that starts a statement. One syntax error is reported per line; at the end of the file
// none after the first.
//
// Three counters steer it: `functionDepth_` (whether statement keywords are places to recover), `expressionLevel_`
// (below zero in the header of a control statement, where `{` opens the block and no composite literal), and `depth_`.
//
// Depth: everything that makes the tree deeper, by recursion or in a loop, counts in `depth_`; beyond kMaxNesting the
// parser reports one error and gives up. No tree is deeper than a small multiple of kMaxNesting, so later phases may
// recurse over it.
#pragma once

#include "syntax/diagnostics.h"
#include "syntax/parser.h"
#include "syntax/scanner.h"

#include <array>
#include <initializer_list>
#include <string>
#include <vector>

namespace burrow::syntax {

inline constexpr int kMaxNesting = 100'000;

class TokenSet {
 public:
  constexpr TokenSet() = default;
  constexpr TokenSet(std::initializer_list<Token> list) {
    for (Token t : list) add(t);
  }
  constexpr void add(Token t) { bits_[static_cast<size_t>(t) / 64] |= uint64_t{1} << static_cast<size_t>(t) % 64; }
  constexpr bool has(Token t) const {
    return bits_[static_cast<size_t>(t) / 64] >> static_cast<size_t>(t) % 64 & 1;
  }
  constexpr TokenSet operator|(const TokenSet& o) const {
    TokenSet r;
    for (size_t i = 0; i < bits_.size(); i++) r.bits_[i] = bits_[i] | o.bits_[i];
    return r;
  }
  constexpr bool empty() const { return bits_[0] == 0 && bits_[1] == 0; }

 private:
  std::array<uint64_t, 2> bits_{};
};
static_assert(kTokenCount <= 128);

class Parser {
 public:
  Parser(source::SourceFile& file, source::Arena& arena, StringTable& names, const ParseOptions& options,
         source::Diagnostics& diagnostics);
  File* parseFile();

 private:
  // An expression list; most have one element, which needs no array.
  struct ExprList {
    Expr* first = nullptr;
    std::span<Expr*> many;  // all of them, when there are several
    bool single() const { return many.empty(); }
  };
  // A parameter before names and types have been sorted out.
  struct Param {
    Ident* name;
    Expr* type;
    Pos pos;
  };
  // The parts of a control statement before its block.
  struct Header {
    Stmt* init = nullptr;
    Expr* cond = nullptr;
    Stmt* post = nullptr;
    RangeStmt* range = nullptr;
  };
  // Counts one level of nesting for as long as it lives.
  class Nest {
   public:
    explicit Nest(Parser& p) : p_(p) { p_.depth_++; }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;
    ~Nest() { p_.depth_--; }

   private:
    Parser& p_;
  };
  // Collects a list on a stack that all lists share; `finish` moves it into the arena.
  template <typename T>
  class List {
   public:
    explicit List(Parser& p) : p_(p), mark_(p.scratch_.size()) {}
    List(const List&) = delete;
    List& operator=(const List&) = delete;
    ~List() { p_.scratch_.resize(mark_); }
    void add(T* item) { p_.scratch_.push_back(item); }
    bool empty() const { return p_.scratch_.size() == mark_; }
    size_t size() const { return p_.scratch_.size() - mark_; }
    T* back() const { return static_cast<T*>(p_.scratch_.back()); }
    std::span<T*> finish() {
      size_t n = size();
      if (n == 0) return {};
      auto** out = static_cast<T**>(p_.arena_.allocate(n * sizeof(T*), alignof(T*)));
      for (size_t i = 0; i < n; i++) out[i] = static_cast<T*>(p_.scratch_[mark_ + i]);
      return {out, n};
    }

   private:
    Parser& p_;
    size_t mark_;
  };

  // --- parser.cpp: tokens, errors, files
  Token tok() const { return s_.tok; }
  Pos pos() const { return s_.pos(); }
  void next() { s_.next(); }
  bool got(Token t) {
    if (s_.tok != t) return false;
    next();
    return true;
  }
  Pos want(Token t);  // returns the place of the token, or where it is missing
  Pos missing() const;
  bool gotAssign(Pos* assign);
  void advance(const TokenSet& follow = {});
  bool tooDeep(int more = 0);

  template <typename T>
  T* make(Pos pos) {
    T* n = arena_.make<T>();
    n->pos = pos;
    n->id = std::is_base_of_v<Expr, T> ? ids_.nextExpr++ : ids_.nextNode++;
    return n;
  }
  template <typename T>
  std::span<T*> one(T* item) {
    auto** out = static_cast<T**>(arena_.allocate(sizeof(T*), alignof(T*)));
    *out = item;
    return {out, 1};
  }

  // Reporting is kept out of line: its temporaries would sit in every frame of the recursion.

  // An error that stands for itself.
  template <typename... Args>
  [[gnu::noinline, gnu::cold]] void error(Pos at, const source::DiagnosticKind& kind, const Args&... args) {
    s_.errorCount++;
    diagnostics_.report(place(at), kind, args...);
  }
  // An error about labels or directives: it does not make other errors doubtful.
  template <typename... Args>
  [[gnu::noinline, gnu::cold]] void sideError(Pos at, const source::DiagnosticKind& kind, const Args&... args) {
    sideErrors_++;
    diagnostics_.report(at, kind, args...);
  }
  // A syntax error: one per line, none at the end of the file behind an earlier one.
  template <typename... Args>
  [[gnu::noinline, gnu::cold]] void syntaxError(Pos at, const source::DiagnosticKind& kind, const Args&... args) {
    if (tok() == Token::EndOfFile && s_.errorCount > 0) return;
    s_.errorCount++;
    if (isNewErrorLine(at)) diagnostics_.report(place(at), kind, args...);
  }
  // "unexpected X, expected ..." at the current token.
  void expected(std::string_view what);
  // "unexpected X ..." at the current token, for a format that names the token first.
  template <typename... Args>
  [[gnu::noinline, gnu::cold]] void unexpected(const source::DiagnosticKind& kind, const Args&... args) {
    syntaxError(pos(), kind, tokenText(), args...);
  }
  bool isNewErrorLine(Pos at);
  Pos place(Pos at) const;
  std::string tokenText() const;
  static std::string_view expectedText(Token t);

  BadExpr* badExpr() { return make<BadExpr>(pos()); }
  Ident* makeName(Pos at, std::string_view interned);
  Ident* inventName(Pos at);
  Ident* name();
  std::span<Ident*> nameList(Ident* first);
  BasicLit* literalOrNull();
  std::span<Expr*> toSpan(const ExprList& list) { return list.single() ? one(list.first) : list.many; }

  // Elements, each read by `element` (which returns true after the last one that is possible), separated by `separator`
  // and closed by `close`. Returns the place of the closing token.
  template <typename F>
  Pos list(std::string_view context, Token separator, Token close, F element);

  // --- parse_decls.cpp
  GenDecl* genDecl();
  template <typename F>
  void specs(GenDecl* decl, F spec);
  ImportSpec* importSpec();
  ConstSpec* constSpec();
  TypeSpec* typeSpec();
  VarSpec* varSpec();
  FuncDecl* funcDecl();
  BlockStmt* funcBody();
  Ident* extractName(Expr* x, bool force, Expr** rest);
  static bool isTypeElement(const Expr* x);

  // --- parse_types.cpp
  Expr* type();
  Expr* typeOrNull();
  Expr* typeInstance(Expr* generic);
  FuncType* funcType(Pos func, std::string_view context);
  Expr* arrayType(Pos lbrack, Expr* len);
  Expr* sliceType(Pos lbrack);
  Expr* chanElem();
  StructType* structType();
  void structField(List<Field>& fields);
  InterfaceType* interfaceType();
  Field* methodOrEmbedded();
  Expr* embeddedElement(Expr* first);
  Expr* embeddedTerm();
  Expr* arrayOrTypeArguments();
  Expr* qualifiedName(Ident* first);
  std::span<Expr*> typeList(bool strict, bool* comma);
  FieldList funcResult();
  bool paramDecl(Ident* first, Token follow, Param* out);
  FieldList paramList(Pos open, Ident* name, Expr* type, Token close, bool requireNames, bool dotsAllowed);
  void distributeTypes(std::vector<Param>& list, size_t from, Pos end, size_t named, size_t typed, bool requireNames);
  std::span<Field*> groupParams(std::span<Param> list);

  // --- parse_exprs.cpp
  Expr* expr() { return binaryExpr(nullptr, 0); }
  ExprList exprList();
  Expr* binaryExpr(Expr* x, int limit);
  Expr* unaryExpr();
  Expr* receiveOrChanType();
  Expr* primaryExpr(Expr* x);
  Expr* operand();
  Expr* selectorOrAssertion(Expr* x);
  Expr* indexOrSlice(Expr* x);
  Expr* call(Expr* x);
  CompositeLit* compositeLit(Expr* type);
  Expr* literalElement();

  // --- parse_stmts.cpp
  Stmt* stmtOrNull();
  std::span<Stmt*> stmtList();
  BlockStmt* block(std::string_view context);
  Stmt* simpleStmt(const ExprList* lhs, Token keyword);
  Stmt* assignment(const ExprList& lhs, Token keyword);
  RangeStmt* rangeClause();
  Stmt* labeledStmtOrNull(Ident* label);
  Stmt* callStmt();
  void requireCall(const Expr* x, Token keyword);
  Stmt* branchStmt();
  Stmt* returnStmt();
  Header header(Token keyword);
  void usedAsValue(const Stmt* s);
  void channelExpected(const Expr* t);
  IfStmt* ifStmt();
  Stmt* forStmt();
  Stmt* switchStmt();
  Stmt* selectStmt();
  CaseClause* caseClause();
  CommClause* commClause();

  // --- parse_pragmas.cpp: what "//go:" comments say
  std::span<Directive* const> takeDirectives(Pragma allowed, bool embedAllowed, Pragma* pragma = nullptr);
  void clearDirectives();
  void checkDirective(Directive& d);
  void embedPatterns(VarSpec* spec, bool inFunction);
  bool splitEmbedArguments(const Directive& d, std::vector<std::string_view>* patterns, std::string_view* badText);
  void finishDirectives(File* file);

  Scanner s_;
  source::Arena& arena_;
  StringTable& names_;
  const ParseOptions& options_;
  source::Diagnostics& diagnostics_;
  IdCounter ownIds_;
  IdCounter& ids_;

  int functionDepth_ = 0;
  int expressionLevel_ = 0;
  int depth_ = 0;
  bool gaveUp_ = false;
  uint32_t sideErrors_ = 0;
  size_t lastErrorLine_ = SIZE_MAX;
  size_t pendingDirectives_ = 0;  // the directives from here on wait for a declaration
  size_t checkedDirectives_ = 0;
  std::vector<TypeSpec*> localTypes_;
  std::vector<void*> scratch_;
  std::vector<Param> params_;     // a stack, as scratch_
  std::string_view blankName_;
  std::string_view dotName_;

  // What the last `name := x.(type)` declared; the switch statement that it belongs to picks it up.
  struct {
    const Expr* guard = nullptr;
    Ident* bind = nullptr;
    Pos define;
  } typeSwitch_;
  bool importsEmbed_ = false;
  bool importsUnsafe_ = false;
};

template <typename F>
Pos Parser::list(std::string_view context, Token separator, Token close, F element) {
  bool done = false;
  while (tok() != Token::EndOfFile && tok() != close && !done) {
    done = element();
    if (!got(separator) && tok() != close) {
      unexpected(diag::UnexpectedInList, context, expectedText(separator), expectedText(close));
      advance({Token::RightParen, Token::RightBracket, Token::RightBrace});
      if (tok() != close) return missing();
    }
  }
  return want(close);
}

}  // namespace burrow::syntax
