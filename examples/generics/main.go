// Generics: functions, types and methods with type parameters.
package main

type number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~float32 | ~float64
}

type ordered interface {
	number | ~string
}

func sum[T number](values ...T) T {
	var total T
	for _, v := range values {
		total += v
	}
	return total
}

func sorted[S ~[]T, T ordered](values S) S {
	result := append(S(nil), values...)
	for i := 1; i < len(result); i++ {
		for j := i; j > 0 && result[j] < result[j-1]; j-- {
			result[j], result[j-1] = result[j-1], result[j]
		}
	}
	return result
}

func apply[T, U any](values []T, f func(T) U) []U {
	result := make([]U, 0, len(values))
	for _, v := range values {
		result = append(result, f(v))
	}
	return result
}

func reduce[T, A any](values []T, start A, f func(A, T) A) A {
	for _, v := range values {
		start = f(start, v)
	}
	return start
}

// A list of anything.
type list[T any] struct {
	head, tail *node[T]
	length     int
}

type node[T any] struct {
	value T
	next  *node[T]
}

func (l *list[T]) push(value T) *list[T] {
	n := &node[T]{value: value}
	if l.tail == nil {
		l.head = n
	} else {
		l.tail.next = n
	}
	l.tail = n
	l.length++
	return l
}

func (l *list[T]) all() func(yield func(int, T) bool) {
	return func(yield func(int, T) bool) {
		i := 0
		for n := l.head; n != nil; n = n.next {
			if !yield(i, n.value) {
				return
			}
			i++
		}
	}
}

// A method may have type parameters of its own.
func (l *list[T]) transform[U any](f func(T) U) *list[U] {
	result := &list[U]{}
	for _, v := range l.all() {
		result.push(f(v))
	}
	return result
}

// A binary tree that maps keys to values.
type tree[K ordered, V any] struct {
	root *branch[K, V]
}

type branch[K ordered, V any] struct {
	key         K
	value       V
	left, right *branch[K, V]
}

func (t *tree[K, V]) set(key K, value V) {
	at := &t.root
	for *at != nil {
		switch b := *at; {
		case key < b.key:
			at = &b.left
		case key > b.key:
			at = &b.right
		default:
			b.value = value
			return
		}
	}
	*at = &branch[K, V]{key: key, value: value}
}

func (b *branch[K, V]) walk(visit func(K, V)) {
	if b != nil {
		b.left.walk(visit)
		visit(b.key, b.value)
		b.right.walk(visit)
	}
}

type metres float64

// A constraint may ask for methods.
type named interface{ name() string }

type cat struct{ called string }

func (c cat) name() string { return c.called }

func names[T named](all []T) string {
	return reduce(all, "", func(text string, one T) string { return text + one.name() + ";" })
}

type pair[A, B any] struct {
	first  A
	second B
}

func zip[A, B any](as []A, bs []B) []pair[A, B] {
	var result []pair[A, B]
	for i := range min(len(as), len(bs)) {
		result = append(result, pair[A, B]{as[i], bs[i]})
	}
	return result
}

func main() {
	println("sum:", sum(1, 2, 3), sum(0.5, 0.25), sum[metres](1.5, 2.5))

	for _, word := range sorted([]string{"vole", "badger", "mole"}) {
		println("sorted:", word)
	}
	for _, n := range sorted([]int{3, 1, 2}) {
		println("sorted:", n)
	}

	lengths := apply([]string{"a", "bb", "ccc"}, func(s string) int { return len(s) })
	println("apply and reduce:", reduce(lengths, 1, func(a, n int) int { return a*10 + n }))

	words := (&list[string]{}).push("generic").push("methods").push("too")
	for i, n := range words.transform(func(s string) int { return len(s) }).all() {
		println("list:", i, n)
	}

	var ages tree[string, int]
	for _, p := range zip([]string{"Mole", "Badger", "Toad", "Mole"}, []int{3, 9, 5, 4}) {
		ages.set(p.first, p.second)
	}
	ages.root.walk(func(name string, age int) { println("tree:", name, age) })

	println("constraint with a method:", names([]cat{{"Tom"}, {"Minka"}}))
	var zero pair[[]int, *string]
	println("zero values:", zero.first == nil, zero.second == nil)
}
