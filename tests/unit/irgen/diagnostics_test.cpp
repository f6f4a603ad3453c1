// Every registered diagnostic of the step to Burrow IR is produced by the program beside its name.
#include "irgen/diagnostics.h"

#include "lowered.h"

#include <set>
#include <string_view>

namespace burrow {
namespace {

struct Case {
  std::string_view kind;
  const char* text;  // of one package
  const char* message;
};

constexpr Case kCases[] = {
    {"IllegalPrintOperand", "package p\ntype S struct{ a int }\nfunc f() { println(1, [2]S{}) }",
     "test.go:3:19: illegal types for operand: println\n\t[2]S"},
    {"FrameTooLarge", "package p\nfunc f(x *[1<<30 + 1e6]byte) (n byte) { for _, b := range *x { n += b }; return }",
     "test.go:2:6: stack frame too large (>1GB): 1024 MB locals + 0 MB args"},
    {"FrameTooLargeWithCallee",
     "package p\ntype Big = [400e6]byte\nfunc f() { g(h(), h()) }\nfunc g(Big, Big)\nfunc h() Big",
     "test.go:3:6: stack frame too large (>1GB): 762 MB locals + 0 MB args + 762 MB callee"},
};

TEST(IrgenDiagnostics, EachIsProduced) {
  std::set<std::string_view> seen;
  for (const Case& c : kCases) {
    Lowered p(c.text);
    ASSERT_EQ(p.diagnostics.list().size(), 1u) << c.kind;
    EXPECT_EQ(p.diagnostics.list()[0].kind->name, c.kind);
    EXPECT_EQ(p.diagnostics.render(p.sources), std::string(c.message) + "\n");
    seen.insert(c.kind);
  }
  for (const source::DiagnosticKind* kind : irgen::diag::kAll) EXPECT_TRUE(seen.contains(kind->name)) << kind->name;
}

// A variable above 128 KB is on the heap, a parameter or a temporary never.
TEST(IrgenDiagnostics, LargeVariables) {
  Lowered p("package p\nfunc f() byte { var x [1 << 17]byte; return x[3] }\nfunc g() byte { var x [1<<17 + 1]byte; return x[3] }\n"
            "func h(x [1<<17 + 1]byte, i int) byte { return x[i] }");
  EXPECT_EQ(p.count("p.f", ir::Op::New), 0);
  EXPECT_EQ(p.count("p.g", ir::Op::New), 1);
  EXPECT_EQ(p.count("p.h", ir::Op::New), 0);
}

}  // namespace
}  // namespace burrow
