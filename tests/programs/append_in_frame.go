// The first elements that are appended to a slice that stays in its function lie in the frame, once per call.
package main

import "runtime"

type node struct {
	next *node
	n    int
}

//go:noinline
func sum(s []*node) (t int) {
	for _, p := range s {
		t += p.n
	}
	return t
}

// Each turn has a slice of its own; the second must not find the first one's elements.
//
//go:noinline
func fresh(n int) (t int) {
	var last []*node
	for i := range n {
		var s []*node
		s = append(s, &node{n: i})
		runtime.GC()
		t += sum(s) + len(last)*100
		if i%2 == 0 {
			last = s
		}
	}
	runtime.GC()
	return t + sum(last)
}

// The buffer is left for the heap and comes into view again by an older slice.
//
//go:noinline
func grow(n int) (t int) {
	var s, old []*node
	for i := range n {
		s = append(s, &node{n: i})
		if len(s) == 2 {
			old = s
		}
		runtime.GC()
	}
	old = append(old, &node{n: 1000})
	runtime.GC()
	return sum(s)*10000 + sum(old)
}

// Both copies of one slice append to the same place.
//
//go:noinline
func twice() (int, int) {
	var s []int
	s = append(s, 1)
	s = append(s, 2)
	s = append(s, 3)
	t := append(s, 4)
	u := append(s, 5)
	if cap(s) > 3 {
		return t[3] - u[3], len(u)
	}
	return 0, len(u)
}

// The appended slice gets out by way of a closure, a result, a field: it is no matter of the frame then.
//
//go:noinline
func closure() func() int {
	var s []int
	s = append(s, 7)
	return func() int { return s[0] }
}

//go:noinline
func result(p *[]int) []int {
	var s, t []int
	s = append(s, 1)
	t = append(t, 2)
	*p = t
	return s
}

//go:noinline
func clobber(n int) int {
	var a [64]int
	for i := range a {
		a[i] = n + i
	}
	if n == 0 {
		return a[n]
	}
	return clobber(n-1) + a[n%64]
}

func main() {
	println(fresh(5))
	println(grow(9))
	println(twice())
	f := closure()
	var t []int
	s := result(&t)
	println(clobber(9) != 0, f(), s[0], t[0])
	for range 2 {
		var b []byte
		b = append(b, "abc"...)
		b = append(b, 'd')
		println(string(b))
	}
}
