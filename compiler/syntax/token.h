// Tokens: what the scanner hands to the parser, and what tree nodes name their operators and keywords by.
//
// One enumeration serves both, as in go/token: every operator and every keyword is a token of its own, and a table
// (`tokenInfo`) knows its spelling, its binding strength as a binary operator and its class. The compound assignments
// stand in the same order as their operators, so that `+=` and `+` are one subtraction apart.
//
// Rejected: tokens grouped by grammatical role with an operator number beside them (what gc's scanner does): the parser
// would read two fields where one suffices.
#pragma once

#include <cstdint>
#include <string_view>

namespace burrow::syntax {

// X(Name, "spelling", precedence as a binary operator or 0)
#define BURROW_TOKENS(X)                                                                                             \
  X(EndOfFile, "EOF", 0)                                                                                             \
  X(Name, "name", 0)                                                                                                 \
  X(Literal, "literal", 0)                                                                                           \
  /* binary operators, in the order of their compound assignments below */                                          \
  X(Add, "+", 4)                                                                                                     \
  X(Sub, "-", 4)                                                                                                     \
  X(Mul, "*", 5)                                                                                                     \
  X(Quo, "/", 5)                                                                                                     \
  X(Rem, "%", 5)                                                                                                     \
  X(And, "&", 5)                                                                                                     \
  X(Or, "|", 4)                                                                                                      \
  X(Xor, "^", 4)                                                                                                     \
  X(Shl, "<<", 5)                                                                                                    \
  X(Shr, ">>", 5)                                                                                                    \
  X(AndNot, "&^", 5)                                                                                                 \
  X(AddAssign, "+=", 0)                                                                                              \
  X(SubAssign, "-=", 0)                                                                                              \
  X(MulAssign, "*=", 0)                                                                                              \
  X(QuoAssign, "/=", 0)                                                                                              \
  X(RemAssign, "%=", 0)                                                                                              \
  X(AndAssign, "&=", 0)                                                                                              \
  X(OrAssign, "|=", 0)                                                                                               \
  X(XorAssign, "^=", 0)                                                                                              \
  X(ShlAssign, "<<=", 0)                                                                                             \
  X(ShrAssign, ">>=", 0)                                                                                             \
  X(AndNotAssign, "&^=", 0)                                                                                          \
  X(LogicalAnd, "&&", 2)                                                                                             \
  X(LogicalOr, "||", 1)                                                                                              \
  X(Equal, "==", 3)                                                                                                  \
  X(NotEqual, "!=", 3)                                                                                               \
  X(Less, "<", 3)                                                                                                    \
  X(LessEqual, "<=", 3)                                                                                              \
  X(Greater, ">", 3)                                                                                                 \
  X(GreaterEqual, ">=", 3)                                                                                           \
  X(Not, "!", 0)                                                                                                     \
  X(Tilde, "~", 0)                                                                                                   \
  X(Arrow, "<-", 0)                                                                                                  \
  X(Increment, "++", 0)                                                                                              \
  X(Decrement, "--", 0)                                                                                              \
  X(Assign, "=", 0)                                                                                                  \
  X(Define, ":=", 0)                                                                                                 \
  X(LeftParen, "(", 0)                                                                                               \
  X(LeftBracket, "[", 0)                                                                                             \
  X(LeftBrace, "{", 0)                                                                                               \
  X(RightParen, ")", 0)                                                                                              \
  X(RightBracket, "]", 0)                                                                                            \
  X(RightBrace, "}", 0)                                                                                              \
  X(Comma, ",", 0)                                                                                                   \
  X(Semicolon, ";", 0)                                                                                               \
  X(Colon, ":", 0)                                                                                                   \
  X(Dot, ".", 0)                                                                                                     \
  X(Ellipsis, "...", 0)                                                                                              \
  X(Break, "break", 0)                                                                                               \
  X(Case, "case", 0)                                                                                                 \
  X(Chan, "chan", 0)                                                                                                 \
  X(Const, "const", 0)                                                                                               \
  X(Continue, "continue", 0)                                                                                         \
  X(Default, "default", 0)                                                                                           \
  X(Defer, "defer", 0)                                                                                               \
  X(Else, "else", 0)                                                                                                 \
  X(Fallthrough, "fallthrough", 0)                                                                                   \
  X(For, "for", 0)                                                                                                   \
  X(Func, "func", 0)                                                                                                 \
  X(Go, "go", 0)                                                                                                     \
  X(Goto, "goto", 0)                                                                                                 \
  X(If, "if", 0)                                                                                                     \
  X(Import, "import", 0)                                                                                             \
  X(Interface, "interface", 0)                                                                                       \
  X(Map, "map", 0)                                                                                                   \
  X(Package, "package", 0)                                                                                           \
  X(Range, "range", 0)                                                                                               \
  X(Return, "return", 0)                                                                                             \
  X(Select, "select", 0)                                                                                             \
  X(Struct, "struct", 0)                                                                                             \
  X(Switch, "switch", 0)                                                                                             \
  X(Type, "type", 0)                                                                                                 \
  X(Var, "var", 0)

enum class Token : uint8_t {
#define X(name, spelling, precedence) name,
  BURROW_TOKENS(X)
#undef X
};

inline constexpr int kTokenCount = static_cast<int>(Token::Var) + 1;

namespace detail {
inline constexpr std::string_view kTokenSpelling[] = {
#define X(name, spelling, precedence) spelling,
    BURROW_TOKENS(X)
#undef X
};
inline constexpr uint8_t kTokenPrecedence[] = {
#define X(name, spelling, precedence) precedence,
    BURROW_TOKENS(X)
#undef X
};
}  // namespace detail

// The token as it is written in source ("name", "literal" and "EOF" for the classes without one spelling).
constexpr std::string_view spelling(Token t) { return detail::kTokenSpelling[static_cast<int>(t)]; }
// 1 (||) to 5 (*) for binary operators, 0 for everything else.
constexpr int precedence(Token t) { return detail::kTokenPrecedence[static_cast<int>(t)]; }

constexpr bool isKeyword(Token t) { return t >= Token::Break; }
constexpr bool isCompoundAssign(Token t) { return t >= Token::AddAssign && t <= Token::AndNotAssign; }
// The operator of a compound assignment: Add for AddAssign.
constexpr Token operatorOf(Token compound) {
  return static_cast<Token>(static_cast<int>(compound) - static_cast<int>(Token::AddAssign) +
                            static_cast<int>(Token::Add));
}
static_assert(operatorOf(Token::AndNotAssign) == Token::AndNot);
constexpr bool isComparison(Token t) { return t >= Token::Equal && t <= Token::GreaterEqual; }
constexpr bool isShift(Token t) { return t == Token::Shl || t == Token::Shr; }

enum class LiteralKind : uint8_t { Int, Float, Imaginary, Rune, String };

}  // namespace burrow::syntax
