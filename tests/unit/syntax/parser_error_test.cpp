// What the parser and the branch checker say about broken programs. All texts and positions are gc's, checked against
// it.
#include "source/deep_stack.h"
#include "syntax/parser_impl.h"
#include "testing.h"

#include <gtest/gtest.h>

namespace burrow::syntax {
namespace {

std::string errors(std::string_view text) { return testing::parse(text)->errors(); }

TEST(ParserErrors, Files) {
  EXPECT_EQ(errors(""), "1:1: syntax error: package statement must be first\n");
  EXPECT_EQ(errors("var x int\n"), "1:1: syntax error: package statement must be first\n");
  EXPECT_EQ(errors("package\n"), "2:1: syntax error: unexpected EOF, expected name\n");
  EXPECT_EQ(errors("package p q\n"), "1:11: syntax error: unexpected name q, expected semicolon or newline\n");
  EXPECT_EQ(errors("package 5\n"), "1:9: syntax error: unexpected literal 5, expected name\n");
  EXPECT_EQ(errors("package p; import \"fmt\n"), "1:23: newline in string\n");
  EXPECT_EQ(errors("package p\nvar x int\nimport \"fmt\"\n"),
            "3:1: syntax error: imports must appear before other declarations\n");
  EXPECT_EQ(errors("package p\nx := 1\n"), "2:1: syntax error: non-declaration statement outside function body\n");
  EXPECT_EQ(errors("package p\nfunc f()\n{\n}\n"), "3:1: syntax error: unexpected semicolon or newline before {\n");
  EXPECT_EQ(errors("package p\nvar x int var y int\n"),
            "2:11: syntax error: unexpected keyword var after top level declaration\n");
  EXPECT_EQ(errors("package p\nimport fmt\n"), "2:11: syntax error: missing import path\n");
  EXPECT_EQ(errors("package p\nimport 5\n"), "2:8: syntax error: import path must be a string\n");
  EXPECT_EQ(errors("package p\nimport (\n\t\"a\" \"b\"\n)\n"),
            "3:6: syntax error: unexpected literal \"b\" in grouped declaration; possibly missing semicolon or newline or )\n");
  EXPECT_EQ(errors("package p\n)\nfunc f() {}\n}\n"),
            "2:1: syntax error: non-declaration statement outside function body\n4:1: syntax error: non-declaration statement outside function body\n");
  EXPECT_EQ(errors("package p\nimport . \"a\"; import _ \"b\"; import c 'x'\n"),
            "2:38: syntax error: import path must be a string\n");
}

TEST(ParserErrors, Declarations) {
  EXPECT_EQ(errors("package p\nvar x = \n"), "3:1: syntax error: unexpected EOF, expected expression\n");
  EXPECT_EQ(errors("package p\nvar x\n"), "2:6: syntax error: unexpected newline, expected type\n");
  EXPECT_EQ(errors("package p\nvar x := 1\n"), "2:7: syntax error: unexpected :=, expected =\n");
  EXPECT_EQ(errors("package p\nconst c := 1\n"), "2:9: syntax error: unexpected :=, expected =\n");
  EXPECT_EQ(errors("package p\nconst\n"), "3:1: syntax error: unexpected EOF, expected name\n");
  EXPECT_EQ(errors("package p\nvar 5 int\n"), "2:5: syntax error: unexpected literal 5, expected name\n");
  EXPECT_EQ(errors("package p\ntype T\n"), "2:7: syntax error: unexpected newline in type declaration\n");
  EXPECT_EQ(errors("package p\ntype T = \n"), "3:1: syntax error: unexpected EOF in type declaration\n");
  EXPECT_EQ(errors("package p\ntype T[P any,] int\n"), "");
  EXPECT_EQ(errors("package p\ntype T[P] int\n"), "");
  EXPECT_EQ(errors("package p\ntype T[P,] int\n"), "2:10: syntax error: missing type constraint\n");
  EXPECT_EQ(errors("package p\ntype T[P *Q] int\n"), "");
  EXPECT_EQ(errors("package p\ntype T[P *Q,] int; type U[P *int|Q] int; type V[P (int)] int\n"), "");
  EXPECT_EQ(errors("package p\ntype T[] int; type U[5, ] int\n"), "2:23: syntax error: unexpected comma; expected ]\n");
  EXPECT_EQ(errors("package p\ntype T[P, Q] int\n"), "2:12: syntax error: missing type constraint\n");
  EXPECT_EQ(errors("package p\ntype T[P int, Q] int\n"), "2:16: syntax error: missing type constraint\n");
  EXPECT_EQ(errors("package p\ntype T[int, P any] int\n"), "");
  EXPECT_EQ(errors("package p\nfunc\n"), "3:1: syntax error: unexpected EOF, expected name or (\n");
  EXPECT_EQ(errors("package p\nfunc 5() {}\n"), "2:6: syntax error: unexpected literal 5, expected name or (\n");
  EXPECT_EQ(errors("package p\nfunc () f() {}\n"), "2:9: method has no receiver\n");
  EXPECT_EQ(errors("package p\nfunc (a, b T) f() {}\n"), "2:15: method has multiple receivers\n");
  EXPECT_EQ(errors("package p\nfunc (a T, b U) f() {}\n"), "2:17: method has multiple receivers\n");
  EXPECT_EQ(errors("package p\nfunc (t T) {}\n"), "2:12: syntax error: unexpected {, expected name\n");
  EXPECT_EQ(errors("package p\nfunc f[int, P *any]() {}\n"), "");
  EXPECT_EQ(errors("package p\nfunc f[*int, P any]() {}\n"), "2:8: syntax error: missing type parameter name\n");
  EXPECT_EQ(errors("package p\nfunc f[[]int]() {}\n"),
            "2:8: syntax error: missing type parameter name or invalid array length\n");
  EXPECT_EQ(errors("package p\nfunc f(a int, *string) {}\n"), "2:15: syntax error: missing parameter name\n");
  EXPECT_EQ(errors("package p\nfunc f[]() {}\n"), "2:8: syntax error: empty type parameter list\n");
  EXPECT_EQ(errors("package p\nfunc f[P]() {}\n"), "2:9: syntax error: missing type constraint\n");
  EXPECT_EQ(errors("package p\nfunc f[P any]() {}; func (t T[P]) g[Q any](x Q) {}\n"), "");
  EXPECT_EQ(errors("package p\nfunc f(a, b int, c) {}\n"), "2:19: syntax error: missing parameter type\n");
  EXPECT_EQ(errors("package p\nfunc f(a int, string) {}\n"), "2:21: syntax error: missing parameter type\n");
  EXPECT_EQ(errors("package p\nfunc f(a ...int, b int) {}\n"), "2:10: can only use ... with final parameter\n");
  EXPECT_EQ(errors("package p\nfunc f() (a ...int) {}\n"), "2:13: invalid use of ...\n");
  EXPECT_EQ(errors("package p\nfunc f(...) {}\n"), "2:11: syntax error: ... is missing type\n");
  EXPECT_EQ(errors("package p\nfunc f(a int b int) {}\n"),
            "2:14: syntax error: unexpected name b in parameter list; possibly missing comma or )\n");
  EXPECT_EQ(errors("package p\nfunc f(a int\n, b int) {}\n"),
            "2:13: syntax error: unexpected newline in parameter list; possibly missing comma or )\n");
  EXPECT_EQ(errors("package p\nfunc f(5) {}\n"), "2:8: syntax error: unexpected literal 5, expected )\n");
  EXPECT_EQ(errors("package p\nfunc f() int, int {}\n"),
            "2:13: syntax error: unexpected comma after top level declaration\n");
  EXPECT_EQ(errors("package p\nvar (\n\tx int\n\ty int z\n)\n"),
            "4:8: syntax error: unexpected name z in grouped declaration; possibly missing semicolon or newline or )\n");
  EXPECT_EQ(errors("package p\nvar (x int\n"), "3:1: syntax error: unexpected EOF, expected )\n");
}

TEST(ParserErrors, Types) {
  EXPECT_EQ(errors("package p\nvar x chan\n"), "3:1: syntax error: missing channel element type\n");
  EXPECT_EQ(errors("package p\nvar x <-int\n"), "2:9: syntax error: unexpected name int, expected keyword chan\n");
  EXPECT_EQ(errors("package p\nvar x <-chan\n"), "3:1: syntax error: missing channel element type\n");
  EXPECT_EQ(errors("package p\nvar x [...]\n"), "2:12: syntax error: unexpected newline, expected type\n");
  EXPECT_EQ(errors("package p\nvar x [5\n"), "2:9: syntax error: unexpected newline, expected ]\n");
  EXPECT_EQ(errors("package p\nvar x map[int\n"), "2:14: syntax error: unexpected newline, expected ]\n");
  EXPECT_EQ(errors("package p\nvar x map int\n"), "2:11: syntax error: unexpected name int, expected [\n");
  EXPECT_EQ(errors("package p\nvar x struct{ (T) }\n"), "2:15: syntax error: cannot parenthesize embedded type\n");
  EXPECT_EQ(errors("package p\nvar x struct{ *(T); (*T) }\n"),
            "2:16: syntax error: cannot parenthesize embedded type\n");
  EXPECT_EQ(errors("package p\nvar x struct{ a int b int }\n"),
            "2:21: syntax error: unexpected name b in struct type; possibly missing semicolon or newline or }\n");
  EXPECT_EQ(errors("package p\nvar x struct{ 5 }\n"),
            "2:15: syntax error: unexpected literal 5, expected field name or embedded type\n");
  EXPECT_EQ(errors("package p\nvar x struct{ a, b }\n"), "2:20: syntax error: unexpected }, expected type\n");
  EXPECT_EQ(errors("package p\nvar x struct {\n\ta int,\n\tb int\n}\n"),
            "3:7: syntax error: unexpected comma in struct type; possibly missing semicolon or newline or }\n");
  EXPECT_EQ(errors("package p\nvar x interface{ m[]() }\n"), "2:20: empty type parameter list\n");
  EXPECT_EQ(errors("package p\nvar x interface{ m[] }\n"), "2:20: empty type argument list\n");
  EXPECT_EQ(errors("package p\nvar x interface{ m[P any]() }\n"),
            "2:19: interface method must have no type parameters\n");
  EXPECT_EQ(errors("package p\nvar x interface{ m(), n() }\n"),
            "2:21: syntax error: unexpected comma in interface type; possibly missing semicolon or newline or }\n");
  EXPECT_EQ(errors("package p\nvar x interface{ ~ }\n"), "2:20: syntax error: unexpected }, expected type\n");
  EXPECT_EQ(errors("package p\nvar x interface{ int| }\n"),
            "2:23: syntax error: unexpected }, expected ~ term or type\n");
  EXPECT_EQ(errors("package p\nvar x interface{ 5 }\n"),
            "2:18: syntax error: unexpected literal 5, expected ~ term or type\n");
  EXPECT_EQ(errors("package p\nvar x interface{ m[A, B]; ~int|string; p.Q }\n"), "");
  EXPECT_EQ(errors("package p\nvar x func[P any]()\n"),
            "2:11: syntax error: function type must have no type parameters\n");
  EXPECT_EQ(errors("package p\nvar x func\n"), "3:1: syntax error: unexpected EOF, expected (\n");
  EXPECT_EQ(errors("package p\nvar x T[]\n"), "2:9: syntax error: unexpected ], expected type argument list\n");
  EXPECT_EQ(errors("package p\nvar x p.\n"), "3:1: syntax error: unexpected EOF, expected name\n");
  EXPECT_EQ(errors("package p\nvar x (int\n"), "2:11: syntax error: unexpected newline, expected )\n");
  EXPECT_EQ(errors("package p\nvar x = <-chan<- int(nil)\n"), "");
  EXPECT_EQ(errors("package p\nvar x = <-<-chan int(nil)\n"), "");
  EXPECT_EQ(errors("package p\nvar x = <-chan (<-chan int)(nil)\n"), "");
}

TEST(ParserErrors, Expressions) {
  EXPECT_EQ(errors("package p\nvar x = a[]\n"), "2:11: syntax error: unexpected ], expected operand\n");
  EXPECT_EQ(errors("package p\nvar x = a[1:2:]\n"), "2:15: final index required in 3-index slice\n");
  EXPECT_EQ(errors("package p\nvar x = a[1::3]\n"), "2:13: middle index required in 3-index slice\n");
  EXPECT_EQ(errors("package p\nvar x = a[1 2]\n"),
            "2:13: syntax error: unexpected literal 2, expected comma, : or ]\n");
  EXPECT_EQ(errors("package p\nvar x = a.5\n"),
            "2:10: syntax error: unexpected literal .5 after top level declaration\n");
  EXPECT_EQ(errors("package p\nvar x = a.(\n"), "3:1: syntax error: unexpected EOF, expected type\n");
  EXPECT_EQ(errors("package p\nvar x = f(1 2)\n"),
            "2:13: syntax error: unexpected literal 2 in argument list; possibly missing comma or )\n");
  EXPECT_EQ(errors("package p\nvar x = f(1\n)\n"),
            "2:12: syntax error: unexpected newline in argument list; possibly missing comma or )\n");
  EXPECT_EQ(errors("package p\nvar x = f(a..., b)\n"), "2:17: syntax error: unexpected name b, expected )\n");
  EXPECT_EQ(errors("package p\nvar x = (T){}\n"),
            "2:12: syntax error: cannot parenthesize type in composite literal\n");
  EXPECT_EQ(errors("package p\nvar x = T{1\n}\n"),
            "2:12: syntax error: unexpected newline in composite literal; possibly missing comma or }\n");
  EXPECT_EQ(errors("package p\nvar x = T{a: b: c}\n"),
            "2:15: syntax error: unexpected : in composite literal; possibly missing comma or }\n");
  EXPECT_EQ(errors("package p\nvar x = 1 +\n"), "3:1: syntax error: unexpected EOF, expected expression\n");
  EXPECT_EQ(errors("package p\nvar x = * / 2\n"), "2:11: syntax error: unexpected /, expected expression\n");
  EXPECT_EQ(errors("package p\nvar x = func() { return\n"), "3:1: syntax error: unexpected EOF, expected }\n");
  EXPECT_EQ(errors("package p\nvar x = (1\n"), "2:11: syntax error: unexpected newline, expected )\n");
  EXPECT_EQ(errors("package p\nvar x = []int{1, 2\n"),
            "2:19: syntax error: unexpected newline in composite literal; possibly missing comma or }\n");
  EXPECT_EQ(errors("package p\nvar x = 1 = 2\n"), "2:11: syntax error: unexpected = after top level declaration\n");
  EXPECT_EQ(errors("package p\nvar x = if\n"), "2:9: syntax error: unexpected keyword if, expected expression\n");
  EXPECT_EQ(errors("package p\nvar x = a +% b\n"), "2:12: syntax error: unexpected %, expected expression\n");
  EXPECT_EQ(errors("package p\nvar x = a ? b : c\n"),
            "2:11: invalid character U+003F '?'\n2:13: syntax error: unexpected name b after top level declaration\n");
  EXPECT_EQ(errors("package p\nvar x = [](int){}\n"), "");
}

TEST(ParserErrors, Statements) {
  EXPECT_EQ(errors("package p\nfunc f() { x y }\n"), "2:14: syntax error: unexpected name y at end of statement\n");
  EXPECT_EQ(errors("package p\nfunc f() { a, b }\n"), "2:17: syntax error: unexpected }, expected := or = or comma\n");
  EXPECT_EQ(errors("package p\nfunc f() { a, b++ }\n"),
            "2:16: syntax error: unexpected ++, expected := or = or comma\n");
  EXPECT_EQ(errors("package p\nfunc f() { if { } }\n"), "2:15: syntax error: missing condition in if statement\n");
  EXPECT_EQ(errors("package p\nfunc f() { if x := 1 { } }\n"), "2:17: syntax error: cannot use x := 1 as value\n");
  EXPECT_EQ(errors("package p\nfunc f() { if x = 1 { } }\n"),
            "2:17: syntax error: cannot use assignment x = 1 as value\n");
  EXPECT_EQ(errors("package p\nfunc f() { if a+b = c { } }\n"),
            "2:19: syntax error: cannot use assignment (a + b) = c as value\n");
  EXPECT_EQ(errors("package p\nfunc f() { if x := 1; { } }\n"),
            "2:21: syntax error: missing condition in if statement\n");
  EXPECT_EQ(errors("package p\nfunc f() { if x\n{ } }\n"),
            "2:16: syntax error: unexpected newline, expected { after if clause\n");
  EXPECT_EQ(errors("package p\nfunc f() { if x { } else y }\n"),
            "2:26: syntax error: else must be followed by if or statement block\n");
  EXPECT_EQ(errors("package p\nfunc f() { if x { }\nelse { } }\n"),
            "3:1: syntax error: unexpected keyword else, expected }\n");
  EXPECT_EQ(errors("package p\nfunc f() { if var x = 1; x { } }\n"),
            "2:19: syntax error: var declaration not allowed in if initializer\n");
  EXPECT_EQ(errors("package p\nfunc f() { for i := 0; i < 10 { } }\n"),
            "2:31: syntax error: unexpected {, expected semicolon or newline\n");
  EXPECT_EQ(errors("package p\nfunc f() { for i := 0; i < 10; j := 1 { } }\n"),
            "2:34: syntax error: cannot declare in post statement of for loop\n");
  EXPECT_EQ(errors("package p\nfunc f() { for i := 0 { } }\n"), "2:18: syntax error: cannot use i := 0 as value\n");
  EXPECT_EQ(errors("package p\nfunc f() { for x\n{ } }\n"),
            "3:1: syntax error: unexpected {, expected for loop condition\n");
  EXPECT_EQ(errors("package p\nfunc f() { for var i = 0; i < 10; i++ { } }\n"),
            "2:20: syntax error: var declaration not allowed in for initializer\n");
  EXPECT_EQ(errors("package p\nfunc f() { for i++; ; { } }\n"), "");
  EXPECT_EQ(errors("package p\nfunc f() { for ;; { } }\n"), "");
  EXPECT_EQ(errors("package p\nfunc f() { for i := 0; { } }\n"),
            "2:24: syntax error: unexpected {, expected for loop condition\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch x\n{ } }\n"), "");
  EXPECT_EQ(errors("package p\nfunc f() { switch x; y z }\n"), "2:24: syntax error: missing { after switch clause\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch x := 1; }\n"),
            "2:27: syntax error: unexpected }, expected expression\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch x { y } }\n"),
            "2:23: syntax error: unexpected name y, expected case or default or }\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch x { case 1 y } }\n"),
            "2:30: syntax error: unexpected name y, expected :\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch x := y { } }\n"), "2:21: syntax error: cannot use x := y as value\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch f() := x.(type) { } }\n"),
            "2:23: syntax error: cannot use f() := x.(type) as value\n");
  EXPECT_EQ(errors("package p\nfunc f() { select x { } }\n"), "2:19: syntax error: missing { after select clause\n");
  EXPECT_EQ(errors("package p\nfunc f() { select { x } }\n"),
            "2:21: syntax error: unexpected name x, expected case or default or }\n");
  EXPECT_EQ(errors("package p\nfunc f() { L: case }\n"), "2:13: syntax error: missing statement after label\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch { case x: L: case y: } }\n"),
            "2:30: syntax error: missing statement after label\n");
  EXPECT_EQ(errors("package p\nfunc f() { defer (g()); go (h)() }\n"),
            "2:18: expression in defer must not be parenthesized\n");
  EXPECT_EQ(errors("package p\nfunc f() { goto 5 }\n"), "2:17: syntax error: unexpected literal 5, expected name\n");
  EXPECT_EQ(errors("package p\nfunc f() { return return }\n"),
            "2:19: syntax error: unexpected keyword return, expected expression\n");
  EXPECT_EQ(errors("package p\nfunc f() { func g() {} }\n"), "2:17: syntax error: unexpected name g, expected (\n");
  EXPECT_EQ(errors("package p\nfunc f() {\n\tx ==\n\ty := 2\n\tif\n}\nfunc g() { z z }\n"),
            "6:1: syntax error: unexpected }, expected expression\n7:14: syntax error: unexpected name z at end of statement\n");
  EXPECT_EQ(errors("package p\nfunc f() {\n"), "3:1: syntax error: unexpected EOF, expected }\n");
  EXPECT_EQ(errors("package p\nfunc f() { x += 1, 2 }\n"),
            "2:18: syntax error: unexpected comma at end of statement\n");
  EXPECT_EQ(errors("package p\nfunc f() { x <- y <- z; a <- }\n"),
            "2:19: syntax error: unexpected <- at end of statement\n");
  EXPECT_EQ(errors("package p\nfunc f() { for range x { }; for a, b = range x { }; for a := range x; ; { } }\n"),
            "2:69: syntax error: unexpected semicolon, expected { after for clause\n");
  EXPECT_EQ(errors("package p\nfunc f() { if f := func() { return T{} }; f() == (T{}) { }; if x == T{} { } }\n"),
            "2:73: syntax error: unexpected { at end of statement\n");
  EXPECT_EQ(errors("package p\nfunc f() { type T int x }\n"),
            "2:23: syntax error: unexpected name x at end of statement\n");
  EXPECT_EQ(errors("package p\nfunc f() { var x int = 1 2 }\n"),
            "2:26: syntax error: unexpected literal 2 at end of statement\n");
  EXPECT_EQ(errors("package p\nfunc f() { case 1: }\n"), "2:12: syntax error: unexpected keyword case, expected }\n");
  EXPECT_EQ(errors("package p\nfunc f() { import \"x\" }\n"),
            "2:12: syntax error: unexpected keyword import, expected }\n");
  EXPECT_EQ(errors("package p\nfunc f() { else }\n"), "2:12: syntax error: unexpected keyword else, expected }\n");
  EXPECT_EQ(errors("package p\nfunc f() { x++ + 1; ++x }\n"), "2:16: syntax error: unexpected + at end of statement\n");
  EXPECT_EQ(errors("package p\nfunc f() {{}}}\n"), "2:14: syntax error: unexpected } after top level declaration\n");
}

TEST(ParserErrors, Branches) {
  EXPECT_EQ(errors("package p\nfunc f() { goto L }\n"), "2:17: label L not defined\n");
  EXPECT_EQ(errors("package p\nfunc f() { L: }\n"), "2:12: label L defined and not used\n");
  EXPECT_EQ(errors("package p\nfunc f() { L: goto L; L: }\n"), "2:23: label L already defined at f.go:2:12\n");
  EXPECT_EQ(errors("package p\nfunc f() { goto L; { L: } }\n"),
            "2:17: goto L jumps into block starting at f.go:2:20\n");
  EXPECT_EQ(errors("package p\nfunc f() { goto L; x := 1; _ = x; L: }\n"),
            "2:17: goto L jumps over declaration of x at f.go:2:22\n");
  EXPECT_EQ(errors("package p\nfunc f() { goto L; var y int; _ = y; L: }\n"),
            "2:17: goto L jumps over declaration of y at f.go:2:24\n");
  EXPECT_EQ(errors("package p\nfunc f() { break; continue; fallthrough }\n"),
            "2:12: break is not in a loop, switch, or select\n2:19: continue is not in a loop\n2:29: fallthrough statement out of place\n");
  EXPECT_EQ(errors("package p\nfunc f() { L: if true { for { break L; continue L } } }\n"),
            "2:37: invalid break label L\n2:49: invalid continue label L\n");
  EXPECT_EQ(errors("package p\nfunc f() { for { break M; continue N } }\n"),
            "2:24: break label not defined: M\n2:36: continue label not defined: N\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch { case true: fallthrough } }\n"),
            "2:32: cannot fallthrough final case in switch\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch { case true: { fallthrough }; case false: } }\n"),
            "2:34: fallthrough statement out of place\n");
  EXPECT_EQ(errors("package p\nfunc f(x any) { switch x.(type) { case int: fallthrough; case bool: } }\n"),
            "2:45: cannot fallthrough in type switch\n");
  EXPECT_EQ(errors("package p\nfunc f() { L: for { switch { case true: continue L; case false: break L; default: fallthrough; case 1 > 2: ;; } } }\n"),
            "");
  EXPECT_EQ(errors("package p\nfunc f() { { M: goto M }; { goto M } }\n"),
            "2:34: goto M jumps into block starting at f.go:2:12\n");
  EXPECT_EQ(errors("package p\nfunc f() { L: func() { goto L }() }\n"),
            "2:12: label L defined and not used\n2:29: label L not defined\n");
  EXPECT_EQ(errors("package p\nfunc f() { switch { case true: fallthrough;;; case false: } }\n"), "");
  EXPECT_EQ(errors("package p\nfunc f() { select { default: break }; _: for { break } }\n"), "");
}

TEST(ParserErrors, OneSyntaxErrorPerLineManyPerFile) {
  std::string text = "package p\nfunc f() {\n";
  for (int i = 0; i < 30; i++) text += "\tx y z\n";
  text += "}\n";
  auto p = testing::parse(text);
  EXPECT_EQ(p->diagnostics.size(), 30u);
  EXPECT_TRUE(p->file->hasErrors);
}

TEST(ParserErrors, LikeGoParser) {
  ParseOptions o;
  o.likeGoParser = true;
  EXPECT_EQ(testing::errorsInFunc("defer 1", o), "2:19: expression in defer must be function call\n");
  EXPECT_EQ(testing::errorsInFunc("for a, b, c = range x {}", o),
            "2:22: range clause permits at most two iteration variables\n");
  EXPECT_EQ(testing::errorsInFunc("for ; ; i := 1 {}", o), "");
  EXPECT_EQ(testing::errorsIn("func () f() {}\n", o), "");
  EXPECT_EQ(testing::errorsInFunc("switch f() := x.(type) { }", o), "");
  EXPECT_EQ(testing::errorsIn("func f() {\n", o), "2:11: syntax error: unexpected EOF, expected }\n");
}

// Deep nesting must neither overflow the stack nor be refused where it is merely unusual.
std::string repeat(std::string_view s, int n) {
  std::string out;
  for (int i = 0; i < n; i++) out += s;
  return out;
}

TEST(Nesting, TooDeepIsOneError) {
  source::onDeepStack([] {
    struct Case {
      std::string_view before, nested, middle, closing;
    };
    constexpr Case kCases[] = {
        {"var x = ", "(", "1", ")"},
        {"var x = ", "!", "y", ""},
        {"var x ", "[]", "int", ""},
        {"var x ", "*", "int", ""},
        {"var x ", "chan ", "int", ""},
        {"var x ", "map[", "int", "]int"},
        {"var x ", "func(", "", ")"},
        {"var x ", "struct { a ", "int", "}"},
        {"var x ", "interface { m(a ", "int", ") }"},
        {"var x = T{", "{", "", "}"},
        {"var x = ", "f(", "", ")"},
        {"var x = f", "()", "", ""},
        {"var x = a", ".b", "", ""},
        {"var x = 1", " + 1", "", ""},
        {"var x = ", "func() { _ = ", "1", "}"},
        {"func f() {", "{", "", "}"},
        {"func f() {", "for {", "", "}"},
        {"func f() {", "switch x { case y: ", "", "}"},
        {"func f() {", "if x {} else ", "{}", ""},
        {"func f() {", "L: ", ";", ""},
        {"type T interface { a", "|b", "", ""},
    };
    for (const Case& c : kCases) {
      std::string text = "package p\n" + std::string(c.before) + repeat(c.nested, kMaxNesting * 2) +
                         std::string(c.middle) + repeat(c.closing, kMaxNesting * 2) + "\n";
      auto p = testing::parse(text);
      ASSERT_EQ(p->diagnostics.size(), 1u) << c.nested;
      EXPECT_EQ(p->diagnostics.list()[0].message, "exceeded max nesting depth");
      EXPECT_FALSE(p->errors().empty());
    }
  });
}

TEST(Nesting, DeepIsFine) {
  source::onDeepStack([] {
    EXPECT_EQ(errors("package p\nvar x = " + repeat("(", 40'000) + "1" + repeat(")", 40'000) + "\n"), "");
    EXPECT_EQ(errors("package p\nvar x = 1" + repeat(" + 1", 90'000) + "\n"), "");
    EXPECT_EQ(errors("package p\nfunc f() {" + repeat("{", 40'000) + repeat("}", 40'000) + "}\n"), "");
  });
}

}  // namespace
}  // namespace burrow::syntax
