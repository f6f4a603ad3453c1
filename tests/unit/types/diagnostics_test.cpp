// Every registered diagnostic of the checker is produced by the program beside its name. That the wordings are gc's is
// the business of tests/types/against_gc.py; here it is that none is dead.
#include <gtest/gtest.h>

#include <set>

#include "types/diagnostics.h"
#include "check_helper.h"

namespace burrow::types {
namespace {

struct Case {
  const char* kind;
  std::string text;  // "package p;" is put before it unless it has its own; a line "=====" begins another file
  const char* lang = "";
  const char* path = "";
  bool testAssert = false;
};

// Constants of 2, 4, 8 ... characters.
std::string doubledStrings() {
  std::string text = "const s0 = \"ab\"\n";
  for (int i = 1; i < 40; i++) text += fmt::format("const s{} = s{} + s{}\n", i, i - 1, i - 1);
  return text;
}

std::string manyTerms() {
  std::string text = "type I interface{ [0]int";
  for (int i = 1; i <= 100; i++) text += fmt::format(" | [{}]int", i);
  return text + " }";
}

// Each constant is the square of the one before: the exponent grows beyond every bound.
std::string hugePowers() {
  std::string text = "const a0 = 1e1000000\n";
  for (int i = 1; i < 14; i++) text += fmt::format("const a{} = a{} * a{}\n", i, i - 1, i - 1);
  return text;
}

const std::vector<Case>& cases() {
  // clang-format off
  static const std::vector<Case> list = {
      {"InvalidPackageName", "package _"},
      {"PackageMismatch", "package p\n=====\npackage q"},
      {"CouldNotImport", "import \"x/y\""},
      {"InvalidImportPath", "import \"a b\""},
      {"ImportAsInit", "import init \"unsafe\""},
      {"UnusedImport", "import \"unsafe\""},
      {"UnusedImportAs", "import u \"unsafe\""},
      {"DeclaredThroughImport", "import \"unsafe\"; var unsafe = 1"},
      {"DeclaredThroughDotImport", "import . \"unsafe\"; var Sizeof = 1"},
      {"Redeclared", "var a, a int"},
      {"CannotDeclareInit", "var init int"},
      {"CannotDeclareMain", "package main; var main int"},
      {"Undefined", "var a = b"},
      {"UndefinedImported", "import \"unsafe\"; var a = unsafe.Foo"},
      {"UndefinedImportedHint", "import \"unsafe\"; var a = unsafe.sizeof"},
      {"BlankAsValue", "var a = _"},
      {"PackageWithoutSelector", "import \"unsafe\"; var a = unsafe"},
      {"IotaOutsideConst", "var a = iota"},
      {"RequiresVersion", "type T[P any] struct{}", "go1.17"},
      {"ExtraInit", "var a, b = 1, 2, 3"},
      {"MissingInit", "var a, b, c = 1, 2"},
      {"InvalidConstType", "const c []int = 1"},
      {"NotConstant", "var v = 1; const c = v"},
      {"FuncNoTypeParams", "func init[T any]() {}"},
      {"FuncNoArguments", "func init(int) {}"},
      {"MissingInitBody", "func init()"},
      {"MissingBody", "func f()"},
      {"GenericWithoutBody", "func f[T any]()"},
      {"TypeParamAsRhs", "type T[P any] P"},
      {"TypeParamAsAliasRhs", "type A[P any] = P"},
      {"TypeParamAsConstraint", "func f[A any, B A]() {}"},
      {"MethodRedeclared", "type T int; func (T) m() {}; func (T) m() {}"},
      {"FieldAndMethod", "type T struct{ m int }; func (T) m() {}"},
      {"DeclaredAndNotUsed", "func f() { x := 1 }"},
      {"NameDeclaredAndNotUsed", "func f(x any) { switch y := x.(type) {} }"},
      {"RecursiveTypeSelf", "type T struct{ t T }"},
      {"RecursiveType", "type T struct{ u U }; type U struct{ t T }"},
      {"AnonymousInterfaceCycle", "type I interface{ m() interface{ I } }"},
      {"InitCycleSelf", "var x = func() int { return x }()"},
      {"InitCycle", "var x = f(); func f() int { return x }"},
      {"InstantiationCycle", "func f[T any]() { f[*T]() }"},
      {"NotInHeapTypeArg", "type nih struct{}; type N struct{ _ nih }; type G[T any] struct{ p *T }; var v G[N]", "", "internal/runtime/sys"},
      {"NotInHeapMapKey", "type nih struct{}; type M map[nih]int", "", "internal/runtime/sys"},
      {"NotInHeapMapValue", "type nih struct{}; type M map[int][2]nih", "", "internal/runtime/sys"},
      {"NotInHeapChan", "type nih struct{}; type C chan nih", "", "internal/runtime/sys"},
      {"LinknameInstance", "import _ \"unsafe\"; func f()\n//go:linkname f g[int]\n"},
      {"LinknameDuplicate", "import _ \"unsafe\"; var x int\n//go:linkname x a\n//go:linkname x b\n"},
      {"LinknameTarget", "import _ \"unsafe\"; type t int\n//go:linkname t a\n"},
      {"NoSplitSystemStack", "\n//go:nosplit\n//go:systemstack\nfunc f() {}", "", "runtime"},
      {"NoEscapeWithBody", "\n//go:noescape\nfunc f(*int) {}"},
      {"MisplacedDirective", "\n//go:noinline\nvar x int"},
      {"KeepAliveNeedsNoSplit", "\n//go:uintptrkeepalive\nfunc f(uintptr) {}"},
      {"ChanElemTooLarge", "var c chan [1 << 16]byte"},
      {"MapPartTooLarge", "var m map[int][1 << 31]byte"},
      {"TypeBeyondAddresses", "var a [1 << 50]byte"},
      {"TypeTooLarge", "type T struct{ a, b [1<<50 - 1]byte }"},
      {"FrameTooLarge", "func f(a [1 << 30]byte) {}"},
      {"ReceiverParamNotName", "type T[P any] struct{}; func (T[[]int]) m() {}"},
      {"ReceiverNotGeneric", "type T struct{}; func (T[P]) m() {}"},
      {"ReceiverParamCount", "type T[P any] struct{}; func (T[P, Q]) m() {}"},
      {"MethodOnInstance", "type T[P any] struct{}; type A = T[int]; func (A) m() {}"},
      {"MethodOnGenericAlias", "type T[P any] struct{}; type A[P any] = T[P]; func (A[P]) m() {}"},
      {"MethodOnNonLocal", "func (int) m() {}"},
      {"InvalidReceiver", "func ([]int) m() {}"},
      {"InvalidReceiverCause", "type P *int; func (P) m() {}"},
      {"ObjectNotAType", "var v int; var a v"},
      {"GenericTypeNotInstantiated", "type T[P any] struct{}; var a T"},
      {"NotGeneric", "type T struct{}; var a T[int]"},
      {"TypeArgCount", "type T[P any] struct{}; var a T[int, int]"},
      {"TypeArgUnsatisfied", "type T[P interface{ m() }] struct{}; var a T[int]"},
      {"ConstraintAsType", "type C interface{ int }; var a C"},
      {"ConstraintAsTypeComparable", "var a comparable"},
      {"OpenArray", "var a [...]int"},
      {"InvalidMapKey", "var m map[[]int]int"},
      {"UndefinedArrayLength", "type T[P] struct{}"},
      {"InvalidArrayLength", "var a [-1]int"},
      {"ArrayLengthNotConstant", "var n = 1; var a [n + 1]int"},
      {"ArrayLengthNotInteger", "var a [1.5]int"},
      {"FieldRedeclared", "type T struct{ a, a int }"},
      {"EmbeddedUnsafePointer", "import \"unsafe\"; type T struct{ unsafe.Pointer }"},
      {"EmbeddedPointer", "type P *int; type T struct{ P }"},
      {"EmbeddedTypeParam", "type T[P any] struct{ P }"},
      {"EmbeddedInterfacePointer", "type I interface{}; type T struct{ *I }"},
      {"IncorrectTag", "type T struct{ a int 1 }"},
      {"BlankMethod", "type I interface{ _() }"},
      {"DuplicateMethod", "type I interface{ m(); m() }"},
      {"TypeParamTerm", "func f[P any, Q ~P]() {}"},
      {"TypeParamUnion", "func f[P any, Q int | P]() {}"},
      {"TildeInterface", "type I interface{ ~error }"},
      {"TildeNotUnderlying", "type M int; type I interface{ ~M }"},
      {"UnionWithMethods", "type I interface{ int | error }"},
      {"UnionComparable", "type I interface{ int | comparable }"},
      {"UnionEmbedsComparable", "type C interface{ comparable }; type I interface{ int | C }"},
      {"OverlappingTerms", "type I interface{ int | ~int }"},
      {"UsedAsValue", "func f() {}; var a = f()"},
      {"UsedAsValueOrType", "func f() {}; var a = f().x"},
      {"MustBeCalled", "var a = len"},
      {"NotAnExpression", "var a = int"},
      {"NotUsed", "func f() { 1 }"},
      {"MultipleValue", "func f() (int, int); var a = f() + 1"},
      {"GenericNotInstantiated", "func f[T any]() {}; var a = f"},
      {"CannotIndirect", "var a = *1"},
      {"PointersDiffer", "func f[P *int | *string](p P) { _ = *p }"},
      {"TypeSwitchGuardOutside", "var a any; var b = a.(type)"},
      {"AssertTypeParam", "func f[P any](p P) { _ = p.(int) }"},
      {"AssertNotInterface", "var a int; var b = a.(int)"},
      {"ImpossibleAssertion", "type I interface{ m() }; var i I; var a = i.(int)"},
      {"ImpossibleCase", "type I interface{ m() }; func f(i I) { switch i.(type) { case int: } }"},
      {"ExcessivelyLongConstant", "const c = 0x" + std::string(20000, '1')},
      {"ConstantOverflow", "const c = 1 << 511 << 511"},
      {"ConstantStringTooLong", doubledStrings()},
      {"Overflows", "var a = int8(0) + 300"},
      {"CannotConvert", "var a = []int(1)"},
      {"CannotConvertCause", "func f[P int | []int](x int) P { return P(x) }"},
      {"ShiftedMustBeInteger", "var s uint; var a float64 = 1 << s"},
      {"OperatorNotDefined", "var a = -\"a\""},
      {"CannotTakeAddress", "var a = &1"},
      {"TildeOutsideHint", "var a = ~1"},
      {"CannotReceive", "var a int; var b = <-a"},
      {"CannotReceiveParam", "func f[P chan int | chan<- int](p P) { <-p }"},
      {"CannotSend", "func f(a int) { a <- 1 }"},
      {"CannotSendParam", "func f[P chan int | <-chan int](p P) { p <- 1 }"},
      {"MismatchedTypes", "var a = 1 + \"a\""},
      {"MismatchedTypesAssign", "func f(a int, b string) { a += b }"},
      {"DivisionByZero", "var a = 1 / 0"},
      {"ShiftedNotInteger", "var a = 1.5 << 1"},
      {"NegativeShift", "var a = 1 << -1"},
      {"InvalidShiftCount", "var a = 1 << 1e9"},
      {"InvalidComparison", "var a, b []int; var c = a == b"},
      {"CannotIndex", "var a int; var b = a[0]"},
      {"IndexOutOfBounds", "var a [2]int; var b = a[2]"},
      {"IndexNegative", "var a []int; var b = a[-1]"},
      {"CannotSlice", "var a int; var b = a[:]"},
      {"CannotSliceNoType", "func f[P any](p P) { _ = p[:] }"},
      {"CannotSliceDiffer", "func f[P []int | []string](p P) { _ = p[:] }"},
      {"CannotSliceUnaddressable", "var a = [2]int{}[:]"},
      {"FullSliceOfString", "var a = \"abc\"[0:1:2]"},
      {"InvalidSliceIndices", "var a []int; var b = a[2:1]"},
      {"BuiltinInSelector", "var a = len.x"},
      {"FieldOfType", "type T struct{ x int }; var a = T.x"},
      {"AmbiguousSelector", "type A struct{ x int }; type B struct{ x int }; type C struct{ A; B }; var c C; var d = c.x"},
      {"InvalidMethodExpr", "type T int; func (*T) m() {}; var a = T.m"},
      {"PointerMethodOnValue", "type T int; func (*T) m() {}; func f() { T(1).m() }"},
      {"MissingFieldOrMethod", "type T int; var a T; var b = a.x"},
      {"InvalidLitType", "var a = int{}"},
      {"MixedStructLit", "type T struct{ a, b int }; var a = T{a: 1, 2}"},
      {"InvalidFieldName", "type T struct{ a int }; var a = T{1: 1}"},
      {"MissingLitField", "type T struct{ a int }; var a = T{b: 1}"},
      {"PromotedThroughPointer", "type E struct{ x int }; type T struct{ *E }; var a = T{x: 1}"},
      {"DuplicateLitField", "type T struct{ a int }; var a = T{a: 1, a: 2}"},
      {"PromotedAndEmbedded", "type E struct{ x int }; type T struct{ E }; var a = T{E: E{}, x: 1}"},
      {"EmbeddedAndPromoted", "type E struct{ x int }; type T struct{ E }; var a = T{x: 1, E: E{}}"},
      {"TooManyStructValues", "type T struct{ a int }; var a = T{1, 2}"},
      {"TooFewStructValues", "type T struct{ a, b int }; var a = T{1}"},
      {"MissingKey", "var a = map[int]int{1}"},
      {"DuplicateKey", "var a = map[int]int{1: 1, 1: 2}"},
      {"IndexNotConstant", "var i int; var a = []int{i: 1}"},
      {"IndexBeyondArray", "var a = [1]int{1, 2}"},
      {"DuplicateIndex", "var a = []int{0: 1, 0: 2}"},
      {"CannotCall", "var a int; func f() { a() }"},
      {"MissingConversionArg", "var a = int()"},
      {"TooManyConversionArgs", "var a = int(1, 2)"},
      {"ConversionToConstraint", "type C interface{ int }; var a = C(1)"},
      {"DotsInConversion", "var s []int; var a = int(s...)"},
      {"ArgumentCount", "func f(int); func g() { f() }"},
      {"DotsWithMultiValue", "func f(...int); func g() (int, int); func h() { f(g()...) }"},
      {"DotsNonVariadic", "func f([]int); func g(s []int) { f(s...) }"},
      {"TypeArgMismatch", "func f[P any](); func g() { f[int, int]() }"},
      {"CannotInfer", "func f[P any]() {}; func g() { f() }"},
      {"InferNoMatch", "func f[T, U any](T, []U) {}; var a, b int; func g() { f(a, b) }"},
      {"InferNoMatchAll", "func f[T any](*T) {}; var a int; func g() { f(a) }"},
      {"InferNoMatchInferred", "func f[T any](T, []T) {}; var a int; var b []string; func g() { f(a, b) }"},
      {"InferUnsatisfied", "func f[T interface{ ~[]E }, E any](T, E) {}; var a int; func g() { f(a, 1) }"},
      {"InferMethodsUnsatisfied", "func f[T interface{ m(E) }, E any](T) {}; type X struct{}; func g() { f(X{}) }"},
      {"InferUntypedMismatch", "func f[T any](x, y T) {}; func g() { f(1, \"a\") }"},
      {"ExtraInitAt", "const (a, b = 1, 2; c)"},
      {"DeclCycle", "var x T; type T [len(x)]int"},
      {"DeclCycleSelf", "import \"unsafe\"; type T struct{}; func (T) m([unsafe.Sizeof(T.m)]int) {}"},
      {"EmbedVersion", "\n//go:embed x\nvar s string", "go1.15"},
      {"NotAType", "var x struct{ f int }; var y x.f"},
      {"ConstantNotRepresentable", hugePowers()},
      {"ConstantOverflows", "var x = int8(300)"},
      {"Truncated", "func f(i int) bool { return i == 1.5 }"},
      {"TildeOutside", "var x = ~1.5"},
      {"ShiftCountNotInteger", "var s = 1.5; var x = 1 << s"},
      {"InvalidCase", "func f(x int, y string) { switch x { case y: } }"},
      {"MoreThanOneIndex", "var a []int; var b = a[1, int]"},
      {"IndexNotInteger", "var a []int; var s string; var b = a[s]"},
      {"IndexOverflows", "var a []int; var b = a[uint64(1<<63)]"},
      {"MissingLitType", "var x = struct{ a []int }{{1}}"},
      {"NotAField", "type E struct{}; func (E) m() {}; type S struct{ E }; var x = S{m: 1}"},
      {"CannotSwitchOn", "type T struct{ f func() }; func g(t T) { switch t { default: } }"},
      {"InferNoMatchReverse", "func f[P any](p, q P) {}; var a func(int, string) = f"},
      {"DotsWithBuiltin", "var s []int; var a = len(s...)"},
      {"BuiltinArgumentCount", "var a = len()"},
      {"InvalidBuiltinArgument", "var a = len(1)"},
      {"BuiltinOnTypeParam", "func f[P float32 | float64](p P) { _ = complex(p, p) }"},
      {"InvalidAppend", "var a = append(1, 2)"},
      {"CannotClear", "func f() { clear(1) }"},
      {"CloseNonChannel", "func f() { close(1) }"},
      {"CloseReceiveOnly", "func f(c <-chan int) { close(c) }"},
      {"ComplexMismatch", "var x float32; var y float64; var a = complex(x, y)"},
      {"ComplexNotFloat", "var x, y int; var a = complex(x, y)"},
      {"RealImagNotComplex", "var x int; var a = real(x)"},
      {"InvalidCopy", "func f() { copy(1, 2) }"},
      {"CopyMismatch", "func f(a []int, b []string) { copy(a, b) }"},
      {"DeleteNotMap", "func f() { delete(1, 2) }"},
      {"DeleteKeysDiffer", "func f[M map[int]int | map[string]int](m M) { delete(m, 1) }"},
      {"CannotMake", "var a = make(int)"},
      {"MakeArgumentCount", "var a = make([]int)"},
      {"MakeSwapped", "var a = make([]int, 2, 1)"},
      {"CannotOrder", "var a = min([]int{}, []int{})"},
      {"MinMaxMismatch", "var x int; var y string; var a = min(x, y)"},
      {"OffsetofNotSelector", "import \"unsafe\"; var a = unsafe.Offsetof(1)"},
      {"OffsetofNoField", "import \"unsafe\"; type T struct{}; var x T; var a = unsafe.Offsetof(x.f)"},
      {"OffsetofMethod", "import \"unsafe\"; type T struct{}; func (T) m() {}; var x T; var a = unsafe.Offsetof(x.m)"},
      {"OffsetofThroughPointer", "import \"unsafe\"; type E struct{ f int }; type T struct{ *E }; var x T; var a = unsafe.Offsetof(x.f)"},
      {"TooLarge", "import \"unsafe\"; type T [1 << 62]int; const c = unsafe.Sizeof(T{})"},
      {"NotAPointer", "import \"unsafe\"; var a = unsafe.Slice(1, 2)"},
      {"NotASlice", "import \"unsafe\"; var a = unsafe.SliceData(1)"},
      {"AssertNotConstant", "var v bool; func f() { assert(v) }", "", "", true},
      {"AssertFailed", "func f() { assert(1 > 2) }", "", "", true},
      {"UntypedNil", "var a = nil"},
      {"CannotUse", "var a string = 1"},
      {"CannotUseTruncated", "var a int = 1.5"},
      {"CannotUseOverflows", "var a int8 = 300"},
      {"CannotUseCause", "type I interface{ m() }; var a I = 1 + 0"},
      {"AssignToMapField", "type T struct{ x int }; func f(m map[int]T) { m[0].x = 1 }"},
      {"NotAssignable", "func f() { 1 = 2 }"},
      {"AssignMismatch", "func f() { var a, b int; a, b = 1, 2, 3 }"},
      {"AssignMismatchCall", "func g() (int, int); func f() { var a int; a = g() }"},
      {"ReturnCount", "func f() int { return }"},
      {"NonNameInDefine", "func f(a []int) { a[0], b := 1, 2; _ = b }"},
      {"RepeatedInDefine", "func f() { a, a := 1, 2; _ = a }"},
      {"CannotAssignTo", "func f() { const c = 1; c, d := 1, 2; _ = d }"},
      {"NoNewVariables", "func f(a int) { a := 1 }"},
      {"NoNewVariable", "func f(a any) { switch _ := a.(type) {} }"},
      {"NonNumericIncDec", "func f(a string) { a++ }"},
      {"MustBeFunctionCall", "func f() { defer 1 }"},
      {"SuspendedConversion", "func f() { defer int(1) }"},
      {"SuspendedDiscards", "func f() { defer len(\"a\") }"},
      {"ResultNotInScope", "func f() (a int) { { a := 1; _ = a; return } }"},
      {"MissingReturn", "func f() int {}"},
      {"NonBoolIf", "func f() { if 1 {} }"},
      {"NonBoolFor", "func f() { for 1 {} }"},
      {"MultipleDefaults", "func f() { switch { default: ; default: } }"},
      {"InvalidSelectCase", "func f() { select { case 1: } }"},
      {"DuplicateCase", "func f(a int) { switch a { case 1, 1: } }"},
      {"DuplicateTypeCase", "func f(a any) { switch a.(type) { case int, int: } }"},
      {"TypeSwitchTypeParam", "func f[P any](p P) { switch p.(type) {} }"},
      {"NotAnInterface", "func f(a int) { switch a.(type) {} }"},
      {"CannotRange", "func f() { for range 1.5 {} }"},
      {"CannotRangeCause", "func f() { for range func() {} {} }"},
      {"RangeNoVariables", "func f(g func(func() bool)) { for a := range g { _ = a } }"},
      {"RangeOneVariable", "func f() { for a, b := range 10 { _, _ = a, b } }"},
      {"RangeTwoVariables", "func f(m map[int]int) { for a, b, c := range m {} }"},
      {"RangeVariableType", "func f(x float64) { for x = range 10 {} }"},
      {"CannotDeclare", "func f(a []int) { for a[0] := range 10 {} }"},
      {"MalformedConstant", "const c = 1e99999999999999999999"},
      {"TooManyTerms", manyTerms()},
      {"UnexportedLitField", "import \"lib\"; var a = lib.T{1}\n-----\npackage lib; type T struct{ a int }"},
  };
  // clang-format on
  return list;
}

TEST(TypeDiagnostics, EachIsProduced) {
  for (const Case& c : cases()) {
    std::string text = c.text.starts_with("package") ? c.text : "package p;" + c.text;
    Checked p(text, c.lang, c.testAssert, c.path);
    std::set<std::string_view> kinds;
    for (const source::Diagnostic& d : p.diagnostics.list()) kinds.insert(d.kind->name);
    EXPECT_TRUE(kinds.contains(c.kind)) << c.kind << " is not produced by: " << c.text << "\nbut:\n" << p.errors();
  }
}

TEST(TypeDiagnostics, EachHasACase) {
  std::set<std::string_view> names, seen;
  for (const Case& c : cases()) seen.insert(c.kind);
  for (const source::DiagnosticKind* kind : diag::kAll) {
    EXPECT_TRUE(names.insert(kind->name).second) << kind->name << " is registered twice";
    EXPECT_TRUE(seen.contains(kind->name)) << kind->name << " has no case";
  }
}

}  // namespace
}  // namespace burrow::types
