// Trees: their shape, positions, numbering, directives.
#include "syntax/positions.h"
#include "syntax/walk.h"
#include "testing.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace burrow::syntax {
namespace {

using testing::parse;

// The first node of kind T in the file.
template <typename T>
T* first(const testing::Parsed& p) {
  T* found = nullptr;
  walk(p.file, [&](Node* n) {
    if (!found) found = dynAs<T>(n);
    return !found;
  });
  return found;
}

// The initial value of x in `var x = <text>`, and its text again.
struct Value {
  std::unique_ptr<testing::Parsed> parsed;
  Expr* x;
  std::string source(const Node* n) const {
    const auto& f = *parsed->source;
    return f.text.substr(f.offset(startPos(n)), endPos(n).value - startPos(n).value);
  }
  std::string at(Pos p) const { return parsed->source->text.substr(parsed->source->offset(p), 2); }
};
Value value(std::string_view text) {
  auto p = parse("package p\nvar x = " + std::string(text) + "\n");
  EXPECT_EQ(p->errors(), "") << text;
  Expr* x = as<VarSpec>(as<GenDecl>(p->file->decls[0])->specs[0])->values[0];
  return {std::move(p), x};
}

TEST(Parser, ExpressionsPrintAsGcPrintsThem) {
  for (const char* text : {
           "a", "1", "a.b.c", "a[1]", "a[int, string]", "a[:]", "a[1:2]", "a[1:2:3]", "a.(T)", "f()", "f(a, b...)", "*p",
           "-x", "<-c", "&T{…}", "a + b * c", "(a + b) * c", "[]int{}", "[...]int{}", "[3]int{}", "map[string][]int{}",
           "struct{}{}", "func() {}", "func(a, b int, c ...string) (x, y int) {}", "func(int, string) bool {}",
           "(chan int)(nil)", "(<-chan int)(nil)", "(chan<- int)(nil)", "(chan (<-chan int))(nil)",
           "interface{m(a int) string; ~int | string; T[P]}(nil)", "struct{a, b int; *T \"tag\"; U[int]}{}",
           "!a && b || c", "a &^ b", "*(*p)", "func(x func(int) int) {}", "p.T[int]{}",
       }) {
    std::string source = text;
    if (size_t dots = source.find("…"); dots != std::string::npos) source.replace(dots, 3, "1");
    EXPECT_EQ(exprString(value(source).x), text);
  }
}

TEST(Parser, Precedence) {
  auto v = value("a || b && c == d + e * f");
  auto* o = as<BinaryExpr>(v.x);
  EXPECT_EQ(o->op, Token::LogicalOr);
  auto* a = as<BinaryExpr>(o->y);
  EXPECT_EQ(a->op, Token::LogicalAnd);
  auto* e = as<BinaryExpr>(a->y);
  EXPECT_EQ(e->op, Token::Equal);
  auto* s = as<BinaryExpr>(e->y);
  EXPECT_EQ(s->op, Token::Add);
  EXPECT_EQ(as<BinaryExpr>(s->y)->op, Token::Mul);
  auto left = value("a - b - c");
  EXPECT_EQ(exprString(as<BinaryExpr>(left.x)->x), "a - b");
}

TEST(Parser, GcPositions) {
  struct Case {
    const char* text;
    const char* pos;     // two bytes from Node::pos on
    const char* report;  // and from reportPos on
  };
  for (const Case& c : std::initializer_list<Case>{
           {"aa + bb", "+ ", "aa"},      {"aa(bb)", "(b", "aa"},       {"aa.bb", ".b", "aa"},    {"aa[1]", "[1", "aa"},
           {"aa[1:2]", "[1", "[1"},      {"aa.(bb)", ".(", "aa"},      {"TT{1}", "{1", "TT"},    {"(aa)", "(a", "(a"},
           {"*aa", "*a", "*a"},          {"-aa", "-a", "-a"},          {"func() {}", "fu", "fu"}, {"[]int{}", "{}", "[]"},
           {"aa.bb(cc)[1]", "[1", "aa"}, {"<-aa", "<-", "<-"},
       }) {
    auto v = value(c.text);
    EXPECT_EQ(v.at(v.x->pos), c.pos) << c.text;
    EXPECT_EQ(v.at(reportPos(v.x)), c.report) << c.text;
  }
}

TEST(Parser, ExtentsAreExact) {
  for (const char* text : {"a + b", "(a)", "f(a, b)", "a[1]", "a[1:2]", "a.(T)", "T{1, 2}", "func() int { return 1 }",
                           "a.b", "-a", "&T{}", "[]int{}", "x.y(z)[1:2].w", "map[int]string{1: `a`}",
                           "func(a int) (b, c int)(nil)"}) {
    auto v = value(text);
    EXPECT_EQ(v.source(v.x), text);
  }
  auto p = parse("package p\nfunc (t T) f() (int, error) {\n\tfor i := range x {\n\t\tcontinue\n\t}\n\treturn 1, nil\n}\n"
                 "type (\n\tA = B\n)\nimport \"x\"\n");
  const auto& f = *p->source;
  auto text = [&](const Node* n) {
    return f.text.substr(f.offset(startPos(n)), endPos(n).value - startPos(n).value);
  };
  EXPECT_EQ(text(first<RangeStmt>(*p)), "for i := range x {\n\t\tcontinue\n\t}");
  EXPECT_EQ(text(first<ReturnStmt>(*p)), "return 1, nil");
  EXPECT_EQ(text(first<BranchStmt>(*p)), "continue");
  EXPECT_EQ(text(first<FuncType>(*p)), "func (t T) f() (int, error)");
  EXPECT_EQ(text(first<GenDecl>(*p)), "type (\n\tA = B\n)");
  EXPECT_EQ(text(first<TypeSpec>(*p)), "A = B");
}

TEST(Parser, NumbersAreUniqueAndRunOnOverFiles) {
  IdCounter ids;
  ParseOptions options;
  source::SourceFiles files;
  source::Arena arena;
  StringTable names;
  source::Diagnostics diagnostics;
  options.ids = &ids;
  std::vector<int> exprs, others;
  for (int i = 0; i < 2; i++) {
    source::SourceFile* f = files.add("f.go", "package p\nfunc f(a, b int) { x := a + g(b); switch x { case 1: } }\n");
    File* tree = parseFile(*f, arena, names, options, diagnostics);
    exprs.resize(ids.nextExpr);
    others.resize(ids.nextNode);
    walk(tree, [&](Node* n) {
      (Expr::is(n->kind) ? exprs : others)[n->id]++;
      return true;
    });
  }
  EXPECT_EQ(exprs[0] + others[0], 0);
  EXPECT_TRUE(std::all_of(exprs.begin() + 1, exprs.end(), [](int n) { return n == 1; }));
  // The parser dropped the two statements that `switch x` was at first.
  EXPECT_EQ(std::count(others.begin() + 1, others.end(), 1), static_cast<ptrdiff_t>(others.size()) - 3);
}

TEST(Parser, ConstGroups) {
  auto p = parse("package p\nconst (\n\ta = iota\n\tb\n\tc, d int = 1, 2\n\te, f\n)\nconst g = 1\n");
  auto* group = as<GenDecl>(p->file->decls[0]);
  ASSERT_EQ(group->specs.size(), 4u);
  auto spec = [&](size_t i) { return as<ConstSpec>(group->specs[i]); };
  EXPECT_EQ(spec(0)->inherited, nullptr);
  EXPECT_EQ(spec(1)->inherited, spec(0));
  EXPECT_EQ(spec(2)->inherited, nullptr);
  EXPECT_EQ(spec(3)->inherited, spec(2));
  EXPECT_EQ(spec(3)->index, 3u);
  EXPECT_EQ(spec(3)->decl, group);
  EXPECT_TRUE(group->isGroup());
  EXPECT_FALSE(as<GenDecl>(p->file->decls[1])->isGroup());
}

TEST(Parser, Generics) {
  auto p = parse("package p\ntype T[P interface{ ~int }, Q any] struct{}\nfunc (t *T[A, B]) M[C any, D ~[]C](c C) D { return nil }\n"
                 "type A[P any] = T[P, int]\ntype Arr [N]int\ntype Arr2 [N * 2]int\ntype G [N *M,]int\n");
  auto* t = as<TypeSpec>(as<GenDecl>(p->file->decls[0])->specs[0]);
  EXPECT_EQ(t->typeParams.count(), 2u);
  auto* m = as<FuncDecl>(p->file->decls[1]);
  EXPECT_TRUE(m->isMethod);
  EXPECT_EQ(m->type->typeParams.count(), 2u);
  EXPECT_EQ(exprString(m->recv.fields[0]->type), "*T[A, B]");
  auto* a = as<TypeSpec>(as<GenDecl>(p->file->decls[2])->specs[0]);
  EXPECT_TRUE(a->isAlias());
  EXPECT_EQ(a->typeParams.count(), 1u);
  EXPECT_EQ(as<TypeSpec>(as<GenDecl>(p->file->decls[3])->specs[0])->type->kind, NodeKind::ArrayType);
  EXPECT_EQ(as<TypeSpec>(as<GenDecl>(p->file->decls[4])->specs[0])->type->kind, NodeKind::ArrayType);
  EXPECT_EQ(as<TypeSpec>(as<GenDecl>(p->file->decls[5])->specs[0])->typeParams.count(), 1u);
  EXPECT_EQ(p->errors(), "");
}

TEST(Parser, TypeSwitches) {
  auto p = parse("package p\nfunc f() { switch y := g(); x := y.(type) { case int, nil: default: } }\n");
  auto* s = first<TypeSwitchStmt>(*p);
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->init);
  EXPECT_EQ(s->bind->name, "x");
  EXPECT_TRUE(s->define.isValid());
  EXPECT_EQ(exprString(s->guard), "y.(type)");
  EXPECT_EQ(s->clauses[0]->exprs.size(), 2u);
  EXPECT_TRUE(s->clauses[1]->isDefault);
  EXPECT_EQ(p->errors(), "");
}

TEST(Parser, ChannelTypesTakeTheArrow) {
  EXPECT_EQ(exprString(value("<-chan int(nil)").x), "<-chan int(nil)");
  EXPECT_EQ(value("<-chan int(nil)").x->kind, NodeKind::UnaryExpr);
  auto v = value("[]<-chan int{}");
  EXPECT_EQ(exprString(as<CompositeLit>(v.x)->type), "[]<-chan int");
  auto w = value("(<-chan<- chan int)(nil)");
  EXPECT_EQ(exprString(w.x), "(<-chan <-chan int)(nil)");
}

TEST(Parser, BranchTargets) {
  auto p = parse("package p\nfunc f() {\nL:\n\tfor {\n\t\tswitch {\n\t\tcase a:\n\t\t\tcontinue L\n\t\tcase b:\n\t\t\tbreak\n"
                 "\t\t}\n\t\tgoto L\n\t}\n}\n");
  std::vector<BranchStmt*> all;
  walk(p->file, [&](Node* n) {
    if (auto* b = dynAs<BranchStmt>(n)) all.push_back(b);
    return true;
  });
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0]->target->kind, NodeKind::ForStmt);
  EXPECT_EQ(all[1]->target->kind, NodeKind::SwitchStmt);
  EXPECT_EQ(all[2]->target->kind, NodeKind::LabeledStmt);
}

TEST(Parser, ImportsOnly) {
  ParseOptions options;
  options.importsOnly = true;
  auto p = parse("package p\nimport (\n\t\"a\"\n\tb \"c/d\"\n)\nimport . \"e\"\nvar x = ) broken\n", options);
  EXPECT_EQ(p->errors(), "");
  ASSERT_EQ(p->file->imports.size(), 3u);
  EXPECT_EQ(p->file->imports[1]->name->name, "b");
  EXPECT_EQ(p->file->imports[2]->name->name, ".");
  EXPECT_EQ(p->file->imports[2]->path->value, "\"e\"");
}

TEST(Directives, BelongToTheDeclarationBehindThem) {
  auto p = parse("//go:build go1.21 && linux\n\npackage p\n\nimport _ \"unsafe\"\nimport \"embed\"\n\n"
                 "//go:linkname f runtime.f\n//go:noinline\n//go:nosplit\nfunc f()\n\nfunc g() {}\n\n"
                 "//go:embed a.txt \"b c\" `d`\nvar files embed.FS\n//go:linkname g\n");
  EXPECT_EQ(p->errors(), "");
  EXPECT_EQ(p->file->goVersion, "go1.21");
  ASSERT_EQ(p->file->fileDirectives.size(), 1u);
  EXPECT_EQ(p->file->directives.size(), 6u);
  auto* f = as<FuncDecl>(p->file->decls[2]);
  EXPECT_EQ(f->directives.size(), 3u);
  EXPECT_EQ(f->pragma, Pragma::NoInline | Pragma::NoSplit | Pragma::NoCheckPtr);
  EXPECT_EQ(as<FuncDecl>(p->file->decls[3])->pragma, Pragma::None);
  ASSERT_EQ(p->file->linknames.size(), 2u);
  EXPECT_EQ(p->file->linknames[0].local, "f");
  EXPECT_EQ(p->file->linknames[0].target, "runtime.f");
  EXPECT_EQ(p->file->linknames[1].target, "");
  auto* v = as<VarSpec>(as<GenDecl>(p->file->decls[4])->specs[0]);
  ASSERT_EQ(v->embeds.size(), 3u);
  EXPECT_EQ(v->embeds[1].pattern, "b c");
  EXPECT_EQ(v->embeds[2].pattern, "d");
}

TEST(Directives, Errors) {
  auto errors = [](std::string_view text, ParseOptions o = {}) { return parse(text, o)->errors(); };
  EXPECT_EQ(errors("package p\n//go:noinline\nvar x int\n"), "2:3: misplaced compiler directive\n");
  EXPECT_EQ(errors("package p\nfunc f() {\n\t//go:nosplit\n\tx()\n}\n"), "3:4: misplaced compiler directive\n");
  EXPECT_EQ(errors("package p\nvar x int //go:noinline\nfunc f() {}\n"), "2:13: misplaced compiler directive\n");
  EXPECT_EQ(errors("package p\n//go:build linux\n"), "2:3: misplaced compiler directive\n");
  EXPECT_EQ(errors("package p\n//go:embed x\nfunc f() {}\n"), "2:3: misplaced go:embed directive\n");
  EXPECT_EQ(errors("package p\nimport \"embed\"\n//go:embed\nvar x embed.FS\n"), "3:3: usage: //go:embed pattern...\n");
  EXPECT_EQ(errors("package p\nimport \"embed\"\n//go:embed \"x\nvar x embed.FS\n"),
            "3:3: invalid quoted string in //go:embed: \"x\n3:3: usage: //go:embed pattern...\n");
  EXPECT_EQ(errors("package p\n//go:embed x\nvar x string\n"),
            "2:3: go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)\n");
  EXPECT_EQ(errors("package p\nimport _ \"embed\"\n//go:embed x\nvar x, y string\n"),
            "3:3: go:embed cannot apply to multiple vars\n");
  EXPECT_EQ(errors("package p\nimport _ \"embed\"\n//go:embed x\nvar x = \"\"\n"),
            "3:3: go:embed cannot apply to var with initializer\n");
  EXPECT_EQ(errors("package p\nimport _ \"embed\"\nfunc f() {\n\t//go:embed x\n\tvar x string\n}\n"),
            "4:4: go:embed cannot apply to var inside func\n");
  EXPECT_EQ(errors("package p\n//go:linkname a b c\n"), "2:3: usage: //go:linkname localname [linkname]\n");
  EXPECT_EQ(errors("package p\n//go:linkname a b\nvar a int\n"),
            "2:3: //go:linkname only allowed in Go files that import \"unsafe\"\n");
  EXPECT_EQ(errors("package p\n//go:wasmimport a\nfunc f()\n"),
            "2:3: usage: //go:wasmimport importmodule importname\n");
  EXPECT_EQ(errors("package p\n//go:wasmexport a b\nfunc f() {}\n"), "2:3: usage: //go:wasmexport exportname\n");
  EXPECT_EQ(errors("package p\n//go:systemstack\nfunc f() {}\n"), "2:3: //go:systemstack only allowed in runtime\n");
  EXPECT_EQ(errors("package p\n//go:uintptrkeepalive\nfunc f() {}\n"),
            "2:3: //go:uintptrkeepalive is only allowed in the standard library\n");
  EXPECT_EQ(errors("package p\n//go:cgo_ldflag \"-lm\"\nfunc f() {}\n"),
            "2:3: //go:cgo_ldflag \"-lm\" only allowed in cgo-generated code\n");
  ParseOptions std;
  std.isStd = true;
  EXPECT_EQ(errors("package p\n//go:unheardof\nfunc f() {}\n", std),
            "2:3: //go:unheardof is not allowed in the standard library\n");
  std.isRuntime = true;
  EXPECT_EQ(errors("package p\n//go:systemstack\nfunc f() {}\n", std), "");
  ParseOptions off;
  off.checkPragmas = false;
  EXPECT_EQ(errors("package p\n//go:noinline\nvar x int\n", off), "");
}

TEST(Print, Tree) {
  auto p = parse("package p\nfunc f(a int) { if x := a; x > 1 { return } else { y = <-c } }\n");
  EXPECT_EQ(printTree(p->file, *p->source), R"(File 1:1
  Ident 1:9 p
  FuncDecl 2:6
    Ident 2:6 f
    FuncType 2:7 params=1 results=0
      Field 2:8 names=1
        Ident 2:8 a
        Ident 2:10 int
    BlockStmt 2:15
      IfStmt 2:17 init else
        AssignStmt 2:22 := left=1
          Ident 2:20 x
          Ident 2:25 a
        BinaryExpr 2:30 >
          Ident 2:28 x
          BasicLit 2:32 int 1
        BlockStmt 2:34
          ReturnStmt 2:36
        BlockStmt 2:50
          AssignStmt 2:54 = left=1
            Ident 2:52 y
            UnaryExpr 2:56 <-
              Ident 2:58 c
)");
}

}  // namespace
}  // namespace burrow::syntax
