// Objects that leave their function and objects that do not: wherever they are, they behave the same.
package main

type T struct{ x, y int }

var global *T

func sum(p *T) int { return p.x + p.y }
func id(p *T) *T   { return p }
func leak(p *T)    { global = p }
func each(n int, f func(int)) {
	for i := range n {
		f(i)
	}
}
func main() {
	t := T{1, 2}
	println(sum(&t), sum(id(&t)))
	u := T{3, 4}
	leak(&u)
	n := 0
	each(5, func(i int) { n += i })
	println(n)
	var q *int
	for i := 0; i < 3; i++ {
		x := i
		if q != nil {
			println(*q, x)
		}
		q = &x
	}
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i++; return i })
	}
	for _, f := range fs {
		println(f(), f())
	}
	for i := 0; i < 3; i++ {
		g := func() int { i += 10; return i }
		println(g(), i)
	}
	s := make([]int, 4)
	for i := range s {
		s[i] = i
	}
	println(len(s), s[3])
	var e any = t
	println(e.(T).x)
	more()
	defer func() { println(n, t.y) }()
}

type node struct {
	next *node
	v    int
}

// A list across iterations: none of its nodes may share a slot.
func more() {
	var list *node
	for i := range 4 {
		list = &node{list, i}
	}
	sum := 0
	for n := list; n != nil; n = n.next {
		sum = sum*10 + n.v
	}
	println(sum)
	// Backwards by goto: a loop as well.
	i := 0
	var first *int
again:
	x := i
	if first == nil {
		first = &x
	}
	if i++; i < 3 {
		goto again
	}
	println(*first, x)
	// What a closure returns of its own is not the caller's.
	var kept []*int
	for i := range 3 {
		kept = append(kept, func() *int { y := i * 7; return &y }())
	}
	println(*kept[0], *kept[1], *kept[2])
	// Through an interface.
	var s []any
	for i := range 3 {
		s = append(s, [2]int{i, i + 1})
	}
	println(s[0].([2]int)[1], s[2].([2]int)[1])
	func(p **int) { z := 5; *p = &z }(&first)
	println(*first)
}
