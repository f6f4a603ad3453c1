// Values and expressions of generic methods: their types come from the instance, also where the method is promoted.
package main

import "fmt"

type L[T any] struct{ v T }

func (l *L[T]) Map[U any](f func(T) U) *L[U]      { return &L[U]{f(l.v)} }
func (l L[T]) Fold[A any](a A, f func(A, T) A) A  { return f(a, l.v) }
func (l L[T]) Both[A, B any](a A, b B) (A, B, T)  { return a, b, l.v }
func (l L[T]) Var[A any](a ...A) (int, string)    { return len(a), fmt.Sprintf("%T", a) }

type P struct{ n int }

func (p P) Get[T any](x T) (T, int) { return x, p.n }
func (p P) Inc2[T any](x T) T { return x }
func (p *P) Inc[T any](x T) T       { p.n++; return x }

type E1 struct {
	k int
	L[int]
}
type E2 struct{ *E1 }
type E3 struct {
	E2
	P
}
type E4 struct{ *P }

//go:noinline
func call[A, R any](f func(A) R, a A) R { return f(a) }

func main() {
	l := &L[int]{4}
	f := l.Map[string]
	fmt.Println(f(func(i int) string { return fmt.Sprint("<", i, ">") }).v)
	g := (*L[int]).Map[bool]
	fmt.Println(g(l, func(i int) bool { return i == 4 }).v)
	h := (*L[int]).Fold[string]
	fmt.Println(h(l, "a", func(s string, i int) string { return s + fmt.Sprint(i) }))
	h2 := L[int].Fold[string]
	fmt.Println(h2(*l, "b", func(s string, i int) string { return s + fmt.Sprint(i) }))
	v := l.Fold[float64]
	l.v = 5
	fmt.Println(v(1.5, func(x float64, i int) float64 { return x + float64(i) }))
	b := l.Both[int8, string]
	fmt.Println(b(1, "s"))
	e := E3{E2{&E1{1, L[int]{7}}}, P{3}}
	m := e.Map[int]
	fmt.Println(m(func(i int) int { return i * i }).v)
	m2 := E3.Map[int]
	fmt.Println(m2(e, func(i int) int { return -i }).v)
	m3 := (*E3).Fold[int]
	fmt.Println(m3(&e, 1, func(a, i int) int { return a + i }))
	m4 := E2.Fold[int]
	fmt.Println(m4(e.E2, 2, func(a, i int) int { return a + i }))
	fmt.Println(E3.Map[int](e, func(i int) int { return 2 * i }).v)
	fmt.Println((*E3).Fold[string](&e, "z", func(s string, i int) string { return s + fmt.Sprint(i) }))
	gi := e.Get[string]
	e.n = 9
	fmt.Println(gi("q"))
	fmt.Println(e.Inc(1), e.n)
	inc := e.Inc[string]
	fmt.Println(inc("k"), e.n, (*E3).Inc[int](&e, 5), e.n)
	e4 := E4{&e.P}
	fmt.Println(E4.Inc[int](e4, 6), e.n, (*E4).Inc[int](&e4, 7), e.n)
	in4 := E4.Inc[string]
	fmt.Println(in4(e4, "w"), e.n)
	fmt.Println(call(e4.Inc[int], 1), e.n, call(P{2}.Inc2[int], 3))
	fmt.Println(l.Var(1, 2))
	fmt.Println(l.Var[string]())
	va := l.Var[any]
	fmt.Println(va(1, "a", nil))
	var np *E4
	defer func() { fmt.Println(recover()) }()
	_ = np.Inc[int]
	var nl *L[int]
	_ = nl.Fold[int]
}
