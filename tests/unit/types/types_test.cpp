// Identity, hashing, method sets, look-up, type strings, sizes, substitution.
#include <gtest/gtest.h>

#include "check_helper.h"
#include "types/sizes.h"

namespace burrow::types {
namespace {

TEST(Types, IdentityIsStructural) {
  Checked c(R"(package p
type T struct{}
var a map[string][]*T
var b map[string][]*T
var c map[string][]T
var d func(x int, y ...string) (error, bool)
var e func(int, ...string) (e error, ok bool)
var f func(int, []string) (error, bool)
var g struct{ A int `k`; b string }
var h struct{ A int; b string }
var i interface{ M(); error }
var j interface{ error; M() }
var k any
var l interface{}
)");
  ASSERT_EQ(c.errors(), "");
  EXPECT_TRUE(identical(c.type("a"), c.type("b")));
  EXPECT_FALSE(identical(c.type("a"), c.type("c")));
  EXPECT_TRUE(identical(c.type("d"), c.type("e")));
  EXPECT_FALSE(identical(c.type("d"), c.type("f")));
  EXPECT_FALSE(identical(c.type("g"), c.type("h")));
  EXPECT_TRUE(identicalIgnoreTags(c.type("g"), c.type("h")));
  EXPECT_TRUE(identical(c.type("i"), c.type("j")));
  EXPECT_TRUE(identical(c.type("k"), c.type("l")));
  for (auto [x, y] : {std::pair{"a", "b"}, {"d", "e"}, {"i", "j"}, {"k", "l"}})
    EXPECT_EQ(hashType(c.type(x)), hashType(c.type(y)));
  TypeTable table;
  EXPECT_EQ(table.canonicalKey(c.type("a")), table.canonicalKey(c.type("b")));
  EXPECT_NE(table.canonicalKey(c.type("a")), table.canonicalKey(c.type("c")));
  EXPECT_EQ(table.size(), 2u);
}

TEST(Types, RecursiveInterfacesCompare) {
  Checked c(R"(package p
type A interface { m() interface{ A } }
type B interface { m() interface{ B } }
)");
  EXPECT_TRUE(identical(under(c.type("A")), under(c.type("B"))));
}

TEST(Types, InstancesAreShared) {
  Checked c(R"(package p
type List[T any] struct { next *List[T]; value T }
func (l *List[T]) Push(x T) {}
var a List[int]
var b List[int]
var c List[string]
)");
  ASSERT_EQ(c.errors(), "");
  EXPECT_EQ(c.type("a"), c.type("b"));
  EXPECT_NE(c.type("a"), c.type("c"));
  auto* s = underAs<Struct>(c.type("a"));
  ASSERT_NE(s, nullptr);
  EXPECT_EQ(s->fields[1]->type, basicType(BasicKind::Int));
  EXPECT_EQ(as<Pointer>(s->fields[0]->type)->elem, c.type("a"));
  Func* push = methodAt(as<Named>(c.type("c")), 0);
  EXPECT_EQ(funcString(push, {}), "Push(x string)");
  EXPECT_EQ(push->origin, as<Named>(c.type("a"))->origin->methods[0]);
  EXPECT_EQ(linkName(c.type("c")), "example.com/p.List[string]");
}

TEST(Types, MethodSets) {
  Checked c(R"(package p
type A struct{}
func (A) Value() {}
func (*A) Pointer() {}
type B struct { A; x int }
type C struct { *A }
type D struct { A; E }
type E struct{}
func (E) Value() {}
type F struct { A; Value int }
type P *A
)");
  ASSERT_EQ(c.errors(), "");
  auto names = [&](Type* t) {
    std::string out;
    for (const MethodEntry& e : methodSet(t)) out += std::string(e.func->name) + " ";
    return out;
  };
  Pointer pa(c.type("A")), pb(c.type("B"));
  EXPECT_EQ(names(c.type("A")), "Value ");
  EXPECT_EQ(names(&pa), "Pointer Value ");
  EXPECT_EQ(names(c.type("B")), "Value ");
  EXPECT_EQ(names(&pb), "Pointer Value ");
  EXPECT_EQ(names(c.type("C")), "Pointer Value ");
  EXPECT_EQ(names(c.type("D")), "");  // ambiguous
  EXPECT_EQ(names(c.type("F")), "");  // hidden by the field
  EXPECT_EQ(names(c.type("P")), "");
}

TEST(Types, Lookup) {
  Checked c(R"(package p
type A struct { x, y int }
type B struct { *A; y string }
type C struct { B }
)");
  LookupResult r = lookupFieldOrMethod(c.type("C"), false, c.package, "x");
  ASSERT_NE(r.object, nullptr);
  EXPECT_EQ(r.index, (std::vector<int>{0, 0, 0}));
  EXPECT_TRUE(r.indirect);
  r = lookupFieldOrMethod(c.type("C"), false, c.package, "y");
  EXPECT_EQ(r.index, (std::vector<int>{0, 1}));
  EXPECT_EQ(lookupFieldOrMethod(c.type("C"), false, c.package, "z").object, nullptr);
  EXPECT_EQ(lookupFieldOrMethod(c.type("C"), false, nullptr, "x").object, nullptr);  // not exported
}

TEST(Types, Strings) {
  Checked c(R"(package p
type T struct{}
type G[K comparable, V any] struct{}
var a map[string]chan<- func(x T, y ...int) (n int, err error)
var b struct { A, b int; T; s []byte `json:"s"` }
var c chan (<-chan int)
var d interface { M(x int) string; m() }
var e G[string, *T]
var f any
)");
  ASSERT_EQ(c.errors(), "");
  auto diag = [&](const char* n) { return typeString(c.type(n), c.package); };
  EXPECT_EQ(diag("a"), "map[string]chan<- func(x T, y ...int) (n int, err error)");
  EXPECT_EQ(diag("b"), "struct{A int; b int; T; s []byte \"json:\\\"s\\\"\"}");
  EXPECT_EQ(diag("c"), "chan (<-chan int)");
  EXPECT_EQ(diag("d"), "interface{M(x int) string; m()}");
  EXPECT_EQ(diag("e"), "G[string, *T]");
  EXPECT_EQ(diag("f"), "any");
  EXPECT_EQ(linkName(c.type("a")), "map[string]chan<- func(example.com/p.T, ...int) (int, error)");
  EXPECT_EQ(linkName(c.type("b")),
            "struct { A int; example.com/p.b int; example.com/p.T; example.com/p.s []uint8 \"json:\\\"s\\\"\" }");
  EXPECT_EQ(linkName(c.type("d")), "interface { M(int) string; example.com/p.m() }");
  EXPECT_EQ(linkName(c.type("e")), "example.com/p.G[string,*example.com/p.T]");
  EXPECT_EQ(linkName(c.type("f")), "interface {}");
  StringStyle reflect;
  reflect.qualify = Qualify::PackageName;
  EXPECT_EQ(typeString(c.type("b"), reflect), "struct { A int; b int; p.T; s []uint8 \"json:\\\"s\\\"\" }");
}

TEST(Types, Sizes) {
  Checked c(R"(package p
var a struct { b bool; i int64; c bool }
var b struct { i int64; z struct{} }
var c [3]struct { x int32; y int8 }
var d complex128
var e struct { s string; l []int; i any; f float32 }
)");
  auto size = [&](const char* n) { return sizeOf(c.type(n)); };
  EXPECT_EQ(size("a"), 24);
  EXPECT_EQ(size("b"), 16);
  EXPECT_EQ(size("c"), 24);
  EXPECT_EQ(size("d"), 16);
  EXPECT_EQ(alignOf(c.type("d")), 8);
  EXPECT_EQ(size("e"), 64);
  EXPECT_EQ(fieldOffsets(underAs<Struct>(c.type("e"))), (std::vector<int64_t>{0, 16, 40, 56}));
}

TEST(Types, LocalTypesOfGenericFunctionsDifferByInstance) {
  Checked c(R"(package p
func F[T any]() any { type L struct { x T }; return L{} }
)");
  ASSERT_EQ(c.errors(), "");
  TypeName* local = nullptr;
  for (TypeName* t : c.package->info->namedTypes)
    if (t->name == "L") local = t;
  ASSERT_NE(local, nullptr);
  EXPECT_EQ(local->localIndex, 1u);
  auto* f = as<Func>(c.object("F"));
  Type* args[] = {basicType(BasicKind::Int)};
  Type* strings[] = {basicType(BasicKind::String)};
  auto params = f->signature()->typeParams;
  Type* a = substitute(c.context, local->type, TypeParamMap(params, args));
  Type* b = substitute(c.context, local->type, TypeParamMap(params, strings));
  EXPECT_FALSE(identical(a, b));
  EXPECT_EQ(underAs<Struct>(a)->fields[0]->type, args[0]);
  EXPECT_EQ(linkName(a), "example.com/p.L\u00b71[int]");
}

// Of packages that are compiled already: bodies of generic functions are checked, all others are passed over, and local types
// have the numbers that they have otherwise.
TEST(Packages, GenericBodiesOnly) {
  const char* text = R"(package p
var v = func() int { return undefined }
func f() { type A int; undefined() }
func G[T any]() any { type B struct{ t T }; g := func() B { return B{} }; return g() }
type L[T any] struct{}
func (L[T]) m() { undefined() }
)";
  Checked all(text), some(text, "", false, "", true);
  EXPECT_EQ(all.errors(), "2:29: undefined: undefined\n3:24: undefined: undefined\n6:19: undefined: undefined\n");
  EXPECT_EQ(some.errors(), "6:19: undefined: undefined\n");
  for (Checked* c : {&all, &some}) {
    for (TypeName* t : c->package->info->namedTypes) {
      if (t->name == "B") EXPECT_EQ(t->localIndex, 2u);
    }
  }
}

}  // namespace
}  // namespace burrow::types
