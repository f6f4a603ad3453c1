// Inference and what the checker leaves about it; initialisation order; records of untyped constants.
#include <gtest/gtest.h>

#include "check_helper.h"
#include "syntax/walk.h"

namespace burrow::types {
namespace {

// The type arguments that the calls of `name` were given, in source order.
std::string inferred(Checked& c, std::string_view name) {
  std::string out;
  syntax::walk(c.files[0], [&](syntax::Node* n) {
    if (n->kind == syntax::NodeKind::Ident) {
      auto* id = syntax::as<syntax::Ident>(n);
      const Instance* inst = id->name == name ? c.package->info->instance(id) : nullptr;
      if (inst != nullptr) {
        out += '[';
        for (Type* t : inst->typeArgs) out += (out.back() == '[' ? "" : " ") + typeString(t, c.package);
        out += ']';
      }
    }
    return true;
  });
  return out;
}

TEST(Infer, FromArgumentsConstraintsAndDefaults) {
  Checked c(R"(package p
type Number interface { ~int | ~float64 }
func Map[T, U any](s []T, f func(T) U) []U { return nil }
func Sum[S ~[]E, E Number](s S) E { var z E; return z }
func Max[T Number](a, b T) T { return a }
type Ints []int
var ints Ints
var _ = Map(ints, func(int) string { return "" })
var _ = Sum(ints)
var _ = Max(1, 2.5)
var _ = Max[float64](1, 2)
)");
  ASSERT_EQ(c.errors(), "");
  EXPECT_EQ(inferred(c, "Map"), "[int string]");
  EXPECT_EQ(inferred(c, "Sum"), "[Ints int]");
  EXPECT_EQ(inferred(c, "Max"), "[float64][float64]");
}

TEST(Infer, FromTargetsAndGenericArguments) {
  Checked c(R"(package p
func Id[T any](x T) T { return x }
func Apply[A, B any](f func(A) B, x A) B { return f(x) }
var f func(int) int = Id
var _ = Apply(Id, "x")
)");
  ASSERT_EQ(c.errors(), "");
  EXPECT_EQ(inferred(c, "Id"), "[int][string]");
  EXPECT_EQ(inferred(c, "Apply"), "[string string]");
}

TEST(Infer, MethodsWithTypeParameters) {
  Checked c(R"(package p
type Box[T any] struct { v T }
func (b Box[T]) Map[U any](f func(T) U) Box[U] { return Box[U]{f(b.v)} }
var b = Box[int]{1}.Map(func(x int) string { return "" })
var _ = Box[int].Map[bool]
)");
  ASSERT_EQ(c.errors(), "");
  EXPECT_EQ(inferred(c, "Map"), "[string][bool]");
  EXPECT_EQ(typeString(c.type("b"), c.package), "Box[string]");
}

TEST(Infer, Failures) {
  Checked c(R"(package p
func F[T any]() {}
func G[T any](a, b T) {}
func H[T interface{ M() }](x T) {}
func _() { F(); G(1, "x"); H(1) }
)");
  EXPECT_EQ(c.errors(),
            "5:13: in call to F, cannot infer T (declared at 2:8)\n"
            "5:22: in call to G, mismatched types untyped int and untyped string (cannot infer T)\n"
            "5:29: int does not satisfy interface{M()} (missing method M)\n");
}

TEST(Check, InitializationOrder) {
  Checked c(R"(package p
var a = b + f()
var b = 1
var c, d = g()
func f() int { return c }
func g() (int, int) { return e, 0 }
var e = 2
)");
  ASSERT_EQ(c.errors(), "");
  std::string order;
  for (const Initializer& i : c.package->info->initOrder) {
    for (Var* v : i.lhs) order += v->name;
    order += ' ';
  }
  EXPECT_EQ(order, "b e cd a ");
}

TEST(Check, InitializationCycle) {
  Checked c("package p\nvar a = f()\nfunc f() int { return a }\n");
  EXPECT_EQ(c.errors(), "2:5: initialization cycle for a\n\t2:5: a refers to f\n\t3:6: f refers to a\n");
}

TEST(Check, ConstantsGetTheirFinalType) {
  Checked c("package p\nvar s uint\nvar x int64 = 1<<s + 2\nvar f float32 = 0.1\n");
  ASSERT_EQ(c.errors(), "");
  size_t literals = 0;
  syntax::walk(c.files[0], [&](syntax::Node* n) {
    if (n->kind == syntax::NodeKind::BasicLit) {
      const ExprInfo& e = c.package->info->of(syntax::as<syntax::BasicLit>(n));
      EXPECT_TRUE(isTyped(e.type)) << typeString(e.type);
      if (e.type == basicType(BasicKind::Float32)) EXPECT_EQ(e.value->doubleValue(), static_cast<double>(0.1f));
      literals++;
    }
    return true;
  });
  EXPECT_EQ(literals, 3u);
}

TEST(Check, DeepNestingDoesNotOverflowTheStack) {
  std::string sum = "package p\nvar x = 1";
  for (int i = 0; i < 9000; i++) sum += "+1";
  Checked c(sum + "\n");
  EXPECT_EQ(c.errors(), "");
  std::string type = "package p\nvar y ";
  for (int i = 0; i < 5000; i++) type += "[]";
  Checked d(type + "int\n");
}

TEST(Check, InvalidRecursionEnds) {
  for (const char* text : {"type T T", "type T [2]T", "type T struct { T }", "type A = B; type B = A", "type I interface { I }",
                           "type T[P any] struct { f T[*P] }; var _ T[int]", "type T[P T[P]] struct{}; var _ T[int]", "const a = b; const b = a",
                           "type T struct { a [len(T{}.a)]int }", "var a = a", "func f[P interface{ *P }]() { f[*P]() }",
                           "type T[P any] interface { T[*P] }", "type A[P any] = B[P]; type B[P any] = A[P]"}) {
    Checked c(std::string("package p\n") + text + "\n");
    EXPECT_FALSE(c.diagnostics.empty()) << text;
  }
}

}  // namespace
}  // namespace burrow::types
