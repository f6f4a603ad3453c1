// Symbols, method tables, static data, initialisation: what other phases and people see of a package.
#include "lowered.h"

using namespace burrow;

namespace {

TEST(Names, ClosuresWrappersAndRangeBodies) {
  Lowered l(R"(package main
func g(int) {}
func seq(yield func(int) bool) { yield(1) }
type T struct{}
func (t *T) M() { func() {}() }
func f(h func(int)) {
	go h(1)
	func() { defer h(2); func() {}() }()
	defer g(3)
	for i := range seq { func() { println(i) }() ; for range seq { } }
}
var x = func() func() { return func() {} }()
func init() { func() {}() }
func init() {}
)");
  for (const char* name : {"main.f", "main.f.gowrap1", "main.f.func1", "main.f.func1.deferwrap1", "main.f.func1.1",
                           "main.f.deferwrap2", "main.f-range1", "main.f-range1.1", "main.f-range2", "main.(*T).M",
                           "main.(*T).M.func1", "main.init.func1", "main.init.func1.1", "main.init.0", "main.init.0.func1",
                           "main.init.1"}) {
    EXPECT_TRUE(l.has(name)) << name;
  }
  EXPECT_EQ(l.module->initFunctions, (std::vector<std::string>{"main.init", "main.init.0", "main.init.1"}));
}

TEST(Names, Instances) {
  Lowered l(R"(package main
type List[T any] struct { head *T }
func (l *List[T]) Push(x T) { func() { l.head = &x }() }
func (l List[T]) Len() int { return 0 }
type Pair[K comparable, V any] struct { k K; v V }
func Map[K comparable, V any](m map[K]V) []Pair[K, V] { return nil }
func Local[T any](x T) any { type L struct{ x T }; return L{x} }
func main() {
	type mine struct{}
	var l List[mine]
	l.Push(mine{})
	_ = Map(map[string][]int{})
	_ = Local(1)
	_ = Local("")
}
)");
  EXPECT_TRUE(l.has("main.(*List[main.mine·2]).Push"));
  EXPECT_TRUE(l.has("main.(*List[main.mine·2]).Push.func1"));
  EXPECT_TRUE(l.has("main.Map[string,[]int]"));
  EXPECT_TRUE(l.has("main.Local[int]"));
  EXPECT_TRUE(l.has("main.Local[string]"));
  EXPECT_EQ(l.module->function("main.Map[string,[]int]")->linkage, ir::Linkage::LinkOnce);
  // A type declared in a generic function is another one in each instance.
  EXPECT_NE(l.text("main.Local[int]").find("main.L[int]"), std::string::npos);
  EXPECT_NE(l.text("main.Local[string]").find("main.L[string]"), std::string::npos);
  // The instance's methods are there although nothing calls Len: its descriptor lists it.
  EXPECT_TRUE(l.has("main.List[main.mine·2].Len"));
}

TEST(Methods, TablesAndWrappers) {
  Lowered l(R"(package main
type I interface{ M() }
type T struct{ n int }
func (T) V() int { return 1 }
func (*T) P() {}
type E struct { T; I }
type D struct { *T }
func (t D) private() {}
)");
  ir::TypeTable& t = l.table;
  auto names = [&](ir::TypeId type) {
    std::vector<std::string> out;
    for (const ir::Method& m : t.methodsOf(type)) out.push_back(m.name + ":" + m.ifn + ":" + m.tfn);
    return out;
  };
  using List = std::vector<std::string>;
  ir::TypeId T = t.named("main.T"), E = t.named("main.E"), D = t.named("main.D");
  EXPECT_EQ(names(T), (List{"V:main.(*T).V:main.T.V"}));
  EXPECT_EQ(names(t.pointer(T)), (List{"P:main.(*T).P:main.(*T).P", "V:main.(*T).V:main.(*T).V"}));
  EXPECT_EQ(names(E), (List{"M:main.(*E).M:main.E.M", "V:main.(*E).V:main.E.V"}));
  EXPECT_EQ(names(t.pointer(E)), (List{"M:main.(*E).M:main.(*E).M", "P:main.(*E).P:main.(*E).P", "V:main.(*E).V:main.(*E).V"}));
  // A D is one pointer: its interface data word is the value, and its methods take that.
  EXPECT_EQ(names(D), (List{"P:main.D.P:main.D.P", "V:main.D.V:main.D.V", "private:main.D.private:main.D.private"}));
  EXPECT_TRUE(l.module->function("main.(*T).V")->attributes.wrapper);
  EXPECT_NE(l.text("main.(*T).V").find("PanicWrap"), std::string::npos);
  EXPECT_EQ(l.count("main.E.M", ir::Op::CallInterface), 1);
}

TEST(StaticData, NeedsNoCode) {
  Lowered l(R"(package main
type P struct { x, y int; s string; next *P }
var a = 3
var b = P{1, 2, "s", &P{x: 4}}
var c = []string{"x", 3: "y"}
var d = [...]float32{1.5, 2}
var e any = 7
var f error
var g = func() int { return 1 }
var h = &b.y
var i = []byte("bytes")
var j = main
func main() {}
)");
  EXPECT_FALSE(l.has("main.init")) << l.text("main.init");
  EXPECT_EQ(l.module->global("main.a")->data[0], 3);
  EXPECT_EQ(l.module->global("main.h")->relocs[0].addend, 8);
  EXPECT_EQ(l.module->global("main.b")->relocs.size(), 2u);
  EXPECT_EQ(l.module->global("main.g")->relocs[0].kind, ir::Global::Reloc::FuncValue);
  EXPECT_EQ(l.module->global("main.e")->relocs[0].kind, ir::Global::Reloc::TypeAddr);
}

TEST(StaticData, OrderOfTheRest) {
  Lowered l(R"(package main
var a = b + f()
var b = f()
var c, d = two()
var _ = f()
func f() int { return 1 }
func two() (int, int) { return 1, 2 }
)");
  std::string init = l.text("main.init");
  size_t b = init.find("@\"main.b\""), a = init.find("@\"main.a\""), c = init.find("@\"main.c\"");
  EXPECT_LT(b, a);
  EXPECT_LT(a, c);
  EXPECT_EQ(l.count("main.init", ir::Op::Call), 4);
}

TEST(Versions, LoopVariablesBefore122) {
  const char* text = R"(package main
func run(f func() int)
func loop(s []int) {
	for _, v := range s { run(func() int { return v }) }
	for i := 0; i < 2; i++ { run(func() int { return i }) }
}
)";
  Lowered now(text), before(text, "go1.21");
  EXPECT_EQ(now.count("main.loop", ir::Op::New), 2);     // i's first and its copies; v is copied into the closure
  EXPECT_EQ(before.count("main.loop", ir::Op::New), 2);  // one v, one i
}

TEST(Directives, LinknameAndPragmas) {
  Lowered l(R"(package main
import _ "unsafe"
//go:linkname outside other/pkg.function
func outside()
//go:linkname here other/pkg.provided
func here() { outside() }
//go:linkname counter other/pkg.counter
var counter int
//go:noinline
func still() {}
//go:nosplit
func small() { here(); counter++ }
)");
  EXPECT_FALSE(l.module->function("other/pkg.function")->hasBody);
  EXPECT_TRUE(l.module->function("other/pkg.provided")->hasBody);
  EXPECT_TRUE(l.module->global("other/pkg.counter")->external);
  EXPECT_TRUE(l.module->function("main.still")->attributes.noInline);
  EXPECT_TRUE(l.module->function("main.small")->attributes.noSplit);
}

}  // namespace
