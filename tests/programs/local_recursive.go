// A generic type declared in a generic function that speaks of itself.
package main

func y[Endo ~func(Rec) Rec, Rec ~func(T) R, T, R any](f Endo) Rec {
	type internal[Rec ~func(T) R, T, R any] func(internal[Rec, T, R]) Rec
	g := func(h internal[Rec, T, R]) Rec {
		return func(t T) R { return f(h(h))(t) }
	}
	return g(g)
}

func lists[T any](v T) int {
	type list[E any] struct {
		value E
		next  *list[E]
	}
	type pair[E any] struct{ a, b list[E] }
	p := pair[T]{list[T]{value: v, next: &list[T]{value: v}}, list[T]{value: v}}
	n := 0
	for l := &p.a; l != nil; l = l.next {
		n++
	}
	return n
}

func main() {
	factorial := y(func(r func(int) int) func(int) int {
		return func(n int) int {
			if n <= 0 {
				return 1
			}
			return n * r(n-1)
		}
	})
	println(factorial(10), lists("x"), lists(1))
}
